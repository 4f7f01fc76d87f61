//! Backoff and jitter: how long to wait before a retry.

use crate::chain::draws::delay::{delay, rounded};
use crate::chain::spec::{Backoff, Delay, GiveUp, Jitter, Tries};
use crate::chain::trace::story::Wait;
use crate::kernel::Nanos;
use crate::random::{Block, open01};

/// The wait before retry `number` (from 1). `draw` gives the block of a retry number; its first
/// word spreads the wait, its second draws a random fixed one.
// The one that needs least is by far the commonest.
#[inline(always)]
pub(crate) fn wait(tries: &Tries, number: u32, draw: impl Fn(u32) -> Block) -> Nanos {
    match same_spread(tries) {
        Some(spread) => spread.wait(|| draw(number).first()),
        None => other_wait(tries, number, draw),
    }
}

/// The range that all waits of a policy are drawn from, if that is the same for all.
#[inline(always)]
fn same_spread(tries: &Tries) -> Option<Spread> {
    match tries.backoff {
        Backoff::Fixed { delay: Delay::Constant(fixed) } => {
            Some(Spread::of(tries.jitter, fixed, LONGEST))
        }
        _ => None,
    }
}

#[inline(never)]
fn other_wait(tries: &Tries, number: u32, draw: impl Fn(u32) -> Block) -> Nanos {
    let (wait, cap) = match &tries.backoff {
        Backoff::Immediate => return 0,
        Backoff::Fixed { delay: fixed } => (delay(fixed, || draw(number).second()), LONGEST),
        &Backoff::Linear { step, cap } => {
            (step.saturating_mul(u64::from(number)), cap.unwrap_or(LONGEST))
        }
        &Backoff::Exponential { base, factor, cap } => {
            let wait = base as f64 * libm::pow(factor, f64::from(number - 1));
            let wait = if wait < LONGEST as f64 { wait.round() as Nanos } else { LONGEST };
            (wait, cap.unwrap_or(LONGEST))
        }
        &Backoff::Decorrelated { base, cap } => return decorrelated(base, cap, number, draw),
        Backoff::Schedule { waits } => {
            (waits.get(number as usize - 1).or(waits.last()).copied().unwrap_or(0), LONGEST)
        }
    };
    Spread::of(tries.jitter, wait, cap).wait(|| draw(number).first())
}

/// The range of a wait: uniform over so much above the least, and cut off at a cap.
#[derive(Debug, Clone, Copy)]
struct Spread {
    least: Nanos,
    width: Nanos,
    cap: Nanos,
}

impl Spread {
    /// Of a wait, no longer than its cap, with its jitter.
    #[inline(always)]
    fn of(jitter: Jitter, wait: Nanos, cap: Nanos) -> Spread {
        let capped = wait.min(cap);
        let (least, width) = match jitter {
            Jitter::None => (capped, 0),
            Jitter::Full => (0, capped),
            Jitter::Equal => (capped / 2, capped - capped / 2),
            Jitter::PlusMinus20 => (capped - capped / 5, 2 * (capped / 5)),
            Jitter::PlusMinus10 => (capped - capped / 10, 2 * (capped / 10)),
            Jitter::FullBeforeCap => return Spread { least: 0, width: wait.min(LONGEST), cap },
        };
        Spread { least, width, cap: Nanos::MAX }
    }

    /// A wait from it, by a word.
    #[inline(always)]
    fn wait(&self, word: impl FnOnce() -> u64) -> Nanos {
        if self.width == 0 {
            return self.least.min(self.cap);
        }
        (self.least + rounded(self.width as f64 * open01(word()))).min(self.cap)
    }
}

/// The choice of [`wait`], and the range it chooses from: the waits that other draws of this retry's
/// own would have given.
pub(crate) fn chosen(tries: &Tries, number: u32, draw: impl Fn(u32) -> Block) -> Wait {
    let at = |word: u64| {
        // A block's first word spreads this wait; the other draws stay.
        let spread = |block: Block| block.with_first(word);
        let drawn = |retry| if retry == number { spread(draw(retry)) } else { draw(retry) };
        wait(tries, number, drawn)
    };
    Wait { wait: wait(tries, number, &draw), low: at(0), high: at(u64::MAX) }
}

/// A hundred years: no wait is longer.
const LONGEST: Nanos = 100 * 365 * 86_400 * 1_000_000_000;

/// sₙ = min(cap, U(base, 3·sₙ₋₁)) from s₀ = base (Brooker, "Exponential Backoff And Jitter", AWS
/// Architecture Blog, 2015). The waits before are drawn again rather than remembered; once at the
/// cap the past no longer matters much, so at most the last 64 are.
fn decorrelated(base: Nanos, cap: Nanos, number: u32, draw: impl Fn(u32) -> Block) -> Nanos {
    let mut wait = base;
    for retry in number.saturating_sub(64).max(1)..=number {
        let longest = wait.saturating_mul(3).max(base);
        let spread = (longest - base) as f64 * open01(draw(retry).first());
        wait = (base + spread.round() as Nanos).min(cap);
    }
    wait
}

