//! Experiments on many runs: searches, comparisons, and the cases of queueing theory.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and its own arithmetic is no result"
)]

mod capacity;
mod comparison;
mod theory;
