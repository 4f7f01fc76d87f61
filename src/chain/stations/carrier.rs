//! Carriers: their throttle and who waits for it, daily cap, filters, outages.

use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::names::{Names, scope_size};
use crate::chain::records::outcome::{Observed, Truth};
use crate::chain::records::paged::Paged;
use crate::chain::spec::{
    self, Allowance, CarrierExcess, FilterAction, FilterReceipt, Scope, Spec, Target,
};
use crate::chain::stations::bucket::Buckets;
use crate::chain::stations::by_day::ByDay;
use crate::chain::stations::daily_cap::{Cap, Capped, Holding, Leaving, OverCap};
use crate::chain::stations::faults::{self, Faults, latency_factor};
use crate::chain::stations::filters::{Arrival, Filter, Looked as Sighted};
use crate::chain::stations::limits::{Among, Held, Limits, Looked};
use crate::chain::stations::quiet::{Calendar, Hours};
use crate::kernel::Nanos;
use crate::random::{DrawSource, Key, Owner};
use crate::stats::TimeWeighted;
use std::collections::VecDeque;

/// One carrier.
#[derive(Debug)]
pub(crate) struct Carrier<'run> {
    settings: &'run spec::Carrier,
    owner: Owner,
    quiet: Option<Calendar>,
    faults: Option<Box<Faults>>,
    /// The factor of its latency by time of day.
    by_day: Option<ByDay>,
    throttle: Throttled,
    cap: Option<Cap>,
    filters: Vec<Filter>,
    waiting: TimeWeighted,
}

/// Its throttles.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one a station, asked for each message")]
enum Throttled {
    Free,
    /// One token bucket, by scope.
    One(Throttle),
    /// Several, or fixed windows.
    Several(Box<Limits<Waiting>>),
}

/// The throttles in the way of a copy.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Gate {
    /// None.
    Open,
    /// A token bucket of that scope.
    By(Scope),
    /// Several, which are asked all together.
    Several,
}

/// The way of a copy at several throttles.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entry {
    /// It has a token of each.
    Passes,
    /// It waits for that one.
    Waits(Held),
    /// That one turns it away, with that to be said of it.
    Ends(usize, Option<Observed>),
}

#[derive(Debug)]
struct Throttle {
    buckets: Buckets,
    /// Copies that wait, by bucket.
    lines: Paged<VecDeque<Waiting>>,
}

/// A copy that passes several throttles after a wait, or is turned away then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Through {
    pub(crate) message: Id<Message>,
    pub(crate) copy: u32,
    pub(crate) waited: Nanos,
    pub(crate) among: Among,
    /// The throttle that turns it away, and what is said of it.
    pub(crate) refused: Option<(usize, Option<Observed>)>,
}

/// A copy that waits for a token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    message: Id<Message>,
    copy: u32,
    segments: u16,
    since: Nanos,
}

/// The fate of a copy that finds no token.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Excess {
    /// It waits, at that place from 1; if it is the first, there is a token for it then.
    Waits { place: u64, token_at: Option<Nanos> },
    /// It ends, with that to be said of it.
    Ends(Option<Observed>),
}

/// The effect of a token.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Token {
    /// A copy passes, having waited for so long.
    Passes { message: Id<Message>, copy: u32, waited: Nanos },
    /// The first in line has its token then.
    Due(Nanos),
    /// Nobody waits.
    Unclaimed,
}

