//! Values in their units, with their intervals.

use super::{
    fine_span, is_nothing, minus, money, percent, plain, plus_minus, share_interval, short, used,
};
use crate::report::Unit;
use crate::report::read::Figure;

/// Never more decimals than this.
const DECIMALS: usize = 6;
/// Less is rounding, not spread.
const ROUNDING: f64 = 1e-9;

/// Decimals at which a half-width shows its first digit, at most `most`; without one, so that
/// `value` shows three.
fn decimals(value: f64, half_width: f64, most: usize) -> usize {
    let (number, digits) = if half_width > 0.0 { (half_width, 1) } else { (value.abs(), 3) };
    super::decimals(number, digits).min(most)
}

/// The unit for values about as large as `value`: its name and size, and the decimals it may have.
fn scale(unit: Unit, value: f64) -> (&'static str, f64, usize) {
    match unit {
        Unit::Share | Unit::Points => ("", 0.01, 3),
        Unit::Number | Unit::PerSecond => ("", 1.0, 5),
        Unit::Money => ("", 1.0, DECIMALS),
        Unit::Seconds => match value.abs() {
            0.0..0.9995 => (" ms", 1e-3, 1),
            0.9995..120.0 => (" s", 1.0, 2),
            120.0..7200.0 => (" min", 60.0, 2),
            _ => (" h", 3600.0, 2),
        },
    }
}

/// `97.21 ±0.18`, in a unit that suits values like `like`; `0` if it is nothing at all.
pub(in crate::report) fn with_interval(
    unit: Unit,
    mean: f64,
    half_width: Option<f64>,
    like: f64,
) -> String {
    let (value, interval, name) = in_parts(unit, mean, half_width, like);
    format!("{value}{}{interval}{name}", if interval.is_empty() { "" } else { " " })
}

/// The same in parts: the mean, its interval if it has one, and their unit. What can't be below
/// nothing, nor a share above everything, has no such interval: its ends are given then,
/// `(0–198)`.
fn in_parts(
    unit: Unit,
    mean: f64,
    half_width: Option<f64>,
    like: f64,
) -> (String, String, &'static str) {
    if mean == 0.0 && half_width.unwrap_or(0.0) == 0.0 {
        return ("0".to_owned(), String::new(), if unit == Unit::Seconds { " s" } else { "" });
    }
    let (name, size, most) = scale(unit, like);
    let mean = mean / size;
    let Some(half_width) = half_width.map(|half_width| half_width / size) else {
        return (format!("{mean:.*}", decimals(mean, 0.0, most)), String::new(), name);
    };
    let mut decimals = decimals(mean, half_width, most);
    // Digits that show no width are noise: 1.000 ±<0.001.
    if mean.abs() >= 0.9995 && width(half_width, decimals).starts_with('<') {
        decimals = decimals.min(3);
    }
    let top = if unit == Unit::Share && mean <= 100.0 { 100.0 } else { f64::INFINITY };
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
    if is_nothing(&text) {
        let least = format!("{:.decimals$}", libm::pow(10.0, -(decimals as f64)));
        return format!("<{least}");
    }
    text
}

/// A value in words: `97.2 %`, `13.2 s`.
pub(in crate::report) fn alone(unit: Unit, value: f64, half_width: f64) -> String {
    match unit {
        Unit::Money => money(value),
        Unit::Share => format!("{} %", bare(unit, value, half_width)),
        _ => {
            let (name, ..) = scale(unit, value);
            format!("{}{name}", bare(unit, value, half_width))
        }
    }
}

fn bare(unit: Unit, value: f64, half_width: f64) -> String {
    let (_, size, most) = scale(unit, value);
    let (value, half_width) = (value / size, half_width / size);
    format!("{value:.*}", decimals(value, half_width, most))
}

