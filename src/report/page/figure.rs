//! Figures of a run or of a cell.

use crate::report::Value;
use crate::report::read::{self, Figure};

/// Where figures are read from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'tree> {
    /// A whole `report.json`.
    Run(&'tree Value),
    /// A cell's `metrics`.
    Cell(&'tree Value),
}

impl Source<'_> {
    /// The figure at a path of the report.
    pub(super) fn figure(self, path: &str) -> Figure {
        match self {
            Source::Run(report) => {
                let estimate = report.get("estimates").and_then(|all| all.get(path));
                let value = read::number(report, path);
                Figure { value, ..read::estimate(estimate, "mean") }
            }
            Source::Cell(metrics) => read::estimate(metrics.get(path), "mean"),
        }
    }

    pub(super) fn value(self, path: &str) -> Option<f64> {
        self.figure(path).value
    }
}