impl<'run> Carrier<'run> {
    pub(crate) fn new(index: usize, spec: &'run Spec, names: &Names) -> Carrier<'run> {
        let settings = &spec.carriers[index];
        let target = Target::Carrier(index);
        let providers = spec.providers.len();
        let throttle = match &settings.throttle[..] {
            [] => Throttled::Free,
            [spec::CarrierThrottle { allowance: Allowance::Bucket(bucket), scope, .. }] => {
                let size = scope_size(*scope, names, providers);
                Throttled::One(Throttle {
                    buckets: Buckets::new(spec, target, bucket, *scope, size),
                    lines: Paged::new(VecDeque::new(), size),
                })
            }
            list => {
                let waits = |excess| matches!(excess, CarrierExcess::Queue { .. });
                let list = list.iter().map(|own| (&own.allowance, own.scope, waits(own.on_excess)));
                let limits = Limits::new(spec, target, list, names, providers);
                Throttled::Several(Box::new(limits))
            }
        };
        let filter = |(filter, settings_of): (usize, &spec::Filter)| {
            let target = Target::Filter { carrier: index, filter };
            let on = faults::windows(spec, target, |effects| effects.enable_filter);
            Filter::new(settings_of, &settings.name, names, on)
        };
        Carrier {
            settings,
            owner: Key::named(&format!("carrier.{}", settings.name)).owner(),
            quiet: Calendar::new(&settings.quiet, spec.since_monday()),
            faults: Faults::of(spec, target),
            by_day: ByDay::new(&settings.latency_by_day, spec.start),
            throttle,
            cap: settings.daily_cap.as_ref().map(|cap| Cap::new(cap, spec.start, names)),
            filters: settings.filters.iter().enumerate().map(filter).collect(),
            waiting: TimeWeighted::new(spec.warmup, spec.duration),
        }
    }

    #[inline]
    pub(crate) fn settings(&self) -> &'run spec::Carrier {
        self.settings
    }

    /// Owner of the draws of copies at it.
    #[inline]
    pub(crate) fn owner(&self) -> Owner {
        self.owner
    }

    /// The quiet hours that `now` lies in.
    #[inline]
    pub(crate) fn quiet(&self, now: Nanos) -> Option<Hours> {
        self.quiet.as_ref()?.at(now)
    }

    /// The first instant from `time` on without an outage.
    #[inline]
    pub(crate) fn up_from(&self, time: Nanos) -> Nanos {
        self.faults.as_deref().map_or(time, |faults| faults.up_from(time))
    }

    /// The factor of its latency at `time`.
    #[inline]
    pub(crate) fn latency_factor(&self, time: Nanos) -> f64 {
        let factor = latency_factor(self.faults.as_deref(), time);
        self.by_day.as_ref().map_or(factor, |day| factor * day.at(time))
    }

    /// The throttles in a copy's way.
    #[inline]
    pub(crate) fn gate(&self) -> Gate {
        match &self.throttle {
            Throttled::Free => Gate::Open,
            Throttled::One(throttle) => Gate::By(throttle.buckets.scope()),
            Throttled::Several(_) => Gate::Several,
        }
    }

    fn one_mut(&mut self) -> Option<&mut Throttle> {
        match &mut self.throttle {
            Throttled::One(throttle) => Some(throttle),
            Throttled::Free | Throttled::Several(_) => None,
        }
    }

