//! Student's t distribution.

use super::beta::{beta_inverse_pair, beta_pair};
use super::normal::{normal_cdf, normal_quantile};

/// From here on t and normal agree to the last bit.
const NORMAL_FROM: f64 = 1e17;

/// P(T ≤ t) for Student's t with `df` > 0 degrees of freedom, not necessarily whole.
///
/// Abramowitz and Stegun (1964), 26.7.1 and 26.5.27: two tails hold I(df/(df+t²); df/2, ½).
pub fn student_t_cdf(t: f64, df: f64) -> f64 {
    if df >= NORMAL_FROM {
        return normal_cdf(t);
    }
    // Divided by the larger, so that t² does not overflow.
    let r = t * t / df;
    let (x, y) = (1.0 / (1.0 + r), if r.is_finite() { r / (1.0 + r) } else { 1.0 });
    let (both, centre) = beta_pair(0.5 * df, 0.5, x, y);
    if t < 0.0 { 0.5 * both } else { 0.5 + 0.5 * centre }
}

/// The t with P(T ≤ t) = p, for p in (0, 1) and `df` > 0; ∓∞ at p = 0 and 1.
///
/// A two-sided 95 % confidence interval of n values uses `student_t_quantile(0.975, n − 1)`.
pub fn student_t_quantile(p: f64, df: f64) -> f64 {
    if df >= NORMAL_FROM {
        return normal_quantile(p);
    }
    let tail = p.min(1.0 - p);
    let (x, y) = beta_inverse_pair(0.5 * df, 0.5, 2.0 * tail, 1.0 - 2.0 * tail);
    let t = libm::sqrt(df * (y / x));
    if p < 0.5 { -t } else { t }
}
