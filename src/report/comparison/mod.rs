//! Retry policies, compared: `compare.json` and what the table is made of.

mod document;
mod finding;
mod json;
mod subject;

pub(super) use document::document;
pub use finding::{Finding, Sureness, undecided};
pub use json::comparison;
pub use subject::Subject;

use super::cells::DesignPoint;
use super::{Map, Value};
use crate::chain::spec::Spec;
use crate::experiment::{Comparison, Difference};
use crate::report::{Better, better};

/// The probability that an interval misses; of a pair's, that any of the pairs' does, for each
/// path.
pub const ERROR: f64 = 0.05;

/// Policies, compared, and what it takes to read the figures.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'run> {
    /// The chain under one of the policies.
    pub spec: &'run Spec,
    /// The scenario's fingerprint, whatever the policy.
    pub fingerprint: &'run str,
    /// Seed of replication 0.
    pub seed: u64,
    /// The policies' names.
    pub policies: &'run [String],
    /// The paths of the metrics.
    pub paths: &'run [String],
    /// The figure they are judged by.
    pub subject: &'run Subject,
    /// The result.
    pub comparison: &'run Comparison,
}

/// The verdict of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Better than the baseline, with 95 % confidence.
    Better,
    /// Worse, as surely.
    Worse,
    /// The interval holds 0, there is none, or neither direction is better.
    Undecided,
}

impl Verdict {
    /// Its name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Undecided => "undecided",
        }
    }

    /// The verdict of a difference of a figure for which that is `better`.
    #[must_use]
    pub fn of(better: Option<Better>, difference: &Difference) -> Verdict {
        let (Some(better), Some(mean), Some(half_width)) =
            (better, difference.mean, difference.half_width)
        else {
            return Verdict::Undecided;
        };
        if mean.abs() <= half_width {
            Verdict::Undecided
        } else if (mean > 0.0) == (better == Better::Higher) {
            Verdict::Better
        } else {
            Verdict::Worse
        }
    }
}

impl Compared<'_> {
    /// The error of one pair's interval, so that with a probability of 1 − [`ERROR`] all pairs'
    /// intervals hold their differences (Bonferroni).
    #[must_use]
    pub fn pair_error(&self) -> f64 {
        ERROR / self.comparison.pairs.len().max(1) as f64
    }

    /// The rows of `cells.csv`.
    pub fn cells(&self) -> impl Iterator<Item = DesignPoint<'_>> {
        self.policies
            .iter()
            .zip(&self.comparison.cells)
            .map(|(policy, cell)| DesignPoint { at: vec![policy.as_str()], cell })
    }

    /// Index of the metric at `path`.
    #[must_use]
    pub fn metric(&self, path: &str) -> Option<usize> {
        self.paths.iter().position(|other| other == path)
    }
}

#[cfg(test)]
mod told;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_interval_says_is_said() {
        let of = |mean, half_width, direction| {
            let difference = Difference { mean, half_width, n: 20, variance_reduction: None };
            Verdict::of(direction, &difference)
        };
        let (lower, higher) = (Some(Better::Lower), Some(Better::Higher));
        assert_eq!(of(Some(-0.2), Some(0.1), lower), Verdict::Better);
        assert_eq!(of(Some(-0.2), Some(0.1), higher), Verdict::Worse);
        assert_eq!(of(Some(0.2), Some(0.1), higher), Verdict::Better);
        assert_eq!(of(Some(0.1), Some(0.1), higher), Verdict::Undecided);
        assert_eq!(of(Some(0.0), Some(0.0), higher), Verdict::Undecided);
        assert_eq!(of(Some(0.1), Some(0.0), higher), Verdict::Better);
        assert_eq!(of(None, None, higher), Verdict::Undecided);
        assert_eq!(of(Some(9.0), Some(0.1), None), Verdict::Undecided);
    }
}
