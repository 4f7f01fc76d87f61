//! Senders that send too fast, held for a while.

use super::Arrival;
use super::window::SlidingLog;
use crate::chain::trace::story::Sight;
use crate::kernel::{Nanos, SECOND};

/// Finds what a sender sends beyond a rate over the window, and for `hold` after that.
#[derive(Debug)]
pub(super) struct Volume {
    /// Messages of a sender within the window.
    most: f64,
    hold: Nanos,
    log: SlidingLog,
    /// By sender: until when it is held.
    held: Vec<Nanos>,
}

impl Volume {
    /// `rate` is in messages a second.
    pub(super) fn new(rate: f64, window: Nanos, hold: Nanos, senders: usize) -> Volume {
        Volume {
            most: rate * (window as f64 / SECOND as f64),
            hold,
            log: SlidingLog::new(window),
            held: vec![0; senders],
        }
    }

    pub(super) fn looks(&mut self, it: &Arrival<'_>) -> (Sight, bool) {
        let (now, sender) = (it.now, it.message.sender);
        self.log.add(now, u64::from(sender));
        let count = self.log.count(now, u64::from(sender));
        let over = count as f64 > self.most;
        let until = &mut self.held[sender as usize];
        if over {
            *until = now.saturating_add(self.hold);
        }
        if now < *until {
            (Sight::Held { count, until: *until }, true)
        } else {
            (Sight::Count(count), over)
        }
    }
}
