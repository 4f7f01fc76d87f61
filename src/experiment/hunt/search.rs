//! Seeds, one run each, until a condition holds, or all of them.

use std::ops::{ControlFlow, Range};

use super::super::cells::{Cells, Seeds};
use super::super::digest::Digest;
use super::super::in_order::Workers;
use super::super::replications::Failure;
use super::super::watch::Watch;
use crate::chain::spec::Spec;

/// A run, judged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judged {
    /// The condition holds: what isn't known doesn't.
    pub holds: bool,
    /// The distance beyond its limits; the larger, the worse.
    pub excess: f64,
    /// The figures it rests on.
    pub figures: Vec<Option<f64>>,
}

/// A seed in whose run the condition holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The seed.
    pub seed: u64,
    /// The judgement of its run.
    pub judged: Judged,
}

/// The outcome of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Seeds whose runs count: all, or those up to the first hit.
    pub searched: u64,
    /// Those among them in which the condition holds.
    pub hits: u64,
    /// It ended at the first hit, whatever lies behind it.
    pub until_first: bool,
    /// The worst hits, worst first, of equals the lowest seed; without ranks the first.
    pub found: Vec<Hit>,
}

/// Runs `seeds` on all `workers`, in order; up to the first in which the condition holds or, with
/// `top`, all of them, and keeps as many of the worst. Runs that `judge` knows are not made.
///
/// # Errors
/// The first seed, of those that count, whose run broke conservation; its number as a replication
/// is that among `seeds`.
///
/// ```
/// # use smschain::scenario::{Overrides, Source, load};
/// # let text = std::fs::read_to_string("templates/starter.toml")?;
/// # let source = Source { name: "starter.toml".into(), text, base: "".into() };
/// # let set = vec!["scenario.duration=1m".into(), "scenario.warmup=0s".into()];
/// # let spec = load(&source, &Overrides { set, ..Overrides::default() })?.spec;
/// use smschain::chain::Results;
/// use smschain::experiment::hunt::search;
/// use smschain::experiment::replay::pivot;
/// use smschain::experiment::{Silent, Workers};
/// use smschain::expression::Expression;
/// use smschain::report::Condition;
///
/// let condition = Condition::new(Expression::parse("requests.total > 300")?);
/// let judge = |_, results: Results| condition.judge(&spec, results);
/// let workers = Workers::new(2);
/// let found = search(&workers, &spec, 0..50, None, &Silent, &judge)?;
/// let seed = found.found[0].seed;
/// // How likely that was, as the run unfolded: chance drawn anew from several times on.
/// let pivot = pivot(&workers, &spec, seed, 4, |results| condition.judge(&spec, results))?;
/// assert!(pivot.points.last().unwrap().share() == 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn search<W: Watch>(
    workers: &Workers,
    spec: &Spec,
    seeds: Range<u64>,
    top: Option<usize>,
    watch: &W,
    judge: &impl Digest<Kept = Judged>,
) -> Result<Search, Failure> {
    let first = seeds.start;
    let mut search = Search { searched: 0, hits: 0, until_first: top.is_none(), found: Vec::new() };
    let specs = std::slice::from_ref(spec);
    let cells = Cells { specs, inputs: &[], inputs_from: 0, seeds: Seeds::From(first) };
    let all = 0..seeds.end.saturating_sub(first);
    let searched = cells.run(workers, &[0], all, watch, judge, |cell, judged| {
        search.searched += 1;
        if !judged.holds {
            return ControlFlow::Continue(());
        }
        search.hits += 1;
        search.keep(Hit { seed: first + cell, judged }, top.unwrap_or(1));
        if top.is_none() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    searched.map_err(|broken| broken.failure)?;
    Ok(search)
}

impl Search {
    /// Keeps a hit among the worst; it has a higher seed than those before.
    fn keep(&mut self, hit: Hit, most: usize) {
        let worse = |other: &Hit| other.judged.excess >= hit.judged.excess;
        let place = self.found.partition_point(worse);
        if place < most {
            self.found.truncate(most - 1);
            self.found.insert(place, hit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Results;
    use crate::experiment::{Silent, sample};
    use crate::kernel::SECOND;

    fn short() -> Spec {
        let mut spec = sample::spec();
        (spec.duration, spec.warmup) = (20 * SECOND, 0);
        spec
    }

    /// More than so many messages; an excess of messages.
    fn more_than(limit: f64) -> impl Fn(usize, Results) -> Judged + Sync {
        move |_, results| {
            let messages = results.simulated as f64;
            Judged { holds: messages > limit, excess: messages - limit, figures: vec![] }
        }
    }

    #[test]
    fn the_first_is_the_first_on_any_number_of_threads() {
        let spec = short();
        let all =
            search(&Workers::new(1), &spec, 0..30, Some(30), &Silent, &more_than(0.0)).unwrap();
        assert_eq!((all.searched, all.hits, all.found.len()), (30, 30, 30));
        assert!(all.found.is_sorted_by(|a, b| {
            (a.judged.excess, b.seed) > (b.judged.excess, a.seed) || a.judged == b.judged
        }));
        // So many that about a third has more.
        let limit = all.found[10].judged.excess;
        let expected = (0..30)
            .find(|&seed| all.found.iter().any(|h| h.seed == seed && h.judged.excess > limit))
            .unwrap();
        for threads in [1, 2, 5] {
            let workers = Workers::new(threads);
            let first = search(&workers, &spec, 0..30, None, &Silent, &more_than(limit)).unwrap();
            assert_eq!((first.searched, first.hits), (expected + 1, 1));
            assert_eq!(first.found[0].seed, expected);
            let top = search(&workers, &spec, 0..30, Some(3), &Silent, &more_than(0.0)).unwrap();
            assert_eq!(top.found, all.found[..3]);
            let none = search(&workers, &spec, 0..30, None, &Silent, &more_than(1e9)).unwrap();
            assert_eq!((none.searched, none.hits, none.found.len()), (30, 0, 0));
        }
    }
}
