//! A sample made ready for many evaluations of its likelihood.

use super::distribution::Distribution;
use super::likelihood::ln_weight;
use super::sample::{Observation, Sample};

/// A sample whose exact durations are summed up, as far as families can do with sums.
pub(super) struct Prepared<'a> {
    exact: Vec<Exact>,
    n: f64,
    sum: f64,
    mean_ln: f64,
    /// Σ (ln x − mean)².
    squares_ln: f64,
    others: Vec<&'a Observation>,
    zeros: f64,
}

struct Exact {
    x: f64,
    ln_x: f64,
    count: f64,
}

/// A share of exact zeros beside a distribution of all others.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Model {
    pub(super) distribution: Distribution,
    pub(super) zero: f64,
}

impl Model {
    /// ln of the likelihood of an observation, of which `ln_weight` is its distribution's part.
    pub(super) fn ln_weight(&self, o: &Observation, ln_weight: f64) -> f64 {
        if self.zero == 0.0 {
            return ln_weight;
        }
        let ln = libm::log1p(-self.zero) + ln_weight;
        let at_zero = self.zero * o.share_at_zero();
        if at_zero > 0.0 { libm::log(at_zero + libm::exp(ln)) } else { ln }
    }
}

impl<'a> Prepared<'a> {
    pub(super) fn new(sample: &'a Sample) -> Prepared<'a> {
        let (exact, others): (Vec<&Observation>, Vec<&Observation>) =
            sample.observations().iter().partition(|o| o.is_exact());
        let exact: Vec<Exact> = exact
            .into_iter()
            .map(|o| Exact { x: o.low, ln_x: libm::log(o.low), count: o.count as f64 })
            .collect();
        let n: f64 = exact.iter().map(|e| e.count).sum();
        let mean_ln = exact.iter().map(|e| e.count * e.ln_x).sum::<f64>() / n.max(1.0);
        Prepared {
            n,
            sum: exact.iter().map(|e| e.count * e.x).sum(),
            mean_ln,
            squares_ln: exact
                .iter()
                .map(|e| e.count * (e.ln_x - mean_ln) * (e.ln_x - mean_ln))
                .sum(),
            exact,
            others,
            zeros: sample.zeros() as f64,
        }
    }

    /// ln of the likelihood.
    pub(super) fn ln_likelihood(&self, model: &Model) -> f64 {
        let Model { distribution, zero } = model;
        let mut total = self.exact(distribution);
        if *zero == 0.0 {
            if self.zeros > 0.0 {
                return f64::NEG_INFINITY;
            }
            for o in &self.others {
                total += o.count as f64 * ln_weight(distribution, o);
            }
            return total;
        }
        let (ln_zero, ln_other) = (libm::log(*zero), libm::log1p(-zero));
        total += self.zeros * ln_zero + self.n * ln_other;
        for o in &self.others {
            let at_zero = o.share_at_zero();
            let ln = ln_other + ln_weight(distribution, o);
            total += o.count as f64
                * if at_zero > 0.0 { libm::log(zero * at_zero + libm::exp(ln)) } else { ln };
        }
        total
    }

    /// The part of the exact durations that are not zero.
    fn exact(&self, distribution: &Distribution) -> f64 {
        let n = self.n;
        if n == 0.0 {
            return 0.0;
        }
        let sum_ln = n * self.mean_ln;
        let ln = libm::log;
        match *distribution {
            Distribution::Exponential { mean } => -n * ln(mean) - self.sum / mean,
            Distribution::LogNormal { median, .. } => {
                let sigma = distribution.sigma();
                let off = self.mean_ln - ln(median);
                let squares = self.squares_ln + n * off * off;
                let density = ln(sigma) + 0.918_938_533_204_672_7;
                -0.5 * squares / (sigma * sigma) - n * density - sum_ln
            }
            Distribution::Gamma { mean, shape } => {
                let rate = shape / mean;
                n * (shape * ln(rate) - libm::lgamma(shape)) + (shape - 1.0) * sum_ln
                    - rate * self.sum
            }
            Distribution::Weibull { scale, shape } => {
                let ln_scale = ln(scale);
                let powers: f64 = self
                    .exact
                    .iter()
                    .map(|e| e.count * libm::exp(shape * (e.ln_x - ln_scale)))
                    .sum();
                n * (ln(shape) - shape * ln_scale) + (shape - 1.0) * sum_ln - powers
            }
            Distribution::Hyperexponential { .. } | Distribution::LogNormals { .. } => {
                self.exact.iter().map(|e| e.count * distribution.ln_density(e.x)).sum()
            }
        }
    }
}
