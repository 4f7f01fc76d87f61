//! Who hears of a run: what an observer may want, and how the chain speaks to it.
//!
//! The chain is compiled for every kind of [`Listener`] anew, and for one that wants nothing there
//! is nothing of it in the program. So there are only three, whoever observes: nobody, someone who
//! lists messages, someone who hears everything.

use super::completed::Completed;
use super::in_order::{InOrder, Texts, When};
use super::story::{Told, Whose};
use super::traced::TracedEvent;
use crate::kernel::Nanos;
use std::fmt::Debug;

/// What an observer wants to hear of. It changes no result of a run but [`Results::events`].
///
/// [`Results::events`]: super::Results::events
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// Nothing.
    Nothing,
    /// The messages that end: [`Observer::completed`].
    Messages,
    /// The same, each as soon as its end is known: [`Observer::ended`]. [`InOrder`] puts them in
    /// order.
    Ends,
    /// Every event, and the messages that end.
    Events,
    /// All there is: steps of stories and levels, too.
    Stories,
}

/// Someone who hears of a run.
pub trait Observer {
    /// What of; asked once, before the run.
    fn wants(&self) -> Wants;

    /// A message has ended. Messages that are still under way when the run ends come last, in the
    /// order of their requests.
    fn completed(&mut self, _message: &Completed<'_>) {}

    /// It is known when and how a message ends.
    fn ended(&mut self, _when: &When, _message: &Completed<'_>) {}

    /// All ends that were foreseen have come: messages of which it hears now are still under way.
    fn all_have_come(&mut self) {}

    /// An event is about to be carried out.
    fn event(&mut self, _event: &TracedEvent) {}

    /// Does it want to hear of this one's steps?
    fn tells(&mut self, _whose: Whose) -> bool {
        false
    }

    /// Are places in queues to be counted out? With many messages told of that takes for ever.
    fn counts_places(&self) -> bool {
        true
    }

    /// Something has happened to a message that it wants to hear of.
    fn told(&mut self, _told: &Told) {}

    /// The levels of [`super::gauges`] at the end of a sample of the time series.
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

/// Hears of every event, and has no use for it: everything happens at its time.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepByStep;

impl Observer for StepByStep {
    fn wants(&self) -> Wants {
        Wants::Events
    }
}

/// An observer as the chain knows it: what it hears of is known when the chain is compiled.
pub(super) trait Listener {
    /// It hears of messages that end. False: nothing is prepared for it.
    const MESSAGES: bool;

    /// It hears of everything else, too, and chance may take another course.
    const ALL: bool;

    /// Where in a run it is.
    type Moment: Debug + Clone + Copy;

    /// Where it is; what it has been told of since the last message belongs to that.
    fn moment(&mut self) -> Self::Moment;

    /// It is told of what was decided at another moment.
    fn returns_to(&mut self, moment: Self::Moment);

    fn completed(&mut self, _message: &Completed<'_>) {}

    /// An event of this time and rank is about to be carried out.
    fn begins(&mut self, _now: Nanos, _rank: u64) {}

    /// The next message told of will end by an event of this time and rank.
    fn foresees(&mut self, _time: Nanos, _rank: u64) {}

    /// What was foreseen has come.
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
pub(super) struct Nobody;

impl Listener for Nobody {
    const MESSAGES: bool = false;
    const ALL: bool = false;
    type Moment = ();

    fn moment(&mut self) {}

    fn returns_to(&mut self, _moment: ()) {}
}

/// Hears of messages.
pub(super) struct Lister<'run> {
    observer: &'run mut dyn Observer,
    /// For one that wants them in order.
    order: Option<(InOrder, Texts)>,
    when: When,
}

impl<'run> Lister<'run> {
    pub(super) fn new(observer: &'run mut dyn Observer) -> Lister<'run> {
        let order = (observer.wants() == Wants::Messages).then(Default::default);
        Lister { observer, order, when: When { event: 0, reached: (0, 0), foreseen: None } }
    }
}

impl Listener for Lister<'_> {
    const MESSAGES: bool = true;
    const ALL: bool = false;
    type Moment = When;

    #[inline]
    fn moment(&mut self) -> When {
        let moment = self.when;
        (self.when.reached, self.when.foreseen) = ((0, 0), None);
        moment
    }

    #[inline]
    fn returns_to(&mut self, moment: When) {
        let reached = moment.reached.max(self.when.reached);
        self.when = When { reached, ..moment };
    }

    #[inline]
    fn begins(&mut self, now: Nanos, rank: u64) {
        self.when.event += 1;
        self.when.reached = self.when.reached.max((now, rank));
    }

    #[inline]
    fn foresees(&mut self, time: Nanos, rank: u64) {
        self.when.foreseen = Some((time, rank));
    }

    fn completed(&mut self, message: &Completed<'_>) {
        match &mut self.order {
            None => self.observer.ended(&self.when, message),
            Some((order, texts)) => {
                texts.learn(message);
                let comes = |row: &_| self.observer.completed(&texts.restore(row));
                order.ended(&self.when, &message.by_numbers(), comes);
            }
        }
        (self.when.reached, self.when.foreseen) = ((0, 0), None);
    }

    fn all_have_come(&mut self) {
        match &mut self.order {
            None => self.observer.all_have_come(),
            Some((order, texts)) => {
                order.all_come(|row| self.observer.completed(&texts.restore(row)));
            }
        }
    }
}

/// Hears everything.
pub(super) struct Ear<'run> {
    observer: &'run mut dyn Observer,
    events: bool,
    stories: bool,
}

impl<'run> Ear<'run> {
    pub(super) fn new(observer: &'run mut dyn Observer) -> Ear<'run> {
        let wants = observer.wants();
        let stories = wants == Wants::Stories;
        Ear { events: stories || wants == Wants::Events, stories, observer }
    }
}

impl Listener for Ear<'_> {
    const MESSAGES: bool = true;
    const ALL: bool = true;
    type Moment = ();

    fn moment(&mut self) {}

    fn returns_to(&mut self, _moment: ()) {}

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
