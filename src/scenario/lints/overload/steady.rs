//! Stations that are offered more than they pass in the long run, where both are simply known:
//! Little's law.

use super::{
    Excess, Flow, Limit, Record, Station, apart, at_least, digits, flows, limits, mean_rate,
    percent, span, warning,
};
use crate::chain::spec::Spec;
use crate::scenario::Diagnostic;

/// A limit that is offered too much.
struct Found {
    message: String,
    label: String,
    /// The share that passes.
    passed: f64,
}

/// Warns of each, behind those before it.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    let mut flows = flows(spec);
    for limit in limits(spec) {
        let found = match limit.station {
            Station::Api => api(&limit, spec),
            Station::Workers | Station::Window | Station::Servers => slots(&limit, spec, &flows),
            Station::ProviderThrottle | Station::CarrierThrottle => pace(&limit, spec, &flows),
        };
        if let Some(Found { message, label, passed }) = found {
            warnings.push(warning(limit.place(root), message, &label));
            let behind = flows.iter_mut().filter(|flow| limit.concerns(flow));
            behind.for_each(|flow| flow.rate *= passed);
        }
    }
}

fn api(limit: &Limit, spec: &Spec) -> Option<Found> {
    let rates = spec.traffic.iter().filter_map(|stream| mean_rate(&stream.arrivals));
    let load = rates.sum::<f64>() * spec.scale;
    let [load_text, rate] = apart(load, limit.rate);
    let message = format!(
        "the API takes {rate} requests/s, {load_text}/s are offered: about {} are rejected",
        percent(1.0 - limit.rate / load)
    );
    let label = "they are rejected: rate_limited".to_owned();
    (load > limit.rate).then(|| Found { message, label, passed: limit.rate / load })
}

/// Little's law in words.
fn slots(limit: &Limit, spec: &Spec, flows: &[Flow<'_>]) -> Option<Found> {
    let through = || flows.iter().filter(|flow| limit.concerns(flow));
    let busy: f64 = through().map(|flow| flow.rate * limit.work(spec, flow)).sum();
    let load: f64 = through().map(|flow| flow.rate).sum();
    if busy <= limit.rate {
        return None;
    }
    let grows = match (limit.station, limit.excess) {
        (Station::Workers, Excess::Waits { room: Some(room) }) => {
            format!("the queue grows until it holds {room}")
        }
        (Station::Workers, _) => format!("the queue will grow {}", until(limit, spec, flows)),
        // A provider's servers know nothing of the sender's limits.
        (Station::Servers, _) => "what waits for it will grow for ever".to_owned(),
        _ => format!("what waits for it will grow {}", until(limit, spec, flows)),
    };
    let (there, what) = (limit.rate, limit.key());
    let [needed, _] = apart(busy, there);
    let (each, load) = (span(busy / load), digits(load, 3));
    let (needed, is) = match limit.station {
        Station::Window => (format!("a window of {needed}"), "is"),
        _ => (format!("{needed} {what}"), if there == 1.0 { "is" } else { "are" }),
    };
    let message =
        format!("offered load {load}/s × {each} needs {needed}; {there} {is} set: {grows}");
    Some(Found { message, label: at_least(busy, &limit.name), passed: limit.rate / busy })
}

/// The first of a throttle's buckets that is offered more segments than it passes.
fn pace(limit: &Limit, spec: &Spec, flows: &[Flow<'_>]) -> Option<Found> {
    let load = |own: &[(usize, f64)]| -> f64 {
        own.iter().map(|&(index, work)| flows[index].rate * work).sum()
    };
    let buckets = limit.buckets(spec, flows).into_iter();
    let mut loads = buckets.map(|(bucket, own)| (bucket, load(&own)));
    let (bucket, load) = loads.find(|&(_, load)| load > limit.rate)?;
    let (kind, waits) = match limit.station {
        Station::CarrierThrottle => ("carrier", "its queue will grow for ever".to_owned()),
        _ => {
            let until = until(limit, spec, flows);
            ("provider", format!("what waits for its pace will grow {until}"))
        }
    };
    let end = match limit.excess {
        Excess::Waits { room: None } => waits,
        Excess::Waits { room: Some(room) } => format!("its queue grows until it holds {room}"),
        Excess::TurnedAway(how) => format!("about {} {how}", percent(1.0 - limit.rate / load)),
    };
    let of = if bucket.is_empty() { String::new() } else { format!(" of {bucket}") };
    let [load_text, passes] = apart(load, limit.rate);
    let unit = if passes == "1" { "segment" } else { "segments" };
    let message = format!(
        "{kind} `{}` passes {passes} {unit}/s{of}, {load_text}/s are offered: {end}",
        limit.name
    );
    let label = "in segments per second".to_owned();
    Some(Found { message, label, passed: limit.rate / load })
}

/// The time for which what waits before a submit will grow: for ever, unless `validity` or `ttl` ends
/// the wait of every message there.
fn until(limit: &Limit, spec: &Spec, flows: &[Flow<'_>]) -> &'static str {
    let expires = |flow: &Flow<'_>| {
        spec.queues.get(flow.queue).is_some_and(|queue| {
            queue.expire_at_submit && (flow.stream.validity.is_some() || queue.ttl.is_some())
        })
    };
    if flows.iter().filter(|flow| limit.concerns(flow)).all(expires) {
        "until messages expire"
    } else {
        "for ever"
    }
}
