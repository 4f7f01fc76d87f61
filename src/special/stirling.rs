//! The two pieces that keep densities exact for large parameters.
//!
//! Loader (2000), *Fast and accurate computation of binomial probabilities*: a density is
//! exp(−deviance − Stirling errors) over a square root, so no large logarithms are subtracted.

/// ½ ln 2π.
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// ln Γ(a+1) − (a+½) ln a + a − ½ ln 2π, for a > 0: what Stirling's formula leaves out.
pub(super) fn stirling_error(a: f64) -> f64 {
    if a < 10.0 {
        return libm::lgamma(a + 1.0) - (a + 0.5) * libm::log(a) + a - HALF_LN_TWO_PI;
    }
    // Bernoulli numbers over 2k(2k−1): Abramowitz and Stegun (1964), 6.1.41.
    const SERIES: [f64; 8] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
        -3617.0 / 122_400.0,
    ];
    let r = 1.0 / (a * a);
    SERIES.iter().rev().fold(0.0, |sum, c| sum * r + c) / a
}

/// a ln(a/m) + m − a, for a, m > 0: Loader's `bd0`, without cancellation near m = a.
pub(super) fn deviance(a: f64, m: f64) -> f64 {
    let gap = m - a;
    if gap.abs() >= 0.3 * (m + a) {
        return a * libm::log(a / m) + gap;
    }
    // ln(m/a) = 2 artanh v, and μ − 2v = μv for μ = gap/a.
    let v = gap / (m + a);
    let v2 = v * v;
    let mut power = v2 * v;
    let mut sum = 0.0;
    let mut odd = 3.0;
    loop {
        let term = power / odd;
        sum += term;
        if term.abs() <= 1e-17 * sum.abs() {
            return gap * v - 2.0 * a * sum;
        }
        power *= v2;
        odd += 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stirling_error_is_the_same_on_both_sides_of_its_switch() {
        let direct = |a: f64| libm::lgamma(a + 1.0) - (a + 0.5) * libm::log(a) + a - HALF_LN_TWO_PI;
        for a in [10.0, 10.5, 15.0, 40.0] {
            assert!((stirling_error(a) - direct(a)).abs() < 1e-13, "{a}");
        }
    }

    #[test]
    fn deviance_is_zero_at_its_minimum_and_quadratic_beside_it() {
        assert_eq!(deviance(3.0, 3.0), 0.0);
        let e = 1e-9;
        assert!((deviance(1.0, 1.0 + e) / (0.5 * e * e) - 1.0).abs() < 1e-6);
        assert!((deviance(2.0, 4.0) - (2.0 * libm::log(0.5) + 2.0)).abs() < 1e-15);
    }
}
