//! The run as a fluid, in steps: the peaks of profiles, campaigns and on/off traffic, and what they
//! leave waiting at each limit.

use super::{Excess, Flow, Limit, Station, flows, limits};
use crate::chain::spec::{Arrivals, Discipline, Spec, Traffic};
use crate::kernel::{Nanos, in_seconds};

/// Steps that a run is cut into.
const STEPS: usize = 720;
/// More flows than this are not followed step by step.
const FLOWS: usize = 2_000;
/// Less than this share turned away is not worth a word.
pub(super) const TURNED_AWAY: f64 = 0.01;
/// The peak of a rate is told from this wait on, where nothing says how long a message may wait.
const LONG_S: f64 = 60.0;
const DAY: Nanos = 86_400_000_000_000;

/// A limit that is offered more than it passes, for a while or always, and what comes of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Overload {
    pub(super) limit: Limit,
    /// The bucket among its buckets, in words; empty if it has one.
    pub(super) of: String,
    /// The load that came to it, in its unit of work.
    pub(super) found: Found,
    /// Work of a message where a second of a slot is the unit, else 1.
    pub(super) each: f64,
    /// The least patience among those who wait.
    pub(super) patience: Option<Patience>,
    /// Rates that don't vary are too much already.
    pub(super) steady: bool,
}

/// The time that a message may wait, and what says so.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Patience {
    pub(super) seconds: f64,
    pub(super) what: &'static str,
    /// Its owner: ``traffic `otp` ``.
    pub(super) whose: String,
}

/// Messages by step: those that come evenly within it, and those that come at once.
#[derive(Debug, Clone)]
struct Demand {
    evenly: Vec<f64>,
    at_once: Vec<f64>,
}

/// The load that came to a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Found {
    /// The most that is offered, a second, in its unit of work.
    pub(super) offered: f64,
    /// The most that comes at one instant, in its unit of work.
    pub(super) at_once: f64,
    /// The longest time for which more is offered than it passes, in seconds.
    pub(super) over_s: f64,
    /// The most messages that wait.
    pub(super) backlog: f64,
    /// The longest wait, in seconds.
    pub(super) wait_s: f64,
    /// Messages turned away, and all that came.
    pub(super) turned_away: f64,
    pub(super) came: f64,
}

/// Limits that are offered more than they pass, so much that messages are turned away or wait longer
/// than they may; along the chain.
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
                if !found.iter().any(|known| known.limit == own.limit) {
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
                let demand = requests(stream, spec, dt, false);
                demand.evenly.iter().chain(&demand.at_once).sum()
            }
        };
        requests * f64::from(stream.per_request) * spec.scale
    };
    spec.traffic.iter().map(of).collect()
}

/// `true` if a stream's rate has peaks.
pub(super) fn varies(arrivals: &Arrivals) -> bool {
    matches!(
        arrivals,
        Arrivals::Profile { .. } | Arrivals::Campaign { .. } | Arrivals::OnOff { .. }
    )
}

/// Goes along the chain. `high`: the on/off stream that goes up and down; others have their means.
fn walk(spec: &Spec, flows: &[Flow<'_>], high: Option<usize>) -> Vec<Overload> {
    let dt = in_seconds(spec.duration) / STEPS as f64;
    let streams = spec.traffic.iter().enumerate();
    let requests: Vec<Demand> =
        streams.map(|(index, stream)| requests(stream, spec, dt, high == Some(index))).collect();
    let mut demands: Vec<Demand> =
        flows.iter().map(|flow| requests[flow.index].times(flow.part)).collect();
    let mut found = Vec::new();
    for limit in limits(spec) {
        if limit.station == Station::Api {
            let served = api(spec, &requests, &limit, dt, (flows, &mut demands));
            let own: Vec<(usize, f64)> = (0..flows.len()).map(|index| (index, 1.0)).collect();
            found.extend(Overload::of(spec, flows, &limit, (&own, served), String::new()));
            continue;
        }
        // Of a throttle's buckets the one that is the furthest over.
        let mut told: Vec<Overload> = Vec::new();
        for (bucket, mut own) in limit.buckets(spec, flows) {
            own.retain(|(_, work)| *work > 0.0);
            let served = serve(&mut demands, &own, &limit, dt);
            told.extend(Overload::of(spec, flows, &limit, (&own, served), bucket));
        }
        let over = |own: &Overload| (own.found.wait_s, own.found.turned_away);
        let worse = |a: Overload, b: Overload| if over(&b) > over(&a) { b } else { a };
        found.extend(told.into_iter().reduce(worse));
    }
    found
}

/// A stream's requests, before scale.
fn requests(stream: &Traffic, spec: &Spec, dt: f64, alternates: bool) -> Demand {
    let mut demand = Demand::nothing();
    let mut fill = |rate: &dyn Fn(f64) -> f64| {
        for (step, evenly) in demand.evenly.iter_mut().enumerate() {
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
                if let Some(there) = demand.at_once.get_mut(step) {
                    *there += count;
                }
            } else {
                for (step, evenly) in demand.evenly.iter_mut().enumerate() {
                    let (from, to) = (step as f64 * dt, (step as f64 + 1.0) * dt);
                    let within = (to.min(at + over) - from.max(at)).max(0.0);
                    *evenly = count * within / over;
                }
            }
        }
        Arrivals::Trace { .. } => {}
    }
    demand
}

/// The rate of a profile at a time.
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

impl Demand {
    fn nothing() -> Demand {
        Demand { evenly: vec![0.0; STEPS], at_once: vec![0.0; STEPS] }
    }

    fn times(&self, factor: f64) -> Demand {
        let times = |all: &[f64]| all.iter().map(|each| each * factor).collect();
        Demand { evenly: times(&self.evenly), at_once: times(&self.at_once) }
    }
}

