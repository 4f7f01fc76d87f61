//! The page of a run: a file a section.

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

use super::Parts;
use crate::report::Value;

pub(super) fn parts(report: &Value) -> Parts {
    let sections = [
        objectives::objectives(report),
        layers::layers(report),
        lost::lost(report),
        observed::observed(report),
        latency::latency(report),
        incidents::incidents(report),
        streams::streams(report),
        stations::stations(report),
        requests::requests(report),
        figures::all(report),
    ];
    Parts {
        top: answer::top(report),
        figures: figures::key(report),
        tables: sections.into_iter().flatten().collect(),
    }
}
