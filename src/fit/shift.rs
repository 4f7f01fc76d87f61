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

/// Shift of durations, as it is asked for.
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

/// Shifts of a scenario's random durations, as they are asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shifts {
    /// Of all that aren't named.
    pub others: Shift,
    /// Of those at these paths.
    pub named: Vec<(String, Shift)>,
}

impl Shifts {
    /// Shift asked for at a path.
    #[must_use]
    pub fn of(&self, path: &str) -> Shift {
        let named = self.named.iter().find(|(own, _)| own == path);
        named.map_or(self.others, |(_, shift)| *shift)
    }
}

/// Shares of the least duration at which a shift is looked for first.
const SHARES: [f64; 14] =
    [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999];

/// Bits of the bins in which it is looked for: they span 1/32 of what lies beyond the least duration.
const BITS: u32 = 5;

/// Share of the least duration to which a shift is searched for.
const NEAR: f64 = 1e-5;

/// Halvings by which an end of its interval is searched for.
const HALVINGS: usize = 12;

/// The golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_8;

/// ln of a likelihood by which an interval of 95 % ends: half of χ² with two degrees of freedom, which is exact
/// where the density jumps at the shift.
const IRREGULAR: f64 = 2.996;

/// A gain in ln of a likelihood that is none.
const NO_GAIN: f64 = 1e-3;

/// Φ⁻¹(0.975).
const Z: f64 = 1.959_963_984_540_054;

/// The fit of a family with the shift at which it is likeliest; `None` if there is none inside.
pub(super) fn shifted(family: Family, sample: &Sample, never: bool) -> Option<Fit> {
    let beyond = sample.beyond();
    if !(beyond > 0.0 && beyond.is_finite()) {
        return None;
    }
    let binned = sample.beside(beyond, BITS);
    let mut search = Search { family, never, sample: &binned, last: None };
    let near = search.greatest(beyond)?;
    let whole = fit_from(near.unknowns(), sample, &[near.point().to_vec()]).ok()?;
    regular(&whole, sample, beyond)
        .or_else(|| Some(whole.with_searched(search.interval(&near, beyond))))
}

/// A search along the shift, on bins.
struct Search<'a> {
    family: Family,
    never: bool,
    sample: &'a Sample,
    /// The last maximum: the next one is near.
    last: Option<Vec<f64>>,
}

impl Search<'_> {
    fn at(&mut self, shift: f64) -> Option<Fit> {
        let Search { family, never, .. } = *self;
        let unknowns = Unknowns { family, zero: false, never, shift: Some(shift) };
        let near = self.last.take().and_then(|last| fit_from(unknowns, self.sample, &[last]).ok());
        let found = near.or_else(|| fit_with(unknowns, self.sample).ok())?;
        self.last = Some(found.point().to_vec());
        Some(found)
    }

    /// The fit at the likeliest shift: the best of some, then by golden sections beside it.
    fn greatest(&mut self, beyond: f64) -> Option<Fit> {
        let first = SHARES.map(|share| share * beyond);
        let along: Vec<Option<Fit>> = first.iter().map(|&shift| self.at(shift)).collect();
        let order =
            |&a: &usize, &b: &usize| likelihood(&along[a]).total_cmp(&likelihood(&along[b]));
        let place = (0..along.len()).max_by(order)?;
        let mut low = place.checked_sub(1).map_or(0.0, |before| first[before]);
        let mut high = first.get(place + 1).copied().unwrap_or(beyond);
        let mut best = along[place].clone();
        let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        let (mut of_left, mut of_right) = (self.at(left), self.at(right));
        while high - low > NEAR * beyond {
            for own in [&of_left, &of_right] {
                if likelihood(own) > likelihood(&best) {
                    best.clone_from(own);
                }
            }
            if likelihood(&of_left) >= likelihood(&of_right) {
                (high, right, of_right) = (right, left, of_left);
                left = high - GOLDEN * (high - low);
                of_left = self.at(left);
            } else {
                (low, left, of_left) = (left, right, of_right);
                right = low + GOLDEN * (high - low);
                of_right = self.at(right);
            }
        }
        best
    }

    /// The shifts that are nearly as likely as the best one.
    fn interval(&mut self, best: &Fit, beyond: f64) -> Interval {
        let (value, least) = (best.model().shift, best.ln_likelihood() - IRREGULAR);
        let mut end = |mut outside: f64| {
            let mut inside = value;
            for _ in 0..HALVINGS {
                let middle = inside.midpoint(outside);
                let is_inside = likelihood(&self.at(middle)) >= least;
                *if is_inside { &mut inside } else { &mut outside } = middle;
            }
            outside
        };
        Interval { value, low: end(0.0), high: end(beyond) }
    }
}

fn likelihood(fit: &Option<Fit>) -> f64 {
    fit.as_ref().map_or(f64::NEG_INFINITY, Fit::ln_likelihood)
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
    (inside && found.ln_likelihood() >= near.ln_likelihood() - NO_GAIN).then_some(found)
}
