//! The arguments of `capacity`.

use std::path::PathBuf;

use clap::Args;

use super::common::{self, Changes, Input, Load, Output, Seed, Threads};

/// Find the largest load that keeps an objective, or with --find the smallest value of a key that
/// does.
///
/// Each point is replicated until 95 % intervals say whether it keeps the objective, and the whole
/// search is wrong in at most 5 % of cases. Exit 1 if nothing keeps it, or no value is known to.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain capacity scenarios/baseline.toml --slo 'within.30s >= 80%'
  smschain capacity scenarios/baseline.toml --range 1..100 \\
      --slo 'divergence.api_vs_on_time < 15% and latency.delivery.p95_s < 30'
  smschain capacity scenarios/baseline.toml --slo 'within.30s >= 80%' \\
      --find queue.main.workers=1..256")]
pub(crate) struct Capacity {
    /// The scenario's file, or - for standard input
    pub(crate) scenario: PathBuf,
    /// The objective, like 'within.30s >= 97%'; may be given more than once, and all have to hold
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) slo: Vec<String>,
    /// Find the smallest value of a key in a range, instead of the largest load
    #[arg(long, value_name = "PATH=LO..HI", allow_hyphen_values = true)]
    pub(crate) find: Option<String>,
    /// Loads to search, in multiples like those of --scale [default: 1/64 to 64 of today's]
    #[arg(long, value_name = "LO..HI", value_parser = range, conflicts_with = "find")]
    pub(crate) range: Option<(f64, f64)>,
    /// How near the ends of the answer's bracket are; whole numbers are found exactly
    #[arg(long, value_name = "SHARE", value_parser = common::part, default_value = "1%")]
    pub(crate) tolerance: f64,
    /// How near the limit makes no difference, like 0.5%, 2s or 0.01: such a value is at the limit
    /// [default: of shares 0.5 points, at most half of what is left to 0 or 100 %; else 1 % of the
    /// limit]
    #[arg(long, value_name = "X")]
    pub(crate) indifference: Option<String>,
    #[command(flatten)]
    pub(crate) changes: Changes,
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) seed: Seed,
    #[command(flatten)]
    pub(crate) load: Load,
    /// Replications of a point before the first look [default: 10]
    #[arg(short = 'n', long, value_name = "N", value_parser = common::whole::<u64>(5, 1_000_000))]
    pub(crate) replications: Option<u64>,
    /// At most so many replications of a point: it is looked at after -n, twice as many, … [default:
    /// 320]
    #[arg(long, value_name = "N", value_parser = common::whole::<u64>(5, 1_000_000))]
    pub(crate) max_replications: Option<u64>,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Belongs to `run`
    #[arg(long, value_name = "POINTS", hide = true)]
    pub(crate) precision: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Two loads, the smaller first.
fn range(text: &str) -> Result<(f64, f64), String> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
    let ends = text.split_once("..").and_then(|(low, high)| number(low).zip(number(high)));
    match ends {
        Some((low, high)) if low < high => Ok((low, high)),
        Some((low, high)) if low > high => {
            Err(format!("expected the smaller end first; did you mean {high}..{low}?"))
        }
        _ => Err("expected two numbers above 0, such as 0.5..20".to_owned()),
    }
}
