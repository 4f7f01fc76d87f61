//! The law of durations that is fitted: a family's, from a shift on, with a share of zeros and a share that never
//! ends beside it; and the unknowns by which it is searched.

use super::distribution::{Distribution, Family};
use super::likelihood::ln_weight;
use super::sample::Observation;

/// A law of durations. Its quantiles and shares are of those that end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Model {
    pub(super) distribution: Distribution,
    /// Added to every duration of the distribution, s.
    pub(super) shift: f64,
    /// The share of exact zeros among those that end.
    pub(super) zero: f64,
    /// The share of those that never end.
    pub(super) never: f64,
}

impl Model {
    /// ln of the likelihood of an observation.
    pub(super) fn ln_weight(&self, o: &Observation) -> f64 {
        self.with_shares(o, ln_weight(&self.distribution, &o.after(self.shift)))
    }

    /// The same, where `ln_weight` is that by the distribution alone.
    pub(super) fn with_shares(&self, o: &Observation, ln_weight: f64) -> f64 {
        let mut ln = ln_weight;
        if self.zero > 0.0 {
            ln = either(self.zero * o.share_at_zero(), libm::log1p(-self.zero) + ln);
        }
        if self.never > 0.0 {
            let never = if o.is_pending() { self.never } else { 0.0 };
            ln = either(never, libm::log1p(-self.never) + ln);
        }
        ln
    }

    /// Of what was pending like this, the share that is under way: it ends some day.
    pub(super) fn under_way(&self, o: &Observation) -> f64 {
        if self.never == 0.0 {
            return 1.0;
        }
        1.0 - self.never / libm::exp(self.ln_weight(o))
    }

    pub(super) fn quantile(&self, p: f64) -> f64 {
        if p <= self.zero {
            return 0.0;
        }
        self.shift + self.distribution.quantile((p - self.zero) / (1.0 - self.zero))
    }

    pub(super) fn mean(&self) -> f64 {
        (1.0 - self.zero) * (self.shift + self.distribution.mean())
    }

    pub(super) fn cdf_pair(&self, x: f64) -> (f64, f64) {
        if x < 0.0 {
            return (0.0, 1.0);
        }
        let (below, above) = self.distribution.cdf_pair(x - self.shift);
        (self.zero + (1.0 - self.zero) * below, (1.0 - self.zero) * above)
    }
}

/// ln (share + eˡⁿ).
fn either(share: f64, ln: f64) -> f64 {
    if share > 0.0 { libm::log(share + libm::exp(ln)) } else { ln }
}

/// The unknowns of a model: those of its family, then the logits of its shares and the logarithm of its shift, as
/// far as they are searched for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unknowns {
    pub(super) family: Family,
    pub(super) zero: bool,
    pub(super) never: bool,
    /// The shift, s, where it is none of them.
    pub(super) shift: Option<f64>,
}

impl Unknowns {
    /// The model at a point of the search.
    pub(super) fn at(&self, point: &[f64]) -> Model {
        let (of_family, rest) = point.split_at(self.family.free().min(point.len()));
        let mut rest = rest.iter().copied();
        let mut share =
            |known: bool| if known { from_logit(rest.next().unwrap_or(0.0)) } else { 0.0 };
        let (zero, never) = (share(self.zero), share(self.never));
        let shift = self.shift.unwrap_or_else(|| libm::exp(rest.next().unwrap_or(0.0)));
        Model { distribution: self.family.at(of_family), shift, zero, never }
    }

    /// The place of the share that never ends.
    pub(super) fn never_at(&self) -> Option<usize> {
        self.never.then_some(self.family.free() + usize::from(self.zero))
    }

    /// The place of the shift.
    pub(super) fn shift_at(&self) -> Option<usize> {
        let before = self.family.free() + usize::from(self.zero) + usize::from(self.never);
        self.shift.is_none().then_some(before)
    }
}

pub(super) fn logit(share: f64) -> f64 {
    libm::log(share / (1.0 - share))
}

pub(super) fn from_logit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}
