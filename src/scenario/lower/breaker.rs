//! `breaker`

use super::{Lowering, Record, Trouble};
use crate::chain::spec::{Breaker, Window};

impl Lowering<'_, '_> {
    pub(super) fn breaker(&mut self, retry: &Record) -> Option<Breaker> {
        let record = retry.table("breaker")?;
        let calls = record.small("window");
        let window = match calls {
            Some(calls) => Window::Calls(calls),
            None => Window::Time(record.duration("window").unwrap_or(1)),
        };
        let breaker = Breaker {
            window,
            failure_share: record.number("failure_share"),
            min_calls: record.small("min_calls").unwrap_or(1),
            open_for: record.duration("open_for").unwrap_or(1),
            probes: record.small("probes").unwrap_or(1),
        };
        if breaker.failure_share <= 0.0 && record.maybe_number("failure_share").is_some() {
            self.error(
                Trouble::OutOfRange,
                record.at("failure_share"),
                "the breaker would open without a failure",
                "expected a share above 0",
            );
        }
        if calls.is_some_and(|calls| breaker.min_calls > calls) {
            self.error(
                Trouble::Conflict,
                record.at("min_calls"),
                "the breaker never opens: its window holds fewer results than `min_calls`",
                "expected at most `window`",
            );
        }
        Some(breaker)
    }
}
