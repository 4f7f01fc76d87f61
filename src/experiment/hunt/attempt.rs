//! One try at a smaller scenario: its run, if that is no longer than it may be.

use std::sync::atomic::{AtomicU64, Ordering};

use super::super::replications::{Failure, Replications, one};
use super::super::watch::{Advance, Watch};
use super::search::Judged;
use crate::chain::spec::Spec;
use crate::chain::{NoObserver, Results};
use crate::scenario::Scenario;

/// A scenario to be run on a seed.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'run> {
    /// The scenario.
    pub scenario: &'run Scenario,
    /// The seed.
    pub seed: u64,
    /// Events that the run may take.
    pub most: u64,
}

/// The outcome of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// The condition's judgement of it.
    pub judged: Judged,
    /// Messages simulated.
    pub messages: u64,
    /// Events.
    pub events: u64,
}

/// Judges attempts, and may remember them: one that is known isn't made again. Called from several
/// threads. A function of settings and results is one that knows nothing beforehand.
pub trait Judge: Sync {
    /// Holds the condition against a run.
    fn judge(&self, spec: &Spec, results: Results) -> Judged;

    /// The outcome of an attempt that was made before: `Some(None)` if its run was too long.
    fn known(&self, _attempt: Attempt<'_>) -> Option<Option<Ran>> {
        None
    }

    /// An attempt came out like this.
    fn made(&self, _attempt: Attempt<'_>, _ran: Option<&Ran>) {}
}

impl<F: Fn(&Spec, Results) -> Judged + Sync> Judge for F {
    fn judge(&self, spec: &Spec, results: Results) -> Judged {
        self(spec, results)
    }
}

impl Attempt<'_> {
    /// Its run, if the condition holds in it; made, unless it is known.
    pub(super) fn run(self, judge: &impl Judge) -> Result<Option<Ran>, Failure> {
        let ran = match judge.known(self) {
            Some(known) => known,
            None => {
                let ran = self.make(judge)?;
                judge.made(self, ran.as_ref());
                ran
            }
        };
        Ok(ran.filter(|ran| ran.judged.holds))
    }

    /// `None` if the run took too long.
    fn make(self, judge: &impl Judge) -> Result<Option<Ran>, Failure> {
        let limit = Limit { events: AtomicU64::new(self.most) };
        let alone = Replications::of(&self.scenario.spec, self.seed, 1);
        let results = one(alone, 0, &mut NoObserver, &limit)?;
        if limit.events.load(Ordering::Relaxed) == 0 {
            return Ok(None);
        }
        let (messages, events) = (results.simulated, results.events);
        let judged = judge.judge(&self.scenario.spec, results);
        Ok(Some(Ran { judged, messages, events }))
    }
}

/// Stops a run that takes too many events.
struct Limit {
    events: AtomicU64,
}

impl Watch for Limit {
    fn advanced(&self, step: Advance) -> bool {
        let spend = |left: u64| Some(left.saturating_sub(step.events));
        let spent = self.events.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend);
        spent.is_ok_and(|left| left > step.events)
    }

    fn ended(&self) {}
}
