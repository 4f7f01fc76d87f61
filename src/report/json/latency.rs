//! The stages' latencies.

use super::super::{Facts, Map};
use crate::chain::Stage;
use crate::experiment::metrics::QUANTILES;
use crate::stats::Latency;

pub(super) fn stages(facts: &Facts<'_>) -> Map {
    Map::new()
        .and(Stage::ALL.map(|stage| (stage.name(), latency(&facts.total.latency[stage as usize]))))
}

pub(super) fn latency(latency: &Latency) -> Map {
    Map::new()
        .with("count", latency.count())
        .with("mean_s", latency.mean_s())
        .with("sd_s", latency.deviation_s())
        .and(QUANTILES.map(|(name, p)| (name, latency.quantile_s(p))))
        .with("max_s", latency.max_s())
}