/// Lets the requests through the API's rate limit, and leaves of each demand what passes.
fn api(
    spec: &Spec,
    requests: &[Demand],
    limit: &Limit,
    dt: f64,
    (flows, demands): (&[Flow<'_>], &mut [Demand]),
) -> Found {
    let before: Vec<Demand> = requests.iter().map(|demand| demand.times(spec.scale)).collect();
    let mut after = before.clone();
    let all: Vec<(usize, f64)> = (0..after.len()).map(|index| (index, 1.0)).collect();
    let served = serve(&mut after, &all, limit, dt);
    for (flow, demand) in flows.iter().zip(demands) {
        let (before, after) = (&before[flow.index], &after[flow.index]);
        let part = |all: &mut [f64], before: &[f64], after: &[f64]| {
            for ((own, before), after) in all.iter_mut().zip(before).zip(after) {
                *own *= if *before > 0.0 { after / before } else { 0.0 };
            }
        };
        part(&mut demand.evenly, &before.evenly, &after.evenly);
        part(&mut demand.at_once, &before.at_once, &after.at_once);
    }
    served
}

/// Lets what comes through a limit: afterwards the demands are what it passes.
fn serve(demands: &mut [Demand], own: &[(usize, f64)], limit: &Limit, dt: f64) -> Found {
    let mut found = Found::default();
    let mut waiting = vec![0.0_f64; own.len()];
    let (mut tokens, mut over) = (limit.burst, 0.0);
    for step in 0..STEPS {
        let (mut evenly, mut at_once, mut before, mut messages) = (0.0, 0.0, 0.0, 0.0);
        for (&(index, work), waiting) in own.iter().zip(&waiting) {
            let demand = &demands[index];
            evenly += demand.evenly[step] * work;
            at_once += demand.at_once[step] * work;
            before += waiting * work;
            messages += demand.evenly[step] + demand.at_once[step];
        }
        found.came += messages;
        found.offered = found.offered.max(evenly / dt);
        found.at_once = found.at_once.max(at_once);
        over = if evenly > limit.rate * dt * (1.0 + 1e-9) { over + dt } else { 0.0 };
        found.over_s = found.over_s.max(over);
        match limit.excess {
            Excess::TurnedAway(_) => {
                let first = at_once.min(tokens);
                let room = tokens - first + limit.rate * dt;
                let then = evenly.min(room);
                tokens = (room - then).min(limit.burst);
                let share = |passed: f64, all: f64| if all > 0.0 { passed / all } else { 1.0 };
                let shares = (share(first, at_once), share(then, evenly));
                for &(index, _) in own {
                    let demand = &mut demands[index];
                    let kept = (demand.at_once[step] * shares.0, demand.evenly[step] * shares.1);
                    found.turned_away +=
                        demand.at_once[step] + demand.evenly[step] - kept.0 - kept.1;
                    (demand.at_once[step], demand.evenly[step]) = kept;
                }
            }
            Excess::Waits { room } => {
                let room = room.map(|room| room as f64);
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
                    let demand = &mut demands[index];
                    let all = *waiting + demand.at_once[step] + demand.evenly[step];
                    *waiting = all * kept;
                    stays += *waiting;
                    (demand.at_once[step], demand.evenly[step]) = (0.0, all - *waiting);
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

impl Overload {
    /// The overload of a limit, or of one of its buckets, through which `own` flows go; `None` if what
    /// was found there is not worth a word.
    fn of(
        spec: &Spec,
        flows: &[Flow<'_>],
        limit: &Limit,
        (own, found): (&[(usize, f64)], Found),
        of: String,
    ) -> Option<Overload> {
        // In messages where work is time: what so many slots pass.
        let total: f64 = own.iter().map(|(_, work)| work).sum();
        let each = match limit.station {
            Station::Workers | Station::Window | Station::Servers if !own.is_empty() => {
                total / own.len() as f64
            }
            _ => 1.0,
        };
        let patience = patience(spec, flows, own, limit.station);
        let steady: f64 = own.iter().map(|&(index, work)| flows[index].rate * work).sum();
        let steady = steady > limit.rate;
        let overload = Overload { limit: limit.clone(), of, found, each, patience, steady };
        overload.matters().then_some(overload)
    }

    fn matters(&self) -> bool {
        let Found { wait_s, over_s, turned_away, came, .. } = self.found;
        let long = match &self.patience {
            Some(patience) => wait_s > patience.seconds,
            None => wait_s > LONG_S && over_s > 0.0,
        };
        long || turned_away > TURNED_AWAY * came
    }

    /// The most messages that wait there.
    pub(crate) fn backlog(&self) -> f64 {
        self.found.backlog
    }

    /// The longest wait, in seconds.
    pub(crate) fn wait_s(&self) -> f64 {
        self.found.wait_s
    }

    /// `true` if it is the API's.
    pub(crate) fn is_api(&self) -> bool {
        self.limit.station == Station::Api
    }

    /// `true` if attempts fail by it: they are refused, or time out at a server.
    pub(crate) fn fails_attempts(&self) -> bool {
        match self.limit.station {
            Station::ProviderThrottle => matches!(self.limit.excess, Excess::TurnedAway(_)),
            station => station == Station::Servers,
        }
    }
}

/// The least patience of those who pass a limit. Where others go first by priority or deadline, of
/// those whose traffic has peaks alone.
fn patience(
    spec: &Spec,
    flows: &[Flow<'_>],
    own: &[(usize, f64)],
    station: Station,
) -> Option<Patience> {
    let carrier = station == Station::CarrierThrottle;
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
