//! The arguments of `plan`, `task` and `merge`.

use std::path::PathBuf;

use clap::{Arg, Args, Subcommand};

use super::common::{self, Color, Output, Threads};
use super::{Capacity, Compare, Hunt, Sweep};

/// Lay out the cells of an experiment for other machines: writes a file that has all they need.
///
/// A cell is one run: one policy or design point on one seed. Small ones come many in a task. `smschain
/// task` runs a task, anywhere and in any order, `smschain merge` puts them together: to the same
/// bytes as the command by itself.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain plan sweep scenarios/baseline.toml --scale 1,10 -n 100 --out plan.json
  smschain task 0 --plan plan.json --out cells
  smschain merge plan.json cells")]
pub(crate) struct Plan {
    #[command(subcommand)]
    pub(crate) command: Planned,
}

/// The commands that can be planned, with their own arguments.
#[derive(Debug, Subcommand)]
pub(crate) enum Planned {
    /// Plan a sweep
    #[command(long_about = "Plan a sweep: its design points on the seeds of its replications.")]
    #[command(
        mut_args(planned),
        after_help = "Example:
  smschain plan sweep scenarios/baseline.toml --scale 1,10 -n 100 --out plan.json"
    )]
    Sweep(PlanOf<Sweep>),
    /// Plan a comparison
    #[command(
        long_about = "Plan a comparison: its policies on the seeds of its replications. With \
        --decide the plan has all replications that there may be, --max-replications."
    )]
    #[command(
        mut_args(planned),
        after_help = "Example:
  smschain plan compare scenarios/retry-storm.toml -n 200 --out plan.json"
    )]
    Compare(PlanOf<Compare>),
    /// Plan a search for a capacity
    #[command(long_about = "Plan a search for a capacity: every value that the search may try, \
        --max-replications of each, since which of them it takes is known only when they are made. \
        A coarse --tolerance, a narrow --range and few --max-replications keep it small.")]
    #[command(
        mut_args(planned),
        after_help = "Example:
  smschain plan capacity scenarios/baseline.toml --slo 'within.30s >= 80%' \\
      --range 0.5..4 --tolerance 10% --max-replications 40 --out plan.json"
    )]
    Capacity(PlanOf<Capacity>),
    /// Plan a hunt
    #[command(long_about = "Plan a hunt: a run for each of its seeds. The first in which the \
        condition holds is the first in order, whichever task was done first; `merge` makes it smaller.")]
    #[command(
        mut_args(planned),
        after_help = "Example:
  smschain plan hunt scenarios/baseline.toml --when 'within.30s < 80%' \\
      --seeds 0..1000000 --out plan.json"
    )]
    Hunt(PlanOf<Hunt>),
}

/// A command's arguments, and those of its plan.
#[derive(Debug, Args)]
pub(crate) struct PlanOf<Command: Args> {
    #[command(flatten)]
    pub(crate) asked: Command,
    /// Make so many tasks of the cells, at most one a cell [default: such that each takes about a
    /// minute or more, at most 1000]
    #[arg(long, value_name = "N", value_parser = common::whole::<u64>(1, 10_000))]
    pub(crate) tasks: Option<u64>,
}

/// The arguments of a command in its plan.
fn planned(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "out" => arg.value_name("FILE").help("The plan's file [default: plan.json]"),
        "force" => arg.help("Replace a file there that is no plan, or one that was changed"),
        "format" => arg.help("What to print: table, json (the plan) or csv (a row a task)"),
        "no_files" | "no_progress" | "threads" => arg.hide(true),
        _ => arg,
    }
}

/// Run one task of a plan: its cells, whose figures go to a file of their own, whole or not at all.
///
/// A task that is done already is left alone. The number may come from a scheduler:
/// $SLURM_ARRAY_TASK_ID, $JOB_COMPLETION_INDEX.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  smschain task 3 --plan plan.json --out cells")]
pub(crate) struct Task {
    /// The task's number, from 0 on
    #[arg(value_name = "N", value_parser = common::whole::<u64>(0, 1_000_000))]
    pub(crate) task: u64,
    /// The plan
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: PathBuf,
    /// Folder of the tasks' files, shared or not; made if it isn't there
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Replace a file that stands in the way of the task's own
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Say nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) no_progress: bool,
    /// Colours: auto, always or never
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: Color,
}

/// Put the tasks of a plan together: gives the same bytes as the planned command by itself.
///
/// Refuses if one is missing, there twice, cut short, changed, of another plan or of another version,
/// and names it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain merge plan.json cells --out results
  smschain merge plan.json node1/cells node2/cells
  smschain merge plan.json cells --missing")]
pub(crate) struct Merge {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub(crate) plan: PathBuf,
    /// Folders of the tasks' files
    #[arg(required = true, value_name = "DIR")]
    pub(crate) folders: Vec<PathBuf>,
    /// Only print the tasks that are to be run, like 3,7,12-20: nothing if all are done, else exit 1
    #[arg(long)]
    pub(crate) missing: bool,
    #[command(flatten)]
    pub(crate) threads: Threads,
    #[command(flatten)]
    pub(crate) output: Output,
}
