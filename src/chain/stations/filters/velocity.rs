//! Too many within a window.

use super::Arrival;
use super::window::SlidingLog;
use crate::chain::spec::VelocityKey;
use crate::chain::trace::story::Sight;
use crate::kernel::Nanos;
use crate::random::DrawSource;

/// Finds what comes after `limit` messages of the same key were let through within the window.
#[derive(Debug)]
pub(super) struct Velocity {
    key: VelocityKey,
    limit: u64,
    log: SlidingLog,
    /// The key under which the copy in hand is counted.
    in_hand: u64,
}

impl Velocity {
    pub(super) fn new(key: VelocityKey, limit: u64, window: Nanos) -> Velocity {
        Velocity { key, limit, log: SlidingLog::new(window), in_hand: 0 }
    }

    pub(super) fn looks(&mut self, it: &Arrival<'_>, chance: &impl DrawSource) -> (Sight, bool) {
        self.in_hand = self.key_of(it, chance);
        let count = self.log.count(it.now, self.in_hand);
        (Sight::Count(count), count >= self.limit)
    }

    /// The copy that was looked at passes.
    pub(super) fn lets_through(&mut self, now: Nanos) {
        self.log.add(now, self.in_hand);
    }

    /// The key under which it counts a message.
    fn key_of(&self, it: &Arrival<'_>, chance: &impl DrawSource) -> u64 {
        let sender = u64::from(it.message.sender);
        match self.key {
            VelocityKey::Sender => sender,
            VelocityKey::Recipient => it.recipient(chance).0,
            VelocityKey::SenderContent => it.content().child(sender).0,
        }
    }
}
