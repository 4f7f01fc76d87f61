//! A stage's latency: exact moments and a histogram.

use super::{Histogram, Moments};

/// Moments and histogram of spans in nanoseconds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Latency {
    moments: Moments,
    histogram: Histogram,
}

impl Latency {
    /// Counts one span.
    #[inline]
    pub fn record(&mut self, nanos: u64) {
        self.moments.record(nanos);
        self.histogram.record(nanos);
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.moments.count()
    }

    /// Mean in seconds.
    #[must_use]
    pub fn mean_s(&self) -> Option<f64> {
        self.moments.mean().map(seconds)
    }

    /// Standard deviation in seconds.
    #[must_use]
    pub fn deviation_s(&self) -> Option<f64> {
        self.moments.deviation().map(seconds)
    }

    /// Quantile in seconds, within 0.1 %.
    #[must_use]
    pub fn quantile_s(&self, p: f64) -> Option<f64> {
        self.histogram
            .quantile(p)
            .map(|nanos| seconds(nanos as f64))
    }

    /// The longest, in seconds.
    #[must_use]
    pub fn max_s(&self) -> Option<f64> {
        (self.count() > 0).then(|| seconds(self.histogram.max() as f64))
    }

    /// The histogram.
    #[must_use]
    pub fn histogram(&self) -> &Histogram {
        &self.histogram
    }

    /// Adds another collection.
    pub fn merge(&mut self, other: &Latency) {
        self.moments.merge(&other.moments);
        self.histogram.merge(&other.histogram);
    }
}

fn seconds(nanos: f64) -> f64 {
    nanos / 1e9
}
