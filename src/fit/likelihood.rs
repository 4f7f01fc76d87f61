//! The likelihood of durations of which a log tells intervals.
//!
//! Let an event start at S and end at S + X. A log that rounds down says S in [s, s + b) and
//! S + X in [t, t + r). With S = s + u, u uniform over its tick, and d = t − s, the probability of
//! what was seen is
//!
//! ```text
//! L = 1/b ∫₀ᵇ [F(d + r − u) − F(d − u)] du
//! ```
//!
//! so that the density of X is weighed by a trapezium over (d − b, d + r), a triangle where r = b.
//! With G(x) = ∫₀ˣ F = x F(x) − E[X; X ≤ x], zero below 0, that is
//!
//! ```text
//! L = [G(d + r) − G(d + r − b) − G(d) + G(d − b)] / b
//! ```
//!
//! without any integral left. In the upper tail the same with H(x) = ∫ₓ^∞ (1 − F) =
//! `E[X; X > x]` − x (1 − F(x)), which loses no digits there. An exact start (b = 0) leaves
//! F(d + r) − F(d), an exact end (r = 0) [F(d) − F(d − b)]/b, and what is still pending after c
//! [H(c − b) − H(c)]/b.

use super::distribution::Distribution;
use super::sample::Observation;

/// ln of what an interval is given where its probability underflows.
const LEAST: f64 = -700.0;

/// ln of the likelihood of one observation.
pub(super) fn ln_weight(distribution: &Distribution, o: &Observation) -> f64 {
    if o.is_exact() {
        return distribution.ln_density(o.low);
    }
    if o.is_pending() && o.blur == 0.0 {
        return distribution.ln_survival(o.low);
    }
    let weight = weight(distribution, o);
    // NaN is no weight either.
    if weight > 1e-300 { libm::log(weight) } else { LEAST }
}

/// The likelihood of an observation that is not exact.
fn weight(distribution: &Distribution, o: &Observation) -> f64 {
    let (low, high, blur) = (o.low, o.high, o.blur);
    if blur == 0.0 {
        return between(distribution, low, high);
    }
    if low == high {
        return between(distribution, low - blur, low) / blur;
    }
    let (_, above) = distribution.cdf_pair(low.max(0.5 * high.min(2.0 * blur)));
    let upper = above < 0.5;
    let term = |x: f64| {
        if upper { excess(distribution, x) } else { shortfall(distribution, x) }
    };
    let (start, end) = (term(low - blur), term(low));
    if high.is_infinite() {
        let share = (start - end) / blur;
        return if upper { share } else { 1.0 + share };
    }
    let before = if high - blur == low { end } else { term(high - blur) };
    let last = term(high);
    let sum = (last - before) - (end - start);
    // What cancels to so little is rounding.
    if sum < 1e-8 * last.max(start) { averaged(distribution, o) } else { sum / blur }
}

/// The share between two bounds.
fn between(distribution: &Distribution, low: f64, high: f64) -> f64 {
    let ((below, above), (up_to, beyond)) =
        (distribution.cdf_pair(low), distribution.cdf_pair(high));
    if above < 0.5 { above - beyond } else { up_to - below }
}

/// G(x) = E[(x − X)⁺].
fn shortfall(distribution: &Distribution, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    x * distribution.cdf_pair(x).0 - distribution.partial_mean(x).0
}

/// H(x) = E[(X − x)⁺].
fn excess(distribution: &Distribution, x: f64) -> f64 {
    if x <= 0.0 {
        return distribution.mean() - x;
    }
    distribution.partial_mean(x).1 - x * distribution.cdf_pair(x).1
}

