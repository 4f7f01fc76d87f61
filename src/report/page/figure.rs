//! Figures of a run or of a cell, as people read them.

use crate::report::comparison::Measure;
use crate::report::read;
use crate::report::table::measured::{difference, in_parts};
use crate::report::table::number;
use crate::report::{Unit, Value, unit};

/// Less is rounding, not spread.
const ROUNDING: f64 = 1e-9;

/// A figure and half its 95 % interval, as far as there are such.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Figure {
    pub(super) value: Option<f64>,
    pub(super) half_width: Option<f64>,
}

impl Figure {
    /// What is lacking of the whole: 1 − the share, as sure as that.
    pub(super) fn complement(self) -> Figure {
        Figure { value: self.value.map(|value| 1.0 - value), ..self }
    }
}

/// Where figures are read from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'tree> {
    /// A whole `report.json`.
    Run(&'tree Value),
    /// A cell's `metrics`.
    Cell(&'tree Value),
}

impl Source<'_> {
    /// The figure at a path of the report.
    pub(super) fn figure(self, path: &str) -> Figure {
        match self {
            Source::Run(report) => Figure {
                value: read::number(report, path),
                half_width: report
                    .get("estimates")
                    .and_then(|estimates| estimates.get(path))
                    .and_then(|estimate| read::number(estimate, "half_width")),
            },
            Source::Cell(metrics) => {
                let metric = metrics.get(path);
                let number = |key| metric.and_then(|metric| read::number(metric, key));
                Figure { value: number("mean"), half_width: number("half_width") }
            }
        }
    }

    pub(super) fn value(self, path: &str) -> Option<f64> {
        self.figure(path).value
    }
}

/// A value in its unit: `95.2 %`, `12 s`, `1,234`.
pub(super) fn shown(unit: Unit, value: f64) -> String {
    match unit {
        // Of shares only those of a limit go so far beyond it.
        Unit::Share => number::used(value),
        Unit::Seconds => number::fine_span(value),
        Unit::Money => number::money(value),
        Unit::Number => plain(value),
    }
}

/// A value in its unit, and what is to be held against it (`± 0.3`), if that is known.
pub(super) fn with_half_width(unit: Unit, figure: Figure) -> Option<(String, Option<String>)> {
    let value = figure.value?;
    let Some(half_width) = figure.half_width.filter(|&half_width| half_width > ROUNDING) else {
        return Some((shown(unit, value), None));
    };
    let (value, half_width) = match unit {
        Unit::Share => (number::percent(value), number::share_interval(value, half_width)),
        Unit::Number if value.abs().max(half_width) >= 1000.0 && value.abs() >= half_width => {
            (plain(libm::round(value)), format!("± {}", plain(half_width)))
        }
        _ => {
            let (value, interval, unit) = in_parts(measure(unit), value, Some(half_width), value);
            let interval = match interval.strip_suffix(')') {
                Some(range) => format!("{range}{unit})"),
                None => format!("{}{unit}", interval.replacen('±', "± ", 1)),
            };
            (format!("{value}{unit}"), interval)
        }
    };
    Some((value, Some(half_width)))
}

/// A difference with its sign, and its half-width. Of shares in percentage points.
pub(super) fn differing(unit: Unit, mean: f64, half_width: Option<f64>) -> (String, String) {
    if unit == Unit::Share {
        return points(mean, half_width);
    }
    let (mean, half) = difference(measure(unit), mean, half_width.unwrap_or(0.0));
    let half = if half_width.is_some() { half.replacen('±', "± ", 1) } else { String::new() };
    (mean.replacen('-', "−", 1), half)
}

/// A difference of shares in percentage points, with as many decimals as its half-width.
fn points(mean: f64, half_width: Option<f64>) -> (String, String) {
    let half_width = half_width.filter(|&half_width| half_width > ROUNDING);
    let half = half_width.map(number::plus_minus).unwrap_or_default();
    let size = half_width.unwrap_or(mean.abs());
    let decimals = if size >= 0.000_95 || size <= 0.0 { 1 } else { 2 };
    let text = format!("{:.decimals$}", mean.abs() * 100.0);
    let is_nothing = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = match mean {
        _ if is_nothing => "",
        0.0.. => "+",
        _ => "−",
    };
    if mean.abs() <= ROUNDING {
        return ("0".to_owned(), half);
    }
    (format!("{sign}{text}"), half)
}

/// The unit of the figure at `path`.
pub(super) fn of(path: &str) -> Unit {
    unit(path)
}

/// A plain number: whole ones grouped, others with three digits that mean something.
pub(super) fn plain(value: f64) -> String {
    let size = value.abs();
    let sign = if value < 0.0 { "−" } else { "" };
    let decimals = match size {
        _ if size == libm::trunc(size) => 0,
        0.0..1.0 => return format!("{sign}{}", small(size)),
        1.0..10.0 => 2,
        10.0..100.0 => 1,
        _ => 0,
    };
    if decimals > 0 {
        return format!("{sign}{size:.decimals$}");
    }
    // Beyond that a float is no count.
    if size < 9e15 {
        return format!("{sign}{}", number::count(libm::round(size) as u64));
    }
    format!("{sign}{size:e}")
}

fn small(size: f64) -> String {
    let first = -libm::floor(libm::log10(size)) as i32;
    let decimals = usize::try_from(first + 2).unwrap_or(3).min(9);
    let text = format!("{size:.decimals$}");
    if text.bytes().all(|byte| matches!(byte, b'0' | b'.')) { format!("{size:e}") } else { text }
}

fn measure(unit: Unit) -> Measure {
    match unit {
        Unit::Share => Measure::Percent,
        Unit::Seconds => Measure::Seconds,
        Unit::Money => Measure::Money,
        Unit::Number => Measure::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_read_them() {
        for (value, text) in [
            (0.0, "0"),
            (1_234_567.0, "1,234,567"),
            (-3.0, "−3"),
            (0.891_37, "0.891"),
            (0.000_123_4, "0.000123"),
            (5.0891, "5.09"),
            (50.31, "50.3"),
            (12_345.6, "12,346"),
            (1e-12, "1e-12"),
            (1e18, "1e18"),
        ] {
            assert_eq!(plain(value), text);
        }
    }

    #[test]
    fn intervals_go_with_their_values() {
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
        let (mean, half) = differing(Unit::Share, -0.031_2, Some(0.004_1));
        assert_eq!((mean.as_str(), half.as_str()), ("−3.1", "± 0.4"));
        assert_eq!(differing(Unit::Share, 0.05, Some(0.01)).0, "+5.0");
        assert_eq!(differing(Unit::Share, 0.000_312, Some(0.000_041)).0, "+0.03");
        assert_eq!(differing(Unit::Share, -0.000_001, Some(0.01)), ("0.0".into(), "± 1.0".into()));
        assert_eq!(differing(Unit::Share, 0.0, Some(0.0)), ("0".into(), String::new()));
        assert_eq!(differing(Unit::Seconds, -0.2, Some(0.1)).0, "−200 ms");
    }
}
