//! The origin of a chart's figures: the grey line below its title.

use super::super::Value;
use crate::report::read::{number, text_at};

/// `retry-storm · seed 42 · 20 replications · smschain 0.1.0`, as far as it is known.
pub(super) fn provenance(result: &Value) -> String {
    let parts: Vec<String> = parts(result).into_iter().flatten().collect();
    parts.join(" · ")
}

/// The parts that several have in common.
pub(super) fn common<'run>(results: impl Iterator<Item = &'run Value> + Clone) -> String {
    let Some(first) = results.clone().next() else {
        return String::new();
    };
    let common = parts(first).into_iter().enumerate().filter_map(|(index, part)| {
        results.clone().all(|other| parts(other)[index] == part).then_some(part?)
    });
    let count = format!("{} runs", results.clone().count());
    let texts: Vec<String> = [count].into_iter().chain(common).collect();
    texts.join(" · ")
}

fn parts(result: &Value) -> [Option<String>; 4] {
    let scenario = text_at(result, "scenario.name").map(str::to_owned);
    let seed = number(result, "seed").map(|seed| format!("seed {seed:.0}"));
    let replications = number(result, "replications").map(|count| {
        if count <= 1.0 { "1 replication".to_owned() } else { format!("{count:.0} replications") }
    });
    let version = text_at(result, "engine.version").map(|version| format!("smschain {version}"));
    [scenario.filter(|name| !name.is_empty()), seed, replications, version]
}
