//! Design points compared on common random numbers, for a number of replications or until one is
//! known to be the best.

use std::ops::ControlFlow;

use super::digest::Digest;
use super::in_order::Workers;
use super::in_step::{Broken, Points, in_step};
use super::kim_nelson::{Indifference, KimNelson, Standing};
use super::paired::Pair;
use super::tally::Cell;
use super::watch::Watch;
use crate::stats::Parameters;

/// The figures that are kept of one replication of one point.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observation {
    /// Figures of which means and paired differences are made.
    pub metrics: Vec<Option<f64>>,
    /// A few figures that are kept as they are.
    pub columns: Vec<Option<f64>>,
}

/// The end of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Until {
    /// After so many replications, at least two.
    Replications(u64),
    /// As soon as the best is known.
    Decided(Decide),
}

/// The question which point is the best, by what, and how exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decide {
    /// Index of the metric.
    pub metric: usize,
    /// The largest mean is the best, or else the smallest.
    pub higher_is_better: bool,
    /// The exactness.
    pub indifference: Indifference,
    /// At most so many replications, at least the first stage.
    pub at_most: u64,
}

/// The outcome of deciding.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The question.
    pub asked: Decide,
    /// The state of the choice at the end.
    pub standing: Standing,
    /// Replications that were needed, or made.
    pub replications: u64,
    /// After how many replications each point was known not to be the best; it was not simulated
    /// further.
    pub eliminated: Vec<Option<u64>>,
}

/// Points, compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Index of the point the others are compared with.
    pub baseline: usize,
    /// Each replication's own seed, the same for every point.
    pub seeds: Vec<u64>,
    /// The metrics of each point.
    pub cells: Vec<Cell>,
    /// Every other point against the baseline, over the replications both have.
    pub pairs: Vec<Pair>,
    /// The columns of each point, by replication.
    pub columns: Vec<Vec<Vec<Option<f64>>>>,
    /// If one was asked for.
    pub decision: Option<Decision>,
    /// Those of the points in successive replications.
    pub parameters: Parameters,
}

impl Comparison {
    /// Replications, of the point that has most.
    #[must_use]
    pub fn replications(&self) -> u64 {
        self.seeds.len() as u64
    }

    /// One column of every point, by replication.
    #[must_use]
    pub fn column(&self, index: usize) -> Vec<Vec<Option<f64>>> {
        let value = |values: &Vec<Option<f64>>| values.get(index).copied().flatten();
        self.columns.iter().map(|rows| rows.iter().map(value).collect()).collect()
    }

    /// Nothing yet, of so many points.
    #[must_use]
    pub fn new(points: usize, baseline: usize, parameters: Parameters) -> Comparison {
        let others = (0..points).filter(|&point| point != baseline);
        Comparison {
            baseline,
            seeds: Vec::new(),
            cells: vec![Cell::new(parameters); points],
            pairs: others.map(|point| Pair::new(point, parameters)).collect(),
            columns: vec![Vec::new(); points],
            decision: None,
            parameters,
        }
    }

    /// Counts a replication, run on `seed`, of the points in `going`: those that took part in all
    /// before it.
    pub fn push(&mut self, seed: u64, going: &[usize], row: Vec<Observation>) {
        self.seeds.push(seed);
        let of = |point: usize| going.iter().position(|&other| other == point);
        if let Some(baseline) = of(self.baseline) {
            for pair in &mut self.pairs {
                if let Some(own) = of(pair.point) {
                    pair.push(&row[own].metrics, &row[baseline].metrics);
                }
            }
        }
        for (&point, observation) in going.iter().zip(row) {
            self.cells[point].push(&observation.metrics);
            self.columns[point].push(observation.columns);
        }
    }
}

/// Compares `points` with the one at `baseline`. Each replication's results are digested where
/// they are made, unless what comes of them is known.
///
/// # Errors
/// The first replication that broke conservation.
///
/// ```
/// # use smschain::scenario::{Overrides, Source, load};
/// # let text = std::fs::read_to_string("templates/starter.toml")?;
/// # let source = Source { name: "starter.toml".into(), text, base: "".into() };
/// # let set = vec!["scenario.duration=1m".into(), "scenario.warmup=0s".into()];
/// # let spec = load(&source, &Overrides { set, ..Overrides::default() })?.spec;
/// use smschain::chain::Results;
/// use smschain::experiment::{Observation, Points, Silent, Until, Workers, compare};
///
/// let mut lossy = spec.clone();
/// lossy.carriers.iter_mut().for_each(|carrier| carrier.loss = 0.2);
/// let (specs, until) = ([spec, lossy], Until::Replications(5));
/// let lost = |_, results: Results| {
///     let layers = results.total().layers;
///     let lost = (layers.accepted - layers.delivered) as f64;
///     Observation { metrics: vec![Some(lost)], columns: Vec::new() }
/// };
/// let points = Points { specs: &specs, inputs: &[], seed: 7 };
/// let compared = compare(&Workers::new(2), points, 0, until, &Silent, &lost)?;
/// let more = compared.pairs[0].differences(0.05).next().unwrap();
/// assert!(more.mean > Some(0.0) && more.mean > more.half_width);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare<W: Watch>(
    workers: &Workers,
    points: Points<'_>,
    baseline: usize,
    until: Until,
    watch: &W,
    digest: &impl Digest<Kept = Observation>,
) -> Result<Comparison, Broken> {
    let mut comparison = Comparison::new(points.specs.len(), baseline, points.parameters());
    match until {
        Until::Replications(count) => {
            let all: Vec<usize> = (0..points.specs.len()).collect();
            in_step(workers, points, &all, 0..count, watch, digest, |replication, row| {
                comparison.push(points.seed_of(replication), &all, row);
                ControlFlow::Continue(())
            })?;
        }
        Until::Decided(asked) => {
            let decision = decide(workers, points, asked, watch, digest, &mut comparison)?;
            comparison.decision = Some(decision);
        }
    }
    Ok(comparison)
}

