//! Carriers: their throttle and who waits for it, daily cap, filters, outages.

use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::names::{Names, scope_size};
use crate::chain::records::outcome::{Observed, Truth};
use crate::chain::records::paged::Paged;
use crate::chain::spec::{self, CarrierExcess, FilterAction, FilterReceipt, Scope, Spec, Target};
use crate::chain::stations::bucket::Buckets;
use crate::chain::stations::by_day::ByDay;
use crate::chain::stations::faults::{self, Faults, latency_factor};
use crate::chain::stations::filters::{Arrival, Filter, Looked};
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
    throttle: Option<Throttle>,
    cap: Option<Cap>,
    filters: Vec<Filter>,
    waiting: TimeWeighted,
}

#[derive(Debug)]
struct Throttle {
    buckets: Buckets,
    /// Copies that wait, by bucket.
    lines: Paged<VecDeque<Waiting>>,
}

/// A copy that waits for a token.
#[derive(Debug, Clone, Copy)]
struct Waiting {
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

/// A daily cap's decision on a copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Capped {
    /// Segments of the day, with it if it passes.
    pub(crate) used: u64,
    pub(crate) limit: u64,
    pub(crate) passes: bool,
}

/// Segments of the day, by scope.
#[derive(Debug)]
struct Cap {
    limit: u64,
    /// (day, segments)
    used: Paged<(u64, u64)>,
    /// Nanoseconds from the reset before t = 0 to t = 0.
    offset: Nanos,
}

const DAY: Nanos = 86_400 * 1_000_000_000;

impl Cap {
    fn new(cap: &spec::DailyCap, start: Nanos, names: &Names) -> Cap {
        let offset = (start + DAY - cap.resets_at % DAY) % DAY;
        Cap { limit: cap.limit, used: Paged::new((0, 0), scope_size(cap.scope, names, 1)), offset }
    }

    /// Counts the segments if the day's limit allows them.
    fn counts(&mut self, now: Nanos, index: usize, segments: u64) -> Capped {
        let today = (now + self.offset) / DAY;
        let (day, used) = &mut self.used[index];
        if *day != today {
            (*day, *used) = (today, 0);
        }
        let passes = *used + segments <= self.limit;
        *used += if passes { segments } else { 0 };
        Capped { used: *used, limit: self.limit, passes }
    }
}

impl<'run> Carrier<'run> {
    pub(crate) fn new(index: usize, spec: &'run Spec, names: &Names) -> Carrier<'run> {
        let settings = &spec.carriers[index];
        let target = Target::Carrier(index);
        let throttle = settings.throttle.as_ref().map(|throttle| {
            let size = scope_size(throttle.scope, names, spec.providers.len());
            Throttle {
                buckets: Buckets::new(spec, target, &throttle.bucket, throttle.scope, size),
                lines: Paged::new(VecDeque::new(), size),
            }
        });
        let filter = |(filter, settings_of): (usize, &spec::Filter)| {
            let target = Target::Filter { carrier: index, filter };
            let on = faults::windows(spec, target, |effects| effects.enable_filter);
            Filter::new(settings_of, &settings.name, names, on)
        };
        Carrier {
            settings,
            owner: Key::named(&format!("carrier.{}", settings.name)).owner(),
            quiet: Calendar::new(&settings.quiet, spec),
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

    /// The scope of its throttle's buckets, if it has one.
    #[inline]
    pub(crate) fn throttle_scope(&self) -> Option<Scope> {
        Some(self.throttle.as_ref()?.buckets.scope())
    }

    /// Whether a copy passes the throttle at once.
    #[inline(always)]
    pub(crate) fn passes(&mut self, bucket: usize, segments: u16, now: Nanos) -> bool {
        let Some(throttle) = &mut self.throttle else {
            return true;
        };
        throttle.lines[bucket].is_empty()
            && throttle.buckets.passes(bucket, u64::from(segments), now)
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
        let (Some(throttle), Some(settings)) = (&mut self.throttle, &self.settings.throttle) else {
            debug_assert!(false, "there is no throttle to exceed");
            return Excess::Ends(None);
        };
        match settings.on_excess {
            CarrierExcess::Queue { capacity }
                if self.waiting.level() < capacity.unwrap_or(u64::MAX) =>
            {
                let line = &mut throttle.lines[bucket];
                line.push_back(Waiting { message, copy, segments, since: now });
                self.waiting.rise(now);
                let first = line.len() == 1;
                let ready = || throttle.buckets.ready_at(bucket, u64::from(segments), now);
                Excess::Waits { place: line.len() as u64, token_at: first.then(ready) }
            }
            CarrierExcess::Queue { .. } | CarrierExcess::Reject => {
                Excess::Ends(Some(Observed::Rejected))
            }
            CarrierExcess::Drop => Excess::Ends(None),
        }
    }

    /// The first that waits for a bucket passes, if there is a token for it.
    pub(crate) fn token(&mut self, bucket: usize, now: Nanos) -> Token {
        debug_assert!(self.throttle.is_some(), "only a throttle has tokens");
        let first = self.throttle.as_mut().and_then(|throttle| {
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

    /// A copy counts against the daily cap, if that allows it.
    pub(crate) fn cap_counts(&mut self, scope: usize, segments: u16, now: Nanos) -> Option<Capped> {
        Some(self.cap.as_mut()?.counts(now, scope, u64::from(segments)))
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
    ) -> Option<Looked> {
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

    /// Segments that passed the busiest bucket within the observation window.
    pub(crate) fn throttle_taken(&self) -> u64 {
        self.throttle.as_ref().map_or(0, |throttle| throttle.buckets.most_taken())
    }

    /// Tokens in one of its buckets.
    pub(crate) fn tokens(&self, bucket: usize, now: Nanos) -> f64 {
        self.throttle.as_ref().map_or(0.0, |throttle| throttle.buckets.level(bucket, now))
    }

    /// Tokens in the emptiest of its buckets; `None` without a throttle.
    pub(crate) fn least_tokens(&self, now: Nanos) -> Option<f64> {
        Some(self.throttle.as_ref()?.buckets.least_level(now))
    }

    /// Copies in line for the throttle.
    pub(crate) fn in_line(&self) -> usize {
        let lines = self.throttle.iter().flat_map(|throttle| throttle.lines.distinct());
        lines.map(VecDeque::len).sum()
    }

    /// Copies waiting for the throttle, over time.
    pub(crate) fn waiting(&self) -> &TimeWeighted {
        &self.waiting
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cap_counts_anew_at_its_time_of_day() {
        let hour = DAY / 24;
        let spec = spec::DailyCap { limit: 10, scope: spec::Scope::Carrier, resets_at: 2 * hour };
        // t = 0 is 09:00: the reset is 17 hours later.
        let mut cap = Cap::new(&spec, 9 * hour, &Names::default());
        assert!(cap.counts(0, 0, 9).passes);
        assert!(!cap.counts(hour, 0, 2).passes);
        assert!(cap.counts(hour, 0, 1).passes);
        assert!(!cap.counts(17 * hour - 1, 0, 1).passes);
        assert!(cap.counts(17 * hour, 0, 10).passes);
        assert!(!cap.counts(17 * hour, 0, 1).passes);
        assert!(cap.counts(41 * hour, 0, 1).passes);
    }
}
