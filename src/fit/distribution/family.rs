//! Families of distributions, and the unbounded unknowns by which each is searched.

use super::{Distribution, Z95};

/// A kind of distribution, its parameters left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Constant rate.
    Exponential,
    /// Log-normal.
    LogNormal,
    /// Gamma.
    Gamma,
    /// Weibull.
    Weibull,
    /// Mixture of two exponentials.
    Hyperexponential,
    /// Mixture of two log-normals.
    LogNormals,
}

impl Family {
    /// Those of one part.
    pub const SIMPLE: [Family; 4] =
        [Family::Exponential, Family::LogNormal, Family::Gamma, Family::Weibull];

    /// Its key in a scenario.
    pub fn key(self) -> &'static str {
        match self {
            Family::Exponential => "exponential",
            Family::LogNormal => "lognormal",
            Family::Gamma => "gamma",
            Family::Weibull => "weibull",
            Family::Hyperexponential => "hyperexponential",
            Family::LogNormals => "mixture",
        }
    }

    /// Number of free parameters.
    pub fn free(self) -> usize {
        match self {
            Family::Exponential => 1,
            Family::LogNormal | Family::Gamma | Family::Weibull => 2,
            Family::Hyperexponential => 3,
            Family::LogNormals => 5,
        }
    }

    /// `true` if the exponential is a case of it.
    pub fn contains_exponential(self) -> bool {
        matches!(self, Family::Gamma | Family::Weibull | Family::Hyperexponential)
    }

    /// The distribution at a point of the search: logarithms, and logits of shares.
    pub(in crate::fit) fn at(self, x: &[f64]) -> Distribution {
        let e = libm::exp;
        match (self, x) {
            (Family::LogNormal, &[median, sigma]) => {
                Distribution::LogNormal { median: e(median), p95: e(median + Z95 * e(sigma)) }
            }
            (Family::Gamma, &[mean, shape]) => {
                Distribution::Gamma { mean: e(mean), shape: e(shape) }
            }
            (Family::Weibull, &[scale, shape]) => {
                Distribution::Weibull { scale: e(scale), shape: e(shape) }
            }
            (Family::Hyperexponential, &[logit, short, long]) => Distribution::Hyperexponential {
                weights: shares(logit),
                means: [e(short), e(long)],
            },
            (Family::LogNormals, &[logit, a, s, b, t]) => Distribution::LogNormals {
                weights: shares(logit),
                medians: [e(a), e(b)],
                p95s: [e(a + Z95 * e(s)), e(b + Z95 * e(t))],
            },
            (_, rest) => {
                Distribution::Exponential { mean: e(rest.first().copied().unwrap_or(0.0)) }
            }
        }
    }
}

/// The shares (w, 1 − w) where ln(w/(1 − w)) is `logit`.
fn shares(logit: f64) -> [f64; 2] {
    [1.0 / (1.0 + libm::exp(-logit)), 1.0 / (1.0 + libm::exp(logit))]
}
