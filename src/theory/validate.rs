//! Every case, run and judged.

use super::figure::Observed;
use super::setup::{Detects, Setup};
use super::verdict::{Agreement, CaseResult, judge};
use crate::chain::spec::Spec;
use crate::experiment::{Failure, Replications, Watch, Workers, replicate_each};
use crate::kernel::Nanos;
use crate::random::Chance;

/// The seed of setup i is that of replication (i + 1)·2³² of the seed asked for: setups are
/// independent of each other, and of what anybody runs with that seed.
const SETUPS_APART: u64 = 1 << 32;

/// A fault that keeps the comparison from being made.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A scenario of ours that the language doesn't take.
    #[error("the scenario of `{setup}` is wrong:\n{errors}")]
    Scenario {
        /// The setup's name.
        setup: String,
        /// The fault, as a person reads it.
        errors: String,
    },
    /// A replication whose books don't balance.
    #[error(transparent)]
    Books(#[from] Failure),
}

/// Setups, ready to be run and judged.
#[derive(Debug)]
pub struct Work {
    setups: Vec<(Setup, Spec)>,
    seed: u64,
}

impl Work {
    /// Reads the scenarios.
    ///
    /// # Errors
    /// The first that the language doesn't take.
    pub fn new(setups: Vec<Setup>, seed: u64) -> Result<Work, Fault> {
        let ready: Result<Vec<_>, _> = setups
            .into_iter()
            .map(|setup| match setup.spec() {
                Ok(spec) => Ok((setup, spec)),
                Err(errors) => {
                    Err(Fault::Scenario { setup: setup.name, errors: errors.render(false) })
                }
            })
            .collect();
        Ok(Work { setups: ready?, seed })
    }

    /// The setups and their chains.
    #[must_use]
    pub fn setups(&self) -> &[(Setup, Spec)] {
        &self.setups
    }

    /// Replications of all setups together.
    #[must_use]
    pub fn replications(&self) -> u64 {
        self.setups.iter().map(|(setup, _)| setup.replications).sum()
    }
}

/// The outcome of all cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// The seed asked for.
    pub seed: u64,
    /// Cases with chance in them, among which the error is shared.
    pub random_cases: usize,
    /// In the order of the setups.
    pub answers: Vec<CaseResult>,
}

impl Validation {
    /// The cases that failed.
    pub fn failures(&self) -> impl Iterator<Item = &CaseResult> {
        self.answers.iter().filter(|answer| answer.verdict == Agreement::Fail)
    }
}

/// Values of each setup's figures: by setup, figure and replication.
pub type Values = Vec<Vec<Vec<Option<f64>>>>;

/// Runs every replication of every setup and judges each case.
///
/// # Errors
/// The first replication that broke conservation.
pub fn validate<W: Watch>(work: &Work, workers: &Workers, watch: &W) -> Result<Validation, Fault> {
    Ok(work.judged(&work.values(workers, watch)?))
}

impl Work {
    /// The values of every figure in every replication.
    ///
    /// # Errors
    /// The first replication that broke conservation.
    pub fn values<W: Watch>(&self, workers: &Workers, watch: &W) -> Result<Values, Fault> {
        let points: Vec<Replications<'_>> = (1..)
            .zip(&self.setups)
            .map(|(number, (setup, spec))| {
                let seed = Chance::replication_seed(self.seed, number * SETUPS_APART);
                Replications::of(spec, seed, setup.replications)
            })
            .collect();
        let mut values: Values =
            self.setups.iter().map(|(setup, _)| vec![Vec::new(); setup.asked.len()]).collect();
        replicate_each(
            workers,
            &points,
            watch,
            |point, results| {
                let (setup, spec) = &self.setups[point];
                let observed = Observed::new(spec, &results);
                let figures = setup.asked.iter().map(|asked| asked.figure.of(&observed));
                figures.collect::<Vec<Option<f64>>>()
            },
            |point, figures| {
                for (all, value) in values[point].iter_mut().zip(figures) {
                    all.push(value);
                }
            },
        )?;
        Ok(values)
    }

    /// Judges each case by its values.
    #[must_use]
    pub fn judged(&self, values: &Values) -> Validation {
        let cases = self.random_cases();
        let answers = self.setups.iter().zip(values).flat_map(|((setup, _), values)| {
            let each = setup.asked.iter().zip(values);
            each.map(move |(asked, values)| judge(&setup.name, asked, values, cases))
        });
        Validation { seed: self.seed, random_cases: cases, answers: answers.collect() }
    }

    /// Cases with chance in them, among which the error is shared.
    #[must_use]
    pub fn random_cases(&self) -> usize {
        let asked = self.setups.iter().flat_map(|(setup, _)| &setup.asked);
        asked.filter(|asked| asked.detects != Detects::Any).count()
    }

    /// The simulated time of all replications.
    #[must_use]
    pub fn simulated_time(&self) -> Nanos {
        let each = self.setups.iter();
        each.map(|(setup, spec)| spec.duration.saturating_mul(setup.replications)).sum()
    }
}
