//! Telling observers: one line where something is decided, and nothing at all where nobody listens.

use crate::chain::draws::key;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::attempt::Ticket;
use crate::chain::records::event::{Event, Slot};
use crate::chain::records::id::Id;
use crate::chain::records::message::Call;
use crate::chain::records::message::Message;
use crate::chain::records::message::Request;
use crate::chain::records::message::{NEVER, Origin};
use crate::chain::records::outcome::Truth;
use crate::chain::records::parts::WHOLE;
use crate::chain::trace::observer::Listener as _;
use crate::chain::trace::story::{Step, Told, Whose};
use crate::chain::trace::traced::{Subject, TracedEvent};
use crate::kernel::Nanos;
use crate::random::Key;

impl<E: Engine> Chain<'_, E> {
    /// Something has happened to a message.
    #[inline(always)]
    pub(crate) fn tell<T: Into<Option<Step>>>(
        &mut self,
        message: Id<Message>,
        now: Nanos,
        step: impl FnOnce(&Self) -> T,
    ) {
        if E::Listener::STORIES {
            self.tell_of_message((message, WHOLE), now, step);
        }
    }

    /// Something has happened to a submit.
    #[inline(always)]
    pub(crate) fn tell_attempt<T: Into<Option<Step>>>(
        &mut self,
        attempt: Id<Attempt>,
        now: Nanos,
        step: impl FnOnce(&Self) -> T,
    ) {
        if E::Listener::STORIES {
            let &Attempt { message, part, .. } = &self.attempts[attempt];
            self.tell_of_message((message, part), now, step);
        }
    }

    /// Something has happened to a request's call (from 0): of each of its recipients.
    #[inline(always)]
    pub(crate) fn tell_call<T: Into<Option<Step>>>(
        &mut self,
        request: Id<Request>,
        call: Id<Call>,
        now: Nanos,
        step: impl Fn(&Self) -> T,
    ) {
        if E::Listener::STORIES {
            let record = &self.requests[request];
            let key = key::call(record.key, call.number());
            let recipients = match record.origin {
                Origin::Root => self.spec.traffic[usize::from(record.stream)].per_request,
                Origin::Resend { .. } => 1,
            };
            for recipient in 0..recipients {
                self.tell_recipient(request, key, recipient, now, &step);
            }
        }
    }

    /// Something has happened to a recipient of a call with that key.
    #[inline(always)]
    pub(crate) fn tell_recipient<T: Into<Option<Step>>>(
        &mut self,
        request: Id<Request>,
        call: Key,
        recipient: u32,
        now: Nanos,
        step: impl FnOnce(&Self) -> T,
    ) {
        if E::Listener::STORIES {
            let record = &self.requests[request];
            let whose = Whose { request: record.ordinal, root: record.root(recipient).0 };
            self.tell_of_call(whose, call, key::message(call, recipient), now, step);
        }
    }

    /// Something has happened to a person, about the message with this key.
    #[inline(always)]
    pub(crate) fn tell_person<T: Into<Option<Step>>>(
        &mut self,
        whose: Whose,
        key: Key,
        now: Nanos,
        step: impl FnOnce(&Self) -> T,
    ) {
        if E::Listener::STORIES {
            self.tell_of_call(whose, key, key, now, step);
        }
    }

    fn tell_of_call<T: Into<Option<Step>>>(
        &mut self,
        whose: Whose,
        call: Key,
        message: Key,
        now: Nanos,
        step: impl FnOnce(&Self) -> T,
    ) {
        if !self.listener.tells(whose) {
            return;
        }
        let Some(step) = step(self).into() else {
            return;
        };
        self.listener.told(&Told {
            time: now,
            request: whose.request,
            order_id: u64::from(self.order_id(call)),
            message: self.message_id(message),
            part: None,
            seen: None,
            truth: Truth::Unresolved,
            step,
        });
    }

    fn tell_of_message<T: Into<Option<Step>>>(
        &mut self,
        (message, part): (Id<Message>, u16),
        now: Nanos,
        step: impl FnOnce(&Self) -> T,
    ) {
        let record = &self.messages[message];
        let request = record.order.request();
        if !self.listener.tells(Whose { request, root: record.root }) {
            return;
        }
        let Some(step) = step(self).into() else {
            return;
        };
        let record = &self.messages[message];
        let part = step.copy().map_or(part, |copy| self.messages.part_of_copy(message, copy).0);
        let delivered = record.delivered < NEVER;
        self.listener.told(&Told {
            time: now,
            request,
            order_id: u64::from(record.order_id),
            message: self.message_id(record.key),
            part: self.part_of(message, part),
            seen: Some(record.seen()),
            truth: if delivered { self.truth(message) } else { self.messages.end(message).0 },
            step,
        });
    }

    /// The place of a waiting message in its queue, from 1.
    pub(crate) fn place_in_queue(&self, message: Id<Message>) -> Option<u64> {
        if !self.listener.counts_places() {
            return None;
        }
        let ticket: Ticket<Message> = (message, self.messages[message].stamp);
        let waits = |(slot, stamp): Ticket<Message>| self.messages[slot].stamp == stamp;
        Some(self.queues[self.queue_of(message)].place(
            ticket,
            self.lane_of_message(message),
            waits,
        ))
    }

    /// `event` without slots: those say who came first, not who it is.
    pub(crate) fn traced(&self, event: Event, now: Nanos) -> TracedEvent {
        let slot = event.slot;
        let message =
            |record: &Message| Subject::Message(record.order_id, self.message_id(record.key));
        let subject = match event.kind().slot() {
            Slot::Attempt => message(&self.messages[self.attempts[event.attempt()].message]),
            Slot::Message | Slot::Copy => message(&self.messages[event.message()]),
            Slot::Request => {
                let request = &self.requests[event.request()];
                Subject::Request(request.stream, request.ordinal)
            }
            Slot::Recipient => {
                Subject::Person(self.message_id(self.recipients[event.recipient()].root))
            }
            Slot::Stream => Subject::Stream(slot),
            Slot::Queue => Subject::Queue(slot),
            Slot::Provider => Subject::Provider(slot),
            Slot::Gate => match self.policies.provider_of_gate(slot) {
                Some(provider) => Subject::Provider(provider),
                None => Subject::Client,
            },
            Slot::Carrier => Subject::Carrier(slot),
            Slot::Routes => Subject::Routes,
        };
        TracedEvent { time: now, subject, kind: event.kind(), detail: event.detail() }
    }
}
