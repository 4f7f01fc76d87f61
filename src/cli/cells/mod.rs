//! `smschain plan`, `task` and `merge`: the cells of an experiment, for other machines.
//!
//! A plan holds the command and the files it reads. A task reads the command out of it and makes
//! some of its runs; `merge` is the command itself, which finds that all its runs are made.

mod batches;
mod document;
mod file;
mod merge;
mod merged;
mod plan;
mod task;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::arguments::{Planned, Threads};
use super::ending::{Ending, Exit};
use super::source::Readings;
use super::{capacity, compare, hunt, sweep};
use crate::chain::Results;
use crate::chain::spec::Spec;
use crate::experiment::{Cells, Seeds};
use crate::kernel::Nanos;
use crate::report::{Condition, Kinds, metrics};
use crate::scenario::{Scenario, Size};

pub(super) use merge::merge;
pub(super) use merged::Merged;
pub(super) use plan::{plan, terminal_of_plan};
pub(super) use task::{task, terminal_of};

/// A command that was asked for; nothing is run.
enum Asked<'run> {
    Sweep(sweep::Asked<'run>),
    Compare(compare::Asked<'run>),
    Capacity(Box<capacity::Asked<'run>>),
    Hunt(Box<hunt::Asked<'run>>),
}

impl<'run> Asked<'run> {
    fn read(command: &'run Planned, readings: &Readings) -> Result<Asked<'run>, Ending> {
        Ok(match command {
            Planned::Sweep(own) => Asked::Sweep(sweep::Asked::read(&own.asked, readings)?),
            Planned::Compare(own) => Asked::Compare(compare::Asked::read(&own.asked, readings)?),
            Planned::Capacity(own) => {
                Asked::Capacity(Box::new(capacity::Asked::read(&own.asked, readings)?))
            }
            Planned::Hunt(own) => Asked::Hunt(Box::new(hunt::Asked::read(&own.asked, readings)?)),
        })
    }

    fn work(&self) -> Result<Work<'_>, Ending> {
        Ok(match self {
            Asked::Sweep(own) => own.work(),
            Asked::Compare(own) => own.work(),
            Asked::Capacity(own) => own.work()?,
            Asked::Hunt(own) => own.work(),
        })
    }

    fn answer(self, cells: &Merged) -> Result<Exit, Ending> {
        match self {
            Asked::Sweep(own) => own.answer(Some(cells)),
            Asked::Compare(own) => own.answer(Some(cells)),
            Asked::Capacity(own) => own.answer(Some(cells)),
            Asked::Hunt(own) => own.answer(Some(cells)),
        }
    }
}

/// The chains of each point's replications, if their parameters are drawn.
type Inputs<'asked> = Box<dyn Fn(Range<u64>) -> Result<Vec<Vec<Spec>>, Ending> + Sync + 'asked>;

/// The runs that a command asks for: those of its design points on the same seeds.
pub(super) struct Work<'asked> {
    /// The scenario as it is.
    pub(super) scenario: &'asked Scenario,
    /// The points in words.
    pub(super) points: Vec<String>,
    pub(super) specs: Cow<'asked, [Spec]>,
    pub(super) fingerprints: Vec<String>,
    /// The size of a run of each.
    pub(super) sizes: Vec<Size>,
    pub(super) seeds: Seeds,
    /// The number of seeds.
    pub(super) each: u64,
    /// The figures that are kept of a run: those that this asks for, or else all.
    pub(super) condition: Option<&'asked Condition>,
    pub(super) inputs: Inputs<'asked>,
}

impl Work<'_> {
    fn width(&self) -> u64 {
        self.specs.len() as u64
    }

    fn cells(&self) -> u64 {
        self.width().saturating_mul(self.each)
    }

    /// The point and the seed of a cell.
    fn place(&self, cell: u64) -> (usize, u64) {
        let width = self.width().max(1);
        ((cell % width) as usize, self.seeds.of(cell / width))
    }

    /// The simulated time of a range of cells.
    fn simulated(&self, range: Range<u64>) -> Nanos {
        let duration = |cell| self.specs.get(self.place(cell).0).map_or(0, |spec| spec.duration);
        range.fold(0, |sum, cell| sum.saturating_add(duration(cell)))
    }

    /// A cell in words.
    fn told(&self, cell: u64) -> String {
        let (point, seed) = self.place(cell);
        match self.points.get(point).map_or("", String::as_str) {
            "" => format!("seed {seed}"),
            point => format!("{point}, seed {seed}"),
        }
    }

    fn figures(&self, point: usize, results: Results) -> Vec<Option<f64>> {
        let spec = &self.specs[point];
        match self.condition {
            Some(condition) => condition.figures(spec, results),
            None => metrics(spec, results),
        }
    }

    /// `true` if figures can be those of a run at a point; what is known of points is kept in `kinds`.
    fn believed(
        &self,
        point: usize,
        figures: &[Option<f64>],
        kinds: &mut BTreeMap<usize, Kinds>,
    ) -> bool {
        let paths = self.condition.map(Condition::paths);
        self.specs.get(point).is_some_and(|spec| {
            let own = kinds.entry(point).or_insert_with(|| Kinds::of(spec));
            own.allow(spec, paths, figures)
        })
    }

    /// The replications of a range of cells.
    fn replications(&self, range: &Range<u64>) -> Range<u64> {
        let width = self.width().max(1);
        range.start / width..range.end.div_ceil(width)
    }

    /// Its runs, with the drawn chains of the replications from one on.
    fn runs<'own>(&'own self, inputs: &'own [Vec<Spec>], inputs_from: u64) -> Cells<'own> {
        Cells { specs: &self.specs, inputs, inputs_from, seeds: self.seeds }
    }
}

/// Sets where the results of a planned command go, and how they are made.
fn redirected(mut command: Planned, output: super::arguments::Output, threads: Threads) -> Planned {
    match &mut command {
        Planned::Sweep(own) => (own.asked.output, own.asked.threads) = (output, threads),
        Planned::Compare(own) => (own.asked.output, own.asked.threads) = (output, threads),
        Planned::Capacity(own) => (own.asked.output, own.asked.threads) = (output, threads),
        Planned::Hunt(own) => (own.asked.output, own.asked.threads) = (output, threads),
    }
    command
}
