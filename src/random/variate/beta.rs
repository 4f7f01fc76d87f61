use super::ParameterError;
use super::error::positive;
use super::law::Law;
use crate::special::beta_inverse_pair;

/// Beta on [0, 1].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Beta {
    alpha: f64,
    beta: f64,
}

impl Beta {
    pub(super) fn new(alpha: f64, beta: f64) -> Result<Self, ParameterError> {
        Ok(Self {
            alpha: positive("alpha", alpha)?,
            beta: positive("beta", beta)?,
        })
    }
}

impl Law for Beta {
    fn quantile(&self, u: f64) -> f64 {
        beta_inverse_pair(self.alpha, self.beta, u, 1.0 - u).0
    }

    fn mean(&self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }

    fn variance(&self) -> f64 {
        let n = self.alpha + self.beta;
        (self.alpha / n) * (self.beta / n) / (n + 1.0)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, 1.0)
    }
}
