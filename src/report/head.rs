//! How result files of several design points begin.

use super::{Map, Value};
use crate::chain::spec::Spec;

/// What it is, and what made it: format, version, scenario, seeds.
pub(super) fn head(schema: &str, spec: &Spec, fingerprint: &str, seed: u64, seeds: &[u64]) -> Map {
    let scenario = Map::new().with("name", spec.name.as_str()).with("fingerprint", fingerprint);
    Map::new()
        .with("schema", schema)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with("scenario", scenario)
        .with("seed", seed)
        .with("replications", seeds.len() as u64)
        .with("seeds", Value::List(seeds.iter().map(|&seed| Value::Count(seed)).collect()))
}
