//! A rate that goes on and off, as counts show it.
//!
//! Two rates, each kept for an exponential time: counts of equal bins are nearly a hidden Markov
//! chain of two states with Poisson counts, fitted by the algorithm of Baum, Petrie, Soules and
//! Weiss (1970). In a bin with a switch the mean is anywhere between both rates, evenly: where most
//! bins of a spell had none of that the rates would be drawn to each other. Errors are those of the
//! inverse of the observed information.

use super::Counts;
use crate::fit::linear::inverse;

/// Rates that go on and off: the parameters of `arrivals.onoff`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnOff {
    /// Rate while on, per second.
    pub high: f64,
    /// Rate while off.
    pub low: f64,
    /// Mean time on, s.
    pub mean_high: f64,
    /// Mean time off, s.
    pub mean_low: f64,
    /// Standard errors of the logarithms of these, in that order; `None` if counts don't tell them.
    pub errors: Option<[f64; 4]>,
    /// Gain in BIC over one steady rate: evidence if above 10.
    pub gain: f64,
}

/// Bins, at most: more are merged in equal groups.
const BINS: usize = 20_000;
/// Bins of which a fit is made to begin with: so many are expected in each, or there are so few bins.
const EXPECTED: f64 = 20.0;
const FEWEST: usize = 50;

/// Rounds, at most.
const ROUNDS: usize = 200;
/// Growth of ln L in a round after which nothing changes any more.
const SETTLED: f64 = 1e-3;

/// Places of a switch within a bin that stand for all.
const PLACES: [f64; 3] = [1.0 / 6.0, 0.5, 5.0 / 6.0];

/// A bin: events, what is expected of it, and the logarithm of that.
#[derive(Clone, Copy)]
struct Bin {
    seen: f64,
    expected: f64,
    ln_expected: f64,
}

/// The rates that counts speak for, none if a steady rate explains them as well. `expected` is what a
/// profile expects of each bin; rates are then factors of it times the mean rate.
pub fn on_off(counts: &Counts, expected: &[f64]) -> Option<OnOff> {
    let all = counts.counts.len();
    let fine = all.div_ceil(BINS).max(1);
    let bins = grouped(counts, expected, fine);
    let n = bins.len();
    if n < 20 {
        return None;
    }
    let total: f64 = bins.iter().map(|bin| bin.seen).sum();
    let weight: f64 = bins.iter().map(|bin| bin.expected).sum();
    if total <= 0.0 {
        return None;
    }
    let mean = total / weight;
    let ln_mean = libm::log(mean);
    let steady: f64 = bins.iter().map(|bin| bin.ln_poisson(mean, ln_mean)).sum();
    // In bins that are too short to show a rate what is above the mean isn't what is on.
    let coarse = ((EXPECTED * all as f64 / total).ceil() as usize).min(all / FEWEST).max(fine);
    let (first, _) = States::guess(&grouped(counts, expected, coarse), mean)
        .settled(&grouped(counts, expected, coarse));
    let scale = fine as f64 / coarse as f64;
    let (states, value) = if coarse == fine { first } else { first.within(scale) }.settled(&bins);
    // Four unknowns in the place of one.
    let gain = 2.0 * (value - steady) - 3.0 * libm::log(n as f64);
    let bin_s = counts.bin_s * fine as f64;
    let rate = weight / (n as f64 * bin_s);
    let [low, high] = states.factors;
    let [to_high, to_low] = states.leave;
    // A state that is left in every other bin is not a spell but noise between bins.
    let spells = to_high < 0.5 && to_low < 0.5 && high > low;
    let [from_low, from_high] = states.switching();
    (gain > 0.0 && spells && value.is_finite()).then(|| OnOff {
        high: high * rate,
        low: low * rate,
        mean_high: bin_s / from_high.max(1e-9),
        mean_low: bin_s / from_low.max(1e-9),
        errors: states.errors(&bins),
        gain,
    })
}

/// Bins of so many each, but for those of which nothing is expected.
fn grouped(counts: &Counts, expected: &[f64], group: usize) -> Vec<Bin> {
    let seen = counts.counts.chunks(group).map(|few| few.iter().sum::<u64>() as f64);
    let expected = expected.chunks(group).map(|few| few.iter().sum::<f64>());
    let bins = seen.zip(expected).filter(|(_, expected)| *expected > 0.0);
    let bin = |(seen, expected)| Bin { seen, expected, ln_expected: libm::log(expected) };
    bins.map(bin).collect()
}

impl Bin {
    /// ln of the Poisson probability at a factor, up to what depends on the count alone.
    fn ln_poisson(&self, factor: f64, ln_factor: f64) -> f64 {
        self.seen * (self.ln_expected + ln_factor) - self.expected * factor
    }
}

