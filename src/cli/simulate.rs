//! The replications that `run` asks for: as many as planned or until they are precise enough; with a
//! list of the messages; all of it twice.

use std::path::Path;
use std::time::Duration;

use super::arguments::Run as Options;
#[cfg(feature = "python")]
use super::caller;
use super::determinism::{self, First};
use super::ending::Ending;
use super::judged::Judged;
use super::progress::Progress;
use super::run::fault;
use super::terminal::Terminal;
use super::whole_file::WholeFile;
use crate::chain::{NoObserver, Observer};
use crate::experiment::{
    Failure, Replications, Run, Trail, Trailed, Workers, replicate_observed, replicate_until_with,
};
use crate::report::{Behind, MessageLog, MessageRows};
use crate::scenario::Scenario;
use crate::stats::Precision;

/// The outcome of the replications.
pub(super) struct Simulated {
    pub(super) run: Run,
    /// The metrics of each replication, if objectives ask for them.
    pub(super) each: Vec<Vec<Option<f64>>>,
    /// The precision that was asked for, if one was.
    pub(super) reached: bool,
    /// One a replication, if determinism is checked.
    trails: Vec<Trail>,
}

/// Runs the replications of `plan`, or those that `precision` takes, if asked lists the messages
/// and does it all again; and the time it took the first time.
pub(super) fn simulate(
    options: &Options,
    plan: Replications<'_>,
    precision: Option<Precision>,
    scenario: &Scenario,
    terminal: Terminal,
) -> Result<(Simulated, Duration), Ending> {
    let began = super::progress::now();
    let times = 1 + u64::from(options.check_determinism);
    let progress = Progress::new(terminal.shows_progress(), plan.spec.duration, plan.count * times)
        .at_most(precision.is_some());
    let progress = Judged::new(progress, (!options.slo.is_empty()).then_some(plan.spec));
    let jobs = usize::try_from(plan.count).unwrap_or(usize::MAX);
    let threads = if lists(options) { 1 } else { options.repeats.threads.count().min(jobs) };
    let workers = Workers::new(threads);
    let simulated = match &options.messages {
        #[cfg(feature = "python")]
        None if caller::keeps_messages() => keeping(options, plan, precision, scenario, &progress),
        None => in_parallel(options, &workers, plan, precision, &progress)
            .map_err(|failure| fault(options, scenario, &failure)),
        Some(path) => listing(options, path, plan, precision, scenario, &progress),
    };
    let took = began.elapsed();
    let ended = simulated.and_then(|mut first| {
        first.each = progress.taken(first.run.results.replications);
        if options.check_determinism {
            // Again as many, planned: what is precise enough depends on nothing else.
            let plan = Replications { count: first.run.results.replications, ..plan };
            let compared =
                First { run: &first.run, trails: &first.trails, threads: workers.threads() };
            let said = determinism::check(options, plan, scenario, &compared, &progress.bar)?;
            progress.bar.clear();
            terminal.remark(&said);
        }
        Ok(first)
    });
    progress.bar.clear();
    Ok((ended?, took))
}

/// Each message is told, one replication after another.
pub(super) fn lists(options: &Options) -> bool {
    #[cfg(feature = "python")]
    if caller::keeps_messages() {
        return true;
    }
    options.messages.is_some()
}

/// Keeps the messages for the program that asks.
#[cfg(feature = "python")]
fn keeping(
    options: &Options,
    plan: Replications<'_>,
    precision: Option<Precision>,
    scenario: &Scenario,
    progress: &Judged<'_>,
) -> Result<Simulated, Ending> {
    let rows = crate::report::MessageBatches::new(plan.spec, plan.count);
    let (simulated, rows) = listed(options, plan, precision, rows, progress);
    let simulated = simulated.map_err(|failure| fault(options, scenario, &failure))?;
    let (listed, _) = rows.finish().map_err(|error| {
        let text = format!("the messages make no table: {error}");
        Ending::new(super::ending::Exit::Fault, text)
    })?;
    caller::messages(listed);
    Ok(simulated)
}

