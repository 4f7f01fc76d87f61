//! A row a policy.

use super::super::Page;
use super::super::grid::Grid;
use super::super::paint::Ink;
use super::measured::with_interval;
use super::{Sheet, Shown};
use crate::experiment::{Place, Tally};
use crate::report::comparison::ERROR;

pub(super) fn policies(sheet: &Sheet<'_>, page: &Page) -> String {
    let mut grid = Grid::new("Policy");
    for shown in &sheet.columns {
        grid = grid.number(&heading(shown));
    }
    // Those that can't be the best are not simulated further.
    let lengths = sheet.compared.comparison.columns.iter().map(Vec::len);
    let unequal = lengths.clone().min() != lengths.clone().max();
    if unequal {
        grid = grid.number("n");
    }
    for (policy, length) in lengths.enumerate() {
        let mut cells: Vec<(String, Ink)> =
            sheet.columns.iter().map(|shown| cell(shown, policy)).collect();
        if unequal {
            cells.push((length.to_string(), Ink::Plain));
        }
        grid.inked(sheet.name(policy), cells);
    }
    grid.set(page)
}

/// Above the numbers, not above the marks.
fn heading(shown: &Shown<'_>) -> String {
    let mut heading = shown.column.heading.clone();
    if !shown.places.is_empty() {
        heading.push_str("  ");
    }
    heading
}

fn cell(shown: &Shown<'_>, policy: usize) -> (String, Ink) {
    let values = shown.values.get(policy).map_or(&[][..], Vec::as_slice);
    let mut tally = Tally::default();
    values.iter().for_each(|&value| tally.push(value));
    let known = tally.known(ERROR);
    let mut text = match known.mean {
        Some(mean) => with_interval(shown.column.measure, mean, known.half_width),
        None if known.n == 0 => "never".to_owned(),
        None => format!("in {}/{}", known.n, values.len()),
    };
    let place = shown.places.get(policy);
    if text != "·" || place == Some(&Place::Best) {
        text.push_str(match place {
            Some(Place::Best) => " ★",
            Some(Place::Contender) => " ☆",
            Some(Place::Behind) => "  ",
            None => "",
        });
    }
    let ink = if place == Some(&Place::Best) { Ink::Green } else { Ink::Plain };
    (text, ink)
}
