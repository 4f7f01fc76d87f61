//! One point, replication after replication, until it is known whether it keeps the objective.

use std::ops::Range;

use super::objective::{Asked, Gauge, Nature, Objective};
use super::search::ObjectiveVerdict;
use crate::experiment::tally::{Cell, Tally};
use crate::expression::Operator;
use crate::stats::Parameters;

/// The effort for a verdict, and how often it may be wrong.
///
/// It is looked at after `first` replications, twice that many, and so on, at last after `most`.
/// A wrong verdict takes a comparison whose true value lies beyond the end of an interval on one
/// side, at some look at some point: each of these one-sided intervals has an equal part of
/// `error` (Bonferroni's inequality), so that with a probability of at least 1 − `error` no
/// verdict of the whole search is wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Replications before the first look, at least 2.
    pub first: u64,
    /// Replications at most, at least `first`.
    pub most: u64,
    /// The probability of a wrong verdict among all, in (0, 1).
    pub error: f64,
    /// Points there may be, at least 1.
    pub points: u64,
}

impl Effort {
    /// Replications at the look after the one at `made`; `None` after the last.
    #[must_use]
    pub fn next(&self, made: u64) -> Option<u64> {
        match made {
            0 => Some(self.first.min(self.most)),
            made if made < self.most => Some(made.saturating_mul(2).min(self.most)),
            _ => None,
        }
    }

    /// The probability that one of so many comparisons is wrong at one look, on one side.
    #[must_use]
    pub fn each(&self, comparisons: u64) -> f64 {
        let (mut looks, mut made) = (0_u64, 0);
        while let Some(next) = self.next(made) {
            (looks, made) = (looks + 1, next);
        }
        self.error / (looks * comparisons.max(1) * self.points.max(1)) as f64
    }
}

/// Knowledge of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// The gauge's mean; `None` if it isn't defined in every replication.
    pub mean: Option<f64>,
    /// From there to the end of its interval, on the side of the limit.
    pub half_width: Option<f64>,
    /// The comparison's truth; `None`: undecided.
    pub holds: Option<bool>,
    /// Undecided, with the whole interval so near the limit that it makes no difference.
    pub near: bool,
}

/// The replications of a point, judged as they come.
#[derive(Debug, Clone)]
pub struct Judging<'asked> {
    objective: &'asked Objective,
    effort: Effort,
    made: u64,
    cell: Cell,
    /// One a comparison; of what is computed only.
    computed: Vec<Tally>,
    margins: Vec<Margin>,
    verdict: ObjectiveVerdict,
}

