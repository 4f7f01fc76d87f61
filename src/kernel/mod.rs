//! The discrete-event kernel: the simulation clock, the future event set and the run loop.
//!
//! It knows nothing of SMS. The order of events at one instant is the caller's: every event
//! carries a rank, and events of one instant come in the order of their ranks.

mod event_set;
mod lists;
mod simulation;
mod time;

pub use event_set::EventSet;
pub use simulation::{Model, Pace, Reached, TICK_EVERY, Unwatched, run};
pub use time::{Nanos, SECOND, in_seconds};
