//! The part of a series' beginning to leave out: MSER-5.

use crate::special::student_t_cdf;

/// Observations a batch of MSER-5.
pub const MSER_BATCH: usize = 5;

/// Batches at the end that are never all that is left: the statistic of a few is too unsure.
const LEFT: usize = 5;

/// Blocks in which the settled part is divided to see how much it wanders.
const BLOCKS: usize = 10;

/// The means of `length` values each, from the first on; what is left over at the end is not used.
#[must_use]
pub fn means(values: &[f64], length: usize) -> Vec<f64> {
    values.chunks_exact(length.max(1)).map(mean).collect()
}

/// The number of batches to leave out at the beginning so that the mean of the others is surest: the d
/// that makes (n − d)⁻² Σ (Yᵢ − Ȳ)² over the n − d others least, the smallest if there are several,
/// at most `most`; `None` for fewer than 10 batches. If it is beyond n/2 when it may be, the series
/// may have no steady state.
///
/// White (1997), *An effective truncation heuristic for bias reduction in simulation output*,
/// Simulation 69, 323–334; on the means of five observations (MSER-5): White, Cobb and Spratt
/// (2000), *A comparison of five steady-state truncation heuristics for simulation*, Proceedings of
/// the Winter Simulation Conference, 755–760.
#[must_use]
pub fn mser(batches: &[f64], most: usize) -> Option<usize> {
    if batches.len() < 2 * LEFT {
        return None;
    }
    // From the end, so that each step adds one batch to those that are left (Welford).
    let (mut mean, mut squares, mut best) = (0.0, 0.0, None);
    for (out, &value) in batches.iter().enumerate().rev() {
        let left = batches.len() - out;
        let off = value - mean;
        mean += off / left as f64;
        squares += off * (value - mean);
        let statistic = squares / (left * left) as f64;
        if left >= LEFT && out <= most && best.is_none_or(|(least, _)| statistic <= least) {
            best = Some((statistic, out));
        }
    }
    best.map(|(_, out)| out)
}

/// The difference between a beginning and what comes after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The probability that the two means are as far apart as they are if both are of one steady series:
    /// two-sided, by Student's t over the blocks.
    pub by_chance: f64,
    /// Their distance, in distances of the block that is farthest from the others' mean; infinite
    /// if the blocks are all alike. Unlike t it isn't misled by a series that has rare bursts.
    pub farther: f64,
}

/// The difference of `before` from `after`, measured by how much blocks of `after` wander: ten or more of
/// them, as long as `before` where that is possible. `None` if there are too few values.
#[must_use]
pub fn difference(before: &[f64], after: &[f64]) -> Option<Difference> {
    let length = before.len().min(after.len() / BLOCKS);
    if length == 0 {
        return None;
    }
    // What is left over is next to `before`, not at the settled end.
    let blocks = means(&after[after.len() % length..], length);
    let count = blocks.len() as f64;
    let centre = mean(&blocks);
    let distance = (mean(before) - centre).abs();
    if distance == 0.0 {
        return Some(Difference { by_chance: 1.0, farther: 0.0 });
    }
    let distances = blocks.iter().map(|block| (block - centre).abs());
    let (squares, farthest) = distances
        .fold((0.0_f64, 0.0_f64), |(squares, most), far| (squares + far * far, most.max(far)));
    if farthest == 0.0 {
        return Some(Difference { by_chance: 0.0, farther: f64::INFINITY });
    }
    let share = length as f64 / before.len() as f64;
    let error = (squares / (count - 1.0) * (share + 1.0 / count)).sqrt();
    let by_chance = 2.0 * student_t_cdf(-distance / error, count - 1.0);
    Some(Difference { by_chance, farther: distance / farthest })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Without the first there is no spread; with it, 90/10² = 0.9.
        let mut batches = [1.0; 10];
        batches[0] = 11.0;
        assert_eq!(mser(&batches, 100), Some(1));
        // 10/10² = 0.1 with all, 8.89/9² = 0.110 without the first, 8/8² without two …
        let alternating: Vec<f64> = (0..10).map(|i| f64::from(i % 2) * 2.0).collect();
        assert_eq!(mser(&alternating, 100), Some(0));
        // Least, 0, when only zeros are left.
        let settling = [10.0, 8.0, 6.0, 4.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(mser(&settling, 100), Some(5));
        // 55/12² with all, 2.727/11² = 0.0225 without the 9, 2.5/10² = 0.025 without the next.
        let first = [9.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0];
        assert_eq!(mser(&first, 100), Some(1));
    }

    #[test]
    fn a_constant_is_settled_from_the_start() {
        assert_eq!(mser(&[0.1; 40], 100), Some(0));
        assert_eq!(mser(&[0.1; 9], 100), None);
    }

    #[test]
    fn what_only_grows_settles_nowhere() {
        let growing: Vec<f64> = (0..72).map(f64::from).collect();
        assert_eq!(mser(&growing, 100), Some(67));
        assert_eq!(mser(&growing, 36), Some(36));
        let (first, second) = growing.split_at(36);
        assert!(difference(first, second).unwrap().by_chance < 1e-4);
    }

    #[test]
    fn means_leave_out_the_rest() {
        assert_eq!(means(&[1.0, 3.0, 5.0, 7.0, 100.0], 2), [2.0, 6.0]);
    }

    #[test]
    fn a_difference_is_measured_by_the_wander() {
        // Ten blocks of one: mean 0.5, s² = 10 × 0.25/9; a further one is 4.5 away.
        let after: Vec<f64> = (0..10).map(|i| f64::from(i % 2)).collect();
        let t = 4.5 / (2.5_f64 / 9.0 * 1.1).sqrt();
        let found = difference(&[5.0], &after).unwrap();
        assert!((found.by_chance - 2.0 * student_t_cdf(-t, 9.0)).abs() < 1e-15);
        assert!((found.farther - 9.0).abs() < 1e-12);
        // A block of `after` is five long, half of this.
        let within = difference(&[0.5; 10], &[after.as_slice(); 5].concat()).unwrap();
        assert!(within.by_chance > 0.9, "{within:?}");
        let same = Difference { by_chance: 1.0, farther: 0.0 };
        assert_eq!(difference(&[0.5; 3], &[0.5; 30]), Some(same));
        let apart = Difference { by_chance: 0.0, farther: f64::INFINITY };
        assert_eq!(difference(&[0.5; 3], &[0.25; 30]), Some(apart));
        assert_eq!((difference(&[], &after), difference(&[1.0], &after[..9])), (None, None));
    }
}
