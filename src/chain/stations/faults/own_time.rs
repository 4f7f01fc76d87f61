//! The own time of a token bucket whose rate changes.
//!
//! A bucket whose rate is multiplied by f(t) is one of its steady rate on a clock that runs f(t)
//! times as fast. That clock is τ(t) = ∫₀ᵗ f, and a token that is due at τ is there at the first t
//! with τ(t) ≥ τ: nothing has to be added up step by step, so nothing can drift.

use crate::chain::stations::faults::piecewise::{PiecewiseLinear, Stretch};
use crate::kernel::Nanos;
use std::cell::Cell;

/// Bits of a nanosecond's fraction, as in a token bucket.
pub(crate) const FRACTION_BITS: u32 = 32;
const UNIT: f64 = (1_u64 << FRACTION_BITS) as f64;

/// τ(t), in 2⁻³² ns, and its inverse.
#[derive(Debug, Clone)]
pub(crate) struct OwnTime {
    pieces: Vec<Piece>,
    /// The piece last asked for: who asks next mostly asks for the same.
    last: Cell<usize>,
}

#[derive(Debug, Clone)]
struct Piece {
    line: Stretch,
    /// τ at its start.
    before: i128,
    /// The gain of τ over it, if it slopes.
    gain: i128,
    /// Own time a nanosecond, if it is steady.
    steady: Option<i128>,
}

impl Piece {
    fn new(line: Stretch, before: i128) -> Piece {
        let mean = (line.start + line.end) / 2.0;
        let gain = (line.to - line.from) as f64 * mean * UNIT;
        let steady = (line.start == line.end).then(|| (line.start * UNIT).round() as i128);
        Piece { line, before, gain: gain as i128, steady }
    }

    /// τ at `time`, which lies within the piece. Never falls: of a line that does, what is left
    /// of its area is taken away, for there the terms of the sum have one sign.
    fn at(&self, time: Nanos) -> i128 {
        let Stretch { from, to, start, end } = self.line;
        if let Some(rate) = self.steady {
            return self.before + i128::from(time - from) * rate;
        }
        let area = |low: f64, high: f64, part: f64| {
            (low * part + (high - low) * part * part / (2.0 * (to - from) as f64)) * UNIT
        };
        let gained = if start < end {
            area(start, end, (time - from) as f64) as i128
        } else {
            self.gain - area(end, start, (to - time) as f64) as i128
        };
        self.before + gained.clamp(0, self.gain)
    }
}

impl OwnTime {
    /// The time of a bucket whose rate is multiplied by `factor`.
    pub(crate) fn new(factor: &PiecewiseLinear) -> OwnTime {
        let mut before = 0;
        let pieces = factor.whole().into_iter().map(|line| {
            let piece = Piece::new(line, before);
            let length = i128::from(line.to - line.from);
            before += piece.steady.map_or(piece.gain, |rate| length * rate);
            piece
        });
        OwnTime { pieces: pieces.collect(), last: Cell::new(0) }
    }

    /// τ at `time`.
    #[inline]
    pub(crate) fn at(&self, time: Nanos) -> i128 {
        let last = &self.pieces[self.last.get()];
        if (last.line.from..last.line.to).contains(&time) { last.at(time) } else { self.find(time) }
    }

    #[inline(never)]
    fn find(&self, time: Nanos) -> i128 {
        let index = self.pieces.partition_point(|piece| piece.line.from <= time).saturating_sub(1);
        self.last.set(index);
        self.pieces[index].at(time)
    }

    /// The first instant at which τ has come to `own`.
    pub(crate) fn reached(&self, own: i128) -> Nanos {
        if own <= 0 {
            return 0;
        }
        // The last piece that begins before; the one after it would begin at or beyond `own`.
        let index = self.pieces.partition_point(|piece| piece.before < own);
        let piece = &self.pieces[index.saturating_sub(1)];
        let from = piece.line.from;
        if let Some(rate) = piece.steady {
            let needed = own - piece.before;
            let wait = if rate > 0 { (needed + rate - 1) / rate } else { 0 };
            return u64::try_from(wait).map_or(Nanos::MAX, |wait| from.saturating_add(wait));
        }
        let (mut short, mut there) = (from, piece.line.to);
        while there - short > 1 {
            let middle = short + (there - short) / 2;
            if piece.at(middle) >= own { there = middle } else { short = middle }
        }
        there
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::stations::faults::piecewise::tests::incident;

    fn own(parts: &[(Nanos, Nanos, Nanos, f64)]) -> OwnTime {
        let parts =
            parts.iter().map(|&(at, span, ramp, factor)| (incident(at, span, ramp), factor));
        OwnTime::new(&PiecewiseLinear::factor(parts).unwrap())
    }

    fn nanos(own: i128) -> f64 {
        own as f64 / UNIT
    }

    #[test]
    fn it_runs_at_the_factor() {
        let time = own(&[(100, 100, 0, 0.5), (300, 50, 0, 0.0)]);
        for (real, expected) in [
            (0, 0.0),
            (100, 100.0),
            (150, 125.0),
            (200, 150.0),
            (300, 250.0),
            (350, 250.0),
            (360, 260.0),
        ] {
            assert_eq!(nanos(time.at(real)), expected, "{real}");
        }
        let reached = |own: i128| time.reached(own << FRACTION_BITS);
        assert_eq!([0, 100, 125, 126, 250, 251].map(reached), [0, 100, 150, 152, 300, 351]);
    }

    #[test]
    fn ramps_have_their_area() {
        let time = own(&[(1_000, 4_000, 1_000, 3.0)]);
        // Mean factor 2 on the ramps, 3 in between.
        for (real, expected) in [
            (1_000, 1_000.0),
            (1_500, 1_750.0),
            (2_000, 3_000.0),
            (4_000, 9_000.0),
            (5_000, 11_000.0),
        ] {
            assert_eq!(nanos(time.at(real)), expected, "{real}");
        }
    }

    #[test]
    fn the_inverse_is_the_first_instant_and_time_never_falls() {
        let time =
            own(&[(1_000, 4_001, 1_500, 0.0), (2_000, 5_000, 777, 2.5), (9_000, 10, 5, 7.0)]);
        let mut last = -1;
        for real in 0..12_000 {
            let own = time.at(real);
            assert!(own >= last, "{real}");
            let first = time.reached(own);
            assert!(first <= real && time.at(first) >= own, "{real}: {first}");
            assert!(first == 0 || time.at(first - 1) < own, "{real}: {first}");
            last = own;
        }
    }
}
