//! The family that a sample speaks for, or none.

use super::curve::Curve;
use super::distribution::Family;
use super::fitted::{Fit, fit_with};
use super::goodness::{Goodness, goodness};
use super::model::Unknowns;
use super::sample::{Observation, Sample};
use super::shift::{Shift, shifted};
use super::unfit::Unfit;
use crate::special::gamma_q;

/// A share of durations that may be zero, from which a share of zeros of its own is tried.
const MAYBE_ZERO: f64 = 0.01;

/// Values of an empirical distribution.
const VALUES: usize = 400;

/// Fits of a sample, and the one chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The chosen one first, then by BIC; never empty.
    fits: Vec<Fit>,
    unfit: Vec<(Family, Unfit)>,
    goodness: Goodness,
    curve: Curve,
}

/// Stand-in of a sample in a scenario.
#[derive(Clone, Debug)]
pub enum Chosen<'a> {
    /// A family.
    Fit(&'a Fit),
    /// Its own values, for no family describes it.
    Empirical(Vec<f64>),
}

/// The exponential against a family of which it is a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nested {
    /// The larger family.
    pub family: Family,
    /// Twice the gain in ln of the likelihood.
    pub statistic: f64,
    /// Chance of a gain of at least this if durations are exponential; for the mixture, whose
    /// unknowns vanish there, an upper bound (χ² with both of them).
    pub p_value: f64,
}

/// Setting of a choice, beside the families.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Setting {
    /// Shift of all durations, as it was asked for.
    pub shift: Shift,
    /// `true` if some durations may never end: of what is pending that share is found with the family.
    pub never: bool,
}

/// The family with the smallest BIC, from zero on, all durations ending some day.
pub fn best(sample: &Sample) -> Result<Choice, Unfit> {
    best_with(sample, Setting::default())
}

/// The family with the smallest BIC. Mixtures of log-normals and a share of zeros of their own are
/// tried where the log contradicts the simple ones; a mixture whose parts can't be told apart gives way to
/// a simple family that the log doesn't contradict. Where what is best then is off by more than matters,
/// the sample's own values are chosen.
pub fn best_with(sample: &Sample, setting: Setting) -> Result<Choice, Unfit> {
    if let Shift::Known(shift) = setting.shift
        && shift >= sample.beyond()
    {
        let is_shorter = |o: &&Observation| !o.is_pending() && o.high <= shift;
        let shorter = sample.observations().iter().filter(is_shorter).map(|o| o.count).sum::<u64>();
        return Err(Unfit::Shorter { shift, rows: shorter + sample.zeros() });
    }
    if let Shift::Known(shift) = setting.shift
        && shift >= sample.mean()
    {
        return Err(Unfit::BeyondMean { shift, mean: sample.mean() });
    }
    let (mut fits, mut unfit) = (Vec::new(), Vec::new());
    for family in Family::SIMPLE.into_iter().chain([Family::Hyperexponential]) {
        // Of durations more even than exponential ones a mixture of exponentials has no maximum
        // inside: its parts become one.
        if family == Family::Hyperexponential && fits.iter().any(is_even) {
            unfit.push((family, Unfit::NoMaximum { family }));
            continue;
        }
        match fits_of(family, sample, setting, sample.zeros() > 0) {
            Ok(fitted) => fits.extend(fitted),
            Err(why @ Unfit::NoMaximum { .. }) => unfit.push((family, why)),
            Err(why) => return Err(why),
        }
    }
    let mut judged = judge(&mut fits, sample);
    if judged.as_ref().is_none_or(|(goodness, _)| goodness.contradicted()) {
        fits.extend(more(sample, setting));
        judged = judge(&mut fits, sample);
    }
    judged = give_way(&mut fits, sample).or(judged);
    match (judged, unfit.first()) {
        (Some((goodness, curve)), _) => Ok(Choice { fits, unfit, goodness, curve }),
        (None, Some(&(_, why))) => Err(why),
        (None, None) => Err(Unfit::NoMaximum { family: Family::Exponential }),
    }
}

/// The fits of a family: with a share that never ends, if there can be one and it isn't nothing, and with a
/// shift beside that without one, where the log is to tell it.
fn fits_of(
    family: Family,
    sample: &Sample,
    setting: Setting,
    zero: bool,
) -> Result<impl Iterator<Item = Fit>, Unfit> {
    let shift = match setting.shift {
        Shift::Known(shift) => shift,
        Shift::Zero | Shift::Fitted => 0.0,
    };
    let fit = |never| fit_with(Unknowns { family, zero, never, shift: Some(shift) }, sample);
    let some_never = setting.never.then(|| fit(true).ok()).flatten();
    let never = some_never.is_some();
    let own = some_never.map_or_else(|| fit(false), Ok)?;
    let is_asked = setting.shift == Shift::Fitted && !zero;
    let other = is_asked.then(|| shifted(family, sample, never)).flatten();
    Ok(std::iter::once(own).chain(other))
}

