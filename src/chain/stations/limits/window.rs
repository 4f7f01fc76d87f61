//! Fixed windows: limits that count anew in every second, minute, hour or day of the clock.

use crate::chain::records::paged::Paged;
use crate::chain::spec::{FixedWindow, Spec, Target};
use crate::chain::stations::faults;
use crate::chain::stations::faults::piecewise::PiecewiseLinear;
use crate::kernel::Nanos;

/// The counts of a fixed window, one for each of whatever its scope is.
///
/// A message passes if what it takes, but at most a whole window, is left; what it takes beyond that
/// goes off the next windows. Windows begin with the clock: the first of a run may be part of one.
#[derive(Debug)]
pub(crate) struct Windows {
    limit: u64,
    span: Nanos,
    /// The time of day at t = 0.
    start: Nanos,
    counts: Paged<Count>,
    /// The factor of its limit, where incidents change it: a window has the limit of its beginning.
    factor: Option<PiecewiseLinear>,
}

/// A count: tokens taken, up to a window.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    window: u64,
    used: u64,
}

impl Windows {
    /// So many counts of a target's window.
    pub(crate) fn new(spec: &Spec, target: Target, window: FixedWindow, size: usize) -> Windows {
        Windows {
            limit: window.limit,
            span: window.per.span(),
            start: spec.start,
            counts: Paged::new(Count::default(), size),
            factor: faults::throttle_factor(spec, target),
        }
    }

    fn window_at(&self, now: Nanos) -> u64 {
        now.saturating_add(self.start) / self.span
    }

    fn begins(&self, window: u64) -> Nanos {
        window.saturating_mul(self.span).saturating_sub(self.start)
    }

    /// The limit of a window.
    fn limit_of(&self, window: u64) -> u64 {
        match &self.factor {
            None => self.limit,
            // A product such as 10 × 0.7 may miss a whole number by a last bit.
            Some(factor) => {
                (self.limit as f64 * factor.at(self.begins(window)) + 1e-9).max(0.0) as u64
            }
        }
    }

    /// A count as it stands in a later window, or the same.
    fn carried(&self, count: Count, window: u64) -> Count {
        let mut used = count.used;
        if self.factor.is_none() {
            let over = window.saturating_sub(count.window);
            used = used.saturating_sub(self.limit.saturating_mul(over));
        } else {
            for past in count.window..window {
                if used == 0 {
                    break;
                }
                used = used.saturating_sub(self.limit_of(past));
            }
        }
        Count { window, used }
    }

    /// The earliest instant, not before `now`, at which a count lets `tokens` pass.
    pub(crate) fn ready_by(&self, count: Count, tokens: u64, now: Nanos) -> Nanos {
        let current = self.window_at(now);
        let mut count = self.carried(count, current);
        loop {
            let limit = self.limit_of(count.window);
            if count.used.saturating_add(tokens.min(limit.max(1))) <= limit {
                let begins = self.begins(count.window);
                return if count.window == current { now } else { begins.max(now) };
            }
            count.used = count.used.saturating_sub(limit);
            count.window += 1;
            if limit == 0
                && let Some(factor) = &self.factor
            {
                // Not window by window through a long incident.
                let begins = self.begins(count.window - 1);
                let changes = factor.next_change(begins, |factor| factor > 0.0);
                let next = changes.map_or(count.window, |at| self.window_at(at));
                count.window = count.window.max(next);
            }
        }
    }

    /// A count from which `tokens` are taken at `now`.
    pub(crate) fn taken_from(&self, count: Count, tokens: u64, now: Nanos) -> Count {
        let mut count = self.carried(count, self.window_at(now));
        count.used = count.used.saturating_add(tokens);
        count
    }

    pub(crate) fn ready_at(&self, index: usize, tokens: u64, now: Nanos) -> Nanos {
        self.ready_by(self.counts[index], tokens, now)
    }

