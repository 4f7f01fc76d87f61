//! Arrival processes: when a stream's requests come.
//!
//! Request i comes at Λ⁻¹((E₁ + … + Eᵢ) / scale), with Λ the cumulated rate and E exponential
//! gaps of mean 1 keyed by (stream, i): at another scale request i is the same request, earlier.
//! Incidents multiply the rate, so that with them, too, it is the same request at another time.

use super::course::Course;
use super::incident;
use super::purpose::{ARRIVAL, REPEAT_ROLE, SENDER, SPELL};
use super::slab::NONE;
use super::spec;
use crate::kernel::{Nanos, SECOND};
use crate::random::{Chance, DrawSource, Key, Owner, open01};
use std::collections::VecDeque;

/// When the next request of a stream comes, and which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) time: Nanos,
    pub(super) key: Key,
    /// Its number in the stream.
    pub(super) index: u64,
    /// Row of a trace, and which repeat of it.
    pub(super) row: u32,
    pub(super) repeat: u32,
}

/// The arrival process of one stream.
#[derive(Debug)]
pub(super) struct Arrivals {
    stream: Key,
    scale: f64,
    /// Requests given so far.
    index: u64,
    /// E₁ + … + Eᵢ.
    gaps: f64,
    process: Process,
}

#[derive(Debug)]
enum Process {
    Poisson {
        rate: f64,
    },
    Constant {
        rate: f64,
    },
    /// Even spacing at a rate that incidents change: request i where Λ = i.
    Even(Curve),
    Curve(Curve),
    Campaign {
        count: u64,
        at: Nanos,
        over: Nanos,
    },
    Trace {
        times: Vec<(Nanos, u64)>,
        next: usize,
        repeat: u32,
    },
}

impl Arrivals {
    /// The process of a stream, with its key.
    pub(super) fn new(index: usize, stream: Key, spec: &spec::Spec, chance: &Chance) -> Arrivals {
        let arrivals = &spec.traffic[index].arrivals;
        let factor = incident::traffic_factor(spec, index);
        Arrivals::of(arrivals, factor, stream, spec.scale, spec.start, spec.duration, chance)
    }

    /// `factor` multiplies the rate, `start` is the time of day at t = 0. Requests at or after
    /// `until` need not be found.
    fn of(
        arrivals: &spec::Arrivals,
        factor: Option<Course>,
        stream: Key,
        scale: f64,
        start: Nanos,
        until: Nanos,
        chance: &Chance,
    ) -> Arrivals {
        let changed = factor.is_some();
        let curve = |shape| Curve::new(shape, factor.as_ref(), until);
        let steady = |rate| curve(Shape::profile(&[(0, rate)], 0, false, true));
        let process = match arrivals {
            &spec::Arrivals::Poisson { rate } if changed => Process::Curve(steady(rate)),
            &spec::Arrivals::Constant { rate } if changed => Process::Even(steady(rate)),
            &spec::Arrivals::Poisson { rate } => Process::Poisson { rate },
            &spec::Arrivals::Constant { rate } => Process::Constant { rate },
            spec::Arrivals::Profile { points, clock, daily, step } => {
                let from = if *clock { start } else { 0 };
                Process::Curve(curve(Shape::profile(points, from, *daily, *step)))
            }
            &spec::Arrivals::OnOff { high, low, mean_high, mean_low } => {
                let shape = Shape::on_off([low, high], [mean_low, mean_high], stream, chance);
                Process::Curve(curve(shape))
            }
            &spec::Arrivals::Campaign { count, at, over } => {
                let count = (count as f64 * scale).round() as u64;
                Process::Campaign { count, at, over }
            }
            spec::Arrivals::Trace { rows } => {
                let times = rows.iter().map(|row| (row.time, row.row)).collect();
                Process::Trace { times, next: 0, repeat: 0 }
            }
        };
        Arrivals { stream, scale, index: 0, gaps: 0.0, process }
    }

