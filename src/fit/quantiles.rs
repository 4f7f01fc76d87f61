//! Fitted quantiles against those of the log: a QQ chart's points.

use super::curve::Curve;
use super::fitted::Fit;

/// Quantiles of one share: fitted, and as the log has them, with a band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The share of durations up to it.
    pub share: f64,
    /// By the fitted distribution, s.
    pub fitted: f64,
    /// By the curve of the log, s.
    pub seen: f64,
    /// Place where the fitted quantile would be seen in 95 % of logs, s; the upper end is none where the
    /// log does not reach so far.
    pub low: f64,
    /// Upper end.
    pub high: Option<f64>,
}

/// Φ⁻¹(0.975).
const Z: f64 = 1.959_963_984_540_054;

/// Quantiles at `n` shares, denser in the upper tail, as far as the log shows them.
pub fn quantile_pairs(fit: &Fit, curve: &Curve, n: usize) -> Vec<Pair> {
    // Even in the logistic scale from 1 % to 99.9 %.
    let (from, to) = (libm::log(0.01 / 0.99), libm::log(0.999 / 0.001));
    let steps = n.max(2) - 1;
    let pairs = (0..=steps).filter_map(|i| {
        let logit = from + (to - from) * i as f64 / steps as f64;
        let share = 1.0 / (1.0 + libm::exp(-logit));
        let seen = curve.quantile(share)?;
        let error = Z * curve.error_at(seen);
        Some(Pair {
            share,
            fitted: fit.quantile_alone(share),
            seen,
            low: curve.quantile((share - error).max(0.0))?,
            high: curve.quantile(share + error),
        })
    });
    pairs.collect()
}
