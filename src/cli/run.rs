//! `smschain run`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::arguments::{Format, Run as Options};
use super::caller;
use super::ending::{Ending, Exit};
use super::folder::ResultFolder;
use super::input::Input;
use super::pictures::{PAGE, chart_files, findings, pictures};
use super::simulate::{Simulated, lists, simulate};
use super::terminal::{self, Terminal};
use super::{again, bundle, experiment, fault, folder, objectives, precision, source};
use crate::chain::spec::Spec;
use crate::experiment::capacity::ObjectiveVerdict;
use crate::experiment::{Certainty, Failure, Replications, Run, unsettled};
use crate::report::table::{Footer, run_table, unsettled_sentence};
use crate::report::{
    Facts, Gate, Kind, Objective, latency, report, summary, timeseries, to_json, with_objectives,
};
use crate::scenario::{Overrides, Scenario, Source};

/// The files of `run` under `--out`, those of other versions too.
const OWN: [&str; 8] =
    ["report.json", PAGE, "summary.csv", TIMESERIES, LATENCY, "charts/", RESOLVED, "data/"];
const TIMESERIES: &str = "timeseries.csv";
const LATENCY: &str = "latency.csv";
const RESOLVED: &str = "scenario.resolved.toml";
/// Replications without which nothing tells chance from parameters that are drawn: two pairs.
const LEAST_DRAWN: u64 = 4;

/// Simulates one scenario and says what happened.
pub(super) fn run(options: &Options) -> Result<Exit, Ending> {
    let precision = precision::asked(&options.repeats)?;
    let terminal = Terminal::new(&options.output);
    let overrides = source::overrides(&options.changes, &options.seed, &options.load);
    let colour = terminal.colour_on_stderr();
    let source = source::read(&options.scenario)?;
    let scenario = Arc::new(source::checked(&source, &overrides, colour)?);
    let input = Input::read(&options.input, &source::Readings::default(), colour)?;
    if input.is_some() && precision.is_some() {
        let text = "`--precision` and `--input` don't go together: more replications don't make less what the \
                    log leaves open. Ask for a number of them, like `-n 40`";
        return Err(Ending::usage(text));
    }
    terminal.remark(&scenario.render_warnings(colour));
    let spec = &scenario.spec;
    let list = options.messages.as_deref();
    source::apart("--messages", list, &options.scenario, &scenario)?;
    let objectives = objectives::read(&options.slo, spec, colour)?;
    // Before something rare has come often enough the deviation is no measure of it.
    let precision = precision.map(|precision| precision.at_least(Certainty::least(spec)));
    let asked = || options.repeats.replications.unwrap_or(1);
    let count = precision.map_or_else(asked, |precision| precision.most());
    let inputs = inputs(input.as_ref(), &source, &overrides, (spec.seed, count))?;
    let plan = Replications {
        engine: options.engine.into(),
        inputs: &inputs,
        ..Replications::of(spec, spec.seed, count)
    };
    let data = scenario.data_beside();
    let claim = |out: PathBuf| {
        let more = chart_files(Kind::Run).chain(data.iter().map(|(name, _)| name.clone()));
        // The scenario itself, too.
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        let source = real(&options.scenario);
        let reads = |path: &Path| scenario.reads(path) || source.is_some() && real(path) == source;
        ResultFolder::claim_but(&out, &OWN, more, options.output.force, &reads)
    };
    let out = folder_of(options, &scenario);
    if let (Some(out), Some(list)) = (&out, &options.messages) {
        folder::outside("--messages", list, out)?;
    }
    let out = out.map(claim).transpose()?;
    let on_panic = fault::on_panic(on_panic(options, &scenario));
    let threads = if lists(options) { 1 } else { options.repeats.threads.count() };
    experiment::expected(std::slice::from_ref(&scenario.size), asked(), threads, terminal);
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
    let tables = [(TIMESERIES, timeseries.as_str()), (LATENCY, latency.as_str())];
    let mut result = with_objectives(result, &objectives);
    if let Some(input) = &input {
        input.put(&mut result, Some(&run));
    }
    let found = findings(result, &tables);
    let json = to_json(&found.result);
    let again = line(options, plan.seed, run.results.replications);
    let kept = objectives.iter().all(|objective| match objective.verdict() {
        ObjectiveVerdict::Met => true,
        ObjectiveVerdict::Undecided | ObjectiveVerdict::AtLimit => options.slo_lenient,
        ObjectiveVerdict::Missed => false,
    });
    let objectives = objectives.iter().map(Objective::sentence).collect();
    let mut footer = Footer { files: Vec::new(), doubts, objectives, again };
    let printed = if options.output.format == Format::Csv { summary.clone() } else { json.clone() };
    caller::found(&found, &footer.again);
    if caller::is_there() {
        caller::files([(RESOLVED.to_owned(), scenario.resolved_toml())]);
    }
    if let Some(out) = &out {
        let pictures = pictures(&found, &footer.again);
        let mut files = vec![
            ("report.json", json),
            ("summary.csv", summary),
            (TIMESERIES, timeseries.clone()),
            (LATENCY, latency.clone()),
            (RESOLVED, scenario.resolved_beside()),
        ];
        files.extend(data.iter().map(|(name, text)| (name.as_str(), (*text).to_owned())));
        footer.files = out.publish(files, pictures, &OWN)?;
    }
    footer.files.extend(options.messages.iter().map(|path| path.display().to_string()));
    terminal.remark(&account(&run, took));
    terminal.remark(&footer.doubts.join("\n"));
    terminal.remark(&footer.objectives.join("\n"));
    caller::told(|look| run_table(&found, &facts, look, &footer));
    if options.output.format == Format::Table {
        terminal::result(&run_table(&found, &facts, terminal.look(), &footer))?;
    } else {
        terminal::result_file(&printed)?;
    }
    Ok(if reached && kept { Exit::Ok } else { Exit::No })
}

