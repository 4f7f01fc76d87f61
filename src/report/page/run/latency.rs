//! How long the stages took.

use maud::html;

use super::super::figure::Source;
use super::super::section::{Section, remark};
use super::super::sheet::{Cell, Sheet};
use crate::chain::Stage;
use crate::report::Value;
use crate::report::metric::{Metric, under};
use crate::report::table::latency::name;

/// The columns.
fn figures() -> impl Iterator<Item = &'static Metric> {
    under("latency.<stage>").filter(|metric| metric.key() != "sd_s")
}

pub(super) fn latency(report: &Value) -> Option<Section> {
    let run = Source::Run(report);
    let mut sheet =
        Sheet::new("latencies", "Time by stage: the mean, and within what time so many")
            .texts(&["stage"])
            .numbers(&figures().map(Metric::heading).collect::<Vec<_>>());
    for stage in Stage::ALL {
        let path = |key: &str| format!("latency.{}.{key}", stage.name());
        // What took no time at all isn't in this chain.
        if run.value(&path("max_s")).is_none_or(|longest| longest <= 0.0) {
            continue;
        }
        let mut cells = vec![Cell::text(name(stage))];
        cells.extend(figures().map(|own| Cell::figure(own.unit(), run.figure(&path(own.key())))));
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
