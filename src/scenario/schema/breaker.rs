//! `breaker` of a retry table.

use super::{Kind, of};
use crate::chain::spec::{Breaker, Window};
use crate::kernel::Nanos;
use crate::scenario::checked::{Item, Record, Value};
use crate::scenario::lower::{Lowering, Setting};
use crate::scenario::{DiagnosticKind, Place};

/// The most calls of a window.
const MOST: u64 = 1_000_000;

table! {
    breaker => Breaker then check {
        /// Results it looks back on: those of so long, or so many.
        window: Window = of::kind(Kind::DurationOrCount(MOST)).example("1m").default("30s"),
        /// It opens when at least this share failed; above 0. A permanent refusal is no failure.
        failure_share: f64 = of::share().example("50%").default("0.5"),
        /// It opens on no fewer results.
        min_calls: u32 =
            of::integer(1, MOST).example("20").follows("`100`, or a smaller `window`"),
        /// Time for which nothing is tried.
        open_for: Nanos = of::duration(1).example("10s").default("5s"),
        /// Tries that may then pass; it closes if less than `failure_share` of them fail.
        probes: u32 = of::integer(1, MOST).example("5").default("10"),
    }
}

impl Setting for Window {
    fn of(_: &mut Lowering<'_, '_>, item: &Item, _: &Kind) -> Option<Self> {
        match item.value {
            Value::Duration(nanos) => Some(Window::Time(nanos)),
            Value::Integer(calls) => u32::try_from(calls).ok().map(Window::Calls),
            _ => None,
        }
    }

    fn nothing(_: &mut Lowering<'_, '_>, _: Place) -> Self {
        Window::Time(1)
    }
}

fn check(cx: &mut Lowering<'_, '_>, record: &Record, made: &Breaker) {
    if made.failure_share <= 0.0 && record.item(&breaker::failure_share).is_some_and(Item::is_right)
    {
        cx.error(
            DiagnosticKind::OutOfRange,
            record.place_of(&breaker::failure_share),
            "the breaker would open without a failure",
            "expected a share above 0",
        );
    }
    if matches!(made.window, Window::Calls(calls) if made.min_calls > calls) {
        cx.conflict(
            record.place_of(&breaker::min_calls),
            "the breaker never opens: its window holds fewer results than `min_calls`",
            "expected at most `window`",
        );
    }
}
