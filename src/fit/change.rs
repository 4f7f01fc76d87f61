//! Change points of a share or a level: spells and incidents.
//!
//! The segmentation of least cost by PELT (Killick, Fearnhead and Eckley 2012), the cost of a
//! segment being −2 ln of its maximum likelihood and that of a change 3 ln n, after the modified
//! BIC of Zhang and Siegmund (2007). Logs vary more than the models of chance say; the costs are
//! divided by how much successive bins do, so that what only flickers has no changes.

use super::fitted::Interval;

/// Bins of a series, at most: more are merged in equal groups.
const BINS: usize = 2000;

/// Bins of a segment, at least.
const SHORTEST: usize = 2;

/// Φ⁻¹(0.975).
const Z: f64 = 1.959_963_984_540_054;

/// Kind of a series' bins, and the law by which they vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Law {
    /// Hits per trial, binomial.
    Share,
    /// Values, normal: logarithms of latencies.
    Level,
}

/// One bin of a series.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bin {
    /// Trials, or number of values.
    pub(crate) weight: f64,
    /// Hits, or the sum of values.
    pub(crate) sum: f64,
    /// Sum of squares of values; unused of shares.
    pub(crate) squares: f64,
}

/// A stretch of bins without a change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Segment {
    /// First bin.
    pub(crate) from: usize,
    /// The bin after its last.
    pub(crate) to: usize,
    /// Share or mean, with its interval.
    pub(crate) value: Interval,
}

/// The stretches into which a series falls, in order; none of an empty one.
pub(crate) fn segments(bins: &[Bin], law: Law) -> Vec<Segment> {
    let group = bins.len().div_ceil(BINS).max(1);
    let merged: Vec<Bin> = bins.chunks(group).map(|few| few.iter().copied().sum()).collect();
    let n = merged.len();
    if n == 0 {
        return Vec::new();
    }
    let sums = Sums::of(&merged);
    let scale = dispersion(&merged, law);
    let penalty = 3.0 * libm::log(n as f64);
    let cost = |from: usize, to: usize| sums.between(from, to).cost(law) / scale;
    // best[to]: the least cost of the bins before `to`, and where its last segment begins.
    let mut best = vec![(-penalty, 0); n + 1];
    let mut starts = vec![0];
    for to in SHORTEST.min(n)..=n {
        let (least, from) = starts
            .iter()
            .map(|&from| (best[from].0 + cost(from, to) + penalty, from))
            .fold((f64::INFINITY, 0), |a, b| if b.0 < a.0 { b } else { a });
        best[to] = (least, from);
        // What could not be the best up to here never will.
        starts.retain(|&from| best[from].0 + cost(from, to) <= least);
        if to + 1 >= 2 * SHORTEST {
            starts.push(to + 1 - SHORTEST);
        }
    }
    let mut found = Vec::new();
    let mut to = n;
    while to > 0 {
        let from = best[to].1.min(to - 1);
        let value = sums.between(from, to).interval(law, scale);
        found.push(Segment { from: from * group, to: (to * group).min(bins.len()), value });
        to = from;
    }
    found.reverse();
    found
}

/// The stretch whose value is the median over time, with the interval of that value; `None` of none.
pub(crate) fn usual(segments: &[Segment]) -> Option<Interval> {
    let mut sorted: Vec<&Segment> = segments.iter().collect();
    sorted.sort_by(|a, b| a.value.value.total_cmp(&b.value.value));
    let length = |own: &Segment| own.to - own.from;
    let total: usize = segments.iter().map(length).sum();
    let mut before = 0;
    let usual = sorted.into_iter().find(|own| {
        before += length(own);
        2 * before >= total
    });
    usual.map(|own| own.value)
}

/// The stretches that differ from the usual by a factor of at least `factor` (for levels: by at
/// least its logarithm) and whose interval leaves the usual value out.
pub(crate) fn unusual(segments: &[Segment], law: Law, factor: f64, usual: f64) -> Vec<Segment> {
    let far = |value: f64| match law {
        Law::Level => (value - usual).abs() >= libm::log(factor),
        Law::Share => value >= factor * usual || value <= usual / factor,
    };
    let differs =
        |s: &&Segment| far(s.value.value) && (s.value.low > usual || s.value.high < usual);
    segments.iter().filter(differs).copied().collect()
}

impl Bin {
    /// −2 ln of the maximum likelihood, up to what all segmentations share.
    fn cost(&self, law: Law) -> f64 {
        let Bin { weight, sum, squares } = *self;
        if weight <= 0.0 {
            return 0.0;
        }
        let entropy = |x: f64| if x > 0.0 { x * libm::log(x / weight) } else { 0.0 };
        match law {
            Law::Share => -2.0 * (entropy(sum) + entropy(weight - sum)),
            Law::Level => (squares - sum * sum / weight).max(0.0),
        }
    }

    /// Its variance under the law, of the sum, where the share or mean is `value`.
    fn variance(&self, law: Law, value: f64) -> f64 {
        match law {
            Law::Share => self.weight * value * (1.0 - value),
            Law::Level => self.weight,
        }
    }

    fn interval(&self, law: Law, scale: f64) -> Interval {
        if self.weight <= 0.0 {
            return Interval { value: 0.0, low: 0.0, high: f64::MAX };
        }
        let value = self.sum / self.weight;
        // Half a count keeps an interval of none from being a point.
        let kept = match law {
            Law::Share => value.clamp(0.5 / self.weight.max(1.0), 1.0 - 0.5 / self.weight.max(1.0)),
            Law::Level => value,
        };
        let error = Z * libm::sqrt(scale * self.variance(law, kept)) / self.weight;
        let (least, most) = match law {
            Law::Share => (0.0, 1.0),
            Law::Level => (f64::MIN, f64::MAX),
        };
        Interval { value, low: (value - error).max(least), high: (value + error).min(most) }
    }
}

