use super::ParameterError;
use super::error::positive;
use super::laws::Law;
use super::table::{InverseTable, Point, TAIL};
use crate::special::{beta_inverse_pair, beta_pair, beta_power, exp};

/// Beta on [0, 1].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Beta {
    alpha: f64,
    beta: f64,
    /// Of ln x − ln(1 − x), which is smooth towards both ends for all parameters.
    table: InverseTable,
}

/// Nearer to an end than this the table does not reach: there the solution takes no search.
const LEAST: f64 = 1e-20;

impl Beta {
    pub(super) fn new(alpha: f64, beta: f64) -> Result<Self, ParameterError> {
        let alpha = positive("alpha", alpha)?;
        let beta = positive("beta", beta)?;
        let logit = |(x, y): (f64, f64)| libm::log(x.max(LEAST)) - libm::log(y.max(LEAST));
        let low = logit(beta_inverse_pair(alpha, beta, TAIL, 1.0 - TAIL));
        let high = logit(beta_inverse_pair(alpha, beta, 1.0 - TAIL, TAIL));
        let table = InverseTable::new(low, high, |v| {
            let (x, y) = (logistic(v), logistic(-v));
            let (p, q) = beta_pair(alpha, beta, x, y);
            let density = beta_power(alpha, beta, x, y);
            Point { p, q, density, slope: alpha * y - beta * x }
        });
        Ok(Self { alpha, beta, table })
    }

    /// Beyond the table.
    #[cold]
    fn tail(&self, u: f64) -> f64 {
        let x = beta_inverse_pair(self.alpha, self.beta, u, 1.0 - u).0;
        // Rounding must not lead back into it.
        let [(start, low), (_, high)] = self.table.ends();
        if u < start { x.min(logistic(low)) } else { x.max(logistic(high)) }
    }
}

fn logistic(v: f64) -> f64 {
    1.0 / (1.0 + exp(-v))
}

impl Law for Beta {
    fn quantile(&self, u: f64) -> f64 {
        match self.table.at(u) {
            Some(v) => logistic(v),
            None => self.tail(u),
        }
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
