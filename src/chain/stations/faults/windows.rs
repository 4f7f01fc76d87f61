//! Spans of time in which something is on.

use crate::kernel::Nanos;

/// Spans that neither meet nor overlap, in order of time; each includes its beginning, not its
/// end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Windows(Vec<(Nanos, Nanos)>);

impl Windows {
    /// All of these spans together.
    pub(crate) fn new(spans: impl IntoIterator<Item = (Nanos, Nanos)>) -> Windows {
        let mut spans: Vec<(Nanos, Nanos)> = spans.into_iter().collect();
        spans.sort_unstable();
        let mut joined: Vec<(Nanos, Nanos)> = Vec::new();
        for (from, to) in spans {
            match joined.last_mut() {
                Some((_, end)) if from <= *end => *end = (*end).max(to),
                _ => joined.push((from, to)),
            }
        }
        Windows(joined)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The end of the span that `time` lies in.
    pub(crate) fn end_at(&self, time: Nanos) -> Option<Nanos> {
        let index = self.0.partition_point(|&(_, to)| to <= time);
        self.0.get(index).filter(|&&(from, _)| from <= time).map(|&(_, to)| to)
    }

    /// The beginning and end of the time around `time` in which it is off; `None`: it is on.
    pub(crate) fn off_around(&self, time: Nanos) -> Option<(Nanos, Nanos)> {
        let index = self.0.partition_point(|&(_, to)| to <= time);
        let begins = index.checked_sub(1).map_or(0, |before| self.0[before].1);
        let ends = self.0.get(index).map_or(Nanos::MAX, |&(from, _)| from);
        (time < ends).then_some((begins, ends))
    }

    pub(crate) fn contain(&self, time: Nanos) -> bool {
        self.end_at(time).is_some()
    }

    /// The first instant from `time` on at which it is off.
    pub(crate) fn off_from(&self, time: Nanos) -> Nanos {
        self.end_at(time).unwrap_or(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_meet_are_one() {
        let windows = Windows::new([(30, 40), (10, 20), (15, 25), (25, 26)]);
        assert_eq!(windows, Windows(vec![(10, 26), (30, 40)]));
        assert_eq!(
            [9, 10, 25, 26, 39, 40].map(|time| windows.end_at(time)),
            [None, Some(26), Some(26), None, Some(40), None]
        );
        assert_eq!((windows.off_from(12), windows.off_from(28)), (26, 28));
        assert_eq!(
            [9, 10, 25, 26, 29, 30, 40].map(|time| windows.off_around(time)),
            [Some((0, 10)), None, None, Some((26, 30)), Some((26, 30)), None, Some((40, u64::MAX))]
        );
        assert!(Windows::default().is_empty() && !windows.contain(50));
    }
}
