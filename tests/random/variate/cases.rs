//! Variates whose distribution function is known.

use smschain::random::{ParameterError, Variate};
use smschain::special::{beta_p, beta_q, gamma_p, gamma_q, normal_cdf};

/// A variate with its distribution function: (P(X ≤ x), P(X > x)), each exact where small.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) variate: Variate,
    pub(crate) tails: Box<dyn Fn(f64) -> (f64, f64)>,
}

pub(crate) fn case(
    name: &'static str,
    variate: Result<Variate, ParameterError>,
    tails: impl Fn(f64) -> (f64, f64) + 'static,
) -> Case {
    Case { name, variate: variate.unwrap(), tails: Box::new(tails) }
}

/// Of a rate e: (1 − exp(−e), exp(−e)).
pub(crate) fn decay(e: f64) -> (f64, f64) {
    (-libm::expm1(-e), libm::exp(-e))
}

fn normal_tails(z: f64) -> (f64, f64) {
    (normal_cdf(z), normal_cdf(-z))
}

fn gamma_case(name: &'static str, mean: f64, shape: f64) -> Case {
    case(name, Variate::gamma(mean, shape), move |x| {
        (gamma_p(shape, x / mean * shape), gamma_q(shape, x / mean * shape))
    })
}

fn beta_case(name: &'static str, a: f64, b: f64) -> Case {
    case(name, Variate::beta(a, b), move |x| (beta_p(a, b, x), beta_q(a, b, x)))
}

/// All that have a continuous distribution function.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("exponential", Variate::exponential(2.5), |x| decay(x / 2.5)),
        case("log-normal of median and p95", Variate::lognormal_median_p95(0.09, 0.45), |x| {
            normal_tails(libm::log(x / 0.09) / (libm::log(5.0) / 1.644_853_626_951_472_7))
        }),
        case("log-normal of mean and cv", Variate::lognormal_mean_cv(4.0, 0.75), |x| {
            let s2 = libm::log(1.5625);
            normal_tails((libm::log(x / 4.0) + 0.5 * s2) / libm::sqrt(s2))
        }),
        case("weibull", Variate::weibull(3.0, 0.7), |x| decay(libm::pow(x / 3.0, 0.7))),
        case("weibull of shape 4", Variate::weibull(3.0, 4.0), |x| decay(libm::pow(x / 3.0, 4.0))),
        case("pareto", Variate::pareto(1.5, 6.0), |x| decay(6.0 * libm::log(x / 1.5))),
        case("uniform", Variate::uniform(-1.0, 3.0), |x| ((x + 1.0) / 4.0, (3.0 - x) / 4.0)),
        case("triangular", Variate::triangular(0.0, 1.0, 5.0), |x| {
            if x < 1.0 {
                (x * x / 5.0, 1.0 - x * x / 5.0)
            } else {
                (1.0 - (5.0 - x) * (5.0 - x) / 20.0, (5.0 - x) * (5.0 - x) / 20.0)
            }
        }),
        case("normal", Variate::normal(1.0, 3.0), |x| normal_tails((x - 1.0) / 3.0)),
        gamma_case("gamma of shape 0.05", 2.0, 0.05),
        gamma_case("gamma of shape 0.4", 2.0, 0.4),
        gamma_case("gamma of shape 0.999", 2.0, 0.999),
        gamma_case("gamma of shape 1", 2.0, 1.0),
        gamma_case("gamma of shape 1.5", 2.0, 1.5),
        gamma_case("gamma of shape 7", 2.0, 7.0),
        gamma_case("gamma of shape 300", 2.0, 300.0),
        gamma_case("gamma of shape 20000", 2.0, 20_000.0),
        beta_case("beta of 2, 12", 2.0, 12.0),
        beta_case("beta of 1, 1", 1.0, 1.0),
        beta_case("beta of 0.3, 4", 0.3, 4.0),
        beta_case("beta of 12, 3", 12.0, 3.0),
        beta_case("beta of 400, 500", 400.0, 500.0),
        // Shifting loses no digits where the shift is a power of two times the scale's.
        case("shifted", Variate::exponential(1.0).unwrap().bounded(0.0, None, None), decay),
    ]
}
