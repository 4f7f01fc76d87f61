//! The verdict on a fitted scenario, in words.

use std::cmp::Ordering::Equal;

use super::{Compared, is_duration, is_share};
use crate::fit::compose::digits;

/// Figures that a verdict names, at most.
const TOLD: usize = 5;

/// The verdict by figures of the part kept out, of which some are `off`, and by those that are off of the part
/// `before` it, which the scenario was fitted to.
pub(super) fn verdict(figures: &[Compared], off: &[&Compared], before: &[&Compared]) -> String {
    let agree = figures.len() - off.len();
    if !before.is_empty() {
        return format!(
            "The fitted scenario does not reproduce the log, not even the part that it was fitted to; there: \
             {}.",
            list_of(before)
        );
    }
    let says = if off.is_empty() { "predicts" } else { "does not predict" };
    let mut text = format!(
        "The fitted scenario {says} the part of the log that was kept out: {agree} of {} figures \
         agree",
        figures.len()
    );
    if !off.is_empty() {
        text.push_str(&format!("; outside their intervals: {}", list_of(off)));
    }
    text.push('.');
    text
}

/// The distance by which a figure is off, in parts of its interval on that side.
pub(super) fn beyond(own: &Compared) -> f64 {
    let side = if own.seen < own.predicted { own.low } else { own.high };
    (own.seen - own.predicted).abs() / (side - own.predicted).abs().max(1e-12)
}

/// Figures that are off, headline figures first, then by how much of their intervals.
fn list_of(off: &[&Compared]) -> String {
    let mut off = off.to_vec();
    off.sort_by(|a, b| {
        (b.headline, beyond(b)).partial_cmp(&(a.headline, beyond(a))).unwrap_or(Equal)
    });
    let told: Vec<String> = off.iter().take(TOLD).map(|own| told(own)).collect();
    let more = match off.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    told.join(", ") + &more
}

/// A figure that is off, and by how much.
fn told(own: &Compared) -> String {
    let written = |value: f64| match &*own.path {
        path if is_duration(path) => format!("{} s", digits(value, 4)),
        path if is_share(path) => format!("{:.2} %", 100.0 * value),
        _ => digits(value, 4),
    };
    format!("{} (predicted {}, seen {})", own.path, written(own.predicted), written(own.seen))
}
