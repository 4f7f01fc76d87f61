//! Values with their intervals, in a column's units.

use super::super::number::money;
use crate::report::comparison::Measure;

/// Never more decimals than this.
const DECIMALS: usize = 6;

/// Decimals at which a half-width shows its first digit, at most `most`.
fn decimals(half_width: f64, most: usize) -> usize {
    if half_width <= 0.0 {
        return most.min(2);
    }
    let first = -libm::floor(libm::log10(half_width));
    (first.max(0.0) as usize).min(most)
}

/// The unit for values about as large as `value`: its name and size, and the decimals it may have.
fn unit(measure: Measure, value: f64) -> (&'static str, f64, usize) {
    match measure {
        Measure::Percent => ("", 0.01, 2),
        Measure::Number => ("", 1.0, 3),
        Measure::Money => ("", 1.0, DECIMALS),
        Measure::Seconds => match value.abs() {
            0.0..0.9995 => (" ms", 1e-3, 1),
            0.9995..120.0 => (" s", 1.0, 2),
            120.0..7200.0 => (" min", 60.0, 2),
            _ => (" h", 3600.0, 2),
        },
    }
}

/// `97.21 ±0.18`; nothing at all is a dot.
pub(super) fn with_interval(measure: Measure, mean: f64, half_width: Option<f64>) -> String {
    let half_width = half_width.unwrap_or(0.0);
    if mean == 0.0 && half_width == 0.0 {
        return "·".to_owned();
    }
    let (name, size, most) = unit(measure, mean);
    let decimals = decimals(half_width / size, most);
    let number = format!("{:.decimals$}", mean / size);
    format!("{number} ±{}{name}", width(half_width / size, decimals))
}

/// A half-width that isn't nothing doesn't look like nothing.
fn width(half_width: f64, decimals: usize) -> String {
    let text = format!("{half_width:.decimals$}");
    let nothing = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if nothing && half_width > 0.0 {
        let least = format!("{:.decimals$}", libm::pow(10.0, -(decimals as f64)));
        return format!("<{least}");
    }
    text
}

/// A value in words: `97.2 %`, `13.2 s`.
pub(super) fn alone(measure: Measure, value: f64, half_width: f64) -> String {
    match measure {
        Measure::Money => money(value),
        Measure::Percent => format!("{} %", bare(measure, value, half_width)),
        _ => {
            let (name, ..) = unit(measure, value);
            format!("{}{name}", bare(measure, value, half_width))
        }
    }
}

fn bare(measure: Measure, value: f64, half_width: f64) -> String {
    let (_, size, most) = unit(measure, value);
    format!("{:.*}", decimals(half_width / size, most), value / size)
}

/// A difference and its half-width: `+3.12` and `±0.41`, in one unit.
pub(super) fn difference(measure: Measure, mean: f64, half_width: f64) -> (String, String) {
    let (name, size, most) = unit(measure, mean.abs().max(half_width));
    let decimals = decimals(half_width / size, most);
    let sign = if mean == 0.0 { "" } else { "+" };
    let number = if mean > 0.0 {
        format!("{sign}{:.decimals$}{name}", mean / size)
    } else {
        format!("{:.decimals$}{name}", mean / size)
    };
    (number, format!("±{}", width(half_width / size, decimals)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_digits_as_mean_something() {
        let set = |measure, mean, half| with_interval(measure, mean, Some(half));
        assert_eq!(set(Measure::Percent, 0.972_14, 0.001_8), "97.2 ±0.2");
        assert_eq!(set(Measure::Percent, 0.972_14, 0.000_4), "97.21 ±0.04");
        assert_eq!(set(Measure::Percent, 0.972_14, 0.000_001), "97.21 ±<0.01");
        assert_eq!(set(Measure::Percent, 0.354, 0.12), "35 ±12");
        assert_eq!(set(Measure::Number, 1.023_4, 0.002), "1.023 ±0.002");
        assert_eq!(set(Measure::Money, 0.008_42, 0.000_03), "0.00842 ±0.00003");
        assert_eq!(set(Measure::Seconds, 13.24, 0.41), "13.2 ±0.4 s");
        assert_eq!(set(Measure::Seconds, 1324.0, 41.0), "22.1 ±0.7 min");
        assert_eq!(set(Measure::Seconds, 0.324, 0.041), "324 ±41 ms");
        assert_eq!(set(Measure::Percent, 0.0, 0.0), "·");
        assert_eq!(set(Measure::Number, 3.0, 0.0), "3.00 ±0.00");
        assert_eq!(alone(Measure::Percent, 0.972_14, 0.001_8), "97.2 %");
        assert_eq!(alone(Measure::Seconds, 13.24, 0.41), "13.2 s");
    }

    #[test]
    fn differences_have_a_sign() {
        let set = |mean, half| difference(Measure::Percent, mean, half);
        assert_eq!(set(0.031_2, 0.004_1), ("+3.1".to_owned(), "±0.4".to_owned()));
        assert_eq!(set(-0.031_2, 0.004_1), ("-3.1".to_owned(), "±0.4".to_owned()));
        assert_eq!(set(0.0, 0.0), ("0.00".to_owned(), "±0.00".to_owned()));
        let wait = difference(Measure::Seconds, -0.2, 1.5);
        assert_eq!(wait, ("-0 s".to_owned(), "±2".to_owned()));
    }
}
