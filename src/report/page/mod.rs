//! Pages and tables of result folders: the page to share, and what the terminal says. The page is made
//! from the result file alone, so that it can be made again from the folder.

use super::charts::Drawing;
#[cfg(feature = "python")]
use super::document::told_element;
use super::document::{Document, Footer, Look};
use super::{Facts, Findings, Kind, Value, capacity, comparison, fit, input, read, run, sweep};
use crate::chain::spec::Spec;

/// The page of a result folder. `again`: the command that repeats it.
#[must_use]
pub fn page(findings: &Findings, drawings: &[Drawing], again: &str) -> String {
    document(findings).page(drawings, again)
}

/// The answer with its figures and charts, as an element of a notebook; of a kind of result that has no
/// page, what is `told` on the terminal.
#[cfg(feature = "python")]
#[must_use]
pub fn fragment(findings: Option<&Findings>, drawings: &[Drawing], told: &str) -> String {
    match findings.filter(|findings| has_page(findings)) {
        Some(findings) => document(findings).element(drawings),
        None => told_element(told, drawings),
    }
}

/// True of findings of a kind that has a page.
#[cfg(feature = "python")]
#[must_use]
pub fn has_page(findings: &Findings) -> bool {
    findings.kind().is_some_and(|kind| kind != Kind::Replay)
}

/// The same on the terminal, with what only the scenario tells.
#[must_use]
pub fn table(findings: &Findings, spec: &Spec, look: Look, footer: &Footer) -> String {
    document(findings).told_by(spec, spec.duration).lines(look, footer)
}

/// The same of a run, with what only the run itself tells.
#[must_use]
pub fn run_table(findings: &Findings, facts: &Facts<'_>, look: Look, footer: &Footer) -> String {
    with_input(run::document(&findings.result, Some(facts)), &findings.result).lines(look, footer)
}

fn with_input(mut document: Document, result: &Value) -> Document {
    document.sections.push(input::section(result));
    document
}

fn document(findings: &Findings) -> Document {
    let result = &findings.result;
    let document = match findings.kind() {
        Some(Kind::Run) => run::document(result, None),
        Some(Kind::Sweep) => sweep::document(result),
        Some(Kind::Compare) => comparison::document(result),
        Some(Kind::Capacity) => capacity::document(result),
        Some(Kind::Fit) => fit::document(result),
        // A replay has charts, but no page.
        Some(Kind::Replay) | None => unknown(result),
    };
    with_input(document, result)
}

/// A result of another version: said, rather than shown wrongly.
fn unknown(result: &Value) -> Document {
    let schema = read::text(result, "schema");
    let answer = format!("This version of smschain can’t show results of the form “{schema}”.");
    Document { answer, ..Document::new(result, "smschain", Vec::new()) }
}

#[cfg(test)]
mod tests;
