//! The paired differences.

use super::super::Page;
use super::super::grid::Grid;
use super::super::paint::Ink;
use super::{Sheet, Shown};
use crate::experiment::{self, Difference};
use crate::report::Unit;
use crate::report::comparison::Verdict;
use crate::report::number::difference;

pub(super) fn against(sheet: &Sheet<'_>, page: &Page) -> String {
    let Some(subject) = sheet.columns.get(sheet.subject) else {
        return String::new();
    };
    let mut what = subject.column.name.clone();
    if subject.column.unit == Unit::Share {
        what.push_str(", points");
    }
    let mut grid = Grid::new(&format!("Against {}", sheet.name(sheet.baseline()))).apart();
    grid = grid.numbers(&[what.as_str(), "± 95 %", "variance ÷"]);
    let judged: Vec<&Shown<'_>> =
        sheet.columns.iter().filter(|shown| shown.column.better.is_some()).collect();
    for shown in &judged {
        grid = grid.number(&shown.column.name);
    }
    for pair in &sheet.compared.comparison.pairs {
        let found = of(sheet, subject, pair.point);
        let (mean, half_width) = match (found.mean, found.half_width) {
            (Some(mean), Some(half)) => difference(subject.column.unit, mean, half),
            _ => ("not defined".to_owned(), String::new()),
        };
        let reduction = found.variance_reduction.map_or_else(String::new, factor);
        let mut cells = [mean, half_width, reduction].map(|cell| (cell, Ink::Plain)).to_vec();
        cells.extend(judged.iter().map(|shown| said(sheet, shown, pair.point)));
        grid.inked(sheet.name(pair.point), cells);
    }
    grid.set(page)
}

/// What the interval says of a policy in one column.
fn said(sheet: &Sheet<'_>, shown: &Shown<'_>, policy: usize) -> (String, Ink) {
    let verdict = Verdict::of(shown.column.better, &of(sheet, shown, policy));
    let (text, ink) = match verdict {
        Verdict::Better => (verdict.name(), Ink::Green),
        Verdict::Worse => (verdict.name(), Ink::Vermilion),
        Verdict::Undecided => ("·", Ink::Plain),
    };
    (text.to_owned(), ink)
}

/// A policy's difference from the baseline in one column.
pub(super) fn of(sheet: &Sheet<'_>, shown: &Shown<'_>, policy: usize) -> Difference {
    let values = |policy: usize| shown.values.get(policy).map_or(&[][..], Vec::as_slice);
    let error = sheet.compared.pair_error();
    experiment::difference(values(policy), values(sheet.baseline()), error)
}

/// A ratio of variances, with two digits.
fn factor(ratio: f64) -> String {
    if ratio < 9.95 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
}
