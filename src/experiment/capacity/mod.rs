//! The largest load, or the smallest resource, that keeps an objective: a bracketing search whose
//! every judgement is a matter of intervals.
//!
//! At each point replications are added until an interval says whether the objective is kept
//! ([`Judging`]); the search goes by these verdicts alone ([`Search`]). This is bisection with
//! noisy answers by tests that go on until they know, as in Waeber, Frazier and Henderson (2013),
//! *Bisection search with noisy responses*, SIAM Journal on Control and Optimization 51(3),
//! 2261–2279, with an end to each test, beyond which the verdict is "undecided". All points share
//! their random numbers.

mod axis;
mod judging;
mod objective;
mod point;
mod search;

pub use axis::{Axis, Grain, Harder};
pub use judging::{Effort, Judging, Margin, without_exception};
pub use objective::{Asked, Formula, Gauge, Nature, Objective};
pub use point::{Point, judge};
pub use search::{ObjectiveVerdict, Outcome, Search, SearchAnswer, Tried};
