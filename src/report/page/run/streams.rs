//! The traffic, stream by stream.

use maud::Render as _;

use super::super::figure::Source;
use super::super::section::Section;
use super::super::sheet::{Cell, Sheet};
use crate::report::head::has_deadline;
use crate::report::read;
use crate::report::{Unit, Value};

pub(super) fn streams(report: &Value) -> Option<Section> {
    let run = Source::Run(report);
    let has_deadline = has_deadline(report);
    let caption = "Traffic by stream; shares are of what was asked for";
    let mut columns = vec!["asked for", "accepted", "delivered"];
    columns.extend(has_deadline.then_some("on time"));
    columns.extend(["p50", "p95", "p99"]);
    let mut sheet = Sheet::new("streams", caption).texts(&["stream"]).numbers(&columns);
    for (name, _) in read::entries(report, "traffic") {
        let figure = |rest: &str| run.figure(&format!("traffic.{name}.{rest}"));
        let share = |key: &str| Cell::figure(Unit::Share, figure(&format!("of_requested.{key}")));
        let time =
            |key: &str| Cell::figure(Unit::Seconds, figure(&format!("latency.delivery.{key}")));
        let mut cells = vec![
            Cell::text(name),
            Cell::count(figure("layers.requested").value),
            share("accepted"),
            share("delivered"),
        ];
        cells.extend(has_deadline.then(|| share("on_time")));
        cells.extend(["p50_s", "p95_s", "p99_s"].map(time));
        sheet.row(cells);
    }
    Section::new("traffic", "Traffic streams", sheet.render())
}
