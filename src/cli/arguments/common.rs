//! Options that commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::chain::EngineChoice;
use crate::random::SEED_LIMIT;

/// Changes of the scenario.
#[derive(Debug, Args)]
pub(crate) struct Changes {
    /// Set a key of the scenario, like provider.alpha.window=100 (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Take a key out of the scenario (repeatable)
    #[arg(long, value_name = "PATH")]
    pub(crate) unset: Vec<String>,
    /// The most memory that a run may take, like 16GiB: one that would take more is refused before it
    /// begins [default: 4GiB]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub(crate) max_memory: Option<u64>,
}

/// What isn't known of the scenario's parameters.
#[derive(Debug, Args)]
pub(crate) struct Input {
    /// Draw parameters in every second replication from what this fit doesn't know of them
    #[arg(long, value_name = "FIT.json")]
    pub(crate) input: Option<PathBuf>,
}

impl Input {
    /// Its file, as a command names it.
    pub(crate) fn shown(&self) -> Option<String> {
        self.input.as_ref().map(|path| path.display().to_string())
    }

    /// A command's name in its folder: with drawn parameters it lies beside the one without.
    pub(crate) fn beside(&self, command: &str) -> String {
        if self.input.is_some() { format!("{command}-input") } else { command.to_owned() }
    }
}

/// The seed.
#[derive(Debug, Args)]
pub(crate) struct Seed {
    /// Seed, in place of the scenario's: 0 to 2^53 - 1
    #[arg(long, value_name = "N", value_parser = whole::<u64>(0, SEED_LIMIT - 1))]
    pub(crate) seed: Option<u64>,
}

/// The load.
#[derive(Debug, Args)]
pub(crate) struct Load {
    /// Multiply the load: every stream's rate and recipients
    #[arg(long, value_name = "X", value_parser = positive)]
    pub(crate) scale: Option<f64>,
}

/// Reads a whole number within bounds, and says what was expected.
pub(super) fn whole<N: TryFrom<u64>>(
    low: u64,
    high: u64,
) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.trim().parse::<u64>().ok().filter(|n| (low..=high).contains(n));
        number
            .and_then(|number| N::try_from(number).ok())
            .ok_or_else(|| format!("expected a whole number from {low} to {high}"))
    }
}

/// Reads an amount of memory in bytes.
pub(super) fn memory(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 6] = [
        ("GiB", 1 << 30),
        ("MiB", 1 << 20),
        ("TiB", 1 << 40),
        ("GB", 1_000_000_000),
        ("MB", 1_000_000),
        ("TB", 1_000_000_000_000),
    ];
    let read = UNITS.into_iter().find_map(|(unit, size)| {
        let number: f64 = text.trim().strip_suffix(unit)?.trim().parse().ok()?;
        let bytes = number * size as f64;
        // Far below 2^63, so the cast is exact enough.
        (1e6..=1e15).contains(&bytes).then_some(bytes as u64)
    });
    read.ok_or_else(|| "expected an amount of memory such as 16GiB or 500MB".to_owned())
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        _ => Err("expected a number above 0".to_owned()),
    }
}

/// A difference between shares, above 0.
fn points(text: &str) -> Result<f64, String> {
    let number = |text: &str| {
        let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        plain.then(|| text.parse::<f64>().ok()).flatten()
    };
    let share = match text.strip_suffix('%') {
        // The decimal point is moved in the text, so that "0.5%" is exactly 0.005.
        Some(percent) => number(percent.trim())
            .and_then(|_| format!("{}e-2", percent.trim()).parse::<f64>().ok()),
        None => number(text.trim()),
    };
    match share {
        Some(share) if share > 0.0 && share <= 1.0 => Ok(share),
        Some(share) if share > 1.0 && share <= 100.0 && !text.ends_with('%') => {
            Err(format!("expected a share above 0 such as 0.5% or 0.005; did you mean {text}%?"))
        }
        _ => Err("expected a share above 0 such as 0.5% or 0.005".to_owned()),
    }
}

/// A share above 0 and below 1.
pub(super) fn part(text: &str) -> Result<f64, String> {
    match points(text)? {
        share if share < 1.0 => Ok(share),
        _ => Err("expected less than 100 %, such as 10% or 0.1".to_owned()),
    }
}

/// Number of replications, and of threads.
#[derive(Debug, Args)]
pub(crate) struct Repeats {
    /// How many replications [default: 1]; with --precision, how many at least
    #[arg(short = 'n', long, value_name = "N", value_parser = whole::<u64>(1, 1_000_000))]
    pub(crate) replications: Option<u64>,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Replicate until the headline's 95 % half-width is below this, like 0.5%; exit 1 if it isn't
    #[arg(long, value_name = "POINTS", value_parser = points)]
    pub(crate) precision: Option<f64>,
    /// At most so many replications for --precision [default: 1000]
    #[arg(long, value_name = "N", value_parser = whole::<u64>(1, 1_000_000))]
    pub(crate) max_replications: Option<u64>,
}

/// On how many threads.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Threads {
    /// Threads; never changes a result [default: all cores]
    #[arg(short = 'j', long, value_name = "N", value_parser = whole::<u16>(1, 1024))]
    threads: Option<u16>,
}

impl Threads {
    /// As many as asked for, else one a core.
    pub(crate) fn count(self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, usize::from)
    }
}

/// Destination and form of results.
#[derive(Debug, Args)]
pub(crate) struct Output {
    #[allow(rustdoc::invalid_html_tags, reason = "the text of --help is no HTML")]
    /// Folder of results [default: output/<scenario name>/<command>/, with what --set, --unset and
    /// --scale change in its name]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace files there that smschain didn't write, or that have been changed since
    #[arg(long, conflicts_with = "no_files")]
    pub(crate) force: bool,
    /// What to print: table, json or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
    /// Write no folder of results
    #[arg(long)]
    pub(crate) no_files: bool,
    /// Say nothing but the result and errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) no_progress: bool,
    /// Colours: auto, always or never
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: Color,
}

/// The form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Table,
    /// The result file's bytes
    Json,
    /// A row a number
    Csv,
}

/// The engine that carries a run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Engine {
    /// With shortcuts that change no result
    #[default]
    Fast,
    /// One event for each thing that happens: several times as slow
    Stepwise,
}

impl From<Engine> for EngineChoice {
    fn from(engine: Engine) -> EngineChoice {
        match engine {
            Engine::Fast => EngineChoice::Fast,
            Engine::Stepwise => EngineChoice::Stepwise,
        }
    }
}

/// Conditions for colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// `true` if to colour what goes to a terminal, or not to one.
    pub(crate) fn wanted(self, terminal: bool) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !set("NO_COLOR") && !dumb(),
        }
    }
}
