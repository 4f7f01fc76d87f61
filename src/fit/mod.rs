//! A scenario from a delivery log: distributions fitted to what a log's clock can tell.
//!
//! Pure functions of samples: no files, no output. docs/fitting.md has the formulas with their
//! sources.

pub mod arrivals;
pub mod change;
mod choice;
mod curve;
pub mod distance;
mod distribution;
mod fitted;
mod goodness;
mod identified;
mod likelihood;
mod linear;
mod maximum;
mod plateau;
mod prepared;
mod quantiles;
mod sample;
mod start;
mod unfit;

pub use choice::{Choice, Chosen, Nested, best};
pub use curve::{Curve, Point};
pub use distribution::{Distribution, Family};
pub use fitted::{Fit, Interval, LEAST_ROWS, fit};
pub use goodness::{CONTRADICTED, EQUIVALENT, Goodness, goodness};
pub use identified::{Hidden, Quantity, hidden};
pub use plateau::{Plateau, plateau};
pub use quantiles::{Pair, quantile_pairs};
pub use sample::{Collector, Observation, Sample};
pub use unfit::Unfit;
