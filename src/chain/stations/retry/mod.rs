//! Retry policies: what each makes of a result, its waits, its budget and its breaker.

mod breaker;
mod budget;
mod decision;
mod gate;
mod wait;

pub(crate) use breaker::Turn;
pub(crate) use decision::Decision;
pub(crate) use gate::{Held, Policies};
pub(crate) use wait::{chosen, gives_up_at, wait};