/// Off and on.
#[derive(Clone)]
struct States {
    /// Factors of what is expected.
    factors: [f64; 2],
    /// The chance to be in the other one a bin later.
    leave: [f64; 2],
    /// The chance to begin in each.
    first: [f64; 2],
}

/// Likelihoods of a bin over the greatest of them: without a switch in each state, and with one at each of its
/// places.
struct Likely {
    kept: [f64; 2],
    mixed: [f64; PLACES.len()],
    ln_most: f64,
}

impl Likely {
    /// The chances of both states after the bin, not yet to scale, and their sum.
    fn after(&self, now: [f64; 2], step: [[f64; 2]; 2]) -> ([f64; 2], f64) {
        let next = [0, 1].map(|to| {
            now[0] * step[0][to] * self.step(0, to) + now[1] * step[1][to] * self.step(1, to)
        });
        (next, (next[0] + next[1]).max(1e-300))
    }

    /// Of a step from one state to another.
    fn step(&self, from: usize, to: usize) -> f64 {
        if from == to { self.kept[from] } else { self.switched() }
    }

    fn switched(&self) -> f64 {
        self.mixed.iter().sum::<f64>() / PLACES.len() as f64
    }
}

/// The factors of a round, with their logarithms.
struct Levels {
    kept: [(f64, f64); 2],
    mixed: [(f64, f64); PLACES.len()],
}

impl Levels {
    fn likely(&self, bin: &Bin) -> Likely {
        let ln = |(factor, ln): (f64, f64)| bin.ln_poisson(factor, ln);
        let (kept, mixed) = (self.kept.map(ln), self.mixed.map(ln));
        let most = kept.into_iter().chain(mixed).fold(f64::NEG_INFINITY, f64::max);
        let over = |ln: f64| libm::exp(ln - most);
        Likely { kept: kept.map(over), mixed: mixed.map(over), ln_most: most }
    }
}

impl States {
    /// The means of the bins below and above the mean.
    fn guess(bins: &[Bin], mean: f64) -> States {
        let side = |above: bool| {
            let of = bins.iter().filter(|bin| (bin.seen > mean * bin.expected) == above);
            let (seen, e) = of.fold((0.0, 0.0), |(a, b), bin| (a + bin.seen, b + bin.expected));
            if e > 0.0 { seen / e } else { mean }
        };
        States { factors: [side(false), side(true)], leave: [0.1, 0.1], first: [0.5, 0.5] }
    }

    /// Improved until nothing changes; ln of the likelihood.
    fn settled(mut self, bins: &[Bin]) -> (States, f64) {
        let mut value = f64::NEG_INFINITY;
        for _ in 0..ROUNDS {
            let before = self.clone();
            let next = self.improve(bins);
            if next - value < SETTLED {
                return (before, next.max(value));
            }
            value = next;
        }
        (self, value)
    }

    /// The chance to switch, from each state, in a time as short as a bin, over that time.
    fn switching(&self) -> [f64; 2] {
        let both = (self.leave[0] + self.leave[1]).min(1.0 - 1e-9);
        let all = -libm::log(1.0 - both);
        self.leave.map(|own| all * own / both.max(1e-300))
    }

    /// The same, from what [`States::switching`] says.
    fn left([a, b]: [f64; 2]) -> [f64; 2] {
        let all = a + b;
        [a, b].map(|own| own / all.max(1e-300) * -libm::expm1(-all))
    }

    /// The same in bins that are shorter, by a factor.
    fn within(self, scale: f64) -> States {
        let leave = States::left(self.switching().map(|own| own * scale));
        States { leave, ..self }
    }

    fn levels(&self) -> Levels {
        let with_ln = |factor: f64| (factor, libm::log(factor.max(1e-300)));
        let [low, high] = self.factors;
        Levels {
            kept: self.factors.map(with_ln),
            mixed: PLACES.map(|place| with_ln(low + place * (high - low))),
        }
    }

