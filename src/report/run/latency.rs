//! Latencies by stage.

use super::Told;
use crate::chain::Stage;
use crate::report::document::{Block, Cell, On, Section, Table};
use crate::report::metric::{Metric, under};
use crate::report::names;

pub(super) fn latency(told: Told<'_>) -> Section {
    let columns: Vec<&Metric> =
        under("latency.<stage>").filter(|metric| metric.key() != "sd_s").collect();
    let mut table = Table::new("latencies", "Latency", "stage")
        .caption("Time by stage: the mean, and within what time so many")
        .without_intervals();
    for metric in &columns {
        let on = if matches!(metric.key(), "count" | "p90_s") { On::Page } else { On::Both };
        table.push(metric.heading(), true, on);
    }
    for stage in Stage::ALL {
        let path = |key: &str| format!("latency.{}.{key}", stage.name());
        // What took no time at all isn't in this chain.
        if told.figures.value(&path("max_s")).is_none_or(|longest| longest <= 0.0) {
            continue;
        }
        let mut cells = vec![Cell::text(names::stage(stage))];
        let figure =
            |own: &&Metric| Cell::figure(own.unit(), told.figures.figure(&path(own.key())));
        cells.extend(columns.iter().map(figure));
        table.row(cells);
    }
    Section::new("times", "Latencies").with(table).on_page(Block::remark(
        "Of the messages that passed the stage. Stages that took no time are left out.",
    ))
}
