//! The family that a sample speaks for.

use super::distribution::Family;
use super::fitted::{Fit, fit};
use super::sample::Sample;
use super::unfit::Unfit;

/// The families fitted to a sample, and the one that is chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Fits, the smallest BIC first; never empty.
    fits: Vec<Fit>,
    /// Families that could not be fitted, and why.
    pub unfit: Vec<(Family, Unfit)>,
}

/// The family with the smallest BIC, among those that a scenario can say.
pub fn best(sample: &Sample) -> Result<Choice, Unfit> {
    let (mut fits, mut unfit) = (Vec::new(), Vec::new());
    for family in Family::SIMPLE {
        match fit(family, sample) {
            Ok(fitted) => fits.push(fitted),
            Err(why @ Unfit::NoMaximum { .. }) => unfit.push((family, why)),
            Err(why) => return Err(why),
        }
    }
    if let (true, Some(&(_, why))) = (fits.is_empty(), unfit.first()) {
        return Err(why);
    }
    fits.sort_by(|a, b| a.bic().total_cmp(&b.bic()));
    Ok(Choice { fits, unfit })
}

impl Choice {
    /// The chosen fit.
    pub fn fit(&self) -> &Fit {
        &self.fits[0]
    }

    /// All fits, the smallest BIC first.
    pub fn fits(&self) -> &[Fit] {
        &self.fits
    }
}
