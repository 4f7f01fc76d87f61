//! Random variates by inverse transform: one uniform per variate.

mod beta;
mod empirical;
mod error;
mod gamma;
mod laws;
mod mixture;
mod open01;
mod table;

use beta::Beta;
use empirical::Empirical;
use error::finite;
use gamma::Gamma;
use laws::{Exponential, Law, LogNormal, Normal, Pareto, Triangular, Uniform, Weibull};
use mixture::Mixture;

pub use error::ParameterError;
pub use open01::open01;

/// A distribution, ready to sample by inverse transform: one uniform per variate, so that a change
/// of distribution keeps the streams in step (Law 2015, *Simulation Modeling and Analysis*,
/// §8.2.1 and §11.2).
///
/// Numbers carry no unit: values come in the unit of the parameters. Parameters must be finite.
/// Values are finite as well: one beyond the range of `f64` is its largest.
#[derive(Debug, Clone, PartialEq)]
pub struct Variate {
    kind: Kind,
    shift: f64,
    /// Finite: without a bound, the ends of `f64`.
    low: f64,
    high: f64,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Constant(f64),
    Exponential(Exponential),
    LogNormal(LogNormal),
    Gamma(Gamma),
    Weibull(Weibull),
    Pareto(Pareto),
    Uniform(Uniform),
    Triangular(Triangular),
    Normal(Normal),
    Beta(Beta),
    Mixture(Mixture),
    Empirical(Empirical),
}

impl From<Kind> for Variate {
    fn from(kind: Kind) -> Self {
        Self { kind, shift: 0.0, low: -f64::MAX, high: f64::MAX }
    }
}

/// Distributions of one value are constants, whatever their kind.
fn unless_constant(constant: Option<f64>, kind: Kind) -> Variate {
    constant.map_or(kind, Kind::Constant).into()
}

impl Variate {
    /// Always `x`.
    ///
    /// # Errors
    /// If `x` is not finite.
    pub fn constant(x: f64) -> Result<Self, ParameterError> {
        Ok(Kind::Constant(finite("value", x)?).into())
    }

    /// Exponential of mean `mean` > 0.
    ///
    /// # Errors
    /// If the mean is not above 0.
    pub fn exponential(mean: f64) -> Result<Self, ParameterError> {
        Ok(Kind::Exponential(Exponential::new("mean", mean)?).into())
    }

    /// Log-normal of median `median` > 0 and 95th percentile `p95` ≥ `median`; a constant if they
    /// are equal.
    ///
    /// # Errors
    /// If the median is not above 0, or above `p95`.
    pub fn lognormal_median_p95(median: f64, p95: f64) -> Result<Self, ParameterError> {
        let law = LogNormal::from_median_p95(median, p95)?;
        Ok(unless_constant(law.constant(), Kind::LogNormal(law)))
    }

    /// Log-normal of mean `mean` > 0 and coefficient of variation `cv` ≥ 0 (standard deviation
    /// over mean); a constant if `cv` is 0.
    ///
    /// # Errors
    /// If the mean is not above 0, or `cv` below 0.
    pub fn lognormal_mean_cv(mean: f64, cv: f64) -> Result<Self, ParameterError> {
        let law = LogNormal::from_mean_cv(mean, cv)?;
        Ok(unless_constant(law.constant(), Kind::LogNormal(law)))
    }

    /// Gamma of mean `mean` > 0 and shape `shape` > 0; its variance is mean² / shape.
    ///
    /// # Errors
    /// If either is not above 0.
    pub fn gamma(mean: f64, shape: f64) -> Result<Self, ParameterError> {
        Ok(Kind::Gamma(Gamma::new(mean, shape)?).into())
    }

    /// Weibull of scale `scale` > 0 (its 63.2nd percentile) and shape `shape` > 0.
    ///
    /// # Errors
    /// If either is not above 0.
    pub fn weibull(scale: f64, shape: f64) -> Result<Self, ParameterError> {
        Ok(Kind::Weibull(Weibull::new(scale, shape)?).into())
    }

    /// Pareto of scale `scale` > 0 (its least value) and shape `shape` > 0: P(X > x) is
    /// (scale/x)^shape.
    ///
    /// # Errors
    /// If either is not above 0.
    pub fn pareto(scale: f64, shape: f64) -> Result<Self, ParameterError> {
        Ok(Kind::Pareto(Pareto::new(scale, shape)?).into())
    }

    /// Uniform between `low` and `high` ≥ `low`; a constant if they are equal.
    ///
    /// # Errors
    /// If `high` is below `low`, or infinitely far.
    pub fn uniform(low: f64, high: f64) -> Result<Self, ParameterError> {
        let law = Uniform::new(low, high)?;
        Ok(unless_constant(law.constant(), Kind::Uniform(law)))
    }

