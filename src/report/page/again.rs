//! How to get the same numbers again.

use super::html::Html;
use super::section::Section;
use crate::report::Value;
use crate::report::read;

/// More seeds than this are not listed.
const SEEDS: usize = 50;

pub(super) fn again(result: &Value, command: &str) -> Option<Section> {
    Section::new("again", "How to repeat it", |html| {
        html.element("pre", &[("tabindex", "0"), ("aria-label", "The command")], |html| {
            html.leaf("code", &[], command);
        });
        html.element("dl", &[("class", "made")], |html| {
            entry(html, "Scenario", read::text(result, "scenario.name"));
            entry(html, "Fingerprint", read::text(result, "scenario.fingerprint"));
            entry(html, "Seed", &number(result, "seed"));
            entry(html, "Replications", &number(result, "replications"));
            entry(html, "Seeds of the replications", &seeds(result));
            entry(html, "Digest", read::text(result, "digest"));
            entry(html, "Version", &format!("smschain {}", read::text(result, "engine.version")));
            entry(html, "Format", read::text(result, "schema"));
        });
    })
}

fn entry(html: &mut Html, name: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    html.element("div", &[], |html| {
        html.leaf("dt", &[], name);
        html.element("dd", &[], |html| html.leaf("code", &[], value));
    });
}

/// As it is written in a command: not grouped.
fn number(result: &Value, key: &str) -> String {
    read::at(result, key).map(read::written).unwrap_or_default()
}

fn seeds(result: &Value) -> String {
    let seeds = read::list(result, "seeds");
    // One alone is the seed.
    if seeds.len() < 2 {
        return String::new();
    }
    let mut text: Vec<String> = seeds.iter().take(SEEDS).map(read::written).collect();
    if seeds.len() > SEEDS {
        text.push(format!("and {} more in the result file", seeds.len() - SEEDS));
    }
    text.join(", ")
}
