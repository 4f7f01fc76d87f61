use super::ParameterError;
use super::error::{at_least, finite};
use super::law::Law;
use super::uniform::span;

/// Triangular: its density rises from `low` to `mode` and falls to `high`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Triangular {
    low: f64,
    mode: f64,
    high: f64,
    /// The share of values below the mode.
    rising: f64,
}

impl Triangular {
    pub(super) fn new(low: f64, mode: f64, high: f64) -> Result<Self, ParameterError> {
        let low = finite("low", low)?;
        let mode = at_least("mode", mode, "low", low)?;
        let high = at_least("high", high, "mode", mode)?;
        let span = span(low, high)?;
        let rising = if span > 0.0 { (mode - low) / span } else { 0.0 };
        Ok(Self { low, mode, high, rising })
    }

    /// The only value, if there is but one.
    pub(super) fn constant(&self) -> Option<f64> {
        (self.low == self.high).then_some(self.low)
    }
}

impl Law for Triangular {
    fn quantile(&self, u: f64) -> f64 {
        let span = self.high - self.low;
        if u < self.rising {
            (self.low + span * libm::sqrt(u * self.rising)).min(self.mode)
        } else {
            (self.high - span * libm::sqrt((1.0 - u) * (1.0 - self.rising))).max(self.mode)
        }
    }

    fn mean(&self) -> f64 {
        self.low + ((self.mode - self.low) + (self.high - self.low)) / 3.0
    }

    fn variance(&self) -> f64 {
        // By the distances from low: (s² + m² − s m)/18.
        let (s, m) = (self.high - self.low, self.mode - self.low);
        (s * s + m * m - s * m) / 18.0
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}
