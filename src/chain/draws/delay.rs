//! Random spans of time in the clock's unit.

use crate::chain::draws::together::TOGETHER;
use crate::chain::spec::Delay;
use crate::kernel::Nanos;
use crate::random::open01;
use crate::special::normal_quantiles;

/// Ten years: a longer delay counts as this long.
const LONGEST_SECONDS: f64 = 10.0 * 365.0 * 86_400.0;

impl Delay {
    /// True when a draw is needed.
    #[inline]
    pub(crate) fn is_random(&self) -> bool {
        matches!(self, Delay::Random(_))
    }
}

/// One delay; `bits` gives the word to draw it with and isn't called for a constant.
#[inline]
pub(crate) fn delay(delay: &Delay, bits: impl FnOnce() -> u64) -> Nanos {
    match delay {
        Delay::Constant(nanos) => *nanos,
        Delay::Random(variate) => nanos(variate.quantile(open01(bits()))),
    }
}

/// The delays of up to [`TOGETHER`] things, by each one's law and word, as [`delay`] has each.
#[inline(always)]
pub(crate) fn delays<'run, T>(
    things: &[T],
    law: impl Fn(&T) -> &'run Delay,
    word: impl Fn(usize) -> u64,
    spans: &mut [Nanos],
) {
    let (mut us, mut zs) = ([0.5; TOGETHER], [0.0; TOGETHER]);
    let us = &mut us[..things.len()];
    for (index, u) in us.iter_mut().enumerate() {
        *u = open01(word(index));
    }
    let is_of_normal = |thing: &T| matches!(law(thing), Delay::Random(law) if law.is_of_normal());
    if things.iter().any(is_of_normal) {
        normal_quantiles(us, &mut zs);
    }
    for (((span, thing), &u), &z) in spans.iter_mut().zip(things).zip(&*us).zip(&zs) {
        *span = match law(thing) {
            Delay::Constant(nanos) => *nanos,
            Delay::Random(law) => nanos(law.quantile_of(u, z)),
        };
    }
}

/// A number of seconds, if it is one that a delay can have.
#[inline]
fn nanos(seconds: f64) -> Nanos {
    rounded(seconds.clamp(0.0, LONGEST_SECONDS) * 1e9)
}

/// To the nearest nanosecond, of up to 9·10¹⁸. `f64::round` is a call on processors without an instruction
/// for it, and so is a conversion to an unsigned number.
#[inline]
pub(crate) fn rounded(nanos: f64) -> Nanos {
    (nanos + 0.5) as i64 as Nanos
}

/// One delay, `factor` times as long.
#[inline]
pub(crate) fn scaled(spec: &Delay, factor: f64, bits: impl FnOnce() -> u64) -> Nanos {
    times(delay(spec, bits), factor)
}

/// A delay that is `factor` times as long.
#[inline]
pub(crate) fn times(nanos: Nanos, factor: f64) -> Nanos {
    if factor == 1.0 { nanos } else { rounded((nanos as f64 * factor).min(LONGEST_SECONDS * 1e9)) }
}
