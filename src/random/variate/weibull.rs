use super::ParameterError;
use super::error::positive;
use super::law::Law;
use crate::special::{exp, ln_complement};

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
