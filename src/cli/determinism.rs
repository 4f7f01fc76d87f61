//! `--check-determinism`: everything once more, and the first difference named.

use super::arguments::Run as Options;
use super::ending::{Ending, Exit};
use super::progress::Progress;
use super::{bundle, run};
use crate::chain::TracedEvent;
use crate::chain::spec::Spec;
use crate::experiment::{Mismatch, Replications, Run, Trail, Workers, run_again};
use crate::report::Facts;
use crate::scenario::Scenario;

/// The run that another is compared with.
pub(super) struct First<'run> {
    pub(super) run: &'run Run,
    /// One a replication.
    pub(super) trails: &'run [Trail],
    /// Threads it had.
    pub(super) threads: u64,
}

/// Runs `plan` again on another number of threads. The sentence that says that all was the same;
/// if it was not, an [`Exit::Fault`].
pub(super) fn check(
    options: &Options,
    plan: Replications<'_>,
    scenario: &Scenario,
    first: &First<'_>,
    progress: &Progress,
) -> Result<String, Ending> {
    let workers = Workers::new(if first.threads > 1 { 1 } else { 2 });
    let (second, difference) = run_again(plan, first.run, first.trails, &workers, progress)
        .map_err(|failure| run::fault(options, scenario, &failure))?;
    let threads = [first.threads, workers.threads()];
    if let Some(difference) = difference {
        let what = tell(plan.spec, &difference, threads);
        return Err(fault(&what, &again(options, plan, scenario, &what)));
    }
    let texts = [first.run, &second]
        .map(|run| run::texts(&Facts::new(plan.spec, &scenario.fingerprint, plan.seed, run)));
    if texts[0] != texts[1] {
        let what = "every event and count is the same in both runs, and the report differs";
        return Err(fault(what, &again(options, plan, scenario, what)));
    }
    let events: u64 = first.trails.iter().map(Trail::events).sum();
    let replications = match plan.count {
        1 => String::new(),
        count => format!(" of {count} replications"),
    };
    Ok(format!(
        "determinism: 2 runs{replications}, {events} events each, event by event the same, digest \
         {:032x} and reports too; threads: {}, then {}",
        second.results.digest, threads[0], threads[1]
    ))
}

/// The difference, in words.
fn tell(spec: &Spec, difference: &Mismatch, threads: [u64; 2]) -> String {
    let event = |event: &Option<TracedEvent>| match event {
        Some(event) => event.describe(spec),
        None => "it had ended".to_owned(),
    };
    match difference {
        Mismatch::Event { replication, seed, number, runs } => format!(
            "two runs of replication {replication} (seed {seed}) differ, first in event {number}\n  \
             first run, threads {}: {}\n  second run, threads {}: {}",
            threads[0],
            event(&runs[0]),
            threads[1],
            event(&runs[1])
        ),
        Mismatch::Fleeting { replication, seed, first, last } => format!(
            "two runs of replication {replication} (seed {seed}) differ, first in one of the \
             events {first} to {last}; those were the same in further runs"
        ),
        Mismatch::Counts => {
            "every event is the same in both runs, and what was counted differs".to_owned()
        }
    }
}

/// The line that may show it again, and the bundle it is about.
fn again(options: &Options, plan: Replications<'_>, scenario: &Scenario, what: &str) -> String {
    let what = what.lines().next().unwrap_or_default();
    let (line, out) =
        (run::line(options, plan.seed, plan.count), run::folder_of(options, scenario));
    let path = out.and_then(|out| bundle::written(scenario, plan.seed, what, &out));
    path.map_or(line, |path| match plan.count {
        1 => format!("smschain run {path}"),
        count => format!("smschain run {path} -n {count}"),
    })
}

fn fault(what: &str, again: &str) -> Ending {
    let text = format!(
        "internal fault: not deterministic: {what}\nThis is a bug in smschain {}, not in your \
         scenario. It may happen again with:\n  {again} --check-determinism",
        env!("CARGO_PKG_VERSION")
    );
    Ending::rendered(Exit::Fault, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::{Arguments, Command};
    use crate::experiment::{Silent, replicate_with, sample};
    use clap::Parser as _;

    fn options(line: &str) -> Options {
        match Arguments::parse_from(line.split(' ')).command {
            Command::Run(options) => options,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_differs_is_an_internal_fault_that_says_how_to_see_it_again() {
        let spec = sample::spec();
        let fleeting = Mismatch::Fleeting { replication: 2, seed: 99, first: 1025, last: 2048 };
        let line = run::line(&options("smschain run a.toml --seed 7 -n 3"), 7, 3);
        let ending = fault(&tell(&spec, &fleeting, [2, 1]), &line);
        assert_eq!(ending.exit, Exit::Fault);
        for part in [
            "internal fault: not deterministic: two runs of replication 2 (seed 99) differ",
            "events 1025 to 2048",
            "\n  smschain run a.toml --seed 7 -n 3 --check-determinism",
        ] {
            assert!(ending.text.contains(part), "{part}: {}", ending.text);
        }
        assert!(tell(&spec, &Mismatch::Counts, [1, 2]).contains("what was counted differs"));
    }

    #[test]
    fn the_event_that_differs_is_named() {
        /// Keeps the first event.
        #[derive(Default)]
        struct First(Option<TracedEvent>);
        impl crate::chain::Observer for First {
            fn wants(&self) -> crate::chain::Wants {
                crate::chain::Wants::Events
            }
            fn event(&mut self, event: &TracedEvent) {
                self.0.get_or_insert(*event);
            }
        }
        let mut spec = sample::spec();
        (spec.duration, spec.warmup) = (60 * crate::kernel::SECOND, 0);
        let plan = Replications::of(&spec, 7, 1);
        let (_, mut first) =
            replicate_with(&Workers::new(1), plan, |_| First::default(), &Silent).unwrap();
        let difference =
            Mismatch::Event { replication: 0, seed: 7, number: 1, runs: [first.remove(0).0, None] };
        let told = tell(&spec, &difference, [1, 2]);
        let stream = format!(" s, arrival, stream {} (detail 0)\n", spec.traffic[0].name);
        for part in [
            "differ, first in event 1\n",
            "first run, threads 1: ",
            &stream,
            "second run, threads 2: it had ended",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
}
