//! Messages in parts: each segment submitted, accepted, delivered and reported on its own.
//!
//! A worker submits the parts of a message one after another, and goes on whatever comes of one; those that
//! failed are what the next attempt is about.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::copied::Copied;
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, MessageState, NEVER};
use crate::chain::records::outcome::{AttemptResult, Observed, PartEnd, Stage};
use crate::chain::records::parts::{Parts, Summary, WHOLE};
use crate::chain::spec::Nanounits;
use crate::chain::trace::story::{HandsetStep, PartOf};
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// The part that a submit by that route is of, and its segments.
    #[inline(never)]
    pub(crate) fn in_hand(&mut self, message: Id<Message>, route: u16) -> (u16, u16) {
        let record = &self.messages[message];
        let (segments, copies, counted) = (record.segments, record.copies, record.counted());
        let provider = self.spec.provider_by(route);
        if !self.spec.providers[provider].takes_parts(segments) {
            return (WHOLE, segments);
        }
        let extra = self.messages.extra_mut(message);
        let parts = extra.parts.get_or_insert_with(|| {
            self.ledger.taken_apart(counted, segments);
            Box::new(Parts::new(segments, copies))
        });
        (parts.next(), 1)
    }

    /// True if nothing of that part has been submitted.
    pub(crate) fn is_new_part(&self, message: Id<Message>, part: u16) -> bool {
        self.messages.parts(message).is_some_and(|parts| parts.is_new(part))
    }

    /// A submit goes out: of a part, or of a whole message, perhaps one that was in parts before.
    pub(crate) fn part_goes_out(&mut self, message: Id<Message>, part: u16, hedge: bool) {
        let counted = self.messages[message].counted();
        let Some(parts) = self.messages.parts_mut(message) else {
            return;
        };
        if part == WHOLE {
            parts.next_round();
        } else {
            parts.goes_out(part, hedge);
            self.ledger.part_submitted(counted);
        }
    }

    /// The sender has the result of a part's submit. True: it goes on with the next part.
    #[inline(never)]
    pub(crate) fn has_result_of_part(
        &mut self,
        message: Id<Message>,
        part: u16,
        result: AttemptResult,
        retry_at: Nanos,
    ) -> bool {
        let extra = self.messages.extra_mut(message);
        if result != AttemptResult::Accepted {
            extra.not_before = extra.not_before.max(retry_at);
        }
        extra.parts.as_mut().is_some_and(|parts| parts.has_result(part, result))
    }

    /// The result that an attempt at a message has failed with, of which this was the last submit.
    #[inline(always)]
    pub(crate) fn failure_of_round(
        &mut self,
        message: Id<Message>,
        part: u16,
        result: AttemptResult,
    ) -> Option<AttemptResult> {
        match part {
            WHOLE => (result != AttemptResult::Accepted).then_some(result),
            _ => self.messages.parts_mut(message)?.take_failure(),
        }
    }

    /// A provider accepts a message's copy. Returns whether that had been accepted before, and whether the
    /// whole message has been now.
    #[inline(never)]
    pub(crate) fn part_accepted(
        &mut self,
        message: Id<Message>,
        part: u16,
        copy: u32,
    ) -> (bool, bool) {
        match self.messages.parts_mut(message) {
            None => (copy > 0, true),
            Some(parts) => parts.accepted(part),
        }
    }

    /// A provider bills a copy of a part.
    pub(crate) fn part_billed(&mut self, message: Id<Message>, bill: Nanounits) {
        self.ledger.part_accepted(self.messages[message].counted(), bill);
        if let Some(parts) = self.messages.parts_mut(message) {
            parts.bill(bill);
        }
    }

    /// A part reaches the handset. True: it has all of them, and shows the message.
    #[inline(never)]
    pub(crate) fn part_arrives(&mut self, it: Copied<'_>, at: Nanos) -> bool {
        let Copied { message, copy, part, .. } = it;
        let Some(parts) = self.messages.parts_mut(message) else {
            debug_assert!(false, "a part of a message that isn't in parts");
            return false;
        };
        let (arrived, of) = (parts.arrives(part, at), parts.len());
        let record = &self.messages[message];
        self.ledger.part_arrives(record.counted(), arrived.again);
        if arrived.first {
            self.ledger.latency(record.batch, Stage::Parts, arrived.spread);
        }
        self.tell(message, at, |_| HandsetStep::PartArrives {
            copy,
            again: arrived.again,
            have: arrived.have,
            of,
        });
        arrived.completes
    }

    /// True if the sender has asked for a receipt of that copy of a part.
    pub(crate) fn asks_for_receipt(&self, it: Copied<'_>) -> bool {
        let whole = self.spec.providers[it.provider].receipts.whole;
        let parts = self.messages.parts(it.message);
        parts.is_none_or(|parts| parts.asks_for_receipt(it.part, whole))
    }

    /// The sender acts on what it has seen: it sends what it has not seen delivered once more.
    pub(crate) fn parts_once_more(&mut self, message: Id<Message>) {
        let provider = self.provider_of(message);
        let whole = self.spec.providers[provider].receipts.whole;
        if let Some(parts) = self.messages.parts_mut(message) {
            parts.once_more(whole);
        }
    }

    /// A part as it is told of.
    pub(crate) fn part_of(&self, message: Id<Message>, part: u16) -> Option<PartOf> {
        let of = self.messages.parts(message)?.len();
        (part != WHOLE).then(|| PartOf { number: part + 1, of })
    }

    /// A message that may have gone in parts has ended, or the run has: what has become of them.
    #[inline(never)]
    pub(crate) fn book_parts(&mut self, message: Id<Message>, now: Nanos) {
        let Some(parts) = self.messages.parts(message) else {
            return;
        };
        let record = &self.messages[message];
        let mut ends = [0; PartEnd::COUNT];
        for end in parts.ends_of_parts(record.state == MessageState::Done) {
            ends[end as usize] += 1;
        }
        let (bill, end) = (parts.billed(), parts.end());
        let Summary { complete, arrived, out_of_order } = parts.summary();
        let of = parts.len();
        let lacks = arrived > 0 && record.delivered == NEVER;
        let counted = record.counted();
        let seen_delivered = lacks && self.finally_observed(message) == Observed::Delivered;
        (self.messages[message].cause, self.messages[message].place) = end;
        self.ledger.parts_ended(counted, &ends, bill);
        self.ledger.in_parts(counted, |parts| {
            parts.complete += u64::from(complete);
            parts.out_of_order += u64::from(complete && out_of_order);
            parts.incomplete += u64::from(lacks);
            parts.incomplete_seen_delivered += u64::from(seen_delivered);
        });
        if lacks {
            self.tell(message, now, |_| HandsetStep::Incomplete { have: arrived, of });
        }
    }
}
