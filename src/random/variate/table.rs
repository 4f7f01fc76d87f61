//! Fast numerical inversion of a distribution function.

use std::sync::Arc;

/// An inverse distribution function as a table of quintic Hermite polynomials on intervals split
/// until they are exact enough, and a guide table that finds the interval.
///
/// Hörmann and Leydold (2003), *Continuous random variate generation by fast numerical
/// inversion*, with the u-error held below [`TOLERANCE`] relative to the nearer end of (0, 1).
/// The table covers the middle; the rest of the tails is left to be solved exactly.
#[derive(Clone, PartialEq)]
pub(super) struct InverseTable {
    /// In ascending order; the last is only the end of the one before it.
    cells: Arc<[Cell]>,
    /// For each equal piece of (0, 1), the cell it begins in.
    guide: Arc<[u32]>,
}

/// One interval: a cache line.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    /// The u it begins at.
    from: f64,
    /// One over its width.
    stretch: f64,
    /// Of the polynomial in (u − from) · stretch.
    coefficients: [f64; 6],
}

/// A distribution at one point v, where v is the variate or an increasing function of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// The probability below.
    pub(super) p: f64,
    /// The probability above.
    pub(super) q: f64,
    /// The density of v.
    pub(super) density: f64,
    /// The derivative of the logarithm of the density by v.
    pub(super) slope: f64,
}

impl Point {
    /// `true` if p is near enough to u, where the point is at `v`.
    fn is_near(&self, v: f64, u: f64) -> bool {
        let (error, near) = if u < 0.5 { (self.p - u, u) } else { (self.q - (1.0 - u), 1.0 - u) };
        // However small the interval, the rounding of u and v shows.
        let rounding = f64::EPSILON * (1.0 + 4.0 * (v.abs() + 1.0) * self.density);
        error.abs() <= TOLERANCE * near + rounding
    }
}

/// Share of probability in each tail that is left out of tables: enough to keep them small, too
/// little to cost time.
pub(super) const TAIL: f64 = 1.0 / 16384.0;

/// Bound on the relative u-error, as it is checked within each interval.
const TOLERANCE: f64 = 2e-11;

/// Intervals no table exceeds; common ones have a few hundred.
const CELLS_MAX: usize = 1 << 14;

impl InverseTable {
    /// The table from `low` to `high`, both values of v, of the distribution that `place`
    /// describes.
    pub(super) fn new(low: f64, high: f64, place: impl Fn(f64) -> Point) -> Self {
        let mut cells = Vec::new();
        // Depth first, left before right: cells come out in order.
        let mut left = (low, place(low));
        let mut pending = vec![(high, place(high))];
        while let Some(&right) = pending.last() {
            let cell = Cell::new(left, right);
            let middle = 0.5 * (left.0 + right.0);
            let splits = cells.len() + pending.len() < CELLS_MAX
                && middle > left.0
                && middle < right.0
                && !cell.is_exact(&place, left.0, right.0);
            if splits {
                pending.push((middle, place(middle)));
            } else {
                cells.push(cell);
                left = right;
                pending.pop();
            }
        }
        let end = [left.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        cells.push(Cell { from: left.1.p, stretch: 0.0, coefficients: end });
        let guide = Self::guide(&cells);
        Self { cells: cells.into(), guide: guide.into() }
    }

    fn guide(cells: &[Cell]) -> Vec<u32> {
        let pieces = (2 * cells.len()).next_power_of_two();
        let mut cell = 0;
        (0..pieces)
            .map(|piece| {
                let u = piece as f64 / pieces as f64;
                while cell + 2 < cells.len() && cells[cell + 1].from <= u {
                    cell += 1;
                }
                cell as u32
            })
            .collect()
    }

    /// v at `u`; `None` in the tails.
    pub(super) fn at(&self, u: f64) -> Option<f64> {
        let last = self.cells.len() - 1;
        if !(u >= self.cells[0].from && u < self.cells[last].from) {
            return None;
        }
        let mut i = self.guide[(u * self.guide.len() as f64) as usize] as usize;
        while self.cells[i + 1].from <= u {
            i += 1;
        }
        // Rounding must not lead past the neighbour's first value.
        Some(self.cells[i].value(u).min(self.cells[i + 1].coefficients[0]))
    }

    /// Its ends: u and v of each.
    pub(super) fn ends(&self) -> [(f64, f64); 2] {
        let end = |cell: &Cell| (cell.from, cell.coefficients[0]);
        [end(&self.cells[0]), end(&self.cells[self.cells.len() - 1])]
    }
}

impl Cell {
    /// From values, first and second derivatives at both ends.
    fn new((left, at): (f64, Point), (right, to): (f64, Point)) -> Self {
        let width = if at.p < 0.5 { to.p - at.p } else { at.q - to.q };
        // dv/du is 1/density, and its derivative −slope/density².
        let first = |place: &Point| width / place.density;
        let second = |place: &Point| -place.slope * first(place) * first(place);
        let (d0, d1) = (first(&at), first(&to));
        let (s0, s1) = (0.5 * second(&at), 0.5 * second(&to));
        // What the cubic part must still reach: value, derivative and half curvature at the end.
        let rise = (right - left) - d0 - s0;
        let steep = d1 - d0 - 2.0 * s0;
        let bend = s1 - s0;
        let coefficients = [
            left,
            d0,
            s0,
            10.0 * rise - 4.0 * steep + bend,
            -15.0 * rise + 7.0 * steep - 2.0 * bend,
            6.0 * rise - 3.0 * steep + bend,
        ];
        Self { from: at.p, stretch: 1.0 / width, coefficients }
    }

    fn value(&self, u: f64) -> f64 {
        let t = (u - self.from) * self.stretch;
        let [c0, c1, c2, c3, c4, c5] = self.coefficients;
        // The rest apart, so that c0 + … never falls below c0 by rounding.
        c0 + (t * (c1 + t * (c2 + t * (c3 + t * (c4 + t * c5))))).max(0.0)
    }

    fn slope(&self, t: f64) -> f64 {
        let [_, c1, c2, c3, c4, c5] = self.coefficients;
        c1 + t * (2.0 * c2 + t * (3.0 * c3 + t * (4.0 * c4 + t * 5.0 * c5)))
    }

    /// `true` if the polynomial rises, and meets the tolerance, between its ends.
    fn is_exact(&self, place: &impl Fn(f64) -> Point, left: f64, right: f64) -> bool {
        [0.5, 0.25, 0.75].iter().all(|&t| {
            let u = self.from + t / self.stretch;
            let v = self.value(u);
            v >= left && v <= right && self.slope(t) > 0.0 && place(v).is_near(v, u)
        })
    }
}

impl std::fmt::Debug for InverseTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InverseTable").field("cells", &self.cells.len()).finish_non_exhaustive()
    }
}
