//! The effect of assumptions on the headline: the same runs with it and with another as sensible.

use super::Plan;
use super::compose::{Assumption, Composed, Sensitivity};
use super::held_out::{Unjudged, source};
use crate::chain::{EngineChoice, NoObserver, simulate_by};
use crate::experiment::metrics::headline;
use crate::experiment::{Watch, Workers, in_order};
use crate::kernel::{Pace, Reached};
use crate::random::Chance;
use crate::scenario::{Overrides, load};
use crate::stats::t_interval;

/// Paired runs of each.
const RUNS: u64 = 4;
/// Requests of one run: a part of the log is enough to see what matters.
const MESSAGES: f64 = 10_000.0;

/// Tries the other value of every assumption that has one.
///
/// # Errors
/// A scenario that can't be run.
pub fn sensitivities(
    composed: &mut Composed,
    plan: &Plan,
    rows: u64,
    workers: &Workers,
    watch: &impl Watch,
) -> Result<(), Unjudged> {
    let part = (MESSAGES / rows.max(1) as f64).min(1.0);
    // The whole span at a small scale keeps profiles and campaigns in it; what has a limit does not bear
    // to be scaled, and is cut short.
    let limited = composed.text.contains("throttle = ");
    let scale = (part < 1.0 && !limited).then_some(part);
    let length = (composed.end - composed.origin) as f64 * (3.0 * part).min(1.0);
    let shorter = (limited && 3.0 * part < 1.0).then(|| format!("scenario.duration={length:.0}ns"));
    let heads = |mut set: Vec<String>| -> Result<Vec<f64>, Unjudged> {
        set.extend(shorter.clone());
        let overrides = Overrides { set, scale, ..Overrides::default() };
        let scenario = load(&source(plan, composed), &overrides)
            .map_err(|errors| Unjudged::Unsound(errors.render(false)))?;
        let mut heads = Vec::new();
        in_order(
            workers,
            0..RUNS,
            |run| {
                let seed = Chance::replication_seed(plan.seed, run);
                let results = simulate_by(
                    EngineChoice::Fast,
                    &scenario.spec,
                    seed,
                    &mut NoObserver,
                    &mut Heeding(watch),
                )
                .map_err(|imbalance| Unjudged::Broken(imbalance.to_string()))?;
                Ok(headline(&results.total().layers))
            },
            |_, head| heads.extend(head),
        )?;
        Ok(heads)
    };
    let base = match heads(Vec::new()) {
        Ok(base) => base,
        Err(Unjudged::Unsound(_)) => return Ok(()),
        Err(broken) => return Err(broken),
    };
    let mean = base.iter().sum::<f64>() / (base.len() as f64).max(1.0);
    let tried: Vec<Option<Sensitivity>> = composed
        .assumptions
        .iter()
        .map(|assumption: &Assumption| {
            if assumption.other.is_empty() {
                return Ok(None);
            }
            let other = match heads(assumption.other.clone()) {
                Ok(other) => other,
                // The other value isn't one that this scenario takes.
                Err(Unjudged::Unsound(_)) => return Ok(None),
                Err(broken) => return Err(broken),
            };
            let differences: Vec<f64> = other.iter().zip(&base).map(|(b, a)| b - a).collect();
            let estimate = t_interval(&differences);
            Ok(estimate.map(|estimate| Sensitivity {
                headline: mean,
                change: estimate.mean,
                half_width: estimate.half_width,
            }))
        })
        .collect::<Result<_, Unjudged>>()?;
    for (assumption, sensitivity) in composed.assumptions.iter_mut().zip(tried) {
        assumption.sensitivity = sensitivity;
    }
    Ok(())
}

/// Stops when the watcher says so.
struct Heeding<'watch, W>(&'watch W);

impl<W: Watch> Pace for Heeding<'_, W> {
    fn tick(&mut self, _reached: Reached) -> bool {
        self.0.advanced(crate::experiment::Advance::default())
    }
}
