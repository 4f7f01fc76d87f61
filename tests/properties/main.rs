//! Properties of every scenario, tried on random ones.
//!
//! The scenarios are the same each time. `PROPTEST_RNG_SEED=5` tries others, `PROPTEST_CASES=1000`
//! more of them; what fails is shrunk and kept beside the test as `*.regressions`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and its own arithmetic is no result"
)]

mod changed;
mod draft;
mod every_run;
mod instants;
mod language;
mod running;
#[path = "../common/stepped.rs"]
mod stepped;
mod whole;
