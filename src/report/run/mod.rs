//! The document of a run: a file a section.

mod answer;
mod figures;
mod incidents;
mod latency;
mod layers;
mod lost;
mod objectives;
mod observed;
mod requests;
mod stations;
mod streams;

use super::document::{Document, charts};
use super::head::has_deadline;
use super::outcome::Outcome;
use super::read::{self, ReadFrom};
use super::{Facts, Value};

/// A report, and where it was made just now, what it was made of.
#[derive(Clone, Copy)]
struct Told<'run> {
    report: &'run Value,
    figures: ReadFrom<'run>,
    has_deadline: bool,
    runs: f64,
    facts: Option<&'run Facts<'run>>,
}

/// The document of a run; `facts` add what isn't in its report.
pub(super) fn document(report: &Value, facts: Option<&Facts<'_>>) -> Document {
    let told = Told {
        report,
        figures: ReadFrom::Run(report),
        has_deadline: has_deadline(report),
        runs: read::number(report, "replications").unwrap_or(1.0),
        facts,
    };
    let outcome = Outcome::of(told.figures, told.has_deadline);
    let asked = outcome.map(|outcome| answer::asked(&outcome, told.runs)).into_iter().collect();
    let mut document = Document::new(report, "what became of the messages", asked);
    if let Some(facts) = facts {
        document = document.told_by(facts.spec, facts.results().ended_at);
    }
    if let Some(outcome) = outcome {
        document.answer = answer::answer(&outcome);
        document.lead = answer::lead(told, outcome);
    }
    document.sections = vec![
        figures::key(told),
        charts(),
        objectives::objectives(told),
        layers::layers(told),
        lost::lost(told),
        observed::observed(told),
        latency::latency(told),
        incidents::incidents(told),
        streams::streams(told),
        stations::stations(told),
        requests::requests(told),
        figures::all(told),
    ];
    document
}

#[cfg(test)]
mod tests;