fn in_parallel(
    options: &Options,
    workers: &Workers,
    plan: Replications<'_>,
    precision: Option<Precision>,
    progress: &Judged<'_>,
) -> Result<Simulated, Failure> {
    let ((run, reached), trails) = if options.check_determinism {
        let trail = |_| Trail::new(plan.count);
        replicate_until_with(workers, plan, precision, trail, progress)?
    } else {
        let nobody = |_| NoObserver;
        (replicate_until_with(workers, plan, precision, nobody, progress)?.0, Vec::new())
    };
    Ok(Simulated { run, each: Vec::new(), reached, trails })
}

/// The form of a list of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Parquet,
}

/// By the file's ending; all but one are CSV.
fn form(path: &Path) -> Form {
    let parquet = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
    if parquet { Form::Parquet } else { Form::Csv }
}

#[cfg(not(feature = "parquet"))]
fn no_parquet(path: &Path) -> Ending {
    Ending::new(
        super::ending::Exit::Input,
        format!(
            "`--messages {}`: this smschain was built without Parquet; name a .csv file, or build \
             one that has it with `cargo install --path . --features parquet`",
            path.display()
        ),
    )
}

fn listing(
    options: &Options,
    path: &Path,
    plan: Replications<'_>,
    precision: Option<Precision>,
    scenario: &Scenario,
    progress: &Judged<'_>,
) -> Result<Simulated, Ending> {
    let failed = |error| Ending::io("write", path, &error);
    let create = || WholeFile::create(path).map_err(failed);
    let broken = |failure| fault(options, scenario, &failure);
    let (simulated, file) = match form(path) {
        Form::Csv => {
            let log = MessageLog::new(plan.spec, create()?, plan.count);
            let (simulated, log) = listed(options, plan, precision, log, progress);
            (simulated.map_err(broken)?, log.finish().map_err(failed)?.0)
        }
        #[cfg(feature = "parquet")]
        Form::Parquet => {
            let table = crate::report::MessageTable::new(plan.spec, create()?, plan.count);
            let table = table.map_err(failed)?;
            let (simulated, table) = listed(options, plan, precision, table, progress);
            (simulated.map_err(broken)?, table.finish().map_err(failed)?.0)
        }
        #[cfg(not(feature = "parquet"))]
        Form::Parquet => return Err(no_parquet(path)),
    };
    file.finish().map_err(failed)?;
    Ok(simulated)
}

/// Runs them one after the other, each message told to `rows`: by a thread beside the run's, if it
/// may have one.
fn listed<R: MessageRows + Send>(
    options: &Options,
    plan: Replications<'_>,
    precision: Option<Precision>,
    rows: R,
    progress: &Judged<'_>,
) -> (Result<Simulated, Failure>, R) {
    if options.repeats.threads.count() == 1 {
        return told(options, plan, precision, rows, R::set_replication, progress);
    }
    std::thread::scope(|scope| {
        let (behind, next) = (Behind::new(scope, rows), Behind::set_replication);
        let (ended, behind) = told(options, plan, precision, behind, next, progress);
        (ended, behind.join())
    })
}

/// Runs them one after the other, each message told to an observer, who is told `next` which
/// replication begins.
fn told<O: Observer>(
    options: &Options,
    plan: Replications<'_>,
    precision: Option<Precision>,
    mut observer: O,
    next: impl Fn(&mut O, u64),
    progress: &Judged<'_>,
) -> (Result<Simulated, Failure>, O) {
    let mut trails = Vec::new();
    let ended = if options.check_determinism {
        let mut trailed = Trailed::new(observer, plan.count);
        let begin = |trailed: &mut Trailed<O>, number| {
            trailed.begin();
            next(&mut trailed.observer, number);
        };
        let ended = replicate_observed(plan, precision, &mut trailed, begin, progress);
        (observer, trails) = trailed.into_parts();
        ended
    } else {
        replicate_observed(plan, precision, &mut observer, next, progress)
    };
    (ended.map(|(run, reached)| Simulated { run, each: Vec::new(), reached, trails }), observer)
}
