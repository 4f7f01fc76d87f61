use super::ParameterError;
use super::error::positive;
use super::laws::Law;
use super::table::{InverseTable, Point, TAIL};
use crate::special::{exp, gamma_inverse_pair, gamma_pair, gamma_power};

/// Gamma of a mean and a shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gamma {
    mean: f64,
    shape: f64,
    /// Mean over shape.
    scale: f64,
    /// Of the variate of scale 1 or, below shape 1, of its logarithm: that stays smooth towards 0.
    table: InverseTable,
}

/// Below this the table of logarithms does not reach: there the solution takes no search.
const LEAST: f64 = 1e-18;

impl Gamma {
    pub(super) fn new(mean: f64, shape: f64) -> Result<Self, ParameterError> {
        let mean = positive("mean", mean)?;
        let shape = positive("shape", shape)?;
        let low = gamma_inverse_pair(shape, TAIL, 1.0 - TAIL);
        let high = gamma_inverse_pair(shape, 1.0 - TAIL, TAIL);
        let table = if shape < 1.0 {
            let low = low.max(LEAST);
            InverseTable::new(libm::log(low), libm::log(high.max(2.0 * low)), |v| {
                let x = exp(v);
                let (p, q) = gamma_pair(shape, x);
                Point { p, q, density: gamma_power(shape, x), slope: shape - x }
            })
        } else {
            InverseTable::new(low, high, |x| {
                let (p, q) = gamma_pair(shape, x);
                let density = gamma_power(shape, x) / x;
                Point { p, q, density, slope: (shape - 1.0 - x) / x }
            })
        };
        Ok(Self { mean, shape, scale: mean / shape, table })
    }

    /// Beyond the table.
    #[cold]
    fn tail(&self, u: f64) -> f64 {
        let x = gamma_inverse_pair(self.shape, u, 1.0 - u);
        // Rounding must not lead back into it.
        let [(start, low), (_, high)] = self.table.ends();
        if u < start { x.min(self.value_at(low)) } else { x.max(self.value_at(high)) }
    }

    /// The variate of scale 1 at a value of the table.
    fn value_at(&self, v: f64) -> f64 {
        if self.shape < 1.0 { exp(v) } else { v }
    }
}

impl Law for Gamma {
    fn quantile(&self, u: f64) -> f64 {
        let x = match self.table.at(u) {
            Some(v) => self.value_at(v),
            None => self.tail(u),
        };
        self.scale * x
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
