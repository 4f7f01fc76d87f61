//! The streams, when there are several.

use super::super::Facts;
use super::Page;
use super::grid::Grid;
use super::number::{cell, percent, span};
use crate::experiment::share;

pub(super) fn streams(facts: &Facts<'_>, page: &Page) -> String {
    if facts.spec.traffic.len() < 2 {
        return String::new();
    }
    let mut grid =
        Grid::new("Traffic").numbers(&["accepted", "delivered", "on time", "p50", "p95"]);
    for (stream, counted) in facts.spec.traffic.iter().zip(&facts.results().traffic) {
        let layers = &counted.layers;
        let part =
            |messages| share(messages, layers.accepted).map_or_else(|| "·".to_owned(), percent);
        let quantile = |p| counted.delivery.quantile_s(p).map_or_else(|| "·".to_owned(), span);
        let cells = vec![
            cell(layers.accepted),
            part(layers.delivered),
            part(layers.on_time),
            quantile(0.5),
            quantile(0.95),
        ];
        grid.row(&stream.name, cells);
    }
    grid.set(page)
}
