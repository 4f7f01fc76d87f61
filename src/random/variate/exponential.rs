use super::ParameterError;
use super::error::positive;
use super::law::Law;
use crate::special::ln_complement;

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
