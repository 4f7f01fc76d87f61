//! Goodness of a fit: a test that any family can fail, and a distance.
//!
//! The test is Neyman's smooth test (1937; Rayner and Best 1989) as a score test. The fitted
//! density f is embedded in f(x) exp(Σ ηₖ ψₖ(F(x))), ψₖ the normalised Legendre polynomials on
//! [0, 1]; the score of η at 0 of what is known to lie in an interval is the mean of ψₖ(F) over it
//! under the fit. What the parameters already explain is taken out of it (the efficient score), so
//! that they may be estimated and durations censored in any way; the statistic is χ² with as many
//! degrees of freedom as components are left. A large log rejects everything: the greatest
//! distance between the fitted and the empirical distribution function says whether it matters.

use super::curve::Curve;
use super::fitted::Fit;
use super::sample::{Observation, Sample};
use crate::special::gamma_q;

/// Components of the smooth test.
const COMPONENTS: usize = 4;

/// A p-value below which a log contradicts a family.
pub const CONTRADICTED: f64 = 0.01;

/// A distance between distribution functions up to which two are practically the same: a share of
/// delivered messages is off by two points at most.
pub const EQUIVALENT: f64 = 0.02;

/// Bits of the bins in which a large sample is tested.
const BITS: u32 = 7;

/// Goodness of a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goodness {
    /// The smooth test's statistic.
    pub statistic: f64,
    /// Its degrees of freedom; 0 where the log shows too little to contradict anything.
    pub freedom: usize,
    /// Chance that the statistic is at least this large if the family is right.
    pub p_value: f64,
    /// The greatest distance between fitted and empirical distribution function.
    pub distance: f64,
    /// Its standard error: that of the empirical share where it is.
    pub distance_error: f64,
}

impl Goodness {
    /// `true` if the log contradicts the family.
    pub fn contradicted(&self) -> bool {
        self.p_value < CONTRADICTED
    }

    /// `true` if the family is rejected: the log contradicts it, and it is surely off by more than
    /// matters.
    pub fn rejected(&self) -> bool {
        self.p_value < CONTRADICTED && self.distance - 2.0 * self.distance_error > EQUIVALENT
    }

    /// `true` if the log contradicts the family, but not surely by more than matters.
    pub fn practically_equivalent(&self) -> bool {
        self.p_value < CONTRADICTED && !self.rejected()
    }
}

/// Goodness of a fit of a sample whose empirical distribution is `curve`.
pub fn goodness(fit: &Fit, sample: &Sample, curve: &Curve) -> Goodness {
    let (statistic, freedom) = smooth_test(fit, sample);
    let (distance, distance_error) = distance(fit, curve);
    Goodness {
        statistic,
        freedom,
        p_value: if freedom == 0 { 1.0 } else { gamma_q(0.5 * freedom as f64, 0.5 * statistic) },
        distance,
        distance_error,
    }
}

/// The greatest distance at the points of the curve, on either side of a step, and its error.
fn distance(fit: &Fit, curve: &Curve) -> (f64, f64) {
    let mut before = 0.0;
    let mut most = (0.0, 0.0);
    for point in curve.points() {
        let share = fit.cdf_pair(point.x).0;
        let mut off = (share - point.share).abs();
        if curve.has_steps() && point.x > 0.0 {
            off = off.max((share - before).abs());
        }
        if off > most.0 {
            most = (off, point.error);
        }
        before = point.share;
    }
    most
}

/// The statistic and its degrees of freedom.
fn smooth_test(fit: &Fit, sample: &Sample) -> (f64, usize) {
    let coarse;
    let sample = if sample.observations().len() > 4000 {
        coarse = sample.coarse(BITS);
        &coarse
    } else {
        sample
    };
    let known = fit.point().len();
    let n = known + COMPONENTS;
    let mut products = vec![vec![0.0; n]; n];
    let mut sums = vec![0.0; n];
    let mut enter = |scores: &[f64], count: f64| {
        for i in 0..n {
            sums[i] += count * scores[i];
            for j in 0..=i {
                products[i][j] += count * scores[i] * scores[j];
            }
        }
    };
    for o in sample.observations() {
        let mut scores = fit.scores(|model| model.ln_weight(o));
        scores.extend(components(fit, o));
        enter(&scores, o.count as f64);
    }
    if sample.zeros() > 0 {
        let mut scores = fit.scores(|model| libm::log(model.zero));
        scores.extend([0.0; COMPONENTS]);
        enter(&scores, sample.zeros() as f64);
    }
    // As many parameters as kinds of observation leave nothing to contradict.
    let kinds = sample.observations().len() + usize::from(sample.zeros() > 0);
    residual(&products, &sums, known, kinds.saturating_sub(1 + known))
}