/// A difference and its half-width: `+3.12` and `±0.41`, in one unit.
pub(in crate::report) fn difference(unit: Unit, mean: f64, half_width: f64) -> (String, String) {
    let (name, size, most) = scale(unit, mean.abs().max(half_width));
    let (mean, half_width) = (mean / size, half_width / size);
    let decimals = decimals(mean, half_width, most);
    let text = format!("{:.decimals$}", mean.abs());
    // What is rounded to nothing has no sign.
    let sign = match mean {
        _ if is_nothing(&text) => "",
        0.0.. => "+",
        _ => "-",
    };
    (format!("{sign}{text}{name}"), format!("±{}", width(half_width, decimals)))
}

/// A value in its unit: `95.2 %`, `12 s`, `1,234`.
pub(in crate::report) fn value(unit: Unit, value: f64) -> String {
    match unit {
        // Of shares only those of a limit go so far beyond it.
        Unit::Share => used(value),
        Unit::Points => points(value, None).0,
        Unit::Seconds => fine_span(value),
        Unit::Money => money(value),
        Unit::PerSecond | Unit::Number => plain(value),
    }
}

/// A value in its unit, and what is to be held against it (`± 0.3`), if that is known.
pub(in crate::report) fn with_half_width(
    unit: Unit,
    figure: Figure,
) -> Option<(String, Option<String>)> {
    let mean = figure.value?;
    let Some(half_width) = figure.half_width.filter(|&half_width| half_width > ROUNDING) else {
        return Some((value(unit, mean), None));
    };
    let is_large = mean.abs().max(half_width) >= 1000.0 && mean.abs() >= half_width;
    let (mean, half_width) = match unit {
        Unit::Share => (percent(mean), share_interval(mean, half_width)),
        Unit::Number | Unit::PerSecond if is_large => {
            (plain(libm::round(mean)), format!("± {}", plain(half_width)))
        }
        _ => {
            let (mean, interval, name) = in_parts(unit, mean, Some(half_width), mean);
            let interval = match interval.strip_suffix(')') {
                Some(range) => format!("{range}{name})"),
                None => format!("{}{name}", interval.replacen('±', "± ", 1)),
            };
            (format!("{mean}{name}"), interval)
        }
    };
    Some((mean, Some(half_width)))
}

/// A difference with its sign, and its half-width. Of shares in percentage points.
pub(in crate::report) fn signed_with_interval(
    unit: Unit,
    mean: f64,
    half_width: Option<f64>,
) -> (String, String) {
    if unit == Unit::Share {
        return points(mean, half_width);
    }
    let (mean, half) = difference(unit, mean, half_width.unwrap_or(0.0));
    let half = if half_width.is_some() { half.replacen('±', "± ", 1) } else { String::new() };
    (minus(&mean), half)
}

/// A difference of shares in percentage points, with as many decimals as its half-width.
fn points(mean: f64, half_width: Option<f64>) -> (String, String) {
    let half_width = half_width.filter(|&half_width| half_width > ROUNDING);
    let half = half_width.map(plus_minus).unwrap_or_default();
    if mean.abs() <= ROUNDING {
        return ("0".to_owned(), half);
    }
    let size = half_width.unwrap_or(mean.abs());
    let decimals = if size >= 0.000_95 { 1 } else { 2 };
    let text = format!("{:.decimals$}", mean.abs() * 100.0);
    let sign = match mean {
        _ if is_nothing(&text) => "",
        0.0.. => "+",
        _ => "−",
    };
    (format!("{sign}{text}"), half)
}

/// A value in its unit and in few characters: `31.2 %`, `340 k/s`.
pub(in crate::report) fn write(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share if value < 0.0 => format!("−{}", percent(-value)),
        Unit::Share => percent(value),
        Unit::Points => {
            let (text, _) = points(value, None);
            let text = text.trim_start_matches('+');
            format!("{} pt", if is_nothing(text) { "0" } else { text })
        }
        Unit::Seconds if value < 0.0 => format!("−{}", fine_span(-value)),
        Unit::Seconds => fine_span(value),
        Unit::PerSecond => format!("{}/s", short(value)),
        Unit::Money => minus(&money(value)),
        Unit::Number => short(value),
    }
}

