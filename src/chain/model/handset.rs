//! A copy on its last hop: delivered, lost, or expired.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::copied::{Copied, CopyEnd};
use crate::chain::records::event::EventKind;
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, NEVER};
use crate::chain::records::outcome::{Observed, Truth};
use crate::chain::records::parts::WHOLE;
use crate::chain::spec::Meaning;
use crate::chain::stations::tail::{self, HopEnd, LetIn};
use crate::chain::trace::story::{Draw, HandsetStep};
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// The carrier's first try at the handset: what follows is decided by draws already keyed.
    #[inline(always)]
    pub(crate) fn first_try(&mut self, it: Copied<'_>, s: &mut E::Scheduler) {
        let Copied { message, copy, now, .. } = it;
        let record = &self.messages[message];
        let carrier = &self.carriers[usize::from(record.carrier)];
        let loss = carrier.settings().loss;
        let let_in = LetIn::of(record, &it);
        let validity_end = self.validity_end(message);
        let absent_since = || self.absent_since(message);
        let hop = tail::last_hop(carrier, &let_in, validity_end, absent_since, &self.chance);
        if hop.absence.is_some() {
            self.absence_begins(message, now);
        }
        self.tell(message, now, |_| HandsetStep::Tries {
            copy,
            absent: hop.absence.filter(|absence| absence.back > now),
            found: hop.found.map(|found| found.at),
        });
        if let Some(found) = hop.found {
            self.tell(message, now, |_| HandsetStep::OnItsWay {
                copy,
                from: found.at,
                latency: found.latency,
                factor: found.factor,
                lost: Draw::of(tail::lost_share(loss, let_in.segments), found.loss),
            });
        }
        let kind = match hop.end {
            HopEnd::Delivered => EventKind::Delivery,
            HopEnd::Lost => EventKind::DeliveryLost,
            HopEnd::Expired => EventKind::CarrierExpiry,
        };
        E::happens_at(self, it, kind, hop.at, s);
    }

    /// The time at which a try first found a message's handset absent; [`NEVER`]: none has yet.
    fn absent_since(&self, message: Id<Message>) -> Nanos {
        let extra = self.messages.extra(message);
        match extra.recipient {
            None => extra.absent_since,
            Some(recipient) => match self.recipients[recipient].person {
                None => self.recipients[recipient].absent_since,
                Some(person) => self.people[person].absent_since,
            },
        }
    }

    /// A copy's first try finds the handset absent: its later copies, and others to the same person, are told.
    #[inline(never)]
    fn absence_begins(&mut self, message: Id<Message>, first: Nanos) {
        if self.absent_since(message) < NEVER {
            return;
        }
        match self.messages.extra(message).recipient {
            // No other copy will come.
            None if self.messages[message].open == 1 && !self.reactions.exist() => {}
            None => self.messages.extra_mut(message).absent_since = first,
            Some(recipient) => match self.recipients[recipient].person {
                None => self.recipients[recipient].absent_since = first,
                Some(person) => self.people[person].absent_since = first,
            },
        }
    }

    /// A copy reaches the handset.
    #[inline(always)]
    pub(crate) fn delivery(&mut self, it: Copied<'_>, at: Nanos, s: &mut E::Scheduler) {
        let Copied { message, copy, .. } = it;
        let completes = it.part == WHOLE || self.part_arrives(it, at);
        let first = completes && self.messages.arrives(message, at);
        let record = &self.messages[message];
        let index = usize::from(record.carrier);
        if first {
            self.ledger.delivery(record.batch, record.stream, at - record.requested);
            if self.people_opt_out {
                self.delivered_to_whom(message, at);
            }
        }
        let record = &self.messages[message];
        self.ledger.copy_delivered(at, record.counted(), it.segments);
        self.ledger.at_carrier(record.batch, index, |carrier| carrier.delivered += 1);
        if completes {
            self.recipient_has_copy(message, copy, first, at);
            let in_parts = it.part != WHOLE;
            self.tell(message, at, |_| HandsetStep::Delivered { copy, first, in_parts });
        }
        let receipt = self.reported_by_handset(it, Observed::Delivered);
        let end = CopyEnd { by: EventKind::Delivery, truth: Truth::DeliveredLate, place: 0 };
        E::copy_ends(self, it, end, receipt, at, s);
    }

    /// A copy is lost on the way to the handset: nobody will say so.
    #[inline(never)]
    pub(crate) fn delivery_lost(&mut self, it: Copied<'_>, at: Nanos, s: &mut E::Scheduler) {
        let Copied { message, copy, .. } = it;
        self.tell(message, at, |_| HandsetStep::Lost { copy });
        let index = usize::from(self.messages[message].carrier);
        self.ledger.at_carrier(self.messages[message].batch, index, |carrier| carrier.lost += 1);
        let place = self.places.carrier(index);
        let end = CopyEnd { by: EventKind::DeliveryLost, truth: Truth::LostByCarrier, place };
        E::copy_ends(self, it, end, None, at, s);
    }

    /// A copy's validity ends before a try finds the handset.
    #[inline(never)]
    pub(crate) fn carrier_expiry(&mut self, it: Copied<'_>, at: Nanos, s: &mut E::Scheduler) {
        let Copied { message, copy, .. } = it;
        let index = usize::from(self.messages[message].carrier);
        self.ledger.at_carrier(self.messages[message].batch, index, |carrier| carrier.expired += 1);
        if self.carriers[index].settings().daily_cap.is_some() {
            self.carriers[index].expires((message, copy), at);
        }
        self.tell(message, at, |_| HandsetStep::Expires { copy });
        let receipt = self.reported_by_handset(it, Observed::Expired);
        let place = self.places.carrier(index);
        let end = CopyEnd { by: EventKind::CarrierExpiry, truth: Truth::ExpiredAtCarrier, place };
        E::copy_ends(self, it, end, receipt, at, s);
    }

    /// The report of the handset's state; a provider for which `delivered` means the carrier's
    /// acceptance has said so already.
    pub(crate) fn reported_by_handset(&self, it: Copied<'_>, state: Observed) -> Option<Observed> {
        (self.meaning(it) == Meaning::Handset).then_some(state)
    }
}
