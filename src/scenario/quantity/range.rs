//! Ranges: `lo..hi`, in equal steps or equal factors.

use super::Quantity;

/// From a number to a larger one, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The smaller end.
    pub low: f64,
    /// The larger one.
    pub high: f64,
    /// Number of values that were asked for, if it was said; at least 2.
    pub steps: Option<usize>,
    /// `true` if a step is a factor rather than a summand; then `low` is above 0.
    pub log: bool,
}

/// Digits of the values between the ends: more would only be noise to read.
const DIGITS: usize = 6;
/// Rounding may move a value by so much of a step.
const SLACK: f64 = 1e-3;

impl Range {
    /// Its values, ascending, `steps` of them unless [`Self::steps`] says otherwise; fewer where
    /// two become the same because the quantity is a whole number.
    #[must_use]
    pub fn values(&self, quantity: Quantity, steps: usize) -> Vec<f64> {
        let steps = self.steps.unwrap_or(steps).max(2);
        let last = (steps - 1) as f64;
        let place = |index: usize| {
            let part = index as f64 / last;
            if self.log {
                self.low * libm::exp(part * libm::log(self.high / self.low))
            } else {
                self.low + part * (self.high - self.low)
            }
        };
        let mut values = Vec::with_capacity(steps);
        for index in 0..steps {
            let value = match index {
                0 => self.low,
                _ if index == steps - 1 => self.high,
                _ => short(place(index), place(index) - place(index - 1)),
            };
            let value = quantity.round(value);
            if values.last().is_none_or(|before| *before < value) {
                values.push(value);
            }
        }
        values
    }
}

/// The number with fewer digits, if that is near enough for a step of `step`.
fn short(number: f64, step: f64) -> f64 {
    match format!("{number:.*e}", DIGITS - 1).parse::<f64>() {
        Ok(short) if (short - number).abs() <= SLACK * step => short,
        _ => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(low: f64, high: f64, log: bool) -> Range {
        Range { low, high, steps: None, log }
    }

    #[test]
    fn both_ends_are_values_and_steps_are_equal() {
        let values = range(0.0, 1.0, false).values(Quantity::Share, 6);
        assert_eq!(values, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        let values = range(1.0, 1000.0, true).values(Quantity::Number, 7);
        assert_eq!(values, [1.0, 3.16228, 10.0, 31.6228, 100.0, 316.228, 1000.0]);
        let said = Range { steps: Some(2), ..range(0.1, 0.7, false) };
        assert_eq!(said.values(Quantity::Number, 9), [0.1, 0.7]);
    }

    #[test]
    fn whole_numbers_stay_whole_and_come_once() {
        assert_eq!(range(1.0, 4.0, false).values(Quantity::Integer, 9), [1.0, 2.0, 3.0, 4.0]);
        let values = range(1.0, 64.0, true).values(Quantity::Integer, 7);
        assert_eq!(values, [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]);
    }

    #[test]
    fn a_narrow_range_far_from_zero_keeps_its_steps() {
        let values = range(1_000_000.0, 1_000_001.0, false).values(Quantity::Number, 3);
        assert_eq!(values, [1_000_000.0, 1_000_000.5, 1_000_001.0]);
    }
}
