//! Watchers whom runs go by.

use crate::chain::Results;
use crate::kernel::{Nanos, Pace, Reached};

/// Told now and then how far the runs have got; called from several threads.
pub trait Watch: Sync {
    /// Some run has gone this much further. False stops the runs.
    fn advanced(&self, step: Advance) -> bool;

    /// A run has ended.
    fn ended(&self);

    /// The results of a replication, by its number; in no particular order.
    fn finished(&self, _replication: u64, _results: &Results) {}

    /// A run of this length need not be made: what came of it is known.
    fn known(&self, simulated: Nanos) {
        self.advanced(Advance { simulated, ..Advance::default() });
        self.ended();
    }
}

/// The advance of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Advance {
    /// In simulated time.
    pub simulated: Nanos,
    /// In events.
    pub events: u64,
    /// In messages accepted by the API.
    pub messages: u64,
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Watch for Silent {
    fn advanced(&self, _step: Advance) -> bool {
        true
    }

    fn ended(&self) {}
}

/// One run's pace, told to a watcher as steps.
pub(super) struct Steps<'watch, W> {
    watch: &'watch W,
    /// Time beyond this is not shown: how long the drain takes is not known beforehand.
    until: Nanos,
    last: Reached,
}

impl<'watch, W: Watch> Steps<'watch, W> {
    pub(super) fn new(watch: &'watch W, until: Nanos) -> Self {
        Steps { watch, until, last: Reached { now: 0, events: 0, done: 0 } }
    }

    /// The run is over.
    pub(super) fn end(&mut self, results: &Results) {
        let (events, done) = (results.events, results.simulated);
        self.reaches(Reached { now: self.until, events, done });
        self.watch.ended();
    }

    fn reaches(&mut self, reached: Reached) -> bool {
        let step = Advance {
            simulated: reached.now.saturating_sub(self.last.now),
            events: reached.events.saturating_sub(self.last.events),
            messages: reached.done.saturating_sub(self.last.done),
        };
        self.last = reached;
        self.watch.advanced(step)
    }
}

impl<W: Watch> Pace for Steps<'_, W> {
    fn tick(&mut self, reached: Reached) -> bool {
        self.reaches(Reached { now: reached.now.min(self.until), ..reached })
    }
}
