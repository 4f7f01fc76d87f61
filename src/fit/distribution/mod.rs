//! Distributions of durations: what a scenario can say and a log may show.

mod family;
mod part;

pub use family::Family;
use part::Part;

use crate::random::{ParameterError, Variate};

/// A distribution of durations in seconds, from zero on: the kinds of the scenario language, by
/// the parameters they have there.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// A constant rate.
    Exponential {
        /// Mean.
        mean: f64,
    },
    /// The logarithm is normal.
    LogNormal {
        /// Median.
        median: f64,
        /// 95th percentile.
        p95: f64,
    },
    /// Gamma.
    Gamma {
        /// Mean.
        mean: f64,
        /// Shape: 1 is exponential; the scale is mean over shape.
        shape: f64,
    },
    /// Weibull.
    Weibull {
        /// The value that a share e⁻¹ exceeds.
        scale: f64,
        /// Shape: 1 is exponential.
        shape: f64,
    },
    /// One of two exponentials.
    Hyperexponential {
        /// Shares of the parts; they add up to 1.
        weights: [f64; 2],
        /// Means of the parts, the shorter first.
        means: [f64; 2],
    },
    /// One of two log-normals.
    LogNormals {
        /// Shares of the parts; they add up to 1.
        weights: [f64; 2],
        /// Medians of the parts, the shorter first.
        medians: [f64; 2],
        /// 95th percentiles of the parts.
        p95s: [f64; 2],
    },
}

/// Φ⁻¹(0.95), by which a log-normal's p95 becomes its σ.
const Z95: f64 = 1.644_853_626_951_472_2;

impl Distribution {
    /// Family that it is of.
    pub fn family(&self) -> Family {
        match self {
            Distribution::Exponential { .. } => Family::Exponential,
            Distribution::LogNormal { .. } => Family::LogNormal,
            Distribution::Gamma { .. } => Family::Gamma,
            Distribution::Weibull { .. } => Family::Weibull,
            Distribution::Hyperexponential { .. } => Family::Hyperexponential,
            Distribution::LogNormals { .. } => Family::LogNormals,
        }
    }

    /// F(x) and 1 − F(x), the smaller of them to full accuracy.
    pub fn cdf_pair(&self, x: f64) -> (f64, f64) {
        if x <= 0.0 {
            return (0.0, 1.0);
        }
        self.mixed(|part| part.cdf_pair(x))
    }

    /// The share of durations up to x.
    pub fn cdf(&self, x: f64) -> f64 {
        self.cdf_pair(x).0
    }

    /// ln of the density at x, for x > 0.
    pub fn ln_density(&self, x: f64) -> f64 {
        self.parts().ln_mixed(|part| part.ln_density(x))
    }

    /// ln of the share above x.
    pub fn ln_survival(&self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { self.parts().ln_mixed(|part| part.ln_survival(x)) }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.mixed(|part| (part.mean(), 0.0)).0
    }

    /// `E[X; X ≤ x]` and `E[X; X > x]`.
    pub(super) fn partial_mean(&self, x: f64) -> (f64, f64) {
        if x <= 0.0 {
            return (0.0, self.mean());
        }
        self.mixed(|part| part.partial_mean(x))
    }

    /// The value that a share `p` does not exceed, for p in (0, 1).
    pub fn quantile(&self, p: f64) -> f64 {
        match self.parts() {
            Parts::One(part) => part.quantile(p),
            Parts::Two(_, [short, long]) => {
                // Between the parts' own: bisected in its logarithm, to the last digits.
                let (a, b) = (short.quantile(p), long.quantile(p));
                let (mut low, mut high) = (a.min(b), a.max(b));
                for _ in 0..200 {
                    let middle = libm::sqrt(low) * libm::sqrt(high);
                    let (below, above) = self.cdf_pair(middle);
                    if if p < 0.5 { below < p } else { above > 1.0 - p } {
                        low = middle;
                    } else {
                        high = middle;
                    }
                    if high - low <= 4.0 * f64::EPSILON * high {
                        break;
                    }
                }
                libm::sqrt(low) * libm::sqrt(high)
            }
        }
    }

