//! The axis that a search moves along.

/// Doublings and halvings at most, one after another, before the bound itself is tried.
const OCTAVES: u64 = 64;
/// A middle lies between these parts of the way, so that it can be a number of few digits.
const MIDDLE: (f64, f64) = (0.4, 0.6);
/// Either side of what is undecided is looked at so many times as closely, so that both together
/// may be within the tolerance.
const CLOSER: f64 = 4.0;
/// A step out of the bracket isn't needed where so much of the way was looked at already.
pub(super) const LOOKED: f64 = 0.25;
/// Two values closer than this share of the range are the same.
const FINEST: f64 = 1e-9;

/// The values on an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Grain {
    /// Whole numbers.
    Whole,
    /// All numbers; two are neighbours if they differ by at most this share, above 0, of the
    /// smaller one.
    Real(f64),
}

/// The direction in which the objective is harder to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harder {
    /// At larger values: a load.
    Upwards,
    /// At smaller values: a resource.
    Downwards,
}

/// The values a search may try, from `low` to `high`, both included, and the one it begins with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// The smallest value, at least 0.
    pub low: f64,
    /// The largest.
    pub high: f64,
    /// The first to be tried, from `low` to `high`.
    pub start: f64,
    /// The values there are.
    pub grain: Grain,
    /// The direction in which it is harder.
    pub harder: Harder,
}

impl Axis {
    /// The next value beyond `from` where it is harder (or else easier): twice or half of it, at
    /// most the bound. `None` at the bound.
    #[must_use]
    pub fn outward(&self, from: f64, harder: bool) -> Option<f64> {
        let up = harder == (self.harder == Harder::Upwards);
        let bound = if up { self.high } else { self.low };
        if from == bound {
            return None;
        }
        let next = match (up, self.grain) {
            (true, Grain::Whole) => (2.0 * from).max(from + 1.0),
            (false, Grain::Whole) => (0.5 * from).floor(),
            // From 0, or towards it, doubling leads nowhere.
            (true, Grain::Real(_)) if from <= 0.0 => bound,
            (false, Grain::Real(_)) if bound <= 0.0 => bound,
            (true, Grain::Real(_)) => 2.0 * from,
            (false, Grain::Real(_)) => 0.5 * from,
        };
        Some(if up { next.min(bound) } else { next.max(bound) })
    }

    /// A value in the middle between two; `None` if they are neighbours.
    #[must_use]
    pub fn between(&self, one: f64, other: f64) -> Option<f64> {
        let (low, high) = (one.min(other), one.max(other));
        match self.grain {
            Grain::Whole if high - low < 2.0 => None,
            Grain::Whole => {
                let middle = if low > 0.0 && high > 4.0 * low {
                    libm::sqrt(low * high)
                } else {
                    0.5 * (low + high)
                };
                Some(middle.floor().clamp(low + 1.0, high - 1.0))
            }
            Grain::Real(tolerance) => {
                let near = (tolerance * low).max(FINEST * self.high);
                // The last bits of a product don't matter.
                if high - low <= near * (1.0 + 1e-9) { None } else { short_middle(low, high) }
            }
        }
    }

    /// As [`Axis::between`], for values whose neighbours are four times as near.
    #[must_use]
    pub fn closely_between(&self, one: f64, other: f64) -> Option<f64> {
        let grain = match self.grain {
            Grain::Whole => Grain::Whole,
            Grain::Real(tolerance) => Grain::Real(tolerance / CLOSER),
        };
        Axis { grain, ..*self }.between(one, other)
    }

    /// No search tries more points than this.
    #[must_use]
    pub fn most_points(&self) -> u64 {
        let walk = |harder: bool| {
            let mut from = self.start;
            let mut steps = 0;
            while let Some(next) = self.outward(from, harder).filter(|_| steps < OCTAVES) {
                (from, steps) = (next, steps + 1);
            }
            steps
        };
        // Both sides of the undecided, and a look beyond either end.
        1 + walk(true) + walk(false) + 2 * self.bisections() + 2
    }

    /// Every value that a search may try if whatever is harder than a missed value is missed, too, in
    /// order; `None` if there are more than `most`.
    #[must_use]
    pub fn levels(&self, most: usize) -> Option<Vec<f64>> {
        let mut walked = vec![self.start];
        for harder in [true, false] {
            let mut from = self.start;
            while let Some(next) = self.outward(from, harder).filter(|_| walked.len() <= most) {
                walked.push(next);
                from = next;
            }
        }
        walked.sort_by(f64::total_cmp);
        let mut levels = walked.clone();
        // Every middle that a bisection can come to, the closest, too.
        let mut open: Vec<(f64, f64)> = walked.windows(2).map(|pair| (pair[0], pair[1])).collect();
        while let Some((low, high)) = open.pop() {
            if let Some(middle) = self.closely_between(low, high) {
                levels.push(middle);
                open.extend([(low, middle), (middle, high)]);
            }
            if levels.len() > most {
                return None;
            }
        }
        // A step out of the bracket, from wherever its ends may be near what was tried furthest out.
        let out = |level: f64, harder: bool| {
            let next = self.outward(level, harder)?;
            let up = next > level;
            let mut further =
                walked.iter().filter(|&&other| (other > level) == up || other == level);
            let nearest = if up { further.next() } else { further.next_back() };
            let looked = nearest.map_or(0.0, |nearest| (nearest - level) / (next - level));
            (looked < LOOKED).then_some(next)
        };
        let both = |&level: &f64| [out(level, true), out(level, false)];
        let beyond: Vec<f64> = levels.iter().flat_map(both).flatten().collect();
        levels.extend(beyond);
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        (levels.len() <= most).then_some(levels)
    }

