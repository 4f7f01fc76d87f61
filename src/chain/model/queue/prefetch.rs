//! Workers that fetch several messages at once and work them one by one.

use super::Hand;
use crate::chain::draws::delay::delay;
use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::batch::Batch;
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, MessageState, NEVER};
use crate::chain::records::messages::Worker;
use crate::chain::records::outcome::Stage;
use crate::chain::trace::story::QueueStep;
use crate::kernel::Nanos;
use crate::random::DrawSource as _;
use std::collections::VecDeque;

impl<E: Engine> Chain<'_, E> {
    /// A worker that takes a message fetches others that wait, as many as it may.
    pub(super) fn fetches_along(&mut self, first: Id<Message>, index: usize, s: &mut E::Scheduler) {
        let now = s.now();
        let most = self.queues[index].fetches_more();
        let mut rest = VecDeque::new();
        while rest.len() < most
            && let Some(message) = self.queues[index].next(0, &self.messages, now)
        {
            if self.queues[index].ttl() < NEVER || self.validity_end(message) < NEVER {
                self.overtaken += 1;
            }
            let record = &mut self.messages[message];
            let waited = now - record.since;
            record.taken += 1;
            let times = record.taken;
            record.is_fetched();
            if times == 1 {
                self.messages.extra_mut(message).not_begun = true;
            }
            self.lease_begins(message, index, s);
            let before = rest.len() as u64 + 1;
            self.tell(message, now, |_| QueueStep::Fetched { queue: index, waited, times, before });
            rest.push_back(message);
        }
        if rest.is_empty() {
            return;
        }
        let all: Vec<Id<Message>> = rest.iter().copied().chain([first]).collect();
        let batch = self.queues[index].batch_begins(rest, now);
        for message in all {
            self.messages.extra_mut(message).batch = batch;
        }
    }

    /// The worker of a batch comes to the next message of it. False: there is none left.
    pub(super) fn turns_to_next(
        &mut self,
        index: usize,
        batch: Id<Batch>,
        worker: Option<Id<Worker>>,
        s: &mut E::Scheduler,
    ) -> bool {
        let now = s.now();
        let Some(message) = self.queues[index].next_of_batch(batch, now) else {
            return false;
        };
        if let Some(worker) = worker {
            self.queues[index].worker_turns_to(worker, message);
        }
        self.begins_at_last(message, now);
        // Whether it has lost its lease meanwhile the worker doesn't know.
        let (taken, ready_by) = if self.has_fetched(message, index, batch) {
            let record = &mut self.messages[message];
            record.is_taken();
            let told = (record.taken, record.stamp);
            self.messages.extra_mut(message).worker = worker;
            told
        } else {
            match self.begins_late(message, index, batch, worker) {
                Some(late) => (late.taken, late.stamp),
                None => {
                    debug_assert!(false, "a message of a batch is its worker's, or was");
                    return self.turns_to_next(index, batch, worker, s);
                }
            }
        };
        let (key, order) = (self.messages[message].key, self.messages[message].order);
        let overhead = delay(&self.spec.queues[index].overhead, || {
            self.chance.block(site::overhead(key, taken)).first()
        });
        self.tell(message, now, |chain| QueueStep::Begun {
            queue: index,
            busy: chain.queues[index].busy().level(),
            overhead,
        });
        let ready = Event::new(EventKind::WorkerReady, message, ready_by & DETAIL_MAX);
        s.happens(now + overhead, order, 0, ready);
        true
    }

    /// True if the message is in that batch, and nobody else's.
    fn has_fetched(&self, message: Id<Message>, index: usize, batch: Id<Batch>) -> bool {
        self.messages[message].state == MessageState::Fetched
            && self.messages.extra(message).batch == Some(batch)
            && self.queue_of(message) == index
    }

    /// A worker begins with a message that one had fetched before: the wait before its first attempt ends.
    pub(super) fn begins_at_last(&mut self, message: Id<Message>, now: Nanos) {
        if let Some(extra) = self.messages.extra_if_any(message)
            && std::mem::take(&mut extra.not_begun)
        {
            let record = &self.messages[message];
            self.ledger.latency(record.batch, Stage::QueueWait, now - record.accepted);
        }
    }

    /// A worker crashes with what it has fetched.
    pub(super) fn batch_crashes(
        &mut self,
        index: usize,
        hand: Hand,
        back: impl Fn(&mut Self, Id<Message>, &mut E::Scheduler),
        s: &mut E::Scheduler,
    ) {
        let Some(batch) = hand.batch else {
            return;
        };
        while let Some(message) = self.queues[index].next_of_batch(batch, s.now()) {
            if self.has_fetched(message, index, batch) {
                self.messages.extra_mut(message).batch = None;
                back(self, message, s);
            } else if self.begins_late(message, index, batch, hand.worker).is_some()
                && let Some(worker) = hand.worker
            {
                self.late_crashes(message, index, worker, s);
            }
        }
    }
}
