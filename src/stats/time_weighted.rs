//! A level over time: its time-weighted mean and its maximum within an observation window.

/// A whole-numbered level that changes at instants, observed over [from, to).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeWeighted {
    from: u64,
    to: u64,
    level: u64,
    since: u64,
    area: u128,
    max: u64,
}

impl TimeWeighted {
    /// A level of 0, observed over [from, to) in nanoseconds.
    #[must_use]
    pub fn new(from: u64, to: u64) -> TimeWeighted {
        TimeWeighted { from, to, level: 0, since: 0, area: 0, max: 0 }
    }

    /// The level now.
    #[must_use]
    #[inline]
    pub fn level(&self) -> u64 {
        self.level
    }

    /// The level becomes `level` at `now`, which is not before the last change.
    #[inline]
    pub fn set(&mut self, now: u64, level: u64) {
        self.advance(now);
        self.level = level;
        if level > self.max && now >= self.from && now < self.to {
            self.max = level;
        }
    }

    /// One more.
    #[inline]
    pub fn rise(&mut self, now: u64) {
        self.set(now, self.level + 1);
    }

    /// One fewer.
    #[inline]
    pub fn fall(&mut self, now: u64) {
        debug_assert!(self.level > 0, "a level below nothing");
        self.set(now, self.level.saturating_sub(1));
    }

    #[inline]
    fn advance(&mut self, now: u64) {
        let (start, end) = (self.since.max(self.from), now.min(self.to));
        if end > start && self.level > 0 {
            self.area += u128::from(end - start) * u128::from(self.level);
            self.max = self.max.max(self.level);
        }
        self.since = now;
    }

    /// Closes the observation at the end of the window.
    pub fn finish(&mut self) {
        let end = self.to.max(self.since);
        self.advance(end);
    }

    /// Level × time in the window so far.
    #[must_use]
    pub fn area(&self) -> u128 {
        self.area
    }

    /// The greatest level that held within the window.
    #[must_use]
    pub fn max(&self) -> u64 {
        self.max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_window_counts() {
        let mut level = TimeWeighted::new(10, 20);
        level.set(0, 7);
        level.set(5, 2);
        level.set(15, 4);
        level.set(18, 0);
        level.set(30, 9);
        level.finish();
        assert_eq!(level.area(), 5 * 2 + 3 * 4);
        assert_eq!(level.max(), 4);
    }

    #[test]
    fn a_level_held_to_the_end_counts_to_the_end() {
        let mut level = TimeWeighted::new(0, 100);
        level.rise(40);
        level.finish();
        assert_eq!((level.area(), level.max()), (60, 1));
    }
}