/// `true` if durations are surely more even than exponential ones.
fn is_even(fit: &Fit) -> bool {
    let shape = fit.parameters().into_iter().find(|(name, _)| *name == "shape");
    let from_zero = fit.model().shift == 0.0;
    from_zero && fit.family() == Family::Gamma && shape.is_some_and(|(_, shape)| shape.low > 1.0)
}

/// Fits sorted, the smallest BIC first, and how good that one is.
fn judge(fits: &mut [Fit], sample: &Sample) -> Option<(Goodness, Curve)> {
    fits.sort_by(|a, b| a.bic().total_cmp(&b.bic()));
    let first = fits.first()?;
    Some(judged(first, sample))
}

/// Goodness of a fit, and the curve of what ends.
fn judged(fit: &Fit, sample: &Sample) -> (Goodness, Curve) {
    let never = |o: &Observation| 1.0 - fit.model().under_way(o);
    let ends = sample.without(never);
    let curve = Curve::of(&ends, fit);
    (goodness(fit, sample, &curve), curve)
}

/// Puts the best simple fit first where a mixture whose parts can't be told apart is, if the log contradicts
/// the simple one no more than the mixture; how good it is.
fn give_way(fits: &mut [Fit], sample: &Sample) -> Option<(Goodness, Curve)> {
    let mixture = fits.first().filter(|own| !own.parts_told_apart())?;
    let is_simple = |own: &Fit| Family::SIMPLE.contains(&own.family());
    let place = fits.iter().position(is_simple)?;
    let simple = judged(fits.get(place)?, sample);
    let mixture = judged(mixture, sample).0;
    let as_good =
        !simple.0.contradicted() || mixture.contradicted() && simple.0.distance <= mixture.distance;
    if !as_good {
        return None;
    }
    fits[..=place].rotate_right(1);
    Some(simple)
}

/// Fits that are tried where a log contradicts the simple families.
fn more(sample: &Sample, setting: Setting) -> impl Iterator<Item = Fit> {
    let rows = sample.rows().max(1) as f64;
    let maybe: f64 = sample.observations().iter().map(|o| o.count as f64 * o.share_at_zero()).sum();
    // A sample with exact zeros has had its share of them in every fit.
    let zeros = sample.zeros() == 0 && maybe > MAYBE_ZERO * rows;
    let zeros = zeros && setting.shift == Shift::Zero;
    let mixtures = fits_of(Family::LogNormals, sample, setting, sample.zeros() > 0);
    let with_zeros = Family::SIMPLE
        .into_iter()
        .filter(move |_| zeros)
        .filter_map(move |family| fits_of(family, sample, setting, true).ok())
        .flatten();
    mixtures.into_iter().flatten().chain(with_zeros)
}

impl Choice {
    /// The fit with the smallest BIC, or the simple one to which a mixture gave way; chosen unless it is
    /// rejected.
    pub fn fit(&self) -> &Fit {
        &self.fits[0]
    }

    /// All fits, that one first, then by BIC.
    pub fn fits(&self) -> &[Fit] {
        &self.fits
    }

    /// Families that could not be fitted, and why.
    pub fn unfit(&self) -> &[(Family, Unfit)] {
        &self.unfit
    }

    /// Goodness of the first fit.
    pub fn goodness(&self) -> Goodness {
        self.goodness
    }

    /// The distribution without any family.
    pub fn curve(&self) -> &Curve {
        &self.curve
    }

    /// Stand-in of the sample: the first fit or, if it is rejected, the sample's own values.
    pub fn chosen(&self) -> Chosen<'_> {
        if self.goodness.rejected() {
            Chosen::Empirical(self.curve.values(VALUES))
        } else {
            Chosen::Fit(self.fit())
        }
    }

    /// The likelihood-ratio test of the exponential within each family that contains it (Wilks 1938).
    pub fn nested(&self) -> Vec<Nested> {
        let plain = |fit: &&Fit| fit.family() == Family::Exponential && fit.zero_share() == 0.0;
        let Some(exponential) = self.fits.iter().rfind(plain) else { return Vec::new() };
        let (shift, never) = (exponential.model().shift, exponential.unknowns().never);
        let within = self.fits.iter().filter(|fit| {
            fit.family().contains_exponential()
                && fit.zero_share() == 0.0
                && fit.model().shift == shift
                && fit.unknowns().never == never
        });
        within
            .map(|fit| {
                let statistic =
                    (2.0 * (fit.ln_likelihood() - exponential.ln_likelihood())).max(0.0);
                let freedom = (fit.free() - exponential.free()) as f64;
                let p_value = gamma_q(0.5 * freedom, 0.5 * statistic);
                Nested { family: fit.family(), statistic, p_value }
            })
            .collect()
    }
}
