//! A family fitted to a sample by maximum likelihood.

use super::distribution::{Distribution, Family};
use super::linear::{Matrix, quadratic};
use super::maximum::{Maximum, maximise};
use super::prepared::{Model, Prepared};
use super::sample::Sample;
use super::start::{Summary, starts};
use super::unfit::Unfit;

/// Durations that must have ended before anything is fitted.
pub const LEAST_ROWS: u64 = 5;

/// Distinct observations beyond which the search begins on coarse bins.
const COARSE_FROM: usize = 600;

/// Bits of the coarse bins' bounds: they span 1/16 of their values.
const COARSE_BITS: u32 = 4;

/// Φ⁻¹(0.975): intervals are of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A figure and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A distribution fitted to a sample.
#[derive(Clone, Debug)]
pub struct Fit {
    model: Model,
    rows: u64,
    ended: u64,
    /// The unknowns at the maximum: the family's, then, where zeros have a share of their own, its
    /// logit.
    point: Vec<f64>,
    ln_likelihood: f64,
    covariance: Matrix,
}

/// The maximum-likelihood fit of one family, location zero.
///
/// A sample with exact zeros has a share of zeros beside the family.
pub fn fit(family: Family, sample: &Sample) -> Result<Fit, Unfit> {
    fit_with(family, sample, sample.zeros() > 0)
}

/// The same, with a share of exact zeros or without one.
pub(super) fn fit_with(family: Family, sample: &Sample, zeros: bool) -> Result<Fit, Unfit> {
    let summary = Summary::of(sample);
    summary.check(sample)?;
    let model = |x: &[f64]| {
        let (of_family, rest) = x.split_at(x.len() - usize::from(zeros));
        let zero = rest.first().map_or(0.0, |logit| 1.0 / (1.0 + libm::exp(-logit)));
        Model { distribution: family.at(of_family), zero }
    };
    let mut starts = starts(family, &summary);
    if zeros {
        let share = summary.zero_share(sample);
        let logit = libm::log(share / (1.0 - share));
        starts.iter_mut().for_each(|start| start.push(logit));
    }
    let search = |sample: &Sample, starts: &[Vec<f64>]| {
        let prepared = Prepared::new(sample);
        let found = starts.iter().filter_map(|start| {
            maximise(start, |x| prepared.ln_likelihood(&model(x))).filter(|m| sound(family, m))
        });
        found.reduce(|best, next| if next.value > best.value { next } else { best })
    };
    if sample.observations().len() > COARSE_FROM {
        let first = search(&sample.coarse(COARSE_BITS), &starts);
        starts = vec![first.ok_or(Unfit::NoMaximum { family })?.at];
    }
    let found = search(sample, &starts).ok_or(Unfit::NoMaximum { family })?;
    let Maximum { at, value, covariance: Some(covariance) } = in_order(family, found) else {
        return Err(Unfit::NoMaximum { family });
    };
    Ok(Fit {
        model: model(&at),
        rows: sample.rows(),
        ended: sample.rows() - sample.pending(),
        point: at,
        ln_likelihood: value,
        covariance,
    })
}

/// `true` if a maximum is one of a mixture proper: both parts have a share, and neither stands for a
/// single value, where the likelihood has no bound.
fn sound(family: Family, maximum: &Maximum) -> bool {
    match (family, &maximum.at[..]) {
        (Family::Hyperexponential, [logit, short, long, ..]) => {
            logit.abs() < 7.0 && (long - short).abs() > 0.05
        }
        (Family::LogNormals, [logit, _, s, _, t, ..]) => {
            logit.abs() < 7.0 && *s > -4.0 && *t > -4.0
        }
        _ => true,
    }
}

/// The same maximum with the parts of a mixture in order, the shorter first.
fn in_order(family: Family, Maximum { at, value, covariance }: Maximum) -> Maximum {
    let swapped: &[usize] = match (family, &at[..]) {
        (Family::Hyperexponential, [_, short, long, ..]) if short > long => &[0, 2, 1],
        (Family::LogNormals, [_, short, _, long, ..]) if short > long => &[0, 3, 4, 1, 2],
        _ => return Maximum { at, value, covariance },
    };
    let order: Vec<usize> = swapped.iter().copied().chain(swapped.len()..at.len()).collect();
    // The logit of the first part's share changes its sign.
    let sign = |i: usize| if i == 0 { -1.0 } else { 1.0 };
    let covariance = covariance.map(|matrix| {
        let row = |&i: &usize| order.iter().map(|&j| sign(i) * sign(j) * matrix[i][j]).collect();
        order.iter().map(row).collect()
    });
    Maximum { at: order.iter().map(|&i| sign(i) * at[i]).collect(), value, covariance }
}

impl Fit {
    /// The fitted distribution, of the durations that are not exactly zero.
    pub fn distribution(&self) -> &Distribution {
        &self.model.distribution
    }

    /// Its family.
    pub fn family(&self) -> Family {
        self.model.distribution.family()
    }

    /// The share of durations that are exactly zero, beside the distribution.
    pub fn zero_share(&self) -> f64 {
        self.model.zero
    }

    /// Number of durations it rests on.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Its point in the search of its family: what its errors are normal in.
    pub(super) fn point(&self) -> &[f64] {
        &self.point
    }

    /// The covariance there.
    pub(super) fn covariance(&self) -> &Matrix {
        &self.covariance
    }

