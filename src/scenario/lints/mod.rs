//! Suspicious settings that are legal: traffic nobody serves, parts nobody uses, load beyond capacity,
//! retries that do nothing.

mod by_day;
mod ignored;
mod incidents;
mod limits;
mod on_receipt;
mod opts_out;
mod overload;
mod parts;
mod queues;
mod quiet;
mod retries;
mod routes;
mod size;

pub(crate) use overload::{Overload, overloads};
pub use size::Size;
pub(crate) use size::size;

use std::collections::BTreeSet;

use super::checked::Record;
use super::{Diagnostic, DiagnosticKind, Place};
use crate::chain::spec::{
    Arrivals, Failures, Incident, Occurrence, Outage, ProviderExcess, ProviderThrottle, Route,
    Several, Spec, Target,
};

/// Messages that incidents add, at most: each on its own, at its stream's highest rate.
fn added(spec: &Spec) -> f64 {
    let of_incident = |incident: &Incident| {
        let Target::Traffic(stream) = incident.target else {
            return 0.0;
        };
        let times = incident.occurrences(spec.duration);
        let within = |one: Occurrence| one.end.min(spec.duration) - one.at;
        let seconds = times.map(within).sum::<u64>() as f64 / 1e9;
        spec.traffic.get(stream).map_or(0.0, |stream| {
            let rate = match &stream.arrivals {
                Arrivals::Profile { points, .. } => {
                    points.iter().map(|(_, rate)| *rate).fold(0.0, f64::max)
                }
                Arrivals::OnOff { high, low, .. } => high.max(*low),
                other => mean_rate(other).unwrap_or(0.0),
            };
            let more = (incident.effects.traffic_factor - 1.0).max(0.0);
            seconds * rate * more * f64::from(stream.per_request)
        })
    };
    spec.incidents.iter().map(of_incident).sum()
}

/// Requests per second in the long run, where it is simply known.
fn mean_rate(arrivals: &Arrivals) -> Option<f64> {
    match arrivals {
        Arrivals::Poisson { rate } | Arrivals::Constant { rate } => Some(*rate),
        Arrivals::OnOff { high, low, mean_high, mean_low } => {
            let (up, down) = (*mean_high as f64, *mean_low as f64);
            Some((high * up + low * down) / (up + down))
        }
        _ => None,
    }
}

/// Looks for what is suspicious in a scenario without errors.
pub(crate) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    unserved(root, spec, warnings);
    unused(root, spec, warnings);
    idle(root, spec, warnings);
    ignored::look(root, spec, warnings);
    overload::look(root, spec, warnings);
    limits::look(root, spec, warnings);
    retries::look(root, spec, warnings);
    quiet::look(root, spec, warnings);
    opts_out::look(root, spec, warnings);
    on_receipt::look(root, spec, warnings);
    by_day::look(root, spec, warnings);
    incidents::look(root, spec, warnings);
    routes::look(root, spec, warnings);
    queues::look(root, spec, warnings);
    parts::look(root, spec, warnings);
}

fn warning(place: Place, message: String, label: &str) -> Diagnostic {
    Diagnostic::new(DiagnosticKind::Suspicious, place, message).label(label)
}

fn unserved(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    // Looked up once, in as many steps as there are names.
    let served: BTreeSet<usize> =
        spec.routes.iter().flat_map(|route| route.carriers.iter().copied()).collect();
    // Entries and the spec's lists are in the same order.
    for (entry, stream) in root.tables("traffic").zip(&spec.traffic) {
        let total: f64 = stream.carriers.iter().map(|(_, weight)| weight).sum();
        for (carrier, weight) in &stream.carriers {
            if served.contains(carrier) {
                continue;
            }
            let name = spec.carriers.get(*carrier).map_or("", |carrier| carrier.name.as_str());
            let share = (weight / total * 1_000.0).round() / 10.0;
            let at = entry.at(if entry.get("carriers").is_some() { "carriers" } else { "name" });
            warnings.push(warning(
                at,
                format!("{name} is {share} % of traffic `{}`, but no route serves it", stream.name),
                "these messages are rejected: no_route",
            ));
        }
    }
}

