//! Commands of the interface that this version doesn't have: their arguments are read, so that a
//! mistyped one is told from one that is to come.

// Nothing looks at them yet.
#![allow(dead_code)]

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::common::Output;

/// Make a scenario from a delivery log.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain fit log.csv")]
pub(crate) struct Fit {
    /// The log
    log: PathBuf,
    #[command(flatten)]
    output: Output,
}

/// Part of an experiment for other machines.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain plan sweep scenarios/baseline.toml --scale 1,10")]
pub(crate) struct Rest {
    /// What it takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}
