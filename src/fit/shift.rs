//! A shift that is added to every duration of a family (its location), searched for.
//!
//! Where the density begins at the shift with nothing, the shift is as regular a parameter as the others, and has
//! their covariance. Where it begins with more (an exponential; a gamma or a Weibull whose shape is below 2), the
//! shortest durations tell it far more precisely than the others are known, and its interval is that of the
//! ratio of likelihoods (Smith 1985).

use super::distribution::Family;
use super::fitted::{Fit, Interval, fit_from, fit_with};
use super::model::Unknowns;
use super::sample::Sample;

/// What is asked of the shift of durations.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Shift {
    /// There is none.
    #[default]
    Zero,
    /// It is known, s, above 0.
    Known(f64),
    /// The log is to tell it.
    Fitted,
}

/// What is asked of the shifts of a scenario's random durations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shifts {
    /// Of all that aren't named.
    pub others: Shift,
    /// Of those at these paths.
    pub named: Vec<(String, Shift)>,
}

impl Shifts {
    /// What is asked of the duration at a path.
    #[must_use]
    pub fn of(&self, path: &str) -> Shift {
        let named = self.named.iter().find(|(own, _)| own == path);
        named.map_or(self.others, |(_, shift)| *shift)
    }
}

/// Shares of the least duration at which a shift is looked for first.
const SHARES: [f64; 14] =
    [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999];

/// Steps of the search between them.
const STEPS: usize = 30;

/// The golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_8;

/// ln of a likelihood by which an interval of 95 % ends: half of χ² with two degrees of freedom, as where the
/// density jumps (Smith 1985), for its square root's law is that of an exponential.
const IRREGULAR: f64 = 2.996;

/// Φ⁻¹(0.975).
const Z: f64 = 1.959_963_984_540_054;

/// The fit of a family with the shift at which it is likeliest; none if that is no likelier than without.
pub(super) fn shifted(family: Family, sample: &Sample, never: bool) -> Option<Fit> {
    let beyond = sample.beyond();
    if !(beyond > 0.0 && beyond.is_finite()) {
        return None;
    }
    let unknowns = |shift| Unknowns { family, zero: false, never, shift: Some(shift) };
    let mut start: Option<Vec<f64>> = None;
    let mut at = |shift: f64| {
        let near = start
            .as_ref()
            .and_then(|own| fit_from(unknowns(shift), sample, std::slice::from_ref(own)).ok());
        let found = near.or_else(|| fit_with(unknowns(shift), sample).ok())?;
        start = Some(found.point().to_vec());
        Some(found)
    };
    let likelihood = |fit: Option<&Fit>| fit.map_or(f64::NEG_INFINITY, Fit::ln_likelihood);
    let first: Vec<f64> = SHARES.iter().map(|share| share * beyond).collect();
    let along: Vec<Option<Fit>> = first.iter().map(|&shift| at(shift)).collect();
    let place = (0..along.len())
        .max_by(|&a, &b| likelihood(along[a].as_ref()).total_cmp(&likelihood(along[b].as_ref())))?;
    let mut low = if place == 0 { 0.0 } else { first[place - 1] };
    let mut high = first.get(place + 1).copied().unwrap_or(beyond);
    let mut best = along[place].clone()?;
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut of_left, mut of_right) = (at(left), at(right));
    for _ in 0..STEPS {
        for own in [&of_left, &of_right].into_iter().flatten() {
            if own.ln_likelihood() > best.ln_likelihood() {
                best = own.clone();
            }
        }
        if likelihood(of_left.as_ref()) >= likelihood(of_right.as_ref()) {
            (high, right, of_right) = (right, left, of_left);
            left = high - GOLDEN * (high - low);
            of_left = at(left);
        } else {
            (low, left, of_left) = (left, right, of_right);
            right = low + GOLDEN * (high - low);
            of_right = at(right);
        }
    }
    regular(&best, sample, beyond).or_else(|| {
        let shift = interval(&best, beyond, |shift| likelihood(at(shift).as_ref()));
        Some(best.with_searched(shift))
    })
}

/// The fit with the shift as one of its unknowns, if it is one like the others.
fn regular(near: &Fit, sample: &Sample, beyond: f64) -> Option<Fit> {
    let unknowns = Unknowns { shift: None, ..near.unknowns() };
    let mut start = near.point().to_vec();
    start.push(libm::log(near.model().shift));
    let found = fit_from(unknowns, sample, &[start]).ok()?;
    let place = unknowns.shift_at()?;
    let error = found.covariance().get(place)?.get(place)?.sqrt() * found.model().shift;
    let inside = found.model().shift + Z * error < beyond;
    (inside && found.ln_likelihood() >= near.ln_likelihood() - 1e-3).then_some(found)
}

/// The shifts that are nearly as likely as the best one.
fn interval(best: &Fit, beyond: f64, likelihood: impl FnMut(f64) -> f64) -> Interval {
    let mut likelihood = likelihood;
    let (value, least) = (best.model().shift, best.ln_likelihood() - IRREGULAR);
    let mut end = |mut outside: f64| {
        let mut inside = value;
        for _ in 0..STEPS {
            let middle = 0.5 * (inside + outside);
            *if likelihood(middle) >= least { &mut inside } else { &mut outside } = middle;
        }
        outside
    };
    Interval { value, low: end(0.0), high: end(beyond) }
}
