//! A sample made ready for many evaluations of its likelihood.

use super::distribution::Distribution;
use super::likelihood::ln_weight;
use super::model::Model;
use super::sample::{Observation, Sample};

/// A sample whose exact durations are summed up, as far as families can do with sums.
pub(super) struct Prepared {
    exact: Vec<Exact>,
    n: f64,
    sum: f64,
    mean_ln: f64,
    /// Σ (ln x − mean)².
    squares_ln: f64,
    others: Vec<Observation>,
    zeros: f64,
}

struct Exact {
    x: f64,
    ln_x: f64,
    count: f64,
}

impl Prepared {
    /// A sample whose durations lie beyond `shift`, s.
    pub(super) fn new(sample: &Sample, shift: f64) -> Prepared {
        let shifted = sample.observations().iter().map(|o| o.after(shift));
        let (exact, others): (Vec<Observation>, Vec<Observation>) =
            shifted.partition(Observation::is_exact);
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

    /// ln of the likelihood of a model of that shift.
    pub(super) fn ln_likelihood(&self, model: &Model) -> f64 {
        if model.zero == 0.0 && self.zeros > 0.0 {
            return f64::NEG_INFINITY;
        }
        let mut total = self.exact(&model.distribution);
        if self.zeros > 0.0 {
            total += self.zeros * libm::log(model.zero);
        }
        total +=
            self.n * libm::log1p(-model.zero) + (self.zeros + self.n) * libm::log1p(-model.never);
        for o in &self.others {
            total += o.count as f64 * model.with_shares(o, ln_weight(&model.distribution, o));
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
