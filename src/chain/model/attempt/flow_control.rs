//! Waiting for a provider's pace and window, and pauses of its link.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::AttemptState;
use crate::chain::records::attempt::{Attempt, Ticket};
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Order, Scheduler};
use crate::chain::records::id::Id;
use crate::chain::stations::provider::PaceLine;
use crate::chain::trace::story::SubmitStep;
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// Waits for the pace, then for a slot, unless it is too late for either.
    #[inline(always)]
    pub(crate) fn ask_pace(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let now = s.now();
        let record = &self.attempts[attempt];
        let message = record.message;
        if self.too_late(message, now) {
            self.lapses(attempt, s);
            return;
        }
        let index = record.provider;
        let bucket = self.provider_bucket(message, index);
        let (ticket, segments) = ((attempt, record.stamp), record.segments);
        let provider = &mut self.providers[index];
        match provider.asks_pace(ticket, bucket, segments, now) {
            Ok(()) => self.ask_slot(attempt, s),
            Err(PaceLine::Waits { place, token_at }) => {
                schedule_token(index, bucket, token_at, s);
                self.tell(message, now, |chain| SubmitStep::WaitsForToken {
                    provider: index,
                    throttle: 0,
                    place,
                    tokens: chain.providers[index].tokens(bucket, now).unwrap_or(0.0),
                });
            }
            Err(PaceLine::Asks) => self.ask_limits(attempt, index, s),
        }
    }

    /// The first who wait for a bucket of a provider's pace may pass: those in line, then those in queues.
    pub(crate) fn provider_token(&mut self, index: usize, bucket: usize, s: &mut E::Scheduler) {
        let now = s.now();
        if self.providers[index].limits().is_some() {
            self.limits_let_through(index, s);
            return;
        }
        if !self.providers[index].token_comes(bucket, now) {
            return;
        }
        let (mut turned_back, mut too_late) = (Vec::new(), Vec::new());
        while let Some((attempt, stamp)) = self.first_for_token(index, bucket) {
            let record = &self.attempts[attempt];
            let (message, place) = (record.message, record.place);
            let blocked = self.policies.blocks(record.gate);
            let lapses = self.too_late(message, now);
            let (order, segments) = (self.messages[message].order, record.segments);
            let provider = &mut self.providers[index];
            if blocked {
                turned_back.push(attempt);
                provider.first_leaves_pace(bucket);
                continue;
            }
            if !provider.has_token(bucket, segments, now) {
                schedule_token(index, bucket, provider.awaits_token(bucket, segments, now), s);
                break;
            }
            provider.first_leaves_pace(bucket);
            if lapses {
                too_late.push(attempt);
                continue;
            }
            provider.takes_token(bucket, segments, now);
            let ask = Event::new(EventKind::AskSlot, attempt, stamp & DETAIL_MAX);
            s.happens(now, order, place, ask);
        }
        self.pace_let_through(index, turned_back, too_late, s);
    }

    /// A provider's pace has let through whom it can: those who left its line go on, then come those in queues.
    pub(super) fn pace_let_through(
        &mut self,
        index: usize,
        turned_back: Vec<Id<Attempt>>,
        too_late: Vec<Id<Attempt>>,
        s: &mut E::Scheduler,
    ) {
        for attempt in turned_back {
            self.turns_back(attempt, s);
        }
        for attempt in too_late {
            self.lapses(attempt, s);
        }
        if self.providers[index].feeds_on_queues() {
            self.grant_slot(index, s);
        }
    }

    /// The first who waits in line for a bucket of a provider's pace; entries of those that left are forgotten.
    fn first_for_token(&mut self, index: usize, bucket: usize) -> Option<Ticket<Attempt>> {
        let left = |(attempt, stamp): Ticket<Attempt>| self.attempts[attempt].stamp != stamp;
        self.providers[index].first_for_token(bucket, left)
    }

    /// Takes a slot of the window, or waits for one.
    #[inline(always)]
    pub(crate) fn ask_slot(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let now = s.now();
        let record = &self.attempts[attempt];
        let index = record.provider;
        let provider = &mut self.providers[index];
        if !provider.has_slot_at_once(now) {
            let place = provider.waits_for_slot((attempt, record.stamp));
            self.tell_attempt(attempt, now, |chain| {
                let provider = &chain.providers[index];
                SubmitStep::WaitsForSlot {
                    provider: index,
                    place,
                    used: provider.outstanding().level(),
                    paused_until: provider.paused_until(now),
                }
            });
            self.grant_slot(index, s);
            return;
        }
        provider.slot_taken(now);
        self.attempts[attempt].state = AttemptState::Slot;
        self.submit(attempt, s);
    }

    /// A slot is free again.
    #[inline(always)]
    pub(super) fn release_slot(&mut self, index: usize, s: &mut E::Scheduler) {
        if self.providers[index].slot_freed(s.now()) {
            self.grant_slot(index, s);
        }
    }

    /// If there is a slot, the first in line gets it, or with nobody in line one that waits for it in a queue;
    /// what it meets may pause the link.
    #[inline(never)]
    pub(crate) fn grant_slot(&mut self, index: usize, s: &mut E::Scheduler) {
        let now = s.now();
        while self.providers[index].has_slot(now) {
            let Some((attempt, stamp)) = self.providers[index].next_for_slot() else {
                if self.providers[index].feeds_on_queues() {
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
        s: &mut E::Scheduler,
    ) {
        self.providers[index].slot_taken(s.now());
        let record = &mut self.attempts[attempt];
        record.state = AttemptState::Slot;
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
    pub(crate) fn submit_with_slot(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let now = s.now();
        let record = &mut self.attempts[attempt];
        let index = record.provider;
        if self.providers[index].paused_until(now).is_some() {
            record.state = AttemptState::Waiting;
            let ticket = (attempt, record.stamp);
            // Several may come back at once: those that have waited longer go first.
            let waited = |attempt: Id<Attempt>| {
                let record = &self.attempts[attempt];
                (record.since, self.messages[record.message].order)
            };
            let mine = waited(attempt);
            let ahead = |(other, _): Ticket<Attempt>| waited(other) < mine;
            self.providers[index].returns_to_slot_line(ticket, now, ahead);
            return;
        }
        let message = self.attempts[attempt].message;
        if self.too_late(message, now) {
            self.gives_token_back(attempt, index, s);
            self.lapses(attempt, s);
            return;
        }
        self.submit(attempt, s);
        self.grant_slot(index, s);
    }

    /// The token of a submit that is not made after all is there for the next.
    fn gives_token_back(&mut self, attempt: Id<Attempt>, index: usize, s: &mut E::Scheduler) {
        let now = s.now();
        if self.providers[index].limits().is_some() {
            self.gives_tokens_back(attempt, index, s);
            return;
        }
        let record = &self.attempts[attempt];
        let (bucket, segments) = (self.provider_bucket(record.message, index), record.segments);
        self.providers[index].gives_token_back(bucket, segments, now);
        if let Some((first, _)) = self.first_for_token(index, bucket) {
            let segments = self.attempts[first].segments;
            let token_at = self.providers[index].first_is_due(bucket, segments, now);
            schedule_token(index, bucket, token_at, s);
        }
    }

    /// Nothing more is submitted on a provider's link until then.
    pub(crate) fn pause_link(&mut self, index: usize, until: Nanos, s: &mut E::Scheduler) {
        if self.providers[index].pauses(until) {
            let order = Order::station(EventKind::LinkResumes, index as u32);
            let event = Event::new(EventKind::LinkResumes, index as u32, 0);
            s.happens(until, order, 0, event);
        }
    }

    /// A pause of a link is over, unless a longer one has begun meanwhile.
    pub(crate) fn link_resumes(&mut self, index: usize, s: &mut E::Scheduler) {
        self.grant_slot(index, s);
    }
}

/// An event for the first who waits for a token, where a provider asks for one.
pub(crate) fn schedule_token(
    index: usize,
    bucket: usize,
    token_at: Option<Nanos>,
    s: &mut impl Scheduler,
) {
    if let Some(at) = token_at {
        let event = Event::new(EventKind::ProviderToken, index as u32, bucket as u32);
        s.station(at, index as u32, event);
    }
}
