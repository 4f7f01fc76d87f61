//! Axes: where a value goes, and the ticks that a person reads.

mod linear;
mod points;
mod spans;

/// The layout of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    Linear,
    /// Values above 0.
    Logarithmic,
    /// −log₁₀(1 − p): each nine takes as much room as the one before.
    Percentile,
}

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) label: String,
}

/// An axis from `low` to `high`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    scale: Scale,
    low: f64,
    high: f64,
    pub(super) ticks: Vec<Tick>,
    /// Its caption.
    pub(super) caption: String,
}

impl Axis {
    /// The share of the axis that is before `value`; what lies outside is put on its end.
    pub(super) fn part(&self, value: f64) -> f64 {
        let (low, high) = (self.eased(self.low), self.eased(self.high));
        let part = (self.eased(value) - low) / (high - low);
        if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.0 }
    }

    fn eased(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => value,
            Scale::Logarithmic => libm::log10(value.max(1e-300)),
            Scale::Percentile => -libm::log10((1.0 - value).max(1e-15)),
        }
    }

    /// True if a value is on the axis and not beyond one of its ends.
    pub(super) fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    pub(super) fn captioned(mut self, caption: impl Into<String>) -> Axis {
        self.caption = caption.into();
        self
    }

    /// The same axis of a run's time, its ticks with a second line: the clock that is at `start`
    /// seconds after midnight when the run begins.
    pub(super) fn clocked(mut self, start: Option<f64>) -> Axis {
        if let Some(start) = start {
            for tick in &mut self.ticks {
                tick.label = format!("{}\n{}", tick.label, clock(start + tick.at));
            }
        }
        self
    }

    /// The same axis; its caption says so if it is logarithmic.
    pub(super) fn scale_named(mut self) -> Axis {
        if self.scale == Scale::Logarithmic {
            let gap = if self.caption.is_empty() { "" } else { ", " };
            self.caption.push_str(gap);
            self.caption.push_str("log scale");
        }
        self
    }

    /// True if a tick's label has a second line.
    pub(super) fn has_two_lines(&self) -> bool {
        self.ticks.iter().any(|tick| tick.label.contains('\n'))
    }

    /// The same axis, ending at `high` even if that is no tick.
    pub(super) fn until(mut self, high: f64) -> Axis {
        if high > self.low {
            self.high = high;
            self.ticks.retain(|tick| tick.at <= high * (1.0 + 1e-9));
        }
        self
    }

    /// Equal places for categories, `0..labels`, the first one at 0.
    pub(super) fn slots(labels: &[String]) -> Axis {
        let ticks = labels.iter().enumerate();
        let ticks = ticks.map(|(at, label)| Tick { at: at as f64, label: label.clone() });
        Axis {
            scale: Scale::Linear,
            low: -0.5,
            high: labels.len() as f64 - 0.5,
            ticks: ticks.collect(),
            caption: String::new(),
        }
    }

    /// Percentiles (shares below 1) from the median to `last`.
    pub(super) fn percentiles(last: f64) -> Axis {
        let last = last.clamp(0.9, 1.0 - 1e-9);
        let mut ticks = vec![Tick { at: 0.5, label: "p50".to_owned() }];
        let (mut beyond, mut label) = (0.1, "90".to_owned());
        while 1.0 - beyond <= last + beyond * 1e-6 {
            ticks.push(Tick { at: 1.0 - beyond, label: format!("p{label}") });
            beyond /= 10.0;
            label = match label.as_str() {
                "90" => "99".to_owned(),
                "99" => "99.9".to_owned(),
                more => format!("{more}9"),
            };
        }
        Axis { scale: Scale::Percentile, low: 0.5, high: last, ticks, caption: String::new() }
    }
}

