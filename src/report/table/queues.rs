//! The queues.

use super::super::Facts;
use super::Page;
use super::grid::Grid;
use crate::report::number::{cell, percent};

pub(super) fn queues(facts: &Facts<'_>, page: &Page) -> String {
    let mut grid =
        Grid::new("Queues").numbers(&["mean depth", "max depth", "expired", "discarded", "busy"]);
    for (queue, counted) in facts.spec.queues.iter().zip(&facts.results().queues) {
        let busy = facts.utilisation(counted.busy.area, queue.workers);
        let idle = counted.depth.max == 0
            && counted.expired == 0
            && counted.discarded == 0
            && counted.busy.area == 0;
        // A queue that never held anything isn't news.
        if idle {
            continue;
        }
        let depth = facts.mean_level(counted.depth.area).unwrap_or(0.0);
        let cells = vec![
            if counted.depth.max == 0 { "·".to_owned() } else { format!("{depth:.1}") },
            cell(counted.depth.max),
            cell(counted.expired),
            cell(counted.discarded),
            busy.map_or_else(|| "·".to_owned(), percent),
        ];
        grid.row(&queue.name, cells);
    }
    grid.set(page)
}
