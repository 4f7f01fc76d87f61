//! `smschain run`.

use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

use super::arguments::{Format, Run as Options};
use super::ending::{Ending, Exit};
use super::progress::Progress;
use super::terminal::{self, Terminal};
use super::whole_file::WholeFile;
use super::{again, folder, source};
use crate::experiment::{Failure, Replications, Run, Workers, replicate, replicate_observed};
use crate::report::table::{Footer, Look, table};
use crate::report::{Facts, MessageLog, report, summary, timeseries};
use crate::scenario::{Scenario, load};

/// The files of `run` under `--out`, those of other versions too.
const OWN: [&str; 6] =
    ["report.json", "report.html", "summary.csv", "timeseries.csv", "charts", RESOLVED];
const RESOLVED: &str = "scenario.resolved.toml";

/// Simulates one scenario and says what happened.
pub(super) fn run(options: &Options) -> Result<Exit, Ending> {
    refuse_what_is_to_come(options)?;
    let terminal = Terminal::new(&options.output);
    let scenario = read(options, terminal)?;
    let spec = &scenario.spec;
    let plan =
        Replications { spec, seed: spec.seed, count: options.repeats.replications.unwrap_or(1) };
    let out = options.output.out.clone();
    let out = out.unwrap_or_else(|| folder::default(&spec.name, "run"));
    if !options.output.no_files {
        folder::prepare(&out)?;
    }
    let (run, took) = simulate(options, plan, terminal)?;
    let facts = Facts::new(spec, &scenario.fingerprint, plan.seed, &run);
    let report_value = report(&facts);
    let json = report_value.to_json();
    let summary = summary(&facts, &report_value);
    let mut footer = Footer { files: Vec::new(), again: repeat(options, plan) };
    let result = if options.output.format == Format::Csv { summary.clone() } else { json.clone() };
    if !options.output.no_files {
        let mut files = vec![
            ("report.json", json),
            ("summary.csv", summary),
            ("timeseries.csv", timeseries(&facts)),
            (RESOLVED, scenario.resolved_toml()),
        ];
        files.extend(data_beside(&scenario));
        folder::write(&out, &files, &OWN)?;
        footer.files.push(shown(&out));
        footer.files.extend(files.iter().map(|(name, _)| (*name).to_owned()));
    }
    footer.files.extend(options.messages.iter().map(|path| path.display().to_string()));
    terminal.remark(&account(&run, took));
    if options.output.format == Format::Table {
        let look = Look { width: terminal.width(), colour: terminal.colour_on_stdout() };
        terminal::result(&table(&facts, look, &footer))?;
    } else {
        terminal::result(&result)?;
    }
    Ok(Exit::Ok)
}

/// The data files that the resolved scenario looks for beside itself. One named by an absolute
/// path is found where it is; one outside the scenario's folder stays there.
fn data_beside(scenario: &Scenario) -> impl Iterator<Item = (&str, String)> {
    let beside =
        |path: &str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let files = scenario.data_files.iter().filter(move |file| beside(&file.path));
    files.map(|file| (file.path.as_str(), scenario.data(file).to_owned()))
}

fn refuse_what_is_to_come(options: &Options) -> Result<(), Ending> {
    let asked = [
        ("`--slo`", !options.slo.is_empty()),
        ("`--precision`", options.repeats.precision.is_some()),
        ("`--max-replications`", options.repeats.max_replications.is_some()),
        ("`--check-determinism`", options.check_determinism),
    ];
    match asked.iter().find(|(_, asked)| *asked) {
        Some((flag, _)) => Err(Ending::not_yet(flag)),
        None => Ok(()),
    }
}

fn read(options: &Options, terminal: Terminal) -> Result<Scenario, Ending> {
    let overrides = source::overrides(&options.changes, &options.seed, &options.load);
    let colour = terminal.colour_on_stderr();
    let scenario = load(&source::read(&options.scenario)?, &overrides)
        .map_err(|errors| Ending::rendered(Exit::Input, errors.render(colour)))?;
    terminal.remark(&scenario.render_warnings(colour));
    Ok(scenario)
}

/// Runs the replications and, if asked, lists the messages.
// The time it took is told on stderr, never in a result.
#[allow(clippy::disallowed_methods)]
fn simulate(
    options: &Options,
    plan: Replications<'_>,
    terminal: Terminal,
) -> Result<(Run, Duration), Ending> {
    let began = Instant::now();
    let progress = Progress::new(terminal.shows_progress(), plan.spec.duration, plan.count);
    let run = match &options.messages {
        None => {
            let jobs = usize::try_from(plan.count).unwrap_or(usize::MAX);
            let workers = Workers::new(options.repeats.threads().min(jobs));
            replicate(&workers, &[plan], &progress)
                .map(|mut runs| runs.swap_remove(0))
                .map_err(|failure| fault(options, &failure))
        }
        Some(path) => listing(options, path, plan, &progress),
    };
    progress.clear();
    Ok((run?, began.elapsed()))
}

fn listing(
    options: &Options,
    path: &Path,
    plan: Replications<'_>,
    progress: &Progress,
) -> Result<Run, Ending> {
    let failed = |error| Ending::io("write", path, &error);
    let file = WholeFile::create(path).map_err(failed)?;
    let mut log = MessageLog::new(plan.spec, file, plan.count);
    let run = replicate_observed(plan, &mut log, MessageLog::set_replication, progress)
        .map_err(|failure| fault(options, &failure))?;
    let (file, _) = log.finish().map_err(failed)?;
    file.finish().map_err(failed)?;
    Ok(run)
}

/// Conservation broke: what, and the line that shows it again with the one seed it takes.
fn fault(options: &Options, failure: &Failure) -> Ending {
    Ending::fault(failure, &line(options, failure.seed, 1))
}

fn repeat(options: &Options, plan: Replications<'_>) -> String {
    line(options, plan.seed, plan.count)
}

/// The command that gives the same numbers.
fn line(options: &Options, seed: u64, replications: u64) -> String {
    again::Line::new("run", &options.scenario)
        .option("--seed", &seed.to_string())
        .maybe("-n", (replications > 1).then_some(replications))
        .changes(&options.load, &options.changes)
        .text()
}

fn shown(folder: &Path) -> String {
    PathBuf::from(folder).join("").display().to_string()
}

/// What it took, for stderr.
fn account(run: &Run, took: Duration) -> String {
    let seconds = took.as_secs_f64().max(1e-9);
    let results = &run.results;
    format!(
        "{} messages and {} events in {seconds:.2} s: {:.0} messages/s, {:.1} M events/s",
        results.simulated,
        results.events,
        results.simulated as f64 / seconds,
        results.events as f64 / seconds / 1e6
    )
}
