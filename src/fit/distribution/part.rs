//! Distributions that are no mixtures.

use super::Z95;
use crate::special::{gamma_inverse_pair, gamma_pair, gamma_power, ln_gamma, normal_quantile};

/// A distribution of one part.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    LogNormal { ln_median: f64, sigma: f64 },
    Gamma { mean: f64, shape: f64 },
    Weibull { scale: f64, shape: f64 },
}

/// ½ ln 2π.
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_7;

impl Part {
    pub(super) fn exponential(mean: f64) -> Part {
        Part::Weibull { scale: mean, shape: 1.0 }
    }

    pub(super) fn log_normal(median: f64, p95: f64) -> Part {
        Part::LogNormal { ln_median: libm::log(median), sigma: libm::log(p95 / median) / Z95 }
    }

    /// F and 1 − F at x > 0.
    pub(super) fn cdf_pair(&self, x: f64) -> (f64, f64) {
        match *self {
            Part::LogNormal { ln_median, sigma } => normal_pair((libm::log(x) - ln_median) / sigma),
            Part::Gamma { mean, shape } => gamma_pair(shape, x * shape / mean),
            Part::Weibull { scale, shape } => {
                let y = power(x / scale, shape);
                (-libm::expm1(-y), libm::exp(-y))
            }
        }
    }

    pub(super) fn ln_density(&self, x: f64) -> f64 {
        match *self {
            Part::LogNormal { ln_median, sigma } => {
                let ln_x = libm::log(x);
                let z = (ln_x - ln_median) / sigma;
                -0.5 * z * z - HALF_LN_TWO_PI - libm::log(sigma) - ln_x
            }
            Part::Gamma { mean, shape } => {
                let y = x * shape / mean;
                shape * libm::log(y) - y - ln_gamma(shape) - libm::log(x)
            }
            Part::Weibull { scale, shape } => {
                let ln_y = shape * libm::log(x / scale);
                libm::log(shape / x) + ln_y - libm::exp(ln_y)
            }
        }
    }

    pub(super) fn ln_survival(&self, x: f64) -> f64 {
        match *self {
            Part::Weibull { scale, shape } => -power(x / scale, shape),
            Part::LogNormal { .. } | Part::Gamma { .. } => {
                let (_, above) = self.cdf_pair(x);
                if above > 1e-290 {
                    return libm::log(above);
                }
                // The density over its own rate of decay.
                self.ln_density(x) + libm::log(x / self.decay(x))
            }
        }
    }

    /// −d ln f / d ln x, far out.
    fn decay(&self, x: f64) -> f64 {
        match *self {
            Part::LogNormal { ln_median, sigma } => (libm::log(x) - ln_median) / (sigma * sigma),
            Part::Gamma { mean, shape } => x * shape / mean - shape + 1.0,
            Part::Weibull { scale, shape } => shape * power(x / scale, shape),
        }
    }

    pub(super) fn mean(&self) -> f64 {
        match *self {
            Part::LogNormal { ln_median, sigma } => libm::exp(ln_median + 0.5 * sigma * sigma),
            Part::Gamma { mean, .. } => mean,
            Part::Weibull { scale, shape } => scale * libm::exp(ln_gamma(1.0 + 1.0 / shape)),
        }
    }

    /// `E[X; X ≤ x]` and `E[X; X > x]`, for x > 0.
    pub(super) fn partial_mean(&self, x: f64) -> (f64, f64) {
        let mean = self.mean();
        let (below, above) = match *self {
            Part::LogNormal { ln_median, sigma } => {
                normal_pair((libm::log(x) - ln_median) / sigma - sigma)
            }
            Part::Gamma { mean, shape } => gamma_pair(shape + 1.0, x * shape / mean),
            // The gamma of shape 2 has a closed form.
            Part::Weibull { scale, shape: 1.0 } => {
                let y = x / scale;
                let above = (1.0 + y) * libm::exp(-y);
                let below =
                    if y < 0.5 { gamma_power(2.0, y) / 2.0 * series(y) } else { 1.0 - above };
                (below, above)
            }
            Part::Weibull { scale, shape } => {
                gamma_pair(1.0 + 1.0 / shape, power(x / scale, shape))
            }
        };
        (mean * below, mean * above)
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        match *self {
            Part::LogNormal { ln_median, sigma } => {
                libm::exp(ln_median + sigma * normal_quantile(p))
            }
            Part::Gamma { mean, shape } => mean / shape * gamma_inverse_pair(shape, p, 1.0 - p),
            Part::Weibull { scale, shape } => scale * power(-libm::log1p(-p), 1.0 / shape),
        }
    }
}

/// Σ yⁿ 2!/(n + 2)!, by which P(2, y) is y² e⁻ʸ/2 times it.
fn series(y: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, 2.0);
    while term > 1e-17 * sum {
        n += 1.0;
        term *= y / n;
        sum += term;
    }
    sum
}

fn normal_pair(z: f64) -> (f64, f64) {
    let z = z * core::f64::consts::FRAC_1_SQRT_2;
    (0.5 * libm::erfc(-z), 0.5 * libm::erfc(z))
}

fn power(x: f64, exponent: f64) -> f64 {
    if exponent == 1.0 { x } else { libm::exp(exponent * libm::log(x)) }
}
