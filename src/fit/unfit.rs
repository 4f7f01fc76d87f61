//! Reasons for which nothing is fitted to a sample.

use super::Family;
use super::compose::counted;

/// Reason for which a sample has no fitted distribution.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Unfit {
    /// Fewer durations ended than a fit takes.
    #[error("{} ended: a fit takes at least {least}", counted(*.ended, "duration"))]
    TooFew {
        /// Number that did.
        ended: u64,
        /// Number it takes.
        least: u64,
    },
    /// Nothing had ended when the log was exported.
    #[error(
        "none of {} had ended when the log was exported: a later export shows more",
        counted(*.rows, "duration")
    )]
    AllPending {
        /// Number of them.
        rows: u64,
    },
    /// All are exactly zero.
    #[error("every duration is zero ({}): both times are probably one", counted(*.rows, "row"))]
    AllZero {
        /// Number of them.
        rows: u64,
    },
    /// All are the same: a constant.
    #[error("all durations are {seconds} s: write them as a constant")]
    AllEqual {
        /// The one value, s.
        seconds: f64,
    },
    /// All lie in the same interval, of which nothing tells where they are.
    #[error(
        "all durations lie between {low} and {high} s, as far as the log's clock tells: a finer clock is needed"
    )]
    OneInterval {
        /// Its lower end, s.
        low: f64,
        /// Its upper end, s.
        high: f64,
    },
    /// Some are shorter than what is said to be added to all.
    #[error("{} than the shift of {shift} s", told_shorter(*.rows))]
    Shorter {
        /// The shift, s.
        shift: f64,
        /// Number of them.
        rows: u64,
    },
    /// They take less on average than what is said to be added to all.
    #[error("durations are {} s on average, less than the shift of {shift} s", (1e3 * .mean).round() / 1e3)]
    BeyondMean {
        /// The shift, s.
        shift: f64,
        /// Their mean, s.
        mean: f64,
    },
    /// The likelihood has no maximum: the log does not tell the parameters of this family.
    #[error("the log does not tell the parameters of the {} distribution: the likelihood has no maximum", .family.key())]
    NoMaximum {
        /// The family.
        family: Family,
    },
}

fn told_shorter(rows: u64) -> String {
    let is = if rows == 1 { "is" } else { "are" };
    format!("{} {is} shorter", counted(rows, "duration"))
}