/// `09:20`, `09:20:30`, on later days `+1d 00:10`.
pub(super) fn clock(seconds: f64) -> String {
    const DAY: u64 = 86_400;
    // A run lasts at most ten years, and a time before it is none.
    let seconds = seconds.clamp(0.0, 1e10).round() as u64;
    let (days, of_day) = (seconds / DAY, seconds % DAY);
    let (hours, minutes, rest) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let clock = match rest {
        0 => format!("{hours:02}:{minutes:02}"),
        rest => format!("{hours:02}:{minutes:02}:{rest:02}"),
    };
    if days == 0 { clock } else { format!("+{days}d {clock}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Unit;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn every_nine_takes_as_much_room() {
        let axis = Axis::percentiles(0.9999);
        assert_eq!(labels(&axis), ["p50", "p90", "p99", "p99.9", "p99.99"]);
        let places: Vec<f64> = axis.ticks.iter().map(|tick| axis.part(tick.at)).collect();
        assert!((places[2] - places[1] - (places[4] - places[3])).abs() < 1e-9, "{places:?}");
        assert_eq!((places[0], axis.part(1.0)), (0.0, 1.0));
    }

    #[test]
    fn a_linear_axis_has_a_zero_and_round_ticks() {
        let axis = Axis::of(Unit::Share, [0.012, 0.31].into_iter());
        assert_eq!(labels(&axis), ["0 %", "10 %", "20 %", "30 %", "40 %"]);
        let axis = Axis::of(Unit::Share, [0.0, 0.0].into_iter());
        assert_eq!(labels(&axis), ["0 %", "0.2 %", "0.4 %", "0.6 %", "0.8 %", "1 %"]);
        let axis = Axis::of(Unit::Number, [0.0].into_iter());
        assert_eq!(labels(&axis), ["0", "1"]);
        let axis = Axis::of(Unit::Number, [-3.0, 8.0].into_iter());
        assert_eq!(labels(&axis), ["−5", "0", "5", "10"]);
        let axis = Axis::of(Unit::Number, [4.2e12].into_iter());
        assert_eq!(labels(&axis).last(), Some(&"5 T"));
        let axis = Axis::of(Unit::Seconds, [0.0, 400.0].into_iter());
        assert_eq!(labels(&axis), ["0", "2 min", "4 min", "6 min", "8 min"]);
    }

    #[test]
    fn values_beyond_reason_have_few_ticks() {
        for value in [1e-300, 1e-13, -1e-13, f64::MIN_POSITIVE, 1e18, f64::MAX, f64::MIN] {
            for unit in [Unit::Share, Unit::Seconds, Unit::Number] {
                for values in [vec![value], vec![value, -value], vec![value, value * 0.999]] {
                    for axis in [
                        Axis::of(unit, values.iter().copied()),
                        Axis::few(unit, values.iter().copied(), false),
                        Axis::log_spans(values.iter().copied()),
                    ] {
                        assert!((1..20).contains(&axis.ticks.len()), "{values:?}: {axis:?}");
                        assert!(axis.ticks.iter().all(|tick| tick.at.is_finite()), "{axis:?}");
                        assert!((0.0..=1.0).contains(&axis.part(value)), "{axis:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn spans_have_ticks_a_person_reads() {
        let axis = Axis::log_spans([0.9, 2000.0].into_iter());
        assert_eq!(labels(&axis), ["1 s", "10 s", "1 min", "10 min", "1 h"]);
        let axis = Axis::log_spans([2.1, 28.0].into_iter());
        assert_eq!(labels(&axis), ["2 s", "5 s", "10 s", "20 s", "30 s"]);
        let axis = Axis::log_spans([0.5, 3700.0].into_iter());
        assert_eq!(labels(&axis), ["1 s", "10 s", "1 min", "10 min", "1 h"]);
        assert!(axis.part(0.5) > 0.0 && axis.part(3700.0) < 1.0);
        let axis = Axis::log_spans([0.0].into_iter());
        assert!(axis.ticks.len() >= 2, "{axis:?}");
        assert_eq!(axis.part(0.0), 0.0);
    }

    #[test]
    fn the_course_of_a_run_is_in_round_spans() {
        assert_eq!(
            labels(&Axis::course(3600.0)),
            ["0", "10 min", "20 min", "30 min", "40 min", "50 min", "1 h"]
        );
        assert_eq!(labels(&Axis::course(90.0)).last(), Some(&"1 min 30 s"));
    }

    #[test]
    fn the_clock_stands_below_the_time_of_a_run() {
        let axis = Axis::course(7200.0).clocked(Some(82_800.0));
        assert_eq!(labels(&axis)[0], "0\n23:00");
        assert_eq!(labels(&axis).last(), Some(&"2 h\n+1d 01:00"));
        assert!(axis.has_two_lines() && !Axis::course(90.0).clocked(None).has_two_lines());
        assert_eq!(clock(30.0), "00:00:30");
    }

    #[test]
    fn a_logarithmic_axis_says_so() {
        let labels_of = ["1×", "100×"].map(str::to_owned);
        let named = |high| Axis::points(&[1.0, high], &labels_of).captioned("load").scale_named();
        assert_eq!(
            (named(100.0).caption, named(2.0).caption),
            ("load, log scale".into(), "load".into())
        );
        assert_eq!(Axis::log_spans([1.0, 50.0].into_iter()).scale_named().caption, "log scale");
    }

    #[test]
    fn design_points_are_its_ticks() {
        let labels_of = ["0.5×", "1×", "100×"].map(str::to_owned);
        let axis = Axis::points(&[0.5, 1.0, 100.0], &labels_of);
        assert_eq!(axis.scale, Scale::Logarithmic);
        assert_eq!(labels(&axis), ["0.5×", "1×", "100×"]);
        assert!(axis.part(0.5) > 0.0 && axis.part(100.0) < 1.0);
        let axis = Axis::points(&[10.0, 20.0], &["10".to_owned(), "20".to_owned()]);
        assert_eq!(axis.scale, Scale::Linear);
    }
}
