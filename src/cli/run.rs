//! `smschain run`.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::arguments::{Format, Run as Options};
use super::ending::{Ending, Exit};
use super::pictures::{PAGE, findings, pictures};
use super::simulate::{Simulated, simulate};
use super::terminal::{self, Terminal};
use super::{again, bundle, fault, folder, objectives, precision, source};
use crate::experiment::capacity::Verdict;
use crate::experiment::{Certainty, Failure, Replications, Run, unsettled};
use crate::report::table::{Footer, Look, table, unsettled_sentence};
use crate::report::{
    Facts, Gate, Objective, latency, report, summary, timeseries, with_objectives,
};
use crate::scenario::{Scenario, load};

/// The files of `run` under `--out`, those of other versions too.
const OWN: [&str; 7] =
    ["report.json", PAGE, "summary.csv", TIMESERIES, LATENCY, "charts", RESOLVED];
const TIMESERIES: &str = "timeseries.csv";
const LATENCY: &str = "latency.csv";
const RESOLVED: &str = "scenario.resolved.toml";

/// Simulates one scenario and says what happened.
pub(super) fn run(options: &Options) -> Result<Exit, Ending> {
    let precision = precision::asked(&options.repeats)?;
    let terminal = Terminal::new(&options.output);
    let scenario = Arc::new(read(options, terminal)?);
    let spec = &scenario.spec;
    let objectives = objectives::read(&options.slo, spec, terminal.colour_on_stderr())?;
    // Before something rare has come often enough the deviation is no measure of it.
    let precision = precision.map(|precision| precision.at_least(Certainty::least(spec)));
    let asked = || options.repeats.replications.unwrap_or(1);
    let count = precision.map_or_else(asked, |precision| precision.most());
    let plan = Replications { spec, seed: spec.seed, count };
    let out = folder_of(options, &scenario);
    if let Some(out) = &out {
        folder::prepare(out)?;
    }
    let on_panic = fault::on_panic(on_panic(options, &scenario));
    let threads = if options.messages.is_some() { 1 } else { options.repeats.threads() };
    terminal.remark(&scenario.size.remark(asked(), threads).unwrap_or_default());
    let (Simulated { run, each, reached, .. }, took) =
        simulate(options, plan, precision, &scenario, terminal)?;
    drop(on_panic);
    let reached = reached && (precision.is_none() || run.certainty.bears_intervals());
    let missed = precision.filter(|_| !reached).map(|precision| precision::missed(precision, &run));
    let unsettled = unsettled(spec, &run.results);
    let unsettled = unsettled.map(|unsettled| unsettled_sentence(&unsettled, spec.duration));
    let doubts: Vec<String> = unsettled.into_iter().chain(missed).collect();
    let facts = Facts::new(spec, &scenario.fingerprint, plan.seed, &run);
    let result = report(&facts);
    let gate = Gate::new(spec, each);
    let objectives = gate.judge(&objectives, &facts, &result);
    let [_, summary, timeseries, latency] = texts(&facts);
    let result = with_objectives(result, &objectives);
    let json = result.to_json();
    let again = line(options, plan.seed, run.results.replications);
    let kept = objectives.iter().all(|objective| match objective.verdict() {
        Verdict::Met => true,
        Verdict::Undecided | Verdict::AtLimit => options.slo_lenient,
        Verdict::Missed => false,
    });
    let objectives = objectives.iter().map(Objective::sentence).collect();
    let mut footer = Footer { files: Vec::new(), doubts, objectives, again };
    let printed = if options.output.format == Format::Csv { summary.clone() } else { json.clone() };
    if let Some(out) = &out {
        let tables = [(TIMESERIES, timeseries.as_str()), (LATENCY, latency.as_str())];
        let pictures = pictures(&findings(result, &tables), &footer.again);
        let mut files = vec![
            ("report.json", json),
            ("summary.csv", summary),
            (TIMESERIES, timeseries.clone()),
            (LATENCY, latency.clone()),
            (RESOLVED, scenario.resolved_toml()),
        ];
        files.extend(data_beside(&scenario));
        files.extend(pictures.iter().map(|(name, content)| (name.as_str(), content.clone())));
        folder::write(out, &files, &OWN)?;
        footer.files.push(shown(out));
        footer.files.extend(folder::listed(&files));
    }
    footer.files.extend(options.messages.iter().map(|path| path.display().to_string()));
    terminal.remark(&account(&run, took));
    terminal.remark(&footer.doubts.join("\n"));
    terminal.remark(&footer.objectives.join("\n"));
    if options.output.format == Format::Table {
        let look = Look { width: terminal.width(), colour: terminal.colour_on_stdout() };
        terminal::result(&table(&facts, look, &footer))?;
    } else {
        terminal::result_file(&printed)?;
    }
    Ok(if reached && kept { Exit::Ok } else { Exit::No })
}

