//! One design point, replicated.

use super::estimates::{self, Estimated, estimate};
use super::in_order::{Workers, in_order};
use super::metrics;
use super::watch::{Steps, Watch};
use crate::chain::spec::Spec;
use crate::chain::{self, Imbalance, NoObserver, Observer, Results};
use crate::random::Chance;

/// What to run: a design point and how often.
#[derive(Debug, Clone, Copy)]
pub struct Replications<'spec> {
    /// The chain.
    pub spec: &'spec Spec,
    /// Seed of replication 0.
    pub seed: u64,
    /// How many, at least one.
    pub count: u64,
}

impl Replications<'_> {
    /// The seed of one replication: running that seed alone repeats it.
    #[must_use]
    pub fn seed_of(&self, replication: u64) -> u64 {
        Chance::replication_seed(self.seed, replication)
    }
}

/// The replications of one design point, counted together.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Everything they counted.
    pub results: Results,
    /// Each one's own seed.
    pub seeds: Vec<u64>,
    /// How sure the figures are.
    pub estimates: Vec<Estimated>,
}

/// A replication whose books don't balance.
#[derive(Debug, thiserror::Error)]
#[error("the books of replication {replication} (seed {seed}) don't balance: {imbalance}")]
pub struct Failure {
    /// Its number.
    pub replication: u64,
    /// Its own seed.
    pub seed: u64,
    /// What is wrong.
    #[source]
    pub imbalance: Imbalance,
}

/// Runs the replications on all `workers`.
///
/// # Errors
/// The first replication that broke conservation.
pub fn replicate<W: Watch>(
    workers: &Workers,
    plan: Replications<'_>,
    watch: &W,
) -> Result<Run, Failure> {
    let mut pooled = Pooled::new(plan);
    in_order(
        workers,
        0..plan.count,
        |replication| one(plan, replication, &mut NoObserver, watch),
        |_, results| pooled.add(results),
    )?;
    Ok(pooled.finish())
}

/// Runs the replications one after another, so that `observer` sees the messages in order;
/// `before` is called with the number of each.
///
/// # Errors
/// The first replication that broke conservation.
pub fn replicate_observed<O: Observer, W: Watch>(
    plan: Replications<'_>,
    observer: &mut O,
    mut before: impl FnMut(&mut O, u64),
    watch: &W,
) -> Result<Run, Failure> {
    let mut pooled = Pooled::new(plan);
    for replication in 0..plan.count {
        before(observer, replication);
        pooled.add(one(plan, replication, observer, watch)?);
    }
    Ok(pooled.finish())
}

fn one<O: Observer, W: Watch>(
    plan: Replications<'_>,
    replication: u64,
    observer: &mut O,
    watch: &W,
) -> Result<Results, Failure> {
    let seed = plan.seed_of(replication);
    let mut pace = Steps::new(watch, plan.spec.duration);
    let results = chain::simulate(plan.spec, seed, observer, &mut pace)
        .map_err(|imbalance| Failure { replication, seed, imbalance })?;
    pace.end();
    Ok(results)
}

/// Replications counted so far.
struct Pooled<'spec> {
    plan: Replications<'spec>,
    results: Option<Results>,
    observations: Vec<Vec<Option<f64>>>,
}

impl<'spec> Pooled<'spec> {
    fn new(plan: Replications<'spec>) -> Self {
        Pooled { plan, results: None, observations: Vec::new() }
    }

    fn add(&mut self, results: Results) {
        if self.plan.count > 1 {
            self.observations.push(estimates::values(self.plan.spec, &metrics::total(&results)));
        }
        match &mut self.results {
            Some(pooled) => pooled.merge(&results),
            None => self.results = Some(results),
        }
    }

    fn finish(self) -> Run {
        let results = self.results.unwrap_or_default();
        let estimates = estimate(self.plan.spec, &results, &self.observations);
        let seeds = (0..self.plan.count).map(|number| self.plan.seed_of(number)).collect();
        Run { results, seeds, estimates }
    }
}
