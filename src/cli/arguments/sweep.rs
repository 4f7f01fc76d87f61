//! The arguments of `sweep`.

use std::path::PathBuf;

use clap::Args;

use super::common::{self, Changes, Input, Output, Seed, Threads};

/// Vary the load or settings, and see what arrives.
///
/// Every point gets the same random numbers, so that differences are those of the settings. Results
/// do not depend on the number of threads.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain sweep scenarios/baseline.toml --scale 0.5,1,2,4,8
  smschain sweep scenarios/baseline.toml --vary provider.alpha.window=10..160:5:log
  smschain sweep scenarios/baseline.toml --vary retry.policy=none,fixed --scale 1,4
  smschain sweep scenarios/baseline.toml --scale 1..8:4 --slo 'within.30s >= 97%'
  smschain sweep scenarios/baseline.toml --sensitivity 10%")]
pub(crate) struct Sweep {
    /// The scenario's file, or - for standard input
    pub(crate) scenario: PathBuf,
    /// Load factors: a list like 1,10,100, or a range like 1..100:5:log
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(crate) scale: Option<String>,
    /// Vary a key: PATH=a,b,c or PATH=lo..hi:steps[:log] (at most twice)
    #[allow(rustdoc::broken_intra_doc_links, reason = "the text of --help has no links")]
    #[arg(long, value_name = "PATH=VALUES", allow_hyphen_values = true)]
    pub(crate) vary: Vec<String>,
    /// Move each number of the scenario down and up by this much, like 10%, one at a time
    #[arg(long, value_name = "SHARE", value_parser = common::part, conflicts_with_all = ["vary", "slo"])]
    pub(crate) sensitivity: Option<f64>,
    /// Say at which points this holds, like 'within.30s >= 97%'; may be given more than once
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) slo: Vec<String>,
    #[command(flatten)]
    pub(crate) changes: Changes,
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) seed: Seed,
    /// Replications of each point [default: 8]
    #[arg(short = 'n', long, value_name = "N", value_parser = common::whole::<u64>(1, 1_000_000))]
    pub(crate) replications: Option<u64>,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Belongs to `run`
    #[arg(long, value_name = "POINTS", hide = true)]
    pub(crate) precision: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}
