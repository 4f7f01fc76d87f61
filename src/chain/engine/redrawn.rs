//! Runs whose chance takes another course from some time on.

use super::{Imbalance, Stepwise, finish};
use crate::chain::books::results::Results;
use crate::chain::draws::redraw::FirstUses;
use crate::chain::model::Chain;
use crate::chain::spec::Spec;
use crate::chain::trace::observer::Nobody;
use crate::kernel::{EventSet, Nanos, Pace, Unwatched, run};
use crate::random::Chance;

/// Runs the chain once and notes when each draw is first asked for.
#[must_use]
pub fn first_uses(spec: &Spec, seed: u64) -> FirstUses {
    let mut chain = Chain::new(spec, seed, Stepwise::new(), Nobody);
    chain.chance.note();
    let mut scheduler = EventSet::new();
    chain.start(&mut scheduler);
    let until = chain.end;
    run(&mut chain, &mut scheduler, until, &mut Unwatched);
    chain.chance.noted()
}

/// Runs the chain with what was drawn by `at`, and everything else from `other`, a seed. `uses` are
/// those of [`first_uses`] with the same settings and `seed`.
///
/// # Errors
/// Conservation is broken.
pub fn simulate_redrawn(
    spec: &Spec,
    seed: u64,
    uses: &FirstUses,
    at: Nanos,
    other: u64,
    pace: &mut dyn Pace,
) -> Result<Results, Imbalance> {
    let mut chain = Chain::new(spec, seed, Stepwise::new(), Nobody);
    chain.chance.change(at, Chance::new(other), uses);
    finish(chain, pace)
}
