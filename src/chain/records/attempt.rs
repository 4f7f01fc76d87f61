//! Attempts: a message on its way through a provider.

use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::outcome::AttemptResult;
use crate::chain::records::retrying::Paid;
use crate::kernel::Nanos;

/// A reference to a record that is void once it has moved: its stamp is another one then.
pub(crate) type Ticket<T> = (Id<T>, u32);

/// One submit, from when its message asks the provider until neither sender nor provider has
/// anything more to do with it.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) message: Id<Message>,
    /// Changes whenever it moves, also from one submit in a slot to the next: what refers to an
    /// older stamp is void.
    pub(crate) stamp: u32,
    /// Began to wait; once out, was submitted.
    pub(crate) since: Nanos,
    /// The span for which a provider that refuses it for its rate wants no retry.
    pub(crate) retry_after: Nanos,
    /// Its number among the attempts of its message at its provider, from 1.
    pub(crate) number: u32,
    /// The gate it passes.
    pub(crate) gate: u32,
    /// The payment for it, if it is a retry or a hedge.
    pub(crate) paid: Option<Paid>,
    /// Its place among its message's submits, in the order in which they asked.
    pub(crate) place: u32,
    pub(crate) route: u16,
    /// The provider of that route.
    pub(crate) provider: usize,
    /// The part that it is of; or [`WHOLE`](super::parts::WHOLE).
    pub(crate) part: u16,
    /// Its segments.
    pub(crate) segments: u16,
    pub(crate) state: AttemptState,
    /// The provider's result.
    pub(crate) result: AttemptResult,
    pub(crate) answer: ProviderAnswer,
    pub(crate) hedge: bool,
    /// It tries a half-open breaker.
    pub(crate) probe: bool,
    /// The number of those that it still concerns: the sender, the provider.
    pub(crate) open: u8,
}

/// The stage of an attempt in the sender's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptState {
    /// Waiting for pace and window.
    Waiting,
    /// Given a slot of the window.
    Slot,
    /// Submitted, and holding its slot.
    Out,
    /// Answered, or given up.
    Over,
}

/// The fate of an outstanding attempt's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProviderAnswer {
    /// It comes, or a server is at it.
    Due,
    /// It comes too late, if at all.
    Late,
    /// It never comes: a timeout by share.
    Withheld,
    /// It never comes, and nobody heard the question: an outage.
    Unheard,
}

impl Attempt {
    /// Moves it: what refers to where it was is void.
    pub(crate) fn moves_to(&mut self, state: AttemptState) {
        self.state = state;
        self.stamp = self.stamp.wrapping_add(1);
    }
}
