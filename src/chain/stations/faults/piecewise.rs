//! A factor or share that incidents change: straight lines between corners.

use crate::chain::spec::Occurrence;
use crate::kernel::Nanos;

/// A quantity over time. Within the incidents that change it, straight lines between the corners
/// of their ramps; outside, its rest.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PiecewiseLinear {
    rest: f64,
    /// In order of time, without overlaps.
    stretches: Vec<Stretch>,
}

/// From `from` to before `to` it goes from `start` to `end`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) from: Nanos,
    pub(crate) to: Nanos,
    pub(crate) start: f64,
    pub(crate) end: f64,
}

impl Stretch {
    fn at(&self, time: Nanos) -> f64 {
        if self.start == self.end {
            return self.start;
        }
        let share = (time - self.from) as f64 / (self.to - self.from) as f64;
        self.start + (self.end - self.start) * share
    }
}

/// The share of its full size that an incident has at `time`, which lies within it.
fn intensity(incident: &Occurrence, time: Nanos) -> f64 {
    let edge = (time - incident.at).min(incident.end - time);
    if edge >= incident.ramp { 1.0 } else { edge as f64 / incident.ramp as f64 }
}

impl PiecewiseLinear {
    /// The product of the factors that incidents bring; `None` if there are none.
    pub(crate) fn factor(
        parts: impl IntoIterator<Item = (Occurrence, f64)>,
    ) -> Option<PiecewiseLinear> {
        let parts: Vec<_> = parts.into_iter().filter(|&(_, factor)| factor != 1.0).collect();
        PiecewiseLinear::new(1.0, &parts, |product, (factor, size)| {
            product * (1.0 + (factor - 1.0) * size)
        })
    }

    /// The shares that incidents bring, combined as 1 − Π(1 − p); `None` if there are none.
    pub(crate) fn share(
        parts: impl IntoIterator<Item = (Occurrence, f64)>,
    ) -> Option<PiecewiseLinear> {
        let parts: Vec<_> = parts.into_iter().filter(|&(_, share)| share != 0.0).collect();
        PiecewiseLinear::new(0.0, &parts, |all, (share, size)| {
            1.0 - (1.0 - all) * (1.0 - share * size)
        })
    }

