//! Who hears all there is to hear of a run. One type for the chain, whoever listens: the chain is
//! compiled for every type of observer anew.

use crate::chain::story::{Told, Whose};
use crate::chain::{Completed, Observer, TracedEvent};
use crate::kernel::Nanos;

/// Hears of a run; what it leaves out it doesn't hear of.
pub trait Listener {
    /// As [`Observer::completed`].
    fn completed(&mut self, _message: &Completed<'_>) {}

    /// As [`Observer::event`].
    fn event(&mut self, _event: &TracedEvent) {}

    /// As [`Observer::tells`].
    fn tells(&mut self, _whose: Whose) -> bool {
        false
    }

    /// As [`Observer::counts_places`].
    fn counts_places(&self) -> bool {
        true
    }

    /// As [`Observer::told`].
    fn told(&mut self, _told: &Told) {}

    /// As [`Observer::sampled`].
    fn sampled(&mut self, _time: Nanos, _levels: &[f64]) {}
}

/// A listener as the chain knows it.
pub(super) struct Ear<'run>(pub(super) &'run mut dyn Listener);

impl Observer for Ear<'_> {
    const WATCHES: bool = true;
    const TRACES: bool = true;
    const STORIES: bool = true;

    fn completed(&mut self, message: &Completed<'_>) {
        self.0.completed(message);
    }

    fn event(&mut self, event: &TracedEvent) {
        self.0.event(event);
    }

    fn tells(&mut self, whose: Whose) -> bool {
        self.0.tells(whose)
    }

    fn counts_places(&self) -> bool {
        self.0.counts_places()
    }

    fn told(&mut self, told: &Told) {
        self.0.told(told);
    }

    fn sampled(&mut self, time: Nanos, levels: &[f64]) {
        self.0.sampled(time, levels);
    }
}
