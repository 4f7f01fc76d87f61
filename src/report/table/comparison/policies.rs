//! A row a policy.

use super::super::Page;
use super::super::grid::Grid;
use super::super::paint::Ink;
use super::{Sheet, Shown};
use crate::experiment::{Known, Place};
use crate::report::Unit;
use crate::report::number::with_interval;

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
    let Some(known) = shown.known.get(policy) else {
        return (String::new(), Ink::Plain);
    };
    let nothing = |known: &Known| known.mean == Some(0.0) && known.half_width.unwrap_or(0.0) == 0.0;
    if shown.known.iter().all(nothing) {
        return ("·".to_owned(), Ink::Plain);
    }
    let mut text = match known.mean {
        Some(mean) => {
            let like = common_unit(shown).unwrap_or(mean);
            with_interval(shown.column.unit, mean, known.half_width, like)
        }
        None if known.n == 0 && shown.column.unit == Unit::Seconds => "never".to_owned(),
        None if known.n == 0 => "undefined".to_owned(),
        None => format!("in {}/{}", known.n, shown.values[policy].len()),
    };
    let place = shown.places.get(policy);
    text.push_str(match place {
        Some(Place::Best) => " ★",
        Some(Place::Contender) => " ☆",
        Some(Place::Behind) => "  ",
        None => "",
    });
    let ink = if place == Some(&Place::Best) { Ink::Green } else { Ink::Plain };
    (text, ink)
}

/// The value whose unit suits all of a column, unless they are too far apart: the smallest; the
/// largest, where that would be tens of thousands of milliseconds.
fn common_unit(shown: &Shown<'_>) -> Option<f64> {
    let means = || shown.known.iter().filter_map(|known| known.mean).filter(|&mean| mean > 0.0);
    let (least, most) = (means().reduce(f64::min)?, means().reduce(f64::max)?);
    let is_long = shown.column.unit == Unit::Seconds && least < 0.9995 && most >= 10.0;
    (most < 600.0 * least).then_some(if is_long { most } else { least })
}
