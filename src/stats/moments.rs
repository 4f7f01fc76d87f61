//! Count, mean and standard deviation of integers, summed exactly.

/// Exact sums of values and of their squares: adding in another order changes nothing, nor does the
/// order in which collections are merged.
///
/// Squares are summed in 128 bits, which holds 300,000 values of a year in nanoseconds, or a
/// billion of five days; beyond that the sum stays at its largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moments {
    count: u64,
    sum: u128,
    squares: u128,
}

impl Moments {
    /// Counts one value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        self.record_all(&[value]);
    }

    /// Counts every one of `values`.
    #[inline]
    pub fn record_all(&mut self, values: &[u64]) {
        let (mut sum, mut squares) = (self.sum, self.squares);
        for &value in values {
            sum += u128::from(value);
            squares = squares.saturating_add(u128::from(value) * u128::from(value));
        }
        (self.sum, self.squares) = (sum, squares);
        self.count += values.len() as u64;
    }

    /// Counts `times` zeros.
    #[inline]
    pub fn record_zeros(&mut self, times: u64) {
        self.count += times;
    }

    /// The number of values counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; `None` if there was none.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| {
            // In two parts, so that the mean of a constant is that constant.
            let count = u128::from(self.count);
            (self.sum / count) as f64 + (self.sum % count) as f64 / self.count as f64
        })
    }

    /// Their standard deviation (n − 1 in the denominator); `None` for fewer than two.
    #[must_use]
    pub fn deviation(&self) -> Option<f64> {
        (self.count > 1).then(|| {
            // n Σx² − (Σx)², in 256 bits: nothing cancels, and a constant has deviation 0 exactly.
            let all = multiply(self.squares, u128::from(self.count));
            let centred = subtract(all, multiply(self.sum, self.sum));
            let count = self.count as f64;
            (centred / count / (count - 1.0)).sqrt()
        })
    }

    /// Adds another collection.
    pub fn merge(&mut self, other: &Moments) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares = self.squares.saturating_add(other.squares);
    }
}

/// The product's upper and lower 128 bits.
fn multiply(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let (low, high) = (a0 * b0, a1 * b1);
    let (middle, carry) = (a1 * b0).overflowing_add(low >> 64);
    let (middle, another) = middle.overflowing_add(a0 * b1);
    let carry = u128::from(carry) + u128::from(another);
    ((high + (middle >> 64)) + (carry << 64), middle << 64 | low & LOW)
}

/// The difference of two 256-bit numbers; 0 if the second is the larger, as only a sum that stays
/// at its largest can make it.
fn subtract(a: (u128, u128), b: (u128, u128)) -> f64 {
    if a <= b {
        return 0.0;
    }
    let (low, borrow) = a.1.overflowing_sub(b.1);
    let high = a.0 - b.0 - u128::from(borrow);
    // Rounded, the largest is 2¹²⁸.
    high as f64 * u128::MAX as f64 + low as f64
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
    fn a_large_offset_costs_nothing() {
        let mut moments = Moments::default();
        for value in 1..=5 {
            moments.record(value + 100_000_000_000_000_000);
        }
        assert_eq!(moments.mean(), Some(100_000_000_000_000_003.0));
        assert!((moments.deviation().unwrap() - 2.5_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn products_carry() {
        assert_eq!(multiply(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(multiply(u128::MAX, 2), (1, u128::MAX - 1));
        assert_eq!(multiply(1 << 100, 1 << 100), (1 << 72, 0));
        assert_eq!(multiply(12, 12), (0, 144));
        assert_eq!(subtract((1, 0), (0, 1)), u128::MAX as f64);
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
