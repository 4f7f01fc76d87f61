//! Acting on receipts: what the sender sees of a message, or that it sees nothing, sets a further attempt
//! going.

use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::acting::Waits;
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, MessageState, NEVER};
use crate::chain::records::outcome::{EndPlace, Observed, Truth};
use crate::chain::spec::{FurtherRoute, OnReceipt};
use crate::chain::stations::retry::chosen;
use crate::chain::trace::story::ReceiptStep;
use crate::kernel::Nanos;
use crate::random::DrawSource as _;

/// After all else that happens to a message at one instant: a receipt that comes then has come.
const LAST: u32 = u32::MAX;

impl<E: Engine> Chain<'_, E> {
    /// The sender has seen a provider accept the message. True: it waits for a receipt, its work is not
    /// done.
    #[inline(never)]
    pub(crate) fn awaits_receipt(&mut self, message: Id<Message>, s: &mut E::Scheduler) -> bool {
        let record = &self.messages[message];
        let Some(rule) = self.reactions.of(record.stream) else {
            return false;
        };
        let made = self.messages.acting(message).acts;
        let Some(at) = rule.silent_at(made, s.now(), self.acting_ends(message, rule)) else {
            return false;
        };
        if record.receipt == Some(Observed::Delivered) {
            return false;
        }
        self.messages.acting_mut(message).waits = Waits::Receipt;
        self.follow_up_at(message, at, s);
        true
    }

    /// The sender reads a receipt that says this of a copy.
    #[inline(never)]
    pub(crate) fn reads(
        &mut self,
        message: Id<Message>,
        says: Observed,
        copy: u32,
        s: &mut E::Scheduler,
    ) {
        let record = &self.messages[message];
        let Some(rule) = self.reactions.of(record.stream) else {
            return;
        };
        let acting = self.messages.acting(message);
        if says == Observed::Delivered {
            self.called_off(message, s);
            return;
        }
        // One that was delivered, is being tried, or was acted on.
        let settled = record.receipt == Some(Observed::Delivered) || copy < acting.copies;
        if settled || record.state != MessageState::Done {
            return;
        }
        if !rule.on.has(says) || !self.acts(message, rule, says, s) {
            // An answer, whatever it says.
            self.called_off(message, s);
        }
    }

    /// The sender's own attempts are over. True: it makes further ones.
    #[inline(never)]
    pub(crate) fn acts_on_failure(
        &mut self,
        message: Id<Message>,
        truth: Truth,
        place: EndPlace,
        s: &mut E::Scheduler,
    ) -> bool {
        let record = &self.messages[message];
        let rule = self.reactions.of(record.stream).filter(|rule| rule.on.failed);
        let Some(rule) = rule.filter(|_| record.receipt != Some(Observed::Delivered)) else {
            return false;
        };
        let acts = self.acts(message, rule, Observed::Failed, s);
        if acts {
            self.probes_no_more(message, s);
            self.retries_no_more(message);
            self.messages.sender_ends(message, truth, place);
        }
        acts
    }

    /// A sender that acts on receipts has had none for too long, or its next attempt is due.
    #[inline(never)]
    pub(crate) fn follow_up(&mut self, message: Id<Message>, stamp: u32, s: &mut E::Scheduler) {
        if !self.follows_up(message, stamp) {
            self.overtaken = self.overtaken.saturating_sub(1);
            return;
        }
        let Some(rule) = self.reactions.of(self.messages[message].stream) else {
            debug_assert!(false, "only of a sender that acts");
            return;
        };
        match self.messages.acting(message).waits {
            Waits::Receipt => {
                if !self.acts(message, rule, Observed::Unknown, s) {
                    self.messages.acting_mut(message).waits = Waits::Nothing;
                    self.closes(message, s.now(), s);
                }
            }
            Waits::Attempt => self.tries_further(message, rule, s),
            Waits::Nothing => debug_assert!(false, "it waits for something"),
        }
    }

    /// True if such an event is still about the message it was scheduled for, where it was then.
    pub(crate) fn follows_up(&self, message: Id<Message>, stamp: u32) -> bool {
        self.messages[message].stamp & DETAIL_MAX == stamp
    }

    /// The sender acts on what it has seen of a message: a further attempt, unless there may be no more.
    fn acts(
        &mut self,
        message: Id<Message>,
        rule: &OnReceipt,
        seen: Observed,
        s: &mut E::Scheduler,
    ) -> bool {
        let now = s.now();
        let record = &self.messages[message];
        let (key, copies, batch) = (record.key, record.copies, record.batch);
        let made = self.messages.acting(message).acts;
        let end = self.acting_ends(message, rule);
        let draw = |number| self.chance.block(site::receipt_wait(key, number));
        let due = match rule.due(made, now, end, draw) {
            Ok(due) => due,
            Err(why) => {
                self.tell(message, now, |_| ReceiptStep::NoMore { seen, made, why });
                return false;
            }
        };
        let tries = self.messages.tries(message);
        let delivered = self.messages[message].delivered < NEVER;
        let arrived = u32::from(delivered) + u32::from(self.messages.extra(message).arrived_again);
        let acting = self.messages.acting_mut(message);
        let working = acting.waits == Waits::Receipt;
        if made == 0 {
            (acting.first_copies, acting.arrived_before) = (copies, arrived);
        }
        (acting.acts, acting.waits) = (made + 1, Waits::Attempt);
        (acting.copies, acting.tries) = (copies, tries);
        let record = &mut self.messages[message];
        if record.state == MessageState::Done && !working {
            // The sender has work with it again.
            record.open += 1;
        }
        record.moves_to(MessageState::Aside, now);
        self.ledger.acts(batch, seen, made == 0);
        self.tell(message, now, |chain| ReceiptStep::Acts {
            seen,
            attempt: made + 1,
            most: rule.retry.max_attempts,
            wait: chosen(&rule.retry, made + 1, |number| {
                chain.chance.block(site::receipt_wait(key, number))
            }),
            due,
        });
        self.follow_up_at(message, due, s);
        true
    }

    /// A further attempt is due: the message rejoins its queue, or that of another route.
    fn tries_further(&mut self, message: Id<Message>, rule: &OnReceipt, s: &mut E::Scheduler) {
        let record = &self.messages[message];
        let (carrier, batch) = (usize::from(record.carrier), record.batch);
        let route = match rule.route {
            FurtherRoute::Same => None,
            FurtherRoute::Next => self.route_after(message),
            FurtherRoute::By(route) => {
                let serves = self.spec.routes[route].carriers.contains(&carrier)
                    && self.takes(route as u16, message);
                serves.then_some(route as u16)
            }
        };
        self.messages.acting_mut(message).waits = Waits::Nothing;
        self.parts_once_more(message);
        self.ledger.tries_further(batch);
        if let Some(route) = route {
            self.go_by(message, route, s);
        }
        self.rejoin(message, s);
    }

    /// The sender waits no more, neither for a receipt nor for its next attempt's time.
    fn called_off(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        let now = s.now();
        let waits = self.messages.acting(message).waits;
        if waits == Waits::Nothing {
            return;
        }
        if waits == Waits::Attempt {
            self.ledger.called_off(self.messages[message].batch);
            self.tell(message, now, |_| ReceiptStep::CallsOff);
        }
        self.messages.acting_mut(message).waits = Waits::Nothing;
        self.messages[message].moves_to(MessageState::Done, now);
        self.overtaken += 1;
        self.closes(message, now, s);
    }

    fn follow_up_at(&self, message: Id<Message>, at: Nanos, s: &mut E::Scheduler) {
        let record = &self.messages[message];
        let event = Event::new(EventKind::FollowUp, message, record.stamp & DETAIL_MAX);
        s.happens(at, record.order, LAST, event);
    }

    /// From when on no further attempt is made.
    fn acting_ends(&self, message: Id<Message>, rule: &OnReceipt) -> Nanos {
        rule.ends(self.messages[message].accepted, self.validity_end(message))
    }

    /// A copy has reached the handset, perhaps after the sender had acted.
    pub(crate) fn arrival_after_acting(&mut self, message: Id<Message>, copy: u32) {
        let extra = self.messages.extra_if_any(message);
        if let Some(acting) = extra.and_then(|extra| extra.acting.as_mut())
            && acting.acts > 0
        {
            match copy < acting.first_copies {
                true => acting.arrived_before += 1,
                false => acting.arrived_since += 1,
            }
        }
    }

    /// Enters what acting on receipts has come to for a message.
    #[inline(never)]
    pub(crate) fn book_reactions(&mut self, message: Id<Message>) {
        let acting = self.messages.acting(message);
        if acting.arrived_since > 0 {
            let (before, all) =
                (acting.arrived_before, acting.arrived_before + acting.arrived_since);
            let batch = self.messages[message].batch;
            self.ledger.further_arrival(batch, before == 0, before < 2 && all > 1);
        }
    }
}
