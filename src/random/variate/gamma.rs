use super::ParameterError;
use super::error::positive;
use super::law::Law;
use crate::special::gamma_inverse_pair;

/// Gamma of a mean and a shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gamma {
    mean: f64,
    shape: f64,
}

impl Gamma {
    pub(super) fn new(mean: f64, shape: f64) -> Result<Self, ParameterError> {
        Ok(Self {
            mean: positive("mean", mean)?,
            shape: positive("shape", shape)?,
        })
    }
}

impl Law for Gamma {
    fn quantile(&self, u: f64) -> f64 {
        self.mean * (gamma_inverse_pair(self.shape, u, 1.0 - u) / self.shape)
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.mean * self.mean / self.shape
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}
