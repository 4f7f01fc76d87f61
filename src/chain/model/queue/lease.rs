//! Leases of messages that run out while their workers are still at work.
//!
//! The message is back in its queue, and with the next worker that takes it. The first goes on: what it
//! submits counts for what it is. Its word on the message holds as long as no other has taken that.

use super::Hand;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::{Attempt, AttemptState};
use crate::chain::records::batch::Batch;
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::lease::Late;
use crate::chain::records::message::{Message, MessageState, NEVER};
use crate::chain::records::messages::Worker;
use crate::chain::trace::story::{QueueStep, SubmitStep};
use crate::kernel::Nanos;

/// A worker that has lost its lease, and has done with its message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DoneLate {
    late: Late,
    /// The submit beside the one that decided.
    other: Option<Id<Attempt>>,
    /// Nobody has taken the message since: its word on it holds.
    pub(crate) holds: bool,
}

impl Hand {
    fn of(late: Late) -> Hand {
        Hand { worker: late.worker, batch: late.batch }
    }
}

impl<E: Engine> Chain<'_, E> {
    /// A worker takes a message on lease, where there is one.
    pub(super) fn lease_begins(
        &mut self,
        message: Id<Message>,
        index: usize,
        s: &mut E::Scheduler,
    ) {
        let Some(lease) = self.queues[index].settings().lease else {
            return;
        };
        let end = s.now().saturating_add(lease);
        let record = &self.messages[message];
        let (number, order) = (record.stamp, record.order);
        let leases = self.messages.extra_mut(message).leases.get_or_insert_default();
        (leases.end, leases.number) = (end, number);
        let event = Event::new(EventKind::LeaseEnd, message, number & DETAIL_MAX);
        s.happens(end, order, 0, event);
    }

    /// The worker has done with the message in time, or is gone. Returns when its lease would have ended.
    pub(super) fn lease_is_over(&mut self, message: Id<Message>) -> Option<Nanos> {
        let leases = self.messages.extra_if_any(message)?.leases.as_mut()?;
        let end = std::mem::replace(&mut leases.end, NEVER);
        self.overtaken += usize::from(end < NEVER);
        (end < NEVER).then_some(end)
    }

    /// True if that lease of the message runs out at `time`.
    pub(crate) fn lease_ends_at(&self, message: Id<Message>, number: u32, time: Nanos) -> bool {
        let leases = self.messages.extra(message).leases.as_ref();
        leases.is_some_and(|own| own.end == time && own.number & DETAIL_MAX == number)
    }

    /// A worker's lease of a message runs out: that is back in its queue, and the worker goes on.
    #[inline(never)]
    pub(crate) fn lease_ends(&mut self, message: Id<Message>, number: u32, s: &mut E::Scheduler) {
        let now = s.now();
        if !self.lease_ends_at(message, number, now) {
            self.overtaken = self.overtaken.saturating_sub(1);
            return;
        }
        let index = self.queue_of(message);
        let submits = self.messages.awaited(message);
        self.messages.awaits(message, [None, None]);
        if let Some(parts) = self.messages.parts_mut(message) {
            parts.next_round();
        }
        let route = self.messages.via(message);
        let record = &mut self.messages[message];
        // The worker keeps it open.
        record.open += 1;
        let (taken, stamp, counted) = (record.taken, record.stamp, record.batch);
        let begun = record.state == MessageState::Worker;
        let extra = self.messages.extra_mut(message);
        let (worker, batch) = (extra.worker.take(), extra.batch.take());
        let leases = extra.leases.get_or_insert_default();
        leases.end = NEVER;
        let queue = index as u32;
        leases.late.push(Late { queue, worker, batch, begun, route, taken, stamp, submits });
        self.ledger.at_queue(counted, index, |queue| queue.leases_ended += 1);
        self.tell(message, now, |chain| QueueStep::LeaseEnds {
            queue: index,
            out: submits
                .into_iter()
                .flatten()
                .any(|it| chain.attempts[it].state == AttemptState::Out),
        });
        self.rejoin(message, s);
    }

    /// A worker that has lost its lease has spent its overhead: it asks its provider, unless that one's breaker
    /// is open.
    #[inline(never)]
    pub(crate) fn late_ready(&mut self, message: Id<Message>, stamp: u32, s: &mut E::Scheduler) {
        let ready = |late: &Late| {
            late.begun && late.stamp & DETAIL_MAX == stamp && late.submits == [None, None]
        };
        let leases = self.messages.extra(message).leases.as_ref();
        let Some(place) = leases.and_then(|leases| leases.late.iter().position(ready)) else {
            return;
        };
        let late = self.late(message)[place];
        let gate = self.gate_on(self.messages[message].stream, late.route);
        if self.policies.blocks(gate) {
            self.late_gives_up(message, place, s);
            return;
        }
        let attempt = self.new_attempt(message, late.route, gate, s.now());
        self.attempts[attempt].paid = self.messages.take_paid(message);
        self.late(message)[place].submits = [Some(attempt), None];
        self.ask_pace(attempt, s);
    }

    /// Workers at work on the message that have lost their leases.
    fn late(&mut self, message: Id<Message>) -> &mut Vec<Late> {
        &mut self.messages.extra_mut(message).leases.get_or_insert_default().late
    }

    /// The one of them that waits for that submit.
    fn late_with(&self, message: Id<Message>, attempt: Id<Attempt>) -> Option<usize> {
        let leases = self.messages.extra(message).leases.as_ref()?;
        leases.late.iter().position(|late| late.submits.contains(&Some(attempt)))
    }

    /// A submit has a result. If a worker waited for it that has lost its lease, that may have done: then it takes
    /// the message out of the queue, if nobody else has it.
    #[inline(never)]
    pub(crate) fn late_result(
        &mut self,
        message: Id<Message>,
        attempt: Id<Attempt>,
        accepted: bool,
        now: Nanos,
    ) -> Option<DoneLate> {
        let place = self.late_with(message, attempt)?;
        let late = &mut self.late(message)[place];
        let other = late.submits[usize::from(late.submits[0] == Some(attempt))];
        if !accepted && other.is_some() {
            late.submits = [other, None];
            return None;
        }
        let late = self.late(message).remove(place);
        let record = &self.messages[message];
        let holds = record.state == MessageState::Queue && record.taken == late.taken;
        self.tell(message, now, |_| QueueStep::DoneLate { queue: late.queue as usize, holds });
        if holds {
            let (index, lane) = (self.queue_of(message), self.lane_of_message(message));
            self.queues[index].leaves(lane, now);
            self.messages[message].moves_to(MessageState::Aside, now);
            self.queues[index].trim(lane, &self.messages);
            self.overtaken += 1;
        }
        Some(DoneLate { late, other, holds })
    }

    /// Such a worker is free again.
    pub(crate) fn frees_late(
        &mut self,
        message: Id<Message>,
        done: DoneLate,
        s: &mut E::Scheduler,
    ) {
        if let Some(other) = done.other {
            self.tell_attempt(other, s.now(), |chain| SubmitStep::Forgotten {
                provider: chain.attempts[other].provider,
                out: chain.attempts[other].state == AttemptState::Out,
            });
            self.withdraw(other, s);
        }
        self.frees_worker(done.late.queue as usize, Hand::of(done.late), s);
        self.closes(message, s.now(), s);
    }

    /// A submit that has not gone out is not made. True: a worker waited for it that has lost its lease.
    #[inline(never)]
    pub(crate) fn late_drops(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) -> bool {
        let message = self.attempts[attempt].message;
        let Some(place) = self.late_with(message, attempt) else {
            return false;
        };
        let late = &mut self.late(message)[place];
        let other = late.submits[usize::from(late.submits[0] == Some(attempt))];
        late.submits = [other, None];
        let paid = self.attempts[attempt].paid.take();
        self.retry_ends(paid);
        self.withdraw(attempt, s);
        if other.is_none() {
            self.late_gives_up(message, place, s);
        }
        true
    }

    /// A worker that has lost its lease leaves the message to others, having nothing out.
    fn late_gives_up(&mut self, message: Id<Message>, place: usize, s: &mut E::Scheduler) {
        let late = self.late(message).remove(place);
        self.frees_worker(late.queue as usize, Hand::of(late), s);
        self.closes(message, s.now(), s);
    }

    /// A worker comes to a message of its batch of which it has lost the lease.
    pub(super) fn begins_late(
        &mut self,
        message: Id<Message>,
        index: usize,
        batch: Id<Batch>,
        worker: Option<Id<Worker>>,
    ) -> Option<Late> {
        let is_it = |late: &&mut Late| {
            late.queue as usize == index && late.batch == Some(batch) && !late.begun
        };
        let late = self.late(message).iter_mut().find(is_it)?;
        (late.begun, late.worker) = (true, worker);
        Some(*late)
    }

    /// A worker crashes at work on a message. Returns what it was of, if it had lost its lease of it.
    pub(super) fn late_crashes(
        &mut self,
        message: Id<Message>,
        index: usize,
        worker: Id<Worker>,
        s: &mut E::Scheduler,
    ) -> Option<Hand> {
        let is_it = |late: &Late| late.queue as usize == index && late.worker == Some(worker);
        let leases = self.messages.extra(message).leases.as_ref()?;
        let place = leases.late.iter().position(is_it)?;
        let late = self.late(message).remove(place);
        self.abandons(message, late.submits, s);
        self.closes(message, s.now(), s);
        Some(Hand::of(late))
    }
}
