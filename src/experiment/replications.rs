//! Design points, replicated.

use super::certainty::Certainty;
use super::estimates::{self, Estimated, estimate};
use super::in_order::{Workers, in_order};
use super::precision::replicate_until_with;
use super::watch::{Steps, Watch};
use crate::chain::spec::Spec;
use crate::chain::{self, EngineChoice, Imbalance, NoObserver, Observer, Results};
use crate::random::Chance;
use crate::stats::Parameters;

/// A plan of runs: a design point and how often.
#[derive(Debug, Clone, Copy)]
pub struct Replications<'spec> {
    /// The chain.
    pub spec: &'spec Spec,
    /// Seed of replication 0.
    pub seed: u64,
    /// Their number, at least one.
    pub count: u64,
    /// The engine that carries them out; no figure depends on it but the number of events.
    pub engine: EngineChoice,
    /// Chains that go in its place, one a replication: its parameters as they may be. Empty: it goes
    /// itself.
    pub inputs: &'spec [Spec],
}

impl<'spec> Replications<'spec> {
    /// Replications by the fast engine.
    #[must_use]
    pub fn of(spec: &'spec Spec, seed: u64, count: u64) -> Replications<'spec> {
        Replications { spec, seed, count, engine: EngineChoice::Fast, inputs: &[] }
    }

    /// Parameters of the chain: drawn in every second replication where there are chains that go in its place.
    #[must_use]
    pub fn parameters(&self) -> Parameters {
        Parameters::of(!self.inputs.is_empty())
    }

    /// The seed of one replication: running that seed alone repeats it.
    #[must_use]
    pub fn seed_of(&self, replication: u64) -> u64 {
        Chance::replication_seed(self.seed, self.parameters().numbers_of(replication))
    }
}

/// The replications of one design point, counted together.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Everything they counted.
    pub results: Results,
    /// Each one's own seed.
    pub seeds: Vec<u64>,
    /// Estimates of the figures.
    pub estimates: Vec<Estimated>,
    /// Reasons why they can have no intervals, if there are any.
    pub certainty: Certainty,
    /// Those of the chain in successive replications.
    pub parameters: Parameters,
}

/// A replication whose books don't balance.
#[derive(Debug, thiserror::Error)]
#[error("the books of replication {replication} (seed {seed}) don't balance: {imbalance}")]
pub struct Failure {
    /// Its number.
    pub replication: u64,
    /// Its own seed.
    pub seed: u64,
    /// The imbalance.
    #[source]
    pub imbalance: Imbalance,
}

/// Runs the replications of every design point on all `workers`, and pools each point's.
///
/// # Errors
/// The first replication that broke conservation.
pub fn replicate<W: Watch>(
    workers: &Workers,
    points: &[Replications<'_>],
    watch: &W,
) -> Result<Vec<Run>, Failure> {
    let mut pooled: Vec<Pooled<'_>> = points.iter().map(|&point| Pooled::new(point)).collect();
    replicate_each(
        workers,
        points,
        watch,
        |_, results| results,
        |point, results| pooled[point].add(results),
    )?;
    Ok(pooled.into_iter().map(Pooled::finish).collect())
}

/// Runs the replications of every design point on all `workers`. Each one's results are digested
/// where they are made; `reduce` is given what is left of them, with the point's index, in the
/// order of points and replications.
///
/// # Errors
/// The first replication that broke conservation.
pub fn replicate_each<T: Send, W: Watch>(
    workers: &Workers,
    points: &[Replications<'_>],
    watch: &W,
    digest: impl Fn(usize, Results) -> T + Sync,
    mut reduce: impl FnMut(usize, T),
) -> Result<(), Failure> {
    // Job numbers run through the replications of the first point, then of the second, …
    let firsts: Vec<u64> = points
        .iter()
        .scan(0, |next, point| {
            let first = *next;
            *next += point.count;
            Some(first)
        })
        .collect();
    let place = |job: u64| {
        let point = firsts.partition_point(|&first| first <= job) - 1;
        (point, job - firsts[point])
    };
    in_order(
        workers,
        0..points.iter().map(|point| point.count).sum(),
        |job| {
            let (point, replication) = place(job);
            let results = one(points[point], replication, &mut NoObserver, watch)?;
            Ok(digest(point, results))
        },
        |job, digested| reduce(place(job).0, digested),
    )
}

/// Runs the replications of one design point on all `workers`, each with an observer of its own,
/// and gives the observers back in the order of replications.
///
/// # Errors
/// The first replication that broke conservation.
pub fn replicate_with<O: Observer + Send, W: Watch>(
    workers: &Workers,
    plan: Replications<'_>,
    observer: impl Fn(u64) -> O + Sync,
    watch: &W,
) -> Result<(Run, Vec<O>), Failure> {
    let ((run, _), observers) = replicate_until_with(workers, plan, None, observer, watch)?;
    Ok((run, observers))
}

/// Runs one replication of a plan.
pub(super) fn one<W: Watch>(
    plan: Replications<'_>,
    replication: u64,
    observer: &mut dyn Observer,
    watch: &W,
) -> Result<Results, Failure> {
    let seed = plan.seed_of(replication);
    let own = usize::try_from(replication).ok().and_then(|number| plan.inputs.get(number));
    let spec = own.unwrap_or(plan.spec);
    let mut pace = Steps::new(watch, spec.duration);
    let results = chain::simulate_by(plan.engine, spec, seed, observer, &mut pace)
        .map_err(|imbalance| Failure { replication, seed, imbalance })?;
    pace.end(&results);
    watch.finished(replication, &results);
    Ok(results)
}

/// Replications counted so far.
pub(super) struct Pooled<'spec> {
    plan: Replications<'spec>,
    results: Option<Results>,
    observations: Vec<Vec<Option<f64>>>,
}

impl<'spec> Pooled<'spec> {
    pub(super) fn new(plan: Replications<'spec>) -> Self {
        Pooled { plan, results: None, observations: Vec::new() }
    }

    pub(super) fn add(&mut self, results: Results) {
        if self.plan.count > 1 {
            self.observations.push(estimates::values(self.plan.spec, &results.total()));
        }
        match &mut self.results {
            Some(pooled) => pooled.merge(&results),
            None => self.results = Some(results),
        }
    }

    /// Of those that were added, be they fewer than planned.
    pub(super) fn finish(self) -> Run {
        let results = self.results.unwrap_or_default();
        let seeds: Vec<u64> =
            (0..results.replications).map(|number| self.plan.seed_of(number)).collect();
        let certainty = Certainty::of(self.plan.spec, &results, &seeds);
        let parameters = self.plan.parameters();
        let estimates =
            estimate(self.plan.spec, &results, &self.observations, parameters, &certainty);
        Run { results, seeds, estimates, certainty, parameters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Silent, sample};

    #[test]
    fn points_don_t_mix_and_threads_don_t_matter() {
        let mut spec = sample::spec();
        (spec.duration, spec.warmup) = (60 * 1_000_000_000, 0);
        let mut twice = spec.clone();
        twice.scale = 2.0;
        let points = [Replications::of(&spec, 7, 3), Replications::of(&twice, 7, 2)];
        let together = replicate(&Workers::new(2), &points, &Silent).unwrap();
        assert_eq!(together[1].seeds, together[0].seeds[..2], "common random numbers");
        for (point, pooled) in points.into_iter().zip(&together) {
            let alone = replicate(&Workers::new(1), &[point], &Silent).unwrap();
            assert_eq!(&alone[0], pooled);
            assert_eq!(pooled.results.replications, point.count);
        }
        assert!(together[1].results.simulated > together[0].results.simulated);
    }
}
