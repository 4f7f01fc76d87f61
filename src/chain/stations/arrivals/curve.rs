//! A rate over time and its integral.

use super::shape::Shape;
use crate::chain::stations::faults::piecewise::PiecewiseLinear;
use crate::kernel::{Nanos, SECOND};
use crate::random::DrawSource;
use std::collections::VecDeque;

/// A piecewise linear rate, times a piecewise linear factor, and the integral, walked forwards.
#[derive(Debug)]
pub(super) struct Curve {
    shape: Shape,
    /// The factor by which incidents multiply the rate, from the piece on; empty: 1.
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
pub(super) struct Piece {
    pub(super) from: f64,
    /// Infinite for the last one.
    pub(super) to: f64,
    pub(super) rate_from: f64,
    pub(super) rate_to: f64,
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

    /// The place up to which the area from the start is `area`.
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
    pub(super) fn new(shape: Shape, factor: Option<&PiecewiseLinear>, until: Nanos) -> Curve {
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
    pub(super) fn inverse(&mut self, target: f64, chance: &impl DrawSource) -> Option<f64> {
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
    pub(super) fn cut(&mut self, known: f64, chance: &impl DrawSource) {
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
