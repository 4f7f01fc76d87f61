//! The page to share: one self-contained HTML file that needs no network, and no script to be
//! read. Made from a result file alone, so that it can be made again from the folder.

mod again;
mod bar;
mod capacity;
mod cards;
mod cells;
mod charts;
mod compare;
mod figure;
mod frame;
mod html;
mod outcome;
mod run;
mod section;
mod sensitivity;
mod sheet;
mod sweep;

use super::charts::Drawing;
use super::{Findings, Kind, Value, number, read};
use frame::Top;
use section::Section;

/// The page of a result folder. `again`: the command that repeats it.
#[must_use]
pub fn page(findings: &Findings, drawings: &[Drawing], again: &str) -> String {
    let result = &findings.result;
    let parts = match findings.kind() {
        Some(Kind::Run) => run::parts(result),
        Some(Kind::Sweep) if result.get("sensitivity").is_some() => sensitivity::parts(result),
        Some(Kind::Sweep) => sweep::parts(result),
        Some(Kind::Compare) => compare::parts(result),
        Some(Kind::Capacity) => capacity::parts(result),
        // A replay has charts, but no page.
        Some(Kind::Replay) | None => Parts::unknown(result),
    };
    let Parts { top, figures, tables } = parts;
    let top = Top { facts: facts(result, top.facts), ..top };
    let mut sections = Vec::from_iter(figures);
    sections.extend(charts::charts(drawings));
    sections.extend(tables);
    sections.extend(again::again(result, again));
    frame::frame(&top, &sections)
}

/// What a kind of result has to say.
struct Parts {
    top: Top,
    figures: Option<Section>,
    tables: Vec<Section>,
}

impl Parts {
    /// A result of another version: said, rather than shown wrongly.
    fn unknown(result: &Value) -> Parts {
        let schema = read::text(result, "schema");
        let answer = format!("This version of smschain can’t show results of the form “{schema}”.");
        let title = "smschain".to_owned();
        let top = Top { title, answer, ..Top::default() };
        Parts { top, figures: None, tables: Vec::new() }
    }
}

/// How it was made, in few words; `own` are the kind's.
fn facts(result: &Value, own: Vec<String>) -> Vec<String> {
    let mut facts = own;
    if let Some(replications) = read::number(result, "replications") {
        let plural = if replications == 1.0 { "" } else { "s" };
        facts.push(format!("{} replication{plural}", number::plain(replications)));
    }
    if let Some(seed) = read::at(result, "seed") {
        facts.push(format!("seed {}", read::written(seed)));
    }
    let fingerprint = read::text(result, "scenario.fingerprint");
    if !fingerprint.is_empty() {
        facts.push(format!("scenario {fingerprint}"));
    }
    let version = read::text(result, "engine.version");
    if !version.is_empty() {
        facts.push(format!("smschain {version}"));
    }
    facts
}

/// The scenario's name, and what was done with it.
fn title(result: &Value, what: &str) -> String {
    format!("{}: {what}", read::text(result, "scenario.name"))
}

#[cfg(test)]
mod tests;
