//! The shapes of rates that change by themselves.

use super::curve::Piece;
use crate::chain::draws::site;
use crate::kernel::{Nanos, SECOND};
use crate::random::{Chance, DrawSource, Key, open01};

/// A rate over time, piece by piece.
#[derive(Debug)]
pub(super) enum Shape {
    /// Pieces in seconds from t = 0 minus `from`, repeated every `period` if there is one.
    Profile { pieces: Vec<Piece>, from: f64, period: Option<f64>, next: usize, cycle: f64 },
    /// Two rates, low and high, with exponential dwells.
    OnOff { rates: [f64; 2], means: [f64; 2], key: Key, high: Option<bool>, dwell: u32 },
}

const DAY_SECONDS: f64 = 86_400.0;

impl Shape {
    pub(super) fn profile(points: &[(Nanos, f64)], from: Nanos, daily: bool, step: bool) -> Shape {
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

    pub(super) fn on_off(
        rates: [f64; 2],
        means: [Nanos; 2],
        stream: Key,
        chance: &Chance,
    ) -> Shape {
        let means = means.map(|mean| mean as f64 / SECOND as f64);
        // Stationary: the share of time in a state is the share of its mean dwell.
        let first = open01(chance.block(site::spell(stream, 0)).second());
        let high = first < means[1] / (means[0] + means[1]);
        Shape::OnOff { rates, means, key: stream, high: Some(!high), dwell: 0 }
    }

    /// A new draw of what is left of the dwell it is in; `None`: it has none.
    pub(super) fn left(&mut self, chance: &impl DrawSource) -> Option<f64> {
        let Shape::OnOff { means, key, high, dwell, .. } = self else {
            return None;
        };
        let bits = chance.block(site::spell(*key, *dwell)).first();
        *dwell += 1;
        Some(-libm::log(open01(bits)) * means[usize::from((*high)?)])
    }

    /// The piece after `piece`, from t = 0 on.
    pub(super) fn after(&mut self, piece: &Piece, chance: &impl DrawSource) -> Option<Piece> {
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
                let bits = chance.block(site::spell(*key, *dwell)).first();
                *dwell += 1;
                let length = -libm::log(open01(bits)) * means[usize::from(now)];
                let rate = rates[usize::from(now)];
                let from = piece.to;
                Some(Piece { from, to: from + length, rate_from: rate, rate_to: rate })
            }
        }
    }
}

/// The part at or after t = 0.
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
