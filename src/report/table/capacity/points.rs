//! The points tried, a row each.

use super::super::super::capacity::Capacity;
use super::super::Page;
use super::super::grid::Grid;
use super::super::paint::Ink;
use super::super::text::plain;
use super::shown;
use crate::experiment::capacity::{Asked, Gauge, Margin, Verdict};
use crate::report::number::count;
use crate::report::number::with_interval;
use crate::report::{Unit, unit};

/// Paths of keys are cut beyond this.
const NAMES: usize = 32;

pub(super) fn points(capacity: &Capacity<'_>, page: &Page) -> String {
    let asked: Vec<(usize, &Asked)> = capacity
        .objective
        .asked()
        .iter()
        .enumerate()
        .filter(|(_, asked)| !matches!(asked.gauge, Gauge::Known(_)))
        .collect();
    let title = if capacity.is_load() { "load" } else { capacity.path };
    let mut grid = Grid::new(&plain(title)).wide_names(NAMES).text("objective").number("n").apart();
    for (_, asked) in &asked {
        let unit = if unit(&asked.path) == Unit::Share { ", %" } else { "" };
        grid = grid.number(&format!("{}{unit}", asked.text));
    }
    for measured in capacity.points {
        let point = &measured.point;
        let ink = match point.verdict {
            Verdict::Met => Ink::Green,
            Verdict::Missed => Ink::Vermilion,
            Verdict::AtLimit => Ink::Plain,
            Verdict::Undecided => Ink::Orange,
        };
        let mut cells =
            vec![(point.verdict.said().to_owned(), ink), (count(point.replications), Ink::Plain)];
        for (index, asked) in &asked {
            let cell = point.margins.get(*index).map(|own| cell(asked, own)).unwrap_or_default();
            cells.push((cell, Ink::Plain));
        }
        grid.inked(&shown(capacity, measured.value), cells);
    }
    grid.set(page)
}

fn cell(asked: &Asked, margin: &Margin) -> String {
    match margin.mean {
        Some(mean) => with_interval(unit(&asked.path), mean, margin.half_width, mean),
        None => "undefined".to_owned(),
    }
}
