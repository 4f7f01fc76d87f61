//! Mean and variance of real numbers, one after another.

use super::interval::half_width;

/// Running mean and sum of squared distances from it.
///
/// Welford (1962), *Note on a method for calculating corrected sums of squares and products*,
/// Technometrics 4(3). Equal values have variance 0 exactly. Depends on the order of the values:
/// push them in a fixed one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Running {
    n: u64,
    mean: f64,
    squares: f64,
}

impl Running {
    /// Counts one value.
    pub fn push(&mut self, value: f64) {
        self.n += 1;
        let distance = value - self.mean;
        self.mean += distance / self.n as f64;
        self.squares += distance * (value - self.mean);
    }

    /// The number of values.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Their mean; `None` if there was none.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then_some(self.mean)
    }

    /// Their variance (n − 1 in the denominator); `None` for fewer than two.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| self.squares.max(0.0) / (self.n - 1) as f64)
    }

    /// Half the width of the two-sided Student's t interval that misses the true mean with a
    /// probability of `error`, in (0, 1); `None` for fewer than two values.
    #[must_use]
    pub fn half_width(&self, error: f64) -> Option<f64> {
        Some(half_width(self.variance()?, self.n as f64, 1.0 - 0.5 * error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Running {
        let mut running = Running::default();
        values.iter().for_each(|&value| running.push(value));
        running
    }

    #[test]
    fn of_four_values() {
        let running = of(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!((running.n(), running.mean()), (4, Some(2.5)));
        assert!((running.variance().unwrap() - 5.0 / 3.0).abs() < 1e-15);
        // t(0.975, 3) = 3.182446, t(0.99375, 3) = 5.391945: 95 %, and 95 % shared by four
        let root = libm::sqrt(5.0 / 3.0) / 2.0;
        assert!((running.half_width(0.05).unwrap() - 3.182_446_305 * root).abs() < 1e-8);
        assert!((running.half_width(0.05 / 4.0).unwrap() - 5.391_945 * root).abs() < 1e-5);
    }

    #[test]
    fn a_constant_has_no_width() {
        let running = of(&[0.1; 20]);
        assert_eq!((running.mean(), running.half_width(0.05)), (Some(0.1), Some(0.0)));
        assert_eq!((of(&[]).mean(), of(&[2.0]).half_width(0.05)), (None, None));
    }

    #[test]
    fn a_large_offset_costs_nothing() {
        let near: Vec<f64> = [1.0, 2.0, 4.0].map(|value| value + 1e9).into();
        assert!((of(&near).variance().unwrap() - 7.0 / 3.0).abs() < 1e-5);
    }
}