    /// One round; ln of the likelihood before it.
    fn improve(&mut self, bins: &[Bin]) -> f64 {
        let levels = self.levels();
        let step = [[1.0 - self.leave[0], self.leave[0]], [self.leave[1], 1.0 - self.leave[1]]];
        let mut ln_total = 0.0;
        // Of each bin: the chances of both states before it, and the likelihoods of it.
        let mut forward: Vec<([f64; 2], Likely, f64)> = Vec::with_capacity(bins.len());
        let mut now = self.first;
        for bin in bins {
            let own = levels.likely(bin);
            let (next, scale) = own.after(now, step);
            ln_total += own.ln_most + libm::log(scale);
            forward.push((now, own, scale));
            now = next.map(|x| x / scale);
        }
        let mut backward = [1.0; 2];
        let (mut sums, mut weights) = ([0.0; 2], [0.0; 2]);
        let (mut moves, mut stays) = ([0.0; 2], [0.0; 2]);
        for (bin, (before, own, scale)) in bins.iter().zip(&forward).rev() {
            let joint = |from: usize, to: usize| {
                before[from] * step[from][to] * own.step(from, to) * backward[to] / scale
            };
            for state in [0, 1] {
                let kept = joint(state, state);
                sums[state] += kept * bin.seen;
                weights[state] += kept * bin.expected;
                stays[state] += kept;
                moves[state] += joint(state, 1 - state);
            }
            let switched = joint(0, 1) + joint(1, 0);
            if switched > 1e-12 {
                let all = own.mixed.iter().sum::<f64>().max(1e-300);
                for ((place, likely), (level, _)) in
                    PLACES.iter().zip(&own.mixed).zip(&levels.mixed)
                {
                    let part = switched * likely / all;
                    for (state, time) in [1.0 - place, *place].into_iter().enumerate() {
                        weights[state] += part * time * bin.expected;
                        let share = time * self.factors[state] / level.max(1e-300);
                        sums[state] += part * share * bin.seen;
                    }
                }
            }
            backward = [0, 1].map(|from| {
                let ahead = |to: usize| step[from][to] * own.step(from, to) * backward[to] / scale;
                ahead(0) + ahead(1)
            });
        }
        self.first = [0, 1].map(|state| self.first[state] * backward[state]);
        for state in [0, 1] {
            if weights[state] > 0.0 {
                self.factors[state] = sums[state] / weights[state];
            }
            let all = moves[state] + stays[state];
            if all > 0.0 {
                self.leave[state] = (moves[state] / all).clamp(1e-9, 1.0 - 1e-9);
            }
        }
        ln_total
    }

    /// ln of the likelihood.
    fn ln_likelihood(&self, bins: &[Bin]) -> f64 {
        let levels = self.levels();
        let step = [[1.0 - self.leave[0], self.leave[0]], [self.leave[1], 1.0 - self.leave[1]]];
        let mut now = self.first;
        let mut ln_total = 0.0;
        for bin in bins {
            let own = levels.likely(bin);
            let (next, scale) = own.after(now, step);
            ln_total += own.ln_most + libm::log(scale);
            now = next.map(|x| x / scale);
        }
        ln_total
    }

    /// The states whose rates and switches are these times e to a power.
    fn moved(&self, by: [f64; 4]) -> States {
        let [high, low, from_high, from_low] = by.map(libm::exp);
        let [of_low, of_high] = self.switching();
        States {
            factors: [self.factors[0] * low, self.factors[1] * high],
            leave: States::left([of_low * from_low, of_high * from_high]),
            first: self.first,
        }
    }

    /// Standard errors of the logarithms of the high rate, the low one, and the mean times of both.
    fn errors(&self, bins: &[Bin]) -> Option<[f64; 4]> {
        // Steps about as long as the errors: by events and switches.
        let [of_low, of_high] = self.switching();
        let share = of_low / (of_low + of_high).max(1e-300);
        let seen: f64 = bins.iter().map(|bin| bin.expected).sum();
        let switches = bins.len() as f64 * share * of_high;
        let events = [share * self.factors[1] * seen, (1.0 - share) * self.factors[0] * seen];
        let step = |count: f64| 0.5 / count.max(1.0).sqrt();
        let steps = [step(events[0]), step(events[1]), step(switches), step(switches)];
        let at = |by: [f64; 4]| self.moved(by).ln_likelihood(bins);
        let along = |i: usize, j: usize, sign: f64| {
            let mut by = [0.0; 4];
            by[i] = sign * steps[i];
            by[j] = sign * steps[j];
            at(by)
        };
        let middle = at([0.0; 4]);
        let of_one: Vec<f64> = (0..4).map(|i| along(i, i, 1.0) + along(i, i, -1.0)).collect();
        let information: Vec<Vec<f64>> = (0..4)
            .map(|i| {
                let cell = |j: usize| {
                    let both = match i == j {
                        true => 2.0 * (of_one[i] - 2.0 * middle),
                        false => {
                            along(i, j, 1.0) + along(i, j, -1.0) - of_one[i] - of_one[j]
                                + 2.0 * middle
                        }
                    };
                    -both / (2.0 * steps[i] * steps[j])
                };
                (0..4).map(cell).collect()
            })
            .collect();
        let covariance = inverse(&information)?;
        let error =
            |i: usize| Some(covariance.get(i)?.get(i)?.sqrt()).filter(|own| own.is_finite());
        Some([error(0)?, error(1)?, error(2)?, error(3)?])
    }
}
