//! The simulator against queueing theory: scenarios that reduce to textbook models, their exact
//! values, and whether the two agree. docs/validation.md says how the error is controlled.
//!
//! [`formulas`] are the exact values, [`cases`] the scenarios and what each is asked,
//! [`Figure`] what a run answers, [`validate()`] runs them all, [`Agreement`] judges.

pub mod cases;
mod figure;
pub mod formulas;
mod setup;
mod validate;
mod verdict;

pub use figure::{Figure, Observed, Quantity};
pub use setup::{Asked, Detects, Setup};
pub use validate::{Fault, Validation, Values, Work, validate};
pub use verdict::{Agreement, CaseResult, FAMILY_WISE_ERROR, judge};
