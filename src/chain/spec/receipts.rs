//! Acting on receipts: what a sender does about what it sees of a message.

use super::{Spec, Tries, set};
use crate::kernel::Nanos;

/// A sender's rule for what it sees of a message that a provider has accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct OnReceipt {
    /// States that set it going.
    pub on: SeenStates,
    /// Silence that counts as `unknown`, from the acceptance that the sender saw; `None`: no silence does.
    pub after: Option<Nanos>,
    /// Number and times of further attempts: `max_attempts` does not count the first.
    pub retry: Tries,
    /// The route of a further attempt.
    pub route: FurtherRoute,
    /// No further attempt is made so long after the API's acceptance; `None`: the validity alone limits it.
    pub within: Option<Nanos>,
}

set! {
    /// A set of states that a sender may see, and act on.
    pub struct SeenStates {
        /// a receipt says that it could not be delivered: UNDELIV
        undelivered,
        /// a receipt says that its validity ran out: EXPIRED
        expired,
        /// a receipt says that the carrier refused it: REJECTD
        rejected,
        /// the sender's own attempts at a provider are over
        failed,
        /// no receipt has come for `after`
        unknown,
    }
}

/// The route of a further attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FurtherRoute {
    /// The one it goes by.
    Same,
    /// The next that has another provider and isn't blocked; the last one stays.
    Next,
    /// This one, where it serves the message's carrier; elsewhere the one it goes by.
    By(usize),
}

impl Spec {
    /// A stream's rule, if it ever acts: its own, or that of the scenario.
    #[must_use]
    pub fn on_receipt_of(&self, stream: usize) -> Option<&OnReceipt> {
        let own = self.traffic.get(stream)?.on_receipt.as_ref();
        own.or(self.on_receipt.as_ref()).filter(|rule| rule.retry.max_attempts != Some(0))
    }

    /// `true` if any stream's sender acts on receipts.
    #[must_use]
    pub fn acts_on_receipts(&self) -> bool {
        (0..self.traffic.len()).any(|stream| self.on_receipt_of(stream).is_some())
    }
}
