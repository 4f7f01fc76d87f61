//! Values with their intervals, in a column's units.

use super::number::money;
use crate::report::comparison::Measure;

/// Never more decimals than this.
const DECIMALS: usize = 6;

/// Decimals at which a half-width shows its first digit, at most `most`; without one, so that
/// `value` shows three.
fn decimals(value: f64, half_width: f64, most: usize) -> usize {
    let (number, digits) = if half_width > 0.0 { (half_width, 1) } else { (value.abs(), 3) };
    if number <= 0.0 {
        return 0;
    }
    let first = libm::floor(libm::log10(number)) as i32;
    usize::try_from(digits - 1 - first).unwrap_or(0).min(most)
}

/// The unit for values about as large as `value`: its name and size, and the decimals it may have.
fn unit(measure: Measure, value: f64) -> (&'static str, f64, usize) {
    match measure {
        Measure::Percent => ("", 0.01, 3),
        Measure::Number => ("", 1.0, 5),
        Measure::Money => ("", 1.0, DECIMALS),
        Measure::Seconds => match value.abs() {
            0.0..0.9995 => (" ms", 1e-3, 1),
            0.9995..120.0 => (" s", 1.0, 2),
            120.0..7200.0 => (" min", 60.0, 2),
            _ => (" h", 3600.0, 2),
        },
    }
}

/// `97.21 ±0.18`, in a unit that suits values like `like`; `0` if it is nothing at all.
pub(in crate::report) fn with_interval(
    measure: Measure,
    mean: f64,
    half_width: Option<f64>,
    like: f64,
) -> String {
    let (value, interval, name) = in_parts(measure, mean, half_width, like);
    format!("{value}{}{interval}{name}", if interval.is_empty() { "" } else { " " })
}

/// The same in parts: the mean, its interval if it has one, and their unit. What can't be below
/// nothing, nor a share above everything, has no such interval: its ends are given then,
/// `(0–198)`.
pub(in crate::report) fn in_parts(
    measure: Measure,
    mean: f64,
    half_width: Option<f64>,
    like: f64,
) -> (String, String, &'static str) {
    if mean == 0.0 && half_width.unwrap_or(0.0) == 0.0 {
        return (
            "0".to_owned(),
            String::new(),
            if measure == Measure::Seconds { " s" } else { "" },
        );
    }
    let (name, size, most) = unit(measure, like);
    let mean = mean / size;
    let Some(half_width) = half_width.map(|half_width| half_width / size) else {
        return (format!("{mean:.*}", decimals(mean, 0.0, most)), String::new(), name);
    };
    let mut decimals = decimals(mean, half_width, most);
    // Digits that show no width are noise: 1.000 ±<0.001.
    if mean.abs() >= 0.9995 && width(half_width, decimals).starts_with('<') {
        decimals = decimals.min(3);
    }
    let top = if measure == Measure::Percent && mean <= 100.0 { 100.0 } else { f64::INFINITY };
    let (low, high) = (mean - half_width, mean + half_width);
    let interval = if mean >= 0.0 && (low < 0.0 || high > top) {
        let end = |end: f64, limit: f64| {
            if end == limit { format!("{end}") } else { format!("{end:.decimals$}") }
        };
        format!("({}–{})", end(low.max(0.0), 0.0), end(high.min(top), top))
    } else {
        format!("±{}", width(half_width, decimals))
    };
    (format!("{mean:.decimals$}"), interval, name)
}

/// A half-width that isn't nothing doesn't look like nothing.
fn width(half_width: f64, decimals: usize) -> String {
    if half_width <= 0.0 {
        return "0".to_owned();
    }
    let text = format!("{half_width:.decimals$}");
    let nothing = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if nothing {
        let least = format!("{:.decimals$}", libm::pow(10.0, -(decimals as f64)));
        return format!("<{least}");
    }
    text
}

/// A value in words: `97.2 %`, `13.2 s`.
pub(in crate::report) fn alone(measure: Measure, value: f64, half_width: f64) -> String {
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
    let (value, half_width) = (value / size, half_width / size);
    format!("{value:.*}", decimals(value, half_width, most))
}