/// The mean over the start of the share between two bounds, where the tail is so thin, and so
/// smooth, that a sum is exact: by Gauss and Legendre's rule of four points.
fn averaged(distribution: &Distribution, o: &Observation) -> f64 {
    const RULE: [(f64, f64); 4] = [
        (0.069_431_844_202_973_71, 0.173_927_422_568_726_93),
        (0.330_009_478_207_571_87, 0.326_072_577_431_273_07),
        (0.669_990_521_792_428_1, 0.326_072_577_431_273_07),
        (0.930_568_155_797_026_3, 0.173_927_422_568_726_93),
    ];
    RULE.iter()
        .map(|(at, weight)| {
            let late = at * o.blur;
            weight * between(distribution, o.low - late, o.high - late)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::Family;

    fn some() -> Vec<Distribution> {
        vec![
            Distribution::Exponential { mean: 4.0 },
            Distribution::LogNormal { median: 3.0, p95: 9.0 },
            Distribution::Gamma { mean: 4.0, shape: 2.5 },
            Distribution::Weibull { scale: 4.0, shape: 0.7 },
            Distribution::Hyperexponential { weights: [0.7, 0.3], means: [1.0, 9.0] },
            Distribution::LogNormals {
                weights: [0.7, 0.3],
                medians: [1.0, 9.0],
                p95s: [2.0, 30.0],
            },
        ]
    }

    #[test]
    fn the_closed_form_is_the_mean_over_the_start() {
        let cases = [
            (0.0, 60.0, 60.0),
            (60.0, 120.0, 60.0),
            (2.0, 3.0, 1.0),
            (-0.5, 0.5, 1.0),
            (3.0, 4.0, 0.01),
            (3.0, 3.01, 1.0),
            (5.0, f64::INFINITY, 1.0),
            (0.0, f64::INFINITY, 60.0),
            (30.0, 31.0, 1.0),
        ];
        for distribution in some() {
            for (low, high, blur) in cases {
                let o = Observation { low, high, blur, count: 1 };
                let n = 20_000;
                let sum: f64 = (0..n)
                    .map(|i| {
                        let late = (f64::from(i) + 0.5) / f64::from(n) * blur;
                        let (below, _) = distribution.cdf_pair(low - late);
                        distribution.cdf_pair(high - late).0 - below
                    })
                    .sum();
                let (exact, ours) = (sum / f64::from(n), libm::exp(ln_weight(&distribution, &o)));
                assert!(
                    (ours / exact - 1.0).abs() < 1e-5,
                    "{distribution:?} {o:?}: {ours} {exact}"
                );
            }
        }
    }

    #[test]
    fn no_weight_is_lost_or_made() {
        // Whatever the duration, some pair of ticks is seen.
        for distribution in some() {
            for (start, end) in [(1.0, 1.0), (60.0, 1.0), (1.0, 60.0), (0.0, 1.0)] {
                // An exact start lies anywhere within the tick of the end.
                let (step, first): (f64, f64) =
                    if start > 0.0 { (f64::min(start, end), -end) } else { (end, -0.3) };
                let total: f64 = (0..40_000)
                    .map(|i| Observation::rounded(first + f64::from(i) * step, start, end))
                    .filter(|o| o.high > 0.0)
                    .map(|o| libm::exp(ln_weight(&distribution, &o)))
                    .sum();
                // Where the ticks differ, several pairs tell of the same instant.
                let times = if start > 0.0 { end / step } else { 1.0 };
                assert!(
                    (total / times - 1.0).abs() < 1e-6,
                    "{distribution:?} {start} {end}: {total}"
                );
            }
        }
    }

    #[test]
    fn far_out_nothing_is_infinite_or_undefined() {
        for distribution in some() {
            for x in [1e-9, 1e-3, 1.0, 1e3, 1e6] {
                for o in [
                    Observation::exact(x),
                    Observation::pending(x, 0.0),
                    Observation::pending(x, 1.0),
                    Observation::rounded(x, 1.0, 1.0),
                    Observation::rounded(x, 0.0, 1.0),
                ] {
                    let ln = ln_weight(&distribution, &o);
                    assert!(ln.is_finite(), "{distribution:?} {o:?}: {ln}");
                }
            }
        }
        assert_eq!(Family::Exponential.free(), 1);
    }
}
