//! Receipts: carrier → provider → sender; late, lost or false.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::copied::{Copied, CopyEnd};
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, NEVER, Refunded};
use crate::chain::records::outcome::{Observed, Stage};
use crate::chain::records::parts::{WHOLE, heeds};
use crate::chain::spec::{Receipts, Refund};
use crate::chain::stations::tail::{self, Report};
use crate::chain::trace::story::{MoneyStep, ReceiptStep};
use crate::kernel::Nanos;

/// A receipt on its way to the sender.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receipt {
    pub(crate) says: Observed,
    /// The time at which it is there: not after the run's end.
    pub(crate) at: Nanos,
}

impl<E: Engine> Chain<'_, E> {
    /// The receipt of what the carrier has to say of a copy at `now`; `None` if it is lost, or
    /// would come after the run's end, or after the sender has forgotten the message, and is never observed.
    #[inline(always)]
    pub(crate) fn receipt(
        &mut self,
        it: Copied<'_>,
        state: Observed,
        now: Nanos,
    ) -> Option<Receipt> {
        let Copied { message, copy, provider, .. } = it;
        if it.part != WHOLE && !self.asks_for_receipt(it) {
            return None;
        }
        let key = self.messages[message].key;
        let station = &self.providers[provider];
        let report = tail::report(station, (key, copy), state, now, it.drawn, &self.chance);
        let (says, lie, due, at) = match report {
            Report::Lost(draw) => {
                self.tell(message, now, |_| ReceiptStep::Lost { copy, provider, state, draw });
                return None;
            }
            Report::Leaves { says, lie, due, at } => (says, lie, due, at),
        };
        let forgotten = station
            .receipts()
            .forgotten_after
            .is_some_and(|after| at >= self.messages[message].handed_off.saturating_add(after));
        self.tell(message, now, |chain| ReceiptStep::Leaves {
            copy,
            provider,
            state,
            says,
            lie,
            at,
            held: at > due,
            unseen: at > chain.end,
            forgotten,
        });
        if at > self.end || forgotten {
            return None;
        }
        self.ledger.latency(self.messages[message].batch, Stage::Receipt, at - now);
        Some(Receipt { says, at })
    }

    /// A copy ends at `at`, with a receipt of what the carrier has to say.
    #[inline(always)]
    pub(crate) fn copy_ends_with(
        &mut self,
        it: Copied<'_>,
        end: CopyEnd,
        says: Option<Observed>,
        at: Nanos,
        s: &mut E::Scheduler,
    ) {
        // Not by a closure, which might become a function of its own.
        let receipt = match says {
            Some(state) => self.receipt(it, state, at),
            None => None,
        };
        if let Some(receipt) = receipt {
            self.send_receipt(it, receipt, s);
        }
        self.copy_ends((it.message, it.part), end.truth, end.place, at, s);
    }

    /// A receipt is on its way.
    pub(crate) fn send_receipt(&mut self, it: Copied<'_>, receipt: Receipt, s: &mut E::Scheduler) {
        let Copied { message, copy, .. } = it;
        let record = &mut self.messages[message];
        record.open += 1;
        record.receipts += 1;
        s.happens(
            receipt.at,
            record.order,
            copy,
            Event::new(EventKind::Receipt, message, packed(receipt.says, copy)),
        );
    }

    /// A receipt reaches the sender.
    pub(crate) fn receipt_arrives(
        &mut self,
        message: Id<Message>,
        detail: u32,
        s: &mut E::Scheduler,
    ) {
        let now = s.now();
        let (state, copy) = unpacked(detail);
        debug_assert!(self.messages[message].receipts > 0, "no receipt is on its way");
        self.messages[message].receipts -= 1;
        if self.slow_routes.exist() {
            self.route_is_seen(message, copy, state, now);
        }
        let it = self.copied(message, copy, now);
        let heard = self.hears(it, state);
        self.tell(message, now, |_| ReceiptStep::Arrives { says: state, copy, heard });
        if let Some(state) = heard {
            self.refund(message, state, now);
            if self.reactions.exist() {
                self.reads(message, state, copy, s);
            }
        }
        self.closes(message, now, s);
    }

    /// The sender reads a receipt, perhaps one of several. Returns the message's state, if that
    /// is what the receipt comes to.
    #[inline(always)]
    pub(crate) fn hears(&mut self, it: Copied<'_>, says: Observed) -> Option<Observed> {
        let &Receipts { several, whole, .. } = &self.spec.providers[it.provider].receipts;
        let says = match it.part {
            WHOLE => says,
            part => self.messages.parts_mut(it.message)?.hears(part, says, several, whole)?,
        };
        heeds(&mut self.messages[it.message].receipt, says, several).then_some(says)
    }

    /// The sender learns a state without a receipt.
    pub(crate) fn observe(&mut self, message: Id<Message>, state: Observed, now: Nanos) {
        self.messages[message].base = state;
        if self.messages[message].receipt.is_none() {
            self.refund(message, state, now);
        }
    }

    /// Gives back what has been charged and not come back yet, if the observed state calls for it.
    pub(crate) fn refund(&mut self, message: Id<Message>, state: Observed, now: Nanos) {
        if !self.calls_for_refund(state) {
            return;
        }
        let amount = self.cost_of(message);
        if amount == 0 {
            return;
        }
        let whole = self.messages[message].handed_off < NEVER;
        self.messages.extra_mut(message).refunded =
            if whole { Refunded::Whole } else { Refunded::FirstPart };
        self.account.refund(now, amount);
        self.tell(message, now, |_| MoneyStep::Refunds { amount, state });
        self.ledger.refunded(self.messages[message].batch, amount);
    }

    /// True if an observed state is one that the charge is given back for.
    pub(crate) fn calls_for_refund(&self, state: Observed) -> bool {
        self.spec.refund.is_called_for(state)
    }

    /// The sender's view at the end: silence for long enough is `unknown`.
    #[inline(always)]
    pub(crate) fn finally_observed(&self, message: Id<Message>) -> Observed {
        let record = &self.messages[message];
        let seen = record.seen();
        let route = &self.spec.routes[usize::from(self.route_shown(message))];
        let unknown_after = self.spec.providers[route.provider].receipts.unknown_after;
        let silent_until = |after| record.handed_off.saturating_add(after);
        let gives_up = unknown_after.is_some_and(|after| silent_until(after) <= self.end);
        if seen == Observed::Sent && record.handed_off < NEVER && gives_up {
            return Observed::Unknown;
        }
        seen
    }
}

/// The detail of a receipt's event: the state it reports, and of which copy.
fn packed(says: Observed, copy: u32) -> u32 {
    says as u32 | copy.min(DETAIL_MAX >> STATE_BITS) << STATE_BITS
}

fn unpacked(detail: u32) -> (Observed, u32) {
    (Observed::ALL[(detail & ((1 << STATE_BITS) - 1)) as usize], detail >> STATE_BITS)
}

const STATE_BITS: u32 = 3;

const _: () = assert!(Observed::COUNT <= 1 << STATE_BITS);

impl Refund {
    /// True if an observed state is one that the charge is given back for.
    pub(crate) fn is_called_for(self, state: Observed) -> bool {
        match self {
            Refund::Never => false,
            Refund::OnRejected => matches!(state, Observed::Failed | Observed::Rejected),
            Refund::OnFailedReceipt => matches!(
                state,
                Observed::Failed | Observed::Rejected | Observed::Undelivered | Observed::Expired
            ),
        }
    }
}
