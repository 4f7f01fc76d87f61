use super::ParameterError;
use super::error::{finite, not_negative};
use super::law::Law;
use crate::special::normal_quantile;

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
