//! Linear axes.

use super::{Axis, Scale, Tick};
use crate::kernel::SECOND;
use crate::report::Unit;
use crate::report::number::length;
use crate::report::number::short;

/// Ticks on an axis, about, and on a short one.
const TICKS: f64 = 5.0;
const FEW: f64 = 3.0;
/// Beyond these there is no arithmetic of ticks.
const SMALLEST: f64 = 1e-12;
const LARGEST: f64 = 1e300;
/// An axis has its zero if that leaves no more of it empty than this.
const EMPTY: f64 = 0.4;

/// Spans that a person counts in, in seconds.
const STEPS: [f64; 27] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0,
    120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14_400.0, 21_600.0, 43_200.0, 86_400.0,
];

impl Axis {
    /// From 0, or the least value if that is less, to the greatest, on whole ticks.
    pub(in super::super) fn of(unit: Unit, values: impl Iterator<Item = f64>) -> Axis {
        linear(unit, values.chain([0.0]), TICKS)
    }

    /// The same with few ticks. Unless it is to have it, the zero is left out where it is far from
    /// the values.
    pub(in super::super) fn few(unit: Unit, values: impl Iterator<Item = f64>, zero: bool) -> Axis {
        let values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(0.0_f64, f64::max);
        let near = values.is_empty() || low <= EMPTY * high;
        linear(unit, values.into_iter().chain((zero || near).then_some(0.0)), FEW)
    }

    /// The time of a run: 0 to its end, in seconds.
    pub(in super::super) fn course(end: f64) -> Axis {
        let end = if end > 0.0 { end } else { 1.0 };
        let step = span_step(end / 7.0);
        let count = (end / step + 1e-9).floor() as i64;
        let ticks = (0..=count).map(|index| {
            let at = index as f64 * step;
            Tick { at, label: span_label(at) }
        });
        Axis {
            scale: Scale::Linear,
            low: 0.0,
            high: end,
            ticks: ticks.collect(),
            caption: String::new(),
        }
    }
}

fn linear(unit: Unit, values: impl Iterator<Item = f64>, count: f64) -> Axis {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|value| value.is_finite()) {
        let value = value.clamp(-LARGEST, LARGEST);
        (low, high) = (low.min(value), high.max(value));
    }
    let nothing = low == 0.0 && high == 0.0;
    // A single value is in the middle of a little room, nothing at all begins at 0.
    let least = if unit == Unit::Share { 0.01 } else { 1.0 };
    let span = high - low;
    if span <= high.abs().max(low.abs()) * 1e-9 || span < SMALLEST || !span.is_finite() {
        let room =
            if low.is_finite() && low != 0.0 { (low.abs() * 0.1).max(SMALLEST) } else { least };
        low = if low.is_finite() && low != 0.0 { low - room } else { 0.0 };
        high = low + if low == 0.0 { room } else { 2.0 * room };
    }
    let step = match unit {
        // Half a message is none.
        Unit::Number if nothing => 1.0,
        Unit::Seconds => span_step((high - low) / count),
        _ => round_step((high - low) / count),
    };
    let from = (low / step + 1e-9).floor();
    let to = (high / step - 1e-9).ceil().max(from + 1.0);
    let ticks = (from as i64..=to as i64).map(|index| {
        let at = index as f64 * step;
        Tick { at, label: label(unit, at, step) }
    });
    Axis {
        scale: Scale::Linear,
        low: from * step,
        high: to * step,
        ticks: ticks.collect(),
        caption: String::new(),
    }
}

/// 1, 2 or 5 times a power of ten, at least `wanted`.
fn round_step(wanted: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(wanted).floor());
    let step = [1.0, 2.0, 5.0].into_iter().find(|step| step * power >= wanted * 0.999);
    let step = step.unwrap_or(10.0);
    // Below 1 a quotient is nearer to the decimal number than a product.
    if power < 1.0 { step / (1.0 / power).round() } else { step * power }
}

fn span_step(wanted: f64) -> f64 {
    let step = STEPS.into_iter().find(|step| *step >= wanted * 0.999);
    let (least, greatest) = (STEPS[0], STEPS[STEPS.len() - 1]);
    match step {
        Some(step) if step > least || wanted > least / 2.0 => step,
        Some(_) => round_step(wanted),
        None => round_step(wanted / greatest).max(1.0) * greatest,
    }
}

fn label(unit: Unit, at: f64, step: f64) -> String {
    match unit {
        Unit::Share | Unit::Points => {
            // As many decimals as the step has.
            let mut decimals = 0;
            let mut points = step * 100.0;
            while points < 0.999 && decimals < 6 {
                points *= 10.0;
                decimals += 1;
            }
            let text = format!("{:.decimals$}", at.abs() * 100.0);
            let text = if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.')
            } else {
                &text
            };
            let name = if unit == Unit::Share { "%" } else { "pt" };
            format!("{}{text} {name}", sign(at))
        }
        Unit::Seconds => format!("{}{}", sign(at), span_label(at.abs())),
        Unit::PerSecond => format!("{}/s", short(at)),
        Unit::Money | Unit::Number => short(at),
    }
}

fn sign(at: f64) -> &'static str {
    if at < 0.0 { "−" } else { "" }
}

/// `20 ms`, `1 h`, `10 y`.
pub(super) fn span_label(seconds: f64) -> String {
    const YEAR: f64 = 31_536_000.0;
    if seconds <= 0.0 {
        return "0".to_owned();
    }
    if seconds < 60.0 {
        let (number, unit) = if seconds >= 0.9995 {
            (seconds, "s")
        } else if seconds >= 0.000_999_5 {
            (seconds * 1e3, "ms")
        } else {
            (seconds * 1e6, "µs")
        };
        return format!("{} {unit}", short(number));
    }
    if seconds >= YEAR && seconds % YEAR == 0.0 {
        return format!("{} y", short(seconds / YEAR));
    }
    // Round spans fit; beyond that it is centuries.
    length((seconds * SECOND as f64).round() as u64)
}