    /// The next request, if there is one.
    pub(super) fn next(&mut self, chance: &impl DrawSource) -> Option<Next> {
        let index = self.index;
        if let Process::Trace { times, next, repeat } = &mut self.process {
            let (row, which) = next_row(times, next, repeat, self.stream, self.scale, chance)?;
            let (time, number) = times[row];
            let key = self.stream.child(number);
            let key = if which == 0 { key } else { key.role(REPEAT_ROLE).child(u64::from(which)) };
            self.index += 1;
            return Some(Next { time, key, index, row: row as u32, repeat: which });
        }
        let key = self.stream.child(index);
        let scale = self.scale;
        let time = match &mut self.process {
            Process::Constant { rate } => nanos(index as f64 / (*rate * scale))?,
            Process::Even(curve) => nanos(curve.inverse(index as f64 / scale, chance)?)?,
            Process::Campaign { count, .. } if index >= *count => return None,
            Process::Campaign { count, at, over } => {
                let offset = u128::from(*over) * u128::from(index) / u128::from(*count);
                *at + offset as Nanos
            }
            process => {
                let bits = chance.block(key, Owner::NONE, ARRIVAL, 0).first();
                self.gaps -= libm::log(open01(bits));
                let target = self.gaps / scale;
                match process {
                    Process::Poisson { rate } => nanos(target / *rate)?,
                    Process::Curve(curve) => nanos(curve.inverse(target, chance)?)?,
                    _ => return None,
                }
            }
        };
        self.index += 1;
        Some(Next { time, key, index, row: NONE, repeat: 0 })
    }

    /// What is left at `known` of a spell between two rates is drawn anew; until then it has told
    /// its requests.
    pub(super) fn cut(&mut self, known: Nanos, chance: &impl DrawSource) {
        if let Process::Even(curve) | Process::Curve(curve) = &mut self.process {
            curve.cut(known as f64 / SECOND as f64, chance);
        }
    }
}

/// The next (row, repeat) of a trace: row r appears ⌊scale⌋ times, and once more if its draw is
/// below what is left of the scale.
fn next_row(
    times: &[(Nanos, u64)],
    next: &mut usize,
    repeat: &mut u32,
    stream: Key,
    scale: f64,
    chance: &impl DrawSource,
) -> Option<(usize, u32)> {
    let whole = scale.floor();
    loop {
        let &(_, number) = times.get(*next)?;
        let (row, which) = (*next, *repeat);
        let again = if f64::from(which) < whole {
            true
        } else {
            let part = scale - whole;
            let block = chance.block(stream.child(number), Owner::NONE, SENDER, 0);
            f64::from(which) == whole && part > 0.0 && open01(block.second()) < part
        };
        if again {
            *repeat += 1;
            return Some((row, which));
        }
        *next += 1;
        *repeat = 0;
    }
}

fn nanos(seconds: f64) -> Option<Nanos> {
    let nanos = seconds * SECOND as f64 + 0.5;
    (nanos < 9e18).then_some(nanos as i64 as Nanos)
}

/// A piecewise linear rate, times a piecewise linear factor, and the integral, walked forwards.
#[derive(Debug)]
struct Curve {
    shape: Shape,
    /// What incidents multiply the rate by, from the piece on; empty: by 1.
    factor: VecDeque<Piece>,
    /// The piece of the shape, as far as its factor is one line, and what is left of it.
    piece: Product,
    rest: Piece,
    /// Λ at the start of the piece.
    before: f64,
    /// Nobody asks for what comes from here on, in seconds.
    until: f64,
}

/// A straight line, in seconds and requests per second.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Piece {
    from: f64,
    /// Infinite for the last one.
    to: f64,
    rate_from: f64,
    rate_to: f64,
}

impl Piece {
    const NONE: Piece = Piece { from: 0.0, to: 0.0, rate_from: 0.0, rate_to: 0.0 };

    fn slope(&self) -> f64 {
        let length = self.to - self.from;
        if length.is_finite() && length > 0.0 {
            (self.rate_to - self.rate_from) / length
        } else {
            0.0
        }
    }

