//! The share delivered and the median time over the part that is kept out, in the log and in the runs: when the two
//! part, if they do.

use super::figures::{Part, clock};
use super::{Law, interval};
use crate::fit::gather::Gathered;
use crate::logs::Status;

/// Pieces at most, and messages of which one tells anything.
const PIECES: i64 = 24;
const LEAST: u64 = 30;
/// The probability with which one more log lies outside one interval.
const ERROR: f64 = 0.05;

/// A piece of the part that was kept out.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// The clock at its beginning: `2026-01-31T18:00`.
    pub at: String,
    /// The share delivered: predicted, the ends of its own 95 % interval, and seen.
    pub delivered: Option<[f64; 4]>,
    /// The same of the median time from request to handset, s.
    pub median_s: Option<[f64; 4]>,
}

/// The share delivered and the median, s, of a piece.
pub(super) type Told = [Option<f64>; 2];

/// The pieces, and what the log tells of them.
pub(super) struct OverTime {
    edges: Vec<i64>,
    seen: Vec<Told>,
}

impl OverTime {
    /// The pieces of a part of a log, each of whole slices.
    pub(super) fn of(log: &Gathered, part: Part) -> OverTime {
        let width = log.slice_ends(1).max(1);
        // As many as have twice as many messages on average as one takes.
        let enough = i64::try_from(part.of(log).rows() / (2 * LEAST)).unwrap_or(PIECES);
        let step = ((part.to - part.from) / enough.clamp(1, PIECES) / width + 1) * width;
        let first = log.nearest_slice(part.from);
        let mut edges: Vec<i64> = (0..=PIECES).map(|piece| first + piece * step).collect();
        edges.retain(|&edge| edge < part.to + step);
        let mut own = OverTime { edges, seen: Vec::new() };
        own.seen = own.told(log);
        own
    }

    /// The same pieces as a log, or a run, tells of them.
    pub(super) fn told(&self, log: &Gathered) -> Vec<Told> {
        let of = |pair: &[i64]| {
            let cell = log.over(pair[0], pair[1], &[]).of(None, None);
            let (rows, delivered) = (cell.rows(), cell.status(Status::Delivered));
            let share = (rows >= LEAST).then(|| delivered as f64 / rows as f64);
            let timed = cell.cycle.count() >= LEAST;
            [share, timed.then(|| cell.cycle.quantile(0.5)).flatten()]
        };
        self.edges.windows(2).map(of).collect()
    }

    /// Predictions by the runs beside what was seen; `dispersions` widen the intervals, and `hidden` is true
    /// of what the log doesn't tell.
    pub(super) fn pieces(
        &self,
        runs: &[Vec<Told>],
        dispersions: [f64; 2],
        hidden: [bool; 2],
        zone: i64,
    ) -> Vec<Piece> {
        let of = |place: usize, figure: usize, most: f64| {
            let seen = self.seen.get(place)?[figure].filter(|_| !hidden[figure])?;
            let values: Option<Vec<f64>> = runs.iter().map(|run| run.get(place)?[figure]).collect();
            let law = Law { dispersion: dispersions[figure], error: ERROR };
            let [predicted, low, high] = interval("", &values?, law, 0.0);
            Some([predicted, low.max(0.0), high.min(most), seen])
        };
        let piece = |(place, &from): (usize, &i64)| Piece {
            at: clock(from + zone),
            delivered: of(place, 0, 1.0),
            median_s: of(place, 1, f64::INFINITY),
        };
        let pieces = self.edges.iter().take(self.seen.len()).enumerate().map(piece);
        pieces.filter(|own| own.delivered.is_some() || own.median_s.is_some()).collect()
    }
}