impl<'asked> Judging<'asked> {
    /// No replication yet.
    #[must_use]
    pub fn new(
        objective: &'asked Objective,
        effort: Effort,
        parameters: Parameters,
    ) -> Judging<'asked> {
        Judging {
            objective,
            effort,
            made: 0,
            cell: Cell::new(parameters),
            computed: vec![Tally::new(parameters); objective.asked().len()],
            margins: Vec::new(),
            verdict: ObjectiveVerdict::Undecided,
        }
    }

    /// The replications to make before the next look; `None` once the verdict is final.
    #[must_use]
    pub fn wanted(&self) -> Option<Range<u64>> {
        // Another replication doesn't define what is undefined in one.
        let undefined = |margin: &Margin| margin.holds.is_none() && margin.mean.is_none();
        let open = self.margins.iter().filter(|margin| margin.holds.is_none());
        let hopeless = self.made > 0 && open.clone().count() > 0 && open.clone().all(undefined);
        if self.verdict != ObjectiveVerdict::Undecided || hopeless {
            return None;
        }
        self.effort.next(self.made).map(|next| self.made..next)
    }

    /// Counts a replication: its metrics, always in the same order.
    pub fn push(&mut self, metrics: &[Option<f64>]) {
        self.made += 1;
        self.cell.push(metrics);
        for (tally, asked) in self.computed.iter_mut().zip(self.objective.asked()) {
            if let Gauge::Computed(formula, _) = &asked.gauge {
                tally.push(formula.of(metrics));
            }
        }
    }

    /// Looks at what there is.
    pub fn look(&mut self) {
        let error = self.effort.each(self.objective.uncertain());
        // Where no figure varies nothing is left to chance, and every one is exact.
        let exact = self.made > 1 && !self.cell.tallies().iter().any(Tally::varies);
        let asked = self.objective.asked().iter().zip(&self.computed).enumerate();
        self.margins = asked
            .map(|(index, (asked, computed))| {
                let (tally, nature) = match asked.gauge {
                    Gauge::Known(holds) => {
                        return Margin {
                            mean: None,
                            half_width: None,
                            holds: Some(holds),
                            near: false,
                        };
                    }
                    Gauge::Computed(_, nature) => (Some(computed), nature),
                    Gauge::Metric(index, nature) => (self.cell.tallies().get(index), nature),
                };
                let interval = tally.and_then(|tally| self.interval(tally, nature, exact, error));
                let own =
                    Margin::of(asked, tally.and_then(|tally| tally.known(error).mean), interval);
                let indifference = self.objective.indifference(index);
                let (least, most) = (asked.limit - indifference, asked.limit + indifference);
                // That it is near claims neither that it is kept nor that it is missed: an interval of
                // its own tells, not one of all the search's.
                let own_error = 0.5 * self.effort.error;
                let alone = tally.and_then(|tally| self.interval(tally, nature, exact, own_error));
                let near = alone.is_some_and(|(low, high)| low >= least && high <= most);
                Margin { near: near && own.holds.is_none(), ..own }
            })
            .collect();
        self.verdict = self.objective.verdict(&self.margins);
    }

    /// Replications so far.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.made
    }

    /// As of the last look.
    #[must_use]
    pub fn verdict(&self) -> ObjectiveVerdict {
        self.verdict
    }

    /// Every metric, and what the last look made of each comparison.
    #[must_use]
    pub fn into_parts(self) -> (Cell, Vec<Margin>) {
        (self.cell, self.margins)
    }

    /// The ends of a figure's interval, each wrong with a probability of `error`.
    ///
    /// Of figures that vary, Student's t. A share that is 0 (or 1) in all replications has no
    /// variance to go by: its other end is where so many things [`without_exception`] have a
    /// probability of `error`. A count that is 0 in n replications is below −ln(error)/n in the
    /// mean, as if things happened independently. Other figures that never vary are taken as they
    /// are.
    fn interval(
        &self,
        tally: &Tally,
        nature: Nature,
        exact: bool,
        error: f64,
    ) -> Option<(f64, f64)> {
        // Two-sided at twice the error is one-sided at the error.
        let known = tally.known((2.0 * error).min(0.999));
        let (mean, half_width) = (known.mean?, known.half_width?);
        if exact || tally.varies() {
            return Some((mean - half_width, mean + half_width));
        }
        let replications = self.made as f64;
        let share = |of: Option<usize>| {
            let things = of.and_then(|index| self.cell.tallies().get(index)?.known(error).mean);
            without_exception(replications * things.unwrap_or(1.0).max(1.0), error)
        };
        Some(match nature {
            Nature::Share(of) if mean <= 0.0 => (mean, share(of)),
            Nature::Share(of) if mean >= 1.0 => (1.0 - share(of), mean),
            Nature::Count if mean <= 0.0 => (mean, -libm::log(error) / replications),
            Nature::Share(_) | Nature::Count | Nature::Other => (mean, mean),
        })
    }
}

/// The share that things may have of which none of `things` was seen, but for a probability of `error`:
/// 1 − error^(1/N) (Clopper and Pearson, 1934, *The use of confidence or fiducial limits illustrated in
/// the case of the binomial*, Biometrika 26(4); for 5 % it is the rule of three, 3/N).
#[must_use]
pub fn without_exception(things: f64, error: f64) -> f64 {
    -libm::expm1(libm::log(error) / things.max(1.0))
}

impl Margin {
    /// The verdict of an interval, from its low to its high end, on a comparison; without one it is
    /// undecided.
    #[must_use]
    pub fn of(asked: &Asked, mean: Option<f64>, interval: Option<(f64, f64)>) -> Margin {
        let (Some(mean), Some(interval)) = (mean, interval) else {
            return Margin { mean, half_width: None, holds: None, near: false };
        };
        margin(asked, mean, interval)
    }
}

fn margin(asked: &Asked, mean: f64, (low, high): (f64, f64)) -> Margin {
    let limit = asked.limit;
    // Whether it is certain of every value of the interval, or certainly not of any.
    let certain = |yes: bool, no: bool| match (yes, no) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    let apart = low > limit || high < limit;
    let same = low == limit && high == limit;
    let holds = match asked.operator {
        Operator::Less => certain(high < limit, low >= limit),
        Operator::AtMost => certain(high <= limit, low > limit),
        Operator::Greater => certain(low > limit, high <= limit),
        Operator::AtLeast => certain(low >= limit, high < limit),
        Operator::Equal => certain(same, apart),
        Operator::Unequal => certain(apart, same),
    };
    let half_width = if mean <= limit { high - mean } else { mean - low };
    Margin { mean: Some(mean), half_width: Some(half_width), holds, near: false }
}

#[cfg(test)]
mod tests;
