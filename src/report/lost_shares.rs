//! Where the messages went that aren't on time.

use super::table::lost;
use crate::chain::Truth;

/// Ends with less than this are not worth naming.
const WORTH: f64 = 0.005;

/// The ends but the good one that at least half a percent of the accepted messages have, by name,
/// the largest share first; `mean` knows the report's figures.
pub(super) fn lost_shares(mean: impl Fn(&str) -> Option<f64>) -> Vec<(&'static str, f64)> {
    let Some(accepted) = mean("layers.api_success").filter(|count| *count > 0.0) else {
        return Vec::new();
    };
    let others = Truth::ALL.into_iter().filter(|&truth| truth != Truth::DeliveredOnTime);
    let share = |truth: Truth| {
        let count = mean(&format!("truth.{}", truth.name()))?;
        Some((lost::name(truth), count / accepted))
    };
    let mut shares: Vec<_> = others.filter_map(share).filter(|own| own.1 >= WORTH).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares
}
