//! The likelihood of an incident as it unfolded: from a time on chance takes other courses, many of
//! them, and in some share of them it happens nevertheless.

use super::super::hunt::Judged;
use super::super::in_order::{Workers, in_order};
use super::super::replications::Failure;
use crate::chain::spec::Spec;
use crate::chain::{self, FirstUses, NoObserver, Results};
use crate::kernel::{Nanos, Unwatched};
use crate::random::Chance;
use crate::stats::clopper_pearson;

/// Spans that the time requests come for is first cut in.
const SPANS: u64 = 12;
/// Spans that the one in which it becomes unavoidable is cut in after that.
const FINER: u64 = 6;

/// The likelihood at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PivotPoint {
    /// The time before which all that was drawn stays.
    pub at: Nanos,
    /// Redraws in which it happens.
    pub hits: u64,
    /// Redraws.
    pub redraws: u64,
}

impl PivotPoint {
    /// The share in which it happens.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.redraws == 0 { 0.0 } else { self.hits as f64 / self.redraws as f64 }
    }

    /// Its 95 % interval (Clopper and Pearson).
    #[must_use]
    pub fn interval(&self) -> [f64; 2] {
        clopper_pearson(self.hits, self.redraws)
    }
}

/// The parts of the drain after which it is looked at, where it is still open then.
const DRAIN: [u64; 5] = [256, 64, 16, 4, 1];

/// The curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Pivot {
    /// By time.
    pub points: Vec<PivotPoint>,
    /// The first time from which on it happens in every redraw of it and of all later times.
    pub unavoidable: Option<Nanos>,
}

/// Redraws the run of `seed` from several times on, `redraws` times each, and judges it. At 0 all is
/// drawn anew. The j-th redraw draws from the seed of replication j, from whatever time on.
///
/// # Errors
/// The first redraw, in the order of times, that broke conservation.
pub fn pivot(
    workers: &Workers,
    spec: &Spec,
    seed: u64,
    redraws: u64,
    judge: impl Fn(Results) -> Judged + Sync,
) -> Result<Pivot, Failure> {
    let uses = chain::first_uses(spec, seed);
    let redrawing = Redrawing { workers, spec, seed, uses: &uses, redraws, judge };
    let share = |part: u64, of: u64, from: Nanos, to: Nanos| {
        from + (u128::from(to - from) * u128::from(part) / u128::from(of)) as Nanos
    };
    let coarse: Vec<Nanos> = (0..=SPANS).map(|part| share(part, SPANS, 0, spec.duration)).collect();
    let mut points = redrawing.points(&coarse)?;
    if certain_from(&points).is_none() {
        // It is still open when the last request comes.
        let ended_at = redrawing.ended_at()?;
        let late = DRAIN.map(|part| share(1, part, spec.duration, ended_at.max(spec.duration)));
        points.extend(redrawing.points(&late)?);
        points.dedup_by_key(|point| point.at);
    }
    // Once more, where it turns.
    if let Some(turn) = certain_from(&points).filter(|&turn| turn > 0) {
        let (from, to) = (points[turn - 1].at, points[turn].at);
        let finer: Vec<Nanos> = (1..FINER).map(|part| share(part, FINER, from, to)).collect();
        points.extend(redrawing.points(&finer)?);
        points.sort_by_key(|point| point.at);
        points.dedup_by_key(|point| point.at);
    }
    let unavoidable = certain_from(&points).map(|index| points[index].at);
    Ok(Pivot { points, unavoidable })
}

/// The first point from which on it always happens.
fn certain_from(points: &[PivotPoint]) -> Option<usize> {
    let certain = points.iter().rev().take_while(|point| point.hits == point.redraws).count();
    (certain > 0).then(|| points.len() - certain)
}

struct Redrawing<'run, J> {
    workers: &'run Workers,
    spec: &'run Spec,
    seed: u64,
    uses: &'run FirstUses,
    redraws: u64,
    judge: J,
}

