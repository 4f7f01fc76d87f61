//! Whole sessions of the command line.

// A session that can't be set up should stop the test.
#![allow(clippy::unwrap_used)]

mod cli {
    pub(crate) mod session;

    mod check;
    mod help;
    mod not_yet;
    mod run;
    mod streams;
}