    /// The same line over a part of it.
    fn within(&self, from: f64, to: f64) -> Piece {
        let slope = self.slope();
        let at = |time: f64| {
            if slope == 0.0 { self.rate_from } else { self.rate_from + slope * (time - self.from) }
        };
        let rate_from = if from == self.from { self.rate_from } else { at(from) };
        let rate_to = if to == self.to { self.rate_to } else { at(to) };
        Piece { from, to, rate_from, rate_to }
    }
}

/// Rate × factor over one stretch.
#[derive(Debug, Clone, Copy)]
struct Product {
    rate: Piece,
    /// The factor at either end.
    factor: [f64; 2],
}

impl Product {
    /// The integral over the first `part` seconds: Simpson's rule, exact for a product of lines.
    fn area_to(&self, part: f64) -> f64 {
        let length = self.rate.to - self.rate.from;
        let at = |share: f64| {
            (self.rate.rate_from + (self.rate.rate_to - self.rate.rate_from) * share)
                * (self.factor[0] + (self.factor[1] - self.factor[0]) * share)
        };
        let share = part / length;
        part / 6.0 * (at(0.0) + 4.0 * at(share / 2.0) + at(share))
    }

    /// One line, if it is one.
    fn line(&self) -> Option<Piece> {
        let [start, end] = self.factor;
        let one = start == end || self.rate.rate_from == self.rate.rate_to;
        let times = |rate: f64, factor: f64| if factor == 1.0 { rate } else { rate * factor };
        one.then(|| Piece {
            rate_from: times(self.rate.rate_from, start),
            rate_to: times(self.rate.rate_to, end),
            ..self.rate
        })
    }

    fn area(&self) -> f64 {
        match self.line() {
            Some(line) => {
                let mean = (line.rate_from + line.rate_to) / 2.0;
                if mean == 0.0 { 0.0 } else { mean * (line.to - line.from) }
            }
            None => self.area_to(self.rate.to - self.rate.from),
        }
    }

    /// Where the area from the start is `area`.
    fn inverse(&self, area: f64) -> f64 {
        let length = self.rate.to - self.rate.from;
        let Some(line) = self.line() else {
            // Bisection, to the last bit of a length of days.
            let (mut low, mut high) = (0.0, length);
            for _ in 0..80 {
                let middle = (low + high) / 2.0;
                if self.area_to(middle) < area { low = middle } else { high = middle }
            }
            return self.rate.from + high;
        };
        let slope = line.slope();
        // The root of slope/2·x² + rate·x = area that is stable for a slope near 0.
        let root = (line.rate_from * line.rate_from + 2.0 * slope * area).max(0.0).sqrt();
        line.from + (2.0 * area / (line.rate_from + root)).min(length)
    }
}

impl Curve {
    fn new(shape: Shape, factor: Option<&Course>, until: Nanos) -> Curve {
        let seconds = |time: Nanos| time as f64 / SECOND as f64;
        let lines = factor.iter().flat_map(|course| course.whole());
        let factor = lines.map(|line| Piece {
            from: seconds(line.from),
            to: if line.to == Nanos::MAX { f64::INFINITY } else { seconds(line.to) },
            rate_from: line.start,
            rate_to: line.end,
        });
        Curve {
            shape,
            factor: factor.collect(),
            piece: Product { rate: Piece::NONE, factor: [1.0, 1.0] },
            rest: Piece::NONE,
            before: 0.0,
            until: seconds(until),
        }
    }

    /// Λ⁻¹(target); targets ascend. `None` if the integral doesn't get there in time: of a rate
    /// that is 0 every day it never would.
    fn inverse(&mut self, target: f64, chance: &impl DrawSource) -> Option<f64> {
        loop {
            let area = self.piece.area();
            if target <= self.before + area && area > 0.0 {
                return Some(self.piece.inverse(target - self.before));
            }
            let piece = self.next_piece(chance)?;
            if piece.rate.from >= self.until {
                return None;
            }
            self.before += area;
            self.piece = piece;
        }
    }

