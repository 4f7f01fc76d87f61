//! Messages that stay in their queue until their provider has a token and a slot for them.

use super::goes_ahead;
use crate::chain::model::Chain;
use crate::chain::model::attempt::schedule_token;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Order, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::message::{MessageState, NEVER};
use crate::chain::spec::Discipline;
use crate::chain::stations::queue::PRIORITIES;
use crate::kernel::Nanos;

/// A message in the eyes of its queue: what it goes by and takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passage {
    pub(crate) route: u16,
    pub(crate) stream: u16,
    pub(crate) sender: u32,
    pub(crate) segments: u16,
}

impl<E: Engine> Chain<'_, E> {
    /// The lane of its queue in which a message waits.
    pub(super) fn lane_of(&self, it: Passage) -> usize {
        let queue = &self.queues[self.spec.queue_by(it.route)];
        if !queue.waits_for_provider() {
            return 0;
        }
        let provider = self.spec.provider_by(it.route);
        queue.lane(provider, self.pace_lane(it, provider))
    }

    /// The lane of its queue in which a message waits.
    pub(crate) fn lane_of_message(&self, message: Id<Message>) -> usize {
        self.lane_of(self.passage(message))
    }

    /// The bucket of a provider's pace that a message takes its tokens from.
    pub(super) fn pace_bucket(&self, it: Passage, provider: usize) -> usize {
        self.bucket_of(self.providers[provider].pace_of(), it.stream, it.sender)
    }

    /// The lane in which a message waits for a provider's pace: that of its bucket, or of the counts of several
    /// throttles that it falls into.
    pub(super) fn pace_lane(&self, it: Passage, provider: usize) -> usize {
        let identity = &self.identities[usize::from(it.stream)];
        match self.providers[provider].limits() {
            None => self.pace_bucket(it, provider),
            Some(limits) => {
                limits.lane(it.stream, it.sender, |scope| identity.scope(scope, it.sender, 0))
            }
        }
    }

    /// True if a provider's pace would let one that comes to a queue now through, with nobody before it.
    fn paces(&self, it: Passage, provider: usize, now: Nanos) -> bool {
        match self.providers[provider].limits() {
            None => {
                let bucket = self.pace_bucket(it, provider);
                self.providers[provider].paces(bucket, it.segments, now)
            }
            Some(_) => self.limits_pace(it, provider, now),
        }
    }

    /// The provider looks at a message that waits in a queue when there are tokens for it.
    pub(super) fn awaits_tokens(&mut self, it: Passage, provider: usize, s: &mut E::Scheduler) {
        let now = s.now();
        let among = self.provider_counts(provider, it.stream, it.sender);
        let bucket = self.pace_bucket(it, provider);
        let token_at = match self.providers[provider].limits_mut() {
            None => self.providers[provider].awaits_token(bucket, it.segments, now),
            Some(limits) => {
                let at = limits.ready_at(&among, it.segments, now);
                if at > now { limits.looks_at(at) } else { None }
            }
        };
        schedule_token(provider, bucket, token_at, s);
    }

    /// True if, where messages wait for their provider, one that comes now finds a token and a slot and
    /// nobody before it; or if an open breaker sends it elsewhere.
    #[inline(never)]
    pub(super) fn goes_at_once(&self, it: Passage, now: Nanos) -> bool {
        let queue = &self.queues[self.spec.queue_by(it.route)];
        let index = self.spec.provider_by(it.route);
        let provider = &self.providers[index];
        let free = queue.lane_is_empty(self.lane_of(it))
            && provider.has_slot_at_once(now)
            && self.paces(it, index, now);
        queue.has_idle_worker() && (free || self.policies.blocks(self.gate_on(it.stream, it.route)))
    }

    /// A message leaves the queue in which it waited for its provider: it takes its token and its slot and goes
    /// out, after a worker's overhead, or an open breaker sends it elsewhere. Returns whether it goes out
    /// at this instant.
    #[inline(never)]
    pub(super) fn departs(
        &mut self,
        message: Id<Message>,
        index: usize,
        s: &mut E::Scheduler,
    ) -> bool {
        let now = s.now();
        let passage = self.passage(message);
        let provider = self.spec.provider_by(passage.route);
        let gate = self.gate_on(passage.stream, passage.route);
        let overhead = self.taken(message, index, s);
        if self.policies.blocks(gate) {
            if self.turned_back(message, s) {
                self.rejoins_elsewhere(message, s);
            }
            return false;
        }
        let bucket = self.pace_bucket(passage, provider);
        let among = self.provider_counts(provider, passage.stream, passage.sender);
        match self.providers[provider].limits_mut() {
            None => self.providers[provider].takes_token(bucket, passage.segments, now),
            Some(limits) => limits.takes(&among, passage.segments, now),
        }
        let at = now.saturating_add(overhead);
        let attempt = self.new_attempt(message, passage.route, gate, at);
        self.messages[message].attempt = Some(attempt);
        self.attempts[attempt].paid = self.messages.take_paid(message);
        self.gets_slot(attempt, provider, at, s);
        overhead == 0
    }

    /// A message whose provider's breaker is open has another route from the same queue, and waits there for that
    /// one's provider.
    pub(crate) fn rejoins_elsewhere(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        let now = s.now();
        self.messages[message].moves_to(MessageState::Aside, now);
        self.release_worker(message, s);
        s.happens(now, self.messages[message].order, 0, Event::new(EventKind::Rejoin, message, 0));
    }

    /// A provider has a slot: of those who wait in queues for it and have a token, the next goes; in each queue by
    /// its discipline, among queues who has waited longest. Only one at an instant, unless its worker takes
    /// some time: its answer may pause the link.
    #[inline(never)]
    pub(crate) fn dispatch(&mut self, provider: usize, s: &mut E::Scheduler) {
        while self.providers[provider].has_slot(s.now()) {
            let Some((index, lane)) = self.next_for(provider, s) else {
                return;
            };
            let Some(message) = self.queues[index].next(lane, &self.messages, s.now()) else {
                debug_assert!(false, "the next that waits is gone");
                return;
            };
            if self.queues[index].ttl() < NEVER || self.validity_end(message) < NEVER {
                self.overtaken += 1;
            }
            if self.too_late(message, s.now()) {
                let waited = s.now() - self.messages[message].since;
                self.ends_unsent(message, waited, s);
            } else {
                // What an open breaker turns away gives its worker back at once, and the next is looked for
                // here: a call for each of a long queue would not fit on the stack.
                let outer = std::mem::replace(&mut self.dispatching, true);
                let goes_out = self.departs(message, index, s);
                self.dispatching = outer;
                if goes_out {
                    return;
                }
            }
        }
    }

    /// The place of the next for a provider that has a token: queue and lane.
    pub(super) fn next_for(
        &mut self,
        provider: usize,
        s: &mut E::Scheduler,
    ) -> Option<(usize, usize)> {
        let now = s.now();
        let mut next: Option<((Nanos, Order), _)> = None;
        for index in 0..self.queues.len() {
            let queue = &mut self.queues[index];
            if !queue.waits_for_provider() || queue.depth().level() == 0 || !queue.has_idle_worker()
            {
                continue;
            }
            if self.providers[provider].limits().is_some() {
                if let Some(own) = self.next_by_limits(provider, index, s)
                    && next.is_none_or(|(longest, _)| own.0 < longest)
                {
                    next = Some((own.0, (index, own.1)));
                }
                continue;
            }
            let mut best: Option<((u64, bool, Nanos, Order), usize)> = None;
            for bucket in 0..self.providers[provider].pace_lanes() {
                let queue = &mut self.queues[index];
                let Some(message) = queue.first(queue.lane(provider, bucket), &self.messages)
                else {
                    continue;
                };
                let segments = self.messages[message].segments;
                let segments = self.spec.providers[provider].submitted_at_once(segments);
                if !self.providers[provider].paces(bucket, segments, now) {
                    let token_at = self.providers[provider].awaits_token(bucket, segments, now);
                    schedule_token(provider, bucket, token_at, s);
                    continue;
                }
                let key = self.urgency(message, index);
                if best.is_none_or(|(best, _)| key < best) {
                    best = Some((key, self.queues[index].lane(provider, bucket)));
                }
            }
            if let Some(((_, _, since, order), lane)) = best
                && next.is_none_or(|(longest, _)| (since, order) < longest)
            {
                next = Some(((since, order), (index, lane)));
            }
        }
        next.map(|(_, next)| next)
    }

    /// The order of a message of a queue among those that wait there.
    pub(super) fn urgency(&self, message: Id<Message>, index: usize) -> (u64, bool, Nanos, Order) {
        let record = &self.messages[message];
        let stream = usize::from(record.stream);
        let urgency = match self.spec.queues[index].discipline {
            Discipline::Fifo => 0,
            Discipline::Priority => {
                PRIORITIES as u64 - u64::from(self.spec.traffic[stream].priority)
            }
            Discipline::Deadline => self.populations[stream]
                .deadline(self.messages.row(message))
                .map_or(NEVER, |span| record.requested.saturating_add(span)),
        };
        let new = !goes_ahead(&self.spec.queues[index], record);
        (urgency, new, record.since, record.order)
    }

    /// A worker of a queue in which messages wait for their providers is free: each may have a next one.
    #[inline(never)]
    pub(super) fn serve_providers(&mut self, index: usize, s: &mut E::Scheduler) {
        if self.queues[index].workers_are_few() && !self.dispatching {
            for provider in 0..self.providers.len() {
                self.grant_slot(provider, s);
            }
        }
    }
}
