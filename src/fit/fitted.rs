//! A family fitted to a sample by maximum likelihood.

use super::distribution::{Distribution, Family};
use super::linear::{Matrix, quadratic};
use super::maximum::{Maximum, maximise};
use super::model::{Model, Unknowns, from_logit, logit};
use super::prepared::Prepared;
use super::sample::Sample;
use super::start::{Summary, starts};
use super::unfit::Unfit;

/// Durations that must have ended before anything is fitted.
pub const LEAST_ROWS: u64 = 5;

/// Distinct observations beyond which the search begins on coarse bins.
const COARSE_FROM: usize = 600;

/// Bits of the coarse bins' bounds: they span 1/16 of their values.
const COARSE_BITS: u32 = 4;

/// A logit beyond which a share is nothing, or all.
const SURELY: f64 = 15.0;

/// Standard deviation of the logit of a share beyond which that has no normal law.
const VAGUE: f64 = 0.5;

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
    unknowns: Unknowns,
    model: Model,
    rows: u64,
    ended: u64,
    /// The unknowns at the maximum.
    point: Vec<f64>,
    ln_likelihood: f64,
    covariance: Matrix,
    /// A shift that was searched for by itself.
    searched: Option<Interval>,
}

/// The maximum-likelihood fit of one family from zero on.
///
/// A sample with exact zeros has a share of zeros beside the family.
pub fn fit(family: Family, sample: &Sample) -> Result<Fit, Unfit> {
    fit_with(Unknowns { family, zero: sample.zeros() > 0, never: false, shift: Some(0.0) }, sample)
}

/// The same with other unknowns, the shift none of them.
pub(super) fn fit_with(unknowns: Unknowns, sample: &Sample) -> Result<Fit, Unfit> {
    let summary = Summary::of(sample, unknowns.shift.unwrap_or(0.0));
    summary.check(sample)?;
    let mut starts = starts(unknowns.family, &summary);
    if unknowns.zero {
        let at = logit(summary.zero_share(sample));
        starts.iter_mut().for_each(|start| start.push(at));
    }
    if unknowns.never {
        let at = logit(summary.never_share(sample));
        starts.iter_mut().for_each(|start| start.push(at));
    }
    if sample.observations().len() > COARSE_FROM {
        let first = search(unknowns, &sample.coarse(COARSE_BITS), &starts);
        starts = vec![first.ok_or(Unfit::NoMaximum { family: unknowns.family })?.at];
    }
    fit_from(unknowns, sample, &starts)
}

/// The same from points of the search.
pub(super) fn fit_from(
    unknowns: Unknowns,
    sample: &Sample,
    starts: &[Vec<f64>],
) -> Result<Fit, Unfit> {
    let none = Unfit::NoMaximum { family: unknowns.family };
    let found = search(unknowns, sample, starts).ok_or(none)?;
    let Maximum { at, value, covariance: Some(covariance) } = in_order(unknowns.family, found)
    else {
        return Err(none);
    };
    Ok(Fit {
        unknowns,
        model: unknowns.at(&at),
        rows: sample.rows(),
        ended: sample.rows() - sample.pending(),
        point: at,
        ln_likelihood: value,
        covariance,
        searched: None,
    })
}

/// The greatest of the maxima that are climbed to from some points.
fn search(unknowns: Unknowns, sample: &Sample, starts: &[Vec<f64>]) -> Option<Maximum> {
    let prepared = Prepared::new(sample, unknowns.shift.unwrap_or(0.0));
    let ln_likelihood = |point: &[f64]| {
        let model = unknowns.at(point);
        match unknowns.shift {
            Some(_) => prepared.ln_likelihood(&model),
            None => Prepared::new(sample, model.shift).ln_likelihood(&model),
        }
    };
    let found = starts
        .iter()
        .filter_map(|start| maximise(start, ln_likelihood).filter(|m| sound(unknowns, m)));
    found.reduce(|best, next| if next.value > best.value { next } else { best })
}

/// `true` if a maximum is one of a mixture proper: both parts have a share, and neither stands for a
/// single value, where the likelihood has no bound.
fn sound(unknowns: Unknowns, maximum: &Maximum) -> bool {
    // A share that isn't there has no maximum inside.
    let never = unknowns.never_at().and_then(|place| maximum.at.get(place));
    if never.is_some_and(|logit| logit.abs() > SURELY) {
        return false;
    }
    match (unknowns.family, &maximum.at[..]) {
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
        self.point.len() + usize::from(self.searched.is_some())
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

    /// Duration that is added to all of the distribution's, s, with its interval.
    pub fn shift(&self) -> Interval {
        let value = self.model.shift;
        match self.searched {
            Some(interval) => interval,
            None if self.unknowns.shift.is_some() => Interval { value, low: value, high: value },
            None => self.interval(value, |model| libm::log(model.shift), libm::exp),
        }
    }

    /// The same fit, its shift searched for by itself.
    pub(super) fn with_searched(self, shift: Interval) -> Fit {
        Fit { searched: Some(shift), ..self }
    }

    /// The share of durations that never end, with its interval.
    pub fn never(&self) -> Interval {
        if self.model.never == 0.0 {
            return Interval { value: 0.0, low: 0.0, high: 0.0 };
        }
        let value = self.model.never;
        let place = self.unknowns.never_at().unwrap_or_default();
        let variance = self.covariance.get(place).and_then(|row| row.get(place));
        let error = variance.map_or(0.0, |own| libm::sqrt(*own));
        if error < VAGUE {
            return self.interval(value, |model| logit(model.never), from_logit);
        }
        // So near to nothing that its logit has no normal law: the share itself is nearer to one.
        let half = Z * error * value * (1.0 - value);
        Interval { value, low: (value - half).max(0.0), high: (value + half).min(1.0) }
    }

    /// The unknowns it was searched by.
    pub(super) fn unknowns(&self) -> Unknowns {
        self.unknowns
    }

    /// The law that was fitted.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// The share of zeros, with its interval.
    pub fn zero_interval(&self) -> Interval {
        if self.model.zero == 0.0 {
            return Interval { value: 0.0, low: 0.0, high: 0.0 };
        }
        self.interval(self.model.zero, |model| logit(model.zero), from_logit)
    }

    /// The value that a share `p` of the durations that end, zeros included, does not exceed, s.
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

    /// The mean of the durations that end, zeros included, s.
    pub fn mean(&self) -> Interval {
        self.interval(self.model.mean(), |model| libm::log(model.mean()), libm::exp)
    }

    /// The share of the durations that end up to `x` and the share above.
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
                    of(&self.unknowns.at(&point))
                };
                (at(H) - at(-H)) / (2.0 * H)
            })
            .collect()
    }
}