    pub(crate) fn take(&mut self, index: usize, tokens: u64, now: Nanos) {
        self.counts[index] = self.taken_from(self.counts[index], tokens, now);
    }

    /// Gives back what was taken and not used.
    pub(crate) fn give_back(&mut self, index: usize, tokens: u64, now: Nanos) {
        let mut count = self.carried(self.counts[index], self.window_at(now));
        count.used = count.used.saturating_sub(tokens);
        self.counts[index] = count;
    }

    /// Tokens left of the present window; below 0 they go off the next.
    pub(crate) fn level(&self, index: usize, now: Nanos) -> f64 {
        self.left(self.counts[index], now)
    }

    /// Tokens left of the fullest count.
    pub(crate) fn least_level(&self, now: Nanos) -> f64 {
        let levels = self.counts.distinct().map(|count| self.left(*count, now));
        levels.fold(f64::INFINITY, f64::min)
    }

    /// True if nothing is taken from a count, as at first.
    pub(crate) fn is_full(&self, count: Count, now: Nanos) -> bool {
        self.carried(count, self.window_at(now)).used == 0
    }

    /// Tokens left of the present window of a count.
    pub(crate) fn left(&self, count: Count, now: Nanos) -> f64 {
        let window = self.window_at(now);
        self.limit_of(window) as f64 - self.carried(count, window).used as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::stations::faults::piecewise::tests::incident;

    const SECOND: Nanos = 1_000_000_000;

    fn windows(limit: u64, span: Nanos, start: Nanos) -> Windows {
        let counts = Paged::new(Count::default(), 1);
        Windows { limit, span, start, counts, factor: None }
    }

    #[test]
    fn windows_begin_with_the_clock() {
        // t = 0 is 23:59:50: ten seconds of the day are left.
        let mut day = windows(3, 86_400 * SECOND, 86_390 * SECOND);
        for _ in 0..3 {
            assert_eq!(day.ready_at(0, 1, 4), 4);
            day.take(0, 1, 4);
        }
        assert_eq!(day.ready_at(0, 1, 5), 10 * SECOND);
        assert_eq!(day.ready_at(0, 1, 10 * SECOND), 10 * SECOND);
        assert_eq!((day.level(0, 5), day.level(0, 10 * SECOND)), (0.0, 3.0));
    }

    #[test]
    fn what_is_over_goes_off_the_next_windows() {
        let mut minute = windows(4, 60 * SECOND, 0);
        minute.take(0, 10, 0);
        // 6 are left in the second window, 2 in the third.
        assert_eq!(minute.ready_at(0, 1, 1), 120 * SECOND);
        assert_eq!(minute.ready_at(0, 2, 1), 120 * SECOND);
        assert_eq!(minute.ready_at(0, 3, 1), 180 * SECOND);
        // One that takes more than there ever is needs a whole one.
        assert_eq!(minute.ready_at(0, 9, 1), 180 * SECOND);
        minute.give_back(0, 10, 2);
        assert_eq!(minute.ready_at(0, 4, 2), 2);
    }

    #[test]
    fn a_window_has_the_limit_of_its_beginning() {
        let slow = incident(90 * SECOND, 120 * SECOND, 0);
        let mut minute = windows(10, 60 * SECOND, 0);
        minute.factor = PiecewiseLinear::factor([(slow, 0.7)]);
        let limits = [0, 1, 2, 3, 4].map(|window| minute.limit_of(window));
        assert_eq!(limits, [10, 10, 7, 7, 10]);
        minute.take(0, 25, 0);
        // 15 are over after the first, 5 after the second: of the third 2 are left.
        assert_eq!(minute.ready_at(0, 2, 0), 120 * SECOND);
        let none = incident(0, 3_000_000 * SECOND, 0);
        minute.factor = PiecewiseLinear::factor([(none, 0.0)]);
        minute.counts[0] = Count::default();
        assert_eq!(minute.ready_at(0, 1, 5), 3_000_000 * SECOND);
    }
}
