//! A run looked at again: with one thing changed, or with another course of chance from some time
//! on.

mod pivot;
mod what_if;

pub use pivot::{Pivot, PivotPoint, pivot};
pub use what_if::{Change, Class, Compared, Fate, Fates, compare};
