//! Incidents in words: what they do, and where.

use super::number::percent;
use crate::chain::spec::{Failure, Incident, Spec, Target};

/// Its effects in words: `latency × 8, 50 % transient`.
pub(super) fn effects(incident: &Incident) -> String {
    let effects = &incident.effects;
    let flags = [
        (effects.outage.is_some(), "outage"),
        (effects.hold_receipts, "receipts held"),
        (effects.lose_receipts, "receipts lost"),
        (effects.freeze_balance, "balance frozen"),
        (effects.enable_filter, "filter on"),
    ];
    let factors = [
        (effects.latency_factor, "latency"),
        (effects.throttle_factor, "throttle"),
        (effects.traffic_factor, "traffic"),
        (effects.overhead_factor, "overhead"),
        (effects.relay_factor, "relay"),
        (effects.receipt_delay_factor, "receipt delay"),
        (effects.price_factor, "price"),
        (effects.cost_factor, "cost"),
    ];
    let shares = [(effects.workers_lost, "workers lost"), (effects.receipt_loss, "receipts lost")];
    let flags = flags.iter().filter(|(on, _)| *on).map(|(_, name)| (*name).to_owned());
    let factors = factors
        .iter()
        .filter(|(factor, _)| *factor != 1.0)
        .map(|(factor, name)| format!("{name} × {factor}"));
    let failures = effects.failures.shares().into_iter().zip(Failure::ALL.map(Failure::label));
    let shares = shares
        .into_iter()
        .chain(failures)
        .filter(|(share, _)| *share != 0.0)
        .map(|(share, name)| format!("{} {name}", percent(share)));
    let mut effects: Vec<String> = flags.chain(factors).chain(shares).collect();
    if effects.is_empty() {
        effects.push("nothing".to_owned());
    }
    if let Some(repeat) = incident.repeat {
        effects.push(repeat.word().to_owned());
    }
    effects.join(", ")
}

/// A target as it is written in a scenario.
pub(super) fn target(spec: &Spec, target: Target) -> String {
    match target {
        Target::Api => "api".to_owned(),
        Target::Account => "account".to_owned(),
        Target::Traffic(index) => format!("traffic.{}", spec.traffic[index].name),
        Target::Queue(index) => format!("queue.{}", spec.queues[index].name),
        Target::Provider(index) => format!("provider.{}", spec.providers[index].name),
        Target::Carrier(index) => format!("carrier.{}", spec.carriers[index].name),
        Target::Route(index) => format!("route.{}", spec.routes[index].id),
        Target::Filter { carrier, filter } => {
            let carrier = &spec.carriers[carrier];
            format!("carrier.{}.filter.{}", carrier.name, carrier.filters[filter].name)
        }
    }
}
