//! Axes of design points.

use super::{Axis, Scale, Tick};

/// Values so many times apart are laid out by their logarithms.
const WIDE: f64 = 7.0;
/// The space left free at either end, so that points do not lie on the frame.
const FREE: f64 = 0.04;

impl Axis {
    /// An axis whose ticks are the values that were tried, with their labels.
    pub(in super::super) fn points(values: &[f64], labels: &[String]) -> Axis {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let wide = low > 0.0 && high / low >= WIDE;
        let mut ticks: Vec<Tick> = values
            .iter()
            .zip(labels)
            .map(|(&at, label)| Tick { at, label: label.clone() })
            .collect();
        ticks.sort_by(|one, other| one.at.total_cmp(&other.at));
        let (low, high) = if wide {
            let free = libm::pow(high / low, FREE);
            (low / free, high * free)
        } else {
            let span = high - low;
            let free = if span > 0.0 { span * FREE } else { high.abs().max(1.0) };
            (low - free, high + free)
        };
        let scale = if wide { Scale::Logarithmic } else { Scale::Linear };
        Axis { scale, low, high, ticks, caption: String::new() }
    }
}
