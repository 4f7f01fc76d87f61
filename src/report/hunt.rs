//! `hunt.json`.

use std::ops::Range;

use super::csv_line::csv_file;
use super::{Condition, Map, Value};
use crate::chain::spec::Spec;
use crate::experiment::hunt::{Hit, Search, Shrunk, Size};
use crate::kernel::in_seconds;
use crate::stats::{clopper_pearson, until_the_first};

/// Name and version of the format.
const SCHEMA: &str = "smschain.hunt/1";

/// A search and what came of it.
#[derive(Debug)]
pub struct Hunted<'run> {
    /// The chain that was searched.
    pub spec: &'run Spec,
    /// The scenario's fingerprint.
    pub fingerprint: &'run str,
    /// The condition that was looked for.
    pub condition: &'run Condition,
    /// The seeds; the end is left out.
    pub seeds: Range<u64>,
    /// The hits.
    pub search: &'run Search,
    /// The worst of it, made smaller.
    pub shrunk: Option<&'run Shrunk>,
    /// The bundle's file, if one was written.
    pub bundle: Option<&'run str>,
}

impl Hunted<'_> {
    /// The share of seeds in which it happens, and its 95 % interval.
    #[must_use]
    pub fn share(&self) -> (f64, [f64; 2]) {
        let Search { searched, hits, .. } = *self.search;
        let share = if searched == 0 { 0.0 } else { hits as f64 / searched as f64 };
        let interval = if self.by_the_first() {
            until_the_first(searched)
        } else {
            clopper_pearson(hits, searched)
        };
        (share, interval)
    }

    /// All that is known is when it happened first.
    pub(super) fn by_the_first(&self) -> bool {
        self.search.until_first && self.search.hits > 0
    }
}

/// The hits of a hunt.
#[must_use]
pub fn hunt(hunted: &Hunted<'_>) -> Value {
    let search = hunted.search;
    let scenario =
        Map::new().with("name", hunted.spec.name.as_str()).with("fingerprint", hunted.fingerprint);
    let (share, interval) = hunted.share();
    let method = if hunted.by_the_first() { "geometric" } else { "clopper-pearson" };
    let found = search.found.iter().map(|hit| found(hunted.condition, hit)).collect();
    Map::new()
        .with("schema", SCHEMA)
        .with("engine", Map::new().with("version", env!("CARGO_PKG_VERSION")))
        .with("scenario", scenario)
        .with("when", hunted.condition.text())
        .with("seeds", format!("{}..{}", hunted.seeds.start, hunted.seeds.end))
        .with("replications", 1)
        .with("searched", search.searched)
        .with("hits", search.hits)
        .with("share", share)
        .with("interval", Value::Array(interval.map(Value::from).into()))
        .with("confidence", 0.95)
        .with("method", method)
        .with("found", Value::Array(found))
        .with("shrunk", hunted.shrunk.map(shrunk))
        .with("bundle", hunted.bundle)
        .into()
}

fn found(condition: &Condition, hit: &Hit) -> Value {
    let figures = condition.paths().iter().map(String::as_str).zip(hit.judged.figures.clone());
    Map::new()
        .with("seed", hit.seed)
        .with("value", hit.judged.excess)
        .with("figures", Map::new().and(figures))
        .into()
}

fn shrunk(shrunk: &Shrunk) -> Map {
    let texts = |list: &[String]| Value::Array(list.iter().map(|it| it.as_str().into()).collect());
    Map::new()
        .with("before", size(&shrunk.before))
        .with("after", size(&shrunk.after))
        .with("removed", texts(&shrunk.removed))
        .with("kept", texts(&shrunk.after.parts))
        .with("tries", shrunk.tries)
        .with("cut_short", shrunk.cut_short)
}

fn size(size: &Size) -> Map {
    Map::new()
        .with("messages", size.messages)
        .with("events", size.events)
        .with("duration_s", in_seconds(size.duration))
        .with("scale", size.scale)
        .with("optional_parts", size.parts.len() as u64)
}

/// A row a seed that was found: `seed,value`, then the figures; what isn't defined is empty.
#[must_use]
pub fn hunt_csv(hunted: &Hunted<'_>) -> String {
    let head =
        ["seed", "value"].into_iter().chain(hunted.condition.paths().iter().map(String::as_str));
    let rows = hunted.search.found.iter().map(|hit| {
        let figures = hit.judged.figures.iter();
        let figures = figures.map(|own| own.map(|own| own.to_string()).unwrap_or_default());
        [hit.seed.to_string(), hit.judged.excess.to_string()].into_iter().chain(figures).collect()
    });
    csv_file([head.map(str::to_owned).collect::<Vec<_>>()].into_iter().chain(rows))
}
