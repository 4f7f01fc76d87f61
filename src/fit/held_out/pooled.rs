//! Quantiles of what is predicted, by the durations of all runs together.
//!
//! Where a share of handsets is away, a p95 lies among those that were there in one run and among those that
//! came back in the next: no normal law describes that. For the share of durations up to a time one does. So one
//! more log's quantile is judged by its share, and the ends of its interval are the durations that the shares at the
//! ends of that one's don't exceed.

use std::collections::BTreeMap;

use super::figures::Figure;
use super::{Law, moments};
use crate::fit::gather::Durations;
use crate::kernel::SECOND;

/// Predictions of the quantiles that a log has, by runs.
pub(super) struct Pooled(BTreeMap<String, Group>);

/// Those of one kind of messages.
#[derive(Default)]
struct Group {
    /// Shares, and the log's quantiles of them, ns.
    seen: Vec<(f64, u64)>,
    /// The durations of all runs.
    all: Durations,
    /// Of each run, the shares up to the log's quantiles.
    shares: Vec<Vec<f64>>,
}

/// The messages that a quantile is of: its path without its end.
pub(super) fn group(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(group, _)| group)
}

impl Pooled {
    /// No runs yet, beside the figures of a log.
    pub(super) fn of(seen: &[(String, Figure)]) -> Pooled {
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for (path, own) in seen {
            if let Some((at, value)) = own.at.zip(own.value) {
                let of = groups.entry(group(path).to_owned()).or_default();
                of.seen.push((at, (value * SECOND as f64) as u64));
            }
        }
        Pooled(groups)
    }

    /// A run, by its durations of each group.
    pub(super) fn add(&mut self, run: &BTreeMap<String, Durations>) {
        for (name, own) in &mut self.0 {
            let Some(run) = run.get(name) else { continue };
            let timed = run.count().max(1) as f64;
            let share = |&(_, at): &(f64, u64)| run.up_to(at) as f64 / timed;
            own.shares.push(own.seen.iter().map(share).collect());
            own.all.merge(run);
        }
    }

    /// The quantile of all runs together, s, and the interval in which one more log has its own.
    pub(super) fn interval(&self, path: &str, at: f64, law: Law) -> Option<[f64; 3]> {
        let own = self.0.get(group(path))?;
        let n = own.shares.len() as f64;
        let place = own.seen.iter().position(|&(own, _)| own == at);
        let shares = own.shares.iter().filter_map(|run| run.get(place?).copied());
        let (_, variance) = moments(&shares.collect::<Vec<f64>>());
        // All or nothing lies below what is far off: it varies by no less than by chance.
        let by_chance = at * (1.0 - at) * n / own.all.count().max(1) as f64;
        let half = law.half(variance.max(by_chance), n);
        let end = |share: f64| own.all.quantile(share.clamp(0.0, 1.0));
        Some([end(at)?, end(at - half)?, end(at + half)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_at_a_cliff_may_lie_on_either_side_of_it() {
        let quantile = |at: f64, value: f64| {
            let figure = Figure { value: Some(value), at: Some(at), ..Figure::default() };
            (format!("latency.p{}_s", 100.0 * at), figure)
        };
        let mut pooled = Pooled::of(&[quantile(0.5, 3.0), quantile(0.95, 3.0)]);
        for late in [40_u32, 45, 50, 55, 60] {
            let mut run = Durations::default();
            run.add_times(3 * SECOND, 1_000 - late);
            run.add_times(60 * SECOND, late);
            pooled.add(&BTreeMap::from([("latency".to_owned(), run)]));
        }
        let near = |at: f64, seconds: f64| (at / seconds - 1.0).abs() < 0.01;
        let law = Law { dispersion: 1.0, error: 0.05 };
        let [_, low, high] = pooled.interval("latency.p95_s", 0.95, law).unwrap();
        assert!(near(low, 3.0) && near(high, 60.0), "{low} {high}");
        let [predicted, low, high] = pooled.interval("latency.p50_s", 0.5, law).unwrap();
        assert!([predicted, low, high].iter().all(|&at| near(at, 3.0)), "{low} {high}");
        // A share has ends.
        let [_, _, high] =
            pooled.interval("latency.p95_s", 0.95, Law { error: 1e-9, ..law }).unwrap();
        assert_eq!(pooled.interval("carriers.acme.p95_s", 0.95, law), None);
        assert!(near(high, 60.0), "{high}");
    }
}
