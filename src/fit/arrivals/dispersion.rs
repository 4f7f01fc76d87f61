//! Dispersion of requests: do they come by chance alone?
//!
//! Fisher's index of dispersion, at several scales: with the counts of n bins and what is expected
//! of each, Σ (N − E)²/E is χ² with n − 1 degrees of freedom if they are Poisson (Cox and Lewis
//! 1966, § 6.3). Over-dispersion that grows with the length of bins is a rate that itself varies.

use super::Counts;
use crate::special::gamma_q;

/// The dispersion of counts in bins of one length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dispersion {
    /// Length of the bins, s.
    pub bin_s: f64,
    /// Variance over expectation: 1 of Poisson counts.
    pub index: f64,
    /// Chance that it is at least as large by chance alone.
    pub p_value: f64,
}

/// Bins without which a scale is not looked at.
const LEAST: usize = 10;

/// Events that are expected of a bin, at least, where there are longer bins.
const EXPECTED: f64 = 1.0;

/// The dispersion at scales that double, from bins of which at least one event is expected on.
/// `expected` is what is expected of each bin; [`expected_for`] makes it for a steady rate.
pub fn dispersion(counts: &Counts, expected: &[f64]) -> Vec<Dispersion> {
    let mut found = Vec::new();
    let mut length = 1;
    while counts.counts.len() / length >= LEAST {
        let seen = counts.counts.chunks_exact(length).map(|few| few.iter().sum::<u64>() as f64);
        let parts = seen.zip(expected.chunks_exact(length).map(|few| few.iter().sum::<f64>()));
        let (mut squares, mut sum, mut bins) = (0.0, 0.0, 0_usize);
        for (seen, expected) in parts.filter(|(_, expected)| *expected > 0.0) {
            squares += (seen - expected) * (seen - expected) / expected;
            sum += expected;
            bins += 1;
        }
        if bins >= LEAST && sum >= EXPECTED * bins as f64 {
            let free = (bins - 1) as f64;
            found.push(Dispersion {
                bin_s: counts.bin_s * length as f64,
                index: squares / free,
                p_value: gamma_q(0.5 * free, 0.5 * squares),
            });
        }
        length *= 2;
    }
    found
}

/// The same expected of every bin: the mean.
pub fn expected_for(counts: &Counts) -> Vec<f64> {
    let n = counts.counts.len();
    vec![counts.total() / n.max(1) as f64; n]
}
