//! Load beyond what a station passes in the long run, where both are simply known: Little's law, on
//! the ordinary way of a message. Retries, failovers and incidents are left out of account.

mod peak;

use std::collections::BTreeMap;
use std::ops::Range;

pub(crate) use peak::{Overload, overloads, requested};

use super::{Record, mean_rate, warning};
use crate::chain::segments;
use crate::chain::spec::{
    CarrierExcess, Delay, ProviderExcess, Route, Scope, Senders, Spec, Traffic,
};
use crate::scenario::Diagnostic;

/// Values of a random length of bodies that its mean number of segments is made of.
const LENGTHS: Range<u32> = 0..100;

/// One stream's messages on one route to one carrier.
struct Flow<'spec> {
    /// Place of the stream among the scenario's.
    number: usize,
    stream: &'spec Traffic,
    carrier: usize,
    queue: usize,
    provider: usize,
    /// Messages per second; less behind each station that doesn't pass them all.
    rate: f64,
    /// Messages of a request of the stream that go this way, times the scale.
    part: f64,
    /// Segments of a message, in the mean.
    segments: f64,
}

/// Goes along the chain and warns of each station that is offered more than it passes.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    let mut flows = flows(spec);
    api(root, spec, &mut flows, warnings);
    queues(root, spec, &mut flows, warnings);
    providers(root, spec, &mut flows, warnings);
    carriers(root, spec, &flows, warnings);
    peak::look(root, spec, warnings);
}

/// What every message does if it takes its best rank.
fn flows(spec: &Spec) -> Vec<Flow<'_>> {
    let mut flows = Vec::new();
    // Looked up once, in as many steps as there are names.
    let mut by_carrier: Vec<Vec<&Route>> = vec![Vec::new(); spec.carriers.len()];
    for route in &spec.routes {
        for &carrier in &route.carriers {
            by_carrier[carrier].push(route);
        }
    }
    for (number, stream) in spec.traffic.iter().enumerate() {
        let mean = mean_rate(&stream.arrivals).unwrap_or(0.0);
        let each = f64::from(stream.per_request) * spec.scale;
        let each = each * (1.0 - stream.invalid) * (1.0 - stream.opted_out);
        let total: f64 = stream.carriers.iter().map(|(_, weight)| weight).sum();
        for &(carrier, weight) in &stream.carriers {
            let serving = || by_carrier[carrier].iter().copied();
            let Some(best) = serving().map(|route| route.rank).min() else {
                continue;
            };
            let ranked = || serving().filter(|route| route.rank == best);
            let weights: f64 = ranked().map(|route| route.weight).sum();
            flows.extend(ranked().map(|route| {
                let part = each * weight / total * route.weight / weights;
                Flow {
                    number,
                    stream,
                    carrier,
                    queue: route.queue,
                    provider: route.provider,
                    rate: mean * part,
                    part,
                    segments: segments_of(stream),
                }
            }));
        }
    }
    flows
}

fn segments_of(stream: &Traffic) -> f64 {
    let of = |chars: f64| {
        let chars = chars.round().clamp(0.0, 1e6) as u32;
        let [gsm, ucs2] = [false, true].map(|ucs2| f64::from(segments(chars, ucs2)));
        gsm + (ucs2 - gsm) * stream.ucs2
    };
    if let Some(chars) = stream.chars.as_constant() {
        return of(chars);
    }
    let middle = |part: u32| (f64::from(part) + 0.5) / f64::from(LENGTHS.end);
    let sum: f64 = LENGTHS.map(|part| of(stream.chars.quantile(middle(part)))).sum();
    sum / f64::from(LENGTHS.end)
}

/// A delay's mean in seconds; `None` if it has none.
fn mean(delay: &Delay) -> Option<f64> {
    match delay {
        Delay::Constant(nanos) => Some(*nanos as f64 / 1e9),
        Delay::Random(variate) => variate.mean(),
    }
}

/// How long a submit to a provider takes, in the mean; 0 if that is not known.
fn submit_s(spec: &Spec, provider: usize) -> f64 {
    let Some(provider) = spec.providers.get(provider) else {
        return 0.0;
    };
    let mean = mean(&provider.latency).unwrap_or(0.0);
    provider.submit_timeout.map_or(mean, |timeout| mean.min(timeout as f64 / 1e9))
}

