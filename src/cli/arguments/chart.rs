//! The arguments of `chart`.

use std::path::PathBuf;

use clap::Args;

use super::common::Color;

/// Redraw the charts of a result folder from its files: the same bytes, by the same version.
///
/// With several folders of runs: their time to delivery by percentile, in one chart.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain chart output/baseline/run
  smschain chart output/baseline/run --out pictures
  smschain chart output/a/run output/b/run --out pictures")]
pub(crate) struct Chart {
    /// Folders that run, sweep, compare or capacity wrote, or result files in them
    #[arg(required = true, value_name = "DIR")]
    pub(crate) results: Vec<PathBuf>,
    /// Draw into this folder [default: charts/ of the result folder]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace files there that smschain didn't write, or that have been changed since
    #[arg(long)]
    pub(crate) force: bool,
    /// Say nothing but the result and errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Colours: auto, always or never
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: Color,
}
