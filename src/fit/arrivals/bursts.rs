//! Campaigns: spans in which far more comes than is usual for the time.

use super::Counts;
use crate::special::gamma_p;

/// A span in which far more came than usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burst {
    /// Its first bin.
    pub from: usize,
    /// The bin after its last.
    pub to: usize,
    /// Arrivals beyond the usual.
    pub count: f64,
}

/// Bins on either side by whose median what is usual is known.
const AROUND: usize = 150;

/// A burst is at least this many times what is usual.
const FACTOR: f64 = 2.0;

/// Chance that one bin of a log is taken for a burst by chance, over all of them.
const ERROR: f64 = 0.001;

/// Bins without anything unusual within a burst, at most.
const GAP: usize = 1;

/// The bursts of a series, in order. What is usual for a bin is the median of those around it, or what is
/// `expected` of it, if that is more; `dispersion` is the variance over the mean of usual counts.
///
/// A burst longer than the bins looked at is not one but a change of the rate (`change.rs`).
pub fn bursts(counts: &Counts, expected: Option<&[f64]>, dispersion: f64) -> Vec<Burst> {
    let n = counts.counts.len();
    let scale = dispersion.max(1.0);
    let usual = |bin: usize| {
        let around = &counts.counts[bin.saturating_sub(AROUND)..(bin + AROUND + 1).min(n)];
        let mut sorted = around.to_vec();
        sorted.sort_unstable();
        // Seldom is the median of few counts above nothing, and a count of one is no burst.
        let median = (sorted[sorted.len() / 2] as f64).max(1.0);
        median.max(expected.and_then(|all| all.get(bin)).copied().unwrap_or(0.0))
    };
    let mut found: Vec<Burst> = Vec::new();
    for (bin, &count) in counts.counts.iter().enumerate() {
        let (count, usual) = (count as f64, usual(bin));
        // P(N ≥ count) of a Poisson count, at the scale of the dispersion.
        if count < FACTOR * usual || gamma_p(count / scale, usual / scale) * n as f64 > ERROR {
            continue;
        }
        match found.last_mut() {
            Some(last) if bin <= last.to + GAP => {
                last.to = bin + 1;
                last.count += count - usual;
            }
            _ => found.push(Burst { from: bin, to: bin + 1, count: count - usual }),
        }
    }
    found
}