impl<J: Fn(Results) -> Judged + Sync> Redrawing<'_, J> {
    fn points(&self, times: &[Nanos]) -> Result<Vec<PivotPoint>, Failure> {
        let mut points: Vec<PivotPoint> =
            times.iter().map(|&at| PivotPoint { at, hits: 0, redraws: self.redraws }).collect();
        let of = |job: u64| (times[(job / self.redraws) as usize], 1 + job % self.redraws);
        let jobs = times.len() as u64 * self.redraws;
        in_order(
            self.workers,
            0..jobs,
            |job| {
                let (at, number) = of(job);
                self.one(at, number)
            },
            |job, held| points[(job / self.redraws) as usize].hits += u64::from(held),
        )?;
        Ok(points)
    }

    /// The end of the run itself.
    fn ended_at(&self) -> Result<Nanos, Failure> {
        let results = chain::simulate(self.spec, self.seed, &mut NoObserver, &mut Unwatched);
        let ended = results.map(|results| results.ended_at.saturating_add(1));
        ended.map_err(|imbalance| Failure { replication: 0, seed: self.seed, imbalance })
    }

    fn one(&self, at: Nanos, number: u64) -> Result<bool, Failure> {
        let (spec, other) = (self.spec, Chance::replication_seed(self.seed, number));
        let pace = &mut Unwatched;
        let results = if at == 0 {
            chain::simulate(spec, other, &mut NoObserver, pace)
        } else {
            chain::simulate_redrawn(spec, self.seed, self.uses, at, other, pace)
        };
        let results = results.map_err(|imbalance| Failure {
            replication: number,
            seed: self.seed,
            imbalance,
        })?;
        Ok((self.judge)(results).holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;
    use crate::kernel::SECOND;

    fn short() -> Spec {
        let mut spec = sample::spec();
        (spec.duration, spec.warmup) = (60 * SECOND, 0);
        spec
    }

    #[test]
    fn what_was_drawn_stays() {
        let mut spec = short();
        for provider in &mut spec.providers {
            provider.degraded = None;
        }
        let uses = chain::first_uses(&spec, 7);
        let redrawn = |at, other| {
            let results =
                chain::simulate_redrawn(&spec, 7, &uses, at, other, &mut Unwatched).unwrap();
            (results.digest, results.simulated)
        };
        let own = chain::simulate(&spec, 7, &mut NoObserver, &mut Unwatched).unwrap();
        let own = (own.digest, own.simulated);
        // Drawn anew from its own seed, nothing is other; nor is anything after the end.
        for at in [1, 20 * SECOND, 59 * SECOND] {
            assert_eq!(redrawn(at, 7), own, "{at}");
            assert_ne!(redrawn(at, 8), own, "{at}");
        }
        assert_eq!(redrawn(Nanos::MAX, 8), own);
        // Another course from the first instant isn't yet another seed: the first requests stay.
        let other = chain::simulate(&spec, 8, &mut NoObserver, &mut Unwatched).unwrap();
        assert_ne!(redrawn(1, 8).0, other.digest);
    }

    #[test]
    fn it_is_as_likely_at_the_start_as_ever_and_certain_at_the_end() {
        let spec = short();
        let results = chain::simulate(&spec, 7, &mut NoObserver, &mut Unwatched).unwrap();
        let limit = results.simulated;
        let judge =
            |results: Results| Judged { holds: results.simulated >= limit, ..Judged::default() };
        let one = pivot(&Workers::new(1), &spec, 7, 12, judge).unwrap();
        assert_eq!(pivot(&Workers::new(3), &spec, 7, 12, judge).unwrap(), one);
        let fresh = (1..=12).filter(|&number| {
            let seed = Chance::replication_seed(7, number);
            let results = chain::simulate(&spec, seed, &mut NoObserver, &mut Unwatched).unwrap();
            judge(results).holds
        });
        assert_eq!(one.points[0].hits, fresh.count() as u64);
        let last = one.points.last().unwrap();
        assert_eq!((last.hits, last.redraws), (12, 12));
        assert!(one.unavoidable.is_some_and(|at| at > 0));
    }

    #[test]
    fn certain_is_what_stays_so() {
        let points = |hits: &[u64]| -> Vec<PivotPoint> {
            (0..).zip(hits).map(|(at, &hits)| PivotPoint { at, hits, redraws: 9 }).collect()
        };
        assert_eq!(certain_from(&points(&[1, 9, 8, 9, 9])), Some(3));
        assert_eq!(certain_from(&points(&[9, 9])), Some(0));
        assert_eq!(certain_from(&points(&[9, 8])), None);
    }
}
