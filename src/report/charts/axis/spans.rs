//! Logarithmic axes of spans.

use super::{Axis, Scale, Tick};

/// One tick a unit or ten, in seconds.
const COARSE: [(f64, &str); 14] = [
    (1e-6, "1 µs"),
    (1e-5, "10 µs"),
    (1e-4, "100 µs"),
    (1e-3, "1 ms"),
    (0.01, "10 ms"),
    (0.1, "100 ms"),
    (1.0, "1 s"),
    (10.0, "10 s"),
    (60.0, "1 min"),
    (600.0, "10 min"),
    (3600.0, "1 h"),
    (36_000.0, "10 h"),
    (259_200.0, "3 d"),
    (2_592_000.0, "30 d"),
];

/// More of them, for values within two powers of ten.
const FINE: [(f64, &str); 28] = [
    (1e-3, "1 ms"),
    (2e-3, "2 ms"),
    (5e-3, "5 ms"),
    (0.01, "10 ms"),
    (0.02, "20 ms"),
    (0.05, "50 ms"),
    (0.1, "100 ms"),
    (0.2, "200 ms"),
    (0.5, "500 ms"),
    (1.0, "1 s"),
    (2.0, "2 s"),
    (5.0, "5 s"),
    (10.0, "10 s"),
    (20.0, "20 s"),
    (30.0, "30 s"),
    (60.0, "1 min"),
    (120.0, "2 min"),
    (300.0, "5 min"),
    (600.0, "10 min"),
    (1200.0, "20 min"),
    (1800.0, "30 min"),
    (3600.0, "1 h"),
    (7200.0, "2 h"),
    (18_000.0, "5 h"),
    (43_200.0, "12 h"),
    (86_400.0, "1 d"),
    (172_800.0, "2 d"),
    (432_000.0, "5 d"),
];

impl Axis {
    /// From the tick below the least value above 0 to the one above the greatest. What is 0 is put
    /// on the axis' end.
    pub(in super::super) fn log_spans(values: impl Iterator<Item = f64>) -> Axis {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|value| value.is_finite() && *value > 0.0) {
            (low, high) = (low.min(value), high.max(value));
        }
        if high <= 0.0 {
            (low, high) = (0.1, 10.0);
        }
        let fine = low >= FINE[0].0 && high <= FINE[FINE.len() - 1].0 && high / low <= 60.0;
        let ticks: &[(f64, &str)] = if fine { &FINE } else { &COARSE };
        // What is on a tick but for rounding is on it.
        let first = ticks.iter().rposition(|&(at, _)| at <= low * 1.0001).unwrap_or(0);
        let last = ticks.iter().position(|&(at, _)| at >= high * 0.9999);
        let last = last.unwrap_or(ticks.len() - 1).max(first + 1).min(ticks.len() - 1);
        let first = first.min(last - 1);
        let ticks = &ticks[first..=last];
        Axis {
            scale: Scale::Logarithmic,
            low: ticks[0].0,
            high: ticks[ticks.len() - 1].0.max(high),
            ticks: ticks.iter().map(|&(at, label)| Tick { at, label: label.to_owned() }).collect(),
            caption: String::new(),
        }
    }
}
