//! A scenario from a delivery log: distributions fitted to what a log's clock can tell.
//!
//! Pure functions of samples: no files, no output. docs/fitting.md has the formulas with their
//! sources.

mod answer;
pub mod arrivals;
mod change;
mod choice;
mod compose;
mod curve;
mod demand;
mod distance;
mod distribution;
mod drawn;
mod fitted;
mod gather;
mod goodness;
mod held_out;
mod identified;
mod likelihood;
mod linear;
mod maximum;
mod model;
mod plateau;
mod prepared;
mod quantiles;
mod ridge;
mod sample;
mod sensitivity;
mod shift;
mod start;
mod unfit;
mod untold;
mod waits;

pub use answer::{Answer, answer};
pub use choice::{Choice, Chosen, Nested, Setting, best, best_with};
pub(crate) use compose::counted;
pub use compose::{
    Assumption, Composed, Kind, Known, Parameter, Plan, Resolution, Sensitivity, Uncertain, Unit,
    compose, compose_span,
};
pub use curve::{Curve, Point};
pub use demand::{Demand, MOST_OF_A_SPAN};
pub use distribution::{Distribution, Family};
pub use drawn::drawn;
pub use fitted::{Fit, Interval, LEAST_ROWS, fit};
pub use gather::Gathered;
pub use goodness::{CONTRADICTED, EQUIVALENT, Goodness, goodness};
pub use held_out::{Compared, Distances, Judgement, Piece, Unjudged, judge};
pub use identified::{Hidden, Quantity, hidden};
pub use plateau::{Plateau, plateau};
pub use quantiles::{Pair, quantile_pairs};
pub use sample::{Collector, Observation, Sample};
pub use sensitivity::sensitivities;
pub use shift::{Shift, Shifts};
pub use unfit::Unfit;
pub use untold::{Untold, untold};
