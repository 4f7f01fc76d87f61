//! The simulation clock's unit.

/// A point in simulated time, or a span of it, in nanoseconds.
///
/// The clock is an integer: adding delays in another order can't change an instant, and two
/// events are at the same time exactly when they should be. 64 bits hold 584 years.
pub type Nanos = u64;

/// One second.
pub const SECOND: Nanos = 1_000_000_000;

/// A span in seconds, for reports; the engine never calculates with it.
#[must_use]
pub fn in_seconds(span: Nanos) -> f64 {
    span as f64 / SECOND as f64
}