    fn new(
        rest: f64,
        parts: &[(Occurrence, f64)],
        combine: impl Fn(f64, (f64, f64)) -> f64,
    ) -> Option<PiecewiseLinear> {
        if parts.is_empty() {
            return None;
        }
        let mut corners: Vec<Nanos> = parts
            .iter()
            .flat_map(|(incident, _)| {
                let &Occurrence { at: from, end: to, ramp } = incident;
                [from, from + ramp, to - ramp, to]
            })
            .collect();
        corners.sort_unstable();
        corners.dedup();
        // Corners lie at every beginning and end: who is on at one point is on throughout. Those that are on, in
        // the order of `parts`.
        let mut to_come: Vec<usize> = (0..parts.len()).collect();
        to_come.sort_by_key(|&index| std::cmp::Reverse((parts[index].0.at, index)));
        let mut on: Vec<usize> = Vec::new();
        let mut stretches = Vec::new();
        for pair in corners.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            on.retain(|&index| parts[index].0.end > from);
            while let Some(&next) = to_come.last().filter(|&&next| parts[next].0.at <= from) {
                to_come.pop();
                if parts[next].0.end > from {
                    let place = on.partition_point(|&index| index < next);
                    on.insert(place, next);
                }
            }
            if on.is_empty() {
                continue;
            }
            let at = |time| {
                on.iter().map(|&index| &parts[index]).fold(rest, |all, (incident, size)| {
                    combine(all, (*size, intensity(incident, time)))
                })
            };
            stretches.push(Stretch { from, to, start: at(from), end: at(to) });
        }
        Some(PiecewiseLinear { rest, stretches })
    }

    /// Its value at `time`.
    pub(crate) fn at(&self, time: Nanos) -> f64 {
        let index = self.stretches.partition_point(|stretch| stretch.to <= time);
        match self.stretches.get(index) {
            Some(stretch) if stretch.from <= time => stretch.at(time),
            _ => self.rest,
        }
    }

    /// All of it, gaps filled, from 0 to the end of time.
    pub(crate) fn whole(&self) -> Vec<Stretch> {
        let mut whole = Vec::new();
        let mut from = 0;
        let rest = |from, to| Stretch { from, to, start: self.rest, end: self.rest };
        for stretch in &self.stretches {
            if stretch.from > from {
                whole.push(rest(from, stretch.from));
            }
            whole.push(*stretch);
            from = stretch.to;
        }
        whole.push(rest(from, Nanos::MAX));
        whole
    }

    /// The first instant after `time` at which `of` its value is another than at `time`; it
    /// changes in one direction only along a straight line.
    pub(crate) fn next_change<T: PartialEq>(
        &self,
        time: Nanos,
        of: impl Fn(f64) -> T,
    ) -> Option<Nanos> {
        let now = of(self.at(time));
        let mut from = time;
        for stretch in self.stretches.iter().filter(|stretch| stretch.to > time) {
            for (low, high) in [(from, stretch.from), (stretch.from.max(from), stretch.to)] {
                if low >= high {
                    continue;
                }
                if of(self.at(low)) != now {
                    return Some(low);
                }
                if of(self.at(high - 1)) != now {
                    // Bisection: at `same` it is as now, at `other` it isn't.
                    let (mut same, mut other) = (low, high - 1);
                    while other - same > 1 {
                        let middle = same + (other - same) / 2;
                        if of(self.at(middle)) == now { same = middle } else { other = middle }
                    }
                    return Some(other);
                }
            }
            from = stretch.to;
        }
        (from > time && of(self.rest) != now).then_some(from)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn incident(at: Nanos, span: Nanos, ramp: Nanos) -> Occurrence {
        Occurrence { at, end: at + span, ramp }
    }

    #[test]
    fn a_factor_grows_and_fades_in_straight_lines() {
        let one = incident(100, 100, 20);
        let factor = PiecewiseLinear::factor([(one, 3.0)]).unwrap();
        for (time, value) in
            [(0, 1.0), (100, 1.0), (110, 2.0), (120, 3.0), (180, 3.0), (195, 1.5), (200, 1.0)]
        {
            assert_eq!(factor.at(time), value, "{time}");
        }
        assert_eq!(PiecewiseLinear::factor([(one, 1.0)]), None);
    }

    #[test]
    fn overlaps_multiply_and_shares_combine() {
        let (one, two) = (incident(0, 10, 0), incident(5, 10, 0));
        let factor = PiecewiseLinear::factor([(one, 3.0), (two, 0.5)]).unwrap();
        assert_eq!([4, 5, 9, 10, 14, 15].map(|t| factor.at(t)), [3.0, 1.5, 1.5, 0.5, 0.5, 1.0]);
        let factor = PiecewiseLinear::share([(one, 0.5), (two, 0.5)]).unwrap();
        assert_eq!([4, 5, 10, 15].map(|t| factor.at(t)), [0.5, 0.75, 0.5, 0.0]);
    }

    #[test]
    fn steps_are_found_where_they_are() {
        let (one, two) = (incident(100, 100, 40), incident(300, 10, 0));
        let factor = PiecewiseLinear::share([(one, 1.0), (two, 0.6)]).unwrap();
        let of = |share: f64| (share * 4.0 + 0.5) as u32;
        let (mut time, mut steps) = (0, Vec::new());
        while let Some(next) = factor.next_change(time, of) {
            steps.push((next, of(factor.at(next))));
            time = next;
        }
        assert_eq!(
            steps,
            [
                (105, 1),
                (115, 2),
                (125, 3),
                (135, 4),
                (166, 3),
                (176, 2),
                (186, 1),
                (196, 0),
                (300, 2),
                (310, 0),
            ]
        );
    }
}
