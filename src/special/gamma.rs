//! The gamma function and the incomplete gamma function.
//!
//! P(a, x) = 1 − Q(a, x) is the distribution function of a gamma variate of shape a and scale 1.
//! Far from x = a: the power series below it and the continued fraction above it (Abramowitz and
//! Stegun 1964, 6.5.29 and 6.5.31; the fraction by the method of Lentz, in the form of Thompson
//! and Barnett 1986). Near it, for large a: the uniform expansion of Temme (1979), summed as in
//! Gil, Segura and Temme (2012), *Efficient and accurate algorithms for the computation and
//! inversion of the incomplete gamma function ratios*, §2.4.

use super::normal::normal_quantile;
use super::root::positive_root;
use super::stirling::{deviance, stirling_error};

/// ln |Γ(x)|.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// P(a, x), the regularised lower incomplete gamma function, for a > 0 and x ≥ 0.
pub fn gamma_p(a: f64, x: f64) -> f64 {
    gamma_pair(a, x).0
}

/// Q(a, x), the regularised upper incomplete gamma function, for a > 0 and x ≥ 0.
pub fn gamma_q(a: f64, x: f64) -> f64 {
    gamma_pair(a, x).1
}

/// The x with P(a, x) = p, for a > 0 and p in [0, 1].
pub fn gamma_p_inverse(a: f64, p: f64) -> f64 {
    gamma_inverse_pair(a, p, 1.0 - p)
}

/// The x with Q(a, x) = q, for a > 0 and q in [0, 1].
pub fn gamma_q_inverse(a: f64, q: f64) -> f64 {
    gamma_inverse_pair(a, 1.0 - q, q)
}

/// xᵃ e⁻ˣ / Γ(a): x times the density.
pub(crate) fn gamma_power(a: f64, x: f64) -> f64 {
    libm::sqrt(a / (2.0 * core::f64::consts::PI)) * libm::exp(-deviance(a, x) - stirling_error(a))
}

/// (P, Q), the smaller of them to full relative accuracy.
pub(crate) fn gamma_pair(a: f64, x: f64) -> (f64, f64) {
    if !(a > 0.0 && a.is_finite() && x >= 0.0) {
        return (f64::NAN, f64::NAN);
    }
    if x == 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    if a > UNIFORM_FROM && deviance(a, x) < 0.5 * a {
        return uniform(a, x);
    }
    // The fraction converges slowly below 1.
    if x < a + 1.0 {
        let p = series(a, x);
        (p, 1.0 - p)
    } else {
        let q = fraction(a, x);
        (1.0 - q, q)
    }
}

fn series(a: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut n = a;
    while term > 1e-17 * sum {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    (gamma_power(a, x) / a * sum).min(1.0)
}

fn fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = f64::MAX;
    let mut d = 1.0 / b;
    let mut h = d;
    let mut n = 0.0;
    loop {
        n += 1.0;
        let numerator = n * (a - n);
        b += 2.0;
        // Nothing here is ever zero: for x ≥ a + 1 every partial denominator exceeds 1.
        d = 1.0 / (numerator * d + b);
        c = b + numerator / c;
        let factor = c * d;
        h *= factor;
        if (factor - 1.0).abs() < 2e-16 || n > 10_000.0 {
            return gamma_power(a, x) * h;
        }
    }
}

/// From this shape on the uniform expansion holds to full accuracy for |η| < 1.
const UNIFORM_FROM: f64 = 20.0;

/// Taylor coefficients of η/(λ−1), where ½η² = λ − 1 − ln λ; by reversion of that series. Its
/// radius of convergence is 2√π (Temme 1979), so that at |η| = 1 the rest is below 1e-16.
const UNIFORM: [f64; 28] = [
    1.0,
    -0.333_333_333_333_333_3,
    0.083_333_333_333_333_33,
    -0.014_814_814_814_814_815,
    0.001_157_407_407_407_407_3,
    3.527_336_860_670_194e-4,
    -1.787_551_440_329_218e-4,
    3.919_263_178_522_438e-5,
    -2.185_448_510_679_992e-6,
    -1.854_062_210_715_16e-6,
    8.296_711_340_953_087e-7,
    -1.766_595_273_682_607_8e-7,
    6.707_853_543_401_498e-9,
    1.026_180_978_424_030_9e-8,
    -4.382_036_018_453_353e-9,
    9.147_699_582_236_79e-10,
    -2.551_419_399_494_624_8e-11,
    -5.830_772_132_550_426e-11,
    2.436_194_802_066_741_5e-11,
    -5.027_669_280_114_175_4e-12,
    1.100_439_203_195_613_5e-13,
    3.371_763_262_400_985e-13,
    -1.392_388_722_418_162e-13,
    2.853_489_380_704_744_5e-14,
    -5.139_111_834_242_572e-16,
    -1.975_228_829_434_944_2e-15,
    8.099_521_156_704_561e-16,
    -1.652_253_121_639_816_2e-16,
];

fn uniform(a: f64, x: f64) -> (f64, f64) {
    let half_a_eta2 = deviance(a, x);
    let eta = libm::sqrt(2.0 * half_a_eta2 / a) * if x < a { -1.0 } else { 1.0 };
    // The coefficients of S(η) by backward recursion, and S itself by Horner's rule alongside.
    let (mut next, mut current, mut sum) = (0.0, 0.0, 0.0);
    for n in (1..UNIFORM.len()).rev() {
        let below = (n + 1) as f64 / a * next + UNIFORM[n];
        next = current;
        current = below;
        sum = sum * eta + below;
    }
    let rest = a / (a + next) * sum * libm::exp(-half_a_eta2)
        / libm::sqrt(2.0 * core::f64::consts::PI * a);
    // Q = ½ erfc(η√(a/2)) + rest.
    if eta < 0.0 {
        let p = 0.5 * libm::erfc(libm::sqrt(half_a_eta2)) - rest;
        (p, 1.0 - p)
    } else {
        let q = 0.5 * libm::erfc(libm::sqrt(half_a_eta2)) + rest;
        (1.0 - q, q)
    }
}

/// The x with P(a, x) = p and Q(a, x) = q, where p + q = 1 and the smaller one is exact.
pub(crate) fn gamma_inverse_pair(a: f64, p: f64, q: f64) -> f64 {
    if !(a > 0.0 && a.is_finite() && p >= 0.0 && q >= 0.0) {
        return f64::NAN;
    }
    if p == 0.0 {
        return 0.0;
    }
    if q == 0.0 {
        return f64::INFINITY;
    }
    // P(a, x) < xᵃ/Γ(a+1), and nearly so for small x.
    let ln_p = if p < q { libm::log(p) } else { libm::log1p(-q) };
    let floor = libm::exp((ln_p + libm::lgamma(a + 1.0)) / a);
    if floor < 1e-17 {
        return floor;
    }
    // Wilson and Hilferty (1931): the cube root is nearly normal.
    let z = if p < q { normal_quantile(p) } else { -normal_quantile(q) };
    let root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * libm::sqrt(a));
    let start = if root > 0.0 { a * root * root * root } else { floor };
    let high = 1.1 * (a + 1.0) + 40.0 * libm::sqrt(a + 1.0) - 3.0 * libm::log(q);
    positive_root(0.999 * floor, high, start, |x| {
        let (at_p, at_q) = gamma_pair(a, x);
        let power = gamma_power(a, x);
        if p < q {
            (libm::log(at_p / p), power / at_p)
        } else {
            (-libm::log(at_q / q), power / at_q)
        }
    })
}
