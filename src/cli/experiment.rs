//! Experiments on design points: their runs with a progress bar, what those took, and their results
//! in files and on stdout.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::arguments::{Format, Output};
use super::caller;
use super::cells::Merged;
use super::ending::Ending;
use super::finished::{Keeping, Runs, Store};
use super::folder::ResultFolder;
use super::pictures::{PAGE, chart_files, findings, pictures};
use super::progress::Progress;
use super::terminal::{self, Terminal};
use crate::chain::Results;
use crate::chain::spec::Spec;
use crate::experiment::{Broken, Comparison, Observation, Points, Until, Workers, compare};
use crate::kernel::Nanos;
use crate::report::table::{Footer, table};
use crate::report::{Heading, Kind, Value, metrics, plausible, to_json};
use crate::scenario::Size;

/// The table of all points' figures.
const CELLS: &str = "cells.csv";

/// The work done.
#[derive(Debug, Default)]
pub(super) struct Effort {
    runs: AtomicU64,
    messages: AtomicU64,
    events: AtomicU64,
}

impl Effort {
    /// Counts a run.
    pub(super) fn count(&self, results: &Results) {
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.messages.fetch_add(results.simulated, Ordering::Relaxed);
        self.events.fetch_add(results.events, Ordering::Relaxed);
    }

    /// The account of it, for stderr.
    pub(super) fn account(self, took: Duration, recalled: u64) -> String {
        let seconds = took.as_secs_f64().max(1e-9);
        let (runs, messages) = (self.runs.into_inner(), self.messages.into_inner());
        let made = format!(
            "{runs} runs with {messages} messages and {} events in {seconds:.2} s: {:.0} messages/s",
            self.events.into_inner(),
            messages as f64 / seconds
        );
        match recalled {
            0 => made,
            recalled if runs == 0 => format!("all {recalled} runs had been finished before"),
            recalled => format!("{recalled} runs had been finished before; {made}"),
        }
    }
}

/// Says on stderr what chains of these sizes will take, each run so many times, before they do: nothing
/// of what takes little.
pub(super) fn expected(sizes: &[Size], each: u64, threads: usize, terminal: Terminal) {
    terminal.remark(&Size::remark(sizes, each, threads).unwrap_or_default());
}

/// Finished runs, where they are to be had.
pub(super) fn finished<'run>(
    cells: Option<&'run Merged>,
    store: Option<&'run Store>,
) -> Option<&'run dyn Runs> {
    match cells {
        Some(cells) => Some(cells),
        None => store.map(|store| store as &dyn Runs),
    }
}

/// An experiment: where its results go, the runs of it that are finished, and who is told.
pub(super) struct Experiment<'run> {
    output: &'run Output,
    pub(super) terminal: Terminal,
    /// The name of the result file.
    json: &'static str,
    out: Option<ResultFolder>,
    store: Option<Store>,
    /// The cells of a plan, which were run elsewhere.
    cells: Option<&'run Merged>,
}

impl<'run> Experiment<'run> {
    /// Claims the folder of results that was asked for, or else `default`, and opens the runs that
    /// are finished there, unless they are `cells`.
    pub(super) fn begin(
        output: &'run Output,
        default: PathBuf,
        (kind, json): (Kind, &'static str),
        cells: Option<&'run Merged>,
    ) -> Result<Experiment<'run>, Ending> {
        let terminal = Terminal::new(output);
        let out = ResultFolder::asked(output, default, &files(json), chart_files(kind))?;
        let open = |out| Store::open(out, Heading::metrics(), terminal);
        let store = out.as_ref().filter(|_| cells.is_none()).map(open).transpose()?;
        Ok(Experiment { output, terminal, json, out, store, cells })
    }

    /// The folder of results, if there is one.
    pub(super) fn out(&self) -> Option<&ResultFolder> {
        self.out.as_ref()
    }

    /// The runs that are finished, if they are kept.
    pub(super) fn runs(&self) -> Option<&dyn Runs> {
        finished(self.cells, self.store.as_ref())
    }

    /// Says what runs of chains of these sizes will take, each so many, unless they are made already.
    pub(super) fn expected(&self, sizes: &[Size], each: u64, threads: usize) {
        if self.cells.is_none() {
            expected(sizes, each, threads, self.terminal);
        }
    }

    /// Runs design points, known by their `fingerprints`, on common random numbers; `made` is what is
    /// kept of the metrics of each run.
    pub(super) fn compare(
        &self,
        threads: usize,
        points: Points<'_>,
        fingerprints: &[String],
        (baseline, until): (usize, Until),
        made: impl Fn(usize, Vec<Option<f64>>) -> Observation + Sync,
    ) -> Result<Comparison, Broken> {
        let began = super::progress::now();
        let specs = points.specs;
        let (each, at_most) = match until {
            Until::Replications(count) => (count, false),
            Until::Decided(decide) => (decide.at_most, true),
        };
        let runs = each.saturating_mul(specs.len() as u64);
        let total = specs.iter().fold(0, |sum: Nanos, spec| sum.saturating_add(spec.duration));
        let shown = self.terminal.shows_progress();
        let progress = Progress::over(shown, total.saturating_mul(each), runs).at_most(at_most);
        let workers = Workers::new(threads.min(usize::try_from(runs).unwrap_or(usize::MAX)));
        let effort = Effort::default();
        let figures = |point: usize, results: Results| {
            effort.count(&results);
            metrics(&specs[point], results)
        };
        let believed =
            |point: usize, figures: &[Option<f64>]| plausible(&specs[point], None, figures);
        let digest = Keeping { store: self.runs(), fingerprints, figures, believed, made };
        let compared = compare(&workers, points, baseline, until, &progress, &digest);
        progress.clear();
        self.took(effort, began.elapsed());
        compared
    }

    /// Says what the runs took.
    pub(super) fn took(&self, effort: Effort, took: Duration) {
        let recalled = self.runs().map_or(0, Runs::recalled);
        self.terminal.remark(&effort.account(took, recalled));
    }

    /// Writes and prints a `result` of a chain with the `cells` of its points: as a table that a footer
    /// goes below, beside which a `remark` is made, or as a file.
    pub(super) fn show(
        self,
        spec: &Spec,
        (result, cells): (Value, String),
        mut footer: Footer,
        remark: &str,
    ) -> Result<(), Ending> {
        self.cells.map_or(Ok(()), Merged::sound)?;
        let found = findings(result, &[(CELLS, &cells)]);
        let json = to_json(&found.result);
        let csv = self.output.format == Format::Csv;
        let printed = if csv { cells.clone() } else { json.clone() };
        caller::found(&found, &footer.again);
        if let Some(out) = &self.out {
            let pictures = pictures(&found, &footer.again);
            let made = vec![(self.json, json), (CELLS, cells)];
            footer.files = out.publish(made, pictures, &files(self.json))?;
        }
        if let Some(store) = self.store {
            store.done(self.terminal);
        }
        self.terminal.remark(remark);
        caller::told(|look| table(&found, spec, look, &footer));
        if self.output.format == Format::Table {
            terminal::result(&table(&found, spec, self.terminal.look(), &footer))
        } else {
            terminal::result_file(&printed)
        }
    }
}

/// The files of an experiment under `--out`, those of other versions too.
fn files(json: &'static str) -> [&'static str; 4] {
    [json, PAGE, CELLS, "charts/"]
}
