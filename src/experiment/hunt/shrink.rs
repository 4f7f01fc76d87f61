//! The smallest scenario in which it still happens.
//!
//! Greedy, in the manner of delta debugging (Zeller and Hildebrandt, *Simplifying and Isolating
//! Failure-Inducing Input*, IEEE TSE 28, 2002): of the things that may go halves are tried first,
//! then quarters, then each alone; window and load are cut as far as they may be; and all of that
//! again until nothing more goes. Several tries run at once, but which of them counts depends on
//! their order alone.

use std::ops::ControlFlow;

use super::super::in_order::{Workers, in_order_while};
use super::super::replications::Failure;
use super::attempt::{Attempt, Judge, Ran};
use super::search::Judged;
use crate::kernel::{Nanos, in_seconds};
use crate::scenario::{Reduction, Scenario, Step};

/// A try may take this many times the events of the run it began with, and some more: without its
/// limits a scenario may run much longer.
const LONGEST: u64 = 2;
const SOME_EVENTS: u64 = 1 << 17;

/// The size of a scenario and its run.
#[derive(Debug, Clone, PartialEq)]
pub struct Size {
    /// Messages simulated.
    pub messages: u64,
    /// Events.
    pub events: u64,
    /// Requests come for so long.
    pub duration: Nanos,
    /// The load's factor.
    pub scale: f64,
    /// Its optional parts by their paths.
    pub parts: Vec<String>,
}

/// The smaller scenario.
#[derive(Debug)]
pub struct Shrunk {
    /// The smallest scenario that was found.
    pub scenario: Scenario,
    /// The judgement of its run.
    pub judged: Judged,
    /// Before.
    pub before: Size,
    /// After.
    pub after: Size,
    /// The parts that were taken away, in order.
    pub removed: Vec<String>,
    /// Runs it took.
    pub tries: u64,
    /// It ended because there were enough tries, not because nothing more could go.
    pub cut_short: bool,
}

/// Makes `scenario` smaller as long as the condition holds in the run of `seed`, in at most so
/// many `tries`. `None`: it doesn't hold to begin with.
///
/// # Errors
/// Conservation is broken in the run it began with; one of a smaller scenario counts as a try in
/// which the condition doesn't hold.
pub fn shrink(
    workers: &Workers,
    scenario: &Scenario,
    seed: u64,
    tries: u64,
    judge: &impl Judge,
) -> Result<Option<Shrunk>, Failure> {
    let Some(first) = Attempt { scenario, seed, most: u64::MAX }.run(judge)? else {
        return Ok(None);
    };
    let before = size(scenario, &first);
    let most = before.events.saturating_mul(LONGEST).saturating_add(SOME_EVENTS);
    let mut shrinking = Shrinking {
        workers,
        judge,
        seed,
        most,
        state: scenario.clone(),
        run: first,
        removed: Vec::new(),
        tries: 0,
        limit: tries,
    };
    while shrinking.round() && !shrinking.is_over() {}
    let after = size(&shrinking.state, &shrinking.run);
    let cut_short = shrinking.is_over();
    let smallest = shrinking.state;
    Ok(Some(Shrunk {
        cut_short,
        judged: shrinking.run.judged,
        before,
        after,
        removed: [cuts(scenario, &smallest), shrinking.removed].concat(),
        tries: shrinking.tries,
        scenario: smallest,
    }))
}

/// The cuts of window and load.
fn cuts(before: &Scenario, after: &Scenario) -> Vec<String> {
    let (one, two) = (&before.spec, &after.spec);
    let span = |key: String, from: Nanos, to: Nanos| {
        let seconds = [from, to].map(in_seconds);
        (from != to).then(|| format!("{key}: {} s → {} s", seconds[0], seconds[1]))
    };
    let mut cuts = vec![
        span("scenario.duration".to_owned(), one.duration, two.duration),
        span("scenario.warmup".to_owned(), one.warmup, two.warmup),
        (one.scale != two.scale).then(|| format!("scenario.scale: {} → {}", one.scale, two.scale)),
    ];
    for incident in &two.incidents {
        let was = one.incidents.iter().find(|other| other.name == incident.name);
        let was = was.map_or(incident.at, |was| was.at);
        cuts.push(span(format!("incident.{}.at", incident.name), was, incident.at));
    }
    cuts.into_iter().flatten().collect()
}

fn size(scenario: &Scenario, run: &Ran) -> Size {
    Size {
        messages: run.messages,
        events: run.events,
        duration: scenario.spec.duration,
        scale: scenario.spec.scale,
        parts: scenario.optional_parts(),
    }
}

struct Shrinking<'run, J> {
    workers: &'run Workers,
    judge: &'run J,
    seed: u64,
    /// Events that a run may take.
    most: u64,
    state: Scenario,
    run: Ran,
    removed: Vec<String>,
    tries: u64,
    limit: u64,
}

impl<J: Judge> Shrinking<'_, J> {
    fn is_over(&self) -> bool {
        self.tries >= self.limit
    }

    /// Every step once; true if something went.
    fn round(&mut self) -> bool {
        let before = self.state.fingerprint.clone();
        for step in Step::ALL {
            if step.is_many() {
                self.some_of(step);
            } else {
                // A cut leaves others to be made.
                let one = |reduction| vec![reduction];
                while !self.is_over() {
                    let cuts: Vec<_> = self.state.reductions(step).into_iter().map(one).collect();
                    if self.first(&cuts).is_none() {
                        break;
                    }
                }
            }
        }
        self.state.fingerprint != before
    }

    /// As many as may go, in ever smaller groups.
    fn some_of(&mut self, step: Step) {
        let mut left = self.state.reductions(step);
        let mut together = left.len().div_ceil(2).max(1);
        loop {
            let mut from = 0;
            while from < left.len() && !self.is_over() {
                let groups: Vec<Vec<Reduction>> =
                    left[from..].chunks(together).map(<[Reduction]>::to_vec).collect();
                let Some(gone) = self.first(&groups) else { break };
                self.removed.extend(groups[gone].iter().map(|one| one.what.clone()));
                let start = from + gone * together;
                let end = (start + together).min(left.len());
                left.drain(start..end);
                from = start;
            }
            if together == 1 {
                return;
            }
            together = together.div_ceil(2);
        }
    }

    /// Tries one after the other; the first without which it still happens goes.
    fn first(&mut self, groups: &[Vec<Reduction>]) -> Option<usize> {
        let (state, judge, seed, most) = (&self.state, self.judge, self.seed, self.most);
        let attempt = |index: u64| {
            let smaller = state.reduced(&groups[index as usize]);
            let tried = smaller.is_some();
            let held = smaller.and_then(|smaller| {
                // A run that breaks down is another incident than this one.
                let ran = Attempt { scenario: &smaller, seed, most }.run(judge).ok().flatten()?;
                Some((smaller, ran))
            });
            Ok::<_, std::convert::Infallible>((tried, held))
        };
        let (mut tries, limit) = (self.tries, self.limit);
        let mut gone = None;
        let Ok(()) =
            in_order_while(self.workers, 0..groups.len() as u64, attempt, |index, done| {
                let (tried, held) = done;
                if tries >= limit {
                    return ControlFlow::Break(());
                }
                tries += u64::from(tried);
                gone = held.map(|held| (index as usize, held));
                if gone.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
        self.tries = tries;
        let (index, (smaller, ran)) = gone?;
        (self.state, self.run) = (smaller, ran);
        Some(index)
    }
}
