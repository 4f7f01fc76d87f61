//! `compare.json`.

use super::super::cells::metrics;
use super::super::head::head;
use super::super::{Map, Value};
use super::{Compared, ERROR, Finding, Verdict, better};
use crate::experiment::{Decision, Pair, Standing};

/// Name and version of the format.
const SCHEMA: &str = "smschain.compare/1";

/// The comparison: every policy's metrics, and every other policy's differences from the baseline.
#[must_use]
pub fn comparison(compared: &Compared<'_>) -> Value {
    let Compared { comparison, policies, paths, .. } = *compared;
    let cells = policies.iter().zip(&comparison.cells).map(|(policy, cell)| {
        let entry = Map::new().with("policy", policy.as_str());
        entry.with("metrics", metrics(paths, cell, ERROR)).into()
    });
    let better = paths.iter().map(|path| (path.as_str(), better(path).map(|way| way.name())));
    head(SCHEMA, compared.spec, compared.fingerprint, compared.seed, &comparison.seeds)
        .with("baseline", name(compared, comparison.baseline))
        .with("confidence", 1.0 - ERROR)
        .with("decision", comparison.decision.as_ref().map(|found| decision(compared, found)))
        .with("better", Map::new().and(better))
        .with("cells", Value::Array(cells.collect()))
        .with(
            "pairs",
            Value::Array(comparison.pairs.iter().flat_map(|pair| pairs(compared, pair)).collect()),
        )
        .with("verdict", Finding::of(compared).value(compared))
        .into()
}

fn name<'run>(compared: &Compared<'run>, point: usize) -> &'run str {
    compared.policies.get(point).map_or("", String::as_str)
}

fn pairs<'run>(compared: &'run Compared<'run>, pair: &'run Pair) -> impl Iterator<Item = Value> {
    let differences = pair.differences(compared.pair_error());
    compared.paths.iter().zip(differences).map(move |(path, difference)| {
        Map::new()
            .with("policy", name(compared, pair.point))
            .with("against", name(compared, compared.comparison.baseline))
            .with("path", path.as_str())
            .with("difference", difference.mean)
            .with("half_width", difference.half_width)
            .with("n", difference.n)
            .with("verdict", Verdict::of(better(path), &difference).name())
            .with("variance_reduction", difference.variance_reduction)
            .into()
    })
}

fn decision(compared: &Compared<'_>, decision: &Decision) -> Map {
    let asked = &decision.asked;
    let best = match decision.standing {
        Standing::Best(point) => Some(name(compared, point)),
        Standing::Open | Standing::Undefined(_) => None,
    };
    let eliminated = decision.eliminated.iter().enumerate().filter_map(|(point, &after)| {
        let entry = Map::new().with("policy", name(compared, point));
        Some(entry.with("after", after?).into())
    });
    Map::new()
        .with("path", compared.subject.path.as_str())
        .with("indifference", asked.indifference.zone)
        .with("method", "kim-nelson")
        .with("first_stage", asked.indifference.first_stage)
        .with("max_replications", asked.at_most)
        .with("best", best)
        .with("replications", decision.replications)
        .with("eliminated", Value::Array(eliminated.collect()))
}
