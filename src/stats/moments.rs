//! Count, mean and standard deviation of integers, summed exactly.

/// Exact sums of values about the first one; adding in another order changes nothing.
///
/// Squares are summed in 128 bits, which holds a billion differences of nearly a year each in
/// nanoseconds; beyond that the sum stays at its largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moments {
    count: u64,
    /// Sums are of differences from it: no cancellation, and a constant has deviation 0 exactly.
    origin: u64,
    sum: i128,
    squares: u128,
}

impl Moments {
    /// Counts one value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        self.record_many(value, 1);
    }

    /// Counts `times` equal values.
    #[inline]
    pub fn record_many(&mut self, value: u64, times: u64) {
        if self.count == 0 {
            self.origin = value;
        }
        self.count += times;
        self.sum += (i128::from(value) - i128::from(self.origin)) * i128::from(times);
        let distance = u128::from(value.abs_diff(self.origin));
        let squares = (distance * distance).saturating_mul(u128::from(times));
        self.squares = self.squares.saturating_add(squares);
    }

    /// How many values were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; `None` if there was none.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.origin as f64 + self.sum as f64 / self.count as f64)
    }

    /// Their standard deviation (n − 1 in the denominator); `None` for fewer than two.
    #[must_use]
    pub fn deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| {
            let sum = self.sum as f64;
            let centred = (self.squares as f64 - sum * (sum / self.count as f64)).max(0.0);
            (centred / (self.count - 1) as f64).sqrt()
        })
    }

    /// Adds another collection, moved to this one's origin: exact.
    pub fn merge(&mut self, other: &Moments) {
        if self.count == 0 {
            *self = *other;
            return;
        }
        if other.count == 0 {
            return;
        }
        // Σ(x − a)² = Σ(x − b)² + 2(b − a)Σ(x − b) + n(b − a)²
        let shift = i128::from(other.origin) - i128::from(self.origin);
        let count = i128::from(other.count);
        let squares = i128::try_from(other.squares).unwrap_or(i128::MAX);
        let cross = (2 * shift).saturating_mul(other.sum);
        let moved =
            squares.saturating_add(cross).saturating_add(count.saturating_mul(shift * shift));
        self.count += other.count;
        self.sum += other.sum + count * shift;
        self.squares = self.squares.saturating_add(u128::try_from(moved).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_one_to_five() {
        let mut moments = Moments::default();
        assert_eq!((moments.mean(), moments.deviation()), (None, None));
        for value in 1..=5 {
            moments.record(value);
        }
        assert_eq!(moments.mean(), Some(3.0));
        assert!((moments.deviation().unwrap() - 2.5_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_constant_has_no_deviation() {
        let mut moments = Moments::default();
        for _ in 0..1000 {
            moments.record(90_000_000);
        }
        assert_eq!((moments.mean(), moments.deviation()), (Some(90_000_000.0), Some(0.0)));
    }

    #[test]
    fn merging_is_exact() {
        let values: Vec<u64> =
            (0..1000_u64).map(|i| i * i * 7919 % 1_000_003 * 1_000_000).collect();
        let mut all = Moments::default();
        let mut parts = [Moments::default(); 3];
        for (index, &value) in values.iter().enumerate() {
            all.record(value);
            parts[index % 3].record(value);
        }
        let mut merged = Moments::default();
        for part in &parts {
            merged.merge(part);
        }
        assert_eq!(merged, all);
    }
}
