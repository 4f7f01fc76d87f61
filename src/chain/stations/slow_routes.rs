//! Slow routes: whether the messages of a route are seen to arrive too late, and what traffic is taken from it
//! for that, and given back.
//!
//! A route's memory of its messages is a ring of spans, the longest that divide all the times of its rule, so that
//! what it knows of the window looked back on is exact and takes no more room with more traffic.

use crate::chain::records::outcome::Observed;
use crate::chain::spec::{Restore, Slow, Spec, Young};
use crate::kernel::Nanos;

/// The routes of a run, where traffic may be taken from any.
#[derive(Debug)]
pub(crate) struct SlowRoutes<'run> {
    /// Empty if it never is.
    routes: Vec<State<'run>>,
    from: Nanos,
    to: Nanos,
}

#[derive(Debug)]
struct State<'run> {
    watch: Option<Watch<'run>>,
    /// Those that what is taken from it goes to.
    rivals: Vec<u16>,
    /// It and its rivals share all their rivals.
    closed: bool,
    /// Its part of its own and its rivals' weights.
    base: f64,
    /// The carrier where its part is largest: there its weight is measured.
    carrier: u16,
    /// The part of the traffic that is taken from it.
    taken: f64,
    /// Its weight may change.
    changes: bool,
    /// Its last change, or a rival's.
    changed: Option<Nanos>,
    /// The part that it has had since `since`, in billionths, and its area before.
    part: u64,
    since: Nanos,
    area: u128,
}

/// A route that is looked at.
#[derive(Debug)]
struct Watch<'run> {
    rule: &'run Slow,
    /// Length of a span.
    width: Nanos,
    /// The last spans, each in the place of its number.
    spans: Vec<Span>,
    /// The number of the latest.
    latest: u64,
    /// At its last look it was slow.
    slow: bool,
}

/// Copies that a provider accepted within a span.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    accepted: u32,
    /// Seen delivered in time.
    in_time: u32,
    /// Seen to have failed.
    failed: u32,
}

/// Time of a copy, as a receipt tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    InTime,
    Late,
    Failed,
    /// Nothing that is known to be the end of it.
    Nothing,
}

/// A change of what is taken from a route.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Change {
    pub(crate) route: u16,
    /// The part that is taken from it now.
    pub(crate) taken: f64,
    pub(crate) why: Why,
}

/// The reason of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is slow.
    Slow,
    /// It has been left alone for long enough.
    Restored,
    /// Nothing moves: it has nothing left, or as much is taken from all its rivals.
    Even,
}

/// Less than this part is nothing: what rounding leaves.
const NOTHING: f64 = 1e-9;
/// Parts are kept in billionths.
const WHOLE: f64 = 1e9;
const HALF_A_POINT: u64 = 5_000_000;

