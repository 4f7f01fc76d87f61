//! Whole sessions of the command line.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and its own arithmetic is no result"
)]

mod cli {
    pub(crate) mod session;

    mod asked;
    mod capacity;
    mod cells;
    mod chart;
    mod check;
    mod clock;
    mod compare;
    mod damaged;
    mod determinism;
    mod ends;
    mod explain;
    mod fit;
    mod fit_rows;
    mod fitted;
    mod folder;
    mod help;
    mod hunt;
    mod init;
    mod judged;
    mod logs;
    mod not_yet;
    mod parquet;
    mod perfetto;
    mod policies;
    mod precision;
    mod program;
    mod replay;
    mod resume;
    mod run;
    mod shell;
    mod shipped;
    mod sizes;
    mod slo;
    mod streams;
    mod texts;
    mod trace;
    mod transcripts;
    mod tutorial;
    mod validate;
    mod warm_up;
}