/// The instant at or after which no retry is made.
#[inline]
pub(crate) fn gives_up_at(
    give_up: GiveUp,
    accepted: Nanos,
    deadline: impl FnOnce() -> Nanos,
    validity_end: impl FnOnce() -> Nanos,
) -> Nanos {
    match give_up {
        GiveUp::Never => Nanos::MAX,
        GiveUp::Deadline => deadline(),
        GiveUp::Validity => validity_end(),
        GiveUp::After(span) => accepted.saturating_add(span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::SECOND;
    use crate::random::{Chance, Key};

    fn draw(message: u64) -> impl Fn(u32) -> Block {
        move |number| {
            Chance::new(3).block(crate::chain::draws::site::retry_wait(Key(message), number))
        }
    }

    fn tries(backoff: &Backoff, jitter: Jitter) -> Tries {
        let backoff = backoff.clone();
        Tries { max_attempts: None, backoff, jitter, give_up: GiveUp::Never }
    }

    fn plain(backoff: &Backoff, number: u32) -> Nanos {
        wait(&tries(backoff, Jitter::None), number, draw(0))
    }

    #[test]
    fn waits_without_jitter_follow_their_formulas() {
        let linear = Backoff::Linear { step: 10, cap: Some(25) };
        assert_eq!([1, 2, 3].map(|n| plain(&linear, n)), [10, 20, 25]);
        let exponential = Backoff::Exponential { base: 10, factor: 2.0, cap: Some(70) };
        assert_eq!([1, 2, 3, 4, 60].map(|n| plain(&exponential, n)), [10, 20, 40, 70, 70]);
        let schedule = Backoff::Schedule { waits: vec![1, 5] };
        assert_eq!([1, 2, 3].map(|n| plain(&schedule, n)), [1, 5, 5]);
        let fixed = Backoff::Fixed { delay: Delay::Constant(30) };
        assert_eq!([1, 9].map(|n| plain(&fixed, n)), [30, 30]);
        let endless = Backoff::Exponential { base: SECOND, factor: 10.0, cap: None };
        assert_eq!(plain(&endless, 4000), LONGEST);
    }

    /// Mean and variance of U(0, w) and of w/2 + U(0, w/2), within five standard errors.
    #[test]
    fn jitter_has_its_moments() {
        let fixed = Backoff::Fixed { delay: Delay::Constant(SECOND) };
        let cases = [
            (Jitter::Full, 0.5, 1.0 / 12.0),
            (Jitter::Equal, 0.75, 1.0 / 48.0),
            (Jitter::PlusMinus20, 1.0, 0.16 / 12.0),
            (Jitter::PlusMinus10, 1.0, 0.04 / 12.0),
            (Jitter::FullBeforeCap, 0.5, 1.0 / 12.0),
        ];
        for (jitter, mean, variance) in cases {
            let n = 100_000;
            let waits: Vec<f64> = (0..n)
                .map(|message| {
                    wait(&tries(&fixed, jitter), 1, draw(message)) as f64 / SECOND as f64
                })
                .collect();
            let got = waits.iter().sum::<f64>() / n as f64;
            let spread = waits.iter().map(|w| (w - got) * (w - got)).sum::<f64>() / n as f64;
            assert!((got - mean).abs() < 5.0 * (variance / n as f64).sqrt(), "{jitter:?} {got}");
            assert!((spread / variance - 1.0).abs() < 0.02, "{jitter:?} {spread}");
        }
    }

    /// With the cap after the spread, waits at the cap are as likely as those beyond it were.
    #[test]
    fn a_spread_before_the_cap_piles_up_at_the_cap() {
        let backoff = Backoff::Exponential { base: SECOND, factor: 2.0, cap: Some(2 * SECOND) };
        let tries = tries(&backoff, Jitter::FullBeforeCap);
        let at_cap =
            (0..4000).filter(|&message| wait(&tries, 4, draw(message)) == 2 * SECOND).count();
        // U(0, 8 s) is beyond 2 s with probability 3/4.
        assert!((2890..=3110).contains(&at_cap), "{at_cap}");
    }

    #[test]
    fn decorrelated_stays_between_base_and_cap_and_grows() {
        let backoff = Backoff::Decorrelated { base: SECOND, cap: 20 * SECOND };
        let mut mean = [0.0; 4];
        for message in 0..2000 {
            for (index, number) in [1, 2, 3, 12].into_iter().enumerate() {
                let wait = wait(&tries(&backoff, Jitter::None), number, draw(message));
                assert!((SECOND..=20 * SECOND).contains(&wait));
                mean[index] += wait as f64 / 2000.0 / SECOND as f64;
            }
        }
        // The first is U(1, 3).
        assert!((mean[0] - 2.0).abs() < 0.07, "{mean:?}");
        assert!(mean.is_sorted());
    }
}
