//! The file itself.

use super::super::{Map, Value};
use super::{Parting, Replayed, pivot, state, what_if};

/// Name and version of the format.
const SCHEMA: &str = "smschain.replay/1";

/// The result of a replay.
#[must_use]
pub fn replay(replayed: &Replayed<'_>) -> Value {
    let Replayed { bundle, proof, .. } = *replayed;
    let scenario = Map::new()
        .with("name", replayed.spec.name.as_str())
        .with("fingerprint", replayed.fingerprint);
    let made = Map::new()
        .with("version", bundle.version.as_str())
        .with("fingerprint", bundle.fingerprint.as_str())
        .with("digest", bundle.digest.as_deref());
    Map::new()
        .with("schema", SCHEMA)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with("scenario", scenario)
        .with("seed", bundle.seed)
        .with("replications", 1)
        .with("seeds", Value::Array(vec![Value::from(bundle.seed)]))
        .with("when", bundle.when.as_deref())
        .with("bundle", made)
        .with("digest", proof.digest.as_str())
        .with("same", proof.same)
        .with("reasons", texts(&proof.notes))
        .with("first_difference", proof.parting.as_ref().map(parting))
        .and(replayed.state.map(|at| ("at", state::state(replayed.spec, at))))
        .and(replayed.what_if.map(|it| ("what_if", what_if::what_if(it))))
        .and(replayed.pivot.map(|it| ("pivot", pivot::pivot(replayed.spec, it))))
        .into()
}

fn parting(parting: &Parting) -> Map {
    Map::new()
        .with("first_event", parting.first)
        .with("last_event", parting.last)
        .with("events", texts(&parting.events))
}

pub(super) fn texts(list: &[String]) -> Value {
    Value::Array(list.iter().map(|text| text.as_str().into()).collect())
}
