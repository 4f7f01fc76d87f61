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
    /// The key under which the copy in hand is counted.
    in_hand: u64,
}

impl Duplicate {
    pub(super) fn new(window: Nanos) -> Duplicate {
        Duplicate { log: SlidingLog::new(window), in_hand: 0 }
    }

    pub(super) fn looks(&mut self, it: &Arrival<'_>, chance: &impl DrawSource) -> (Sight, bool) {
        self.in_hand = it.recipient(chance).child(it.content().0).0;
        let count = self.log.count(it.now, self.in_hand);
        (Sight::Count(count), count > 0)
    }

    /// The copy that was looked at passes.
    pub(super) fn lets_through(&mut self, now: Nanos) {
        self.log.add(now, self.in_hand);
    }
}
