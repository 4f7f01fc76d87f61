//! A scenario from a delivery log: distributions fitted to what a log's clock can tell.
//!
//! Pure functions of samples: no files, no output. docs/fitting.md has the formulas with their
//! sources.

mod choice;
mod distribution;
mod fitted;
mod likelihood;
mod linear;
mod maximum;
mod prepared;
mod sample;
mod start;
mod unfit;

pub use choice::{Choice, best};
pub use distribution::{Distribution, Family};
pub use fitted::{Fit, Interval, LEAST_ROWS, fit};
pub use sample::{Collector, Observation, Sample};
pub use unfit::Unfit;
