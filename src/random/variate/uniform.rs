use super::ParameterError;
use super::error::{at_least, finite};
use super::law::Law;

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
