use std::sync::Arc;

use super::ParameterError;
use super::error::finite;
use super::laws::Law;

/// Empirical: one of the values given, each equally likely; in ascending order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Empirical {
    sorted: Arc<[f64]>,
}

impl Empirical {
    pub(super) fn new(mut values: Vec<f64>) -> Result<Self, ParameterError> {
        if values.is_empty() {
            return Err(ParameterError::new("values", "empty", "at least one number"));
        }
        for (i, &value) in values.iter().enumerate() {
            if !value.is_finite() {
                finite(&format!("values[{i}]"), value)?;
            }
        }
        values.sort_by(f64::total_cmp);
        Ok(Self { sorted: values.into() })
    }

    /// The only value, if there is but one.
    pub(super) fn constant(&self) -> Option<f64> {
        let (low, high) = self.support();
        (low == high).then_some(low)
    }
}

impl Law for Empirical {
    fn quantile(&self, u: f64) -> f64 {
        let n = self.sorted.len();
        self.sorted[((u * n as f64) as usize).min(n - 1)]
    }

    fn mean(&self) -> f64 {
        let n = self.sorted.len() as f64;
        let first = self.sorted[0];
        first + self.sorted.iter().map(|x| (x - first) / n).sum::<f64>()
    }

    fn variance(&self) -> f64 {
        let n = self.sorted.len() as f64;
        let mean = self.mean();
        self.sorted.iter().map(|x| (x - mean) * (x - mean) / n).sum()
    }

    fn support(&self) -> (f64, f64) {
        (self.sorted[0], self.sorted[self.sorted.len() - 1])
    }
}
