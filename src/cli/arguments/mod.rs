//! The arguments, as they are typed.

mod capacity;
mod cells;
mod chart;
mod common;
mod compare;
mod fit;
mod hunt;
mod later;
mod replay;
mod start;
mod sweep;
mod trace;

use std::path::PathBuf;

pub(super) use capacity::Capacity;
pub(super) use cells::{Merge, Plan, Planned, Task};
pub(super) use chart::Chart;
use clap::builder::styling::{Ansi256Color, Effects, Styles};
use clap::{Args, Parser, Subcommand};
pub(super) use common::{
    Changes, Color, Engine, Format, Input, Load, Output, Repeats, Seed, Threads,
};
pub(super) use compare::Compare;
pub(super) use fit::Fit;
pub(super) use hunt::{Hunt, TRIES};
pub(super) use replay::{REDRAWS, Replay};
pub(super) use start::{Completions, Explain, Init, Man, Schema};
pub(super) use sweep::Sweep;
pub(super) use trace::Trace;

/// Colours that are read on white as on black.
const STYLES: Styles = Styles::styled()
    .error(Ansi256Color(166).on_default().effects(Effects::BOLD))
    .invalid(Ansi256Color(136).on_default())
    .valid(Ansi256Color(29).on_default());

/// A deterministic, seeded simulator of the SMS delivery chain.
#[derive(Debug, Parser)]
#[command(
    name = "smschain",
    version,
    styles = STYLES,
    after_help = "Example:\n  smschain run scenarios/baseline.toml"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a commented starter scenario
    Init(Init),
    /// Simulate one scenario
    Run(Run),
    /// Look for mistakes in scenarios without running them
    Check(Check),
    /// Vary the load or settings
    Sweep(Sweep),
    /// Compare retry policies on common random numbers
    Compare(Compare),
    /// Find the largest load that keeps an objective, or the smallest resource
    Capacity(Capacity),
    /// Search seeds for one in which something goes wrong
    Hunt(Hunt),
    /// Lay out the cells of an experiment for other machines
    Plan(Plan),
    /// Run one task of a plan
    Task(Task),
    /// Put the tasks of a plan together
    Merge(Merge),
    /// Run an incident bundle again
    Replay(Replay),
    /// Tell one message's story, or write a run for a trace viewer
    Trace(Trace),
    /// Make a scenario from a delivery log
    Fit(Fit),
    /// List the built-in retry policies, or show one
    Policies(Policies),
    /// Compare the simulator with queueing theory
    Validate(Validate),
    /// Redraw the charts of a result folder
    Chart(Chart),
    /// Explain a key of a scenario, a figure or a word of the field
    Explain(Explain),
    /// Print the JSON Schema of scenarios, for editors
    Schema(Schema),
    /// Print a shell's completions
    Completions(Completions),
    /// Print the manual page, or write one a command
    Man(Man),
    /// Find the best retry policy, or the best settings (not yet)
    #[command(hide = true, disable_help_flag = true)]
    Optimise(later::Rest),
    /// Run on every save and show the page live (not yet)
    #[command(hide = true, disable_help_flag = true)]
    Watch(later::Rest),
    /// Serve the scenario as HTTP and SMPP endpoints (not yet)
    #[command(hide = true, disable_help_flag = true)]
    Serve(later::Rest),
    /// Put two scenarios or results side by side (not yet)
    #[command(hide = true, disable_help_flag = true)]
    Diff(later::Rest),
}

/// Simulate one scenario: one replication, or several.
///
/// The same scenario, seed and version give the same bytes, with any number of threads.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain run scenarios/baseline.toml
  smschain run scenarios/baseline.toml --seed 11 -n 20 --set provider.alpha.window=100
  smschain run scenarios/quiet-hour.toml -n 20 \\
      --slo 'within.30s >= 90% and latency.delivery.p95_s < 30'
  smschain run scenarios/baseline.toml --no-files --format json")]
pub(super) struct Run {
    /// The scenario's file, or - for standard input
    pub(super) scenario: PathBuf,
    /// Exit 1 unless this certainly holds, like 'within.30s >= 97%'; may be given more than once
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub(super) slo: Vec<String>,
    /// Do not exit 1 for an objective that is neither met nor missed for certain
    #[arg(long, requires = "slo")]
    pub(super) slo_lenient: bool,
    #[command(flatten)]
    pub(super) changes: Changes,
    #[command(flatten)]
    pub(super) input: Input,
    #[command(flatten)]
    pub(super) seed: Seed,
    #[command(flatten)]
    pub(super) load: Load,
    #[command(flatten)]
    pub(super) repeats: Repeats,
    #[command(flatten)]
    pub(super) output: Output,
    /// Write one row an accepted message, in order of completion; as Parquet if it ends in .parquet
    #[arg(long, value_name = "FILE.csv")]
    pub(super) messages: Option<PathBuf>,
    /// Run it all a second time, on another number of threads, and compare event by event: if one
    /// differs, name the first and exit 4
    #[arg(long, conflicts_with = "input")]
    pub(super) check_determinism: bool,
    /// How the run is carried out; changes no figure, only how long it takes
    #[arg(long, value_enum, default_value_t)]
    pub(super) engine: Engine,
}

