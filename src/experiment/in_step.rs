//! Design points in step: replication by replication, all points of one before the next.

use std::ops::{ControlFlow, Range};

use super::cells::{Cells, Seeds};
use super::digest::Digest;
use super::in_order::Workers;
use super::replications::Failure;
use super::watch::Watch;
use crate::chain::spec::Spec;
use crate::stats::Parameters;

/// A replication of a design point whose books don't balance.
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
pub struct Broken {
    /// Index of the point.
    pub point: usize,
    /// The failure.
    #[source]
    pub failure: Failure,
}

/// The design points that run on common random numbers: the same seed, so the same seeds of
/// replications, in each.
#[derive(Debug, Clone, Copy)]
pub struct Points<'spec> {
    /// The chains.
    pub specs: &'spec [Spec],
    /// Of each, the chains that go in its place, one a replication; empty: they go themselves.
    pub inputs: &'spec [Vec<Spec>],
    /// Seed of replication 0.
    pub seed: u64,
}

impl Points<'_> {
    /// Parameters of the points: drawn in every second replication where there are chains that go in their place.
    #[must_use]
    pub fn parameters(&self) -> Parameters {
        Parameters::of(!self.inputs.is_empty())
    }

    /// The seed of one replication, the same for every point.
    #[must_use]
    pub fn seed_of(&self, replication: u64) -> u64 {
        Seeds::Of(self.seed).of(self.parameters().numbers_of(replication))
    }
}

/// Runs `replications` of the points in `going` on all `workers`, but for those that `digest` knows.
/// Each one's results are digested where they are made; `reduce` is given what is left of all points of a replication, in the
/// order of `going`, replication by replication, until it breaks off: what was done beyond that one
/// counts for nothing.
///
/// # Errors
/// The first replication, in that order, that broke conservation.
pub fn in_step<D: Digest, W: Watch>(
    workers: &Workers,
    points: Points<'_>,
    going: &[usize],
    replications: Range<u64>,
    watch: &W,
    digest: &D,
    mut reduce: impl FnMut(u64, Vec<D::Kept>) -> ControlFlow<()>,
) -> Result<(), Broken> {
    let width = going.len().max(1) as u64;
    let mut row = Vec::with_capacity(going.len());
    let cells = Cells {
        specs: points.specs,
        inputs: points.inputs,
        inputs_from: 0,
        seeds: Seeds::Of(points.seed),
    };
    let range = replications.start * width..replications.end * width;
    cells.run(workers, going, range, watch, digest, |cell, digested| {
        row.push(digested);
        if row.len() < going.len() {
            return ControlFlow::Continue(());
        }
        reduce(cell / width, std::mem::take(&mut row))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Results;
    use crate::experiment::{Silent, sample};

    #[test]
    fn rows_are_whole_and_in_order() {
        let mut spec = sample::spec();
        (spec.duration, spec.warmup) = (5 * 1_000_000_000, 0);
        let specs = vec![spec.clone(), spec.clone(), spec];
        let points = Points { specs: &specs, inputs: &[], seed: 7 };
        let rows = |threads, last| {
            let mut rows = Vec::new();
            in_step(
                &Workers::new(threads),
                points,
                &[0, 2],
                3..6,
                &Silent,
                &|point: usize, results: Results| (point, results.digest),
                |replication, row| {
                    rows.push((replication, row));
                    if replication == last {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                },
            )
            .unwrap();
            rows
        };
        let alone = rows(1, 9);
        assert_eq!(alone, rows(2, 9));
        assert_eq!(rows(2, 4), alone[..2], "broken off");
        assert_eq!(
            alone.iter().map(|(replication, _)| *replication).collect::<Vec<_>>(),
            [3, 4, 5]
        );
        for (_, row) in &alone {
            assert_eq!((row[0].0, row[1].0), (0, 2));
            assert_eq!(row[0].1, row[1].1, "common random numbers");
        }
        assert_ne!(alone[0].1[0].1, alone[1].1[0].1);
    }
}