    /// Bisections from one outward step to neighbours.
    fn bisections(&self) -> u64 {
        let halvings = match self.grain {
            Grain::Whole => libm::log2(0.5 * (self.high - self.low).max(2.0)),
            Grain::Real(tolerance) => {
                let cells = libm::log(2.0) / libm::log1p(tolerance / CLOSER);
                libm::log(cells.max(2.0)) / -libm::log(MIDDLE.1)
            }
        };
        halvings.ceil() as u64 + 1
    }
}

/// The number of fewest digits near the middle of two, by ratio (by difference if one is 0).
fn short_middle(low: f64, high: f64) -> Option<f64> {
    let part = |share: f64| {
        if low > 0.0 { low * libm::pow(high / low, share) } else { low + (high - low) * share }
    };
    let (from, middle, to) = (part(MIDDLE.0), part(0.5), part(MIDDLE.1));
    let short = (0..17).find_map(|digits| {
        let rounded: f64 = format!("{middle:.digits$e}").parse().ok()?;
        (rounded >= from && rounded <= to).then_some(rounded)
    });
    short.filter(|&value| value > low && value < high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load() -> Axis {
        Axis {
            low: 1.0 / 64.0,
            high: 64.0,
            start: 1.0,
            grain: Grain::Real(0.01),
            harder: Harder::Upwards,
        }
    }

    #[test]
    fn loads_double_and_halve_up_to_their_bounds() {
        let axis = load();
        assert_eq!(axis.outward(1.0, true), Some(2.0));
        assert_eq!(axis.outward(1.0, false), Some(0.5));
        assert_eq!((axis.outward(40.0, true), axis.outward(64.0, true)), (Some(64.0), None));
        let axis = Axis { low: 0.0, ..axis };
        assert_eq!((axis.outward(1.0, false), axis.outward(0.0, true)), (Some(0.0), Some(64.0)));
    }

    #[test]
    fn resources_are_harder_downwards_and_whole() {
        let axis = Axis {
            low: 0.0,
            high: 100.0,
            start: 13.0,
            grain: Grain::Whole,
            harder: Harder::Downwards,
        };
        assert_eq!((axis.outward(13.0, true), axis.outward(13.0, false)), (Some(6.0), Some(26.0)));
        assert_eq!((axis.outward(1.0, true), axis.outward(0.0, true)), (Some(0.0), None));
        assert_eq!(axis.outward(0.0, false), Some(1.0));
        assert_eq!((axis.between(6.0, 13.0), axis.between(13.0, 12.0)), (Some(9.0), None));
        assert_eq!(axis.between(1.0, 100.0), Some(10.0));
        assert_eq!(axis.between(12.0, 14.0), Some(13.0));
    }

    #[test]
    fn middles_have_few_digits() {
        let axis = load();
        assert_eq!(axis.between(2.0, 4.0), Some(3.0));
        assert_eq!(axis.between(2.0, 3.0), Some(2.4));
        assert_eq!(axis.between(2.29, 2.33), Some(2.31));
        assert_eq!((axis.between(2.0, 2.02), axis.between(2.0, 2.03)), (None, Some(2.015)));
        assert_eq!(axis.between(0.0, 1.0), Some(0.5));
        assert_eq!(axis.between(0.0, 1e-9), None);
    }

    #[test]
    fn levels_are_counted_before_they_are_made() {
        let workers = Axis { low: 1.0, high: 9.0, start: 4.0, grain: Grain::Whole, ..load() };
        let all: Vec<f64> = (1..=9).map(f64::from).collect();
        assert_eq!(workers.levels(9), Some(all));
        assert_eq!((workers.levels(8), load().levels(1000)), (None, None));
        let coarse = Axis { low: 1.0, high: 4.0, grain: Grain::Real(0.5), ..load() };
        let levels = coarse.levels(100).unwrap();
        assert!(levels.len() < 40 && levels.is_sorted() && levels.contains(&4.0), "{levels:?}");
    }

    #[test]
    fn bisection_ends_within_its_bound() {
        for (axis, seek) in [
            (load(), 2.34567),
            (load(), 0.017),
            (Axis { low: 0.0, ..load() }, 1e-5),
            (Axis { high: 1e6, grain: Grain::Whole, low: 1.0, ..load() }, 345_678.0),
            (Axis { grain: Grain::Real(1e-4), ..load() }, 63.9),
        ] {
            let (mut low, mut high, mut points) = (axis.low, axis.high, 1);
            let mut from = axis.start;
            while let Some(next) = axis.outward(from, seek > axis.start) {
                points += 1;
                (low, high) = (from.min(next), from.max(next));
                from = next;
                if low <= seek && seek <= high {
                    break;
                }
            }
            while let Some(middle) = axis.between(low, high) {
                assert!(low < middle && middle < high, "{low} {middle} {high}");
                points += 1;
                *if middle <= seek { &mut low } else { &mut high } = middle;
                assert!(points < 200);
            }
            assert!(low <= seek && seek <= high, "{seek}: {low} {high}");
            let few = axis.low > 0.0;
            assert!(!few || points <= axis.most_points(), "{seek}: {points}");
        }
    }
}
