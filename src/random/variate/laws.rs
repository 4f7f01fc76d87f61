//! The interface of a distribution, and those whose inverse is a formula.

use super::ParameterError;
use super::error::{at_least, finite, not_negative, positive};
use crate::special::{exp, ln_complement, normal_quantile};

/// A distribution before shift and bounds.
pub(super) trait Law {
    /// The value at `u` in (0, 1).
    fn quantile(&self, u: f64) -> f64;

    /// The exact mean; infinite or NaN where there is none.
    fn mean(&self) -> f64;

    /// The exact variance; infinite or NaN where there is none.
    fn variance(&self) -> f64;

    /// All values lie in here.
    fn support(&self) -> (f64, f64);
}

/// Exponential: −mean · ln(1 − u).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exponential {
    mean: f64,
}

impl Exponential {
    pub(super) fn new(parameter: &str, mean: f64) -> Result<Self, ParameterError> {
        Ok(Self { mean: positive(parameter, mean)? })
    }
}

impl Law for Exponential {
    #[inline(never)]
    fn quantile(&self, u: f64) -> f64 {
        -self.mean * ln_complement(u)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.mean * self.mean
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

/// Weibull: scale · (−ln(1 − u))^(1/shape).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weibull {
    scale: f64,
    shape: f64,
}

impl Weibull {
    pub(super) fn new(scale: f64, shape: f64) -> Result<Self, ParameterError> {
        Ok(Self { scale: positive("scale", scale)?, shape: positive("shape", shape)? })
    }
}

impl Law for Weibull {
    fn quantile(&self, u: f64) -> f64 {
        // As exponential of a logarithm: in half the time of a power.
        self.scale * exp(libm::log(-ln_complement(u)) / self.shape)
    }

    fn mean(&self) -> f64 {
        self.scale * libm::tgamma(1.0 + 1.0 / self.shape)
    }

    fn variance(&self) -> f64 {
        // Γ(1+2/k)/Γ(1+1/k)² − 1 by logarithms: no overflow before the end, no cancellation for
        // large k, where the two nearly agree.
        let k = self.shape;
        let ln_ratio = libm::lgamma(1.0 + 2.0 / k) - 2.0 * libm::lgamma(1.0 + 1.0 / k);
        let mean = self.mean();
        mean * mean * libm::expm1(ln_ratio)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

/// Pareto: scale · (1 − u)^(−1/shape); `scale` is the least value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pareto {
    scale: f64,
    shape: f64,
}

impl Pareto {
    pub(super) fn new(scale: f64, shape: f64) -> Result<Self, ParameterError> {
        Ok(Self { scale: positive("scale", scale)?, shape: positive("shape", shape)? })
    }
}

impl Law for Pareto {
    fn quantile(&self, u: f64) -> f64 {
        self.scale * exp(-ln_complement(u) / self.shape)
    }

    fn mean(&self) -> f64 {
        let a = self.shape;
        if a > 1.0 { self.scale * (a / (a - 1.0)) } else { f64::INFINITY }
    }

    fn variance(&self) -> f64 {
        let a = self.shape;
        if a > 2.0 {
            let mean = self.mean();
            mean * mean / (a * (a - 2.0))
        } else {
            f64::INFINITY
        }
    }

    fn support(&self) -> (f64, f64) {
        (self.scale, f64::INFINITY)
    }
}

/// Normal: mean + sd · Φ⁻¹(u).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Normal {
    mean: f64,
    sd: f64,
}

impl Normal {
    pub(super) fn new(mean: f64, sd: f64) -> Result<Self, ParameterError> {
        Ok(Self { mean: finite("mean", mean)?, sd: not_negative("sd", sd)? })
    }

    /// The only value, if there is but one.
    pub(super) fn constant(&self) -> Option<f64> {
        (self.sd == 0.0).then_some(self.mean)
    }
}

impl Law for Normal {
    fn quantile(&self, u: f64) -> f64 {
        self.mean + self.sd * normal_quantile(u)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.sd * self.sd
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

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

/// Uniform between `low` and `high`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Uniform {
    low: f64,
    high: f64,
}

impl Uniform {
    pub(super) fn new(low: f64, high: f64) -> Result<Self, ParameterError> {
        let low = finite("low", low)?;
        let high = at_least("high", high, "low", low)?;
        span(low, high)?;
        Ok(Self { low, high })
    }

    /// The only value, if there is but one.
    pub(super) fn constant(&self) -> Option<f64> {
        (self.low == self.high).then_some(self.low)
    }
}

/// `high − low`, if it does not overflow.
pub(super) fn span(low: f64, high: f64) -> Result<f64, ParameterError> {
    if (high - low).is_finite() {
        Ok(high - low)
    } else {
        let expected = format!("a finite distance from `low` ({low})");
        Err(ParameterError::new("high", high, expected))
    }
}

impl Law for Uniform {
    fn quantile(&self, u: f64) -> f64 {
        (self.low + (self.high - self.low) * u).min(self.high)
    }

    fn mean(&self) -> f64 {
        self.low + 0.5 * (self.high - self.low)
    }

    fn variance(&self) -> f64 {
        let span = self.high - self.low;
        span * span / 12.0
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}

/// Triangular: its density rises from `low` to `mode` and falls to `high`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Triangular {
    low: f64,
    mode: f64,
    high: f64,
    /// The share of values below the mode.
    rising: f64,
}

impl Triangular {
    pub(super) fn new(low: f64, mode: f64, high: f64) -> Result<Self, ParameterError> {
        let low = finite("low", low)?;
        let mode = at_least("mode", mode, "low", low)?;
        let high = at_least("high", high, "mode", mode)?;
        let span = span(low, high)?;
        let rising = if span > 0.0 { (mode - low) / span } else { 0.0 };
        Ok(Self { low, mode, high, rising })
    }

    /// The only value, if there is but one.
    pub(super) fn constant(&self) -> Option<f64> {
        (self.low == self.high).then_some(self.low)
    }
}

impl Law for Triangular {
    fn quantile(&self, u: f64) -> f64 {
        let span = self.high - self.low;
        if u < self.rising {
            (self.low + span * libm::sqrt(u * self.rising)).min(self.mode)
        } else {
            (self.high - span * libm::sqrt((1.0 - u) * (1.0 - self.rising))).max(self.mode)
        }
    }

    fn mean(&self) -> f64 {
        self.low + ((self.mode - self.low) + (self.high - self.low)) / 3.0
    }

    fn variance(&self) -> f64 {
        // By the distances from low: (s² + m² − s m)/18.
        let (s, m) = (self.high - self.low, self.mode - self.low);
        (s * s + m * m - s * m) / 18.0
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}
