//! The carriers and their filters.

use super::super::Facts;
use super::Page;
use super::grid::Grid;
use super::per_run::a_run;
use super::text::{listed, plain};
use crate::report::number::{self, cell, count};

pub(super) fn carriers(facts: &Facts<'_>, page: &Page) -> String {
    let mut grid = Grid::new("Carriers").numbers(&[
        "copies",
        "delivered",
        "throttled",
        "capped",
        "filtered",
        "expired",
        "unknown",
        "lost",
        "waiting",
        "throttle",
    ]);
    let mut filters = Vec::new();
    for (carrier, counted) in facts.spec.carriers.iter().zip(&facts.results().carriers) {
        let rate = carrier.throttle.as_ref().map(|throttle| throttle.bucket.rate);
        let used = facts.throttle_utilisation(counted.throttle_taken, rate);
        let sums = vec![
            counted.arrived,
            counted.delivered,
            counted.throttled,
            counted.capped,
            counted.filtered.iter().sum(),
            counted.expired,
            counted.unknown_subscriber,
            counted.lost,
        ];
        let mut cells: Vec<String> = sums.iter().map(|&sum| cell(sum)).collect();
        cells.push(cell(counted.waiting.max));
        cells.push(used.filter(|&used| used > 0.0).map_or_else(|| "·".to_owned(), number::used));
        grid.row(&carrier.name, cells);
        a_run(&mut grid, facts, sums, 2);
        for (filter, &taken) in carrier.filters.iter().zip(&counted.filtered) {
            if taken > 0 {
                let name = plain(&format!("{}/{}", carrier.name, filter.name));
                filters.push(format!("{name} {}", count(taken)));
            }
        }
    }
    let mut lines = grid.set(page);
    if !filters.is_empty() {
        filters[0] = format!("filters: {}", filters[0]);
        for line in listed(&filters, page.width - 2) {
            lines.push_str(&format!("  {line}\n"));
        }
    }
    lines
}
