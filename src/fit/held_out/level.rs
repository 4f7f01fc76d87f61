//! A level of the demand that changes once within a log, and stays so.

use crate::fit::compose::{clock, digits};
use crate::fit::gather::Gathered;
use crate::kernel::SECOND;

/// Equal spans that a log's requests are counted in.
const SPANS: i64 = 96;

/// The index of dispersion of these counts, of which 1 is chance, without which nothing has changed; and the share
/// of what is beyond chance that is left, at most, beside one change.
const DISPERSED: f64 = 3.0;
const LEFT: f64 = 0.25;

/// Spans on either side of a change, at least, and the change itself that is worth a word.
const LEAST: usize = 8;
const FEWEST: f64 = 0.1;

/// The sentence on a change of the level that explains why volumes aren't alike; `None` where there is none.
pub(super) fn level(log: &Gathered, (from, to): (i64, i64), zone: i64) -> Option<String> {
    let step = ((to - from) / SPANS).max(SECOND as i64);
    let mut counts = vec![0.0; usize::try_from((to - from) / step).ok()?];
    for ticks in &log.arrivals {
        let own = ticks.by(from, from + step * counts.len() as i64, step);
        counts.iter_mut().zip(own).for_each(|(sum, own)| *sum += f64::from(own));
    }
    let (place, ratio) = change(&counts)?;
    let at = clock(from + step * place as i64 + zone);
    // A list of a run's messages counts from t = 0.
    let at = at.strip_prefix("1970-01-01 ").unwrap_or(&at);
    let (times, more) =
        (digits(100.0 * (ratio - 1.0).abs(), 2), if ratio > 1.0 { "more" } else { "fewer" });
    Some(format!(
        "From about {at} on {times} % {more} requests came, and it stayed so: fit the rows from there on by \
         themselves if that is what is to come."
    ))
}

/// The place of the only change of a mean, and what comes after it over what comes before.
fn change(counts: &[f64]) -> Option<(usize, f64)> {
    let index = |parts: [&[f64]; 2]| {
        let squares = |part: &[f64]| {
            let mean = part.iter().sum::<f64>() / part.len().max(1) as f64;
            part.iter().map(|own| (own - mean) * (own - mean)).sum::<f64>() / mean.max(1e-9)
        };
        parts.iter().map(|part| squares(part)).sum::<f64>() / (counts.len().max(2) - 1) as f64
    };
    let whole = index([counts, &[]]);
    let places = LEAST..counts.len().checked_sub(LEAST)?;
    let best = places.map(|place| (place, index(counts.split_at(place).into())));
    let (place, left) = best.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let (before, after) = counts.split_at(place);
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let ratio = mean(after) / mean(before);
    let explains = whole > DISPERSED && (left - 1.0).max(0.0) <= LEFT * (whole - 1.0);
    (explains && ratio.is_finite() && (ratio - 1.0).abs() >= FEWEST).then_some((place, ratio))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_changes_once_is_told_from_a_course_of_the_day() {
        // Counts about as Poisson's are.
        let noise = |place: usize| ((place * 7_919 % 96) as f64 / 96.0 - 0.5) * 60.0;
        let of = |level: &dyn Fn(f64) -> f64| {
            let counts = (0..96).map(|place| level(place as f64) + noise(place));
            change(&counts.collect::<Vec<f64>>())
        };
        let (place, ratio) = of(&|place| if place < 30.0 { 300.0 } else { 390.0 }).unwrap();
        assert!((28..=32).contains(&place) && (ratio - 1.3).abs() < 0.05, "{place} {ratio}");
        assert_eq!(of(&|_| 300.0), None);
        assert_eq!(of(&|place| 300.0 + 150.0 * libm::sin(place / 8.0)), None);
        // A peak that passes is none, either.
        assert_eq!(of(&|place| if (40.0..50.0).contains(&place) { 600.0 } else { 300.0 }), None);
    }
}
