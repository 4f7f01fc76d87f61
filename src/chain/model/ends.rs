//! The ends of what the chain has in flight: copies, messages, recipients and requests; and of the run.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::Scheduler as _;
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, MessageState, NEVER, Recipient, Request};
use crate::chain::records::outcome::{EndPlace, Truth};
use crate::chain::records::parts::WHOLE;
use crate::chain::trace::completed::{End, completed};
use crate::chain::trace::observer::Listener as _;
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// The sender's own work on a message ends without success.
    pub(crate) fn sender_ends(
        &mut self,
        message: Id<Message>,
        truth: Truth,
        place: EndPlace,
        s: &mut E::Scheduler,
    ) {
        let now = s.now();
        self.probes_no_more(message, s);
        self.retries_no_more(message);
        let record = &mut self.messages[message];
        record.moves_to(MessageState::Done, now);
        self.messages.sender_ends(message, truth, place);
        self.closes(message, now, s);
    }

    /// A copy has ended, or is known to end then.
    #[inline(always)]
    pub(crate) fn copy_ends(
        &mut self,
        (message, part): (Id<Message>, u16),
        truth: Truth,
        place: EndPlace,
        now: Nanos,
        s: &mut E::Scheduler,
    ) {
        self.ledger.copy_ended();
        match self.takes_apart {
            false => self.messages[message].reaches(truth, place),
            true => {
                if part != WHOLE {
                    self.ledger.part_copy_ended();
                }
                self.messages.copy_ends(message, part, truth, place);
            }
        }
        self.closes(message, now, s);
    }

    /// Something that was open for a message no longer is; the last one ends it.
    #[inline]
    pub(crate) fn closes(&mut self, message: Id<Message>, now: Nanos, s: &mut E::Scheduler) {
        let record = &mut self.messages[message];
        debug_assert!(record.open > 0, "nothing of the message is open");
        record.open -= 1;
        if record.open == 0 {
            self.message_ends(message, now, s);
        }
    }

    #[inline(never)]
    fn message_ends(&mut self, message: Id<Message>, now: Nanos, s: &mut E::Scheduler) {
        if E::Listener::MESSAGES {
            // Those that came before it are told before it.
            E::catches_up(self, s);
        }
        self.book(message, now);
        let extra = self.messages.extra(message);
        let (kept, again) = (extra.recipient.zip(extra.request), extra.arrived_again);
        let record = &mut self.messages[message];
        record.moves_to(MessageState::Done, now);
        self.list(message);
        self.messages.release(message);
        let record = &self.messages[message];
        let Some((recipient, request)) = kept else {
            if again {
                self.ledger.delivered_twice(record.batch);
            }
            return;
        };
        self.leave_recipient(recipient);
        self.requests[request].messages -= 1;
        self.settle(request, now);
    }

    /// Enters a message's end into the books.
    #[inline(always)]
    fn book(&mut self, message: Id<Message>, now: Nanos) {
        if self.takes_apart {
            self.book_parts(message, now);
        }
        let truth = self.truth(message);
        let observed = self.finally_observed(message);
        let record = &self.messages[message];
        let id = self.message_id(record.key);
        let cost = i128::from(self.cost_of(message));
        self.ledger.ended(record, truth, observed, id, cost);
        if truth == Truth::DeliveredOnTime {
            // Once for a recipient, however many messages a repeated call made of one.
            let counted_already = match self.messages.recipient(message) {
                None => false,
                Some(recipient) => std::mem::replace(&mut self.recipients[recipient].on_time, true),
            };
            if counted_already {
                self.ledger.on_time_again(record.batch, record.stream);
            } else {
                self.ledger.on_time(record.requested, record.batch);
            }
        }
        if self.reactions.exist() {
            self.book_reactions(message);
        }
    }

    /// Tells those who list messages of one that has been booked.
    fn list(&mut self, message: Id<Message>) {
        if E::Listener::MESSAGES {
            let record = &self.messages[message];
            let end = End {
                route: self.route_shown(message),
                truth: self.truth(message),
                observed: self.finally_observed(message),
                message_id: self.message_id(record.key),
                cost: self.cost_of(message),
            };
            let row = completed(record, end, &self.names, &self.places);
            self.listener.completed(&row);
        }
    }

    #[inline(always)]
    pub(crate) fn truth(&self, message: Id<Message>) -> Truth {
        let record = &self.messages[message];
        if record.delivered < NEVER {
            let on_time = record.delivered <= self.deadline_of(message);
            return if on_time { Truth::DeliveredOnTime } else { Truth::DeliveredLate };
        }
        // What is still under way, receipts aside, could yet change it.
        if record.open > record.receipts { Truth::Unresolved } else { record.cause }
    }

    /// A message's handset has that copy of it at `at`, as its `first`: so has the person, whatever request
    /// they are waiting for.
    #[inline]
    pub(crate) fn recipient_has_copy(
        &mut self,
        message: Id<Message>,
        copy: u32,
        first: bool,
        at: Nanos,
    ) {
        if !self.messages.has_extra(message) {
            return;
        }
        self.arrival_after_acting(message, copy);
        self.kept_recipient_has_copy(message, first, at);
    }

    #[inline(never)]
    fn kept_recipient_has_copy(&mut self, message: Id<Message>, first: bool, at: Nanos) {
        let extra = self.messages.extra(message);
        let Some((recipient, request)) = extra.recipient.zip(extra.request) else {
            return;
        };
        self.requests[request].delivered = true;
        let recipient = &mut self.recipients[recipient];
        recipient.arrived += 1;
        if let Some(person) = recipient.person {
            let since = &mut self.people[person].has_copy_since;
            *since = (*since).min(at);
        }
        if first {
            let record = &self.messages[message];
            let span = at - record.requested;
            // Of two messages the later one is too much, whichever is looked at first.
            if recipient.soonest < NEVER {
                let later = recipient.soonest.max(span);
                self.ledger.delivered_again(record.batch, record.stream, later);
            }
            recipient.soonest = recipient.soonest.min(span);
        }
    }

    /// One user of a recipient's record fewer; the last one closes it.
    pub(crate) fn leave_recipient(&mut self, recipient: Id<Recipient>) {
        let record = &mut self.recipients[recipient];
        debug_assert!(record.users > 0, "nobody uses the recipient's record");
        record.users -= 1;
        if record.users > 0 {
            return;
        }
        if record.arrived > 1 {
            self.ledger.delivered_twice(record.request.batch);
        }
        let person = record.person;
        self.recipients.release(recipient);
        if let Some(person) = person {
            self.people[person].users -= 1;
            if self.people[person].users == 0 {
                self.people.release(person);
            }
        }
    }

    /// Closes what is finished of a request: its fate at the API, then, once its messages have
    /// ended, the request itself.
    pub(crate) fn settle(&mut self, request: Id<Request>, now: Nanos) {
        let record = &mut self.requests[request];
        if !record.settled {
            if !record.client_done || record.calls_open > 0 {
                return;
            }
            record.settled = true;
            let refusal = (!record.accepted).then_some(record.refusal);
            let failed = !record.client_saw_success;
            self.ledger.settled(now, record.batch, record.stream, refusal, failed);
        }
        let record = &self.requests[request];
        if record.messages > 0 {
            return;
        }
        if record.delivered && !record.client_saw_success {
            self.ledger.client_mistaken(record.batch, record.stream);
        }
        let mut next = record.recipients;
        self.requests.release(request);
        while let Some(recipient) = next {
            next = self.recipients[recipient].next;
            self.leave_recipient(recipient);
        }
    }

    /// The run is over: what is still under way ends as it stands.
    pub(crate) fn finish(&mut self) {
        self.listener.all_have_come();
        let mut left = self.messages.live();
        left.sort_by_key(|&message| (self.messages[message].order, self.messages[message].key));
        for message in left {
            self.book(message, self.end);
            self.list(message);
            let record = &self.messages[message];
            let extra = self.messages.extra(message);
            if extra.recipient.is_none() && extra.arrived_again {
                self.ledger.delivered_twice(record.batch);
            }
        }
        for request in self.requests.live() {
            let record = &self.requests[request];
            let failed = !record.client_saw_success;
            if !record.settled {
                let refusal = (!record.accepted).then_some(record.refusal);
                self.ledger.settled(self.end, record.batch, record.stream, refusal, failed);
            }
            if record.delivered && failed {
                self.ledger.client_mistaken(record.batch, record.stream);
            }
        }
        for recipient in self.recipients.live() {
            let record = &self.recipients[recipient];
            if record.arrived > 1 {
                self.ledger.delivered_twice(record.request.batch);
            }
        }
    }
}