    /// The dwell that `known` lies in, to which the walk has come, ends where a new draw says.
    fn cut(&mut self, known: f64, chance: &impl DrawSource) {
        let Some(left) = self.shape.left(chance) else {
            return;
        };
        let (rate, [start, end]) = (self.piece.rate, self.piece.factor);
        let to = known + left;
        if to < rate.to {
            let share = (to - rate.from) / (rate.to - rate.from);
            let factor = [start, start + (end - start) * share];
            self.piece = Product { rate: Piece { to, ..rate }, factor };
            self.rest = Piece { from: to, to, ..rate };
        } else {
            self.rest = Piece { from: rate.to, to, ..rate };
        }
    }

    /// The piece after this one: the shape's, as far as its factor is one line.
    fn next_piece(&mut self, chance: &impl DrawSource) -> Option<Product> {
        if self.rest.from >= self.rest.to {
            self.rest = self.shape.after(&self.rest, chance)?;
        }
        let from = self.rest.from;
        while self.factor.front().is_some_and(|factor| factor.to <= from) {
            self.factor.pop_front();
        }
        let Some(factor) = self.factor.front() else {
            let rate = self.rest;
            self.rest.from = rate.to;
            return Some(Product { rate, factor: [1.0, 1.0] });
        };
        let to = self.rest.to.min(factor.to);
        let rate = self.rest.within(from, to);
        let factor = factor.within(from, to);
        self.rest = self.rest.within(to, self.rest.to);
        Some(Product { rate, factor: [factor.rate_from, factor.rate_to] })
    }
}

#[derive(Debug)]
enum Shape {
    /// Pieces in seconds from t = 0 minus `from`, repeated every `period` if there is one.
    Profile { pieces: Vec<Piece>, from: f64, period: Option<f64>, next: usize, cycle: f64 },
    /// Two rates, low and high, with exponential dwells.
    OnOff { rates: [f64; 2], means: [f64; 2], key: Key, high: Option<bool>, dwell: u32 },
}

const DAY_SECONDS: f64 = 86_400.0;

impl Shape {
    fn profile(points: &[(Nanos, f64)], from: Nanos, daily: bool, step: bool) -> Shape {
        let seconds = |time: Nanos| time as f64 / SECOND as f64;
        let mut pieces = Vec::new();
        for (index, &(time, rate)) in points.iter().enumerate() {
            let next = points.get(index + 1);
            let (to, rate_to) = match next {
                Some(&(time, rate)) => (seconds(time), rate),
                None if daily => (DAY_SECONDS + seconds(points[0].0), points[0].1),
                None => (f64::INFINITY, rate),
            };
            let rate_to = if step { rate } else { rate_to };
            pieces.push(Piece { from: seconds(time), to, rate_from: rate, rate_to });
        }
        // Before the first point: the end of yesterday's last piece, or the first rate held.
        if let Some(&first) = pieces.first()
            && first.from > 0.0
        {
            let lead = if daily {
                let last = pieces[pieces.len() - 1];
                Piece { from: last.from - DAY_SECONDS, to: last.to - DAY_SECONDS, ..last }
            } else {
                Piece { from: 0.0, to: first.from, rate_to: first.rate_from, ..first }
            };
            pieces.insert(0, lead);
            if daily {
                pieces.pop();
            }
        }
        let period = daily.then_some(DAY_SECONDS);
        Shape::Profile { pieces, from: seconds(from), period, next: 0, cycle: 0.0 }
    }

    fn on_off(rates: [f64; 2], means: [Nanos; 2], stream: Key, chance: &Chance) -> Shape {
        let means = means.map(|mean| mean as f64 / SECOND as f64);
        // Stationary: the share of time in a state is the share of its mean dwell.
        let first = open01(chance.block(stream, Owner::NONE, SPELL, 0).second());
        let high = first < means[1] / (means[0] + means[1]);
        Shape::OnOff { rates, means, key: stream, high: Some(!high), dwell: 0 }
    }

    /// A new draw of what is left of the dwell it is in; `None`: it has none.
    fn left(&mut self, chance: &impl DrawSource) -> Option<f64> {
        let Shape::OnOff { means, key, high, dwell, .. } = self else {
            return None;
        };
        let bits = chance.block(*key, Owner::NONE, SPELL, *dwell).first();
        *dwell += 1;
        Some(-libm::log(open01(bits)) * means[usize::from((*high)?)])
    }

