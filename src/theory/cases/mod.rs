//! The cases, by what they are about.
//!
//! Every queue starts empty; `warmup` is at least ten times the relaxation time
//! 1/(√(cμ) − √λ)² of its queue (Gross, Shortle, Thompson and Harris 2008, 2.11.2), after which
//! less than e⁻¹⁰ of the start is left. Service takes a second on average where nothing else is
//! said. Means over a run's messages are ratios of sums, whose bias is of the order of one
//! message's weight, 1/n: a hundred times less than the standard errors.

mod certain;
mod general;
mod handset;
mod loss;
mod markov;
mod retry;
mod throttle;

use super::setup::Setup;

/// All of them, in the order of results.
#[must_use]
pub fn all() -> Vec<Setup> {
    [
        markov::setups(),
        loss::setups(),
        general::setups(),
        throttle::setups(),
        retry::setups(),
        handset::setups(),
        certain::setups(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_questions_are_unique_and_scenarios_are_sound() {
        let mut seen = BTreeSet::new();
        for setup in all() {
            let spec = setup.spec().unwrap_or_else(|errors| panic!("{}", errors.render(false)));
            assert!(spec.duration > spec.warmup, "{}", setup.name);
            assert!(!setup.asked.is_empty(), "{}", setup.name);
            for asked in &setup.asked {
                assert!(seen.insert((setup.name.clone(), asked.what.clone())), "{}", setup.name);
                assert!(asked.exact.is_finite() && asked.exact > 0.0, "{}", setup.name);
            }
        }
        assert!(seen.len() >= 60, "{}", seen.len());
    }
}