/// The chain of each replication, if its parameters are drawn.
fn inputs(
    input: Option<&Input>,
    source: &Source,
    overrides: &Overrides,
    (seed, count): (u64, u64),
) -> Result<Vec<Spec>, Ending> {
    let Some(input) = input else { return Ok(Vec::new()) };
    if count < LEAST_DRAWN {
        let text = "`--input` draws parameters in every second replication: ask for four or more, like `-n 40`";
        return Err(Ending::usage(text));
    }
    input.specs(source, overrides, seed, 0..count)
}

/// The texts of a run: `report.json`, `summary.csv`, `timeseries.csv`, `latency.csv`.
pub(super) fn texts(facts: &Facts<'_>) -> [String; 4] {
    let report = report(facts);
    [to_json(&report), summary(facts, &report), timeseries(facts), latency(facts)]
}

/// Conservation broke: what, and the bundle of the one seed it takes, or the line that shows it.
pub(super) fn fault(options: &Options, scenario: &Scenario, failure: &Failure) -> Ending {
    let (what, out) = (failure.to_string(), folder_of(options, scenario));
    let line = line(options, failure.seed, 1);
    let again = bundle::of_a_fault(scenario, failure.seed, &what, out.as_deref(), line);
    Ending::fault(failure, &again)
}

/// The remains of a run that panics: its bundle.
fn on_panic(options: &Options, scenario: &Arc<Scenario>) -> impl FnOnce(&str) -> String + use<> {
    let scenario = Arc::clone(scenario);
    let out = folder_of(options, &scenario);
    let seed = scenario.spec.seed;
    let line = line(options, seed, options.repeats.replications.unwrap_or(1));
    move |what| bundle::of_a_fault(&scenario, seed, what, out.as_deref(), line)
}

/// The folder of the results, if there is one.
pub(super) fn folder_of(options: &Options, scenario: &Scenario) -> Option<PathBuf> {
    let name = &scenario.spec.name;
    let command = options.input.beside("run");
    let default = folder::of_experiment(name, &command, &options.changes, options.load.scale);
    folder::wanted(&options.output, default)
}

/// The command that gives the same numbers.
pub(super) fn line(options: &Options, seed: u64, replications: u64) -> String {
    let line = again::Line::run(&options.scenario, seed)
        .maybe("-n", (replications > 1).then_some(replications))
        .changes(&options.load, &options.changes)
        .maybe("--input", options.input.shown());
    let line = options.slo.iter().fold(line, |line, slo| line.option("--slo", slo));
    if options.slo_lenient { line.flag("--slo-lenient").text() } else { line.text() }
}

/// The account of a run, for stderr.
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