    /// The piece after `piece`, from t = 0 on.
    fn after(&mut self, piece: &Piece, chance: &impl DrawSource) -> Option<Piece> {
        match self {
            Shape::Profile { pieces, from, period, next, cycle } => loop {
                if *next == pieces.len() {
                    *cycle += (*period)?;
                    *next = 0;
                }
                let shift = *cycle - *from;
                let next_piece = pieces.get(*next)?;
                *next += 1;
                let piece = Piece {
                    from: next_piece.from + shift,
                    to: next_piece.to + shift,
                    ..*next_piece
                };
                if piece.to > 0.0 {
                    return Some(cut_at_zero(piece));
                }
            },
            Shape::OnOff { rates, means, key, high, dwell } => {
                let now = !(*high)?;
                *high = Some(now);
                let bits = chance.block(*key, Owner::NONE, SPELL, *dwell).first();
                *dwell += 1;
                let length = -libm::log(open01(bits)) * means[usize::from(now)];
                let rate = rates[usize::from(now)];
                let from = piece.to;
                Some(Piece { from, to: from + length, rate_from: rate, rate_to: rate })
            }
        }
    }
}

/// What lies at or after t = 0.
fn cut_at_zero(piece: Piece) -> Piece {
    if piece.from >= 0.0 {
        return piece;
    }
    let share = -piece.from / (piece.to - piece.from);
    let rate_from = if piece.to.is_finite() {
        piece.rate_from + share * (piece.rate_to - piece.rate_from)
    } else {
        piece.rate_from
    };
    Piece { from: 0.0, rate_from, ..piece }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Nanos = 3600 * SECOND;

    fn times(arrivals: &spec::Arrivals, scale: f64, start: Nanos, until: Nanos) -> Vec<Nanos> {
        let chance = Chance::new(11);
        let stream = Key::named("traffic.t");
        let mut process = Arrivals::of(arrivals, None, stream, scale, start, until, &chance);
        let mut times = Vec::new();
        while let Some(next) = process.next(&chance) {
            if next.time >= until {
                break;
            }
            times.push(next.time);
        }
        assert!(times.is_sorted());
        times
    }

    /// Within 4.5 standard deviations of a Poisson count.
    fn about(count: usize, expected: f64) {
        let off = (count as f64 - expected) / expected.sqrt();
        assert!(off.abs() < 4.5, "{count} for {expected}");
    }

    #[test]
    fn poisson_gaps_are_exponential() {
        let times = times(&spec::Arrivals::Poisson { rate: 50.0 }, 2.0, 0, HOUR);
        about(times.len(), 360_000.0);
        let gaps: Vec<f64> = times.windows(2).map(|pair| (pair[1] - pair[0]) as f64).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let variance =
            gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum::<f64>() / gaps.len() as f64;
        assert!((variance.sqrt() / mean - 1.0).abs() < 0.01);
    }

    #[test]
    fn constant_comes_at_exact_multiples() {
        let times = times(&spec::Arrivals::Constant { rate: 4.0 }, 2.0, 0, SECOND);
        assert_eq!(times, (0..8).map(|i| i * 125_000_000).collect::<Vec<_>>());
    }

    #[test]
    fn scale_makes_the_same_requests_earlier() {
        let one = times(&spec::Arrivals::Poisson { rate: 10.0 }, 1.0, 0, HOUR);
        let four = times(&spec::Arrivals::Poisson { rate: 10.0 }, 4.0, 0, HOUR);
        for (slow, fast) in one.iter().zip(&four) {
            assert!(slow.abs_diff(fast * 4) <= 4);
        }
    }

    #[test]
    fn a_linear_profile_has_its_area_in_every_part() {
        let profile = spec::Arrivals::Profile {
            points: vec![(0, 0.0), (HOUR, 100.0), (2 * HOUR, 0.0)],
            clock: false,
            daily: false,
            step: false,
        };
        let times = times(&profile, 1.0, 0, 4 * HOUR);
        let within = |from: Nanos, to: Nanos| {
            times.iter().filter(|&&time| time >= from && time < to).count()
        };
        about(within(0, HOUR / 2), 100.0 * 3600.0 / 8.0);
        about(within(HOUR / 2, HOUR), 100.0 * 3600.0 * 3.0 / 8.0);
        about(within(HOUR, 2 * HOUR), 100.0 * 3600.0 / 2.0);
        assert_eq!(within(2 * HOUR, 4 * HOUR), 0);
    }

    #[test]
    fn a_daily_profile_starts_at_the_time_of_day_and_repeats() {
        let profile = spec::Arrivals::Profile {
            points: vec![(6 * HOUR, 1.0), (18 * HOUR, 3.0)],
            clock: true,
            daily: true,
            step: true,
        };
        let times = times(&profile, 1.0, 17 * HOUR, 49 * HOUR);
        let hours = |from: u64, to: u64| {
            times.iter().filter(|&&time| time >= from * HOUR && time < to * HOUR).count()
        };
        about(hours(0, 1), 3600.0);
        about(hours(1, 13), 12.0 * 3600.0 * 3.0);
        about(hours(13, 25), 12.0 * 3600.0);
        about(hours(25, 37), 12.0 * 3600.0 * 3.0);
    }

    #[test]
    fn a_linear_daily_profile_is_linear_across_midnight() {
        let profile = spec::Arrivals::Profile {
            points: vec![(6 * HOUR, 0.0), (18 * HOUR, 12.0)],
            clock: true,
            daily: true,
            step: false,
        };
        let times = times(&profile, 1.0, 0, 24 * HOUR);
        let hours = |from: u64, to: u64| {
            times.iter().filter(|&&time| time >= from * HOUR && time < to * HOUR).count()
        };
        about(hours(0, 6), 6.0 * 3600.0 * 3.0);
        about(hours(6, 18), 12.0 * 3600.0 * 6.0);
        about(hours(18, 24), 6.0 * 3600.0 * 9.0);
    }

    #[test]
    fn a_daily_profile_of_nothing_ends() {
        let nothing = spec::Arrivals::Profile {
            points: vec![(6 * HOUR, 0.0)],
            clock: true,
            daily: true,
            step: false,
        };
        assert!(times(&nothing, 1.0, 0, 1000 * HOUR).is_empty());
    }

    #[test]
    fn on_off_spends_its_time_by_the_dwells() {
        let on_off = spec::Arrivals::OnOff {
            high: 10.0,
            low: 0.0,
            mean_high: 20 * SECOND,
            mean_low: 60 * SECOND,
        };
        let count = times(&on_off, 1.0, 0, 1000 * HOUR).len() as f64;
        // 45,000 cycles: the share of time in `high` has a relative deviation of about 0.7 %.
        let expected = 1000.0 * 3600.0 * 10.0 / 4.0;
        assert!((count / expected - 1.0).abs() < 0.025, "{count}");
    }

    #[test]
    fn a_campaign_is_spread_evenly() {
        let campaign = spec::Arrivals::Campaign { count: 3, at: 10, over: 6 };
        assert_eq!(times(&campaign, 1.0, 0, HOUR), [10, 12, 14]);
        assert_eq!(times(&campaign, 2.0, 0, HOUR), [10, 11, 12, 13, 14, 15]);
    }

    #[test]
    fn a_trace_is_repeated_or_thinned() {
        let row = |row: u64| spec::TraceRow {
            time: row * SECOND,
            row,
            sender: None,
            carrier: None,
            chars: None,
            ucs2: None,
            spam_score: None,
            deadline: None,
            recipient: None,
        };
        let trace = spec::Arrivals::Trace { rows: (0..3000).map(row).collect() };
        assert_eq!(times(&trace, 1.0, 0, HOUR).len(), 3000);
        assert_eq!(times(&trace, 3.0, 0, HOUR).len(), 9000);
        let some = times(&trace, 0.25, 0, HOUR).len();
        about(some, 750.0);
        assert_eq!(times(&trace, 2.25, 0, HOUR).len(), 6000 + some);
        let one = spec::Arrivals::Trace { rows: vec![row(0)] };
        assert_eq!(times(&one, 100_000.0, 0, HOUR).len(), 100_000);
    }
}
