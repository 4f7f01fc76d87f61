//! The distribution of a sample without any family.
//!
//! Where durations are exact or still pending, the estimator of Kaplan and Meier (1958) with
//! Greenwood's variance. Otherwise the non-parametric maximum of the likelihood of intervals, by
//! the self-consistency of Turnbull (1976) on a grid of cells, the trapezia of rounded starts
//! (`likelihood.rs`) in the place of his indicators; its error by resampling.

use super::fitted::Fit;
use super::sample::{Observation, Sample};
use crate::random::{Chance, Key, Owner, Purpose, Stream, open01};

/// Cells of a grid span a factor of this.
const RATIO: f64 = 1.12;

/// Most cells of a grid.
const CELLS: f64 = 160.0;

/// The first bound of a grid over its last, at least.
const FINEST: f64 = 1e-5;

/// Rows that a stretch would have, at least, if it weren't a gap: one of e^9.2 = 10^4 has none by chance.
const EXPECTED: f64 = 9.2;

/// Rounds of self-consistency, at most; and of each resampled estimate.
const ROUNDS: usize = 300;
const ROUNDS_AGAIN: usize = 25;

/// Resampled estimates.
const RESAMPLED: usize = 24;

/// Bits of the bins that observations are put into: they span 1/32 of their values.
const BITS: u32 = 5;

/// An estimate of a distribution function: steps or, between the bounds of cells, lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    points: Vec<Point>,
    cells: bool,
}

/// The distribution function at a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The value, s.
    pub x: f64,
    /// The share of durations up to it.
    pub share: f64,
    /// The standard error of that share.
    pub error: f64,
}

impl Curve {
    /// The estimate of a sample. Where rounding leaves open how durations lie within intervals, they
    /// lie as `fit` has them.
    pub fn of(sample: &Sample, fit: &Fit) -> Curve {
        let plain = |o: &Observation| o.is_exact() || o.is_pending() && o.blur == 0.0;
        if sample.observations().iter().all(plain) {
            kaplan_meier(sample)
        } else {
            turnbull(sample, fit)
        }
    }

    /// `true` if it rises in steps, at durations that were seen, and not along lines.
    pub fn has_steps(&self) -> bool {
        !self.cells
    }

    /// The points where it is known, by value.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The share of durations up to `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        let after = self.points.partition_point(|p| p.x <= x);
        let Some(before) = after.checked_sub(1).map(|i| self.points[i]) else { return 0.0 };
        match self.points.get(after) {
            Some(next) if self.cells => {
                before.share + (next.share - before.share) * (x - before.x) / (next.x - before.x)
            }
            _ => before.share,
        }
    }

    /// The least value that a share `p` does not exceed; none where the log ends before.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let at = self.points.partition_point(|point| point.share < p);
        let point = self.points.get(at)?;
        let before = at.checked_sub(1).map(|i| self.points[i]);
        Some(match before {
            Some(before) if self.cells && point.share > before.share => {
                let part = (p - before.share) / (point.share - before.share);
                before.x + part * (point.x - before.x)
            }
            _ => point.x,
        })
    }

    /// The standard error of the share up to `x`.
    pub fn error_at(&self, x: f64) -> f64 {
        let after = self.points.partition_point(|p| p.x < x);
        self.points.get(after).or(self.points.last()).map_or(0.0, |p| p.error)
    }

    /// The largest share that is known: below 1 where the longest durations were still pending.
    pub fn known(&self) -> f64 {
        self.points.last().map_or(0.0, |p| p.share)
    }

    /// `n` values that stand for equal shares of what is known: `empirical = { values }` of a
    /// scenario.
    pub fn values(&self, n: usize) -> Vec<f64> {
        let at = |i: usize| (i as f64 + 0.5) / n as f64 * self.known();
        (0..n).filter_map(|i| self.quantile(at(i))).collect()
    }
}

fn kaplan_meier(sample: &Sample) -> Curve {
    let mut at_risk = sample.rows() as f64;
    let mut points = Vec::new();
    let (mut above, mut greenwood) = (1.0, 0.0);
    let mut step = |x: f64, ended: f64, at_risk: f64| {
        above *= 1.0 - ended / at_risk;
        if at_risk > ended {
            greenwood += ended / (at_risk * (at_risk - ended));
        }
        points.push(Point { x, share: 1.0 - above, error: above * libm::sqrt(greenwood) });
    };
    if sample.zeros() > 0 {
        step(0.0, sample.zeros() as f64, at_risk);
        at_risk -= sample.zeros() as f64;
    }
    let mut sorted: Vec<&Observation> = sample.observations().iter().collect();
    // What was pending at a value outlived it.
    sorted.sort_by(|a, b| a.low.total_cmp(&b.low).then(a.is_pending().cmp(&b.is_pending())));
    for o in sorted {
        if !o.is_pending() {
            step(o.low, o.count as f64, at_risk);
        }
        at_risk -= o.count as f64;
    }
    Curve { points, cells: false }
}

