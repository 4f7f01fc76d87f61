//! Waiting for a provider's pace and window, and pauses of its link.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::model::provider::{Provider, observed};
use crate::chain::model::queue::Ticket;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::attempt::AttemptState;
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Order, Schedule as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::trace::story::SubmitStep;
use crate::kernel::{Nanos, Scheduler};

impl<E: Engine> Chain<'_, E> {
    /// Waits for the pace, then for a slot, unless it is too late for either.
    #[inline(always)]
    pub(crate) fn ask_pace(&mut self, attempt: Id<Attempt>, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.attempts[attempt];
        let message = record.message;
        if self.too_late(message, now) {
            self.lapses(attempt, s);
            return;
        }
        let index = self.spec.provider_by(record.route);
        let bucket = self.provider_bucket(message, index);
        if let Some(throttle) = &mut self.providers[index].throttle
            && throttle.pace
        {
            let segments = u64::from(self.messages[message].segments);
            let time = throttle.time.as_ref();
            let line = &mut throttle.lines[bucket];
            let tokens = &mut throttle.buckets[bucket];
            if !line.is_empty() || !tokens.passes(now, segments, time) {
                line.push_back((attempt, record.stamp));
                let place = line.len() as u64;
                if place == 1 {
                    let at = tokens.ready_at(now, segments, time);
                    throttle.due[bucket].schedule(at, index, bucket, s);
                }
                self.tell(message, now, |chain| SubmitStep::WaitsForToken {
                    provider: index,
                    place,
                    tokens: chain.providers[index].tokens(bucket, now).unwrap_or(0.0),
                });
                return;
            }
            tokens.taken += if observed(self.spec, now) { segments } else { 0 };
        }
        self.ask_slot(attempt, s);
    }

    /// The first who wait for a bucket of a provider's pace may pass: those in line, then those in queues.
    pub(crate) fn provider_token(&mut self, index: usize, bucket: usize, s: &mut Scheduler<Event>) {
        let now = s.now();
        let due = self.providers[index].throttle.as_mut().map(|throttle| &mut throttle.due[bucket]);
        if !due.is_some_and(|due| due.comes(now)) {
            return;
        }
        let (mut turned_back, mut too_late) = (Vec::new(), Vec::new());
        while let Some((attempt, stamp)) = self.first_for_token(index, bucket) {
            let record = &self.attempts[attempt];
            let (message, place) = (record.message, record.place);
            let blocked = self.policies.blocks(record.gate);
            let lapses = self.too_late(message, now);
            let (order, segments) = {
                let record = &self.messages[message];
                (record.order, u64::from(record.segments))
            };
            let Some(throttle) = &mut self.providers[index].throttle else {
                return;
            };
            if blocked {
                turned_back.push(attempt);
                throttle.lines[bucket].pop_front();
                continue;
            }
            let at = throttle.buckets[bucket].ready_at(now, segments, throttle.time.as_ref());
            if at > now {
                throttle.due[bucket].schedule(at, index, bucket, s);
                break;
            }
            throttle.lines[bucket].pop_front();
            if lapses {
                too_late.push(attempt);
                continue;
            }
            throttle.take(bucket, segments, now, observed(self.spec, now));
            let ask = Event::new(EventKind::AskSlot, attempt, stamp & DETAIL_MAX);
            s.happens(now, order, place, ask);
        }
        for attempt in turned_back {
            self.turns_back(attempt, s);
        }
        for attempt in too_late {
            self.lapses(attempt, s);
        }
        if self.providers[index].feeds_on_queues {
            self.grant_slot(index, s);
        }
    }

    /// The first who waits in line for a bucket of a provider's pace; entries of those that left are forgotten.
    fn first_for_token(&mut self, index: usize, bucket: usize) -> Option<Ticket<Attempt>> {
        let line = &mut self.providers[index].throttle.as_mut()?.lines[bucket];
        while let Some(&(attempt, stamp)) = line.front() {
            if self.attempts[attempt].stamp == stamp {
                return Some((attempt, stamp));
            }
            line.pop_front();
        }
        None
    }

    /// Takes a slot of the window, or waits for one.
    #[inline(always)]
    pub(crate) fn ask_slot(&mut self, attempt: Id<Attempt>, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.attempts[attempt];
        let index = self.spec.provider_by(record.route);
        let provider = &mut self.providers[index];
        if !provider.has_slot(now) || !provider.slot_line.is_empty() {
            provider.slot_line.push_back((attempt, record.stamp));
            self.tell_attempt(attempt, now, |chain| {
                let provider = &chain.providers[index];
                let paused = provider.paused_until;
                SubmitStep::WaitsForSlot {
                    provider: index,
                    place: provider.slot_line.len() as u64,
                    used: provider.outstanding.level(),
                    paused_until: (paused > now).then_some(paused),
                }
            });
            self.grant_slot(index, s);
            return;
        }
        provider.outstanding.rise(now);
        self.attempts[attempt].at = AttemptState::Slot;
        self.submit(attempt, s);
    }

    /// A slot is free again.
    #[inline(always)]
    pub(super) fn release_slot(&mut self, index: usize, s: &mut Scheduler<Event>) {
        let provider = &mut self.providers[index];
        provider.outstanding.fall(s.now());
        if !provider.slot_line.is_empty() || provider.feeds_on_queues {
            self.grant_slot(index, s);
        }
    }

    /// If there is a slot, the first in line gets it, or with nobody in line one that waits for it in a queue;
    /// what it meets may pause the link.
    #[inline(never)]
    pub(crate) fn grant_slot(&mut self, index: usize, s: &mut Scheduler<Event>) {
        let now = s.now();
        while self.providers[index].has_slot(now) {
            let Some((attempt, stamp)) = self.providers[index].slot_line.pop_front() else {
                if self.providers[index].feeds_on_queues {
                    self.dispatch(index, s);
                }
                return;
            };
            if self.attempts[attempt].stamp == stamp {
                self.gets_slot(attempt, index, now, s);
                return;
            }
        }
    }

    /// A submit gets a slot, and goes out at `at`.
    pub(crate) fn gets_slot(
        &mut self,
        attempt: Id<Attempt>,
        index: usize,
        at: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        self.providers[index].outstanding.rise(s.now());
        let record = &mut self.attempts[attempt];
        record.at = AttemptState::Slot;
        s.happens(
            at,
            self.messages[record.message].order,
            record.place,
            Event::new(EventKind::Submit, attempt, record.stamp & DETAIL_MAX),
        );
    }

    /// Submits what was given a slot, unless it has become too late for it; then there may be one for the next. If
    /// the link was paused at that very instant, it is the first in line again.
    #[inline(never)]
    pub(crate) fn submit_from_line(&mut self, attempt: Id<Attempt>, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &mut self.attempts[attempt];
        let index = self.spec.provider_by(record.route);
        let provider = &mut self.providers[index];
        if now < provider.paused_until {
            record.at = AttemptState::Line;
            let ticket = (attempt, record.stamp);
            provider.outstanding.fall(now);
            // Several may come back at once: those that have waited longer go first.
            let waited = |attempt: Id<Attempt>| {
                let record = &self.attempts[attempt];
                (record.since, self.messages[record.message].order)
            };
            let mine = waited(attempt);
            let ahead = provider.slot_line.iter().take_while(|&&(other, _)| waited(other) < mine);
            let place = ahead.count();
            provider.slot_line.insert(place, ticket);
            return;
        }
        let message = self.attempts[attempt].message;
        if self.too_late(message, now) {
            self.gives_token_back(message, index, s);
            self.lapses(attempt, s);
            return;
        }
        self.submit(attempt, s);
        self.grant_slot(index, s);
    }

    /// The token of a submit that is not made after all is there for the next.
    fn gives_token_back(&mut self, message: Id<Message>, index: usize, s: &mut Scheduler<Event>) {
        let now = s.now();
        let bucket = self.provider_bucket(message, index);
        let segments = u64::from(self.messages[message].segments);
        let seen = observed(self.spec, now);
        if let Some(throttle) = &mut self.providers[index].throttle
            && throttle.pace
        {
            throttle.give_back(bucket, segments, seen);
        } else {
            return;
        }
        if let Some((first, _)) = self.first_for_token(index, bucket)
            && let Some(throttle) = &mut self.providers[index].throttle
        {
            let needed = u64::from(self.messages[self.attempts[first].message].segments);
            let at = throttle.buckets[bucket].ready_at(now, needed, throttle.time.as_ref());
            throttle.due[bucket].schedule(at, index, bucket, s);
        }
    }

    /// Nothing more is submitted on a provider's link until then.
    pub(crate) fn pause_link(&mut self, index: usize, until: Nanos, s: &mut Scheduler<Event>) {
        let provider = &mut self.providers[index];
        if until > provider.paused_until {
            provider.paused_until = until;
            let order = Order::station(EventKind::LinkResumes, index as u32);
            let event = Event::new(EventKind::LinkResumes, index as u32, 0);
            s.happens(until, order, 0, event);
        }
    }

    /// A pause of a link is over, unless a longer one has begun meanwhile.
    pub(crate) fn link_resumes(&mut self, index: usize, s: &mut Scheduler<Event>) {
        self.grant_slot(index, s);
    }
}

impl Provider {
    /// May another submit go out now?
    #[inline]
    pub(crate) fn has_slot(&self, now: Nanos) -> bool {
        self.outstanding.level() < self.window && now >= self.paused_until
    }
}
