//! The largest load, or the smallest resource, that keeps an objective: `capacity.json` and what
//! the table is made of.

mod answer;
mod asked;
mod by_refusing;
mod document;
mod json;
mod stations;

pub use asked::objective;
pub use by_refusing::ByRefusing;
pub(super) use document::document;
pub use json::capacity;
pub use stations::{Limits, Station, station_name};

use super::cells::DesignPoint;
use super::{Unit, Value, setting, unit};
use crate::chain::spec::Spec;
use crate::experiment::capacity::{
    Axis, Grain, Objective, ObjectiveVerdict, Outcome, Point, SearchAnswer,
};
use crate::scenario::quantity::Quantity;
use crate::stats::Parameters;

/// The probability that a verdict of the search is wrong, and that an interval of a metric misses.
pub const ERROR: f64 = 0.05;
/// The load's path in results.
pub const SCALE: &str = "scale";

/// A search, and what it takes to read it.
#[derive(Debug, Clone, Copy)]
pub struct Capacity<'run> {
    /// The chain as it is today.
    pub spec: &'run Spec,
    /// The scenario's fingerprint.
    pub fingerprint: &'run str,
    /// Seed of replication 0.
    pub seed: u64,
    /// Each replication's own seed, of the point with most.
    pub seeds: &'run [u64],
    /// The objective, as text.
    pub slo: &'run str,
    /// Its comparisons.
    pub objective: &'run Objective,
    /// The path that is searched: [`SCALE`], or a key.
    pub path: &'run str,
    /// The sort of number at that path.
    pub quantity: Quantity,
    /// Today's value; `None` if it is no number.
    pub today: Option<f64>,
    /// The range that was searched.
    pub axis: Axis,
    /// Replications before the first look and at most.
    pub replications: (u64, u64),
    /// The result.
    pub outcome: &'run Outcome,
    /// Every point tried, in order of value.
    pub points: &'run [Measured],
    /// The paths of the metrics.
    pub paths: &'run [String],
    /// Those of the chain in successive replications.
    pub parameters: Parameters,
}

/// A point that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Its value.
    pub value: f64,
    /// As [`Capacity::write`] has it.
    pub text: String,
    /// The number of the attempt, from 1.
    pub tried: u64,
    /// Limits that no metric tells of.
    pub limits: Limits,
    /// The measurement.
    pub point: Point,
}

/// A figure in its unit: `97 %`, `30 s`.
fn figure(path: &str, value: f64) -> String {
    let short = |value: f64| format!("{value:.4e}").parse().unwrap_or(value);
    match unit(path) {
        Unit::Share => format!("{} %", short(value * 100.0)),
        Unit::Seconds => format!("{} s", short(value)),
        _ => short(value).to_string(),
    }
}

/// An amount: `0.5 points`, `0.3 s`.
fn amount(path: &str, size: f64) -> String {
    let figure = figure(path, size);
    match unit(path) {
        Unit::Share => figure.replace('%', "points"),
        _ => figure,
    }
}

impl Capacity<'_> {
    /// True if a load was searched for rather than a resource.
    #[must_use]
    pub fn is_load(&self) -> bool {
        self.path == SCALE
    }

    /// The answer in words.
    #[must_use]
    pub fn text(&self) -> String {
        answer::answer(self)
    }

    /// The same, if it is undecided or no.
    #[must_use]
    pub fn no(&self) -> Option<String> {
        let no = matches!(self.outcome.answer, SearchAnswer::Undecided | SearchAnswer::None);
        no.then(|| self.text())
    }

    /// A value as it stands in a sentence: `2.31× today’s load`, `12 workers`.
    #[must_use]
    pub fn said(&self, value: f64) -> String {
        if self.is_load() {
            answer::load(self, value)
        } else {
            setting(self.path, &self.write(value))
        }
    }

    /// A value as the command line takes it.
    #[must_use]
    pub fn write(&self, value: f64) -> String {
        self.quantity.write(value)
    }

    /// The answer: the hardest value known to keep the objective, if that answers the question.
    #[must_use]
    pub fn answer(&self) -> Option<f64> {
        match self.outcome.answer {
            SearchAnswer::Found | SearchAnswer::Enough | SearchAnswer::All => self.outcome.feasible,
            SearchAnswer::Undecided | SearchAnswer::None => None,
        }
    }

    /// The share of today's load that could be added.
    #[must_use]
    pub fn headroom(&self) -> Option<f64> {
        let today = self.today.filter(|_| self.is_load())?;
        self.answer().map(|answer| answer / today - 1.0)
    }

    /// The share within which the bracket ends; `None` for whole numbers, which are exact.
    #[must_use]
    pub fn tolerance(&self) -> Option<f64> {
        match self.axis.grain {
            Grain::Whole => None,
            Grain::Real(tolerance) => Some(tolerance),
        }
    }

    /// The point with this value.
    #[must_use]
    pub fn point(&self, value: f64) -> Option<&Measured> {
        self.points.iter().find(|measured| measured.value == value)
    }

    /// The point at the answer (the certain end of the bracket), and the one just beyond.
    #[must_use]
    pub fn ends(&self) -> (Option<&Measured>, Option<&Measured>) {
        let at = |value: Option<f64>| value.and_then(|value| self.point(value));
        (at(self.outcome.feasible), at(self.outcome.infeasible))
    }

    /// The stations with a limit, that which fills first in front: how full at the answer, and
    /// just beyond.
    #[must_use]
    pub fn stations(&self) -> Vec<Station> {
        stations::stations(self)
    }

    /// The rows of `cells.csv`.
    pub fn cells(&self) -> impl Iterator<Item = DesignPoint<'_>> {
        self.points.iter().map(|measured| DesignPoint {
            at: vec![measured.text.as_str()],
            cell: &measured.point.cell,
        })
    }

    /// The mean of a metric at a point.
    fn mean(&self, measured: &Measured, path: &str) -> Option<f64> {
        let index = self.paths.iter().position(|other| other == path)?;
        measured.point.cell.tallies().get(index)?.known(ERROR).mean
    }

    /// A value of the key as results have it: whole and plain numbers as numbers, others as text.
    fn value(&self, value: f64) -> Value {
        match self.quantity {
            Quantity::Integer if (0.0..9e15).contains(&value) => Value::from(value as u64),
            Quantity::Duration | Quantity::Rate => self.write(value).into(),
            _ => value.into(),
        }
    }

    /// Values that are out of place if harder values are never kept where easier ones are not.
    #[must_use]
    pub fn doubt(&self) -> Option<String> {
        let told = self.outcome.contradictions.iter().map(|tried| {
            let verdict = match tried.verdict {
                ObjectiveVerdict::Met => "kept",
                _ => "missed",
            };
            format!("{verdict} at {}", self.write(tried.value))
        });
        let told: Vec<String> = told.collect();
        if told.is_empty() {
            return None;
        }
        let (easier, found) = if self.is_load() {
            ("lower loads", "the first change from kept to missed")
        } else {
            ("larger values", "one change from missed to kept")
        };
        Some(format!(
            "warning: the objective is not kept at all {easier} than where it is kept, as a search \
             takes for granted: it is {}. The answer is {found}; look at the whole range with \
             `sweep`",
            told.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests;