    /// Its several throttles.
    pub(crate) fn limits(&self) -> Option<&Limits<Waiting>> {
        match &self.throttle {
            Throttled::Several(limits) => Some(limits),
            Throttled::Free | Throttled::One(_) => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn limits_mut(&mut self) -> Option<&mut Limits<Waiting>> {
        match &mut self.throttle {
            Throttled::Several(limits) => Some(limits),
            Throttled::Free | Throttled::One(_) => None,
        }
    }

    /// True if a copy passes the throttle at once.
    #[inline(always)]
    pub(crate) fn passes(&mut self, bucket: usize, segments: u16, now: Nanos) -> bool {
        let Throttled::One(throttle) = &mut self.throttle else {
            return true;
        };
        throttle.lines[bucket].is_empty()
            && throttle.buckets.passes(bucket, u64::from(segments), now)
    }

    /// A copy asks all of several throttles.
    pub(crate) fn asks(
        &mut self,
        (message, copy): (Id<Message>, u32),
        among: &Among,
        segments: u16,
        now: Nanos,
    ) -> Entry {
        let line = self.line();
        let Throttled::Several(limits) = &mut self.throttle else {
            return Entry::Passes;
        };
        let excess = |limit: usize| self.settings.throttle.get(limit).map(|own| own.on_excess);
        if let Some(limit) = limits.refuses(among, segments, now) {
            return Entry::Ends(limit, turned_away(excess(limit)));
        }
        let Some(limit) = limits.holds_up(among, segments, now) else {
            limits.takes(true, among, segments, now);
            limits.takes(false, among, segments, now);
            return Entry::Passes;
        };
        match excess(limit) {
            Some(CarrierExcess::Queue { capacity: Some(most) }) if line >= most => {
                Entry::Ends(limit, turned_away(excess(limit)))
            }
            _ => {
                let waiting = Waiting { message, copy, segments, since: now };
                let held = limits.waits(waiting, limit, among, segments, now);
                self.waiting.rise(now);
                Entry::Waits(held)
            }
        }
    }

    /// The next of those who wait for several throttles that has a token of all that are waited for; it has left
    /// the line.
    pub(crate) fn let_through(&mut self, now: Nanos) -> Option<Through> {
        let Throttled::Several(limits) = &mut self.throttle else {
            return None;
        };
        loop {
            let looked = limits.looked()?;
            if !limits.has_all(&looked, now) {
                continue;
            }
            limits.leaves(&looked);
            self.waiting.fall(now);
            let Looked { item, among, tokens, .. } = looked;
            let refused = limits.refuses(&among, tokens, now);
            if refused.is_none() {
                limits.takes(true, &among, tokens, now);
                limits.takes(false, &among, tokens, now);
            }
            let excess = |limit: usize| self.settings.throttle.get(limit).map(|own| own.on_excess);
            return Some(Through {
                message: item.message,
                copy: item.copy,
                waited: now - item.since,
                among,
                refused: refused.map(|limit| (limit, turned_away(excess(limit)))),
            });
        }
    }

    /// Copies in line for its throttles.
    fn line(&self) -> u64 {
        self.waiting.level() - self.cap.as_ref().map_or(0, Cap::held)
    }

    /// A copy finds no token.
    #[inline(never)]
    pub(crate) fn exceeds(
        &mut self,
        (message, copy): (Id<Message>, u32),
        bucket: usize,
        segments: u16,
        now: Nanos,
    ) -> Excess {
        let in_line = self.line();
        let (Throttled::One(throttle), [settings, ..]) =
            (&mut self.throttle, &self.settings.throttle[..])
        else {
            debug_assert!(false, "there is no throttle to exceed");
            return Excess::Ends(None);
        };
        match settings.on_excess {
            CarrierExcess::Queue { capacity } if in_line < capacity.unwrap_or(u64::MAX) => {
                let line = &mut throttle.lines[bucket];
                line.push_back(Waiting { message, copy, segments, since: now });
                self.waiting.rise(now);
                let first = line.len() == 1;
                let ready = || throttle.buckets.ready_at(bucket, u64::from(segments), now);
                Excess::Waits { place: line.len() as u64, token_at: first.then(ready) }
            }
            excess => Excess::Ends(turned_away(Some(excess))),
        }
    }

    /// The first that waits for a bucket passes, if there is a token for it.
    pub(crate) fn token(&mut self, bucket: usize, now: Nanos) -> Token {
        let first = self.one_mut().and_then(|throttle| {
            let first = *throttle.lines[bucket].front()?;
            Some((throttle, first))
        });
        let Some((throttle, Waiting { message, copy, segments, since })) = first else {
            return Token::Unclaimed;
        };
        let at = throttle.buckets.ready_at(bucket, u64::from(segments), now);
        if at > now {
            return Token::Due(at);
        }
        throttle.lines[bucket].pop_front();
        throttle.buckets.take(bucket, u64::from(segments), now);
        self.waiting.fall(now);
        Token::Passes { message, copy, waited: now - since }
    }

    /// The scope of its daily cap's counts, if there is one.
    #[inline]
    pub(crate) fn cap_scope(&self) -> Option<Scope> {
        Some(self.settings.daily_cap.as_ref()?.scope)
    }

    /// A copy counts against the daily cap, if that allows it; it may have been held by it before.
    pub(crate) fn cap_counts(
        &mut self,
        which: (Id<Message>, u32),
        scope: usize,
        segments: u16,
        now: Nanos,
    ) -> Option<Capped> {
        self.cap.as_mut()?.counts(which, now, scope, u64::from(segments))
    }

    /// A copy is held by the daily cap, in order, at the latest until its validity ends.
    pub(crate) fn holds(&mut self, held: OverCap, now: Nanos) -> Holding {
        self.waiting.rise(now);
        self.cap.as_mut().map_or(Holding::Expires, |cap| cap.holds(held, now))
    }

    /// The count of the daily cap starts anew: those who were held and fit into it go on, in order; others
    /// whose validity ends before the next time expire. Returns that, if somebody is still held.
    pub(crate) fn cap_resets(&mut self, now: Nanos) -> Option<Nanos> {
        self.cap.as_mut().and_then(|cap| cap.starts_anew(now))
    }

    /// The next who is held no more, or until its validity ends.
    pub(crate) fn cap_lets_go(&mut self, now: Nanos) -> Option<Leaving> {
        let leaving = self.cap.as_mut()?.leaves();
        if matches!(leaving, Some(Leaving::Goes(_))) {
            self.waiting.fall(now);
        }
        leaving
    }

    /// A copy's validity ends; the daily cap may hold it.
    pub(crate) fn expires(&mut self, which: (Id<Message>, u32), now: Nanos) {
        if self.cap.as_mut().is_some_and(|cap| cap.lets_go(which)) {
            self.waiting.fall(now);
        }
    }

    /// The number of its filters.
    #[inline]
    pub(crate) fn filters(&self) -> usize {
        self.filters.len()
    }

    /// Owner of the draw that decides whether the first filter takes a copy.
    pub(crate) fn first_filter(&self) -> Owner {
        self.filters.first().map_or(Owner::NONE, Filter::owner)
    }

    /// One of its filters looks at a copy: [`Filter::looks`].
    #[inline(always)]
    pub(crate) fn filter_looks(
        &mut self,
        filter: usize,
        it: &Arrival<'_>,
        drawn: Option<u64>,
        chance: &impl DrawSource,
    ) -> Option<Sighted> {
        self.filters[filter].looks(it, drawn, chance)
    }

    /// The end of a copy that a filter has taken, and what is said of it.
    pub(crate) fn filtered(&self, filter: usize) -> (Truth, Option<Observed>) {
        let settings = &self.settings.filters[filter];
        let truth = match settings.action {
            FilterAction::Silent => Truth::FilteredSilent,
            FilterAction::Block => Truth::FilteredExplicit,
        };
        (truth, says(settings.receipt))
    }

    /// By throttle: segments that passed the busiest of its counts within the observation window.
    pub(crate) fn throttle_taken(&self) -> Vec<u64> {
        match &self.throttle {
            Throttled::Free => Vec::new(),
            Throttled::One(throttle) => vec![throttle.buckets.most_taken()],
            Throttled::Several(limits) => limits.most_taken(),
        }
    }

    /// Tokens in one of its buckets.
    pub(crate) fn tokens(&self, bucket: usize, now: Nanos) -> f64 {
        match &self.throttle {
            Throttled::One(throttle) => throttle.buckets.level(bucket, now),
            Throttled::Free | Throttled::Several(_) => 0.0,
        }
    }

    /// Tokens in the emptiest of its buckets; `None` without a throttle.
    pub(crate) fn least_tokens(&self, now: Nanos) -> Option<f64> {
        match &self.throttle {
            Throttled::Free => None,
            Throttled::One(throttle) => Some(throttle.buckets.least_level(now)),
            Throttled::Several(limits) => Some(limits.least_level(now)),
        }
    }

    /// Copies that wait for its throttles, or for the daily cap to start anew.
    pub(crate) fn in_line(&self) -> usize {
        let throttled = match &self.throttle {
            Throttled::Free => 0,
            Throttled::One(throttle) => throttle.lines.distinct().map(VecDeque::len).sum(),
            Throttled::Several(limits) => limits.waiting(),
        };
        throttled + self.cap.as_ref().map_or(0, Cap::in_line)
    }

    /// Copies waiting for the throttle, or held by the daily cap, over time.
    pub(crate) fn waiting(&self) -> &TimeWeighted {
        &self.waiting
    }
}

/// The state that is reported of what a throttle turns away.
fn turned_away(excess: Option<CarrierExcess>) -> Option<Observed> {
    match excess {
        Some(CarrierExcess::Queue { .. } | CarrierExcess::Reject) => Some(Observed::Rejected),
        Some(CarrierExcess::Drop) | None => None,
    }
}

/// The state that a filter has the carrier report of what it takes.
pub(crate) fn says(receipt: FilterReceipt) -> Option<Observed> {
    match receipt {
        FilterReceipt::None => None,
        FilterReceipt::Rejected => Some(Observed::Rejected),
        FilterReceipt::Undelivered => Some(Observed::Undelivered),
        FilterReceipt::Delivered => Some(Observed::Delivered),
    }
}
