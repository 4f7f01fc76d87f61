//! The discrete-event kernel: the simulation clock, the future event set and the run loop.
//!
//! It knows nothing of SMS.

mod time;

pub use time::Nanos;