    /// Triangular from `low` over its peak at `mode` to `high`; a constant if all are equal.
    ///
    /// # Errors
    /// If they are out of order, or infinitely far apart.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, ParameterError> {
        let law = Triangular::new(low, mode, high)?;
        Ok(unless_constant(law.constant(), Kind::Triangular(law)))
    }

    /// Normal of mean `mean` and standard deviation `sd` ≥ 0; a constant if `sd` is 0.
    ///
    /// # Errors
    /// If `sd` is below 0.
    pub fn normal(mean: f64, sd: f64) -> Result<Self, ParameterError> {
        let law = Normal::new(mean, sd)?;
        Ok(unless_constant(law.constant(), Kind::Normal(law)))
    }

    /// Beta on [0, 1] with `alpha`, `beta` > 0; its mean is alpha / (alpha + beta).
    ///
    /// # Errors
    /// If either is not above 0.
    pub fn beta(alpha: f64, beta: f64) -> Result<Self, ParameterError> {
        Ok(Kind::Beta(Beta::new(alpha, beta)?).into())
    }

    /// Hyperexponential: exponential of mean `means[i]` > 0 with probability proportional to
    /// `weights[i]` ≥ 0. By composition, as [`Self::mixture`].
    ///
    /// # Errors
    /// If the lists differ in length or are empty, a mean is not above 0, a weight is below 0, or
    /// all weights are 0.
    pub fn hyperexponential(weights: &[f64], means: &[f64]) -> Result<Self, ParameterError> {
        if weights.len() != means.len() {
            let found = format!("a list of {}", means.len());
            let expected = format!("as many as `weights` ({})", weights.len());
            return Err(ParameterError::new("means", found, expected));
        }
        let mut parts = Vec::with_capacity(means.len());
        for (i, (&weight, &mean)) in weights.iter().zip(means).enumerate() {
            let law = Exponential::new(&format!("means[{i}]"), mean)?;
            parts.push((weight, Kind::Exponential(law).into()));
        }
        Self::composed(Mixture::new(parts, |i| format!("weights[{i}]"), "weights")?)
    }

    /// With probability proportional to its weight ≥ 0, each of the parts.
    ///
    /// By composition from one uniform: it picks the part, and its place within that part's share,
    /// stretched to (0, 1), is the part's own uniform.
    ///
    /// # Errors
    /// If there is no part, a weight is below 0, or all weights are 0.
    pub fn mixture(parts: Vec<(f64, Variate)>) -> Result<Self, ParameterError> {
        Self::composed(Mixture::new(parts, |i| format!("parts[{i}].weight"), "parts")?)
    }

    fn composed(law: Mixture) -> Result<Self, ParameterError> {
        Ok(match law.single() {
            Some(part) => part.clone(),
            None => Kind::Mixture(law).into(),
        })
    }

    /// One of `values`, each equally likely; a constant if they are all equal.
    ///
    /// # Errors
    /// If there is none.
    pub fn empirical(values: Vec<f64>) -> Result<Self, ParameterError> {
        let law = Empirical::new(values)?;
        Ok(unless_constant(law.constant(), Kind::Empirical(law)))
    }

    /// The same, plus `shift`, then no less than `min` and no more than `max`: values beyond a
    /// bound are on it. Of a variate that is bounded already, the old bounds hold first.
    ///
    /// # Errors
    /// If `min` is above `max`.
    pub fn bounded(
        mut self,
        shift: f64,
        min: Option<f64>,
        max: Option<f64>,
    ) -> Result<Self, ParameterError> {
        let shift = finite("shift", shift)?;
        let min = min.map_or(Ok(-f64::MAX), |min| finite("min", min))?;
        let max = max.map_or(Ok(f64::MAX), |max| finite("max", max))?;
        if min > max {
            return Err(ParameterError::new("min", min, format!("at most `max` ({max})")));
        }
        let within = |x: f64| x.max(min).min(max);
        // Where there is no bound yet, none comes of the shift.
        let bound = |x: f64| {
            if x.abs() == f64::MAX { within(x) } else { within(x + shift) }
        };
        self.shift = within_range(self.shift + shift);
        self.low = bound(self.low);
        self.high = bound(self.high);
        match self.as_constant() {
            Some(x) => Self::constant(x),
            None => Ok(self),
        }
    }

    /// The value at `u`, in the open interval (0, 1): the inverse distribution function; for a
    /// mixture, the value by composition. Always finite. For every kind but mixtures it increases
    /// with `u`, up to the rounding of the last place.
    ///
    /// Gamma and beta come from a table: their distribution function there is within 10⁻¹⁰ of
    /// `u`, relative to the nearer end of (0, 1). All others are within rounding.
    #[inline]
    pub fn quantile(&self, u: f64) -> f64 {
        // The commonest, without room for what the others need.
        let x = match &self.kind {
            Kind::Exponential(law) => law.quantile(u),
            Kind::LogNormal(law) => law.quantile(u),
            _ => self.rarer_quantile(u),
        };
        self.bound(x)
    }

    /// `true` if the normal quantile of a number is a part of its own.
    #[must_use]
    #[inline]
    pub fn is_of_normal(&self) -> bool {
        matches!(self.kind, Kind::LogNormal(_))
    }

    /// The value that [`Variate::quantile`] makes of `u`, whose normal quantile is `z`: of many numbers these are found
    /// together. `z` is looked at if the variate [is of the normal](Self::is_of_normal).
    #[must_use]
    #[inline]
    pub fn quantile_of(&self, u: f64, z: f64) -> f64 {
        let x = match &self.kind {
            Kind::Exponential(law) => law.quantile(u),
            Kind::LogNormal(law) => law.at(z),
            _ => self.rarer_quantile(u),
        };
        self.bound(x)
    }

    /// A value of the kind's, shifted, within the bounds.
    // As `max` and `min` have it, but for their care about what isn't a number.
    #[inline(always)]
    fn bound(&self, x: f64) -> f64 {
        let x = self.shift + x;
        let x = if x > self.low { x } else { self.low };
        if x < self.high { x } else { self.high }
    }

    #[inline(never)]
    fn rarer_quantile(&self, u: f64) -> f64 {
        match &self.kind {
            Kind::Constant(x) => *x,
            Kind::Exponential(law) => law.quantile(u),
            Kind::LogNormal(law) => law.quantile(u),
            Kind::Gamma(law) => law.quantile(u),
            Kind::Weibull(law) => law.quantile(u),
            Kind::Pareto(law) => law.quantile(u),
            Kind::Uniform(law) => law.quantile(u),
            Kind::Triangular(law) => law.quantile(u),
            Kind::Normal(law) => law.quantile(u),
            Kind::Beta(law) => law.quantile(u),
            Kind::Mixture(law) => law.quantile(u),
            Kind::Empirical(law) => law.quantile(u),
        }
    }

    /// The exact mean; `None` where it is infinite, or where a bound cuts into the distribution.
    pub fn mean(&self) -> Option<f64> {
        let Some(law) = self.law() else {
            return self.as_constant();
        };
        let mean = self.shift + law.mean();
        (self.is_whole() && mean.is_finite()).then_some(mean)
    }

    /// The exact variance; `None` where it is infinite, or where a bound cuts into the
    /// distribution.
    pub fn variance(&self) -> Option<f64> {
        let Some(law) = self.law() else {
            return Some(0.0);
        };
        let variance = law.variance();
        (self.is_whole() && variance.is_finite()).then_some(variance)
    }

    /// The only value, if there is but one: then no draw is needed.
    pub fn as_constant(&self) -> Option<f64> {
        match self.kind {
            Kind::Constant(x) => Some(self.bound(x)),
            _ => (self.low == self.high).then_some(self.low),
        }
    }

    fn law(&self) -> Option<&dyn Law> {
        Some(match &self.kind {
            Kind::Constant(_) => return None,
            Kind::Exponential(law) => law,
            Kind::LogNormal(law) => law,
            Kind::Gamma(law) => law,
            Kind::Weibull(law) => law,
            Kind::Pareto(law) => law,
            Kind::Uniform(law) => law,
            Kind::Triangular(law) => law,
            Kind::Normal(law) => law,
            Kind::Beta(law) => law,
            Kind::Mixture(law) => law,
            Kind::Empirical(law) => law,
        })
    }

    /// `true` if the bounds, if any, leave every value as it is.
    fn is_whole(&self) -> bool {
        let Some(law) = self.law() else { return true };
        let (low, high) = law.support();
        within_range(self.shift + low) >= self.low && within_range(self.shift + high) <= self.high
    }

    /// All values lie in here.
    fn support(&self) -> (f64, f64) {
        let (low, high) = match (&self.kind, self.law()) {
            (_, Some(law)) => law.support(),
            (Kind::Constant(x), _) => (*x, *x),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        (self.bound(low), self.bound(high))
    }
}

fn within_range(x: f64) -> f64 {
    x.clamp(-f64::MAX, f64::MAX)
}

impl rand_distr::Distribution<f64> for Variate {
    /// One `next_u64` a sample, for a constant too, by [`open01()`].
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.quantile(open01(rng.next_u64()))
    }
}
