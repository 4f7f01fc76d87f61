use super::ParameterError;
use super::error::{at_least, not_negative, positive};
use super::law::Law;
use crate::special::{exp, normal_quantile};

/// Log-normal: median · exp(σ Φ⁻¹(u)).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LogNormal {
    median: f64,
    sigma: f64,
}

impl LogNormal {
    pub(super) fn from_median_p95(median: f64, p95: f64) -> Result<Self, ParameterError> {
        let median = positive("median", median)?;
        let p95 = at_least("p95", p95, "median", median)?;
        // The difference of logarithms does not overflow.
        let sigma = (libm::log(p95) - libm::log(median)) / normal_quantile(0.95);
        Ok(Self { median, sigma })
    }

    pub(super) fn from_mean_cv(mean: f64, cv: f64) -> Result<Self, ParameterError> {
        let mean = positive("mean", mean)?;
        let cv = not_negative("cv", cv)?;
        if !(cv * cv).is_finite() {
            return Err(ParameterError::new("cv", cv, "a number whose square is finite"));
        }
        let sigma = libm::sqrt(libm::log1p(cv * cv));
        Ok(Self { median: mean / libm::sqrt(1.0 + cv * cv), sigma })
    }

    /// The value where a standard normal variate is `z`.
    #[inline(always)]
    pub(super) fn at(&self, z: f64) -> f64 {
        self.median * exp(self.sigma * z)
    }

    /// The only value, if there is but one.
    pub(super) fn constant(&self) -> Option<f64> {
        (self.sigma == 0.0).then_some(self.median)
    }
}

impl Law for LogNormal {
    #[inline(never)]
    fn quantile(&self, u: f64) -> f64 {
        self.at(normal_quantile(u))
    }

    fn mean(&self) -> f64 {
        self.median * libm::exp(0.5 * self.sigma * self.sigma)
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        mean * mean * libm::expm1(self.sigma * self.sigma)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}
