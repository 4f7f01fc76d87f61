//! The same content to the same recipient again.

use super::Arrival;
use super::window::SlidingLog;
use crate::chain::trace::story::Sight;
use crate::kernel::Nanos;
use crate::random::DrawSource;

/// Finds what says the same to the same recipient as something let through within the window.
#[derive(Debug)]
pub(super) struct Duplicate {
    log: SlidingLog,
}

impl Duplicate {
    pub(super) fn new(window: Nanos) -> Duplicate {
        Duplicate { log: SlidingLog::new(window) }
    }

    pub(super) fn looks(&mut self, it: &Arrival<'_>, chance: &impl DrawSource) -> (Sight, bool) {
        let count = self.log.count(it.now, key_of(it, chance));
        (Sight::Count(count), count > 0)
    }

    pub(super) fn lets_through(&mut self, it: &Arrival<'_>, chance: &impl DrawSource) {
        self.log.add(it.now, key_of(it, chance));
    }
}

/// What it counts a message under.
fn key_of(it: &Arrival<'_>, chance: &impl DrawSource) -> u64 {
    it.recipient(chance).child(it.extra.content.0).0
}