/// A difference, with its sign.
fn signed(unit: Unit, value: f64) -> String {
    let text = write(unit.of_differences(), value);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// A difference, with its sign and what is to be held against it: `−8.0 pt ± 0.4 pt`.
pub(in crate::report) fn change(unit: Unit, figure: Figure) -> String {
    let mean = figure.value.map_or("not defined".to_owned(), |mean| signed(unit, mean));
    match figure.half_width.filter(|&half| half > 0.0 && figure.value.is_some()) {
        Some(half) => format!("{mean} ± {}", write(unit.of_differences(), half)),
        None => mean,
    }
}

/// The ends of an interval: a share stays one, and what is not below 0 doesn't get there.
pub(in crate::report) fn ends(unit: Unit, figure: Figure) -> Option<(f64, f64)> {
    let (mean, half) = (figure.value?, figure.half_width.filter(|&half| half > 0.0)?);
    let least = if mean >= 0.0 { 0.0 } else { f64::NEG_INFINITY };
    let most = if unit == Unit::Share && mean <= 1.0 { 1.0 } else { f64::INFINITY };
    Some(((mean - half).max(least), (mean + half).min(most)))
}

/// `31.2 % ± 0.4`.
pub(in crate::report) fn known(unit: Unit, figure: Figure) -> String {
    let Some(mean) = figure.value else {
        return "not defined".to_owned();
    };
    match figure.half_width.filter(|&half_width| half_width > 1e-12) {
        Some(half_width) if unit == Unit::Share => {
            format!("{} {}", percent(mean), share_interval(mean, half_width))
        }
        Some(half_width) if (0.0..half_width).contains(&mean) => {
            format!("{} (0–{})", write(unit, mean), write(unit, mean + half_width))
        }
        Some(half_width) => format!("{} ± {}", write(unit, mean), write(unit, half_width)),
        None => write(unit, mean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_digits_as_mean_something() {
        let set = |unit, mean, half| with_interval(unit, mean, Some(half), mean);
        assert_eq!(set(Unit::Share, 0.972_14, 0.001_8), "97.2 ±0.2");
        assert_eq!(set(Unit::Share, 0.972_14, 0.000_4), "97.21 ±0.04");
        assert_eq!(set(Unit::Share, 0.972_14, 0.000_001), "97.214 ±<0.001");
        assert_eq!(set(Unit::Share, 0.354, 0.12), "35 ±12");
        assert_eq!(set(Unit::Number, 1.023_4, 0.002), "1.023 ±0.002");
        assert_eq!(set(Unit::Money, 0.008_42, 0.000_03), "0.00842 ±0.00003");
        assert_eq!(set(Unit::Seconds, 13.24, 0.41), "13.2 ±0.4 s");
        assert_eq!(set(Unit::Seconds, 1324.0, 41.0), "22.1 ±0.7 min");
        assert_eq!(set(Unit::Seconds, 0.324, 0.041), "324 ±41 ms");
        assert_eq!(set(Unit::Share, 0.099, 0.172), "10 (0–27)");
        assert_eq!(set(Unit::Share, 0.998, 0.005), "99.8 (99.3–100)");
        assert_eq!(set(Unit::Seconds, 0.000_02, 0.198), "0 (0–198) ms");
        assert_eq!(set(Unit::Number, -0.5, 0.7), "-0.5 ±0.7");
        assert_eq!(set(Unit::Number, 1.000_000_4, 9e-7), "1.000 ±<0.001");
        assert_eq!(set(Unit::Number, 1.003_77, 0.000_05), "1.00377 ±0.00005");
        assert_eq!(set(Unit::Number, 0.012_34, 0.000_05), "0.01234 ±0.00005");
        assert_eq!(with_interval(Unit::Seconds, 107.307, Some(6.568), 107.0), "107 ±7 s");
        assert_eq!(with_interval(Unit::Share, 0.972_14, None, 0.97), "97.2");
        assert_eq!(with_interval(Unit::Seconds, 13.24, None, 13.24), "13.2 s");
        assert_eq!(set(Unit::Share, 0.0, 0.0), "0");
        assert_eq!(set(Unit::Seconds, 0.0, 0.0), "0 s");
        assert_eq!(set(Unit::Number, 3.0, 0.0), "3.00 ±0");
        assert_eq!(set(Unit::Money, 0.008_421_7, 0.0), "0.00842 ±0");
        assert_eq!(with_interval(Unit::Seconds, 148.2, Some(3.6), 118.0), "148 ±4 s");
        assert_eq!(alone(Unit::Share, 0.972_14, 0.001_8), "97.2 %");
        assert_eq!(alone(Unit::Seconds, 13.24, 0.41), "13.2 s");
    }

    #[test]
    fn differences_have_a_sign() {
        let set = |mean, half| difference(Unit::Share, mean, half);
        assert_eq!(set(0.031_2, 0.004_1), ("+3.1".to_owned(), "±0.4".to_owned()));
        assert_eq!(set(-0.031_2, 0.004_1), ("-3.1".to_owned(), "±0.4".to_owned()));
        assert_eq!(set(0.0, 0.0), ("0".to_owned(), "±0".to_owned()));
        let wait = difference(Unit::Seconds, -0.2, 1.5);
        assert_eq!(wait, ("0 s".to_owned(), "±2".to_owned()));
    }

    #[test]
    fn pages_have_them_in_two_parts() {
        let of = |unit, value, half_width| {
            let figure = Figure { value: Some(value), half_width: Some(half_width) };
            let (value, half) = with_half_width(unit, figure).unwrap();
            format!("{value} {}", half.unwrap_or_default())
        };
        assert_eq!(of(Unit::Share, 0.951, 0.0031), "95.1 % ± 0.3");
        assert_eq!(of(Unit::Seconds, 12.84, 0.47), "12.8 s ± 0.5 s");
        assert_eq!(of(Unit::Number, 8505.5, 131.8), "8,506 ± 132");
        assert_eq!(of(Unit::Number, 1.0214, 0.002), "1.021 ± 0.002");
        assert_eq!(of(Unit::Seconds, 0.000_02, 0.198), "0 ms (0–198 ms)");
        assert_eq!(of(Unit::Share, 0.099, 0.172), "9.9 % (0–27.1 %)");
        assert_eq!(of(Unit::Share, 0.0, 0.0), "0 % ");
        assert_eq!(with_half_width(Unit::Share, Figure::default()), None);
        let of = signed_with_interval;
        assert_eq!(of(Unit::Share, -0.031_2, Some(0.004_1)), ("−3.1".into(), "± 0.4".into()));
        assert_eq!(of(Unit::Share, 0.05, Some(0.01)).0, "+5.0");
        assert_eq!(of(Unit::Share, 0.000_312, Some(0.000_041)).0, "+0.03");
        assert_eq!(of(Unit::Share, -0.000_001, Some(0.01)), ("0.0".into(), "± 1.0".into()));
        assert_eq!(of(Unit::Share, 0.0, Some(0.0)), ("0".into(), String::new()));
        assert_eq!(of(Unit::Seconds, -0.2, Some(0.1)).0, "−200 ms");
    }

    #[test]
    fn charts_have_them_in_few_characters() {
        let figure =
            |value, half_width| Figure { value: Some(value), half_width: Some(half_width) };
        assert_eq!(known(Unit::Share, figure(0.312, 0.004)), "31.2 % ± 0.4");
        assert_eq!(signed(Unit::Share, -0.031), "−3.1 pt");
        assert_eq!(signed(Unit::Share, 0.024_51), "+2.5 pt");
        assert_eq!(signed(Unit::Share, 0.000_3), "+0.03 pt");
        assert_eq!(signed(Unit::Seconds, 2.0), "+2.00 s");
        assert_eq!(known(Unit::Share, Figure::default()), "not defined");
        assert_eq!(known(Unit::Share, figure(0.354, 0.5)), "35.4 % (0–85.4 %)");
        assert_eq!(known(Unit::Seconds, figure(0.001, 0.198)), "1.00 ms (0–199 ms)");
        assert_eq!(ends(Unit::Share, figure(0.5, 0.75)), Some((0.0, 1.0)));
        assert_eq!(ends(Unit::Seconds, figure(0.5, 0.75)), Some((0.0, 1.25)));
    }
}
