//! An objective over the figures of replications, and what intervals say of it.

use super::judging::Margin;
use super::search::ObjectiveVerdict;
use crate::expression::{Arithmetic, Expression, Operator};

/// The nature of a figure, as far as it matters where all replications give the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A share of things that are counted by the metric at this index, if by any.
    Share(Option<usize>),
    /// A count of things.
    Count,
    /// Anything else: a time, a level.
    Other,
}

/// The thing that is compared with a limit.
#[derive(Debug, Clone, PartialEq)]
pub enum Gauge {
    /// The metric at an index.
    Metric(usize, Nature),
    /// The computation from metrics, replication by replication.
    Computed(Formula, Nature),
    /// Nothing that is measured: whether it holds is known.
    Known(bool),
}

/// A computation from metrics.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// The metric at an index.
    Metric(usize),
    /// A number.
    Value(f64),
    /// Two of them, joined.
    Joined(Box<Formula>, Arithmetic, Box<Formula>),
}

impl Formula {
    /// Its value in a replication; `None` where it isn't defined.
    #[must_use]
    pub fn of(&self, metrics: &[Option<f64>]) -> Option<f64> {
        match self {
            Formula::Metric(index) => metrics.get(*index).copied().flatten(),
            Formula::Value(number) => Some(*number),
            Formula::Joined(left, how, right) => how.of(left.of(metrics)?, right.of(metrics)?),
        }
    }
}

/// A comparison: whether a gauge is on the right side of a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// In words.
    pub text: String,
    /// The path of the figure.
    pub path: String,
    /// The thing compared.
    pub gauge: Gauge,
    /// The comparison's sign.
    pub operator: Operator,
    /// With what.
    pub limit: f64,
}

/// Conditions that all have to hold, on figures that are means over replications.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    expressions: Vec<Expression>,
    asked: Vec<Asked>,
    /// One a comparison: so near its limit a figure makes no difference.
    indifference: Vec<f64>,
}

impl Objective {
    /// `asked`: the comparisons of all expressions, in their order.
    #[must_use]
    pub fn new(expressions: Vec<Expression>, asked: Vec<Asked>) -> Objective {
        Objective { expressions, asked, indifference: Vec::new() }
    }

    /// The same with an indifference for each comparison, in their order: a figure that is known to
    /// be so near its limit, but not on which side, is at the limit.
    #[must_use]
    pub fn within(self, indifference: Vec<f64>) -> Objective {
        Objective { indifference, ..self }
    }

    /// The indifference of the comparison at `index`; 0 unless one was set.
    #[must_use]
    pub fn indifference(&self, index: usize) -> f64 {
        self.indifference.get(index).copied().unwrap_or(0.0)
    }

    /// Its comparisons.
    #[must_use]
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// Comparisons that chance has a part in, at least 1.
    #[must_use]
    pub fn uncertain(&self) -> u64 {
        let by_chance = |asked: &&Asked| !matches!(asked.gauge, Gauge::Known(_));
        self.asked.iter().filter(by_chance).count().max(1) as u64
    }

    /// The verdict that these margins, one a comparison, come to, by three-valued logic.
    #[must_use]
    pub fn verdict(&self, margins: &[Margin]) -> ObjectiveVerdict {
        let mut holds = margins.iter().map(|margin| margin.holds);
        let mut whole = Some(true);
        for expression in &self.expressions {
            let own: Vec<Option<bool>> =
                holds.by_ref().take(expression.comparisons().len()).collect();
            whole = match (whole, expression.decide(&own)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (whole, own) => whole.and(own),
            };
        }
        match whole {
            Some(true) => ObjectiveVerdict::Met,
            Some(false) => ObjectiveVerdict::Missed,
            None if margins.iter().all(|margin| margin.holds.is_some() || margin.near) => {
                ObjectiveVerdict::AtLimit
            }
            None => ObjectiveVerdict::Undecided,
        }
    }
}
