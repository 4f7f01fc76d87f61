//! The chain's state at a time.

use super::super::{Map, Value};
use crate::chain::in_units;
use crate::chain::spec::Spec;
use crate::chain::{BreakerState, CarrierState, InFlight, ProviderState, QueueState, Snapshot};
use crate::kernel::in_seconds;

pub(super) fn state(spec: &Spec, state: &Snapshot) -> Map {
    let queues =
        spec.queues.iter().zip(&state.queues).map(|(own, state)| (own.name.as_str(), queue(state)));
    let providers = spec
        .providers
        .iter()
        .zip(&state.providers)
        .map(|(own, state)| (own.name.as_str(), provider(own.window, state)));
    let carriers = spec.carriers.iter().zip(&state.carriers);
    let carriers = carriers.map(|(own, state)| (own.name.as_str(), carrier(state)));
    let weights = state.weights.iter();
    let weights = weights
        .map(|one| (spec.routes[one.route].id.to_string(), Map::new().with("weight", one.share)));
    let breakers = state.breakers.iter().map(|state| breaker(spec, state).into()).collect();
    let on = state.incidents.iter().map(|&index| spec.incidents[index].name.as_str().into());
    let oldest = state.oldest.iter().map(|oldest| {
        let entry = Map::new().with("id", id(oldest.id)).with("since_s", in_seconds(oldest.since));
        (oldest.at, entry)
    });
    Map::new()
        .with("time_s", in_seconds(state.at))
        .with("ended_at_s", state.ended_at.map(in_seconds))
        .with("events", state.events)
        .with("incidents", Value::Array(on.collect()))
        .with("requests", state.requests)
        .with("in_flight", in_flight(&state.in_flight))
        .with("oldest", Map::new().and(oldest))
        .with("api_tokens", state.api_tokens)
        .with("balance", state.balance.map(in_units))
        .with("queues", Map::new().and(queues))
        .with("providers", Map::new().and(providers))
        .with("routes", Map::new().and(weights))
        .with("breakers", Value::Array(breakers))
        .with("carriers", Map::new().and(carriers))
}

/// A message's id.
pub(in crate::report) fn id((order, digits): (u32, u64)) -> String {
    format!("BX-{order}-{digits:016x}")
}

fn in_flight(stages: &InFlight) -> Map {
    Map::new()
        .with("messages", stages.messages)
        .with("queue", stages.queue)
        .with("worker", stages.worker)
        .with("aside", stages.aside)
        .with("relayed", stages.relayed)
        .with("throttled", stages.throttled)
        .with("handset", stages.handset)
        .with("receipts", stages.receipts)
}

fn queue(state: &QueueState) -> Map {
    Map::new()
        .with("depth", state.depth)
        .with("busy_workers", state.busy)
        .with("workers", state.workers)
        .with("workers_lost", state.lost)
}

fn provider(window: Option<u32>, state: &ProviderState) -> Map {
    Map::new()
        .with("outstanding", state.outstanding)
        .with("window", window.map(u64::from))
        .with("waiting_for_slot", state.waiting_for_slot)
        .with("tokens", state.tokens)
        .with("waiting_for_token", state.waiting_for_token)
        .with("serving", state.serving)
        .with("backlog", state.backlog)
        .with("paused_until_s", state.paused_until.map(in_seconds))
        .with("degraded", state.degraded.map(Value::from))
}

fn breaker(spec: &Spec, state: &BreakerState) -> Map {
    let provider = state.provider.and_then(|index| spec.providers.get(index));
    Map::new()
        .with("before", provider.map_or("api", |provider| provider.name.as_str()))
        .with("state", state.state)
        .with("held", state.held)
}

fn carrier(state: &CarrierState) -> Map {
    Map::new().with("throttle_depth", state.waiting).with("tokens", state.tokens)
}
