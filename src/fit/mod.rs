//! A scenario from a delivery log: distributions fitted to what a log's clock can tell.

mod sample;

pub use sample::{Observation, Sample};
