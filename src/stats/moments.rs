//! Count, mean and standard deviation of integers, summed exactly.

/// Exact sums of values about the first one; adding in another order changes nothing within one
/// collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moments {
    count: u64,
    /// Sums are of differences from it: no cancellation, and a constant has deviation 0 exactly.
    origin: u64,
    sum: i128,
    /// In units of 2²⁰: squares of whole years in nanoseconds would not fit otherwise.
    squares: u128,
    /// What the unit of `squares` leaves out.
    squares_rest: u64,
}

const SQUARE_BITS: u32 = 20;

impl Moments {
    /// Counts one value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        if self.count == 0 {
            self.origin = value;
        }
        let difference = i128::from(value) - i128::from(self.origin);
        self.count += 1;
        self.sum += difference;
        let distance = u128::from(value.abs_diff(self.origin));
        self.add_square(distance * distance);
    }

    #[inline]
    fn add_square(&mut self, square: u128) {
        let rest = self.squares_rest + (square & ((1 << SQUARE_BITS) - 1)) as u64;
        self.squares += (square >> SQUARE_BITS) + u128::from(rest >> SQUARE_BITS);
        self.squares_rest = rest & ((1 << SQUARE_BITS) - 1);
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

    /// Sum of squared differences from the mean.
    fn centred_squares(&self) -> f64 {
        if self.count == 0 {
            return 0.0;
        }
        let unit = (1_u64 << SQUARE_BITS) as f64;
        let squares = self.squares as f64 * unit + self.squares_rest as f64;
        let sum = self.sum as f64;
        (squares - sum * (sum / self.count as f64)).max(0.0)
    }

    /// Their standard deviation (n − 1 in the denominator); `None` for fewer than two.
    #[must_use]
    pub fn deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.centred_squares() / (self.count - 1) as f64).sqrt())
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
        let squares = (other.squares << SQUARE_BITS) as i128 + i128::from(other.squares_rest);
        let moved = squares + 2 * shift * other.sum + count * shift * shift;
        self.count += other.count;
        self.sum += other.sum + count * shift;
        self.add_square(moved.max(0) as u128);
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
        assert_eq!(
            (moments.mean(), moments.deviation()),
            (Some(90_000_000.0), Some(0.0))
        );
    }

    #[test]
    fn merging_is_exact() {
        let values: Vec<u64> = (0..1000_u64)
            .map(|i| i * i * 7919 % 1_000_003 * 1_000_000)
            .collect();
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
