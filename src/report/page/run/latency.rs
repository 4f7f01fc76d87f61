//! How long the stages took.

use maud::html;

use super::super::figure::Source;
use super::super::section::{Section, remark};
use super::super::sheet::{Cell, Sheet};
use crate::chain::Stage;
use crate::report::table::latency::name;
use crate::report::{Unit, Value};

/// Heading and key.
const FIGURES: [(&str, &str); 7] = [
    ("mean", "mean_s"),
    ("median", "p50_s"),
    ("90 %", "p90_s"),
    ("95 %", "p95_s"),
    ("99 %", "p99_s"),
    ("99.9 %", "p999_s"),
    ("longest", "max_s"),
];

pub(super) fn latency(report: &Value) -> Option<Section> {
    let run = Source::Run(report);
    let mut sheet =
        Sheet::new("latencies", "Time by stage: the mean, and within what time so many")
            .texts(&["stage"])
            .numbers(&["messages"])
            .numbers(&FIGURES.map(|(heading, _)| heading));
    for stage in Stage::ALL {
        let path = |key: &str| format!("latency.{}.{key}", stage.name());
        // What took no time at all isn't in this chain.
        if run.value(&path("max_s")).is_none_or(|longest| longest <= 0.0) {
            continue;
        }
        let mut cells = vec![Cell::text(name(stage)), Cell::count(run.value(&path("count")))];
        cells.extend(FIGURES.map(|(_, key)| Cell::figure(Unit::Seconds, run.figure(&path(key)))));
        sheet.row(cells);
    }
    let inside = html! {
        (sheet)
        (remark(
            "Of the messages that passed the stage. Stages that took no time are left out.",
        ))
    };
    Section::new("times", "Latencies", inside)
}
