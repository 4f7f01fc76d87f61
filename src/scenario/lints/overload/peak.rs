//! Load beyond what a station passes for a while: the peaks of profiles, campaigns and on/off
//! traffic, and what they leave waiting. Messages flow like a fluid along the ordinary way, in
//! steps of the run; retries, failovers and incidents are left out of account.

use super::{
    Flow, Record, apart, at_least, bucket_of, digits, flows, mean, percent, span, submit_s, warning,
};
use crate::chain::spec::{
    Arrivals, CarrierExcess, Discipline, ProviderExcess, Scope, Spec, Traffic,
};
use crate::kernel::{Nanos, in_seconds};
use crate::scenario::Diagnostic;

/// A run is cut into so many steps.
const STEPS: usize = 720;
/// More flows than this are not followed step by step.
const FLOWS: usize = 2_000;
/// Less than this share turned away is not worth a word.
const TURNED_AWAY: f64 = 0.01;
/// Where nothing says how long a message may wait, the peak of a rate is told from here on.
const LONG_S: f64 = 60.0;
const DAY: Nanos = 86_400_000_000_000;

/// A station that is offered more than it passes, for a while or always, and what comes of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Overload {
    station: Station,
    /// Which of its buckets, in words; empty if it has one.
    of: String,
    /// What it passes, a second, in its unit.
    passes: f64,
    /// Of slots, how many the most that is offered needs.
    needed: f64,
    /// The most that is offered, a second, in its unit.
    offered: f64,
    /// The most that comes at one instant, in its unit.
    at_once: f64,
    /// The longest time for which more is offered than it passes, in seconds.
    over_s: f64,
    /// The most messages that wait.
    backlog: f64,
    /// The longest wait, in seconds.
    wait_s: f64,
    /// Messages turned away, and all that came.
    turned_away: f64,
    came: f64,
    /// The least patience among those who wait.
    patience: Option<Patience>,
    /// Rates that don't vary are too much already.
    steady: bool,
}

/// A limit of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Station {
    Api,
    Workers { queue: usize, name: String, bounded: Option<u64> },
    Slots { provider: usize, name: String, key: &'static str },
    ProviderThrottle { provider: usize, name: String, refuses: bool },
    CarrierThrottle { carrier: usize, name: String, end: &'static str },
}

/// How long a message may wait, and what says so.
#[derive(Debug, Clone, PartialEq)]
struct Patience {
    seconds: f64,
    what: &'static str,
    /// Whose it is: ``traffic `otp` ``.
    whose: String,
}

/// Messages by step: those that come evenly within it, and those that come at once.
#[derive(Debug, Clone)]
struct Course {
    evenly: Vec<f64>,
    at_once: Vec<f64>,
}

/// What a limit passes of what comes to it.
struct Limit {
    /// Work a second.
    rate: f64,
    /// Work that passes at once after a rest.
    burst: f64,
    excess: Excess,
}

#[derive(Clone, Copy)]
enum Excess {
    Waits { room: Option<f64> },
    TurnedAway,
}

/// What came to a limit, in its unit of work or in messages.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    offered: f64,
    at_once: f64,
    over_s: f64,
    backlog: f64,
    wait_s: f64,
    turned_away: f64,
    came: f64,
}

/// Warns of the stations that a peak is too much for; of those that are always offered too much
/// others have warned.
pub(super) fn look(root: &Record, spec: &Spec, warnings: &mut Vec<Diagnostic>) {
    if !spec.traffic.iter().any(|stream| varies(&stream.arrivals)) {
        return;
    }
    for found in overloads(spec).iter().filter(|found| !found.steady) {
        warnings.push(found.warning(root));
    }
}

/// Stations that are offered more than they pass, so much that messages are turned away or wait
/// longer than they may; along the chain.
pub(crate) fn overloads(spec: &Spec) -> Vec<Overload> {
    let flows = flows(spec);
    if flows.len() > FLOWS || spec.duration == 0 {
        return Vec::new();
    }
    let mut found = walk(spec, &flows, None);
    // On/off streams peak one at a time: that all do so together is another question.
    for (index, stream) in spec.traffic.iter().enumerate() {
        if matches!(stream.arrivals, Arrivals::OnOff { .. }) {
            for own in walk(spec, &flows, Some(index)) {
                if !found.iter().any(|known| known.station == own.station) {
                    found.push(own);
                }
            }
        }
    }
    found
}

