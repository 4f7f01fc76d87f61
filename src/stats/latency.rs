//! A stage's latency: exact moments and a histogram.

use super::{Histogram, Moments};

/// Moments and histogram of spans in nanoseconds.
///
/// Most spans of a chain without congestion are zero, so zeros are only counted here and joined
/// to the rest when it is read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Latency {
    zeros: u64,
    moments: Moments,
    histogram: Histogram,
}

impl Latency {
    /// Counts one span.
    #[inline]
    pub fn record(&mut self, nanos: u64) {
        if nanos == 0 {
            self.record_zero();
        } else {
            self.record_all(0, &[nanos]);
        }
    }

    /// Counts a span of 0.
    #[inline]
    pub fn record_zero(&mut self) {
        self.zeros += 1;
    }

    /// Counts `zeros` spans of 0 and every one of `others`, which are above 0: as one by one, but
    /// the cells of many are fetched at once.
    pub fn record_all(&mut self, zeros: u64, others: &[u64]) {
        self.zeros += zeros;
        self.moments.record_all(others);
        self.histogram.record_all(others);
    }

    /// The number counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.zeros + self.moments.count()
    }

    fn all(&self) -> Moments {
        let mut all = self.moments;
        all.record_zeros(self.zeros);
        all
    }

    /// Mean in seconds.
    #[must_use]
    pub fn mean_s(&self) -> Option<f64> {
        self.all().mean().map(seconds)
    }

    /// Standard deviation in seconds.
    #[must_use]
    pub fn deviation_s(&self) -> Option<f64> {
        self.all().deviation().map(seconds)
    }

    /// Quantile in seconds (the ⌈p·n⌉-th least), within 0.1 %.
    #[must_use]
    pub fn quantile_s(&self, p: f64) -> Option<f64> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let wanted = (p * count as f64).ceil().max(1.0) as u64;
        if wanted <= self.zeros {
            return Some(0.0);
        }
        self.histogram.nth(wanted - self.zeros).map(|nanos| seconds(nanos as f64))
    }

    /// Several quantiles in seconds, of ascending shares; each the one of [`Latency::quantile_s`],
    /// in one pass.
    #[must_use]
    pub fn quantiles_s(&self, ascending: &[f64]) -> Vec<Option<f64>> {
        let count = self.count();
        let (least, greatest) = (self.histogram.min(), self.histogram.max());
        let (mut cells, mut below, mut middle) = (self.histogram.cells(), self.zeros, 0);
        let quantile = |&p: &f64| {
            if count == 0 {
                return None;
            }
            let wanted = (p * count as f64).ceil().max(1.0) as u64;
            while below < wanted {
                let Some((next, times)) = cells.next() else {
                    break;
                };
                below += times;
                middle = next.clamp(least, greatest);
            }
            Some(seconds(middle as f64))
        };
        ascending.iter().map(quantile).collect()
    }

    /// The longest, in seconds.
    #[must_use]
    pub fn max_s(&self) -> Option<f64> {
        (self.count() > 0).then(|| seconds(self.histogram.max() as f64))
    }

    /// The counts in ascending order: (seconds, count), zeros first.
    pub fn cells(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        let zeros = (self.zeros > 0).then_some((0.0, self.zeros));
        let others = self.histogram.cells().map(|(nanos, count)| (seconds(nanos as f64), count));
        zeros.into_iter().chain(others)
    }

    /// Adds another collection.
    pub fn merge(&mut self, other: &Latency) {
        self.zeros += other.zeros;
        self.moments.merge(&other.moments);
        self.histogram.merge(&other.histogram);
    }
}

fn seconds(nanos: f64) -> f64 {
    nanos / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_count_like_any_other() {
        let mut latency = Latency::default();
        for nanos in [0, 3_000_000_000, 0, 1_000_000_000] {
            latency.record(nanos);
        }
        assert_eq!((latency.count(), latency.mean_s()), (4, Some(1.0)));
        assert!((latency.deviation_s().unwrap() - 2.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(latency.quantile_s(0.5), Some(0.0));
        assert!((latency.quantile_s(0.51).unwrap() - 1.0).abs() < 1e-3);
        assert_eq!(latency.max_s(), Some(3.0));
        let mut together = Latency::default();
        together.record_all(2, &[3_000_000_000, 1_000_000_000]);
        together.record_all(0, &[]);
        assert_eq!(together, latency);
        let shares = [0.0, 0.5, 0.51, 0.75, 0.9, 1.0];
        let alone = shares.map(|p| latency.quantile_s(p));
        assert_eq!(latency.quantiles_s(&shares), alone);
        assert_eq!(Latency::default().quantiles_s(&[0.5]), [None]);
        assert_eq!(latency.cells().map(|(_, count)| count).sum::<u64>(), 4);
    }
}
