//! Load beyond what a station passes: in the long run, and at its peaks. Messages go their ordinary
//! way; retries, failovers and incidents are left out of account.

mod fluid;
mod peak;
mod steady;

use std::ops::Range;

pub(crate) use fluid::{Overload, overloads, requested};

use super::{Record, mean_rate, warning};
use crate::chain::segments;
use crate::chain::spec::{
    Allowance, CarrierExcess, Delay, Parts, ProviderExcess, Route, Scope, Senders, Spec, Traffic,
};
use crate::kernel::in_seconds;
use crate::scenario::{Diagnostic, Place};

/// Values of a random length of bodies that its mean number of segments is made of.
const LENGTHS: Range<u32> = 0..100;

/// Goes along the chain and warns of each station that is offered more than it passes.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    steady::look(root, spec, warnings);
    peak::look(root, spec, warnings);
}

/// One stream's messages on one route to one carrier.
struct Flow<'spec> {
    /// Index of the stream.
    index: usize,
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

/// A limit of the chain.
#[derive(Debug, Clone, PartialEq)]
struct Limit {
    station: Station,
    /// Index of its queue, provider or carrier.
    index: usize,
    /// Its number in a list of throttles.
    number: usize,
    name: String,
    /// Work a second that it passes.
    rate: f64,
    /// Work that passes at once after a rest.
    burst: f64,
    excess: Excess,
    /// Scope of its buckets.
    scope: Scope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Station {
    Api,
    Workers,
    Window,
    Servers,
    ProviderThrottle,
    CarrierThrottle,
}

/// The fate of what a limit doesn't pass.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Excess {
    Waits {
        room: Option<u64>,
    },
    /// In words: `are rejected`.
    TurnedAway(&'static str),
}

/// The limits, as messages meet them.
fn limits(spec: &Spec) -> Vec<Limit> {
    let slots = |station, index, name: &str, slots: u32, excess| {
        let (rate, name) = (f64::from(slots), name.to_owned());
        Limit { station, index, number: 0, name, rate, burst: 0.0, excess, scope: Scope::Provider }
    };
    let rate_limit = spec.api.rate_limit.clone().map(Allowance::Bucket);
    let throttle = |station, index, number, name: &str, (allowance, scope): (_, Scope), excess| {
        let (rate, burst) = passes(allowance, spec);
        Limit { station, index, number, name: name.to_owned(), rate, burst, excess, scope }
    };
    let mut limits = Vec::new();
    if let Some(own) = &rate_limit {
        let excess = Excess::TurnedAway("are rejected");
        limits.push(throttle(Station::Api, 0, 0, "", (own, Scope::Provider), excess));
    }
    for (index, queue) in spec.queues.iter().enumerate() {
        let excess = Excess::Waits { room: queue.capacity };
        let of = |workers| slots(Station::Workers, index, &queue.name, workers, excess);
        let most = queue.autoscale.map(|rule| rule.max).or(queue.workers);
        limits.extend(most.map(of));
    }
    for (index, provider) in spec.providers.iter().enumerate() {
        let waits = Excess::Waits { room: None };
        for (station, most) in
            [(Station::Window, provider.window), (Station::Servers, provider.servers)]
        {
            limits.extend(most.map(|most| slots(station, index, &provider.name, most, waits)));
        }
        for (number, own) in provider.throttle.iter().enumerate() {
            let excess = match own.on_excess {
                ProviderExcess::Pace => waits,
                ProviderExcess::Refuse { .. } => {
                    Excess::TurnedAway("of first attempts are refused")
                }
            };
            let (station, own) = (Station::ProviderThrottle, (&own.allowance, own.scope));
            limits.push(throttle(station, index, number, &provider.name, own, excess));
        }
    }
    for (index, carrier) in spec.carriers.iter().enumerate() {
        for (number, own) in carrier.throttle.iter().enumerate() {
            let excess = match own.on_excess {
                CarrierExcess::Queue { capacity } => Excess::Waits { room: capacity },
                CarrierExcess::Reject => Excess::TurnedAway("are rejected"),
                CarrierExcess::Drop => Excess::TurnedAway("are dropped"),
            };
            let (station, own) = (Station::CarrierThrottle, (&own.allowance, own.scope));
            limits.push(throttle(station, index, number, &carrier.name, own, excess));
        }
    }
    limits
}

/// Tokens a second that pass in the long run, and those that pass at once after a rest. Of a window that
/// is longer than the run there is the whole limit.
fn passes(allowance: &Allowance, spec: &Spec) -> (f64, f64) {
    let at_once = allowance.at_once() as f64;
    match allowance {
        Allowance::Bucket(bucket) => (bucket.rate, at_once),
        Allowance::Window(window) => {
            let span = in_seconds(window.per.span().min(spec.duration.max(1)));
            (at_once / span, at_once)
        }
    }
}

impl Limit {
    /// `true` if a flow passes it.
    fn concerns(&self, flow: &Flow<'_>) -> bool {
        match self.station {
            Station::Api => true,
            Station::Workers => flow.queue == self.index,
            Station::Window | Station::Servers | Station::ProviderThrottle => {
                flow.provider == self.index
            }
            Station::CarrierThrottle => flow.carrier == self.index,
        }
    }

