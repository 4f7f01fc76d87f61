//! A rate that goes on and off, as counts show it.
//!
//! Two rates, each kept for an exponential time: counts of equal bins are nearly a hidden Markov
//! chain of two states with Poisson counts, fitted by the algorithm of Baum, Petrie, Soules and
//! Weiss (1970).

use super::Counts;

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
    /// Gain in BIC over one steady rate: evidence if above 10.
    pub gain: f64,
}

/// Bins, at most: more are merged in equal groups.
const BINS: usize = 20_000;

/// Rounds, at most.
const ROUNDS: usize = 100;

/// The rates that counts speak for, none if a steady rate explains them as well. `expected` is what a
/// profile expects of each bin; rates are then factors of it times the mean rate.
pub fn on_off(counts: &Counts, expected: &[f64]) -> Option<OnOff> {
    let group = counts.counts.len().div_ceil(BINS).max(1);
    let bins: Vec<(f64, f64)> = counts
        .counts
        .chunks(group)
        .zip(expected.chunks(group))
        .map(|(seen, expected)| (seen.iter().sum::<u64>() as f64, expected.iter().sum::<f64>()))
        .filter(|(_, expected)| *expected > 0.0)
        .collect();
    let n = bins.len();
    if n < 20 {
        return None;
    }
    let total: f64 = bins.iter().map(|(seen, _)| seen).sum();
    let weight: f64 = bins.iter().map(|(_, expected)| expected).sum();
    if total <= 0.0 {
        return None;
    }
    let mean = total / weight;
    let steady: f64 = bins.iter().map(|&(seen, e)| ln_poisson(seen, e * mean)).sum();
    let mut states = States::guess(&bins, mean);
    let mut value = f64::NEG_INFINITY;
    for _ in 0..ROUNDS {
        let next = states.improve(&bins);
        if next - value < 1e-6 * next.abs().max(1.0) {
            value = next.max(value);
            break;
        }
        value = next;
    }
    // Four unknowns in the place of one.
    let gain = 2.0 * (value - steady) - 3.0 * libm::log(n as f64);
    let bin_s = counts.bin_s * group as f64;
    let rate = weight / (n as f64 * bin_s);
    let [low, high] = states.factors;
    // The mean stay of a geometric number of bins.
    let [to_high, to_low] = states.leave;
    // A state that is left in every other bin is not a spell but noise between bins.
    let spells = to_high < 0.5 && to_low < 0.5 && high > low;
    (gain > 0.0 && spells && value.is_finite()).then(|| OnOff {
        high: high * rate,
        low: low * rate,
        mean_high: bin_s / to_low.max(1e-9),
        mean_low: bin_s / to_high.max(1e-9),
        gain,
    })
}

/// Off and on.
struct States {
    /// Factors of what is expected.
    factors: [f64; 2],
    /// The chance to leave each in a bin.
    leave: [f64; 2],
    /// The chance to begin in each.
    first: [f64; 2],
}

impl States {
    /// The means of the bins below and above the mean.
    fn guess(bins: &[(f64, f64)], mean: f64) -> States {
        let side = |above: bool| {
            let of = bins.iter().filter(|(seen, e)| (*seen > mean * e) == above);
            let (seen, e) = of.fold((0.0, 0.0), |(a, b), (c, d)| (a + c, b + d));
            if e > 0.0 { seen / e } else { mean }
        };
        States { factors: [side(false), side(true)], leave: [0.1, 0.1], first: [0.5, 0.5] }
    }

    /// One round; ln of the likelihood before it.
    fn improve(&mut self, bins: &[(f64, f64)]) -> f64 {
        let n = bins.len();
        let step = [[1.0 - self.leave[0], self.leave[0]], [self.leave[1], 1.0 - self.leave[1]]];
        // Of each bin: likelihoods over their greater one.
        let mut ln_total = 0.0;
        let seen: Vec<[f64; 2]> = bins
            .iter()
            .map(|&(count, e)| {
                let ln = self.factors.map(|factor| ln_poisson(count, e * factor));
                let most = ln[0].max(ln[1]);
                ln_total += most;
                ln.map(|x| libm::exp(x - most))
            })
            .collect();
        let mut forward = vec![[0.0; 2]; n];
        let mut scales = vec![0.0; n];
        let mut now = self.first;
        for i in 0..n {
            if i > 0 {
                let before = forward[i - 1];
                now = [0, 1].map(|j| before[0] * step[0][j] + before[1] * step[1][j]);
            }
            let joint = [now[0] * seen[i][0], now[1] * seen[i][1]];
            let scale = (joint[0] + joint[1]).max(1e-300);
            forward[i] = joint.map(|x| x / scale);
            scales[i] = scale;
            ln_total += libm::log(scale);
        }
        let mut backward = [1.0; 2];
        let (mut sums, mut weights) = ([0.0; 2], [0.0; 2]);
        let (mut moves, mut stays) = ([0.0; 2], [0.0; 2]);
        for i in (0..n).rev() {
            let at = [0, 1].map(|j| forward[i][j] * backward[j]);
            for j in 0..2 {
                sums[j] += at[j] * bins[i].0;
                weights[j] += at[j] * bins[i].1;
            }
            if i == 0 {
                self.first = at;
                break;
            }
            let ahead = [0, 1].map(|j| seen[i][j] * backward[j] / scales[i]);
            for j in 0..2 {
                moves[j] += forward[i - 1][j] * step[j][1 - j] * ahead[1 - j];
                stays[j] += forward[i - 1][j] * step[j][j] * ahead[j];
            }
            backward = [0, 1].map(|j| step[j][0] * ahead[0] + step[j][1] * ahead[1]);
        }
        for j in 0..2 {
            if weights[j] > 0.0 {
                self.factors[j] = sums[j] / weights[j];
            }
            if moves[j] + stays[j] > 0.0 {
                self.leave[j] = (moves[j] / (moves[j] + stays[j])).clamp(1e-9, 1.0 - 1e-9);
            }
        }
        ln_total
    }
}

/// ln of a Poisson probability, up to what depends on the count alone.
fn ln_poisson(count: f64, mean: f64) -> f64 {
    let mean = mean.max(1e-300);
    count * libm::log(mean) - mean
}
