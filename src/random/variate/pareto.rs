use super::ParameterError;
use super::error::positive;
use super::law::Law;
use crate::special::{exp, ln_complement};

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
