//! Logarithmic axes of spans.

use super::linear::span_label;
use super::{Axis, Scale, Tick};

/// One tick a unit or ten, in seconds; from 10⁻⁶ s to 100 years.
const COARSE: [f64; 17] = [
    1e-6,
    1e-5,
    1e-4,
    1e-3,
    0.01,
    0.1,
    1.0,
    10.0,
    60.0,
    600.0,
    3600.0,
    36_000.0,
    259_200.0,
    2_592_000.0,
    31_536_000.0,
    315_360_000.0,
    3_153_600_000.0,
];

/// More of them, for values within two powers of ten.
const FINE: [f64; 28] = [
    1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0,
    120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 18_000.0, 43_200.0, 86_400.0, 172_800.0,
    432_000.0,
];

/// An axis ends on a tick if that is at most so many times beyond the values,
const NEAR: f64 = 2.6;
/// and else so many times beyond them.
const FREE: f64 = 1.15;

impl Axis {
    /// From about the least value above 0 to about the greatest. What is 0 is put on the axis' end.
    pub(in super::super) fn log_spans(values: impl Iterator<Item = f64>) -> Axis {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|value| value.is_finite() && *value > 0.0) {
            (low, high) = (low.min(value), high.max(value));
        }
        if high <= 0.0 {
            (low, high) = (0.1, 10.0);
        }
        let fine = low >= FINE[0] && high <= FINE[FINE.len() - 1] && high / low <= 60.0;
        let ticks: &[f64] = if fine { &FINE } else { &COARSE };
        // A tick that is near is an end; one that is far would leave the axis empty.
        let below = |&&at: &&f64| at <= low * 1.0001 && at * NEAR >= low;
        let above = |&&at: &&f64| at >= high * 0.9999 && at <= high * NEAR;
        let mut low = ticks.iter().rfind(below).map_or(low / FREE, |&at| at);
        let mut high = ticks.iter().find(above).map_or(high * FREE, |&at| at);
        let within = |low: f64, high: f64| -> Vec<f64> {
            let inside = |at: f64| at >= low * 0.9999 && at <= high * 1.0001;
            ticks.iter().copied().filter(|&at| inside(at)).collect()
        };
        let mut shown = within(low, high);
        // Two ticks at least.
        while shown.len() < 2 && shown.len() < ticks.len() {
            (low, high) = (low / 2.0, high * 2.0);
            shown = within(low, high);
        }
        Axis {
            scale: Scale::Logarithmic,
            low,
            high,
            ticks: shown.into_iter().map(|at| Tick { at, label: span_label(at) }).collect(),
            caption: String::new(),
        }
    }
}
