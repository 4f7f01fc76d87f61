//! Design points on axes: `sweep.json` and what the table is made of.

mod document;
mod headline;
mod json;
mod sensitivity;

pub(super) use document::document;
pub use json::sweep;

use super::Value;
use super::cells::DesignPoint;
use super::refusing::refusing;
use crate::chain::spec::Spec;
use crate::experiment::{Cell, Difference, Known};
use crate::expression::Expression;

/// The load axis.
const SCALE: &str = "scale";

/// The probability that an interval misses.
pub const ERROR: f64 = 0.05;

/// Design points, run, and what it takes to read their figures.
#[derive(Debug, Clone, Copy)]
pub struct Swept<'run> {
    /// The chain before anything is varied.
    pub spec: &'run Spec,
    /// Its scenario's fingerprint.
    pub fingerprint: &'run str,
    /// Seed of replication 0.
    pub seed: u64,
    /// Each replication's own seed, the same for every point.
    pub seeds: &'run [u64],
    /// The paths that are varied; none for a sensitivity.
    pub axes: &'run [Axis],
    /// The points; of axes in their order, the last one's values fastest.
    pub points: &'run [Point],
    /// The paths of the metrics.
    pub paths: &'run [String],
    /// The metrics of each point.
    pub cells: &'run [Cell],
    /// The objectives of each point.
    pub objectives: &'run [Expression],
    /// Each setting's effect, if that was asked for.
    pub sensitivity: Option<&'run Sensitivity>,
}

/// A path that is varied.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The path; `scale` for the load.
    pub path: String,
    /// Its values.
    pub levels: Vec<Level>,
    /// The unit of their numbers: `s`, `/s`, `share` or nothing; `None` unless all are numbers.
    pub unit: Option<&'static str>,
}

/// A value on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// As it was written.
    pub text: String,
    /// In its axis's unit.
    pub number: Option<f64>,
}

/// A design point: the values it has where it differs from the scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Point {
    /// Paths and values.
    pub at: Vec<(String, Level)>,
}

/// The change of the headline when one setting after another is changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// The share each is changed by.
    pub change: f64,
    /// The settings, those with the largest effect first.
    pub parameters: Vec<Parameter>,
}

/// A setting that is changed, and what that does to the headline.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its path.
    pub path: String,
    /// Its value in the scenario.
    pub base: String,
    /// The smaller value.
    pub low: String,
    /// The larger one.
    pub high: String,
    /// The headline at `low` less that of the scenario.
    pub at_low: Difference,
    /// At `high`.
    pub at_high: Difference,
}

impl Parameter {
    /// The larger effect, either way; 0 if neither is known.
    #[must_use]
    pub fn effect(&self) -> f64 {
        let size = |difference: &Difference| difference.mean.map_or(0.0, f64::abs);
        size(&self.at_low).max(size(&self.at_high))
    }
}

impl Level {
    /// As in results: a number if it was written as a plain one, else a text.
    fn value(&self) -> Value {
        let plain: Option<f64> = self.text.parse().ok();
        match self.number {
            Some(number) if plain == Some(number) => whole(number),
            _ => Value::from(self.text.as_str()),
        }
    }
}

/// Without a point, if it is whole.
fn whole(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if (0.0..EXACT).contains(&number) && number.fract() == 0.0 {
        Value::from(number as u64)
    } else {
        Value::from(number)
    }
}

impl Swept<'_> {
    /// The estimate of a figure at a point; `None` if there is no such figure.
    #[must_use]
    pub fn known(&self, point: usize, path: &str) -> Option<Known> {
        let index = self.paths.iter().position(|other| other == path)?;
        Some(self.cells.get(point)?.tallies().get(index)?.known(ERROR))
    }

    /// A figure's mean at a point; `None` if it isn't defined in every replication.
    #[must_use]
    pub fn mean(&self, point: usize, path: &str) -> Option<f64> {
        self.known(point, path)?.mean
    }

    /// The points in words.
    #[must_use]
    pub fn headline(&self) -> String {
        match self.sensitivity {
            Some(found) => sensitivity::answer(self, found),
            None => headline::headline(self),
        }
    }

    /// True if an objective holds at a point, of the means over its replications.
    #[must_use]
    pub fn holds(&self, point: usize, objective: &Expression) -> Option<bool> {
        objective.evaluate(|path| self.mean(point, path))
    }

    /// True if an objective holds at a point by refusing alone.
    #[must_use]
    pub fn by_refusing(&self, point: usize, objective: &Expression) -> bool {
        refusing(objective, |path| self.mean(point, path)).is_some()
    }

    /// The columns of `cells.csv` before the figures.
    #[must_use]
    pub fn csv_axes(&self) -> Vec<&str> {
        match self.sensitivity {
            Some(_) => vec!["parameter", "value"],
            None => self.axes.iter().map(|axis| axis.path.as_str()).collect(),
        }
    }

    /// The rows of `cells.csv`.
    pub fn rows(&self) -> impl Iterator<Item = DesignPoint<'_>> {
        self.points.iter().zip(self.cells).map(|(point, cell)| {
            let at = match (self.sensitivity, point.at.as_slice()) {
                (Some(_), [(path, level)]) => vec![path.as_str(), level.text.as_str()],
                (Some(_), _) => vec!["", ""],
                (None, at) => at.iter().map(|(_, level)| level.text.as_str()).collect(),
            };
            DesignPoint { at, cell }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_as_they_were_written() {
        let value = |text: &str, number| Level { text: text.to_owned(), number }.value();
        assert_eq!(value("4", Some(4.0)), Value::from(4));
        assert_eq!(value("0.5", Some(0.5)), Value::from(0.5));
        assert_eq!(value("5%", Some(0.05)), Value::from("5%"));
        assert_eq!(value("10s", Some(10.0)), Value::from("10s"));
        assert_eq!(value("007", None), Value::from("007"));
    }
}
