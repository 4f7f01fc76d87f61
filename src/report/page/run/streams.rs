//! The traffic, stream by stream.

use super::super::figure::Source;
use super::super::read;
use super::super::section::Section;
use super::super::sheet::{Cell, Sheet};
use crate::report::{Unit, Value};

pub(super) fn streams(report: &Value) -> Option<Section> {
    let run = Source::Run(report);
    let mut sheet = Sheet::new("streams", "Traffic by stream; shares are of what the API accepted")
        .texts(&["stream"])
        .numbers(&["asked for", "accepted", "delivered", "on time", "median", "95 %", "99 %"]);
    for (name, _) in read::entries(report, "traffic") {
        let figure = |rest: &str| run.figure(&format!("traffic.{name}.{rest}"));
        let layer = |layer: &str| Cell::count(figure(&format!("layers.{layer}")).value);
        let reached = |gap: &str| {
            Cell::figure(Unit::Share, figure(&format!("divergence.{gap}")).complement())
        };
        let time =
            |key: &str| Cell::figure(Unit::Seconds, figure(&format!("latency.delivery.{key}")));
        sheet.row(vec![
            Cell::text(name),
            layer("requested"),
            layer("api_success"),
            reached("api_vs_outcome"),
            reached("api_vs_on_time"),
            time("p50_s"),
            time("p95_s"),
            time("p99_s"),
        ]);
    }
    Section::new("traffic", "Traffic streams", |html| sheet.write(html))
}
