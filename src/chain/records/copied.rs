//! A copy of a message on its way: which one, and who accepted it.

use crate::chain::books::outcome::Truth;
use crate::chain::books::results::Place;
use crate::chain::engine::Engine;
use crate::chain::model::Chain;
use crate::chain::records::event::{Event, EventKind};
use crate::kernel::{Nanos, Scheduler};

/// A copy that a provider has accepted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Copied<'drawn> {
    /// Its message's slot.
    pub(crate) message: u32,
    /// Which of the message's copies it is, from 0 in order of acceptance.
    pub(crate) copy: u32,
    /// The provider that accepted it.
    pub(crate) provider: usize,
    /// The instant at which something happens to it.
    pub(crate) now: Nanos,
    /// What chance gives it, where that is drawn already.
    pub(crate) drawn: Option<&'drawn CopyDraws>,
}

/// What chance gives a copy from its carrier on.
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

/// How and where a copy ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CopyEnd {
    /// The event by which it does.
    pub(crate) by: EventKind,
    pub(crate) truth: Truth,
    pub(crate) place: Place,
}

impl<E: Engine> Chain<'_, E> {
    /// The `copy`-th of a message.
    #[inline]
    pub(crate) fn copied(&self, message: u32, copy: u32, now: Nanos) -> Copied<'static> {
        let route = self.messages.route_of_copy(message, copy);
        Copied { message, copy, provider: self.spec.provider_by(route), now, drawn: None }
    }

    /// Something will happen to a copy at `at`.
    #[inline]
    pub(crate) fn schedule_copy(
        &self,
        it: Copied<'_>,
        kind: EventKind,
        at: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        let Copied { message, copy, .. } = it;
        let rank = self.messages[message].order.rank(kind, copy);
        s.schedule(at, rank, Event::new(kind, message, copy));
    }
}