/// The messages that each stream requests, roughly.
pub(crate) fn requested(spec: &Spec) -> Vec<f64> {
    let dt = in_seconds(spec.duration) / STEPS as f64;
    let of = |stream: &Traffic| {
        let requests = match &stream.arrivals {
            Arrivals::Trace { rows } => rows.len() as f64,
            _ => {
                let course = requests(stream, spec, dt, false);
                course.evenly.iter().chain(&course.at_once).sum()
            }
        };
        requests * f64::from(stream.per_request) * spec.scale
    };
    spec.traffic.iter().map(of).collect()
}

impl Overload {
    /// The most messages that wait there.
    pub(crate) fn backlog(&self) -> f64 {
        self.backlog
    }
}

/// Whether a stream's rate has peaks.
fn varies(arrivals: &Arrivals) -> bool {
    matches!(
        arrivals,
        Arrivals::Profile { .. } | Arrivals::Campaign { .. } | Arrivals::OnOff { .. }
    )
}

/// Goes along the chain. `high`: the on/off stream that goes up and down; others have their means.
fn walk(spec: &Spec, flows: &[Flow<'_>], high: Option<usize>) -> Vec<Overload> {
    let dt = in_seconds(spec.duration) / STEPS as f64;
    let mut found = Vec::new();
    let requests: Vec<Course> = spec
        .traffic
        .iter()
        .enumerate()
        .map(|(index, stream)| requests(stream, spec, dt, high == Some(index)))
        .collect();
    let of = |flow: &Flow<'_>| requests.get(flow.number);
    let mut courses: Vec<Course> = flows
        .iter()
        .map(|flow| match of(flow) {
            Some(course) => course.times(flow.part),
            None => Course::nothing(),
        })
        .collect();
    api(spec, requests, dt, &mut courses, flows, &mut found);
    for (index, queue) in spec.queues.iter().enumerate() {
        let Some(workers) = queue.workers else {
            continue;
        };
        let overhead = mean(&queue.overhead).unwrap_or(0.0);
        let own = chosen(
            flows,
            |flow| flow.queue == index,
            |flow| overhead + submit_s(spec, flow.provider),
        );
        let room = queue.capacity.map(|capacity| capacity as f64);
        let limit = Limit { rate: f64::from(workers), burst: 0.0, excess: Excess::Waits { room } };
        let name = queue.name.clone();
        let station = Station::Workers { queue: index, name, bounded: queue.capacity };
        let served = serve(&mut courses, &own, &limit, dt);
        push(&mut found, served, &limit, (spec, flows, &own), station, String::new());
    }
    for (index, provider) in spec.providers.iter().enumerate() {
        let work = submit_s(spec, index);
        for (key, there) in [("window", provider.window), ("servers", provider.servers)] {
            let Some(there) = there else {
                continue;
            };
            let own = chosen(flows, |flow| flow.provider == index, |_| work);
            let limit =
                Limit { rate: f64::from(there), burst: 0.0, excess: Excess::Waits { room: None } };
            let station = Station::Slots { provider: index, name: provider.name.clone(), key };
            let served = serve(&mut courses, &own, &limit, dt);
            push(&mut found, served, &limit, (spec, flows, &own), station, String::new());
        }
        if let Some(throttle) = &provider.throttle {
            let refuses = matches!(throttle.on_excess, ProviderExcess::Refuse { .. });
            let excess = if refuses { Excess::TurnedAway } else { Excess::Waits { room: None } };
            let bucket = &throttle.bucket;
            let limit = Limit { rate: bucket.rate, burst: bucket.burst as f64, excess };
            let name = provider.name.clone();
            let station = Station::ProviderThrottle { provider: index, name, refuses };
            let own = |flow: &Flow<'_>| flow.provider == index;
            let at = (station, throttle.scope, &limit);
            buckets(spec, flows, &mut courses, own, at, dt, &mut found);
        }
    }
    for (index, carrier) in spec.carriers.iter().enumerate() {
        if let Some(throttle) = &carrier.throttle {
            let (excess, end) = match throttle.on_excess {
                CarrierExcess::Queue { capacity } => {
                    let room = capacity.map(|capacity| capacity as f64);
                    (Excess::Waits { room }, "are turned away")
                }
                CarrierExcess::Reject => (Excess::TurnedAway, "are rejected"),
                CarrierExcess::Drop => (Excess::TurnedAway, "are dropped"),
            };
            let bucket = &throttle.bucket;
            let limit = Limit { rate: bucket.rate, burst: bucket.burst as f64, excess };
            let station =
                Station::CarrierThrottle { carrier: index, name: carrier.name.clone(), end };
            let own = |flow: &Flow<'_>| flow.carrier == index;
            let at = (station, throttle.scope, &limit);
            buckets(spec, flows, &mut courses, own, at, dt, &mut found);
        }
    }
    found
}

/// A stream's requests, before scale.
fn requests(stream: &Traffic, spec: &Spec, dt: f64, alternates: bool) -> Course {
    let mut course = Course::nothing();
    let mut fill = |rate: &dyn Fn(f64) -> f64| {
        for (step, evenly) in course.evenly.iter_mut().enumerate() {
            *evenly = rate((step as f64 + 0.5) * dt) * dt;
        }
    };
    match &stream.arrivals {
        Arrivals::Poisson { rate } | Arrivals::Constant { rate } => fill(&|_| *rate),
        Arrivals::OnOff { high, low, mean_high, mean_low } => {
            let (up, down) = (in_seconds(*mean_high), in_seconds(*mean_low));
            let mean = (high * up + low * down) / (up + down);
            let turns = |time: f64| if time % (up + down) < up { *high } else { *low };
            fill(&|time| if alternates { turns(time) } else { mean });
        }
        Arrivals::Profile { points, clock, daily, step } => {
            let from = if *clock { spec.start } else { 0 };
            fill(&|time| {
                let time = from.saturating_add((time * 1e9) as Nanos);
                profile(points, if *daily { time % DAY } else { time }, *daily, *step)
            });
        }
        Arrivals::Campaign { count, at, over } => {
            let (count, at, over) = (*count as f64, in_seconds(*at), in_seconds(*over));
            if over <= 0.0 {
                let step = (at / dt) as usize;
                if let Some(there) = course.at_once.get_mut(step) {
                    *there += count;
                }
            } else {
                for (step, evenly) in course.evenly.iter_mut().enumerate() {
                    let (from, to) = (step as f64 * dt, (step as f64 + 1.0) * dt);
                    let within = (to.min(at + over) - from.max(at)).max(0.0);
                    *evenly = count * within / over;
                }
            }
        }
        Arrivals::Trace { .. } => {}
    }
    course
}

/// A profile's rate at a time.
fn profile(points: &[(Nanos, f64)], time: Nanos, daily: bool, step: bool) -> f64 {
    let after = points.partition_point(|(at, _)| *at <= time);
    let (last, first) = (points.last().copied(), points.first().copied());
    let before = match after.checked_sub(1) {
        Some(index) => points.get(index).copied(),
        None if daily => last.map(|(at, rate)| (at.saturating_sub(DAY), rate)),
        None => first,
    };
    let next = match points.get(after).copied() {
        None if daily => first.map(|(at, rate)| (at + DAY, rate)),
        next => next,
    };
    match (before, next) {
        (Some((from, rate)), Some((to, next))) if !step && to > from && time >= from => {
            rate + (next - rate) * (time - from) as f64 / (to - from) as f64
        }
        (Some((_, rate)), _) => rate,
        (None, _) => 0.0,
    }
}

impl Course {
    fn nothing() -> Course {
        Course { evenly: vec![0.0; STEPS], at_once: vec![0.0; STEPS] }
    }

    fn times(&self, factor: f64) -> Course {
        let times = |all: &[f64]| all.iter().map(|each| each * factor).collect();
        Course { evenly: times(&self.evenly), at_once: times(&self.at_once) }
    }
}

/// The flows that pass a limit, by index, with each message's work there.
fn chosen(
    flows: &[Flow<'_>],
    own: impl Fn(&Flow<'_>) -> bool,
    work: impl Fn(&Flow<'_>) -> f64,
) -> Vec<(usize, f64)> {
    let with = flows.iter().enumerate().filter(|(_, flow)| own(flow));
    with.map(|(index, flow)| (index, work(flow))).filter(|(_, work)| *work > 0.0).collect()
}

fn api(
    spec: &Spec,
    mut requests: Vec<Course>,
    dt: f64,
    courses: &mut [Course],
    flows: &[Flow<'_>],
    found: &mut Vec<Overload>,
) {
    let Some(bucket) = &spec.api.rate_limit else {
        return;
    };
    let limit = Limit { rate: bucket.rate, burst: bucket.burst as f64, excess: Excess::TurnedAway };
    requests.iter_mut().for_each(|course| *course = course.times(spec.scale));
    let before = requests.clone();
    let all: Vec<(usize, f64)> = (0..requests.len()).map(|index| (index, 1.0)).collect();
    let served = serve(&mut requests, &all, &limit, dt);
    for (flow, course) in flows.iter().zip(courses) {
        let ends = before.get(flow.number).zip(requests.get(flow.number));
        let Some((before, after)) = ends else {
            continue;
        };
        let part = |all: &mut [f64], before: &[f64], after: &[f64]| {
            for ((own, before), after) in all.iter_mut().zip(before).zip(after) {
                *own *= if *before > 0.0 { after / before } else { 0.0 };
            }
        };
        part(&mut course.evenly, &before.evenly, &after.evenly);
        part(&mut course.at_once, &before.at_once, &after.at_once);
    }
    let own = chosen(flows, |_| true, |_| 1.0);
    push(found, served, &limit, (spec, flows, &own), Station::Api, String::new());
}

/// Serves each of a throttle's buckets, and tells of the one that is the furthest over.
fn buckets(
    spec: &Spec,
    flows: &[Flow<'_>],
    courses: &mut [Course],
    own: impl Fn(&Flow<'_>) -> bool,
    (station, scope, limit): (Station, Scope, &Limit),
    dt: f64,
    found: &mut Vec<Overload>,
) {
    let mut buckets: Vec<(String, Vec<(usize, f64)>)> = Vec::new();
    for (index, flow) in flows.iter().enumerate().filter(|(_, flow)| own(flow)) {
        let (bucket, part) = bucket_of(flow, scope);
        let entry = (index, flow.segments * part);
        match buckets.iter_mut().find(|(known, _)| *known == bucket) {
            Some((_, entries)) => entries.push(entry),
            None => buckets.push((bucket, vec![entry])),
        }
    }
    let mut told: Vec<Overload> = Vec::new();
    for (bucket, own) in buckets {
        let served = serve(courses, &own, limit, dt);
        push(&mut told, served, limit, (spec, flows, &own), station.clone(), bucket);
    }
    let worse = |a: &Overload, b: &Overload| (a.wait_s, a.turned_away) > (b.wait_s, b.turned_away);
    found.extend(told.into_iter().reduce(|a, b| if worse(&b, &a) { b } else { a }));
}

/// What a limit makes of what comes to it: afterwards the courses are what it passes.
fn serve(courses: &mut [Course], own: &[(usize, f64)], limit: &Limit, dt: f64) -> Found {
    let mut found = Found::default();
    let mut waiting = vec![0.0_f64; own.len()];
    let (mut tokens, mut over) = (limit.burst, 0.0);
    for step in 0..STEPS {
        let (mut evenly, mut at_once, mut before, mut messages) = (0.0, 0.0, 0.0, 0.0);
        for (&(index, work), waiting) in own.iter().zip(&waiting) {
            let course = &courses[index];
            evenly += course.evenly[step] * work;
            at_once += course.at_once[step] * work;
            before += waiting * work;
            messages += course.evenly[step] + course.at_once[step];
        }
        found.came += messages;
        found.offered = found.offered.max(evenly / dt);
        found.at_once = found.at_once.max(at_once);
        over = if evenly > limit.rate * dt * (1.0 + 1e-9) { over + dt } else { 0.0 };
        found.over_s = found.over_s.max(over);
        match limit.excess {
            Excess::TurnedAway => {
                let first = at_once.min(tokens);
                let room = tokens - first + limit.rate * dt;
                let then = evenly.min(room);
                tokens = (room - then).min(limit.burst);
                let share = |passed: f64, all: f64| if all > 0.0 { passed / all } else { 1.0 };
                let shares = (share(first, at_once), share(then, evenly));
                for &(index, _) in own {
                    let course = &mut courses[index];
                    let kept = (course.at_once[step] * shares.0, course.evenly[step] * shares.1);
                    found.turned_away +=
                        course.at_once[step] + course.evenly[step] - kept.0 - kept.1;
                    (course.at_once[step], course.evenly[step]) = kept;
                }
            }
            Excess::Waits { room } => {
                let total = before + at_once + evenly;
                let allowed = tokens + limit.rate * dt;
                let out = total.min(allowed);
                let left = if total - out > 1e-9 * total { total - out } else { 0.0 };
                let most = match room {
                    Some(room) => room * total / (messages + waiting.iter().sum::<f64>()).max(1.0),
                    None => f64::INFINITY,
                };
                let last = (before + at_once - tokens).max(0.0);
                let last = if at_once > 0.0 { last.max(left) } else { left };
                found.wait_s = found.wait_s.max(last.min(most) / limit.rate);
                if before <= 0.0 && left <= 0.0 && at_once <= tokens {
                    tokens = (allowed - out).min(limit.burst);
                    continue;
                }
                tokens = (allowed - out).min(limit.burst);
                let kept = if total > 0.0 { left / total } else { 0.0 };
                let mut stays = 0.0;
                for (&(index, _), waiting) in own.iter().zip(&mut waiting) {
                    let course = &mut courses[index];
                    let all = *waiting + course.at_once[step] + course.evenly[step];
                    *waiting = all * kept;
                    stays += *waiting;
                    (course.at_once[step], course.evenly[step]) = (0.0, all - *waiting);
                }
                if let Some(room) = room.filter(|room| stays > *room) {
                    found.turned_away += stays - room;
                    waiting.iter_mut().for_each(|own| *own *= room / stays);
                    stays = room;
                }
                found.backlog = found.backlog.max(stays);
            }
        }
    }
    found
}

/// Adds a station if what came to it was too much for it.
fn push(
    into: &mut Vec<Overload>,
    found: Found,
    limit: &Limit,
    (spec, flows, own): (&Spec, &[Flow<'_>], &[(usize, f64)]),
    station: Station,
    of: String,
) {
    // In messages where work is time: what so many slots pass.
    let total: f64 = own.iter().map(|(_, work)| work).sum();
    let each = match station {
        Station::Workers { .. } | Station::Slots { .. } if !own.is_empty() => {
            total / own.len() as f64
        }
        _ => 1.0,
    };
    let patience = patience(spec, flows, own, &station);
    let steady: f64 =
        own.iter().filter_map(|(index, work)| Some(flows.get(*index)?.rate * work)).sum();
    let overload = Overload {
        station,
        of,
        passes: limit.rate / each,
        needed: found.offered,
        offered: found.offered / each,
        at_once: found.at_once / each,
        over_s: found.over_s,
        backlog: found.backlog,
        wait_s: found.wait_s,
        turned_away: found.turned_away,
        came: found.came,
        patience,
        steady: steady > limit.rate,
    };
    if overload.matters() {
        into.push(overload);
    }
}

/// The least patience of those who pass a limit. Where others go first by priority or deadline, of
/// those whose traffic has peaks alone.
fn patience(
    spec: &Spec,
    flows: &[Flow<'_>],
    own: &[(usize, f64)],
    station: &Station,
) -> Option<Patience> {
    let carrier = matches!(station, Station::CarrierThrottle { .. });
    let of = |(index, _): &(usize, f64)| {
        let flow = flows.get(*index)?;
        let queue = spec.queues.get(flow.queue);
        let in_turn = carrier || queue.is_none_or(|queue| queue.discipline == Discipline::Fifo);
        if !in_turn && !varies(&flow.stream.arrivals) {
            return None;
        }
        let ttl = queue.and_then(|queue| queue.ttl).filter(|_| !carrier);
        let limits =
            [(flow.stream.deadline, "deadline"), (flow.stream.validity, "validity"), (ttl, "ttl")];
        let seconds =
            limits.into_iter().filter_map(|(limit, what)| Some((in_seconds(limit?), what)));
        let (seconds, what) = seconds.reduce(|a, b| if b.0 < a.0 { b } else { a })?;
        let whose = match (what, queue) {
            ("ttl", Some(queue)) => format!("queue `{}`", queue.name),
            _ => format!("traffic `{}`", flow.stream.name),
        };
        Some(Patience { seconds, what, whose })
    };
    own.iter().filter_map(of).reduce(|a, b| if b.seconds < a.seconds { b } else { a })
}

impl Overload {
    /// Whether it is worth a word.
    fn matters(&self) -> bool {
        let long = match &self.patience {
            Some(patience) => self.wait_s > patience.seconds,
            None => self.wait_s > LONG_S && self.over_s > 0.0,
        };
        long || self.turned_away > TURNED_AWAY * self.came
    }

    /// Whether it is the API's.
    pub(crate) fn is_api(&self) -> bool {
        self.station == Station::Api
    }

    /// Whether attempts fail by it: they are refused, or time out at a server.
    pub(crate) fn fails_attempts(&self) -> bool {
        match &self.station {
            Station::ProviderThrottle { refuses, .. } => *refuses,
            Station::Slots { key, .. } => *key == "servers",
            Station::Api | Station::Workers { .. } | Station::CarrierThrottle { .. } => false,
        }
    }

    /// The longest wait, in seconds.
    pub(crate) fn wait_s(&self) -> f64 {
        self.wait_s
    }

    /// In a sentence about the chain: `the peak of 96/s is over provider smsc’s throttle of 80/s`.
    pub(crate) fn sentence(&self) -> String {
        let [offered, passes] = apart(self.offered, self.passes);
        let limit = match &self.station {
            Station::Api => format!("the API’s rate limit of {passes}/s"),
            Station::Workers { queue: _, name, .. } => {
                format!("the {passes}/s that the workers of queue {name} manage")
            }
            Station::Slots { name, key, .. } => {
                format!("the {passes}/s that provider {name}’s {key} passes")
            }
            Station::ProviderThrottle { name, .. } => {
                format!("provider {name}’s throttle of {passes}/s")
            }
            Station::CarrierThrottle { name, .. } => {
                format!("carrier {name}’s throttle of {passes}/s")
            }
        };
        if self.over_s <= 0.0 {
            return format!("{} at once are too much for {limit}", grouped(self.at_once));
        }
        let what = if self.steady { "load" } else { "peak" };
        format!("the {what} of {offered}/s is over {limit}")
    }

    fn warning(&self, root: &Record) -> Diagnostic {
        let entry = |kind: &str, index: usize, key: &str| {
            root.tables(kind).nth(index).map_or(root.place, |entry| entry.at(key))
        };
        let mut label = "at its peak, in segments".to_owned();
        let (place, name, unit) = match &self.station {
            Station::Api => {
                let place = root.table("api").map_or(root.place, |api| api.at("rate_limit"));
                label = "they are rejected: rate_limited".to_owned();
                (place, "the API takes".to_owned(), " requests")
            }
            Station::Workers { queue, name, .. } => {
                label = self.slots(name);
                (entry("queue", *queue, "workers"), format!("queue `{name}` passes"), " messages")
            }
            Station::Slots { provider, name, key } => {
                let passes = format!("the {key} of provider `{name}` passes");
                label = self.slots(name);
                (entry("provider", *provider, key), passes, " messages")
            }
            Station::ProviderThrottle { provider, name, .. } => {
                let place = entry("provider", *provider, "throttle");
                (place, format!("provider `{name}` passes"), " segments")
            }
            Station::CarrierThrottle { carrier, name, .. } => {
                let place = entry("carrier", *carrier, "throttle");
                (place, format!("carrier `{name}` passes"), " segments")
            }
        };
        let of = if self.of.is_empty() { String::new() } else { format!(" of {}", self.of) };
        let [offered, passes] = apart(self.offered, self.passes);
        let unit = if passes == "1" { unit.trim_end_matches('s') } else { unit };
        let come = if self.over_s > 0.0 {
            format!(
                "up to {offered}/s are offered, and for {} more than it passes",
                long(self.over_s)
            )
        } else {
            format!("{} come at once", grouped(self.at_once))
        };
        warning(place, format!("{name} {passes}{unit}/s{of}, {come}: {}", self.end()), &label)
    }

    /// How many slots would do.
    fn slots(&self, name: &str) -> String {
        if self.over_s > 0.0 { at_least(self.needed, name) } else { "in messages".to_owned() }
    }

    /// What comes of it.
    fn end(&self) -> String {
        if self.turned_away > TURNED_AWAY * self.came {
            let how = match &self.station {
                Station::ProviderThrottle { refuses: true, .. } => "of first attempts are refused",
                Station::CarrierThrottle { end, .. } => end,
                Station::Api => "are rejected",
                _ => "find no room",
            };
            let share = percent(self.turned_away / self.came);
            return format!("about {} ({share}) {how}", grouped(self.turned_away));
        }
        let mut text = if self.over_s > 0.0 {
            format!(
                "{} are left waiting, the last for {}",
                grouped(self.backlog),
                long(self.wait_s)
            )
        } else {
            format!("the last one waits {}", long(self.wait_s))
        };
        if let Some(Patience { seconds, what, whose }) = &self.patience {
            text.push_str(&format!(", longer than the {what} of {whose}, {}", long(*seconds)));
        }
        text
    }
}

/// Seconds, minutes or hours.
fn long(seconds: f64) -> String {
    match seconds {
        ..120.0 => span(seconds),
        ..7200.0 => format!("{} min", digits(seconds / 60.0, 3)),
        _ => format!("{} h", digits(seconds / 3600.0, 3)),
    }
}

/// A count to three digits, in groups: `57,600`.
fn grouped(count: f64) -> String {
    let whole = digits(count.round(), 3);
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
