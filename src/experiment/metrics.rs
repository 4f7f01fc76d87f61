//! The figures that have a confidence interval, by their path in a report.

use super::share;
use crate::chain::spec::Spec;
use crate::chain::{Group, Layers, Stage};
use crate::stats::Latency;

/// Quantiles of a latency by their name in a report.
pub const QUANTILES: [(&str, f64); 5] =
    [("p50_s", 0.5), ("p90_s", 0.9), ("p95_s", 0.95), ("p99_s", 0.99), ("p999_s", 0.999)];

/// The path of the headline: the share of API successes that were not delivered on time.
pub const HEADLINE: &str = "divergence.api_vs_on_time";

/// The headline of a group of messages; `None` if none was accepted.
#[must_use]
pub fn headline(layers: &Layers) -> Option<f64> {
    share(layers.accepted - layers.on_time, layers.accepted)
}

/// The distances between the layers, by name in a report.
#[must_use]
pub fn divergence(layers: &Layers) -> [(&'static str, Option<f64>); 6] {
    let missing = |second: u64| share(layers.accepted - second, layers.accepted);
    [
        ("api_vs_execution", missing(layers.executed)),
        ("api_vs_outcome", missing(layers.delivered)),
        ("api_vs_on_time", headline(layers)),
        ("observed_vs_outcome", share(layers.falsely_delivered, layers.observed_delivered)),
        ("outcome_vs_observed", share(layers.unseen, layers.delivered)),
        ("client_error_vs_outcome", share(layers.client_failed_delivered, layers.client_failed)),
    ]
}

/// Shares of API successes delivered within each time, from the counts between those times.
#[must_use]
pub fn within(accepted: u64, counts: &[u64]) -> Vec<Option<f64>> {
    let mut delivered = 0;
    let cumulated = counts.iter().map(|count| {
        delivered += count;
        share(delivered, accepted)
    });
    cumulated.collect()
}

/// Shares of what was asked for, by name in a report. A refused request did not arrive; a
/// recipient of a request counts once, however many messages repeated calls made of one.
#[must_use]
pub fn of_requested(layers: &Layers) -> [(&'static str, Option<f64>); 3] {
    let of = |count: u64, again: u64| share(count.saturating_sub(again), layers.requested);
    [
        ("accepted", of(layers.accepted, layers.again.accepted)),
        ("delivered", of(layers.delivered, layers.again.delivered)),
        ("on_time", of(layers.on_time, layers.again.on_time)),
    ]
}

/// Shares of what was asked for that arrived within each time, from the counts between those
/// times.
#[must_use]
pub fn of_requested_within(requested: u64, counts: &[u64], again: &[u64]) -> Vec<Option<f64>> {
    let arrived: Vec<u64> = (0..)
        .zip(counts)
        .map(|(index, count)| count.saturating_sub(again.get::<usize>(index).copied().unwrap_or(0)))
        .collect();
    within(requested, &arrived)
}

/// Mean and quantiles of a latency, by name in a report.
#[must_use]
pub fn latency(latency: &Latency) -> [(&'static str, Option<f64>); 6] {
    let [p50, p90, p95, p99, p999] = QUANTILES.map(|(name, p)| (name, latency.quantile_s(p)));
    [("mean_s", latency.mean_s()), p50, p90, p95, p99, p999]
}

/// Every figure that is estimated, in the order of reports; `None` where it isn't defined.
#[must_use]
pub fn figures(spec: &Spec, group: &Group) -> Vec<(String, Option<f64>)> {
    let mut figures = Vec::new();
    for (name, value) in divergence(&group.layers) {
        figures.push((format!("divergence.{name}"), value));
    }
    let shares = within(group.layers.accepted, &group.within);
    for (index, (label, _)) in spec.within.iter().enumerate() {
        figures.push((format!("within.{label}"), shares.get(index).copied().flatten()));
    }
    for (name, value) in of_requested(&group.layers) {
        figures.push((format!("of_requested.{name}"), value));
    }
    let shares = of_requested_within(group.layers.requested, &group.within, &group.within_again);
    for (index, (label, _)) in spec.within.iter().enumerate() {
        let share = shares.get(index).copied().flatten();
        figures.push((format!("of_requested.within.{label}"), share));
    }
    for stage in Stage::ALL {
        for (name, value) in latency(&group.latency[stage as usize]) {
            figures.push((format!("latency.{}.{name}", stage.name()), value));
        }
    }
    figures
}

/// Requirements of a quantile before it has an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Footing {
    /// `true` if every group has 20 observations beyond it on average. Fewer, and it is mostly their
    /// largest.
    pub(super) observed: bool,
    /// `true` if there is no step near it: where times come in two lots that meet at its rank, it jumps
    /// from one to the other now and then, and a few values don't show it.
    pub(super) smooth: bool,
    /// The error that it may have because histograms have cells.
    pub(super) resolution: f64,
}

/// That of each of those figures: `groups` are what each has a value of, `total` all of them together.
pub(super) fn footings(spec: &Spec, groups: &[Group], total: &Group) -> Vec<Footing> {
    const BEYOND: f64 = 20.0;
    let sure = Footing { observed: true, smooth: true, resolution: 0.0 };
    let figures = figures(spec, total);
    let shares = figures.iter().filter(|(path, _)| !path.starts_with("latency."));
    let mut footings = vec![sure; shares.count()];
    for stage in Stage::ALL {
        let least = groups.iter().map(|group| group.latency[stage as usize].count()).min();
        let least = least.unwrap_or(0) as f64;
        let all = &total.latency[stage as usize];
        footings.push(sure);
        footings.extend(QUANTILES.map(|(_, p)| Footing {
            observed: least * (1.0 - p) >= BEYOND,
            smooth: is_smooth(all, p),
            resolution: all.quantile_s(p).unwrap_or(0.0) * CELL,
        }));
    }
    footings
}

/// Half a histogram's cell, of a value in it.
const CELL: f64 = 0.0005;

/// `true` if a quantile moves about as much with its rank on one side as on the other, as far as 5 % of
/// what lies beyond it.
fn is_smooth(latency: &Latency, p: f64) -> bool {
    const TIMES: f64 = 8.0;
    let near = 0.05 * p.min(1.0 - p);
    let quantiles = [p - near, p, p + near].map(|p| latency.quantile_s(p));
    let [Some(below), Some(here), Some(above)] = quantiles else {
        return true;
    };
    let (one, other) = (here - below + 4.0 * CELL * here, above - here + 4.0 * CELL * here);
    one.max(other) <= TIMES * one.min(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::{Again, Results};

    #[test]
    fn the_total_keeps_what_was_delivered_within() {
        let batch = Group { within: vec![3, 1], ..Group::default() };
        let results = Results { batches: vec![batch.clone(), batch], ..Results::default() };
        assert_eq!(results.total().within, [6, 2]);
    }

    #[test]
    fn a_quantile_near_a_step_has_no_footing() {
        let mut latency = Latency::default();
        // Nine in twenty within seconds, the others after minutes.
        (0..9000).for_each(|step| latency.record(1_000_000_000 + step * 100_000));
        (0..11_000).for_each(|step| latency.record(100_000_000_000 + step * 1_000_000));
        assert!(is_smooth(&latency, 0.5) && is_smooth(&latency, 0.9) && !is_smooth(&latency, 0.45));
        assert!(!is_smooth(&latency, 0.44) && is_smooth(&latency, 0.3));
        assert!(is_smooth(&Latency::default(), 0.5));
        let spec = crate::experiment::sample::spec();
        let mut group = Group::default();
        group.latency[Stage::Delivery as usize] = latency;
        let footings = footings(&spec, std::slice::from_ref(&group), &group);
        assert_eq!(footings.len(), figures(&spec, &group).len());
        let at = |path: &str| {
            let index = figures(&spec, &group).iter().position(|(own, _)| own == path).unwrap();
            footings[index]
        };
        let sure = Footing { observed: true, smooth: true, resolution: 0.0 };
        assert_eq!(at("within.5s"), sure);
        assert!((at("latency.delivery.p50_s").resolution - 0.0005 * 101.0).abs() < 1e-3);
        // 20,000 × 0.001.
        assert!(at("latency.delivery.p999_s").observed && !at("latency.api.p50_s").observed);
    }

    #[test]
    fn shares_within_are_cumulated() {
        assert_eq!(within(10, &[4, 3, 0]), [Some(0.4), Some(0.7), Some(0.7)]);
        assert_eq!(within(0, &[0]), [None]);
    }

    #[test]
    fn of_what_was_asked_for_everybody_counts_once() {
        let again = Again { accepted: 10, executed: 8, delivered: 6, on_time: 4 };
        let layers = Layers {
            requested: 200,
            accepted: 110,
            delivered: 96,
            on_time: 84,
            again,
            ..Layers::default()
        };
        let values = of_requested(&layers).map(|(_, value)| value);
        assert_eq!(values, [Some(0.5), Some(0.45), Some(0.4)]);
        let within = of_requested_within(200, &[60, 36], &[0, 6]);
        assert_eq!(within, [Some(0.3), Some(0.45)]);
        assert_eq!(of_requested(&Layers::default()).map(|(_, value)| value), [None; 3]);
    }

    #[test]
    fn every_layer_is_compared_with_the_api() {
        let layers = Layers {
            accepted: 100,
            executed: 99,
            delivered: 90,
            on_time: 80,
            observed_delivered: 50,
            falsely_delivered: 5,
            unseen: 9,
            ..Layers::default()
        };
        let values = divergence(&layers).map(|(_, value)| value);
        assert_eq!(
            values,
            [Some(0.01), Some(0.1), Some(0.2), Some(0.1), Some(0.1), None],
            "nobody saw a failure"
        );
    }
}
