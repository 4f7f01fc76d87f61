//! Effects of incidents that change nothing, and repetitions that never come.

use super::warning;
use crate::chain::spec::{Delay, Incident, Spec, Target};
use crate::kernel::Nanos;
use crate::scenario::Diagnostic;
use crate::scenario::checked::Record;
use crate::scenario::units::duration;

const NOTHING: Delay = Delay::Constant(0);

/// Looks at every incident.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    // Entries and the spec's lists are in the same order.
    for (entry, incident) in root.tables("incident").zip(&spec.incidents) {
        let mut warn = |key: &str, why: &str| {
            let message = format!("`{key}` of incident `{}` changes nothing", incident.name);
            warnings.push(warning(entry.at(key), message, why));
        };
        for (key, why) in idle(spec, incident) {
            if entry.get(key).is_some() {
                warn(key, &why);
            }
        }
        if let Some(repeat) = incident.repeat
            && incident.at.saturating_add(repeat.period()) >= spec.duration
        {
            let again = incident.at.saturating_add(repeat.period());
            warn("repeat", &format!("it would come again at {}: {}", print(again), over(spec)));
        }
    }
}

fn print(span: Nanos) -> String {
    duration::print(span)
}

fn over(spec: &Spec) -> String {
    format!("requests end at {}", print(spec.duration))
}

/// The effects of an incident that have no effect, whether they are given or not, and why.
fn idle(spec: &Spec, incident: &Incident) -> Vec<(&'static str, String)> {
    let effects = &incident.effects;
    let mut idle = Vec::new();
    let mut when = |holds: bool, key: &'static str, why: &str| {
        if holds {
            idle.push((key, why.to_owned()));
        }
    };
    for (key, factor) in [
        ("latency_factor", effects.latency_factor),
        ("throttle_factor", effects.throttle_factor),
        ("traffic_factor", effects.traffic_factor),
        ("overhead_factor", effects.overhead_factor),
        ("relay_factor", effects.relay_factor),
        ("receipt_delay_factor", effects.receipt_delay_factor),
        ("price_factor", effects.price_factor),
        ("cost_factor", effects.cost_factor),
    ] {
        when(factor == 1.0, key, "a factor of 1 leaves all as it is");
    }
    for (key, share) in
        [("workers_lost", effects.workers_lost), ("receipt_loss", effects.receipt_loss)]
    {
        when(share == 0.0, key, "a share of 0 is none");
    }
    match incident.target {
        Target::Api => {
            let api = &spec.api;
            let none = api.latency == NOTHING
                && api.refusal_latency.as_ref().is_none_or(|latency| *latency == NOTHING);
            when(none, "latency_factor", "the API has no latency");
        }
        Target::Queue(index) => {
            let queue = &spec.queues[index];
            let none = queue.overhead == NOTHING;
            when(none, "overhead_factor", "the queue's workers have no overhead");
        }
        Target::Provider(index) => {
            let provider = &spec.providers[index];
            let none = provider.latency == NOTHING
                && provider.refusal_latency.as_ref().is_none_or(|latency| *latency == NOTHING);
            when(none, "latency_factor", "the provider has no latency");
            when(provider.relay == NOTHING, "relay_factor", "the provider has no `relay`");
            let receipts = &provider.receipts;
            let none = receipts.delay == NOTHING;
            when(none, "receipt_delay_factor", "the provider's receipts have no delay");
            if receipts.loss >= 1.0 {
                for key in
                    ["hold_receipts", "lose_receipts", "receipt_delay_factor", "receipt_loss"]
                {
                    when(true, key, "none of the provider's receipts ever comes");
                }
            } else if effects.lose_receipts {
                let why = "with `lose_receipts` none comes that would be there by the end";
                when(true, "hold_receipts", why);
            }
            let mut routes = spec.routes.iter().filter(|route| route.provider == index);
            let free = routes.all(|route| route.cost == 0);
            when(free, "cost_factor", "the provider bills nothing: its routes have no cost");
        }
        Target::Carrier(index) => {
            let none = spec.carriers[index].latency == NOTHING;
            when(none, "latency_factor", "the carrier has no latency");
        }
        Target::Route(index) => {
            let route = &spec.routes[index];
            when(route.price == 0, "price_factor", "the route has no price");
            when(route.cost == 0, "cost_factor", "the route has no cost");
        }
        Target::Account | Target::Traffic(_) | Target::Filter { .. } => {}
    }
    idle
}