/// The mean of each component over what is known of a duration.
fn components(fit: &Fit, o: &Observation) -> [f64; COMPONENTS] {
    const STARTS: usize = 16;
    let distribution = fit.distribution();
    let (shown, o) = (o, &o.after(fit.model().shift));
    if o.is_exact() {
        return legendre(distribution.cdf(o.low)).0;
    }
    let starts = if o.blur == 0.0 { 1 } else { STARTS };
    let (mut sums, mut weight) = ([0.0; COMPONENTS], 0.0);
    for i in 0..starts {
        let late = if o.blur == 0.0 { 0.0 } else { (i as f64 + 0.5) / STARTS as f64 * o.blur };
        let (from, to) = (distribution.cdf(o.low - late), distribution.cdf(o.high - late));
        let ((_, a), (_, b)) = (legendre(from), legendre(to));
        for (sum, (a, b)) in sums.iter_mut().zip(a.into_iter().zip(b)) {
            *sum += b - a;
        }
        weight += to - from;
    }
    // So thin a slice is a point.
    let middle = distribution.cdf((0.5 * (o.least() + o.high)).min(1e300));
    let means = if weight > 1e-9 { sums.map(|sum| sum / weight) } else { legendre(middle).0 };
    // What may be a zero is a duration only in part.
    let zero = fit.zero_share() * shown.share_at_zero();
    let other = (1.0 - fit.zero_share()) * weight / starts as f64;
    let part = if zero > 0.0 { other / (zero + other) } else { 1.0 };
    // So is what may never end.
    let part = if o.is_pending() { part * fit.model().under_way(shown) } else { part };
    means.map(|mean| part * mean)
}

/// The normalised Legendre polynomials on [0, 1] of degrees 1 to 4 at `u`, and their integrals from
/// 0 to `u`.
fn legendre(u: f64) -> ([f64; COMPONENTS], [f64; COMPONENTS]) {
    let t = 2.0 * u - 1.0;
    let mut p = [1.0; COMPONENTS + 2];
    p[1] = t;
    for k in 1..=COMPONENTS {
        let n = k as f64;
        p[k + 1] = ((2.0 * n + 1.0) * t * p[k] - n * p[k - 1]) / (n + 1.0);
    }
    let (mut values, mut integrals) = ([0.0; COMPONENTS], [0.0; COMPONENTS]);
    for k in 1..=COMPONENTS {
        let odd = 2.0 * k as f64 + 1.0;
        values[k - 1] = libm::sqrt(odd) * p[k];
        // ∫ Pₖ = (Pₖ₊₁ − Pₖ₋₁)/(2k + 1) in t, of which u is half.
        integrals[k - 1] = libm::sqrt(odd) * 0.5 * (p[k + 1] - p[k - 1]) / odd;
    }
    (values, integrals)
}

/// Of sums of scores and of their products: what the components say beyond the first `known`
/// scores, by at most `most` of them. Cholesky's decomposition, which leaves out what nothing new is
/// in.
fn residual(products: &[Vec<f64>], sums: &[f64], known: usize, most: usize) -> (f64, usize) {
    let n = sums.len();
    let mut factor = vec![vec![0.0; n]; n];
    let mut z = vec![0.0; n];
    let (mut statistic, mut freedom) = (0.0, 0);
    for i in 0..n {
        for j in 0..i {
            if factor[j][j] > 0.0 {
                let sum: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
                factor[i][j] = (products[i][j] - sum) / factor[j][j];
            }
        }
        let explained: f64 = (0..i).map(|k| factor[i][k] * factor[i][k]).sum();
        let left = products[i][i] - explained;
        if left <= 1e-6 * products[i][i] || freedom == most && i >= known {
            continue;
        }
        factor[i][i] = libm::sqrt(left);
        // At the maximum the scores of the parameters add up to nothing.
        let sum = if i < known { 0.0 } else { sums[i] };
        let rest: f64 = (0..i).map(|k| factor[i][k] * z[k]).sum();
        z[i] = (sum - rest) / factor[i][i];
        if i >= known {
            statistic += z[i] * z[i];
            freedom += 1;
        }
    }
    (statistic, freedom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_orthonormal_and_their_integrals_right() {
        let n = 20_000;
        for j in 0..COMPONENTS {
            for k in 0..COMPONENTS {
                let sum: f64 = (0..n)
                    .map(|i| legendre((f64::from(i) + 0.5) / f64::from(n)).0)
                    .map(|p| p[j] * p[k])
                    .sum();
                let expected = f64::from(u8::from(j == k));
                assert!((sum / f64::from(n) - expected).abs() < 1e-6);
            }
        }
        let sum = (0..7000).map(|i| legendre((f64::from(i) + 0.5) * 1e-4).0);
        let sum = sum.fold([0.0; COMPONENTS], |mut sum, p| {
            sum.iter_mut().zip(p).for_each(|(sum, p)| *sum += p * 1e-4);
            sum
        });
        let (_, from_start) = legendre(0.7);
        for (sum, integral) in sum.iter().zip(from_start) {
            assert!((sum - integral).abs() < 1e-6, "{sum} {integral}");
        }
    }
}
