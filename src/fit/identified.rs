//! Quantities of a duration that a log cannot tell, and why.

use super::compose::{FARTHEST, counted};
use super::fitted::{Fit, Interval};
use super::sample::Sample;

/// A figure of a distribution that a user asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    /// The value that half do not exceed.
    Median,
    /// 95th percentile.
    P95,
    /// 99th percentile.
    P99,
}

/// Reason for which a log does not tell a figure: what is given for it is what the family makes of the rest.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Hidden {
    /// Both times are rounded to more than the figure itself.
    #[error("both times are rounded to {step} s or more, and it is about {} s", short(*.value))]
    Resolution {
        /// The finer of the two resolutions, s.
        step: f64,
        /// Value given for it, s.
        value: f64,
    },
    /// It lies beyond the longest duration that ended before the export.
    #[error(
        "no duration longer than {} s ended before the export, and it is about {} s",
        short(*.longest),
        short(*.value)
    )]
    Export {
        /// The longest, s.
        longest: f64,
        /// Value given for it, s.
        value: f64,
    },
    /// Too few durations lie beyond it.
    #[error("it rests on {}: a hundred times as many rows would tell it", counted(*.beyond, "duration"))]
    Few {
        /// About how many durations are longer.
        beyond: u64,
    },
    /// Its interval is so wide that it says little.
    #[error("{}", reach(.interval))]
    Wide {
        /// The interval.
        interval: Interval,
    },
}

/// A number in three digits that count.
fn short(value: f64) -> String {
    if value <= 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let magnitude = libm::floor(libm::log10(value)) as i32;
    let text = format!("{value:.*}", (2 - magnitude).clamp(0, 12) as usize);
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned()
}

/// The reach of an interval, unless that is beyond anything that is told.
fn reach(interval: &Interval) -> String {
    let Interval { low, high, .. } = *interval;
    if high.is_finite() && high < FARTHEST * low {
        format!("its interval reaches from {} to {} s", short(low), short(high))
    } else {
        "it isn't known to within a factor of 1000".to_owned()
    }
}

/// Durations beyond a figure without which it is a guess.
const BEYOND: f64 = 5.0;

/// An interval whose ends differ by more than this factor says little.
const WIDE: f64 = 2.0;

impl Quantity {
    /// All of them.
    pub const ALL: [Quantity; 3] = [Quantity::Median, Quantity::P95, Quantity::P99];

    /// The share of durations up to it.
    pub fn share(self) -> f64 {
        match self {
            Quantity::Median => 0.5,
            Quantity::P95 => 0.95,
            Quantity::P99 => 0.99,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Quantity::Median => "median",
            Quantity::P95 => "p95",
            Quantity::P99 => "p99",
        }
    }
}

/// Quantities that the log does not tell about the durations of a fit, each with the first reason there is.
pub fn hidden(fit: &Fit, sample: &Sample) -> Vec<(Quantity, Hidden)> {
    let all = Quantity::ALL.into_iter();
    all.filter_map(|quantity| Some((quantity, why(fit, sample, quantity)?))).collect()
}

fn why(fit: &Fit, sample: &Sample, quantity: Quantity) -> Option<Hidden> {
    let interval = fit.quantile(quantity.share());
    let value = interval.value;
    if value == 0.0 {
        return None;
    }
    let ended = || sample.observations().iter().filter(|o| !o.is_pending());
    let rows = ended().map(|o| o.count).sum::<u64>() as f64;
    let rounded = ended().filter(|o| o.step() > value);
    let (coarse, step) = rounded.fold((0.0, f64::INFINITY), |(count, step), o| {
        (count + o.count as f64, o.step().min(step))
    });
    if coarse > 0.5 * rows {
        return Some(Hidden::Resolution { step, value });
    }
    let longest = ended().map(|o| o.high).fold(0.0, f64::max);
    if value > longest {
        return Some(Hidden::Export { longest, value });
    }
    let beyond = (1.0 - quantity.share()) * sample.rows() as f64;
    if beyond < BEYOND {
        return Some(Hidden::Few { beyond: beyond as u64 });
    }
    (interval.high >= WIDE * interval.low).then_some(Hidden::Wide { interval })
}