/// Look for mistakes in scenarios without running them: all at once, each with its place.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain check scenarios/baseline.toml
  smschain check --resolved scenarios/baseline.toml")]
pub(super) struct Check {
    /// Files, or - for standard input
    #[arg(required = true, value_name = "SCENARIO")]
    pub(super) scenarios: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) changes: Changes,
    #[command(flatten)]
    pub(super) seed: Seed,
    #[command(flatten)]
    pub(super) load: Load,
    /// Print each one with every default filled in
    #[arg(long, conflicts_with = "format")]
    pub(super) resolved: bool,
    /// Warnings are errors
    #[arg(long)]
    pub(super) strict: bool,
    /// What to print: table or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(super) format: Format,
    /// Write check.json into this folder
    #[arg(short, long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Replace files there that smschain didn't write, or that have been changed since
    #[arg(long, requires = "out")]
    pub(super) force: bool,
    /// Say nothing but the result and errors
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Colours: auto, always or never
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    pub(super) color: Color,
}

/// List the built-in retry policies, or one of them: what each does, its settings, where they come
/// from.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain policies
  smschain policies full-jitter
  smschain policies --format json
  smschain run scenarios/baseline.toml --set retry.policy=full-jitter")]
pub(super) struct Policies {
    /// One of them, with its settings as a scenario has them [default: all]
    pub(super) name: Option<String>,
    /// What to print: table, json or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(super) format: Format,
    /// Colours: auto, always or never
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    pub(super) color: Color,
}

/// Compare the simulator with queueing theory, case by case; exit 1 if one does not agree.
///
/// The seed is fixed, so that the verdict is the same every time; try others.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain validate
  smschain validate --seed 7 --format json")]
pub(super) struct Validate {
    #[command(flatten)]
    pub(super) seed: Seed,
    #[command(flatten)]
    pub(super) threads: Threads,
    #[command(flatten)]
    pub(super) output: Output,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_ends_its_help_with_an_example() {
        for command in Arguments::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with("Example"), "{}: {help}", command.get_name());
        }
    }

    /// The words of an example, as a shell sees them; what follows `|` or `>` is another's.
    fn words(example: &str) -> Vec<String> {
        let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
        for c in example.chars() {
            match c {
                '\'' => {
                    quoted = !quoted;
                    word.get_or_insert_default();
                }
                '|' | '>' if !quoted => break,
                c if c.is_whitespace() && !quoted => words.extend(word.take()),
                c => word.get_or_insert_default().push(c),
            }
        }
        words.extend(word);
        words
    }

    #[test]
    fn every_example_parses_and_names_files_that_are_there() {
        let mut count = 0;
        let mut command = Arguments::command();
        command.build();
        let own = command.clone();
        for command in command.get_subcommands().chain([&own]) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for example in help.replace("\\\n", " ").lines().skip(1) {
                let words = words(example);
                assert_eq!(words[0], "smschain", "{example}");
                let parsed = Arguments::try_parse_from(&words);
                assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
                let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
                for file in words.iter().filter(|word| word.starts_with("scenarios/")) {
                    assert!(root.join(file).exists(), "{example}");
                }
                count += 1;
            }
        }
        assert!(count > 30, "{count}");
    }

    #[test]
    fn numbers_have_their_limits() {
        let parse = |arguments: &[&str]| {
            Arguments::try_parse_from(["smschain", "run", "x"].iter().chain(arguments)).is_ok()
        };
        assert!(parse(&["--seed", "9007199254740991"]));
        assert!(!parse(&["--seed", "9007199254740992"]));
        assert!(!parse(&["--seed", "-1"]));
        assert!(parse(&["--scale", "0.5"]) && parse(&["--scale", "1e3"]));
        for scale in ["0", "-1", "inf", "nan", "x"] {
            assert!(!parse(&["--scale", scale]), "{scale}");
        }
        assert!(!parse(&["-n", "0"]) && !parse(&["-j", "0"]));
        assert!(!parse(&["--format", "xml"]));
        for precision in ["0.5%", "0.005", "3 %", "100%"] {
            assert!(parse(&["--precision", precision]), "{precision}");
        }
        for precision in ["0", "0%", "-1%", "3", "101%", "x", "%", "nan", "1e-3", ""] {
            assert!(!parse(&["--precision", precision]), "{precision}");
        }
        assert!(!parse(&["--max-replications", "0"]));
    }
}
