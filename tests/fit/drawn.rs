//! Samples of known distributions, drawn through keys.

use smschain::fit::{Collector, Distribution, Observation, Sample};
use smschain::random::{Chance, Key, Owner, Purpose, Stream, open01};

/// Uniform draws in (0, 1), by a seed.
pub(crate) struct Uniform(Stream);

impl Uniform {
    pub(crate) fn new(seed: u64) -> Uniform {
        Uniform(Chance::new(seed).stream(Key::named("fit"), Owner::NONE, Purpose(1)))
    }
}

impl Iterator for Uniform {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        use rand::Rng;
        Some(open01(self.0.next_u64()))
    }
}

/// What a clock does to a log.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    /// Resolution of the start and of the end, s.
    pub(crate) start: f64,
    pub(crate) end: f64,
    /// The log is exported this long after its first row, while rows come at an even pace up to then.
    pub(crate) export: f64,
}

/// A clock without defects.
pub(crate) const EXACT: Clock = Clock { start: 0.0, end: 0.0, export: f64::INFINITY };

/// `n` durations of a distribution, as a log with such a clock tells them.
pub(crate) fn log(truth: &Distribution, n: usize, clock: Clock, seed: u64) -> Sample {
    let variate = truth.variate().unwrap();
    let mut draws = Uniform::new(seed);
    let mut draw = move || draws.next().unwrap();
    let mut collector = Collector::new();
    let span = if clock.export.is_finite() { clock.export } else { 86_400.0 };
    for _ in 0..n {
        let start = draw() * span;
        let duration = variate.quantile(draw());
        collector.add(seen(start, duration, clock));
    }
    collector.finish()
}

/// One duration as the log tells it.
pub(crate) fn seen(start: f64, duration: f64, clock: Clock) -> Observation {
    let down = |x: f64, tick: f64| if tick > 0.0 { (x / tick).floor() * tick } else { x };
    let noted = down(start, clock.start);
    if start + duration > clock.export {
        Observation::pending(clock.export - noted, clock.start)
    } else if clock.start == 0.0 && clock.end == 0.0 {
        Observation::exact(duration)
    } else {
        Observation::rounded(down(start + duration, clock.end) - noted, clock.start, clock.end)
    }
}