impl<'run> SlowRoutes<'run> {
    pub(crate) fn new(spec: &'run Spec) -> SlowRoutes<'run> {
        let (from, to) = (spec.warmup, spec.duration);
        if !spec.watches_routes() {
            return SlowRoutes { routes: Vec::new(), from, to };
        }
        let rivals: Vec<Vec<usize>> =
            (0..spec.routes.len()).map(|route| spec.rivals(route)).collect();
        let with_itself = |route: usize| {
            let mut all = rivals[route].clone();
            all.push(route);
            all.sort_unstable();
            all
        };
        let changing = spec.weights_that_change();
        let state = |(index, route): (usize, &'run crate::chain::spec::Route)| {
            let all = with_itself(index);
            let weight = |of: &[usize]| of.iter().map(|&one| spec.routes[one].weight).sum::<f64>();
            // Where it has the fewest beside it.
            let beside = |carrier: &usize| {
                let there = rivals[index].iter().copied();
                let there: Vec<usize> =
                    there.filter(|&rival| spec.routes[rival].carriers.contains(carrier)).collect();
                (!there.is_empty()).then(|| weight(&there))
            };
            let met =
                route.carriers.iter().filter_map(|carrier| Some((beside(carrier)?, *carrier)));
            let fewest = met.reduce(|least, one| if one.0 < least.0 { one } else { least });
            State {
                watch: route.watched().map(Watch::new),
                closed: rivals[index].iter().all(|&rival| with_itself(rival) == all),
                base: route.weight / weight(&all),
                rivals: rivals[index].iter().map(|&rival| rival as u16).collect(),
                carrier: fewest.map_or(0, |(_, carrier)| carrier as u16),
                taken: 0.0,
                changes: changing[index],
                changed: None,
                part: 0,
                since: from,
                area: 0,
            }
        };
        SlowRoutes { routes: spec.routes.iter().enumerate().map(state).collect(), from, to }
    }

    /// True if traffic may be taken from any route.
    #[inline(always)]
    pub(crate) fn exist(&self) -> bool {
        !self.routes.is_empty()
    }

    /// A provider accepts a copy by a route.
    pub(crate) fn accepts(&mut self, route: u16, now: Nanos) {
        if let Some(watch) = &mut self.routes[usize::from(route)].watch {
            let number = watch.at(now);
            watch.span(number).accepted += 1;
        }
    }

    /// A receipt says this of a copy that was accepted then.
    pub(crate) fn sees(&mut self, route: u16, accepted: Nanos, says: Observed, now: Nanos) -> Seen {
        let Some(watch) = &mut self.routes[usize::from(route)].watch else {
            return Seen::Nothing;
        };
        let seen = match says {
            Observed::Delivered if now - accepted <= watch.rule.later_than => Seen::InTime,
            Observed::Delivered => Seen::Late,
            Observed::Undelivered | Observed::Rejected | Observed::Expired | Observed::Failed => {
                Seen::Failed
            }
            Observed::Queued | Observed::Sent | Observed::Unknown => Seen::Nothing,
        };
        watch.at(now);
        let number = accepted / watch.width;
        if number + watch.spans.len() as u64 > watch.latest {
            let span = watch.span(number);
            match seen {
                Seen::InTime => span.in_time += 1,
                Seen::Failed => span.failed += 1,
                Seen::Late | Seen::Nothing => {}
            }
        }
        seen
    }

    /// The next look at any route after `now`.
    pub(crate) fn next_look(&self, now: Nanos) -> Option<Nanos> {
        let rules = self.routes.iter().filter_map(|route| Some(route.watch.as_ref()?.rule));
        let intervals = rules.flat_map(|rule| {
            [Some(rule.look_every), rule.restore.as_ref().map(|restore| restore.look_every)]
        });
        intervals.flatten().map(|every| (now / every + 1).saturating_mul(every)).min()
    }

    /// Looks at the routes whose time it is; `part`: that which a route has now, where its weight is measured.
    pub(crate) fn look(
        &mut self,
        now: Nanos,
        part: impl Fn(u16, u16, &[u16]) -> f64,
    ) -> Vec<Change> {
        for route in &mut self.routes {
            if let Some(watch) = &mut route.watch
                && now.is_multiple_of(watch.rule.look_every)
            {
                watch.slow = watch.is_slow(now);
            }
        }
        let mut changes: Vec<Change> = Vec::new();
        for (index, route) in (0..).zip(&self.routes) {
            let Some(watch) = &route.watch else {
                continue;
            };
            let since = |span: Nanos| route.changed.is_none_or(|at| now - at >= span);
            let taken = match &watch.rule.restore {
                _ if watch.slow
                    && now.is_multiple_of(watch.rule.look_every)
                    && since(watch.rule.hold)
                    && self.some_rival_is_not_slow(route) =>
                {
                    let step = f64::from(watch.rule.step) / 100.0;
                    let has = part(index, route.carrier, &route.rivals);
                    let why = if has < NOTHING { Why::Even } else { Why::Slow };
                    (route.taken + step.min(has), why)
                }
                Some(Restore { step, every, look_every })
                    if route.taken > 0.0 && now.is_multiple_of(*look_every) && since(*every) =>
                {
                    let left = route.taken - f64::from(*step) / 100.0;
                    (if left < NOTHING { 0.0 } else { left }, Why::Restored)
                }
                _ => continue,
            };
            changes.push(Change { route: index, taken: taken.0, why: taken.1 });
        }
        self.make(now, &mut changes);
        changes
    }

    fn some_rival_is_not_slow(&self, route: &State<'_>) -> bool {
        let slow = |rival: u16| {
            self.routes[usize::from(rival)].watch.as_ref().is_some_and(|watch| watch.slow)
        };
        route.rivals.iter().any(|&rival| !slow(rival))
    }

    /// Makes changes, and takes back what is taken from all alike.
    fn make(&mut self, now: Nanos, changes: &mut Vec<Change>) {
        for change in changes.iter() {
            let index = usize::from(change.route);
            self.routes[index].taken = change.taken;
            for place in 0..self.routes[index].rivals.len() {
                let rival = self.routes[index].rivals[place];
                self.routes[usize::from(rival)].changed = Some(now);
            }
            self.routes[index].changed = Some(now);
        }
        for made in 0..changes.len() {
            let route = &self.routes[usize::from(changes[made].route)];
            if !route.closed || route.rivals.is_empty() {
                continue;
            }
            let mut all = route.rivals.clone();
            all.push(changes[made].route);
            let own = |one: &State<'_>| one.taken / ((1.0 - one.base) * one.base);
            let of_all = all.iter().map(|&one| own(&self.routes[usize::from(one)]));
            let even = of_all.fold(f64::INFINITY, f64::min);
            if even <= 0.0 {
                continue;
            }
            for one in all {
                let state = &mut self.routes[usize::from(one)];
                let left = state.taken - even * state.base * (1.0 - state.base);
                state.taken = if left < NOTHING { 0.0 } else { left };
                let taken = state.taken;
                match changes.iter_mut().find(|change| change.route == one) {
                    Some(change) => change.taken = taken,
                    None => changes.push(Change { route: one, taken, why: Why::Even }),
                }
            }
        }
    }

    /// The weights have changed, or begin; `part`: as for [`Self::look`].
    pub(crate) fn weigh(&mut self, now: Nanos, part: impl Fn(u16, u16, &[u16]) -> f64) {
        let (from, to) = (self.from, self.to);
        for (index, route) in (0..).zip(&mut self.routes) {
            let at = now.clamp(from, to);
            route.area += u128::from(route.part) * u128::from(at.saturating_sub(route.since));
            route.since = at;
            route.part = (part(index, route.carrier, &route.rivals) * WHOLE).round() as u64;
        }
    }

    /// The part of a route's traffic that it has now, in billionths.
    pub(crate) fn part(&self, route: usize) -> u64 {
        self.routes[route].part
    }

    /// Those parts of the routes whose weights may change, in points of a hundred.
    pub(crate) fn points(&self) -> impl Iterator<Item = u64> {
        self.changing().map(|(_, route)| (route.part + HALF_A_POINT) / (2 * HALF_A_POINT))
    }

    /// The same as shares, beside the routes' indices.
    pub(crate) fn shares(&self) -> impl Iterator<Item = (usize, f64)> {
        self.changing().map(|(index, route)| (index, route.part as f64 / WHOLE))
    }

    fn changing(&self) -> impl Iterator<Item = (usize, &State<'run>)> {
        self.routes.iter().enumerate().filter(|(_, route)| route.changes)
    }

    /// That part × time up to `to`, and what it is now.
    pub(crate) fn part_over_time(&self, route: usize) -> Option<(u128, u64)> {
        let state = self.routes.get(route)?;
        let left = u128::from(self.to.saturating_sub(state.since));
        Some((state.area + u128::from(state.part) * left, state.part))
    }
}

impl<'run> Watch<'run> {
    fn new(rule: &'run Slow) -> Watch<'run> {
        let (width, spans) = rule.spans();
        Watch { rule, width, spans: vec![Span::default(); spans as usize], latest: 0, slow: false }
    }

    /// The number of the span at `now`; those between it and the latest are empty.
    fn at(&mut self, now: Nanos) -> u64 {
        let number = now / self.width;
        let count = self.spans.len() as u64;
        let first = (self.latest + 1).max((number + 1).saturating_sub(count));
        for new in first..=number {
            *self.span(new) = Span::default();
        }
        self.latest = self.latest.max(number);
        number
    }

    fn span(&mut self, number: u64) -> &mut Span {
        let count = self.spans.len() as u64;
        &mut self.spans[(number % count) as usize]
    }

    /// True if the share of those that are late is above the rule's. What counts is accepted at or after
    /// `now − of_last`, before `now`; late can be what is accepted before `now − later_than`.
    fn is_slow(&mut self, now: Nanos) -> bool {
        self.at(now);
        let rule = self.rule;
        let first = now.saturating_sub(rule.of_last).div_ceil(self.width);
        let end = now / self.width;
        let old = now.saturating_sub(rule.later_than) / self.width;
        let (mut late, mut all) = (0_u64, 0_u64);
        for number in first..end {
            let Span { accepted, in_time, failed } = *self.span(number);
            let known = u64::from(accepted.saturating_sub(failed));
            if number < old {
                late += known.saturating_sub(u64::from(in_time));
                all += known;
            } else if rule.young == Young::Counted {
                all += known;
            }
        }
        late as f64 > rule.share * all as f64
    }
}
