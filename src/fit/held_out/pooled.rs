//! Quantiles of what is predicted, by the durations of all runs together.
//!
//! Where a share of handsets is away, a p95 lies among those that were there in one run and among those that
//! came back in the next: no normal law describes that. The share of durations up to the p95 of all runs has
//! one (its logit, as a share has ends), and the durations that shares within its interval don't exceed are those of
//! the quantile.

use crate::fit::gather::Durations;
use crate::kernel::SECOND;

/// Durations of each run, and of all of them together.
#[derive(Default)]
pub(super) struct Pooled {
    runs: Vec<Durations>,
    all: Durations,
}

impl Pooled {
    pub(super) fn add(&mut self, run: Durations) {
        self.all.merge(&run);
        self.runs.push(run);
    }

    /// The interval of one more log's quantile, s; `half_width` makes that of a share's logit from those of the runs.
    pub(super) fn around(
        &self,
        share: f64,
        half_width: impl FnOnce(&[f64]) -> f64,
    ) -> Option<[f64; 2]> {
        let middle = (self.all.quantile(share)? * SECOND as f64) as u64;
        let logit = |hits: f64, others: f64| libm::log(hits / others);
        let up_to = |run: &Durations| {
            let hits = run.up_to(middle) as f64;
            logit(hits + 0.5, run.count() as f64 - hits + 0.5)
        };
        let logits: Vec<f64> = self.runs.iter().map(up_to).collect();
        let off = half_width(&logits);
        let end = |at: f64| self.all.quantile(1.0 / (1.0 + libm::exp(-at)));
        let at = logit(share, 1.0 - share);
        Some([end(at - off)?, end(at + off)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_at_a_cliff_may_lie_on_either_side_of_it() {
        let mut pooled = Pooled::default();
        for late in [40_u32, 45, 50, 55, 60] {
            let mut run = Durations::default();
            run.add_times(3 * SECOND, 1_000 - late);
            run.add_times(60 * SECOND, late);
            pooled.add(run);
        }
        let spread = |logits: &[f64]| {
            let most = logits.iter().fold(f64::MIN, |most, own| most.max(*own));
            let least = logits.iter().fold(f64::MAX, |least, own| least.min(*own));
            most - least
        };
        let near = |at: f64, seconds: f64| (at / seconds - 1.0).abs() < 0.01;
        let [low, high] = pooled.around(0.95, spread).unwrap();
        assert!(near(low, 3.0) && near(high, 60.0), "{low} {high}");
        let [low, high] = pooled.around(0.5, |_| 0.5).unwrap();
        assert!(near(low, 3.0) && near(high, 3.0), "{low} {high}");
        // A share has ends.
        let [_, high] = pooled.around(0.95, |_| 50.0).unwrap();
        assert!(near(high, 60.0), "{high}");
    }
}
