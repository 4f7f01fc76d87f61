//! Observers: what one may want to hear of a run, and how the chain speaks to it.
//!
//! The chain is compiled for every kind of [`Listener`] anew, and for one that wants nothing there
//! is nothing of it in the program. So there are only three, whoever observes: nobody, someone who
//! lists messages, someone who hears everything.

use crate::chain::trace::completed::Completed;
use crate::chain::trace::story::{Told, Whose};
use crate::chain::trace::traced::TracedEvent;
use crate::kernel::Nanos;

/// The things an observer wants to hear of. They change no result of a run but [`Results::events`].
///
/// [`Results::events`]: crate::chain::Results::events
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// Nothing.
    Nothing,
    /// The messages that end: [`Observer::completed`].
    Messages,
    /// The same, each as soon as its end is known: [`Observer::ended`]. [`InOrder`](crate::chain::InOrder) puts them in
    /// order.
    Ends,
    /// Every event, and the messages that end.
    Events,
    /// All there is: steps of stories and levels, too.
    Stories,
}

/// The time of a message's end, and the time from which that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The number of the event that is being carried out.
    pub event: u64,
    /// Time and rank of the furthest of the events since the last end that was told: not always this
    /// one's, for what an event brings about at its own instant may have a lower rank.
    pub reached: (Nanos, u64),
    /// The time and rank of the event that would end the message; `None`: this one does.
    pub fast_forwarded: Option<(Nanos, u64)>,
}

/// Someone who hears of a run.
pub trait Observer {
    /// The things it wants to hear of; asked once, before the run.
    fn wants(&self) -> Wants;

    /// A message has ended. Messages that are still under way when the run ends come last, in the
    /// order of their requests.
    fn completed(&mut self, _message: &Completed<'_>) {}

    /// It is known when and how a message ends.
    fn ended(&mut self, _when: &When, _message: &Completed<'_>) {}

    /// All ends that were fast-forwarded to have come: messages of which it hears now are still under way.
    fn all_have_come(&mut self) {}

    /// An event is about to be carried out.
    fn event(&mut self, _event: &TracedEvent) {}

    /// True if it wants to hear of this one's steps.
    fn tells(&mut self, _whose: Whose) -> bool {
        false
    }

    /// True if places in queues are to be counted out. With many messages told of that takes for ever.
    fn counts_places(&self) -> bool {
        true
    }

    /// Something has happened to a message that it wants to hear of.
    fn told(&mut self, _told: &Told) {}

    /// The levels of [`gauges`](crate::chain::gauges) at the end of a sample of the time series.
    fn sampled(&mut self, _time: Nanos, _levels: &[f64]) {}
}

/// Nobody listens.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn wants(&self) -> Wants {
        Wants::Nothing
    }
}

/// An observer as the chain knows it: what it hears of is known when the chain is compiled.
pub(crate) trait Listener {
    /// It hears of messages that end. False: nothing is prepared for it.
    const MESSAGES: bool;

    /// It may want events, steps of stories and levels. False: nothing of them is in the program.
    const STORIES: bool;

    fn completed(&mut self, _message: &Completed<'_>) {}

    /// An event of this time and rank is about to be carried out.
    fn begins(&mut self, _now: Nanos, _rank: u64) {}

    /// All ends that were fast-forwarded to have come.
    fn all_have_come(&mut self) {}

    fn hears_events(&self) -> bool {
        false
    }

    fn event(&mut self, _event: &TracedEvent) {}

    fn hears_stories(&self) -> bool {
        false
    }

    fn tells(&mut self, _whose: Whose) -> bool {
        false
    }

    fn counts_places(&self) -> bool {
        true
    }

    fn told(&mut self, _told: &Told) {}

    fn sampled(&mut self, _time: Nanos, _levels: &[f64]) {}
}

/// Hears nothing.
#[derive(Debug)]
pub(crate) struct Nobody;

impl Listener for Nobody {
    const MESSAGES: bool = false;
    const STORIES: bool = false;
}

/// Hears everything.
pub(crate) struct Tracer<'run> {
    observer: &'run mut dyn Observer,
    events: bool,
    stories: bool,
}

impl<'run> Tracer<'run> {
    pub(crate) fn new(observer: &'run mut dyn Observer) -> Tracer<'run> {
        let wants = observer.wants();
        let stories = wants == Wants::Stories;
        Tracer { events: stories || wants == Wants::Events, stories, observer }
    }
}

impl Listener for Tracer<'_> {
    const MESSAGES: bool = true;
    const STORIES: bool = true;

    fn completed(&mut self, message: &Completed<'_>) {
        self.observer.completed(message);
    }

    fn hears_events(&self) -> bool {
        self.events
    }

    fn event(&mut self, event: &TracedEvent) {
        self.observer.event(event);
    }

    fn hears_stories(&self) -> bool {
        self.stories
    }

    fn tells(&mut self, whose: Whose) -> bool {
        self.stories && self.observer.tells(whose)
    }

    fn counts_places(&self) -> bool {
        self.observer.counts_places()
    }

    fn told(&mut self, told: &Told) {
        self.observer.told(told);
    }

    fn sampled(&mut self, time: Nanos, levels: &[f64]) {
        self.observer.sampled(time, levels);
    }
}