fn turnbull(sample: &Sample, fit: &Fit) -> Curve {
    let coarse = sample.coarse(BITS);
    let bounds = grid(&coarse, fit, edges(sample));
    let rows: Vec<(f64, Vec<f64>)> =
        coarse.observations().iter().map(|o| (o.count as f64, overlap(o, &bounds))).collect();
    let zeros = sample.zeros() as f64;
    // Cell 0 is zero itself; the last is what lies beyond the grid.
    let cells = bounds.len() + 1;
    let counts: Vec<f64> = rows.iter().map(|(count, _)| *count).collect();
    let mut shares = first(fit, &bounds, sample.zeros() > 0);
    iterate(&mut shares, &rows, &counts, zeros, ROUNDS);
    let mut draws = Chance::new(1).stream(Key::named("resampled"), Owner::NONE, Purpose(0));
    let mut squares = vec![0.0; cells];
    for _ in 0..RESAMPLED {
        let again: Vec<f64> = counts.iter().map(|&n| resampled(n, &mut draws)).collect();
        let mut other = shares.clone();
        iterate(&mut other, &rows, &again, resampled(zeros, &mut draws), ROUNDS_AGAIN);
        let (mut a, mut b) = (0.0, 0.0);
        for (square, (x, y)) in squares.iter_mut().zip(shares.iter().zip(&other)) {
            a += x;
            b += y;
            *square += (a - b) * (a - b) / RESAMPLED as f64;
        }
    }
    let mut share = 0.0;
    // The last cell has no upper bound: what lies there is not known.
    let points = std::iter::once(0.0)
        .chain(bounds.iter().skip(1).copied())
        .zip(shares.iter().zip(&squares))
        .map(|(x, (part, square))| {
            share += part;
            Point { x, share: share.min(1.0), error: libm::sqrt(*square) }
        })
        .collect();
    Curve { points, cells: true }
}

/// The shares that a fit gives to zero, the cells and what lies beyond; a little to each, so that none
/// is out of the question. An atom at zero that only a finer clock could tell from short durations is
/// not looked for.
fn first(fit: &Fit, bounds: &[f64], zeros: bool) -> Vec<f64> {
    let up_to = bounds.iter().map(|&bound| fit.cdf_pair(bound).0).chain([1.0]);
    let mut before = if zeros { 0.0 } else { fit.zero_share() };
    up_to
        .map(|share| {
            let part = (share - before).max(0.0);
            before = share.max(before);
            part
        })
        .enumerate()
        .map(|(cell, part)| if cell == 0 && !zeros { 0.0 } else { part + 1e-6 })
        .collect()
}

/// About Poisson: a count of resampled rows.
fn resampled(n: f64, draws: &mut Stream) -> f64 {
    use rand::Rng;
    let z = crate::special::normal_quantile(open01(draws.next_u64()));
    // Anscombe (1948): the root of a Poisson count is nearly normal.
    let root = libm::sqrt(n) + 0.5 * z;
    (root.max(0.0) * root.max(0.0)).max(0.0)
}

/// Bounds of cells, from 0 on, evenly spaced in their logarithm. The first ends where either the log
/// or the fit has a thousandth below it. Where a gap begins or ends no cell goes on.
fn grid(sample: &Sample, fit: &Fit, edges: Vec<f64>) -> Vec<f64> {
    let finite = sample.observations().iter().filter(|o| !o.is_pending());
    let mut highs: Vec<(f64, u64)> = finite.clone().map(|o| (o.high, o.count)).collect();
    highs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: u64 = highs.iter().map(|(_, count)| count).sum();
    let mut before = 0;
    let least = highs
        .iter()
        .find(|(_, count)| {
            before += count;
            before * 1000 > total
        })
        .map_or(1e-3, |(high, _)| *high);
    let most = finite.map(|o| o.high).fold(least, f64::max);
    let least = least.min(fit.quantile_alone(0.001).max(FINEST * most));
    let steps = (libm::log(most / least) / libm::log(RATIO)).clamp(1.0, CELLS).ceil();
    let ratio = libm::log(most / least) / steps;
    let mut bounds = vec![0.0];
    bounds.extend((0..steps as usize).map(|i| least * libm::exp(ratio * i as f64)));
    // Exactly: nothing ended beyond it.
    bounds.push(most);
    bounds.extend(edges.into_iter().filter(|&edge| edge < most));
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    bounds
}

