//! A level over time: its time-weighted mean and its maximum within an observation window.

/// A whole-numbered level that changes at instants, observed over [from, to).
///
/// Its area is that from each change on to the window's end, less what it isn't: one more at time t
/// adds to − t, one fewer takes it away again. So a change within the window is a sum, not a product
/// with the time since the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeWeighted {
    from: u64,
    to: u64,
    level: u64,
    /// Of the level's changes so far, each up to the window's end.
    area: u128,
    /// The greatest of those reached within the window.
    max: u64,
    /// The level with which the window begins.
    entering: u64,
}

impl TimeWeighted {
    /// A level of 0, observed over [from, to) in nanoseconds.
    #[must_use]
    pub fn new(from: u64, to: u64) -> TimeWeighted {
        TimeWeighted { from, to: to.max(from), level: 0, area: 0, max: 0, entering: 0 }
    }

    /// The level now.
    #[must_use]
    #[inline]
    pub fn level(&self) -> u64 {
        self.level
    }

    /// One more at `now`, which is not before the last change.
    #[inline]
    pub fn rise(&mut self, now: u64) {
        self.level += 1;
        self.area += u128::from(self.left(now));
        if now < self.from {
            self.entering = self.level;
        } else if now < self.to && self.level > self.max {
            self.max = self.level;
        }
    }

    /// One fewer at `now`, which is not before the last change.
    #[inline]
    pub fn fall(&mut self, now: u64) {
        debug_assert!(self.level > 0, "a level below nothing");
        if self.level > 0 {
            self.level -= 1;
            self.area -= u128::from(self.left(now));
            if now <= self.from {
                self.entering = self.level;
            }
        }
    }

    /// The rest of the window at `now`.
    #[inline]
    fn left(&self, now: u64) -> u64 {
        self.to - now.clamp(self.from, self.to)
    }

    /// Level × time in the window, if the level stays.
    #[must_use]
    pub fn area(&self) -> u128 {
        self.area
    }

    /// The greatest level that held within the window.
    #[must_use]
    pub fn max(&self) -> u64 {
        if self.to > self.from { self.max.max(self.entering) } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Area and maximum of a level that changes so, looked up nanosecond by nanosecond.
    fn looked_up(from: u64, to: u64, changes: &[(u64, i64)]) -> (u128, u64) {
        let level_at = |time: u64| -> i64 {
            changes.iter().filter(|&&(at, _)| at <= time).map(|&(_, by)| by).sum()
        };
        let levels: Vec<u64> = (from..to).map(|time| level_at(time) as u64).collect();
        (levels.iter().map(|&level| u128::from(level)).sum(), levels.into_iter().max().unwrap_or(0))
    }

    #[test]
    fn only_the_window_counts() {
        let mut bits: u64 = 7;
        for (from, to) in [(0, 40), (10, 20), (0, 5), (35, 90), (12, 12), (20, 10)] {
            for _ in 0..200 {
                let mut level = TimeWeighted::new(from, to);
                let mut changes = Vec::new();
                let mut now = 0;
                for _ in 0..12 {
                    bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    // Never two changes at one instant: a level that is over at once counts too.
                    now += 1 + (bits >> 33) % 6;
                    if level.level() > 0 && bits >> 63 == 1 {
                        level.fall(now);
                        changes.push((now, -1));
                    } else {
                        level.rise(now);
                        changes.push((now, 1));
                    }
                }
                let expected = looked_up(from, to, &changes);
                assert_eq!((level.area(), level.max()), expected, "{from}..{to} {changes:?}");
            }
        }
    }

    #[test]
    fn a_level_of_no_length_is_one() {
        let mut level = TimeWeighted::new(10, 20);
        level.rise(10);
        level.rise(10);
        level.fall(10);
        level.fall(15);
        assert_eq!((level.area(), level.max()), (5, 2));
        level.rise(20);
        assert_eq!((level.area(), level.max()), (5, 2));
    }
}
