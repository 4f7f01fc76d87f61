//! The streams, when there are several.

use super::super::Facts;
use super::Page;
use super::grid::Grid;
use crate::experiment::metrics;
use crate::report::number::{cell, percent, span};

const NOTE: &str = "  Shares are of what was asked for.\n";

pub(super) fn streams(facts: &Facts<'_>, page: &Page) -> String {
    if facts.spec.traffic.len() < 2 {
        return String::new();
    }
    let has_deadline = facts.spec.has_deadline();
    let mut columns = vec!["asked for", "accepted", "delivered"];
    columns.extend(has_deadline.then_some("on time"));
    columns.extend(["p50", "p95"]);
    let mut grid = Grid::new("Traffic").numbers(&columns);
    for (stream, counted) in facts.spec.traffic.iter().zip(&facts.results().traffic) {
        let layers = &counted.layers;
        let [(_, accepted), (_, delivered), (_, on_time)] = metrics::of_requested(layers);
        let part = |share: Option<f64>| share.map_or_else(|| "·".to_owned(), percent);
        let quantile = |p| counted.delivery.quantile_s(p).map_or_else(|| "·".to_owned(), span);
        let mut cells = vec![cell(layers.requested), part(accepted), part(delivered)];
        cells.extend(has_deadline.then(|| part(on_time)));
        cells.extend([quantile(0.5), quantile(0.95)]);
        grid.row(&stream.name, cells);
    }
    let table = grid.set(page);
    if table.is_empty() { table } else { table + NOTE }
}
