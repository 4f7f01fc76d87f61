//! The beginning of result files of several design points.

use super::{Map, Value};
use crate::chain::spec::Spec;

/// Its kind, and its origin: format, version, scenario, seeds.
pub(super) fn head(schema: &str, spec: &Spec, fingerprint: &str, seed: u64, seeds: &[u64]) -> Map {
    Map::new()
        .with("schema", schema)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with("scenario", scenario(spec, fingerprint))
        .with("seed", seed)
        .with("replications", seeds.len() as u64)
        .with("seeds", Value::Array(seeds.iter().map(|&seed| Value::from(seed)).collect()))
}

/// The scenario, as result files name it.
pub(super) fn scenario(spec: &Spec, fingerprint: &str) -> Map {
    Map::new()
        .with("name", spec.name.as_str())
        .with("fingerprint", fingerprint)
        .with(HAS_DEADLINE, spec.has_deadline())
}

/// The key that says whether any message has a deadline.
const HAS_DEADLINE: &str = "has_deadline";

/// True if the messages of a result have deadlines: without any nothing is "on time". Those of files
/// that don't say so may have.
pub(super) fn has_deadline(result: &Value) -> bool {
    let said = result.get("scenario").and_then(|scenario| scenario.get(HAS_DEADLINE));
    said != Some(&Value::Bool(false))
}
