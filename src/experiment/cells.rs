//! Cells: the runs of an experiment, each by a number.

use std::ops::{ControlFlow, Range};

use super::digest::Digest;
use super::in_order::{Workers, in_order_while};
use super::in_step::Broken;
use super::replications::{Failure, Replications, one};
use super::watch::Watch;
use crate::chain::NoObserver;
use crate::chain::spec::Spec;
use crate::random::Chance;
use crate::stats::Parameters;

/// The seeds that every design point runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seeds {
    /// Those of the replications of this one, which comes first.
    Of(u64),
    /// One after another, from this one on.
    From(u64),
}

impl Seeds {
    /// The seed of a replication.
    #[must_use]
    pub fn of(self, replication: u64) -> u64 {
        match self {
            Seeds::Of(seed) => Chance::replication_seed(seed, replication),
            Seeds::From(first) => first.saturating_add(replication),
        }
    }
}

/// Design points, each run on the same seeds. The runs are numbered seed by seed, on each all points
/// in their order: cell 0 is the first point on the first seed, cell 1 the second point on it.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'spec> {
    /// The chains.
    pub specs: &'spec [Spec],
    /// Of each, the chains that go in its place, one a replication; empty: they go themselves.
    pub inputs: &'spec [Vec<Spec>],
    /// The replication that those begin with.
    pub inputs_from: u64,
    /// The seeds.
    pub seeds: Seeds,
}

impl Cells<'_> {
    /// Runs some of the points in `going` on all `workers`: of the cells there would be if they were
    /// the only ones, those in `range`. Each one's results are digested where they are made, unless what comes of
    /// them is known; `reduce` is given the digests in the order of cells, until it breaks off.
    ///
    /// # Errors
    /// The first cell, in that order, that broke conservation.
    pub fn run<D: Digest, W: Watch>(
        &self,
        workers: &Workers,
        going: &[usize],
        range: Range<u64>,
        watch: &W,
        digest: &D,
        reduce: impl FnMut(u64, D::Kept) -> ControlFlow<()>,
    ) -> Result<(), Broken> {
        let width = going.len().max(1) as u64;
        let run = |cell: u64| {
            let (point, replication) = (going[(cell % width) as usize], cell / width);
            let (spec, seed) = (&self.specs[point], self.seeds.of(replication));
            if let Some(known) = digest.known(point, seed) {
                watch.known(spec.duration);
                return Ok(known);
            }
            let number = replication.checked_sub(self.inputs_from);
            let number = number.and_then(|number| usize::try_from(number).ok());
            let drawn = self.inputs.get(point).zip(number).and_then(|(own, at)| own.get(at));
            // One with drawn parameters has the random numbers of the one before it.
            let numbers =
                self.seeds.of(Parameters::of(!self.inputs.is_empty()).numbers_of(replication));
            let plan = Replications::of(drawn.unwrap_or(spec), numbers, 1);
            let results = one(plan, 0, &mut NoObserver, watch)
                .map_err(|failure| Broken { point, failure: Failure { replication, ..failure } })?;
            Ok(digest.digest(point, seed, results))
        };
        in_order_while(workers, range, run, reduce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Results;
    use crate::experiment::{Silent, sample};

    #[test]
    fn any_range_holds_the_cells_of_its_numbers() {
        let mut spec = sample::spec();
        (spec.duration, spec.warmup) = (5 * 1_000_000_000, 0);
        let mut twice = spec.clone();
        twice.scale = 2.0;
        let specs = [spec, twice];
        let cells = Cells { specs: &specs, inputs: &[], inputs_from: 0, seeds: Seeds::Of(7) };
        let of = |threads, range: Range<u64>| {
            let mut seen = Vec::new();
            let digest = |point: usize, results: Results| (point, results.digest);
            let reduce = |cell, kept| {
                seen.push((cell, kept));
                ControlFlow::Continue(())
            };
            cells.run(&Workers::new(threads), &[0, 1], range, &Silent, &digest, reduce).unwrap();
            seen
        };
        let all = of(2, 0..6);
        assert_eq!([of(1, 0..3), of(2, 3..4), of(1, 4..6)].concat(), all);
        assert!(all.iter().all(|(cell, (point, _))| cell % 2 == *point as u64));
        assert_ne!(all[0].1.1, all[2].1.1, "another seed");
        // The same seeds, named one by one.
        let seeds = Seeds::From(cells.seeds.of(2));
        let mut third = Vec::new();
        let digest = |_: usize, results: Results| results.digest;
        let alone = Cells { seeds, ..cells };
        let reduce = |_, kept| {
            third.push(kept);
            ControlFlow::Continue(())
        };
        alone.run(&Workers::new(1), &[0, 1], 0..2, &Silent, &digest, reduce).unwrap();
        assert_eq!(third, [all[4].1.1, all[5].1.1]);
    }
}