    /// The work of a message of a flow: a request, seconds of a slot, segments.
    fn work(&self, spec: &Spec, flow: &Flow<'_>) -> f64 {
        match self.station {
            Station::Api => 1.0,
            // A worker waits for the submit's result.
            Station::Workers => {
                let queue = spec.queues.get(self.index);
                let overhead = queue.and_then(|queue| mean(&queue.overhead)).unwrap_or(0.0);
                overhead + submits(spec, flow) * submit_s(spec, flow.provider)
            }
            Station::Window | Station::Servers => submits(spec, flow) * submit_s(spec, self.index),
            Station::ProviderThrottle | Station::CarrierThrottle => flow.segments,
        }
    }

    /// The flows that take from each of its buckets, by index, each with its work there.
    fn buckets(&self, spec: &Spec, flows: &[Flow<'_>]) -> Vec<(String, Vec<(usize, f64)>)> {
        let mut buckets: Vec<(String, Vec<(usize, f64)>)> = Vec::new();
        for (index, flow) in flows.iter().enumerate().filter(|(_, flow)| self.concerns(flow)) {
            let (bucket, part) = bucket_of(flow, self.scope);
            let entry = (index, self.work(spec, flow) * part);
            match buckets.iter_mut().find(|(known, _)| *known == bucket) {
                Some((_, entries)) => entries.push(entry),
                None => buckets.push((bucket, vec![entry])),
            }
        }
        buckets
    }

    /// The key that sets it.
    fn key(&self) -> &'static str {
        match self.station {
            Station::Api => "rate_limit",
            Station::Workers => "workers",
            Station::Window => "window",
            Station::Servers => "servers",
            Station::ProviderThrottle | Station::CarrierThrottle => "throttle",
        }
    }

    /// The place of its key; entries and the spec's lists are in the same order.
    fn place(&self, root: &Record) -> Place {
        let entry = match self.station {
            Station::Api => root.table("api"),
            Station::Workers => root.tables("queue").nth(self.index),
            Station::CarrierThrottle => root.tables("carrier").nth(self.index),
            _ => root.tables("provider").nth(self.index),
        };
        let throttle = entry.and_then(|entry| entry.tables(self.key()).nth(self.number));
        match throttle {
            Some(throttle) if self.key() == "throttle" => throttle.place,
            _ => entry.map_or(root.place, |entry| entry.at(self.key())),
        }
    }
}

/// The ways of all messages, each by its best rank.
fn flows(spec: &Spec) -> Vec<Flow<'_>> {
    let mut flows = Vec::new();
    // Looked up once, in as many steps as there are names.
    let mut by_carrier: Vec<Vec<&Route>> = vec![Vec::new(); spec.carriers.len()];
    for route in &spec.routes {
        for &carrier in &route.carriers {
            by_carrier[carrier].push(route);
        }
    }
    for (index, stream) in spec.traffic.iter().enumerate() {
        let mean = mean_rate(&stream.arrivals).unwrap_or(0.0);
        let each = f64::from(stream.per_request) * spec.scale;
        let each = each * (1.0 - stream.invalid) * (1.0 - stream.opted_out);
        let total: f64 = stream.carriers.iter().map(|(_, weight)| weight).sum();
        for &(carrier, weight) in &stream.carriers {
            let takes = |route: &&Route| route.takes_of(index, stream);
            let serving = || by_carrier[carrier].iter().copied().filter(takes);
            let Some(best) = serving().map(|route| route.rank).min() else {
                continue;
            };
            let ranked = || serving().filter(|route| route.rank == best);
            let weights: f64 = ranked().map(|route| route.weight).sum();
            flows.extend(ranked().map(|route| {
                let part = each * weight / total * route.weight / weights;
                Flow {
                    index,
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

/// Segments of a message of a stream, in the mean.
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
pub(super) fn mean(delay: &Delay) -> Option<f64> {
    match delay {
        Delay::Constant(nanos) => Some(*nanos as f64 / 1e9),
        Delay::Random(variate) => variate.mean(),
    }
}

/// Submits of a message of a flow, in the mean.
fn submits(spec: &Spec, flow: &Flow<'_>) -> f64 {
    match spec.providers.get(flow.provider).map(|provider| provider.parts) {
        Some(Parts::Each) => flow.segments,
        _ => 1.0,
    }
}

/// Seconds that a submit to a provider takes, in the mean; 0 if that is not known.
pub(super) fn submit_s(spec: &Spec, provider: usize) -> f64 {
    let Some(provider) = spec.providers.get(provider) else {
        return 0.0;
    };
    let mean = mean(&provider.latency).unwrap_or(0.0);
    provider.submit_timeout.map_or(mean, |timeout| mean.min(timeout as f64 / 1e9))
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
