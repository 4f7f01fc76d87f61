//! First attempts whose draws are made before them.
//!
//! Those of messages that soon ask their provider are kept in a few places, by the message's slot. A place
//! that another message has taken meanwhile is no loss: the draw is made again, and is the same.

use crate::chain::model::attempt::AttemptDraw;
use crate::chain::records::id::Id;
use crate::chain::records::message::Message as Record;
use crate::random::{Key, Owner};

/// So many are kept; a power of two.
const PLACES: usize = 1024;

/// A draw that is kept, and whose it is: a message's, at a provider.
#[derive(Debug, Clone, Copy)]
struct Kept {
    message: Key,
    provider: Owner,
    draw: AttemptDraw,
}

/// Draws of first attempts, by the message's slot.
#[derive(Debug)]
pub(super) struct FirstAttempts(Vec<Option<Kept>>);

impl FirstAttempts {
    pub(super) fn new() -> FirstAttempts {
        FirstAttempts(vec![None; PLACES])
    }

    /// Keeps that of the message in `slot`, which has this key, at that provider.
    #[inline]
    pub(super) fn keep(
        &mut self,
        slot: Id<Record>,
        message: Key,
        provider: Owner,
        draw: AttemptDraw,
    ) {
        self.0[slot.number() as usize & (PLACES - 1)] = Some(Kept { message, provider, draw });
    }

    /// That of the message in `slot`, which has this key, at that provider.
    #[inline]
    pub(super) fn of(
        &self,
        slot: Id<Record>,
        message: Key,
        provider: Owner,
    ) -> Option<AttemptDraw> {
        let kept = self.0[slot.number() as usize & (PLACES - 1)]?;
        (kept.message == message && kept.provider == provider).then_some(kept.draw)
    }
}
