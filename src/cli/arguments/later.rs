//! Commands of the interface that this version doesn't have: their arguments are read, so that a
//! mistyped one is told from one that is to come.

// Nothing looks at them yet.
#![allow(dead_code)]

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::common::{Changes, Load, Output, Repeats, Seed};

/// Vary the load or settings.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain sweep scenarios/baseline.toml --scale 1,10,100")]
pub(crate) struct Sweep {
    /// The scenario's file, or - for standard input
    scenario: PathBuf,
    /// Load factors, like 1,10,100
    #[arg(long, value_name = "LIST")]
    scale: Option<String>,
    /// Vary a key: PATH=a,b,c or PATH=lo..hi:steps[:log] (at most twice)
    #[arg(long, value_name = "PATH=VALUES")]
    vary: Vec<String>,
    /// Move each setting by this much, like 10%
    #[arg(long, value_name = "SHARE")]
    sensitivity: Option<String>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    seed: Seed,
    #[command(flatten)]
    repeats: Repeats,
    #[command(flatten)]
    output: Output,
}

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

/// Search seeds for one in which something goes wrong.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  smschain hunt scenarios/baseline.toml --when 'within.30s < 90%' --seeds 0..1000"
)]
pub(crate) struct Hunt {
    /// The scenario's file, or - for standard input
    scenario: PathBuf,
    /// What to look for
    #[arg(long, value_name = "EXPR")]
    when: Option<String>,
    /// Seeds; the last is left out
    #[arg(long, value_name = "A..B")]
    seeds: Option<String>,
    /// Search all seeds and rank the worst
    #[arg(long, value_name = "N")]
    top: Option<u64>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    load: Load,
    #[command(flatten)]
    repeats: Repeats,
    #[command(flatten)]
    output: Output,
}

/// Run an incident bundle again and prove that it is the same run.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  smschain replay baseline-7.incident.toml")]
pub(crate) struct Replay {
    /// The bundle
    bundle: PathBuf,
    /// The chain's state at this time
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Change a key
    #[arg(long, value_name = "PATH=VALUE")]
    what_if: Vec<String>,
    /// Find what made the difference
    #[arg(long)]
    pivot: bool,
    #[command(flatten)]
    output: Output,
}

/// Tell one message's story.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  smschain trace scenarios/baseline.toml --like truth=filtered_silent"
)]
pub(crate) struct Trace {
    /// The scenario's file, or - for standard input
    scenario: PathBuf,
    /// The message's id
    #[arg(long, value_name = "ID")]
    message: Option<String>,
    /// A request by its number
    #[arg(long, value_name = "N")]
    request: Option<u64>,
    /// The first message like this
    #[arg(long, value_name = "KEY=VALUE")]
    like: Vec<String>,
    /// Write the run for a trace viewer
    #[arg(long, value_name = "FILE")]
    perfetto: Option<PathBuf>,
    /// From this time
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// To this time
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    seed: Seed,
    #[command(flatten)]
    load: Load,
    #[command(flatten)]
    output: Output,
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
