//! Several limits at once: what passes takes its tokens of all of them together, or none.

mod lines;
pub(crate) mod window;

pub(crate) use lines::Spot;
use lines::{First, Lines};
use window::Windows;

use crate::chain::records::names::{Names, scope_size};
use crate::chain::records::paged::Paged;
use crate::chain::spec::{Allowance, Scope, Spec, THROTTLES_MAX, Target};
use crate::chain::stations::bucket::Buckets;
use crate::kernel::Nanos;
use std::ops::Range;

/// The count of each limit that a message falls into.
pub(crate) type Among = [u32; THROTTLES_MAX];

/// The limits of a station, in the order of its list, and who waits for them.
#[derive(Debug)]
pub(crate) struct Limits<T> {
    list: Vec<Limit>,
    lines: Lines<T>,
    /// The earliest of the events that were scheduled; the others are void.
    event: Nanos,
    /// The span over which taken tokens are counted.
    counted: Range<Nanos>,
}

#[derive(Debug)]
struct Limit {
    scope: Scope,
    meter: Meter,
    /// One that finds no token waits; else it is refused.
    waits: bool,
    /// Tokens taken from each of its counts within the observation window.
    taken: Paged<u64>,
}

#[derive(Debug)]
enum Meter {
    Bucket(Buckets),
    Windows(Windows),
}

impl Meter {
    fn ready_at(&self, index: usize, tokens: u64, now: Nanos) -> Nanos {
        match self {
            Meter::Bucket(buckets) => buckets.ready_at(index, tokens, now),
            Meter::Windows(windows) => windows.ready_at(index, tokens, now),
        }
    }

    fn take(&mut self, index: usize, tokens: u64, now: Nanos) {
        match self {
            Meter::Bucket(buckets) => buckets.take(index, tokens, now),
            Meter::Windows(windows) => windows.take(index, tokens, now),
        }
    }

    fn give_back(&mut self, index: usize, tokens: u64, now: Nanos) {
        match self {
            Meter::Bucket(buckets) => buckets.give_back(index, tokens, now),
            Meter::Windows(windows) => windows.give_back(index, tokens, now),
        }
    }

    fn level(&self, index: usize, now: Nanos) -> f64 {
        match self {
            Meter::Bucket(buckets) => buckets.level(index, now),
            Meter::Windows(windows) => windows.level(index, now),
        }
    }

    fn least_level(&self, now: Nanos) -> f64 {
        match self {
            Meter::Bucket(buckets) => buckets.least_level(now),
            Meter::Windows(windows) => windows.least_level(now),
        }
    }
}

/// The first of those who are looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looked<T> {
    pub(crate) item: T,
    pub(crate) among: Among,
    pub(crate) tokens: u16,
    first: First<T>,
}

/// A limit that holds one up, and the place where it waits for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// Its index in the list.
    pub(crate) limit: usize,
    /// The place among those who wait for the same counts, from 1.
    pub(crate) place: u64,
}

impl<T: Copy> Limits<T> {
    /// A target's limits, each with whether who finds no token there waits. `providers`: of how many
    /// there are counts in the scope of providers.
    pub(crate) fn new<'spec>(
        spec: &Spec,
        target: Target,
        list: impl Iterator<Item = (&'spec Allowance, Scope, bool)>,
        names: &Names,
        providers: usize,
    ) -> Limits<T> {
        let limit = |(allowance, scope, waits): (&Allowance, Scope, bool)| {
            let size = scope_size(scope, names, providers);
            let meter = match allowance {
                Allowance::Bucket(bucket) => {
                    Meter::Bucket(Buckets::new(spec, target, bucket, scope, size))
                }
                Allowance::Window(window) => {
                    Meter::Windows(Windows::new(spec, target, *window, size))
                }
            };
            let taken = Paged::new(0, size);
            Limit { scope, meter, waits, taken }
        };
        Limits {
            list: list.map(limit).collect(),
            lines: Lines::new(),
            event: Nanos::MAX,
            counted: spec.warmup..spec.duration,
        }
    }

    /// The counts that a message falls into, by what each scope makes of it.
    pub(crate) fn among(&self, of: impl Fn(Scope) -> usize) -> Among {
        let mut among = Among::default();
        for (count, limit) in among.iter_mut().zip(&self.list) {
            *count = of(limit.scope) as u32;
        }
        among
    }

    fn has(&self, limit: usize, among: &Among, tokens: u16, now: Nanos) -> bool {
        let meter = &self.list[limit].meter;
        meter.ready_at(among[limit] as usize, u64::from(tokens), now) <= now
    }

    /// The first limit of the list that refuses: one that isn't waited for, and has no tokens.
    pub(crate) fn refuses(&self, among: &Among, tokens: u16, now: Nanos) -> Option<usize> {
        (0..self.list.len())
            .find(|&limit| !self.list[limit].waits && !self.has(limit, among, tokens, now))
    }

    /// The first limit of the list that holds up who comes now.
    pub(crate) fn holds_up(&self, among: &Among, tokens: u16, now: Nanos) -> Option<usize> {
        self.holds_up_as(u64::MAX, among, tokens, now)
    }

    /// The first count that holds up who comes now, where others wait elsewhere for those that are `kept`.
    pub(crate) fn holds_up_beside(
        &self,
        kept: &[Spot],
        among: &Among,
        tokens: u16,
        now: Nanos,
    ) -> Option<Spot> {
        let spots = (0..self.list.len()).map(|limit| spot(limit, among));
        spots.into_iter().find(|spot| {
            let limit = usize::from(spot.0);
            self.list[limit].waits
                && (kept.contains(spot)
                    || self.lines.is_before(*spot, u64::MAX)
                    || !self.has(limit, among, tokens, now))
        })
    }

