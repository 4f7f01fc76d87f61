//! The layers of success, and how far they come apart.

use super::super::Map;
use crate::chain::Layers;
use crate::chain::spec::Spec;
use crate::experiment::metrics;

pub(super) fn layers(layers: &Layers) -> Map {
    Map::new()
        .with("requested", layers.requested)
        .with("api_success", layers.accepted)
        .with("execution_success", layers.executed)
        .with("outcome_success", layers.delivered)
        .with("outcome_on_time", layers.on_time)
        .with("observed_delivered", layers.observed_delivered)
}

pub(super) fn divergence(layers: &Layers) -> Map {
    Map::new().and(metrics::divergence(layers))
}

/// Shares of what was asked for: what the API refused is part of the whole.
pub(super) fn of_requested(spec: &Spec, layers: &Layers, counts: &[u64], again: &[u64]) -> Map {
    let shares = metrics::of_requested_within(layers.requested, counts, again);
    Map::new().and(metrics::of_requested(layers)).with("within", by_time(spec, &shares))
}

pub(super) fn within(spec: &Spec, layers: &Layers, counts: &[u64]) -> Map {
    by_time(spec, &metrics::within(layers.accepted, counts))
}

fn by_time(spec: &Spec, shares: &[Option<f64>]) -> Map {
    let labels = spec.within.iter().enumerate();
    Map::new().and(
        labels.map(|(index, (label, _))| (label.as_str(), shares.get(index).copied().flatten())),
    )
}
