//! How to get the same numbers again.

use maud::html;

use super::section::Section;
use crate::report::Value;
use crate::report::read;

/// More seeds than this are not listed.
const SEEDS: usize = 50;

pub(super) fn again(result: &Value, command: &str) -> Option<Section> {
    let entries = [
        ("Scenario", read::text(result, "scenario.name").to_owned()),
        ("Fingerprint", read::text(result, "scenario.fingerprint").to_owned()),
        ("Seed", number(result, "seed")),
        ("Replications", number(result, "replications")),
        ("Seeds of the replications", seeds(result)),
        ("Digest", read::text(result, "digest").to_owned()),
        ("Version", format!("smschain {}", read::text(result, "engine.version"))),
        ("Format", read::text(result, "schema").to_owned()),
    ];
    let inside = html! {
        pre tabindex="0" aria-label="The command" { code { (command) } }
        dl.made {
            @for (name, value) in entries.iter().filter(|(_, value)| !value.is_empty()) {
                div { dt { (name) } dd { code { (value) } } }
            }
        }
    };
    Section::new("again", "How to repeat it", inside)
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
