//! Where the messages went that aren't on time.

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

/// The ends that at least half a percent of the accepted messages have, by name, the largest share
/// first.
pub(super) fn lost_shares(mean: impl Fn(&str) -> Option<f64>) -> Vec<(&'static str, f64)> {
    let share = |truth: Truth| Some((names::end(truth), share(truth, &mean)?));
    let mut shares: Vec<_> = others().filter_map(share).filter(|own| own.1 >= WORTH).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares
}
