//! Quiet hours of a queue: what waits stays there until they end, or fails.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, NEVER};
use crate::chain::records::outcome::{Observed, Truth};
use crate::chain::stations::quiet::Hours;
use crate::chain::trace::story::QueueStep;
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// Every queue begins in its quiet hours, or outside.
    pub(crate) fn schedule_quiet_hours(&mut self, s: &mut E::Scheduler) {
        for index in 0..self.queues.len() {
            self.quiet_hours_turn(index, s);
        }
    }

    /// Quiet hours of a queue begin or end: what waits fails, stays, or goes on.
    pub(crate) fn quiet_hours_turn(&mut self, index: usize, s: &mut E::Scheduler) {
        let now = s.now();
        let Some(next) = self.queues[index].quiet_turns(now) else {
            return;
        };
        if next <= self.end {
            let event = Event::new(EventKind::QuietTurn, index as u32, 0);
            s.station(next, index as u32, event);
        }
        match self.queues[index].quiet() {
            Some(Hours::Held { .. }) => {}
            Some(Hours::Refused { .. }) => self.refuse_what_waits(index, s),
            None if self.queues[index].waits_for_provider() => {
                for provider in 0..self.providers.len() {
                    self.grant_slot(provider, s);
                }
            }
            None => self.serve_waiting(index, s),
        }
    }

    fn refuse_what_waits(&mut self, index: usize, s: &mut E::Scheduler) {
        while let Some(message) = self.queues[index].next_of_all(&self.messages, s.now()) {
            if self.queues[index].ttl() < NEVER || self.validity_end(message) < NEVER {
                self.overtaken += 1;
            }
            self.refused_in_quiet_hours(message, index, s);
        }
    }

    /// A message that waits in quiet hours is counted, and told of.
    pub(super) fn waits_in_quiet_hours(&mut self, message: Id<Message>, index: usize, now: Nanos) {
        if let Some(Hours::Held { until }) = self.queues[index].quiet() {
            let batch = self.messages[message].batch;
            self.ledger.at_queue(batch, index, |queue| queue.quiet_held += 1);
            self.tell(message, now, |_| QueueStep::Quiet { queue: index, until });
        }
    }

    /// A message meets quiet hours that refuse it: it fails, and the sender sees that.
    #[inline(never)]
    pub(super) fn refused_in_quiet_hours(
        &mut self,
        message: Id<Message>,
        index: usize,
        s: &mut E::Scheduler,
    ) {
        let (now, batch) = (s.now(), self.messages[message].batch);
        self.ledger.at_queue(batch, index, |queue| queue.quiet_refused += 1);
        self.observe(message, Observed::Failed, now);
        if let Some(Hours::Refused { until }) = self.queues[index].quiet() {
            self.tell(message, now, |_| QueueStep::QuietRefused { queue: index, until });
        }
        let place = self.places.queue(index);
        self.sender_ends(message, Truth::DiscardedByQueue, place, s);
    }
}
