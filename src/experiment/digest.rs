//! What is kept of a run.

use crate::chain::Results;

/// Makes of a run's results what is kept of them, where they are made; called from several threads.
/// A function of point and results is one that knows nothing beforehand.
pub trait Digest: Sync {
    /// What is kept.
    type Kept: Send;

    /// What is known of the run of a point on a seed already: that run need not be made.
    fn known(&self, point: usize, seed: u64) -> Option<Self::Kept>;

    /// What is kept of the run of a point on a seed.
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
