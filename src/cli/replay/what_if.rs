//! `--what-if`: the same incident with something changed, on the same draws.

use super::super::arguments::Replay as Options;
use super::super::caller::Heeding;
use super::super::ending::Ending;
use super::super::source;
use super::line;
use crate::chain::Results;
use crate::experiment::replay::{Fates, compare};
use crate::experiment::{Replications, Workers, replicate_with};
use crate::report::replay::{WhatIf, headline};
use crate::report::{Condition, metric_paths};
use crate::scenario::{Bundle, Overrides, Scenario};

/// Runs it with and without the changes.
pub(super) fn what_if(
    scenario: &Scenario,
    bundle: &Bundle,
    condition: Option<&Condition>,
    options: &Options,
    colour: bool,
) -> Result<WhatIf, Ending> {
    let overrides = Overrides {
        set: options.what_if.clone(),
        seed: Some(bundle.seed),
        max_memory: options.max_memory,
        ..Overrides::default()
    };
    let changed = source::scenario(&options.bundle, &overrides, colour)?;
    let without = run(scenario, bundle, options)?;
    let with = run(&changed, bundle, options)?;
    let held = condition.map(|condition| {
        [(scenario, &without), (&changed, &with)]
            .map(|(scenario, ran)| condition.judge(&scenario.spec, ran.results.clone()).holds)
    });
    let paths = condition.map(Condition::paths).unwrap_or_default();
    // What was changed may have taken a figure away.
    let there = metric_paths(&changed.spec);
    let before = headline(&scenario.spec, without.results, paths);
    let after = headline(&changed.spec, with.results, paths);
    let figures = before.into_iter().zip(after).map(|((path, before), (_, after))| {
        let after = after.filter(|_| there.contains(&path));
        (path, [before, after])
    });
    let messages = compare(&without.fates, &with.fates);
    Ok(WhatIf {
        changes: options.what_if.clone(),
        held,
        figures: figures.collect(),
        same: without.digest == with.digest && messages.is_same(),
        messages,
    })
}

struct Ran {
    results: Results,
    digest: u128,
    fates: Fates,
}

fn run(scenario: &Scenario, bundle: &Bundle, options: &Options) -> Result<Ran, Ending> {
    let plan = Replications::of(&scenario.spec, bundle.seed, 1);
    let (run, mut fates) =
        replicate_with(&Workers::new(1), plan, |_| Fates::default(), &Heeding::new())
            .map_err(|failure| Ending::fault(&failure, &line(options)))?;
    let digest = run.results.digest;
    Ok(Ran { results: run.results, digest, fates: fates.pop().unwrap_or_default() })
}