/// Ends of gaps: stretches without a row in which as many would lie as in a stretch of a cell's
/// width beside it, for its length, more than chance leaves out.
fn edges(sample: &Sample) -> Vec<f64> {
    let mut rows: Vec<(f64, f64, f64)> = sample
        .observations()
        .iter()
        .filter(|o| !o.is_pending() && o.high > 0.0)
        .map(|o| (o.least().max(0.0), o.high, o.count as f64))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut below = vec![0.0];
    for (.., count) in &rows {
        below.push(below.last().copied().unwrap_or(0.0) + count);
    }
    let count = |from: f64, to: f64| {
        let up_to = |at: f64| below[rows.partition_point(|row| row.0 < at)];
        up_to(to) - up_to(from)
    };
    let mut edges = Vec::new();
    let mut end = 0.0_f64;
    for &(from, to, _) in &rows {
        let gap = from - end;
        if gap > 0.0 {
            let (before, after) = (end * (1.0 - 1.0 / RATIO), from * (RATIO - 1.0));
            let expected = |rows: f64, width: f64| rows * (gap / width).min(1.0);
            if end > 0.0 && expected(count(end - before, from), before) > EXPECTED {
                edges.push(end);
            }
            if expected(count(from, from + after), after) > EXPECTED {
                edges.push(from);
            }
        }
        end = end.max(to);
    }
    edges
}

/// Chance that a duration from each cell is seen as `o`: zero, the cells between bounds, and
/// beyond the last.
fn overlap(o: &Observation, bounds: &[f64]) -> Vec<f64> {
    let seen = |x: f64| ((o.high - x).min(o.blur) - (o.low - x).max(0.0)).max(0.0) / o.blur;
    let mean = |low: f64, high: f64| {
        let part = |from: f64, to: f64| (to.min(high) - from.max(low)).max(0.0) / (high - low);
        match (o.blur == 0.0, o.low == o.high) {
            // An exact value belongs to its cell; an interval, to the part of it that it covers.
            (true, true) => f64::from(u8::from(low <= o.low && o.low < high)),
            (true, false) => part(o.low, o.high),
            (false, true) => part(o.low - o.blur, o.low),
            // A trapezium, of which a cell may be far wider: its sides are lines.
            (false, false) => {
                let (one, other) = (o.low, o.high - o.blur);
                let corners = [o.low - o.blur, one.min(other), one.max(other), o.high];
                let area = corners.windows(2).map(|ends| {
                    let (from, to) = (ends[0].max(low), ends[1].min(high));
                    if from < to { (to - from) * (seen(from) + seen(to)) / 2.0 } else { 0.0 }
                });
                area.sum::<f64>() / (high - low)
            }
        }
    };
    let last = bounds.last().copied().unwrap_or(0.0);
    let beyond = if o.is_pending() || o.high > last { 1.0 } else { 0.0 };
    std::iter::once(o.share_at_zero())
        .chain(bounds.windows(2).map(|pair| mean(pair[0], pair[1])))
        .chain([beyond])
        .collect()
}

/// Each row shared out among the cells by what is believed so far, over and over.
fn iterate(
    shares: &mut [f64],
    rows: &[(f64, Vec<f64>)],
    counts: &[f64],
    zeros: f64,
    rounds: usize,
) {
    for _ in 0..rounds {
        let mut next = vec![0.0; shares.len()];
        let mut total = zeros;
        next[0] += zeros;
        for ((_, row), &count) in rows.iter().zip(counts) {
            let weight: f64 = row.iter().zip(shares.iter()).map(|(a, s)| a * s).sum();
            if weight <= 0.0 {
                continue;
            }
            total += count;
            let part = count / weight;
            for ((to, a), s) in next.iter_mut().zip(row).zip(shares.iter()) {
                *to += part * a * s;
            }
        }
        if total <= 0.0 {
            return;
        }
        let mut moved = 0.0_f64;
        for (share, sum) in shares.iter_mut().zip(&next) {
            moved += (*share - sum / total).abs();
            *share = sum / total;
        }
        if moved < 1e-6 {
            return;
        }
    }
}
