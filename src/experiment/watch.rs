//! Who watches runs go by.

use crate::chain::Results;
use crate::kernel::{Nanos, Pace};

/// Told now and then how far the runs have got; called from several threads.
pub trait Watch: Sync {
    /// Some run has gone this much further. False stops the runs.
    fn advanced(&self, simulated: Nanos, events: u64) -> bool;

    /// A run has ended, with so many messages.
    fn ended(&self, messages: u64);

    /// A run of this length need not be made: what came of it is known.
    fn known(&self, simulated: Nanos) {
        self.advanced(simulated, 0);
        self.ended(0);
    }
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Watch for Silent {
    fn advanced(&self, _simulated: Nanos, _events: u64) -> bool {
        true
    }

    fn ended(&self, _messages: u64) {}
}

/// One run's pace, told to a watcher as steps.
pub(super) struct Steps<'watch, W> {
    watch: &'watch W,
    /// Time beyond this is not shown: how long the drain takes is not known beforehand.
    until: Nanos,
    now: Nanos,
    events: u64,
}

impl<'watch, W: Watch> Steps<'watch, W> {
    pub(super) fn new(watch: &'watch W, until: Nanos) -> Self {
        Steps { watch, until, now: 0, events: 0 }
    }

    /// The run is over.
    pub(super) fn end(&mut self, results: &Results) {
        let left = self.until.saturating_sub(self.now);
        self.watch.advanced(left, results.events.saturating_sub(self.events));
        self.watch.ended(results.simulated);
    }
}

impl<W: Watch> Pace for Steps<'_, W> {
    fn tick(&mut self, now: Nanos, events: u64) -> bool {
        let now = now.min(self.until);
        let (step, more) = (now - self.now, events - self.events);
        (self.now, self.events) = (now, events);
        self.watch.advanced(step, more)
    }
}
