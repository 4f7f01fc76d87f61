//! Replications until the headline is precise enough.

use std::ops::ControlFlow;

use super::in_order::{Workers, in_order_while};
use super::metrics::headline;
use super::replications::{Failure, Pooled, Replications, Run, one};
use super::watch::Watch;
use crate::chain::{NoObserver, Observer, Results};
use crate::stats::{Look, Precision, Sequential};

/// Runs replications on all `workers` until the half-width of the headline,
/// `divergence.api_vs_on_time`, is below that of `precision`, by the rule of [`Sequential`]; what
/// came of them, and whether it was reached. Where it stops is decided in the order of the
/// replications: it depends on scenario and seed alone, and as many planned beforehand
/// ([`super::replicate`]) give the same run.
///
/// # Errors
/// The first replication that broke conservation.
pub fn replicate_until<W: Watch>(
    workers: &Workers,
    plan: Replications<'_>,
    precision: Precision,
    watch: &W,
) -> Result<(Run, bool), Failure> {
    let (ended, _) = replicate_until_with(workers, plan, Some(precision), |_| NoObserver, watch)?;
    Ok(ended)
}

/// As [`replicate_until`] where a precision is asked for, else as many as planned; each with an observer
/// of its own. Gives those of the replications that count back in their order.
///
/// # Errors
/// The first replication that broke conservation.
pub fn replicate_until_with<O: Observer + Send, W: Watch>(
    workers: &Workers,
    plan: Replications<'_>,
    precision: Option<Precision>,
    observer: impl Fn(u64) -> O + Sync,
    watch: &W,
) -> Result<((Run, bool), Vec<O>), Failure> {
    let mut so_far = SoFar::new(plan, precision);
    let mut observers = Vec::new();
    let plan = so_far.plan;
    in_order_while(
        workers,
        0..plan.count,
        |replication| {
            let mut own = observer(replication);
            Ok((one(plan, replication, &mut own, watch)?, own))
        },
        |_, (results, own)| {
            observers.push(own);
            so_far.take(results)
        },
    )?;
    Ok((so_far.finish(), observers))
}

/// As [`replicate_until_with`], one after another, so that `observer` sees the messages in order;
/// `before` is called with the number of each.
///
/// # Errors
/// The first replication that broke conservation.
pub fn replicate_observed<O: Observer, W: Watch>(
    plan: Replications<'_>,
    precision: Option<Precision>,
    observer: &mut O,
    mut before: impl FnMut(&mut O, u64),
    watch: &W,
) -> Result<(Run, bool), Failure> {
    let mut so_far = SoFar::new(plan, precision);
    for replication in 0..so_far.plan.count {
        before(observer, replication);
        if so_far.take(one(so_far.plan, replication, observer, watch)?).is_break() {
            break;
        }
    }
    Ok(so_far.finish())
}

/// Replications on the way to a precision, or to the number planned.
struct SoFar<'spec> {
    plan: Replications<'spec>,
    pooled: Pooled<'spec>,
    sequence: Option<Sequential>,
    reached: bool,
}

impl<'spec> SoFar<'spec> {
    fn new(plan: Replications<'spec>, precision: Option<Precision>) -> SoFar<'spec> {
        let count = precision.map_or(plan.count, |precision| precision.most());
        let plan = Replications { count, ..plan };
        let sequence = precision.map(Sequential::new);
        SoFar { plan, pooled: Pooled::new(plan), reached: sequence.is_none(), sequence }
    }

    fn take(&mut self, results: Results) -> ControlFlow<()> {
        let total = || headline(&results.total().layers);
        let look = self.sequence.as_mut().map(|sequence| sequence.observe(total()));
        self.pooled.add(results);
        self.reached = look.is_none_or(|look| look == Look::Reached);
        match look {
            None | Some(Look::Another) => ControlFlow::Continue(()),
            Some(Look::Reached | Look::Missed) => ControlFlow::Break(()),
        }
    }

    fn finish(self) -> (Run, bool) {
        (self.pooled.finish(), self.reached)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::spec::Spec;
    use crate::experiment::metrics::HEADLINE;
    use crate::experiment::{Silent, replicate, sample};

    fn short() -> Spec {
        let mut spec = sample::spec();
        (spec.duration, spec.warmup) = (5 * 1_000_000_000, 0);
        spec.carriers[0].filters[0].probability = 0.2;
        spec
    }

    #[test]
    fn it_is_the_run_of_as_many_replications() {
        let spec = short();
        let until = |threads, half_width, most| {
            let precision = Precision::new(half_width, 0, most);
            replicate_until(
                &Workers::new(threads),
                Replications::of(&spec, 7, 1),
                precision,
                &Silent,
            )
            .unwrap()
        };
        let (run, reached) = until(1, 0.015, 500);
        let count = run.results.replications;
        assert!(reached && count > 30 && count < 500, "{count}");
        let headline = run.estimates.iter().find(|estimate| estimate.path == HEADLINE).unwrap();
        assert!(headline.half_width.unwrap() < 0.015);
        assert_eq!(until(3, 0.015, 500), (run.clone(), true), "with any number of threads");
        let planned = Replications::of(&spec, 7, count);
        assert_eq!(replicate(&Workers::new(1), &[planned], &Silent).unwrap(), [run]);
        // Not precise enough by then.
        let (run, reached) = until(2, 0.001, 33);
        assert_eq!((run.seeds.len(), reached), (33, false));
    }

    #[test]
    fn watching_the_messages_changes_nothing() {
        let spec = short();
        let precision = Precision::new(0.02, 0, 500);
        let plain =
            replicate_until(&Workers::new(2), Replications::of(&spec, 7, 1), precision, &Silent)
                .unwrap();
        let mut numbers = Vec::new();
        let seen = replicate_observed(
            Replications::of(&spec, 7, 1),
            Some(precision),
            &mut NoObserver,
            |_, number| numbers.push(number),
            &Silent,
        );
        assert_eq!(seen.unwrap(), plain);
        assert_eq!(numbers.len() as u64, plain.0.results.replications);
    }
}
