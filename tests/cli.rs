//! Whole sessions of the command line.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and its own arithmetic is no result"
)]

mod cli {
    pub(crate) mod session;

    mod chart;
    mod check;
    mod compare;
    mod determinism;
    mod help;
    mod not_yet;
    mod policies;
    mod precision;
    mod run;
    mod slo;
    mod streams;
    mod validate;
    mod warm_up;
}
