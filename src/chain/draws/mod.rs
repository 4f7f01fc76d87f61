//! Chance: the name of every draw ([`site`]), the keys of what it happens to ([`key`]),
//! and runs whose chance takes another course from some time on (`redraw`).

pub(crate) mod delay;
pub(crate) mod key;
pub(crate) mod redraw;
pub(crate) mod site;
pub(crate) mod together;

use crate::kernel::Nanos;
use crate::random::{Chance, DrawSource, open01};
use std::fmt::Debug;

/// The source of a run's draws.
pub(crate) trait Draws: DrawSource + From<Chance> + Debug {
    /// An event of `now` begins. The time from which chance takes another course, if that is reached
    /// now.
    fn comes_to(&mut self, now: Nanos) -> Option<Nanos>;
}

impl Draws for Chance {
    #[inline(always)]
    fn comes_to(&mut self, _now: Nanos) -> Option<Nanos> {
        None
    }
}

/// True with probability `p`, by a keyed word.
#[inline]
pub(crate) fn happens(p: f64, bits: u64) -> bool {
    open01(bits) < p
}
