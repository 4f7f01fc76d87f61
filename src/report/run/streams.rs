//! The traffic, stream by stream.

use super::Told;
use crate::report::Unit;
use crate::report::document::{Block, Cell, On, Section, Table};
use crate::report::read;

pub(super) fn streams(told: Told<'_>) -> Section {
    let mut table = Table::new("streams", "Traffic", "stream")
        .caption("Traffic by stream")
        .without_intervals()
        .numbers(&["asked for", "accepted", "delivered"]);
    if told.has_deadline {
        table.push("on time", true, On::Both);
    }
    table = table.numbers(&["p50", "p95"]).numbers_on(On::Page, &["p99"]);
    for (name, _) in read::entries(told.report, "traffic") {
        let figure = |rest: &str| told.figures.figure(&format!("traffic.{name}.{rest}"));
        let share = |key: &str| Cell::figure(Unit::Share, figure(&format!("of_requested.{key}")));
        let time =
            |key: &str| Cell::figure(Unit::Seconds, figure(&format!("latency.delivery.{key}")));
        let mut cells = vec![
            Cell::text(name),
            Cell::count(figure("layers.requested").value),
            share("accepted"),
            share("delivered"),
        ];
        cells.extend(told.has_deadline.then(|| share("on_time")));
        cells.extend(["p50_s", "p95_s", "p99_s"].map(time));
        table.row(cells);
    }
    let section = Section::new("traffic", "Traffic streams");
    let note = Block::remark("Shares are of what was asked for.");
    // One alone is the whole.
    if read::entries(told.report, "traffic").count() > 1 {
        section.with(table).with(note)
    } else {
        section.on_page(table).on_page(note)
    }
}