/// A difference and its half-width: `+3.12` and `±0.41`, in one unit.
pub(in crate::report) fn difference(
    measure: Measure,
    mean: f64,
    half_width: f64,
) -> (String, String) {
    let (name, size, most) = unit(measure, mean.abs().max(half_width));
    let (mean, half_width) = (mean / size, half_width / size);
    let decimals = decimals(mean, half_width, most);
    let text = format!("{:.decimals$}", mean.abs());
    // What is rounded to nothing has no sign.
    let is_nothing = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = match mean {
        _ if is_nothing => "",
        0.0.. => "+",
        _ => "-",
    };
    (format!("{sign}{text}{name}"), format!("±{}", width(half_width, decimals)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_digits_as_mean_something() {
        let set = |measure, mean, half| with_interval(measure, mean, Some(half), mean);
        assert_eq!(set(Measure::Percent, 0.972_14, 0.001_8), "97.2 ±0.2");
        assert_eq!(set(Measure::Percent, 0.972_14, 0.000_4), "97.21 ±0.04");
        assert_eq!(set(Measure::Percent, 0.972_14, 0.000_001), "97.214 ±<0.001");
        assert_eq!(set(Measure::Percent, 0.354, 0.12), "35 ±12");
        assert_eq!(set(Measure::Number, 1.023_4, 0.002), "1.023 ±0.002");
        assert_eq!(set(Measure::Money, 0.008_42, 0.000_03), "0.00842 ±0.00003");
        assert_eq!(set(Measure::Seconds, 13.24, 0.41), "13.2 ±0.4 s");
        assert_eq!(set(Measure::Seconds, 1324.0, 41.0), "22.1 ±0.7 min");
        assert_eq!(set(Measure::Seconds, 0.324, 0.041), "324 ±41 ms");
        assert_eq!(set(Measure::Percent, 0.099, 0.172), "10 (0–27)");
        assert_eq!(set(Measure::Percent, 0.998, 0.005), "99.8 (99.3–100)");
        assert_eq!(set(Measure::Seconds, 0.000_02, 0.198), "0 (0–198) ms");
        assert_eq!(set(Measure::Number, -0.5, 0.7), "-0.5 ±0.7");
        assert_eq!(set(Measure::Number, 1.000_000_4, 9e-7), "1.000 ±<0.001");
        assert_eq!(set(Measure::Number, 1.003_77, 0.000_05), "1.00377 ±0.00005");
        assert_eq!(set(Measure::Number, 0.012_34, 0.000_05), "0.01234 ±0.00005");
        assert_eq!(with_interval(Measure::Seconds, 107.307, Some(6.568), 107.0), "107 ±7 s");
        assert_eq!(with_interval(Measure::Percent, 0.972_14, None, 0.97), "97.2");
        assert_eq!(with_interval(Measure::Seconds, 13.24, None, 13.24), "13.2 s");
        assert_eq!(set(Measure::Percent, 0.0, 0.0), "0");
        assert_eq!(set(Measure::Seconds, 0.0, 0.0), "0 s");
        assert_eq!(set(Measure::Number, 3.0, 0.0), "3.00 ±0");
        assert_eq!(set(Measure::Money, 0.008_421_7, 0.0), "0.00842 ±0");
        assert_eq!(with_interval(Measure::Seconds, 148.2, Some(3.6), 118.0), "148 ±4 s");
        assert_eq!(alone(Measure::Percent, 0.972_14, 0.001_8), "97.2 %");
        assert_eq!(alone(Measure::Seconds, 13.24, 0.41), "13.2 s");
    }

    #[test]
    fn differences_have_a_sign() {
        let set = |mean, half| difference(Measure::Percent, mean, half);
        assert_eq!(set(0.031_2, 0.004_1), ("+3.1".to_owned(), "±0.4".to_owned()));
        assert_eq!(set(-0.031_2, 0.004_1), ("-3.1".to_owned(), "±0.4".to_owned()));
        assert_eq!(set(0.0, 0.0), ("0".to_owned(), "±0".to_owned()));
        let wait = difference(Measure::Seconds, -0.2, 1.5);
        assert_eq!(wait, ("0 s".to_owned(), "±2".to_owned()));
    }
}
