//! Design points, run with a progress bar, and told on stderr what it took.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::finished::Store;
use super::progress::Progress;
use super::terminal::Terminal;
use crate::chain::Results;
use crate::chain::spec::Spec;
use crate::experiment::Workers;
use crate::kernel::Nanos;
use crate::scenario::Size;

/// What has been done.
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

    /// What it took, for stderr.
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

/// Does `work` on as many `threads` as there are runs at most: `each` replications of each of the
/// chains, or fewer if that is what they are at most.
pub(super) fn watched<T>(
    terminal: Terminal,
    threads: usize,
    specs: &[Spec],
    each: u64,
    (store, at_most): (Option<&Store>, bool),
    work: impl FnOnce(&Workers, &Progress, &Effort) -> T,
) -> T {
    let began = super::clock::now();
    let runs = each.saturating_mul(specs.len() as u64);
    let total = specs.iter().fold(0, |sum: Nanos, spec| sum.saturating_add(spec.duration));
    let shown = terminal.shows_progress();
    let progress = Progress::over(shown, total.saturating_mul(each), runs).at_most(at_most);
    let workers = Workers::new(threads.min(usize::try_from(runs).unwrap_or(usize::MAX)));
    let effort = Effort::default();
    let done = work(&workers, &progress, &effort);
    progress.clear();
    terminal.remark(&effort.account(began.elapsed(), store.map_or(0, Store::recalled)));
    done
}
