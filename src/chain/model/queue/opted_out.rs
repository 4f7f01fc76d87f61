//! Messages whose recipients opt out while they wait.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::Scheduler as _;
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, NEVER};
use crate::chain::records::outcome::{Observed, Truth};
use crate::chain::trace::story::QueueStep;
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// The time from which a message's recipient has opted out; [`NEVER`] if they don't.
    fn opted_out_at(&self, message: Id<Message>) -> Nanos {
        let record = &self.messages[message];
        let people = &self.populations[usize::from(record.stream)];
        if !people.loses_people() {
            return NEVER;
        }
        let extra = self.messages.extra(message);
        people.opted_out_at(&self.chance, record.root, extra.row, extra.repeat)
    }

    /// True if a message's recipient has opted out, and its sender looks.
    pub(super) fn has_opted_out(&self, message: Id<Message>, now: Nanos) -> bool {
        let stream = usize::from(self.messages[message].stream);
        self.populations[stream].looks_again() && self.opted_out_at(message) <= now
    }

    /// A message whose recipient has opted out is not sent.
    pub(super) fn drops_opted_out(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        let now = s.now();
        let (index, since) = (self.queue_of(message), self.opted_out_at(message));
        let record = &self.messages[message];
        self.ledger.of_stream(record.batch, record.stream, |stream| stream.opt_outs.dropped += 1);
        self.observe(message, Observed::Failed, now);
        self.tell(message, now, |_| QueueStep::OptedOut { queue: index, since });
        let place = self.places.queue(index);
        self.sender_ends(message, Truth::DiscardedByQueue, place, s);
    }

    /// A message's first copy is on the handset at `at`: of a person who has opted out by then?
    #[inline(never)]
    pub(crate) fn delivered_to_whom(&mut self, message: Id<Message>, at: Nanos) {
        if self.opted_out_at(message) <= at {
            let record = &self.messages[message];
            let (batch, stream) = (record.batch, record.stream);
            self.ledger.of_stream(batch, stream, |stream| stream.opt_outs.delivered += 1);
        }
    }
}
