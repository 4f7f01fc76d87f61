//! Exact 95 % intervals of a probability.

use crate::special::beta_p_inverse;

/// The probability left outside at either end.
const TAIL: f64 = 0.025;

/// The interval of Clopper and Pearson (*Biometrika* 26, 1934) for a probability of which `hits`
/// of `trials` were seen: it covers it at least 95 times of 100. All of [0, 1] without trials.
#[must_use]
pub fn clopper_pearson(hits: u64, trials: u64) -> [f64; 2] {
    let (hits, misses) = (hits.min(trials) as f64, trials.saturating_sub(hits) as f64);
    let low = if hits == 0.0 { 0.0 } else { beta_p_inverse(hits, misses + 1.0, TAIL) };
    let high = if misses == 0.0 { 1.0 } else { beta_p_inverse(hits + 1.0, misses, 1.0 - TAIL) };
    [low, high]
}

/// The interval for a probability that was tried until the first hit, which was number `trials`
/// (from 1): P(N ≤ n) = 1 − (1 − p)ⁿ is 2.5 % at its lower end, P(N ≥ n) = (1 − p)ⁿ⁻¹ is 2.5 % at
/// its upper one.
#[must_use]
pub fn until_the_first(trials: u64) -> [f64; 2] {
    let trials = trials.max(1) as f64;
    let low = -libm::expm1(libm::log1p(-TAIL) / trials);
    let high = if trials == 1.0 { 1.0 } else { -libm::expm1(libm::log(TAIL) / (trials - 1.0)) };
    [low, high]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: [f64; 2], expected: [f64; 2]) {
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
    }

    #[test]
    fn clopper_and_pearson_as_in_tables() {
        // R: binom.test(k, n)$conf.int
        close(clopper_pearson(0, 10), [0.0, 0.308_497_1]);
        close(clopper_pearson(10, 10), [0.691_502_9, 1.0]);
        close(clopper_pearson(2, 10), [0.025_210_73, 0.556_095_5]);
        close(clopper_pearson(0, 0), [0.0, 1.0]);
    }

    #[test]
    fn the_first_hit_says_a_little() {
        close(until_the_first(1), [0.025, 1.0]);
        // 1 − 0.975^(1/100), 1 − 0.025^(1/99)
        close(until_the_first(100), [0.000_253_146, 0.036_575_7]);
        let [low, high] = until_the_first(340);
        assert!(low < 1.0 / 340.0 && 1.0 / 340.0 < high);
    }

    #[test]
    fn it_covers() {
        // Exactly, for p = 0.1 and 20 trials: the probability of counts whose interval has p.
        let p: f64 = 0.1;
        let (mut probability, mut covered) = (libm::pow(1.0 - p, 20.0), 0.0);
        for hits in 0..=20_u64 {
            let [low, high] = clopper_pearson(hits, 20);
            if low <= p && p <= high {
                covered += probability;
            }
            let next = (20 - hits) as f64 / (hits + 1) as f64;
            probability *= next * p / (1.0 - p);
        }
        assert!(covered >= 0.95, "{covered}");
    }
}