    /// ln of the likelihood at its maximum.
    pub fn ln_likelihood(&self) -> f64 {
        self.ln_likelihood
    }

    /// Free parameters.
    pub fn free(&self) -> usize {
        self.point.len()
    }

    /// Bayesian information criterion (Schwarz 1978), counting the durations that ended (Volinsky
    /// and Raftery 2000). The smaller, the better.
    pub fn bic(&self) -> f64 {
        self.free() as f64 * libm::log(self.ended.max(1) as f64) - 2.0 * self.ln_likelihood
    }

    /// Akaike's information criterion, corrected for small samples (Hurvich and Tsai 1989); infinite
    /// where there are too few durations for its correction.
    pub fn aicc(&self) -> f64 {
        let (k, n) = (self.free() as f64, self.ended as f64);
        let room = n - k - 1.0;
        if room <= 0.0 {
            return f64::INFINITY;
        }
        2.0 * k - 2.0 * self.ln_likelihood + 2.0 * k * (k + 1.0) / room
    }

    /// The parameters by their names in a scenario, each with its interval.
    pub fn parameters(&self) -> Vec<(&'static str, Interval)> {
        let names = self.distribution().parameters();
        names
            .into_iter()
            .enumerate()
            .map(|(i, (name, value))| {
                let share = name.starts_with("weights") || name.ends_with("weight");
                let scale = if share { logit } else { libm::log };
                let back = if share { from_logit } else { libm::exp };
                let of = |model: &Model| scale(model.distribution.parameters()[i].1);
                (name, self.interval(value, of, back))
            })
            .collect()
    }

    /// `true` unless it is a mixture whose parts the durations can't tell apart: the odds of the first part's
    /// share aren't known to a factor of e. Then its parts describe the whole together, and say nothing
    /// each.
    pub fn parts_told_apart(&self) -> bool {
        let mixture = matches!(self.family(), Family::Hyperexponential | Family::LogNormals);
        let variance = self.covariance.first().and_then(|row| row.first());
        !mixture || variance.is_some_and(|&variance| Z * libm::sqrt(variance) <= 1.0)
    }

    /// The share of zeros, with its interval.
    pub fn zero_interval(&self) -> Interval {
        if self.model.zero == 0.0 {
            return Interval { value: 0.0, low: 0.0, high: 0.0 };
        }
        self.interval(self.model.zero, |model| logit(model.zero), from_logit)
    }

    /// The value that a share `p` of all durations, zeros included, does not exceed.
    pub fn quantile(&self, p: f64) -> Interval {
        let value = self.model.quantile(p);
        if value == 0.0 {
            return Interval { value, low: 0.0, high: 0.0 };
        }
        self.interval(value, |model| libm::log(model.quantile(p)), libm::exp)
    }

    /// The same without its interval.
    pub fn quantile_alone(&self, p: f64) -> f64 {
        self.model.quantile(p)
    }

    /// The mean of all durations, zeros included.
    pub fn mean(&self) -> Interval {
        let mean = |model: &Model| (1.0 - model.zero) * model.distribution.mean();
        self.interval(mean(&self.model), |model| libm::log(mean(model)), libm::exp)
    }

    /// The share of all durations up to `x` and the share above.
    pub fn cdf_pair(&self, x: f64) -> (f64, f64) {
        self.model.cdf_pair(x)
    }

    /// The interval of a figure of the model by the delta method, on the scale of `of`, which is
    /// undone by `back`.
    fn interval(&self, value: f64, of: impl Fn(&Model) -> f64, back: fn(f64) -> f64) -> Interval {
        let slopes = self.scores(&of);
        let error = Z * libm::sqrt(quadratic(&self.covariance, &slopes).max(0.0));
        let middle = of(&self.model);
        // A figure that has no slope here has no interval either.
        let end = |x: f64, otherwise: f64| if x.is_finite() { back(x) } else { otherwise };
        Interval {
            value,
            low: end(middle - error, 0.0).min(value),
            high: end(middle + error, f64::MAX).max(value),
        }
    }

    /// The derivatives of a figure of the model by the unknowns.
    pub(super) fn scores(&self, of: impl Fn(&Model) -> f64) -> Vec<f64> {
        const H: f64 = 1e-4;
        (0..self.point.len())
            .map(|i| {
                let at = |by: f64| {
                    let mut point = self.point.clone();
                    point[i] += by;
                    of(&self.model_at(&point))
                };
                (at(H) - at(-H)) / (2.0 * H)
            })
            .collect()
    }

    fn model_at(&self, point: &[f64]) -> Model {
        let zeros = self.point.len() > self.family().free();
        let (of_family, rest) = point.split_at(point.len() - usize::from(zeros));
        Model {
            distribution: self.family().at(of_family),
            zero: rest.first().map_or(0.0, |&x| from_logit(x)),
        }
    }
}

impl Model {
    pub(super) fn quantile(&self, p: f64) -> f64 {
        if p <= self.zero {
            return 0.0;
        }
        self.distribution.quantile((p - self.zero) / (1.0 - self.zero))
    }

    pub(super) fn cdf_pair(&self, x: f64) -> (f64, f64) {
        if x < 0.0 {
            return (0.0, 1.0);
        }
        let (below, above) = self.distribution.cdf_pair(x);
        (self.zero + (1.0 - self.zero) * below, (1.0 - self.zero) * above)
    }
}

fn logit(share: f64) -> f64 {
    libm::log(share / (1.0 - share))
}

fn from_logit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}
