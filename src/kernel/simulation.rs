//! The run loop.

use super::{EventSet, Nanos};

/// What a model schedules its events on.
pub type Scheduler<E> = EventSet<E>;

/// Something that changes only at events.
pub trait Model {
    /// What can happen.
    type Event: Copy;

    /// Carries out one event; `scheduler.now()` is its time.
    fn handle(&mut self, event: Self::Event, scheduler: &mut Scheduler<Self::Event>);

    /// True when the run is over although events may be pending.
    fn finished(&self) -> bool;
}

/// A watcher of the run, called now and then: it may show progress, or ask the run to stop.
pub trait Pace {
    /// Events between two calls of [`Pace::tick`].
    const EVERY: u64 = 1 << 16;

    /// Called every [`Pace::EVERY`] events with the simulated time. False stops the run.
    fn tick(&mut self, now: Nanos, events: u64) -> bool;
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Pace for Unwatched {
    fn tick(&mut self, _now: Nanos, _events: u64) -> bool {
        true
    }
}

/// Runs `model` until it has finished, no event is left, the next event is later than `until`, or
/// `pace` stops it. Returns how many events were carried out.
pub fn run<M: Model, P: Pace>(
    model: &mut M,
    scheduler: &mut Scheduler<M::Event>,
    until: Nanos,
    pace: &mut P,
) -> u64 {
    let mut events = 0;
    let mut last = scheduler.now();
    while !model.finished() {
        let Some((time, event)) = scheduler.take(until) else {
            break;
        };
        assert!(time >= last, "the simulation clock went back from {last} to {time} ns");
        last = time;
        model.handle(event, scheduler);
        events += 1;
        if events % P::EVERY == 0 && !pace.tick(time, events) {
            break;
        }
    }
    events
}
