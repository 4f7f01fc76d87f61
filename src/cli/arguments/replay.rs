//! The arguments of `replay`.

use std::path::PathBuf;

use clap::Args;

use super::common::{self, Output, Threads};

/// Redraws of those who don't choose.
pub(crate) const REDRAWS: u64 = 100;

/// Run an incident bundle again and prove that it is the same run: same digest, or exit 1 with the
/// first events that differ and the likely reason.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain replay baseline-7.incident.toml
  smschain replay baseline-7.incident.toml --at 21m30s
  smschain replay baseline-7.incident.toml --what-if provider.alpha.window=100
  smschain replay baseline-7.incident.toml --pivot")]
pub(crate) struct Replay {
    /// The bundle
    pub(crate) bundle: PathBuf,
    /// Show the chain's state at this time, like 21m30s
    #[arg(long, value_name = "TIME", conflicts_with_all = ["what_if", "pivot"])]
    pub(crate) at: Option<String>,
    /// The same incident with a key changed, on the same draws: what becomes of each message
    /// (repeatable)
    #[arg(long, value_name = "PATH=VALUE", conflicts_with = "pivot")]
    pub(crate) what_if: Vec<String>,
    /// How likely the incident was as it unfolded: what chance had not drawn by a time is drawn
    /// anew, many times
    #[arg(long)]
    pub(crate) pivot: bool,
    /// Redraws from each time on for --pivot
    #[arg(long, value_name = "N", default_value_t = REDRAWS, value_parser = common::whole::<u64>(1, 1_000_000))]
    pub(crate) redraws: u64,
    /// The most memory that the run may take, like 16GiB [default: 4GiB]
    #[arg(long, value_name = "SIZE", value_parser = common::memory)]
    pub(crate) max_memory: Option<u64>,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// A bundle has its seed
    #[arg(long, value_name = "N", hide = true)]
    pub(crate) seed: Option<String>,
    /// A bundle is run as it is
    #[arg(long, value_name = "PATH=VALUE", hide = true)]
    pub(crate) set: Vec<String>,
    /// A bundle is run as it is
    #[arg(long, value_name = "PATH", hide = true)]
    pub(crate) unset: Vec<String>,
    /// A bundle is run as it is
    #[arg(long, value_name = "X", hide = true)]
    pub(crate) scale: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}
