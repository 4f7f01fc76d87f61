//! `report.json`: what a run says, by path.

mod incidents;
mod latency;
mod layers;
mod money;
mod requests;
mod stations;
mod streams;

use super::certainty::no_interval;
use super::{Facts, Map, Value, head};
use crate::chain::{Observed, Truth};

/// Name and version of the format.
const SCHEMA: &str = "smschain.report/1";

/// The report of a run. Numbers are of messages whose request came at or after warm-up; a share of
/// nothing is null.
#[must_use]
pub fn report(facts: &Facts<'_>) -> Value {
    let (results, total) = (facts.results(), &facts.total);
    let seeds = facts.run.seeds.iter().map(|&seed| Value::from(seed)).collect();
    Map::new()
        .with("schema", SCHEMA)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with("scenario", head::scenario(facts.spec, facts.fingerprint))
        .with("seed", facts.seed)
        .with("replications", results.replications)
        .with("seeds", Value::Array(seeds))
        .with("digest", format!("{:032x}", results.digest))
        .with("requests", requests::requests(facts))
        .with("messages", requests::messages(facts))
        .with("segments", requests::segments(facts))
        .with("layers", layers::layers(&total.layers))
        .with("divergence", layers::divergence(&total.layers))
        .with("within", layers::within(facts.spec, &total.layers, &total.within))
        .with(
            "of_requested",
            layers::of_requested(facts.spec, &total.layers, &total.within, &total.within_again),
        )
        .with("estimates", estimates(facts))
        .with("truth", truth(&facts.truth))
        .with("observed", observed(facts))
        .with("latency", latency::stages(facts))
        .with("attempts", requests::attempts(facts))
        .with("throughput", requests::throughput(facts))
        .with("traffic", streams::streams(facts))
        .with("queues", stations::queues(facts))
        .with("providers", stations::providers(facts))
        .with("carriers", stations::carriers(facts))
        .with("duplicates", requests::duplicates(facts))
        .with("account", money::account(facts))
        .with("cost", money::cost(facts))
        .with("incidents", incidents::incidents(facts))
        .with("no_interval", no_interval(&facts.run.certainty))
        .into()
}

fn estimates(facts: &Facts<'_>) -> Map {
    Map::new().and(facts.run.estimates.iter().map(|estimate| {
        let entry = Map::new()
            .with("mean", estimate.mean)
            .with("half_width", estimate.half_width)
            .with("n", estimate.n as u64)
            .with("method", estimate.method.name());
        (estimate.path.as_str(), entry)
    }))
}

/// Counts by truth, zeros included.
fn truth(counts: &[u64; Truth::COUNT]) -> Map {
    Map::new().and(Truth::ALL.map(|truth| (truth.name(), counts[truth as usize])))
}

/// The confusion matrix, zeros included.
fn observed(facts: &Facts<'_>) -> Map {
    Map::new().and(Truth::ALL.map(|truth| {
        let seen = &facts.results().observed[truth as usize];
        let row = Map::new().and(Observed::ALL.map(|state| (state.name(), seen[state as usize])));
        (truth.name(), row)
    }))
}

#[cfg(test)]
mod tests;
