//! One figure over the replications of a design point.

use crate::stats::{Parameters, Running};

/// Observations of a figure, one a replication; it need not be defined in every one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    defined: Running,
    undefined: u64,
}

/// Knowledge of a figure. Mean and half-width are `None` when it isn't defined in every
/// replication: to leave some out would make the rest look better or worse than all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Mean over the replications.
    pub mean: Option<f64>,
    /// Half the width of its interval; `None` for fewer than two replications, too.
    pub half_width: Option<f64>,
    /// Replications in which it is defined.
    pub n: u64,
}

impl Tally {
    /// No replication yet.
    #[must_use]
    pub fn new(parameters: Parameters) -> Tally {
        Tally { defined: Running::new(parameters), undefined: 0 }
    }

    /// Counts a replication.
    pub fn push(&mut self, value: Option<f64>) {
        match value {
            Some(value) => self.defined.push(value),
            None => self.undefined += 1,
        }
    }

    /// Mean and half-width of an interval that misses with a probability of `error`, in (0, 1).
    #[must_use]
    pub fn known(&self, error: f64) -> Known {
        let always = self.undefined == 0;
        Known {
            mean: self.defined.mean().filter(|_| always),
            half_width: self.defined.half_width(error).filter(|_| always),
            n: self.defined.n(),
        }
    }

    /// `true` if it isn't the same in every replication, be that a value or none.
    pub(super) fn varies(&self) -> bool {
        let sometimes = self.undefined > 0 && self.defined.n() > 0;
        sometimes || self.defined.variance().is_some_and(|variance| variance > 0.0)
    }

    /// The variance of what is defined.
    pub(super) fn variance(&self) -> Option<f64> {
        self.defined.variance()
    }
}

/// The figures of a design point, in an order of the caller's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    tallies: Vec<Tally>,
    parameters: Parameters,
}

impl Cell {
    /// No replication yet.
    #[must_use]
    pub fn new(parameters: Parameters) -> Cell {
        Cell { tallies: Vec::new(), parameters }
    }

    /// Counts a replication: one value a figure, always in the same order.
    pub fn push(&mut self, values: &[Option<f64>]) {
        let none = Tally::new(self.parameters);
        self.tallies.resize(values.len().max(self.tallies.len()), none);
        for (tally, &value) in self.tallies.iter_mut().zip(values) {
            tally.push(value);
        }
    }

    /// Its figures.
    #[must_use]
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_once_is_unknown() {
        let mut cell = Cell::default();
        cell.push(&[Some(1.0), Some(5.0), None]);
        cell.push(&[Some(3.0), None, None]);
        let known: Vec<Known> = cell.tallies().iter().map(|tally| tally.known(0.05)).collect();
        // t(0.975, 1) = 12.7062, s = √2
        assert!((known[0].half_width.unwrap() - 12.706_204_7).abs() < 1e-6);
        assert_eq!((known[0].mean, known[0].n), (Some(2.0), 2));
        assert_eq!((known[1].mean, known[1].half_width, known[1].n), (None, None, 1));
        assert_eq!((known[2].mean, known[2].n), (None, 0));
    }
}
