//! `backoff`

use super::{Kind, of};
use crate::chain::spec::{Backoff, Delay};
use crate::kernel::Nanos;

choice! {
    backoff => Backoff, "a backoff", r#"{ exponential = { base = "1s", factor = 2, cap = "5m" } }"# {
        /// No wait.
        immediate => Immediate {}
        /// The same each time.
        fixed => Fixed {
            /// The wait.
            delay: Delay = of::choice().example("5s").required(),
        }
        /// Grows by a step.
        linear => Linear {
            /// The nth wait is n times this.
            step: Nanos = of::duration(0).example("2s").required(),
            /// The longest wait.
            cap: Option<Nanos> = of::duration(0).example("5m").absent("no limit"),
        }
        /// Grows by a factor.
        exponential => Exponential {
            /// The first wait.
            base: Nanos = of::duration(0).example("1s").required(),
            /// Each wait is so many times the last.
            factor: f64 = of::number(1.0, 1e6).example("3").default("2.0"),
            /// The longest wait.
            cap: Option<Nanos> = of::duration(0).example("5m").absent("no limit"),
        }
        /// Uniform from `base` to three times the last wait; takes no `jitter`.
        decorrelated => Decorrelated {
            /// The shortest wait.
            base: Nanos = of::duration(0).example("1s").required(),
            /// The longest wait.
            cap: Nanos = of::duration(0).example("5m").required(),
        }
        /// As listed.
        schedule => Schedule {
            /// The waits in turn; the last one repeats.
            waits: Vec<Nanos> =
                of::list(&Kind::Duration(0), 1).example(r#"["1s", "10s", "1m"]"#).required(),
        }
    }
}

/// Shortest wait between attempts without limit; anything shorter is in effect an endless loop.
const SHORTEST: u64 = 1_000_000;

/// `true` if unlimited retries may follow one another with hardly any wait.
pub(super) fn endless(backoff: &Backoff) -> bool {
    let capped = |wait: u64, cap: Option<u64>| cap.map_or(wait, |cap| wait.min(cap)) < SHORTEST;
    match backoff {
        Backoff::Immediate => true,
        Backoff::Fixed { delay: Delay::Constant(nanos) } => *nanos < SHORTEST,
        Backoff::Fixed { delay: Delay::Random(variate) } => {
            variate.mean().is_some_and(|mean| mean < SHORTEST as f64 / 1e9)
        }
        Backoff::Linear { step, cap } => capped(*step, *cap),
        Backoff::Exponential { base, cap, .. } => capped(*base, *cap),
        Backoff::Decorrelated { base, cap } => capped(*base, Some(*cap)),
        Backoff::Schedule { waits } => waits.last().is_none_or(|last| *last < SHORTEST),
    }
}