impl std::ops::Add for Bin {
    type Output = Bin;

    fn add(self, other: Bin) -> Bin {
        Bin {
            weight: self.weight + other.weight,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
        }
    }
}

impl std::iter::Sum for Bin {
    fn sum<I: Iterator<Item = Bin>>(bins: I) -> Bin {
        bins.fold(Bin::default(), |a, b| a + b)
    }
}

/// Difference of successive bins, over what the law says: at least 1 for counts, the variance of a
/// value for levels. By the median, which a change here and there does not move.
fn dispersion(bins: &[Bin], law: Law) -> f64 {
    let mut ratios: Vec<f64> = bins
        .windows(2)
        .filter(|pair| pair[0].weight > 0.0 && pair[1].weight > 0.0)
        .filter_map(|pair| {
            let both = pair[0] + pair[1];
            let value = both.sum / both.weight;
            let difference = pair[0].sum / pair[0].weight - pair[1].sum / pair[1].weight;
            let part = |bin: &Bin| bin.variance(law, value) / (bin.weight * bin.weight);
            let variance = part(&pair[0]) + part(&pair[1]);
            (variance > 0.0).then(|| difference * difference / variance)
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    // The median of χ² with one degree of freedom.
    let median = ratios.get(ratios.len() / 2).map_or(1.0, |ratio| ratio / 0.454_936_423_119_572_8);
    match law {
        Law::Share => median.max(1.0),
        Law::Level => median.max(1e-12),
    }
}

/// Sums of the bins before each.
struct Sums(Vec<Bin>);

impl Sums {
    fn of(bins: &[Bin]) -> Sums {
        let mut total = Bin::default();
        let mut sums = vec![total];
        sums.extend(bins.iter().map(|&bin| {
            total = total + bin;
            total
        }));
        Sums(sums)
    }

    fn between(&self, from: usize, to: usize) -> Bin {
        let (a, b) = (self.0[from], self.0[to]);
        Bin { weight: b.weight - a.weight, sum: b.sum - a.sum, squares: b.squares - a.squares }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Chance, Key, Owner, Purpose, open01};
    use crate::special::normal_quantile;

    fn normals(seed: u64) -> impl Iterator<Item = f64> {
        use rand::Rng;
        let mut draws = Chance::new(seed).stream(Key::named("change"), Owner::NONE, Purpose(0));
        std::iter::repeat_with(move || normal_quantile(open01(draws.next_u64())))
    }

    /// Hits about Poisson, of a thousand trials.
    fn counts(means: impl Iterator<Item = f64>, seed: u64) -> Vec<Bin> {
        means
            .zip(normals(seed))
            .map(|(mean, z)| (mean + libm::sqrt(mean) * z).round().max(0.0))
            .map(|sum| Bin { weight: 1_000.0, sum, squares: 0.0 })
            .collect()
    }

    #[test]
    fn a_steady_share_has_no_changes() {
        let found: usize = (0..50)
            .map(|seed| segments(&counts((0..400).map(|_| 30.0), seed), Law::Share).len() - 1)
            .sum();
        assert!(found <= 2, "{found}");
    }

    #[test]
    fn a_spell_is_found_where_it_is() {
        let rate = |i: usize| if (120..150).contains(&i) { 45.0 } else { 30.0 };
        let found = segments(&counts((0..400).map(rate), 3), Law::Share);
        let usual = usual(&found).map_or(0.0, |own| own.value);
        let spells = unusual(&found, Law::Share, 1.2, usual);
        let [spell] = spells[..] else { panic!("{found:?}") };
        assert!(spell.from.abs_diff(120) <= 1 && spell.to.abs_diff(150) <= 1, "{spell:?}");
        assert!(spell.value.low < 0.045 && 0.045 < spell.value.high, "{spell:?}");
    }

    #[test]
    fn a_share_and_a_level_change() {
        let share = |i: usize| if i >= 60 { 30.0 } else { 5.0 };
        let mut bins = counts((0..100).map(share), 4);
        bins.iter_mut().for_each(|bin| bin.weight = 200.0);
        let found = segments(&bins, Law::Share);
        assert!(found.len() == 2 && found[0].to.abs_diff(60) <= 1, "{found:?}");

        let mut z = normals(5);
        let bins: Vec<Bin> = (0..100)
            .map(|i| {
                let mean = if (40..50).contains(&i) { 2.8 } else { 1.1 };
                let values: Vec<f64> = z.by_ref().take(20).map(|z| mean + 0.7 * z).collect();
                Bin {
                    weight: values.len() as f64,
                    sum: values.iter().sum(),
                    squares: values.iter().map(|x| x * x).sum(),
                }
            })
            .collect();
        let found = segments(&bins, Law::Level);
        let usual = usual(&found).map_or(0.0, |own| own.value);
        let spells = unusual(&found, Law::Level, 2.0, usual);
        let [spell] = spells[..] else { panic!("{found:?}") };
        assert_eq!((spell.from, spell.to), (40, 50));
    }

    #[test]
    fn little_and_nothing_are_no_trouble() {
        for law in [Law::Share, Law::Level] {
            assert!(segments(&[], law).is_empty());
            for n in 1..6 {
                let found = segments(&vec![Bin::default(); n], law);
                assert_eq!((found[0].from, found.last().map(|s| s.to)), (0, Some(n)));
            }
        }
    }
}
