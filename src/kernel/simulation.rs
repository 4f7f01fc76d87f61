//! The run loop.

use super::{EventSet, Nanos};

/// Something that changes only at events.
pub trait Model {
    /// The model's events.
    type Event: Copy;

    /// Carries out one event, and what it may take of `events` at its very instant;
    /// `events.now()` is its time.
    fn handle(&mut self, event: Self::Event, events: &mut EventSet<Self::Event>);

    /// True when the run is over although events may be pending.
    fn finished(&self) -> bool;

    /// These events come next, unless others come before. A model that has much in flight may look
    /// at what it will need then, so that the caches have it: all of it at once comes from memory
    /// in little more time than one.
    fn comes_up(&self, _events: impl Iterator<Item = Self::Event>) {}

    /// The work that it has done, in whatever it counts it in: for those who watch.
    fn done(&self) -> u64;
}

/// A watcher of the run, called now and then: it may show progress, or ask the run to stop.
pub trait Pace {
    /// Called every [`TICK_EVERY`] events. False stops the run.
    fn tick(&mut self, reached: Reached) -> bool;
}

/// The progress of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The simulated time.
    pub now: Nanos,
    /// Events carried out.
    pub events: u64,
    /// [`Model::done`].
    pub done: u64,
}

/// Events between two calls of [`Pace::tick`].
pub const TICK_EVERY: u64 = 1 << 16;

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Pace for Unwatched {
    fn tick(&mut self, _reached: Reached) -> bool {
        true
    }
}

/// Runs `model` until it has finished, no event is left, the next event is later than `until`, or
/// `pace` stops it. Returns how many events were carried out.
pub fn run<M: Model>(
    model: &mut M,
    events: &mut EventSet<M::Event>,
    until: Nanos,
    pace: &mut dyn Pace,
) -> u64 {
    let before = events.taken();
    let mut next_tick = before + TICK_EVERY;
    let mut opened = events.opened();
    let mut last = events.now();
    while !model.finished() {
        let Some((time, event)) = events.take(until) else {
            break;
        };
        assert!(time >= last, "the simulation clock went back from {last} to {time} ns");
        last = time;
        if events.opened() != opened {
            opened = events.opened();
            model.comes_up(events.coming_up());
        }
        model.handle(event, events);
        if events.taken() >= next_tick {
            next_tick += TICK_EVERY;
            let taken = events.taken() - before;
            if !pace.tick(Reached { now: time, events: taken, done: model.done() }) {
                break;
            }
        }
    }
    events.taken() - before
}