/// Goes on until the best is known. Every time a point drops out the others go on without it;
/// what was made with it beyond that replication is thrown away, so that the result is the same as
/// one by one.
fn decide<W: Watch>(
    workers: &Workers,
    points: Points<'_>,
    asked: Decide,
    watch: &W,
    digest: &impl Digest<Kept = Observation>,
    comparison: &mut Comparison,
) -> Result<Decision, Broken> {
    let mut rule = KimNelson::new(points.specs.len(), asked.indifference);
    let mut eliminated = vec![None; points.specs.len()];
    let mut standing = Standing::Open;
    let sign = if asked.higher_is_better { 1.0 } else { -1.0 };
    let mut made = 0;
    while standing == Standing::Open && made < asked.at_most {
        let going = rule.going().to_vec();
        // Most drop out after the first stage: nothing is made beyond it before that is known.
        let stage = asked.indifference.first_stage;
        let to = if made < stage { stage.min(asked.at_most) } else { asked.at_most };
        in_step(workers, points, &going, made..to, watch, digest, |replication, row| {
            let value = |own: &Observation| {
                own.metrics.get(asked.metric).copied().flatten().map(|value| sign * value)
            };
            let values: Vec<Option<f64>> = row.iter().map(value).collect();
            comparison.push(points.seed_of(replication), &going, row);
            made = replication + 1;
            standing = rule.observe(&values);
            if standing == Standing::Open && rule.going().len() == going.len() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        for &point in going.iter().filter(|point| !rule.going().contains(point)) {
            eliminated[point] = Some(made);
        }
    }
    Ok(Decision { asked, standing, replications: made, eliminated })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Results;
    use crate::chain::spec::Spec;
    use crate::experiment::{Silent, sample};
    use crate::kernel::SECOND;

    /// Points that differ in the share of messages that fail, and have nothing else random in
    /// their delivery.
    fn specs(failures: &[f64]) -> Vec<Spec> {
        let with = |&transient: &f64| {
            let mut spec = sample::spec();
            (spec.duration, spec.warmup) = (20 * SECOND, 0);
            spec.carriers[0].filters.clear();
            spec.providers.iter_mut().for_each(|provider| provider.failures.transient = transient);
            spec
        };
        failures.iter().map(with).collect()
    }

    fn lost(_: usize, results: Results) -> Observation {
        let layers = results.total().layers;
        let lost = (layers.accepted - layers.delivered) as f64 / layers.accepted as f64;
        Observation { metrics: vec![Some(lost)], columns: vec![Some(lost)] }
    }

    fn decide_on(failures: &[f64], threads: usize, zone: f64, at_most: u64) -> Comparison {
        let specs = specs(failures);
        let asked = Decide {
            metric: 0,
            higher_is_better: false,
            indifference: Indifference { zone, error: 0.05, first_stage: 10 },
            at_most,
        };
        let points = Points { specs: &specs, inputs: &[], seed: 7 };
        compare(&Workers::new(threads), points, 0, Until::Decided(asked), &Silent, &lost).unwrap()
    }

    #[test]
    fn differences_are_those_of_pairs() {
        let specs = specs(&[0.2, 0.1]);
        let points = Points { specs: &specs, inputs: &[], seed: 7 };
        let until = Until::Replications(12);
        let compared = compare(&Workers::new(2), points, 1, until, &Silent, &lost).unwrap();
        assert_eq!((compared.replications(), compared.pairs[0].point), (12, 0));
        let columns = compared.column(0);
        let mean =
            |values: &[Option<f64>]| values.iter().flatten().sum::<f64>() / values.len() as f64;
        let difference = compared.pairs[0].differences(0.05).next().unwrap();
        let means =
            [0, 1].map(|point| compared.cells[point].tallies()[0].known(0.05).mean.unwrap());
        assert!((difference.mean.unwrap() - (means[0] - means[1])).abs() < 1e-12);
        assert!((means[0] - mean(&columns[0])).abs() < 1e-12);
        let reduction = difference.variance_reduction.unwrap();
        assert!(reduction > 1.0, "{reduction}");
    }

    #[test]
    fn the_best_is_found_and_threads_do_not_matter() {
        let failures = [0.1, 0.3, 0.09, 0.11];
        let once = decide_on(&failures, 1, 0.02, 2000);
        assert_eq!(once, decide_on(&failures, 3, 0.02, 2000));
        let decision = once.decision.as_ref().unwrap();
        let Standing::Best(best) = decision.standing else {
            panic!("{decision:?}");
        };
        // 0.09 and 0.1 are within the zone, 0.3 is not.
        assert_ne!(best, 1);
        assert_eq!((decision.eliminated[1], decision.eliminated[best]), (Some(10), None));
        assert_eq!(once.columns[1].len(), 10, "not simulated further");
        assert_eq!(once.replications(), decision.replications);
        let finer = decide_on(&failures, 2, 0.0005, 2000).decision.unwrap();
        assert_eq!(finer.standing, Standing::Best(2));
        assert!(finer.replications > decision.replications);
    }

    #[test]
    fn the_bound_is_kept() {
        let decision = decide_on(&[0.1, 0.102], 2, 1e-4, 11).decision.unwrap();
        assert_eq!((decision.standing, decision.replications), (Standing::Open, 11));
    }
}