    fn holds_up_as(&self, number: u64, among: &Among, tokens: u16, now: Nanos) -> Option<usize> {
        (0..self.list.len()).find(|&limit| {
            self.list[limit].waits
                && (self.lines.is_before(spot(limit, among), number)
                    || !self.has(limit, among, tokens, now))
        })
    }

    /// The earliest instant at which all that are waited for have tokens, if nobody takes any until then.
    pub(crate) fn ready_at(&self, among: &Among, tokens: u16, now: Nanos) -> Nanos {
        let waited = self.list.iter().zip(among).filter(|(limit, _)| limit.waits);
        let ready = |(limit, &count): (&Limit, &u32)| {
            limit.meter.ready_at(count as usize, u64::from(tokens), now)
        };
        waited.map(ready).fold(now, Nanos::max)
    }

    /// Takes tokens of all that are waited for, or of all others.
    pub(crate) fn takes(&mut self, waited: bool, among: &Among, tokens: u16, now: Nanos) {
        let counts = self.counted.contains(&now);
        for (limit, &count) in self.list.iter_mut().zip(among) {
            if limit.waits == waited {
                limit.meter.take(count as usize, u64::from(tokens), now);
                if counts {
                    limit.taken[count as usize] += u64::from(tokens);
                }
            }
        }
    }

    /// Gives back what was taken of all that are waited for.
    pub(crate) fn gives_back(&mut self, among: &Among, tokens: u16, now: Nanos) {
        let counts = self.counted.contains(&now);
        for index in 0..self.list.len() {
            let (limit, count) = (&mut self.list[index], among[index] as usize);
            if !limit.waits {
                continue;
            }
            limit.meter.give_back(count, u64::from(tokens), now);
            if counts {
                limit.taken[count] = limit.taken[count].saturating_sub(u64::from(tokens));
            }
            self.times(spot(index, among), now);
        }
    }

    /// One waits, held up by that limit.
    pub(crate) fn waits(
        &mut self,
        item: T,
        limit: usize,
        among: &Among,
        tokens: u16,
        now: Nanos,
    ) -> Held {
        let spot = spot(limit, among);
        let (place, first) = self.lines.joins(item, *among, tokens, spot);
        if first {
            self.times(spot, now);
        }
        Held { limit, place }
    }

    /// The first of a line is looked at when there are tokens for it.
    fn times(&mut self, spot: Spot, now: Nanos) {
        if let Some(first) = self.lines.first_at(spot) {
            let meter = &self.list[usize::from(spot.0)].meter;
            let at = meter.ready_at(spot.1 as usize, u64::from(first.tokens), now);
            self.lines.is_due(spot, at);
        }
    }

    /// The time of the next look at those who wait, if an event has to be scheduled for that.
    pub(crate) fn event_at(&mut self) -> Option<Nanos> {
        self.lines.next_due().and_then(|at| self.looks_at(at))
    }

    /// There is something to be looked at then: that time, if an event has to be scheduled for it.
    pub(crate) fn looks_at(&mut self, at: Nanos) -> Option<Nanos> {
        (at < self.event).then(|| {
            self.event = at;
            at
        })
    }

    /// The event at which those are looked at whose time has come. False: it is void.
    pub(crate) fn wakes(&mut self, now: Nanos) -> bool {
        let counts = now >= self.event;
        if counts {
            self.event = Nanos::MAX;
            self.lines.wakes(now);
        }
        counts
    }

    /// The next of those that are looked at.
    pub(crate) fn looked(&self) -> Option<Looked<T>> {
        self.lines.first_awake().map(|first| Looked {
            item: first.item,
            among: first.among,
            tokens: first.tokens,
            first,
        })
    }

    /// True if who is looked at has tokens of all that are waited for; else it waits on.
    pub(crate) fn has_all(&mut self, looked: &Looked<T>, now: Nanos) -> bool {
        let Looked { among, tokens, first, .. } = looked;
        let own = usize::from(first.spot.0);
        if !self.has(own, among, *tokens, now) {
            self.lines.sleeps(first);
            self.times(first.spot, now);
            return false;
        }
        let Some(other) = self.holds_up_as(first.number, among, *tokens, now) else {
            return true;
        };
        let to = spot(other, among);
        if self.lines.moves(first, to) {
            self.times(to, now);
        }
        false
    }

    /// The one that is looked at leaves, with or without tokens.
    pub(crate) fn leaves(&mut self, looked: &Looked<T>) {
        self.lines.leaves(&looked.first);
    }

    /// The number of those who wait.
    pub(crate) fn waiting(&self) -> usize {
        self.lines.waiting()
    }

    /// Those who wait.
    pub(crate) fn in_line(&self) -> impl Iterator<Item = T> {
        self.lines.all()
    }

    /// Tokens of the limit that a message falls into.
    pub(crate) fn level(&self, limit: usize, among: &Among, now: Nanos) -> f64 {
        self.list.get(limit).map_or(0.0, |own| own.meter.level(among[limit] as usize, now))
    }

    /// Tokens in the emptiest of all counts.
    pub(crate) fn least_level(&self, now: Nanos) -> f64 {
        let levels = self.list.iter().map(|limit| limit.meter.least_level(now));
        levels.fold(f64::INFINITY, f64::min)
    }

    /// Of each limit the tokens taken from its busiest count within the observation window.
    pub(crate) fn most_taken(&self) -> Vec<u64> {
        let most = |limit: &Limit| limit.taken.distinct().copied().max().unwrap_or(0);
        self.list.iter().map(most).collect()
    }
}

fn spot(limit: usize, among: &Among) -> Spot {
    (limit as u8, among[limit])
}
