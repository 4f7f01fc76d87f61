//! The books of a run: every count is made here, once, when the thing counted happens.

mod ends;
pub(crate) mod ledger;
pub(crate) mod places;
pub(crate) mod results;
mod spans;
