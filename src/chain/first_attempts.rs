//! First attempts whose draws are made before them.
//!
//! Those of messages that soon ask their provider are kept in a few places, by the message's slot. A place
//! that another message has taken meanwhile is no loss: the draw is made again, and is the same.

use crate::kernel::Nanos;
use crate::random::{Key, Owner};

/// So many are kept; a power of two.
const PLACES: usize = 1024;

/// What chance gives a message's first submit to a provider.
#[derive(Debug, Clone, Copy)]
pub(super) struct FirstAttempt {
    /// The message's key.
    pub(super) key: Key,
    /// The provider.
    pub(super) owner: Owner,
    /// The word that decides its result.
    pub(super) judged: u64,
    /// How long the provider takes, without what incidents and spells make of it.
    pub(super) latency: Nanos,
}

/// Those that are kept.
#[derive(Debug)]
pub(super) struct FirstAttempts(Vec<Option<FirstAttempt>>);

impl FirstAttempts {
    pub(super) fn new() -> FirstAttempts {
        FirstAttempts(vec![None; PLACES])
    }

    /// Keeps that of the message in `slot`.
    #[inline]
    pub(super) fn keep(&mut self, slot: u32, attempt: FirstAttempt) {
        self.0[slot as usize & (PLACES - 1)] = Some(attempt);
    }

    /// That of the message in `slot`, which has this key, to that provider.
    #[inline]
    pub(super) fn of(&self, slot: u32, key: Key, owner: Owner) -> Option<FirstAttempt> {
        let kept = self.0[slot as usize & (PLACES - 1)];
        kept.filter(|kept| kept.key == key && kept.owner == owner)
    }
}