    /// The same for drawing from.
    pub fn variate(&self) -> Result<Variate, ParameterError> {
        match self {
            &Distribution::Exponential { mean } => Variate::exponential(mean),
            &Distribution::LogNormal { median, p95 } => Variate::lognormal_median_p95(median, p95),
            &Distribution::Gamma { mean, shape } => Variate::gamma(mean, shape),
            &Distribution::Weibull { scale, shape } => Variate::weibull(scale, shape),
            Distribution::Hyperexponential { weights, means } => {
                Variate::hyperexponential(weights, means)
            }
            Distribution::LogNormals { weights, medians, p95s } => {
                let parts = (0..2)
                    .map(|i| Ok((weights[i], Variate::lognormal_median_p95(medians[i], p95s[i])?)));
                Variate::mixture(parts.collect::<Result<_, ParameterError>>()?)
            }
        }
    }

    /// The deviation of the logarithm of a log-normal's durations; 0 for the other families.
    pub fn sigma(&self) -> f64 {
        match self {
            Distribution::LogNormal { median, p95 } => libm::log(p95 / median) / Z95,
            _ => 0.0,
        }
    }

    /// Its parameters by their names in a scenario, in the order in which they are written there.
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        match self {
            &Distribution::Exponential { mean } => vec![("mean", mean)],
            &Distribution::LogNormal { median, p95 } => vec![("median", median), ("p95", p95)],
            &Distribution::Gamma { mean, shape } => vec![("mean", mean), ("shape", shape)],
            &Distribution::Weibull { scale, shape } => vec![("scale", scale), ("shape", shape)],
            Distribution::Hyperexponential { weights, means } => vec![
                ("weights[0]", weights[0]),
                ("weights[1]", weights[1]),
                ("means[0]", means[0]),
                ("means[1]", means[1]),
            ],
            Distribution::LogNormals { weights, medians, p95s } => vec![
                ("parts[0].weight", weights[0]),
                ("parts[0].of.lognormal.median", medians[0]),
                ("parts[0].of.lognormal.p95", p95s[0]),
                ("parts[1].weight", weights[1]),
                ("parts[1].of.lognormal.median", medians[1]),
                ("parts[1].of.lognormal.p95", p95s[1]),
            ],
        }
    }

    fn parts(&self) -> Parts {
        match *self {
            Distribution::Exponential { mean } => Parts::One(Part::exponential(mean)),
            Distribution::LogNormal { median, p95 } => Parts::One(Part::log_normal(median, p95)),
            Distribution::Gamma { mean, shape } => Parts::One(Part::Gamma { mean, shape }),
            Distribution::Weibull { scale, shape } => Parts::One(Part::Weibull { scale, shape }),
            Distribution::Hyperexponential { weights, means } => {
                Parts::Two(weights, means.map(Part::exponential))
            }
            Distribution::LogNormals { weights, medians: [a, b], p95s: [c, d] } => {
                Parts::Two(weights, [Part::log_normal(a, c), Part::log_normal(b, d)])
            }
        }
    }

    fn mixed(&self, of: impl Fn(&Part) -> (f64, f64)) -> (f64, f64) {
        match self.parts() {
            Parts::One(part) => of(&part),
            Parts::Two([v, w], [short, long]) => {
                let ((a, b), (c, d)) = (of(&short), of(&long));
                (v * a + w * c, v * b + w * d)
            }
        }
    }
}

/// Parts that a distribution is put together from.
enum Parts {
    One(Part),
    Two([f64; 2], [Part; 2]),
}

impl Parts {
    /// ln of the weighted sum of exponentials, taken so that neither underflows alone.
    fn ln_mixed(&self, of: impl Fn(&Part) -> f64) -> f64 {
        match self {
            Parts::One(part) => of(part),
            Parts::Two([v, w], [short, long]) => {
                let (a, b) = (libm::log(*v) + of(short), libm::log(*w) + of(long));
                let most = a.max(b);
                if most == f64::NEG_INFINITY {
                    return most;
                }
                most + libm::log(libm::exp(a - most) + libm::exp(b - most))
            }
        }
    }
}
