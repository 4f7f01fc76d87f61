//! The wait before a throttle that presses for most of a log: what comes beyond its rate waits, and a
//! duration has that wait in it, which the scenario's throttle makes again.
//!
//! What came and the rate tell how long the line was at any time, as a fluid. Over an hour a rate that
//! is off by a thousandth leaves seconds; so of the rates near the one that was seen that is taken by which
//! durations without the wait vary least. What the throttle's bucket held at first shifts all waits alike, and
//! isn't told: the shortest of what is left are taken as nothing.

use super::incidents::Throttle;
use crate::fit::gather::{Durations, Kept, Signals, seconds};

/// Least distance from the rate that was seen within which another is looked for, as a share of it; steps on
/// either side; and how often it is looked for, closer each time.
const NEAR: f64 = 0.02;
const STEPS: i32 = 20;
const CLOSER: usize = 4;
/// Rows that tell how long things take without the wait.
const LEAST: usize = 100;
/// Variation of what is left without the wait, over that of what was seen, at most: above it the line explains
/// nothing.
const LESS: f64 = 0.5;
/// Of durations that come out as shorter than nothing, for the line is a fluid, this share is left out.
const SHORTEST: f64 = 0.01;

/// Remark on what isn't known of durations without the wait.
pub(crate) const PRESSED: &str = "the throttle presses for most of the log: how long the line was is told by \
    what came and the rate, but for what its bucket held at first, and the shortest are taken as nothing";

/// The line before a throttle over time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    from: i64,
    width: i64,
    /// The wait of who comes at the beginning of each tick, s.
    waits: Vec<f64>,
    pub(crate) rate: f64,
}

impl Line {
    /// The line of what came by ticks, `spare` tokens being there beyond the one that each takes.
    fn of(came: &[f64], (from, width): (i64, i64), rate: f64, spare: f64) -> Line {
        let tick = seconds(width.unsigned_abs());
        let mut line = -spare;
        let mut waits = vec![0.0];
        for own in came {
            line = (line + own - rate * tick).max(-spare);
            waits.push(line.max(0.0) / rate);
        }
        Line { from, width, waits, rate }
    }

    /// The mean of it over time, some spans left out, s.
    pub(crate) fn mean_wait(&self, without: &[(i64, i64)]) -> f64 {
        let ticks =
            (self.from..).step_by(usize::try_from(self.width).unwrap_or(1)).zip(&self.waits);
        let usual =
            ticks.filter(|(at, _)| !without.iter().any(|(from, to)| (from..to).contains(&at)));
        let (count, sum) = usual.fold((0.0, 0.0), |(n, sum), (_, wait)| (n + 1.0, sum + wait));
        sum / f64::max(count, 1.0)
    }

    /// The wait of who comes at an instant, s.
    pub(crate) fn wait(&self, at: i64) -> f64 {
        let ticks = (at - self.from).max(0) as f64 / self.width as f64;
        let place = ticks as usize;
        let of = |place: usize| self.waits.get(place).or(self.waits.last()).copied().unwrap_or(0.0);
        of(place) + (of(place + 1) - of(place)) * ticks.fract()
    }
}

/// The line before a throttle that pressed in `[from, to)`, and durations without the wait in it; `None`
/// where it doesn't explain them. `segments` are those of a message, on average.
pub(crate) fn without_wait(
    kept: &Kept,
    came: &Signals,
    throttle: &Throttle,
    segments: f64,
    (from, to): (i64, i64),
) -> Option<(Line, Durations)> {
    let start = from.div_euclid(came.width()) * came.width();
    let ticks: Vec<f64> =
        came.over(start, to).map(|(_, own)| segments * f64::from(own.rows)).collect();
    let rows: Vec<(i64, f64)> = kept.within(from, to).map(|(at, ns)| (at, seconds(ns))).collect();
    if rows.len() < LEAST || ticks.is_empty() {
        return None;
    }
    let line =
        |rate: f64| Line::of(&ticks, (start, came.width()), rate, throttle.burst.max(1.0) - 1.0);
    let variance = |line: &Line| varies(rows.iter().map(|&(at, took)| took - line.wait(at)));
    let width = NEAR.max((throttle.high - throttle.low) / throttle.rate);
    let (mut best, mut step) = (throttle.rate, width * throttle.rate / f64::from(STEPS));
    for _ in 0..CLOSER {
        let near = (-STEPS..=STEPS).map(|place| line(best + f64::from(place) * step));
        let near = near.filter(|line| line.rate > 0.0).map(|line| (variance(&line), line.rate));
        best = near.min_by(|a, b| a.0.total_cmp(&b.0))?.1;
        step /= f64::from(STEPS) / 2.0;
    }
    let line = line(best);
    if variance(&line).sqrt() > LESS * varies(rows.iter().map(|&(_, took)| took)).sqrt() {
        return None;
    }
    let mut left: Vec<f64> = rows.iter().map(|&(at, took)| took - line.wait(at)).collect();
    left.sort_by(f64::total_cmp);
    let shortest =
        left.get((SHORTEST * left.len() as f64) as usize).copied().unwrap_or(0.0).min(0.0);
    let mut durations = Durations::default();
    let long = left.iter().map(|own| own - shortest).filter(|&own| own >= 0.0);
    long.for_each(|own| durations.add((own * 1e9) as u64));
    Some((line, durations))
}

fn varies(values: impl Iterator<Item = f64>) -> f64 {
    let (mut n, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for value in values {
        n += 1.0;
        let off = value - mean;
        mean += off / n;
        squares += off * (value - mean);
    }
    squares / f64::max(n, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::gather::{Signal, Ticks};
    use crate::kernel::SECOND;

    #[test]
    fn what_waits_before_a_throttle_is_told_from_what_comes_after_it() {
        // Three a second come and two go, of a wait of one to three seconds after it.
        let second = SECOND as i64;
        let mut came = Ticks::<Signal>::new(4_096);
        let mut kept = Kept::new();
        for n in 0..6_000_i64 {
            let at = n * second / 3;
            came.add(at, Signal { rows: 1, ..Signal::default() });
            let go = (n * second / 2).max(at);
            let after = second + n * 7_919 % 2_001 * (second / 1_000);
            kept.add(at, (go + after - at) as u64);
        }
        let throttle =
            Throttle { rate: 2.02, low: 2.0, high: 2.04, burst: 1.0, ticks: 9, tick: 1.0 };
        let span = (0, 2_000 * second);
        let (line, after) = without_wait(&kept, &came, &throttle, 1.0, span).unwrap();
        assert!((line.rate - 2.0).abs() < 0.002, "{}", line.rate);
        assert!((line.wait(1_000 * second) - 500.0).abs() < 2.0, "{}", line.wait(1_000 * second));
        let median = after.quantile(0.5).unwrap();
        assert!((median - 2.0).abs() < 0.5, "{median}");
        // Waits that have nothing to do with what came are none of a throttle's.
        let mut other = Kept::new();
        (0..6_000_i64)
            .for_each(|n| other.add(n * second / 3, (second + n * 37 % 100 * second) as u64));
        assert_eq!(without_wait(&other, &came, &throttle, 1.0, span), None);
    }
}
