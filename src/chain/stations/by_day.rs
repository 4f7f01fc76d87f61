//! Factors that follow the time of day.

use crate::kernel::Nanos;

const DAY: Nanos = 86_400 * 1_000_000_000;

/// A factor over each day: straight lines between points, from the last one to the first of the next day too.
#[derive(Debug)]
pub(crate) struct ByDay {
    /// The time of day at t = 0.
    start: Nanos,
    /// In order of time since midnight; at least one.
    points: Vec<(Nanos, f64)>,
}

impl ByDay {
    /// The factor with these points in a run that begins at that time of day; `None` without any.
    pub(crate) fn new(points: &[(Nanos, f64)], start: Nanos) -> Option<ByDay> {
        (!points.is_empty()).then(|| ByDay { start, points: points.to_vec() })
    }

    /// Its value at `now`.
    pub(crate) fn at(&self, now: Nanos) -> f64 {
        let time = (self.start + now % DAY) % DAY;
        let after = self.points.partition_point(|&(at, _)| at <= time);
        let before = after.checked_sub(1).or(self.points.len().checked_sub(1));
        let Some(&(from, low)) = before.and_then(|before| self.points.get(before)) else {
            return 1.0;
        };
        let &(to, high) = self.points.get(after).unwrap_or(&self.points[0]);
        if low == high {
            return low;
        }
        let span = (to + DAY - from) % DAY;
        let gone = (time + DAY - from) % DAY;
        low + (high - low) * (gone as f64 / span as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Nanos = DAY / 24;

    #[test]
    fn it_is_linear_between_points_and_over_midnight() {
        let day = ByDay::new(&[(6 * HOUR, 1.0), (18 * HOUR, 3.0)], 12 * HOUR).unwrap();
        // t = 0 is noon.
        for (hours, value) in [(0, 2.0), (6, 3.0), (9, 2.5), (12, 2.0), (18, 1.0), (21, 1.5)] {
            assert_eq!(day.at(hours * HOUR), value, "{hours}");
            assert_eq!(day.at(hours * HOUR + 5 * DAY), value, "{hours}");
        }
    }

    #[test]
    fn one_point_holds_all_day_and_none_is_none() {
        let day = ByDay::new(&[(6 * HOUR, 1.5)], 0).unwrap();
        assert_eq!([0, 6, 23].map(|hour| day.at(hour * HOUR)), [1.5; 3]);
        assert!(ByDay::new(&[], 0).is_none());
    }
}
