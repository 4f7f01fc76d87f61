//! The SMS chain, a file a stage in the order a message meets them.

mod outcome;
mod results;
pub mod spec;

pub use outcome::{AttemptResult, Observed, Rejection, Stage, Truth};
pub use results::*;
