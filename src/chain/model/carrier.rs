//! Carriers: quiet hours → throttle → daily cap → unknown subscriber → filters → tries.

use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::bucket::TokenBucket;
use crate::chain::model::engine::Engine;
use crate::chain::model::faults::own_time::OwnTime;
use crate::chain::model::faults::{self, Faults};
use crate::chain::model::filters::{Arrival, Filter, Looked};
use crate::chain::model::population::happens;
use crate::chain::model::provider::observed;
use crate::chain::records::copied::{Copied, CopyEnd};
use crate::chain::records::event::{Event, EventKind, Schedule as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::names::{Names, scope_size};
use crate::chain::records::outcome::{Observed, Stage, Truth};
use crate::chain::records::paged::Paged;
use crate::chain::spec::{self, CarrierExcess, FilterAction, FilterReceipt, Meaning, Spec, Target};
use crate::chain::trace::story::{CarrierStep, Draw};
use crate::kernel::{Nanos, Scheduler};
use crate::random::{DrawSource as _, Key, Owner, open01};
use crate::stats::TimeWeighted;
use std::collections::VecDeque;

/// One carrier.
#[derive(Debug)]
pub(crate) struct Carrier {
    pub(crate) owner: Owner,
    /// What incidents do to it.
    pub(crate) faults: Option<Box<Faults>>,
    throttle: Option<Throttle>,
    cap: Option<Cap>,
    filters: Vec<Filter>,
    pub(crate) waiting: TimeWeighted,
}

#[derive(Debug)]
struct Throttle {
    buckets: Paged<TokenBucket>,
    /// Their own time, where incidents change the rate.
    time: Option<OwnTime>,
    /// Copies that wait, by bucket: message, copy, since.
    lines: Paged<VecDeque<(Id<Message>, u32, Nanos)>>,
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
    fn allows(&mut self, now: Nanos, index: usize, segments: u64) -> bool {
        let today = (now + self.offset) / DAY;
        let (day, used) = &mut self.used[index];
        if *day != today {
            (*day, *used) = (today, 0);
        }
        if *used + segments > self.limit {
            return false;
        }
        *used += segments;
        true
    }
}

impl Carrier {
    pub(crate) fn new(index: usize, spec: &Spec, names: &Names) -> Carrier {
        let carrier = &spec.carriers[index];
        let target = Target::Carrier(index);
        let throttle = carrier.throttle.as_ref().map(|throttle| {
            let size = scope_size(throttle.scope, names, spec.providers.len());
            Throttle {
                buckets: Paged::new(TokenBucket::new(&throttle.bucket), size),
                time: faults::throttle_time(spec, target),
                lines: Paged::new(VecDeque::new(), size),
            }
        });
        Carrier {
            owner: Key::named(&format!("carrier.{}", carrier.name)).owner(),
            faults: Faults::of(spec, target),
            throttle,
            cap: carrier.daily_cap.as_ref().map(|cap| Cap::new(cap, spec.start, names)),
            filters: carrier
                .filters
                .iter()
                .enumerate()
                .map(|(filter, settings)| {
                    let target = Target::Filter { carrier: index, filter };
                    let on = faults::windows(spec, target, |effects| effects.enable_filter);
                    Filter::new(settings, &carrier.name, names, on)
                })
                .collect(),
            waiting: TimeWeighted::new(spec.warmup, spec.duration),
        }
    }

    /// Whose draw decides whether the first filter takes a copy.
    pub(crate) fn first_filter(&self) -> Owner {
        self.filters.first().map_or(Owner::NONE, |filter| filter.owner)
    }

    /// Segments that passed the busiest bucket within the observation window.
    pub(crate) fn throttle_taken(&self) -> u64 {
        let buckets = self.throttle.iter().flat_map(|throttle| throttle.buckets.distinct());
        buckets.map(|bucket| bucket.taken).max().unwrap_or(0)
    }

    /// Tokens in one of its buckets.
    fn tokens(&self, bucket: usize, now: Nanos) -> f64 {
        let throttle = self.throttle.as_ref();
        throttle.map_or(0.0, |throttle| throttle.buckets[bucket].level(now, throttle.time.as_ref()))
    }

    /// Tokens in the emptiest of its buckets; `None` without a throttle.
    pub(crate) fn least_tokens(&self, now: Nanos) -> Option<f64> {
        let throttle = self.throttle.as_ref()?;
        let levels =
            throttle.buckets.distinct().map(|bucket| bucket.level(now, throttle.time.as_ref()));
        levels.reduce(f64::min)
    }

    /// Copies waiting for the throttle.
    pub(crate) fn in_line(&self) -> usize {
        self.throttle.iter().flat_map(|throttle| throttle.lines.distinct()).map(VecDeque::len).sum()
    }
}

impl<E: Engine> Chain<'_, E> {
    fn scope_of(&self, it: Copied<'_>, scope: spec::Scope) -> usize {
        let record = &self.messages[it.message];
        self.identities[usize::from(record.stream)].scope(scope, record.sender, it.provider)
    }

    /// A copy reaches its carrier.
    pub(crate) fn carrier_arrival(&mut self, it: Copied<'_>, s: &mut Scheduler<Event>) {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        let index = usize::from(self.messages[message].carrier);
        if let Some(quiet) = &self.spec.carriers[index].quiet
            && let Some(until) = quiet.ends(self.spec.start, now)
        {
            self.tell(message, now, |_| CarrierStep::Quiet { copy, until });
            self.schedule_copy(it, EventKind::CarrierArrival, until, s);
            return;
        }
        let batch = self.messages[message].batch;
        self.ledger.at_carrier(batch, index, |carrier| carrier.arrived += 1);
        self.tell(message, now, |_| CarrierStep::Arrives { copy });
        let Some(settings) = &self.spec.carriers[index].throttle else {
            self.carrier_passed(it, 0, s);
            return;
        };
        let bucket = self.scope_of(it, settings.scope);
        let segments = u64::from(self.messages[message].segments);
        let carrier = &mut self.carriers[index];
        let Some(throttle) = &mut carrier.throttle else {
            return;
        };
        let time = throttle.time.as_ref();
        let (line, tokens) = (&mut throttle.lines[bucket], &mut throttle.buckets[bucket]);
        if line.is_empty() && tokens.passes(now, segments, time) {
            tokens.taken += if observed(self.spec, now) { segments } else { 0 };
            self.tell(message, now, |chain| CarrierStep::Passes {
                copy,
                tokens: chain.carriers[index].tokens(bucket, now),
            });
            self.carrier_passed(it, 0, s);
            return;
        }
        self.excess(it, bucket, settings.on_excess, s);
    }

    /// A copy finds no token in its carrier's throttle.
    #[inline(never)]
    fn excess(
        &mut self,
        it: Copied<'_>,
        bucket: usize,
        on_excess: CarrierExcess,
        s: &mut Scheduler<Event>,
    ) {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        let record = &self.messages[message];
        let (index, segments) = (usize::from(record.carrier), u64::from(record.segments));
        let carrier = &mut self.carriers[index];
        let Some(throttle) = &mut carrier.throttle else {
            return;
        };
        let time = throttle.time.as_ref();
        let (line, tokens) = (&mut throttle.lines[bucket], &throttle.buckets[bucket]);
        let receipt = match on_excess {
            CarrierExcess::Queue { capacity }
                if carrier.waiting.level() < capacity.unwrap_or(u64::MAX) =>
            {
                line.push_back((message, copy, now));
                carrier.waiting.rise(now);
                if line.len() == 1 {
                    let at = tokens.ready_at(now, segments, time);
                    schedule_token(index, bucket, at, s);
                }
                let place = line.len() as u64;
                self.tell(message, now, |chain| CarrierStep::WaitsForToken {
                    copy,
                    place,
                    tokens: chain.carriers[index].tokens(bucket, now),
                });
                return;
            }
            CarrierExcess::Queue { .. } | CarrierExcess::Reject => Some(Observed::Rejected),
            CarrierExcess::Drop => None,
        };
        let batch = self.messages[message].batch;
        self.ledger.at_carrier(batch, index, |carrier| carrier.throttled += 1);
        self.tell(message, now, |chain| CarrierStep::Throttled {
            copy,
            tokens: chain.carriers[index].tokens(bucket, now),
            waiting: chain.carriers[index].waiting.level(),
            how: on_excess,
        });
        let end = CopyEnd {
            by: EventKind::CarrierArrival,
            truth: Truth::ThrottledOut,
            place: self.places.carrier(index),
        };
        E::copy_ends(self, it, end, receipt, now, s);
    }

    /// The first in a throttle's line may pass.
    pub(crate) fn carrier_token(&mut self, index: usize, bucket: usize, s: &mut Scheduler<Event>) {
        let now = s.now();
        let carrier = &mut self.carriers[index];
        let Some(throttle) = &mut carrier.throttle else {
            return;
        };
        let time = throttle.time.as_ref();
        let (line, tokens) = (&mut throttle.lines[bucket], &mut throttle.buckets[bucket]);
        while let Some(&(message, copy, _)) = line.front() {
            let record = &self.messages[message];
            let segments = u64::from(record.segments);
            let at = tokens.ready_at(now, segments, time);
            if at > now {
                schedule_token(index, bucket, at, s);
                return;
            }
            let since = line.pop_front().map_or(now, |(_, _, since)| since);
            tokens.take(now, segments, time);
            tokens.taken += if observed(self.spec, now) { segments } else { 0 };
            carrier.waiting.fall(now);
            self.ledger.latency(record.batch, Stage::CarrierWait, now - since);
            let pass = Event::new(EventKind::CarrierPass, message, copy);
            s.happens(now, record.order, copy, pass);
        }
    }

    #[inline(always)]
    fn carrier_passed(&mut self, it: Copied<'_>, waited: Nanos, s: &mut Scheduler<Event>) {
        let Copied { message, .. } = it;
        self.ledger.latency(self.messages[message].batch, Stage::CarrierWait, waited);
        E::is_let_in(self, it, s);
    }

    /// A copy that has waited passes the throttle.
    pub(crate) fn carrier_passes(&mut self, it: Copied<'_>, s: &mut Scheduler<Event>) {
        let Copied { message, copy, .. } = it;
        self.tell(message, s.now(), |chain| CarrierStep::Passes {
            copy,
            tokens: chain.tokens_for(it, s.now()),
        });
        E::is_let_in(self, it, s);
    }

    /// Tokens in the bucket of a copy's throttle.
    fn tokens_for(&self, it: Copied<'_>, now: Nanos) -> f64 {
        let Copied { message, .. } = it;
        let index = usize::from(self.messages[message].carrier);
        let throttle = self.spec.carriers[index].throttle.as_ref();
        let bucket = throttle.map_or(0, |throttle| self.scope_of(it, throttle.scope));
        self.carriers[index].tokens(bucket, now)
    }

    /// A copy is through the throttle: cap, subscriber, filters, then the handset.
    #[inline(always)]
    pub(crate) fn carrier_pass(&mut self, it: Copied<'_>, s: &mut Scheduler<Event>) {
        let Copied { message, now, .. } = it;
        let index = usize::from(self.messages[message].carrier);
        let settings = &self.spec.carriers[index];
        if settings.daily_cap.is_some() && self.capped(it, s)
            || settings.unknown_subscriber > 0.0 && self.unknown(it, s)
        {
            return;
        }
        let filter = self.filter(it, index, now);
        if let Some(filter) = filter {
            self.filtered(it, index, filter, s);
            return;
        }
        if self.meaning(it) == Meaning::Carrier
            && let Some(receipt) = self.receipt(it, Observed::Delivered, now)
        {
            self.send_receipt(it, receipt, s);
        }
        self.first_try(it, s);
    }

    /// Is a copy over its carrier's daily cap? Then it ends.
    #[inline(never)]
    fn capped(&mut self, it: Copied<'_>, s: &mut Scheduler<Event>) -> bool {
        let Copied { message, copy, .. } = it;
        let now = s.now();
        let record = &self.messages[message];
        let (index, batch) = (usize::from(record.carrier), record.batch);
        let end = CopyEnd {
            by: EventKind::CarrierPass,
            truth: Truth::ThrottledOut,
            place: self.places.carrier(index),
        };
        if let Some(cap) = &self.spec.carriers[index].daily_cap {
            let scope = self.scope_of(it, cap.scope);
            let segments = u64::from(self.messages[message].segments);
            let carrier = &mut self.carriers[index];
            let over = carrier.cap.as_mut().is_some_and(|cap| !cap.allows(now, scope, segments));
            self.tell(message, now, |chain| CarrierStep::Capped {
                copy,
                used: chain.carriers[index].cap.as_ref().map_or(0, |cap| cap.used[scope].1),
                limit: cap.limit,
                passes: !over,
            });
            if over {
                self.ledger.at_carrier(batch, index, |carrier| carrier.capped += 1);
                let receipt = Some(Observed::Undelivered);
                E::copy_ends(self, it, end, receipt, now, s);
                return true;
            }
        }
        false
    }

    /// Is a copy's number without a subscriber? Then it ends.
    #[inline(never)]
    fn unknown(&mut self, it: Copied<'_>, s: &mut Scheduler<Event>) -> bool {
        let Copied { message, copy, now, .. } = it;
        let record = &self.messages[message];
        let (index, root, batch) = (usize::from(record.carrier), record.root, record.batch);
        let share = self.spec.carriers[index].unknown_subscriber;
        let draw = self.chance.block(site::subscriber(root, self.carriers[index].owner));
        if !happens(share, draw.first()) {
            return false;
        }
        self.ledger.at_carrier(batch, index, |carrier| carrier.unknown_subscriber += 1);
        self.tell(message, now, |_| CarrierStep::Unknown {
            copy,
            draw: Draw { u: open01(draw.first()), p: share },
        });
        let end = CopyEnd {
            by: EventKind::CarrierPass,
            truth: Truth::UnknownSubscriber,
            place: self.places.carrier(index),
        };
        E::copy_ends(self, it, end, Some(Observed::Undelivered), now, s);
        true
    }

    /// The first filter that takes the copy.
    #[inline(always)]
    fn filter(&mut self, it: Copied<'_>, index: usize, now: Nanos) -> Option<usize> {
        let mut drawn = it.drawn.map(|drawn| drawn.filter);
        for filter in 0..self.carriers[index].filters.len() {
            let message = &self.messages[it.message];
            let arrival = Arrival {
                now,
                message,
                extra: self.messages.extra(it.message),
                copy: it.copy,
                people: &self.populations[usize::from(message.stream)],
            };
            let looking = &mut self.carriers[index].filters[filter];
            let Some(looked) = looking.looks(&arrival, drawn.take(), &self.chance) else {
                continue;
            };
            let Looked { taken, finding } = looked;
            self.tell(it.message, now, |_| CarrierStep::Filtered {
                copy: it.copy,
                filter,
                taken,
                finding,
            });
            if taken {
                return Some(filter);
            }
        }
        None
    }

    #[inline(never)]
    fn filtered(&mut self, it: Copied<'_>, index: usize, filter: usize, s: &mut Scheduler<Event>) {
        let Copied { message, .. } = it;
        let batch = self.messages[message].batch;
        self.ledger.at_carrier(batch, index, |carrier| carrier.filtered[filter] += 1);
        let settings = &self.spec.carriers[index].filters[filter];
        let receipt = says(settings.receipt);
        // A provider whose `delivered` means the carrier's acceptance says so of what the carrier
        // took without a word.
        let receipt = match (receipt, self.meaning(it)) {
            (None, Meaning::Carrier) => Some(Observed::Delivered),
            (receipt, _) => receipt,
        };
        let truth = match settings.action {
            FilterAction::Silent => Truth::FilteredSilent,
            FilterAction::Block => Truth::FilteredExplicit,
        };
        let place = self.places.filter(index, filter);
        let end = CopyEnd { by: EventKind::CarrierPass, truth, place };
        E::copy_ends(self, it, end, receipt, it.now, s);
    }

    #[inline]
    pub(crate) fn meaning(&self, it: Copied<'_>) -> Meaning {
        self.spec.providers[it.provider].receipts.meaning
    }
}

/// What a filter has the carrier say of what it takes.
pub(crate) fn says(receipt: FilterReceipt) -> Option<Observed> {
    match receipt {
        FilterReceipt::None => None,
        FilterReceipt::Rejected => Some(Observed::Rejected),
        FilterReceipt::Undelivered => Some(Observed::Undelivered),
        FilterReceipt::Delivered => Some(Observed::Delivered),
    }
}

fn schedule_token(index: usize, bucket: usize, at: Nanos, s: &mut Scheduler<Event>) {
    s.station(at, index as u32, Event::new(EventKind::CarrierToken, index as u32, bucket as u32));
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
        assert!(cap.allows(0, 0, 9));
        assert!(!cap.allows(hour, 0, 2));
        assert!(cap.allows(hour, 0, 1));
        assert!(!cap.allows(17 * hour - 1, 0, 1));
        assert!(cap.allows(17 * hour, 0, 10));
        assert!(!cap.allows(17 * hour, 0, 1));
        assert!(cap.allows(41 * hour, 0, 1));
    }
}
