//! The effect of a change on an incident.

use super::super::metrics::walk;
use super::super::{Map, Value};
use super::json::texts;
use crate::chain::Results;
use crate::chain::spec::Spec;
use crate::experiment::replay::{Change, Compared};

/// The figures shown without and with the change, beside those of the condition.
const HEADLINE: [&str; 9] = [
    "messages.accepted",
    "layers.outcome_success",
    "divergence.api_vs_execution",
    "divergence.api_vs_outcome",
    "divergence.api_vs_on_time",
    "latency.delivery.p50_s",
    "latency.delivery.p95_s",
    "duplicates.copies",
    "cost.charged",
];

/// A run and the same with something changed.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIf {
    /// Changes, as written.
    pub changes: Vec<String>,
    /// True if the bundle's condition holds without and with the change; `None`: it has none.
    pub held: Option<[bool; 2]>,
    /// Figures without and with it.
    pub figures: Vec<(String, [Option<f64>; 2])>,
    /// The digests are the same: nothing is other.
    pub same: bool,
    /// Message by message.
    pub messages: Compared,
}

/// The headline figures of a run, and those of `paths` that aren't among them.
#[must_use]
pub fn headline(spec: &Spec, results: Results, paths: &[String]) -> Vec<(String, Option<f64>)> {
    let mut wanted: Vec<(String, Option<f64>)> =
        HEADLINE.iter().map(|path| ((*path).to_owned(), None)).collect();
    for path in paths {
        if !wanted.iter().any(|(other, _)| other == path) {
            wanted.push((path.clone(), None));
        }
    }
    walk(spec, results, |path, value| {
        if let Some((_, figure)) = wanted.iter_mut().find(|(other, _)| other == path) {
            *figure = value;
        }
    });
    wanted
}

pub(super) fn what_if(what_if: &WhatIf) -> Map {
    let compared = &what_if.messages;
    let pair = |[without, with]: [Value; 2]| Map::new().with("without", without).with("with", with);
    let held = what_if.held.map(|held| pair(held.map(Value::from)));
    let figures =
        what_if.figures.iter().map(|(path, values)| (path.as_str(), pair(values.map(Value::from))));
    let none = Change::default();
    let classes = crate::experiment::replay::Class::ALL
        .map(|class| (class.name(), change(compared.classes.get(&class).unwrap_or(&none))));
    let ends = compared.ends.iter().map(|(&(without, with), it)| {
        let entry = Map::new().with("without", without).with("with", with);
        entry.with("count", it.count).with("examples", texts(&it.examples)).into()
    });
    Map::new()
        .with("changes", texts(&what_if.changes))
        .with("same", what_if.same)
        .with("holds", held)
        .with("figures", Map::new().and(figures))
        .with("messages", pair(compared.messages.map(Value::from)))
        .with("unchanged", compared.same)
        .with("changed", Map::new().and(classes))
        .with("ends", Value::Array(ends.collect()))
}

fn change(change: &Change) -> Map {
    Map::new().with("count", change.count).with("examples", texts(&change.examples))
}
