//! The facts that every form of a report is made from.

use crate::chain::spec::{Spec, Throttle};
use crate::chain::{Group, Results, Truth};
use crate::experiment::{Estimated, Run};
use crate::kernel::in_seconds;

/// A run, its chain, and the sums that most sections need.
#[derive(Debug)]
pub struct Facts<'run> {
    /// The chain.
    pub spec: &'run Spec,
    /// The scenario's fingerprint.
    pub fingerprint: &'run str,
    /// Seed of replication 0.
    pub seed: u64,
    /// The counts of the replications.
    pub run: &'run Run,
    /// Headline figures of all counted messages.
    pub total: Group,
    /// Counted messages by truth.
    pub truth: [u64; Truth::COUNT],
}

impl<'run> Facts<'run> {
    /// The facts of a run.
    #[must_use]
    pub fn new(spec: &'run Spec, fingerprint: &'run str, seed: u64, run: &'run Run) -> Self {
        let (total, truth) = (run.results.total(), run.results.truth());
        Facts { spec, fingerprint, seed, run, total, truth }
    }

    /// The counts.
    #[must_use]
    pub fn results(&self) -> &'run Results {
        &self.run.results
    }

    /// Seconds from warm-up to `duration`, of all replications together.
    #[must_use]
    pub fn observed_s(&self) -> f64 {
        in_seconds(self.spec.duration - self.spec.warmup) * self.results().replications as f64
    }

    /// A count per second of that time; `None` if there is no such time.
    #[must_use]
    pub fn per_second(&self, count: u64) -> Option<f64> {
        let seconds = self.observed_s();
        (seconds > 0.0).then(|| count as f64 / seconds)
    }

    /// A level's mean over that time, from its area.
    #[must_use]
    pub fn mean_level(&self, area: u128) -> Option<f64> {
        let seconds = self.observed_s();
        (seconds > 0.0).then(|| area as f64 / 1e9 / seconds)
    }

    /// The mean share of `limit` that was in use; `None` without a limit.
    #[must_use]
    pub fn utilisation(&self, area: u128, limit: Option<u32>) -> Option<f64> {
        let limit = limit.filter(|&limit| limit > 0)?;
        Some(self.mean_level(area)? / f64::from(limit))
    }

    /// The share of each throttle's rate that was taken; `None` where its rate makes less than one token
    /// in the time counted: then its burst is all there is to take.
    pub(super) fn throttles_used<'own, T: Throttle>(
        &'own self,
        taken: &'own [u64],
        throttles: &'own [T],
    ) -> impl Iterator<Item = Option<f64>> + 'own {
        throttles.iter().zip(taken).map(|(throttle, &taken)| {
            let allowance = throttle.allowance();
            let rate = allowance.rate();
            if allowance.bucket().is_none() {
                // Of a day that is longer than the run there is the whole limit to take.
                let windows = allowance.at_once() as f64 * self.results().replications as f64;
                let tokens = (rate * self.observed_s()).max(windows);
                return (tokens >= 1.0).then(|| taken as f64 / tokens);
            }
            let rate = Some(rate).filter(|&rate| rate * self.observed_s() >= 1.0)?;
            Some(self.per_second(taken)? / rate)
        })
    }

    /// The highest of these shares; `None` without a throttle.
    pub(super) fn throttle_utilisation<T: Throttle>(
        &self,
        taken: &[u64],
        throttles: &[T],
    ) -> Option<f64> {
        self.throttles_used(taken, throttles).flatten().reduce(f64::max)
    }

    /// The estimate of a figure.
    #[must_use]
    pub fn estimate(&self, path: &str) -> Option<&'run Estimated> {
        self.run.estimates.iter().find(|estimate| estimate.path == path)
    }
}
