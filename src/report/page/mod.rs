//! The page to share, made from a result file alone, so that it can be made again from the folder.

use super::charts::Drawing;
use super::document::Document;
use super::{Findings, Kind, Value, capacity, comparison, fit, read, run, sweep};

/// The page of a result folder. `again`: the command that repeats it.
#[must_use]
pub fn page(findings: &Findings, drawings: &[Drawing], again: &str) -> String {
    let result = &findings.result;
    let document = match findings.kind() {
        Some(Kind::Run) => run::document(result, None),
        Some(Kind::Sweep) => sweep::document(result, None),
        Some(Kind::Compare) => comparison::document(result, None),
        Some(Kind::Capacity) => capacity::document(result, None),
        Some(Kind::Fit) => fit::document(result),
        // A replay has charts, but no page.
        Some(Kind::Replay) | None => unknown(result),
    };
    document.page(drawings, again)
}

/// A result of another version: said, rather than shown wrongly.
fn unknown(result: &Value) -> Document {
    let schema = read::text(result, "schema");
    let answer = format!("This version of smschain can’t show results of the form “{schema}”.");
    Document { answer, ..Document::new(result, "smschain", Vec::new()) }
}

#[cfg(test)]
mod tests;
