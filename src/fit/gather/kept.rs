//! A few of many durations, each with the time when it began: evenly, every so many-th.

use crate::stats::lag_one;

/// Durations that are kept at most.
const MOST: usize = 8_192;

/// Durations with the times when they began.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    rows: Vec<(i64, u64)>,
    /// Every so many-th is kept.
    every: u64,
    seen: u64,
}

impl Kept {
    pub(crate) fn new() -> Kept {
        Kept { rows: Vec::new(), every: 1, seen: 0 }
    }

    /// A duration of so many ns that began at an instant.
    pub(crate) fn add(&mut self, at: i64, ns: u64) {
        if self.seen.is_multiple_of(self.every) {
            if self.rows.len() >= MOST {
                let mut place = 0_usize;
                self.rows.retain(|_| {
                    place += 1;
                    !place.is_multiple_of(2)
                });
                self.every *= 2;
            }
            if self.seen.is_multiple_of(self.every) {
                self.rows.push((at, ns));
            }
        }
        self.seen += 1;
    }

    /// True if they change slowly over time, as the wait in a line does.
    pub(crate) fn are_slow(&self) -> bool {
        let mut rows = self.rows.clone();
        rows.sort_unstable();
        is_slow(&rows.iter().map(|&(_, ns)| ns as f64).collect::<Vec<f64>>())
    }

    /// Those that began in `[from, to)`.
    pub(crate) fn within(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, u64)> + '_ {
        self.rows.iter().copied().filter(move |(at, _)| (from..to).contains(at))
    }
}

/// True of what changes slowly, as a line does: each is more like the one before than not.
pub(crate) fn is_slow(values: &[f64]) -> bool {
    lag_one(values).is_some_and(|own| own > 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_every_so_many_th_is_kept() {
        let mut kept = Kept::new();
        (0..100_000).for_each(|at| kept.add(at, at as u64));
        let rows: Vec<i64> = kept.within(0, 100_000).map(|(at, _)| at).collect();
        assert!((MOST / 2..=MOST).contains(&rows.len()), "{}", rows.len());
        assert!(rows.windows(2).all(|pair| pair[1] - pair[0] == 16 && pair[0] % 16 == 0));
        assert_eq!(kept.within(32, 64).count(), 2);
    }
}
