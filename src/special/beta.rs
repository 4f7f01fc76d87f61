//! The incomplete beta function.
//!
//! I(x; a, b) is the distribution function of a beta variate. By the continued fraction of
//! DiDonato and Morris (1992), *Algorithm 708: Significant digit computation of the incomplete
//! beta function ratios*, equation 9, which loses no digits for large parameters (summed by the
//! method of Lentz, in the form of Thompson and Barnett 1986), with the symmetry
//! I(x; a, b) = 1 − I(1 − x; b, a) beyond the mean.

use super::normal::normal_quantile;
use super::root::positive_root;
use super::stirling::{deviance, stirling_error};

/// I(x; a, b), the regularised incomplete beta function, for a, b > 0 and x in [0, 1].
pub fn beta_p(a: f64, b: f64, x: f64) -> f64 {
    beta_pair(a, b, x, 1.0 - x).0
}

/// 1 − I(x; a, b).
pub fn beta_q(a: f64, b: f64, x: f64) -> f64 {
    beta_pair(a, b, x, 1.0 - x).1
}

/// The x with I(x; a, b) = p, for a, b > 0 and p in [0, 1].
pub fn beta_p_inverse(a: f64, b: f64, p: f64) -> f64 {
    beta_inverse_pair(a, b, p, 1.0 - p).0
}

/// xᵃ yᵇ / B(a, b), where x + y = 1: x y times the density.
pub(crate) fn beta_power(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let errors = stirling_error(n) - stirling_error(a) - stirling_error(b);
    libm::sqrt(a / n * b / (2.0 * core::f64::consts::PI))
        * libm::exp(errors - deviance(a, n * x) - deviance(b, n * y))
}

/// (I, 1 − I) at x, where x + y = 1; the smaller of them to full relative accuracy.
pub(crate) fn beta_pair(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    let proper = |a: f64| a > 0.0 && a.is_finite();
    if !(proper(a) && proper(b) && x >= 0.0 && y >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if y == 0.0 {
        return (1.0, 0.0);
    }
    let power = beta_power(a, b, x, y);
    // Up to the mean the fraction converges fast. For a parameter below 1 beside a large one the
    // mean is very near an end, and the fraction for that end serves up to the mean of a
    // parameter one larger.
    let serves = |a: f64, b: f64, x: f64| a < 1.0 && b > 100.0 && x * (a + b + 2.0) <= a + 1.0;
    if if a * y >= b * x { !serves(b, a, y) } else { serves(a, b, x) } {
        let p = (power * fraction(a, b, x, y)).min(1.0);
        (p, 1.0 - p)
    } else {
        let q = (power * fraction(b, a, y, x)).min(1.0);
        (1.0 - q, q)
    }
}

/// The continued fraction of I over [`beta_power`], for x up to the mean.
fn fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    // A partial denominator may come out as zero: this stands for it.
    const TINY: f64 = 1e-300;
    let apart = |v: f64| if v.abs() < TINY { TINY } else { v };
    let excess = a * y - b * x;
    let mut h = apart(a * (excess + 1.0) / (a + 1.0));
    let mut c = h;
    let mut d = 0.0;
    let mut m = 0.0;
    loop {
        m += 1.0;
        let wide = a + 2.0 * m - 1.0;
        let inner = m * (b - m) * x / wide;
        let top = inner * ((a + m - 1.0) / wide) * ((a + b + m - 1.0) * x);
        let bottom = m + inner + (a + m) * (excess + 1.0 + m * (1.0 + y)) / (wide + 2.0);
        d = 1.0 / apart(bottom + top * d);
        c = apart(bottom + top / c);
        let factor = c * d;
        h *= factor;
        if (factor - 1.0).abs() < 2e-16 || m > 100_000.0 {
            return 1.0 / h;
        }
    }
}

/// (x, y) with x + y = 1, I(x; a, b) = p and 1 − I = q, where p + q = 1; of each pair the smaller
/// is exact.
pub(crate) fn beta_inverse_pair(a: f64, b: f64, p: f64, q: f64) -> (f64, f64) {
    let proper = |a: f64| a > 0.0 && a.is_finite();
    if !(proper(a) && proper(b) && p >= 0.0 && q >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    if p == 0.0 {
        return (0.0, 1.0);
    }
    if q == 0.0 {
        return (1.0, 0.0);
    }
    let (half_p, half_q) = beta_pair(a, b, 0.5, 0.5);
    if if p < q { p <= half_p } else { q >= half_q } {
        let x = lower_half(a, b, p, q);
        (x, 1.0 - x)
    } else {
        let y = lower_half(b, a, q, p);
        (1.0 - y, y)
    }
}

/// The x ≤ ½ with I(x; a, b) = p.
fn lower_half(a: f64, b: f64, p: f64, q: f64) -> f64 {
    // I ≈ xᵃ/(a B(a, b)) for small x.
    let ln_p = if p < q { libm::log(p) } else { libm::log1p(-q) };
    let ln_a_beta = libm::lgamma(a + 1.0) + libm::lgamma(b) - libm::lgamma(a + b);
    let small = libm::exp((ln_p + ln_a_beta) / a);
    // Beyond b = 100 the difference of logarithms is not exact enough to be the answer.
    if small < 1e-19 && b <= 100.0 || small == 0.0 {
        return small;
    }
    let start = if a > 1.0 && b > 1.0 { normal_guess(a, b, p, q) } else { small };
    positive_root(1e-308, 0.5, start, |x| {
        let (at_p, at_q) = beta_pair(a, b, x, 1.0 - x);
        // By ln x the density is xᵃ yᵇ⁻¹ / B.
        let density = beta_power(a, b, x, 1.0 - x) / (1.0 - x);
        if p < q {
            (libm::log(at_p / p), density / at_p)
        } else {
            (-libm::log(at_q / q), density / at_q)
        }
    })
}

/// Abramowitz and Stegun (1964), 26.5.22.
fn normal_guess(a: f64, b: f64, p: f64, q: f64) -> f64 {
    let z = if p < q { -normal_quantile(p) } else { normal_quantile(q) };
    let (s, t) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let r = (z * z - 3.0) / 6.0;
    let h = 2.0 / (s + t);
    let w = z * libm::sqrt((h + r).max(0.0)) / h - (t - s) * (r + 5.0 / 6.0 - 2.0 / (3.0 * h));
    a / (a + b * libm::exp(2.0 * w))
}
