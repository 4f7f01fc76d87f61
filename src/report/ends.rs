//! The ends of messages that aren't on time.

use super::names;
use crate::chain::Truth;

/// Ends with less than this are not worth naming.
const WORTH: f64 = 0.005;

/// The ends but the good one.
pub(super) fn others() -> impl Iterator<Item = Truth> {
    Truth::ALL.into_iter().filter(|&truth| truth != Truth::DeliveredOnTime)
}

/// The share of the accepted messages that ended so; `mean` knows the report's figures.
pub(super) fn share(truth: Truth, mean: impl Fn(&str) -> Option<f64>) -> Option<f64> {
    let accepted = mean("layers.api_success").filter(|count| *count > 0.0)?;
    Some(mean(&format!("truth.{}", truth.name()))? / accepted)
}

/// The ends but the good one that any message came to, the most frequent first; of equal counts in the
/// order of reports.
pub(super) fn counts(count: impl Fn(&str) -> Option<f64>) -> Vec<(Truth, f64)> {
    let own = |truth: Truth| Some((truth, count(&format!("truth.{}", truth.name()))?));
    let mut ends: Vec<_> = others().filter_map(own).filter(|own| own.1 > 0.0).collect();
    ends.sort_by(|a, b| b.1.total_cmp(&a.1));
    ends
}

/// The ends that at least half a percent of the accepted messages have, by name, the largest share
/// first.
pub(super) fn lost_shares(mean: impl Fn(&str) -> Option<f64>) -> Vec<(&'static str, f64)> {
    let Some(accepted) = mean("layers.api_success").filter(|count| *count > 0.0) else {
        return Vec::new();
    };
    let shares = counts(mean).into_iter().map(|(end, count)| (names::end(end), count / accepted));
    shares.filter(|own| own.1 >= WORTH).collect()
}