/// Settings of what never happens: refusals where nothing refuses or nobody waits for them, a last look where
/// nothing ends.
fn idle(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    let heard = spec.client.timeout.is_some()
        || retries::most(&spec.client.retry) != Some(1)
        || spec.api.concurrency.is_some()
        || spec.traffic.iter().any(|stream| stream.resend.is_some());
    if let (Some(api), false) = (root.table("api"), heard)
        && api.get("refusal_latency").is_some()
    {
        let message = "nobody waits for a refusal of the API".to_owned();
        let label =
            "no client calls again or gives a call up, no person sends again, no `concurrency`";
        warnings.push(warning(api.at("refusal_latency"), message, label));
    }
    // Entries and the spec's lists are in the same order.
    for (index, (entry, provider)) in root.tables("provider").zip(&spec.providers).enumerate() {
        if entry.get("refusal_latency").is_some() && !may_refuse(spec, index) {
            let message = format!("provider `{}` refuses nothing", provider.name);
            let label = "it has no throttle that refuses, no shares of `throttled` or `queue_full`, \
                         no `queue_capacity`, and no incident that brings any";
            warnings.push(warning(entry.at("refusal_latency"), message, label));
        }
    }
    let double = may_double(spec);
    for (entry, provider) in root.tables("provider").zip(&spec.providers) {
        let receipts = entry.table("receipts");
        if let (Some(receipts), false) = (receipts, double)
            && provider.receipts.several != Several::DeliveredWins
        {
            let message = "`several` is for nothing".to_owned();
            let label = "no message has two copies: nothing is tried twice";
            warnings.push(warning(receipts.at("several"), message, label));
        }
        if let (Some(receipts), Some(after)) = (receipts, provider.receipts.forgotten_after)
            && after > spec.duration.saturating_add(spec.drain)
        {
            let message = "`forgotten_after` is for nothing".to_owned();
            let label = "the run is over by then";
            warnings.push(warning(receipts.at("forgotten_after"), message, label));
        }
    }
    let ends = spec.traffic.iter().any(|stream| stream.validity.is_some());
    for (entry, queue) in root.tables("queue").zip(&spec.queues) {
        if !queue.expire_at_submit && queue.ttl.is_none() && !ends {
            let message = format!("in queue `{}` nothing expires", queue.name);
            let label = "there is neither `ttl` nor a `validity` to look at";
            warnings.push(warning(entry.at("expire_at_submit"), message, label));
        }
    }
}

/// `true` if a message may have two copies.
fn may_double(spec: &Spec) -> bool {
    let of_streams = spec.traffic.iter().filter_map(|stream| stream.retry.as_ref());
    let of_queues = spec.queues.iter().filter_map(|queue| queue.retry.as_ref());
    let mut policies = of_streams.chain(of_queues).chain([&spec.retry]);
    policies.any(|retry| retries::most(&retry.policy) != Some(1) || retry.hedge.is_some())
        || spec.queues.iter().any(|queue| queue.crash.is_some() || queue.lease.is_some())
        || spec.acts_on_receipts()
}

/// `true` if a submit may be refused by a provider.
fn may_refuse(spec: &Spec, index: usize) -> bool {
    let refused = |shares: &Failures| shares.throttled > 0.0 || shares.queue_full > 0.0;
    let provider = &spec.providers[index];
    let incidents = spec.incidents.iter().filter(|one| one.target == Target::Provider(index));
    let refuses = |own: &ProviderThrottle| own.on_excess != ProviderExcess::Pace;
    provider.throttle.iter().any(refuses)
        || provider.servers.is_some() && provider.queue_capacity.is_some()
        || refused(&provider.failures)
        || provider.degraded.as_ref().is_some_and(|spell| refused(&spell.failures))
        || incidents
            .map(|one| &one.effects)
            .any(|effects| refused(&effects.failures) || effects.outage == Some(Outage::Refused))
}

fn unused(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    let used =
        |of: fn(&Route) -> usize| -> BTreeSet<usize> { spec.routes.iter().map(of).collect() };
    let (providers, queues) = (used(|route| route.provider), used(|route| route.queue));
    let parts = [
        ("provider", "no route leads to provider", providers),
        ("queue", "no route uses queue", queues),
    ];
    for (key, message, used) in parts {
        for (_, entry) in root.tables(key).enumerate().filter(|(index, _)| !used.contains(index)) {
            let message = format!("{message} `{}`", entry.text("name").unwrap_or_default());
            warnings.push(warning(entry.at("name"), message, "it is never used"));
        }
    }
}
