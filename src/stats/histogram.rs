//! A log-linear histogram of integers, exact to 0.1 %.
//!
//! The layout is that of HdrHistogram (Tene): octaves split into equal cells. Octaves are
//! allocated when first used, so a histogram of one stage costs a few KiB and a run can keep one
//! for each stage and batch of request time.

/// Bits of a value kept below its leading one: 512 cells an octave, each within ±0.1 % of its
/// middle.
const CELL_BITS: u32 = 9;
const CELLS: usize = 1 << CELL_BITS;

/// Counts of `u64` values by size.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Histogram {
    count: u64,
    /// Indexed by octave; empty until used. Octave 0 holds values below 2 × 512 exactly.
    octaves: Vec<Vec<u64>>,
    least: u64,
    greatest: u64,
}

impl Histogram {
    /// Counts one value.
    pub fn record(&mut self, value: u64) {
        self.record_all(&[value]);
    }

    /// Counts every one of `values`.
    pub fn record_all(&mut self, values: &[u64]) {
        if values.is_empty() {
            return;
        }
        let (mut least, mut greatest) = (u64::MAX, 0);
        for &value in values {
            let (octave, cell) = place(value);
            if octave >= self.octaves.len() || self.octaves[octave].is_empty() {
                self.open(octave);
            }
            self.octaves[octave][cell] += 1;
            least = least.min(value);
            greatest = greatest.max(value);
        }
        self.least = if self.count == 0 { least } else { self.least.min(least) };
        self.greatest = self.greatest.max(greatest);
        self.count += values.len() as u64;
    }

    #[cold]
    fn open(&mut self, octave: usize) {
        if octave >= self.octaves.len() {
            self.octaves.resize(octave + 1, Vec::new());
        }
        if self.octaves[octave].is_empty() {
            self.octaves[octave] = vec![0; CELLS];
        }
    }

    /// The number of values counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The greatest value counted; 0 if there was none.
    #[must_use]
    pub fn max(&self) -> u64 {
        self.greatest
    }

    /// The least value counted; 0 if there was none.
    #[must_use]
    pub fn min(&self) -> u64 {
        self.least
    }

    /// The value at or below which a share `p` of the values lie (the ⌈p·n⌉-th least), within
    /// 0.1 %; `None` if nothing was counted.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<u64> {
        let wanted = (p * self.count as f64).ceil().max(1.0) as u64;
        self.nth(wanted)
    }

    /// The `wanted`-th least value (from 1), within 0.1 %; `None` if nothing was counted.
    #[must_use]
    pub fn nth(&self, wanted: u64) -> Option<u64> {
        if self.count == 0 {
            return None;
        }
        let mut below = 0;
        for (octave, cells) in self.octaves.iter().enumerate() {
            // Whole octaves by their sums, which are vectors of additions.
            let within = cells.iter().sum::<u64>();
            if below + within < wanted {
                below += within;
                continue;
            }
            for (cell, &count) in cells.iter().enumerate() {
                below += count;
                if below >= wanted {
                    return Some(middle(octave, cell).clamp(self.least, self.greatest));
                }
            }
        }
        Some(self.greatest)
    }

    /// Adds another histogram's counts.
    pub fn merge(&mut self, other: &Histogram) {
        if other.count == 0 {
            return;
        }
        for (octave, cells) in other.octaves.iter().enumerate() {
            if cells.is_empty() {
                continue;
            }
            self.open(octave);
            for (mine, theirs) in self.octaves[octave].iter_mut().zip(cells) {
                *mine += theirs;
            }
        }
        self.least = if self.count == 0 { other.least } else { self.least.min(other.least) };
        self.greatest = self.greatest.max(other.greatest);
        self.count += other.count;
    }

    /// The counts in ascending order of value: (the cell's middle, count), empty cells left out.
    pub fn cells(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.octaves.iter().enumerate().flat_map(|(octave, cells)| {
            cells
                .iter()
                .enumerate()
                .filter(|&(_, &count)| count > 0)
                .map(move |(cell, &count)| (middle(octave, cell), count))
        })
    }
}

/// Octave and cell of a value: octave 0 and 1 have cells of width 1, octave k of width 2ᵏ⁻¹.
#[inline]
fn place(value: u64) -> (usize, usize) {
    let magnitude = 63 - (value | 1).leading_zeros();
    if magnitude < CELL_BITS {
        return (0, value as usize);
    }
    let shift = magnitude - CELL_BITS;
    (shift as usize + 1, (value >> shift) as usize & (CELLS - 1))
}

fn middle(octave: usize, cell: usize) -> u64 {
    if octave == 0 {
        return cell as u64;
    }
    let shift = octave as u32 - 1;
    ((CELLS + cell) as u64) << shift | (1_u64 << shift) >> 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_within_a_tenth_of_a_percent() {
        for magnitude in 0..64_u32 {
            for offset in [0_u64, 1, 3, 1 << 20, (1 << 40) + 7, u64::MAX >> 1] {
                let value = (1_u64 << magnitude) | (offset & ((1_u64 << magnitude) - 1));
                let (octave, cell) = place(value);
                let error = middle(octave, cell).abs_diff(value) as f64 / value as f64;
                assert!(error <= 0.001, "{value}: {error}");
            }
        }
    }

    #[test]
    fn quantiles_are_the_order_statistics() {
        let mut histogram = Histogram::default();
        for value in (1..=1000).rev() {
            histogram.record(value);
        }
        assert_eq!(histogram.quantile(0.5), Some(500));
        assert_eq!(histogram.quantile(0.001), Some(1));
        assert_eq!(histogram.quantile(0.0), Some(1));
        assert_eq!(histogram.quantile(1.0), Some(1000));
        assert_eq!((histogram.min(), histogram.max()), (1, 1000));
    }

    #[test]
    fn a_constant_is_reported_exactly() {
        let mut histogram = Histogram::default();
        for _ in 0..10 {
            histogram.record(90_000_001);
        }
        assert_eq!(histogram.quantile(0.99), Some(90_000_001));
    }

    #[test]
    fn merging_is_counting_together() {
        let (mut all, mut left, mut right) =
            (Histogram::default(), Histogram::default(), Histogram::default());
        for value in 0..5000_u64 {
            let value = value * value * 977;
            all.record(value);
            if value % 2 == 0 { left.record(value) } else { right.record(value) }
        }
        left.merge(&right);
        assert_eq!(left, all);
        assert_eq!(all.cells().map(|(_, count)| count).sum::<u64>(), 5000);
    }
}
