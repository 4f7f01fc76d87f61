//! Digests of runs: what is kept of each.

use crate::chain::Results;

/// Makes of a run's results what is kept of them, where they are made; called from several threads.
/// A function of point and results is one that knows nothing beforehand.
pub trait Digest: Sync {
    /// The part of a run that is kept.
    type Kept: Send;

    /// The digest of the run of a point on a seed if it is known already: that run need not be made.
    fn known(&self, point: usize, seed: u64) -> Option<Self::Kept>;

    /// The digest of the run of a point on a seed.
    fn digest(&self, point: usize, seed: u64, results: Results) -> Self::Kept;
}

impl<Kept: Send, Make: Fn(usize, Results) -> Kept + Sync> Digest for Make {
    type Kept = Kept;

    fn known(&self, _point: usize, _seed: u64) -> Option<Kept> {
        None
    }

    fn digest(&self, point: usize, _seed: u64, results: Results) -> Kept {
        self(point, results)
    }
}