/// The data files that the resolved scenario looks for beside itself. One named by an absolute
/// path is found where it is; one outside the scenario's folder stays there.
pub(super) fn data_beside(scenario: &Scenario) -> impl Iterator<Item = (&str, String)> {
    let beside =
        |path: &str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let files = scenario.data_files.iter().filter(move |file| beside(&file.path));
    files.map(|file| (file.path.as_str(), scenario.data(file).to_owned()))
}

fn read(options: &Options, terminal: Terminal) -> Result<Scenario, Ending> {
    let overrides = source::overrides(&options.changes, &options.seed, &options.load);
    let colour = terminal.colour_on_stderr();
    let scenario = load(&source::read(&options.scenario)?, &overrides)
        .map_err(|errors| Ending::rendered(Exit::Input, errors.render(colour)))?;
    terminal.remark(&scenario.render_warnings(colour));
    Ok(scenario)
}

/// What is written of a run: `report.json`, `summary.csv`, `timeseries.csv`, `latency.csv`.
pub(super) fn texts(facts: &Facts<'_>) -> [String; 4] {
    let report = report(facts);
    [report.to_json(), summary(facts, &report), timeseries(facts), latency(facts)]
}

/// Conservation broke: what, and the bundle of the one seed it takes, or the line that shows it.
pub(super) fn fault(options: &Options, scenario: &Scenario, failure: &Failure) -> Ending {
    let (what, out) = (failure.to_string(), folder_of(options, scenario));
    let line = line(options, failure.seed, 1);
    let again = bundle::of_a_fault(scenario, failure.seed, &what, out.as_deref(), line);
    Ending::fault(failure, &again)
}

/// What is left of a run that panics: its bundle.
fn on_panic(options: &Options, scenario: &Arc<Scenario>) -> impl FnOnce(&str) -> String + use<> {
    let scenario = Arc::clone(scenario);
    let out = folder_of(options, &scenario);
    let seed = scenario.spec.seed;
    let line = line(options, seed, options.repeats.replications.unwrap_or(1));
    move |what| bundle::of_a_fault(&scenario, seed, what, out.as_deref(), line)
}

/// Where the results go, if anywhere.
pub(super) fn folder_of(options: &Options, scenario: &Scenario) -> Option<PathBuf> {
    let out = || options.output.out.clone();
    let default =
        || folder::of_experiment(&scenario.spec.name, "run", &options.changes, options.load.scale);
    (!options.output.no_files).then(|| out().unwrap_or_else(default))
}

/// The command that gives the same numbers.
pub(super) fn line(options: &Options, seed: u64, replications: u64) -> String {
    let line = again::Line::new("run", &options.scenario)
        .option("--seed", &seed.to_string())
        .maybe("-n", (replications > 1).then_some(replications))
        .changes(&options.load, &options.changes);
    let line = options.slo.iter().fold(line, |line, slo| line.option("--slo", slo));
    if options.slo_lenient { line.flag("--slo-lenient").text() } else { line.text() }
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
