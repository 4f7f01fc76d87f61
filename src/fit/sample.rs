//! Durations as a log tells them: exactly, within an interval, or not yet.

/// Several durations known to lie in one interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The least it may be, s, from 0. Equal to `high` where it is known exactly.
    pub low: f64,
    /// The most it may be, s; infinite where it hadn't ended when the log was exported.
    pub high: f64,
    /// How many there are, from 1.
    pub count: u64,
}

/// Durations to which a distribution is fitted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// The durations, in any order.
    pub observations: Vec<Observation>,
}