fn api(root: &Record, spec: &Spec, flows: &mut [Flow<'_>], warnings: &mut Vec<Diagnostic>) {
    let Some(limit) = &spec.api.rate_limit else {
        return;
    };
    let rates = spec.traffic.iter().filter_map(|stream| mean_rate(&stream.arrivals));
    let load = rates.sum::<f64>() * spec.scale;
    if load > limit.rate {
        let [load_text, rate] = apart(load, limit.rate);
        let message = format!(
            "the API takes {rate} requests/s, {load_text}/s are offered: about {} are rejected",
            percent(1.0 - limit.rate / load)
        );
        let place = root.table("api").map_or(root.place, |api| api.at("rate_limit"));
        warnings.push(warning(place, message, "they are rejected: rate_limited"));
        flows.iter_mut().for_each(|flow| flow.rate *= limit.rate / load);
    }
}

fn queues(root: &Record, spec: &Spec, flows: &mut [Flow<'_>], warnings: &mut Vec<Diagnostic>) {
    for (index, (queue, entry)) in spec.queues.iter().zip(root.tables("queue")).enumerate() {
        let Some(workers) = queue.workers else {
            continue;
        };
        // A worker waits for the submit's result.
        let overhead = mean(&queue.overhead).unwrap_or(0.0);
        let own = |flow: &Flow<'_>| flow.queue == index;
        let through = || flows.iter().filter(|flow| own(flow));
        let held = |flow: &Flow<'_>| flow.rate * (overhead + submit_s(spec, flow.provider));
        let busy: f64 = through().map(held).sum();
        let load: f64 = through().map(|flow| flow.rate).sum();
        let Some(passed) = passed(f64::from(workers), busy) else {
            continue;
        };
        let grows = match queue.capacity {
            Some(capacity) => format!("the queue grows until it holds {capacity}"),
            None => format!("the queue will grow {}", until(spec, flows, own)),
        };
        let message = slots(load, busy, workers, "workers", &grows);
        warnings.push(warning(entry.at("workers"), message, &at_least(busy, &queue.name)));
        thin(flows, passed, own);
    }
}

fn providers(root: &Record, spec: &Spec, flows: &mut [Flow<'_>], warnings: &mut Vec<Diagnostic>) {
    for (index, (provider, entry)) in spec.providers.iter().zip(root.tables("provider")).enumerate()
    {
        let own = |flow: &Flow<'_>| flow.provider == index;
        for (key, there) in [("window", provider.window), ("servers", provider.servers)] {
            let load = sum(flows, own);
            let busy = load * submit_s(spec, index);
            let Some(there) = there else {
                continue;
            };
            let Some(passed) = passed(f64::from(there), busy) else {
                continue;
            };
            // A provider's servers know nothing of the sender's limits.
            let grows = if key == "servers" { "for ever" } else { until(spec, flows, own) };
            let waits = format!("what waits for it will grow {grows}");
            let message = slots(load, busy, there, key, &waits);
            warnings.push(warning(entry.at(key), message, &at_least(busy, &provider.name)));
            thin(flows, passed, own);
        }
        let Some(throttle) = &provider.throttle else {
            continue;
        };
        let grows = until(spec, flows, own);
        let end = |part: f64| match throttle.on_excess {
            ProviderExcess::Pace => format!("what waits for its pace will grow {grows}"),
            ProviderExcess::Refuse { .. } => {
                format!("about {} of first attempts are refused", percent(part))
            }
        };
        let name = format!("provider `{}`", provider.name);
        if let Some((message, passed)) =
            pace(flows, &own, throttle.scope, throttle.bucket.rate, &name, &end)
        {
            warnings.push(warning(entry.at("throttle"), message, "in segments per second"));
            thin(flows, passed, own);
        }
    }
}

fn carriers(root: &Record, spec: &Spec, flows: &[Flow<'_>], warnings: &mut Vec<Diagnostic>) {
    for (index, (carrier, entry)) in spec.carriers.iter().zip(root.tables("carrier")).enumerate() {
        let Some(throttle) = &carrier.throttle else {
            continue;
        };
        let own = |flow: &Flow<'_>| flow.carrier == index;
        let end = |part: f64| match throttle.on_excess {
            CarrierExcess::Queue { capacity: None } => "its queue will grow for ever".to_owned(),
            CarrierExcess::Queue { capacity: Some(capacity) } => {
                format!("its queue grows until it holds {capacity}")
            }
            CarrierExcess::Reject => format!("about {} are rejected", percent(part)),
            CarrierExcess::Drop => format!("about {} are dropped", percent(part)),
        };
        let name = format!("carrier `{}`", carrier.name);
        let found = pace(flows, &own, throttle.scope, throttle.bucket.rate, &name, &end);
        if let Some((message, _)) = found {
            warnings.push(warning(entry.at("throttle"), message, "in segments per second"));
        }
    }
}

/// Whether one of a throttle's buckets is offered more segments than it passes: the first that is,
/// in words, and the share that passes.
fn pace(
    flows: &[Flow<'_>],
    own: &dyn Fn(&Flow<'_>) -> bool,
    scope: Scope,
    limit: f64,
    name: &str,
    end: &dyn Fn(f64) -> String,
) -> Option<(String, f64)> {
    let mut buckets: Vec<(String, f64)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for flow in flows.iter().filter(|flow| own(flow)) {
        let (bucket, part) = bucket_of(flow, scope);
        let load = flow.rate * flow.segments * part;
        match places.get(&bucket) {
            Some(&place) => buckets[place].1 += load,
            None => {
                places.insert(bucket.clone(), buckets.len());
                buckets.push((bucket, load));
            }
        }
    }
    let (bucket, load) = buckets.into_iter().find(|&(_, load)| load > limit)?;
    let of = if bucket.is_empty() { String::new() } else { format!(" of {bucket}") };
    let [load_text, limit_text] = apart(load, limit);
    let unit = if limit_text == "1" { "segment" } else { "segments" };
    let message = format!(
        "{name} passes {limit_text} {unit}/s{of}, {load_text}/s are offered: {}",
        end(1.0 - limit / load)
    );
    Some((message, limit / load))
}

/// The bucket that a flow's messages take from, and which part of them do; of a pool of senders, who
/// are equal, the first's.
fn bucket_of(flow: &Flow<'_>, scope: Scope) -> (String, f64) {
    let named = |name: &Option<String>, what: &str| match name {
        Some(name) => (format!("{what} `{name}`"), 1.0),
        // Where there is no name it is the sender's.
        None => bucket_of(flow, Scope::Sender),
    };
    match scope {
        Scope::Carrier | Scope::Provider => (String::new(), 1.0),
        Scope::Sender => match &flow.stream.senders {
            Senders::One(sender) => (format!("sender `{sender}`"), 1.0),
            Senders::Pool { count, .. } => {
                let each = format!("each sender of traffic `{}`", flow.stream.name);
                (each, 1.0 / f64::from(*count))
            }
        },
        Scope::Brand => named(&flow.stream.brand, "brand"),
        Scope::Campaign => named(&flow.stream.campaign, "campaign"),
    }
}

fn sum(flows: &[Flow<'_>], own: impl Fn(&Flow<'_>) -> bool) -> f64 {
    flows.iter().filter(|flow| own(flow)).map(|flow| flow.rate).sum()
}

/// Behind a station that passes only this share of them.
fn thin(flows: &mut [Flow<'_>], passed: f64, own: impl Fn(&Flow<'_>) -> bool) {
    flows.iter_mut().filter(|flow| own(flow)).for_each(|flow| flow.rate *= passed);
}

/// How long what waits before a submit will grow: for ever, unless `validity` or `ttl` ends the wait
/// of every message there.
fn until(spec: &Spec, flows: &[Flow<'_>], own: impl Fn(&Flow<'_>) -> bool) -> &'static str {
    let expires = |flow: &Flow<'_>| {
        spec.queues.get(flow.queue).is_some_and(|queue| {
            queue.expire_at_submit && (flow.stream.validity.is_some() || queue.ttl.is_some())
        })
    };
    if flows.iter().filter(|flow| own(flow)).all(expires) {
        "until messages expire"
    } else {
        "for ever"
    }
}

/// The share that so many slots pass when so many are needed; `None`: all of it.
fn passed(there: f64, needed: f64) -> Option<f64> {
    (needed > there).then(|| there / needed)
}

/// Little's law in words.
fn slots(load: f64, busy: f64, there: u32, what: &str, grows: &str) -> String {
    let [needed, _] = apart(busy, f64::from(there));
    let (each, load) = (span(busy / load), digits(load, 3));
    let needed = match what {
        "window" => format!("a window of {needed}"),
        what => format!("{needed} {what}"),
    };
    let is = if there == 1 || what == "window" { "is" } else { "are" };
    format!("offered load {load}/s × {each} needs {needed}; {there} {is} set: {grows}")
}

fn at_least(needed: f64, name: &str) -> String {
    format!("expected at least {} for `{name}`", needed.floor() + 1.0)
}

/// Two different numbers, with as many digits as tell them apart.
fn apart(one: f64, other: f64) -> [String; 2] {
    let texts = (3..12).map(|precision| [one, other].map(|number| digits(number, precision)));
    texts.into_iter().find(|[one, other]| one != other).unwrap_or_default()
}

/// A number to so many digits, without an exponent.
fn digits(number: f64, precision: usize) -> String {
    let text = format!("{number:.*e}", precision - 1);
    text.parse::<f64>().unwrap_or(number).to_string()
}

/// Seconds as a person says them.
fn span(seconds: f64) -> String {
    match seconds {
        ..1e-3 => format!("{} µs", digits(seconds * 1e6, 3)),
        ..1.0 => format!("{} ms", digits(seconds * 1e3, 3)),
        _ => format!("{} s", digits(seconds, 3)),
    }
}

fn percent(share: f64) -> String {
    format!("{} %", digits(share * 100.0, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_tell_themselves_apart() {
        assert_eq!(apart(10.8, 8.0), ["10.8", "8"]);
        assert_eq!(apart(8.0004, 8.0), ["8.0004", "8"]);
        assert_eq!(apart(120.0, 100.0), ["120", "100"]);
        assert_eq!((span(0.09).as_str(), span(0.000_25).as_str()), ("90 ms", "250 µs"));
        assert_eq!((span(1.5).as_str(), percent(0.1666).as_str()), ("1.5 s", "17 %"));
    }
}
