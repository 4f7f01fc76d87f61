//! The arguments of `compare`.

use std::path::PathBuf;

use clap::Args;

use super::common::{self, Changes, Input, Load, Output, Seed, Threads};

/// Compare retry policies on common random numbers: every policy meets the same traffic, the same
/// people and the same luck, so that small differences show after few replications.
///
/// Policies are built in (see `smschain policies`), the scenario's own `[policy.NAME]` tables, or
/// `scenario`, all as it stands. Each takes the place of the whole `[retry]` table; one for acting
/// on receipts that of `[on_receipt]`, one for slow routes that of `slow` in each route that shares
/// its traffic, and all else stays. `none` is that of retries: `on_receipt.none`, `slow.none`.
/// Without --policies they are `scenario` and every `[policy.NAME]` the scenario has.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain compare scenarios/retry-storm.toml
  smschain compare scenarios/baseline.toml --policies none,fixed,full-jitter
  smschain compare scenarios/baseline.toml --policies none,fixed,full-jitter \\
      --decide divergence.api_vs_on_time --indifference 0.5%
  smschain compare scenarios/slow-provider.toml --policies slow.none,gov-uk-notify,scenario")]
pub(crate) struct Compare {
    /// The scenario's file, or - for standard input
    pub(crate) scenario: PathBuf,
    /// Policies, like none,fixed,full-jitter; `all`: scenario, its own and the built-in ones
    /// [default: scenario and its own]
    #[arg(long, value_name = "LIST")]
    pub(crate) policies: Option<String>,
    /// The policy the others are compared with [default: the first]
    #[arg(long, value_name = "NAME")]
    pub(crate) baseline: Option<String>,
    /// Replicate until the best policy by this path of the report is known; exit 1 if it is not
    #[arg(long, value_name = "PATH", requires = "indifference")]
    pub(crate) decide: Option<String>,
    /// Differences below this do not matter for --decide, like 0.5%, 2s or 0.01
    #[arg(long, value_name = "X", requires = "decide")]
    pub(crate) indifference: Option<String>,
    #[command(flatten)]
    pub(crate) changes: Changes,
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) seed: Seed,
    #[command(flatten)]
    pub(crate) load: Load,
    /// Replications of each policy [default: 20]; with --decide, before the first judgement
    /// [default: 10]
    #[arg(short = 'n', long, value_name = "N", value_parser = common::whole::<u64>(2, 1_000_000))]
    pub(crate) replications: Option<u64>,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// At most so many replications of each policy for --decide [default: 1000]
    #[arg(long, value_name = "N", requires = "decide", value_parser = common::whole::<u64>(2, 1_000_000))]
    pub(crate) max_replications: Option<u64>,
    /// Belongs to `run`
    #[arg(long, value_name = "POINTS", hide = true)]
    pub(crate) precision: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}
