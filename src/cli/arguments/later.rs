//! Commands of the interface that this version doesn't have: their arguments are read, so that a
//! mistyped one is told from one that is to come.

// Nothing looks at them yet.
#![allow(dead_code)]

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::common::{Changes, Load, Output, Repeats, Seed};

/// Find the largest load that keeps an objective.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  smschain capacity scenarios/baseline.toml --slo 'within.30s >= 97%'"
)]
pub(crate) struct Capacity {
    /// The scenario's file, or - for standard input
    scenario: PathBuf,
    /// The objective
    #[arg(long, value_name = "EXPR")]
    slo: Vec<String>,
    /// Find the smallest value of a key instead
    #[arg(long, value_name = "PATH=LO..HI")]
    find: Option<String>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    seed: Seed,
    #[command(flatten)]
    load: Load,
    #[command(flatten)]
    repeats: Repeats,
    #[command(flatten)]
    output: Output,
}

/// Redraw the charts of a result folder.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain chart output/baseline/run")]
pub(crate) struct Chart {
    /// The folder
    folder: PathBuf,
}

/// Make a scenario from a delivery log.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain fit log.csv")]
pub(crate) struct Fit {
    /// The log
    log: PathBuf,
    #[command(flatten)]
    output: Output,
}

/// Write a starter scenario.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain init my-chain")]
pub(crate) struct Init {
    /// The scenario's name
    name: Option<String>,
    /// Start from this one
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// List the templates
    #[arg(long)]
    list: bool,
}

/// Explain one key of a scenario.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain explain provider.window")]
pub(crate) struct Explain {
    /// The key
    path: String,
}

/// Print a shell's completions.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain completions bash")]
pub(crate) struct Completions {
    /// bash, zsh, fish, elvish or powershell
    shell: String,
}

/// Part of an experiment for other machines.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain plan sweep scenarios/baseline.toml --scale 1,10")]
pub(crate) struct Rest {
    /// What it takes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}
