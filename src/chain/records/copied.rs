//! A copy of a message, or of a part of it, on its way: which one, and who accepted it.

use crate::chain::records::event::EventKind;
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::outcome::{EndPlace, Truth};
use crate::kernel::Nanos;

/// A copy that a provider has accepted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Copied<'drawn> {
    /// Its message.
    pub(crate) message: Id<Message>,
    /// The number of the copy among its message's, from 0 in order of acceptance.
    pub(crate) copy: u32,
    /// The provider that accepted it.
    pub(crate) provider: usize,
    /// The part that it is of; or [`WHOLE`](super::parts::WHOLE).
    pub(crate) part: u16,
    /// Its segments.
    pub(crate) segments: u16,
    /// The instant at which something happens to it.
    pub(crate) now: Nanos,
    /// Its draws, where they are made already.
    pub(crate) drawn: Option<&'drawn CopyDraws>,
}

/// The draws of a copy from its carrier on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CopyDraws {
    /// The word that decides whether the first filter takes it.
    pub(crate) filter: u64,
    /// From the carrier to the handset, without what incidents make of it.
    pub(crate) latency: Nanos,
    /// The word that says whether it is lost on that way.
    pub(crate) loss: u64,
    /// From the handset to the sender.
    pub(crate) receipt: Nanos,
    /// The word that says whether the receipt is lost on that way.
    pub(crate) receipt_loss: u64,
}

/// The end of a copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CopyEnd {
    /// The event by which it does.
    pub(crate) by: EventKind,
    pub(crate) truth: Truth,
    pub(crate) place: EndPlace,
}
