//! The arguments of `trace`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::common::{Changes, Load, Output, Seed};

/// Tell one message's story: a line a step, with the simulated time, the time since the request,
/// what the sender saw then, who did what, and why. Or write the whole run for a trace viewer.
///
/// Tracing never changes the run: the digest shown is that of `run`.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("what").required(true).multiple(true)
        .args(["message", "request", "like", "perfetto"]),
    after_help = "Examples:
  smschain trace scenarios/baseline.toml --like truth=filtered_silent
  smschain trace scenarios/baseline.toml --like truth=delivered_late --like carrier=northwind
  smschain trace scenarios/baseline.toml --like truth=delivered_late --from 20m --to 30m
  smschain trace scenarios/baseline.toml --request 17
  smschain trace scenarios/baseline.toml --perfetto run.json --from 10m --to 12m"
)]
pub(crate) struct Trace {
    /// The scenario's file, or - for standard input
    pub(crate) scenario: PathBuf,
    /// The message with this id, like BX-1042-00abcdef01234567
    #[arg(long, value_name = "ID", conflicts_with_all = ["request", "like"])]
    pub(crate) message: Option<String>,
    /// The first message of the run's N-th request, in order of arrival, from 1 (resends count)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "like")]
    pub(crate) request: Option<u64>,
    /// The first counted message like this, by its request: truth, observed, traffic, carrier,
    /// provider or cause; repeatable, all must hold
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) like: Vec<String>,
    /// Write the run as trace-event JSON, for ui.perfetto.dev or chrome://tracing
    #[arg(long, value_name = "FILE")]
    pub(crate) perfetto: Option<PathBuf>,
    /// For --like: requested from this time on, like 10m from the run's start, or 09:20 by the
    /// clock of `scenario.start`; of --perfetto that part of the run
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// The same, before this time
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) changes: Changes,
    #[command(flatten)]
    pub(crate) seed: Seed,
    #[command(flatten)]
    pub(crate) load: Load,
    #[command(flatten)]
    pub(crate) output: Output,
}
