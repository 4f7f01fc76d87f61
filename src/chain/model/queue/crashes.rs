//! Crashes of workers.

use super::Hand;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::message::MessageState;
use crate::chain::records::outcome::Truth;
use crate::chain::spec::Guarantee;
use crate::chain::stations::queue::Crashed;
use crate::chain::trace::story::QueueStep;

impl<E: Engine> Chain<'_, E> {
    /// The first crash of every worker of queues that have them.
    pub(crate) fn schedule_crashes(&mut self, s: &mut E::Scheduler) {
        self.schedule_crashes_but(&[], s);
    }

    /// A new time to crash for every worker but `these` (queue, worker).
    pub(crate) fn schedule_crashes_but(&mut self, these: &[(u32, u32)], s: &mut E::Scheduler) {
        for index in 0..self.queues.len() {
            let workers = self.queues[index].crashing_workers();
            for worker in 0..workers {
                if !these.contains(&(index as u32, worker)) {
                    self.schedule_crash(index, worker, s);
                }
            }
        }
    }

    fn schedule_crash(&mut self, index: usize, worker: u32, s: &mut E::Scheduler) {
        let Some(up) = self.queues[index].next_crash(worker, &self.chance) else {
            return;
        };
        let at = s.now().saturating_add(up);
        if at <= self.end {
            s.station(at, worker, Event::new(EventKind::WorkerCrash, index as u32, worker));
        }
    }

    /// A worker is gone for a while, and the message it held with it.
    pub(crate) fn worker_crash(&mut self, index: usize, worker: u32, s: &mut E::Scheduler) {
        let now = s.now();
        let Some(Crashed { held, restart, guarantee }) =
            self.queues[index].crashes_worker(worker, now)
        else {
            debug_assert!(false, "only workers that crash have this event");
            return;
        };
        let back = Event::new(EventKind::WorkerRestart, index as u32, worker);
        s.station(now.saturating_add(restart), worker, back);
        let Some(message) = held else {
            return;
        };
        let late = match self.leased {
            true => self.late_crashes(message, index, Id::nth(worker), s),
            false => None,
        };
        let hand = late.unwrap_or_else(|| {
            let extra = self.messages.extra_mut(message);
            Hand { worker: Some(Id::nth(worker)), batch: extra.batch.take() }
        });
        if late.is_none() {
            self.crashes_with(message, (index, worker), guarantee, s);
        }
        let comes_back = |chain: &mut Self, message, s: &mut E::Scheduler| {
            chain.crashes_with(message, (index, worker), guarantee, s);
        };
        self.batch_crashes(index, hand, comes_back, s);
    }

    /// A message's worker crashes.
    fn crashes_with(
        &mut self,
        message: Id<Message>,
        (index, worker): (usize, u32),
        guarantee: Guarantee,
        s: &mut E::Scheduler,
    ) {
        let now = s.now();
        self.messages.extra_mut(message).worker = None;
        let lease_end = self.lease_is_over(message);
        let back = match guarantee {
            Guarantee::AtLeastOnce { visibility_timeout } => {
                Some(lease_end.unwrap_or(now.saturating_add(visibility_timeout)))
            }
            Guarantee::AtMostOnce => None,
        };
        self.tell(message, now, |chain| QueueStep::Crashes {
            queue: index,
            worker,
            back,
            out: chain.has_submit_out(message),
        });
        self.abandon_submits(message, s);
        match back {
            Some(back) => {
                let record = &mut self.messages[message];
                record.moves_to(MessageState::Aside, now);
                let rejoin = Event::new(EventKind::Rejoin, message, 0);
                s.happens(back, record.order, 0, rejoin);
            }
            None => {
                let place = self.places.queue(index);
                self.sender_ends(message, Truth::LostBySender, place, s);
            }
        }
    }

    /// A crashed worker is back.
    pub(crate) fn worker_restart(&mut self, index: usize, worker: u32, s: &mut E::Scheduler) {
        self.queues[index].worker_returns(worker);
        self.schedule_crash(index, worker, s);
        self.serve_waiting(index, s);
    }
}
