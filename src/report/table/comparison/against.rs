//! The paired differences.

use super::super::Page;
use super::super::grid::Grid;
use super::super::paint::Ink;
use super::measured::difference;
use super::{Sheet, Shown};
use crate::experiment::{self, Difference};
use crate::report::comparison::{Measure, Verdict};

pub(super) fn against(sheet: &Sheet<'_>, page: &Page) -> String {
    let Some(subject) = sheet.columns.get(sheet.subject) else {
        return String::new();
    };
    let mut what = subject.column.heading.trim_end_matches(" %").to_owned();
    if subject.column.measure == Measure::Percent {
        what.push_str(", points");
    }
    let mut grid = Grid::new(&format!("Against {}", sheet.name(sheet.baseline())))
        .numbers(&[what.as_str(), "± 95 %", "variance ÷"])
        .text("that is")
        .text("otherwise for certain");
    for pair in &sheet.compared.comparison.pairs {
        let of_subject = of(sheet, subject, pair.point);
        let verdict = Verdict::of(subject.column.better, &of_subject);
        let ink = match verdict {
            Verdict::Better => Ink::Green,
            Verdict::Worse => Ink::Vermilion,
            Verdict::Undecided => Ink::Plain,
        };
        let reduction = of_subject.variance_reduction.map_or_else(String::new, factor);
        let (mean, half_width) = match (of_subject.mean, of_subject.half_width) {
            (Some(mean), Some(half)) => difference(subject.column.measure, mean, half),
            _ => ("not defined".to_owned(), String::new()),
        };
        let same = of_subject.mean == Some(0.0) && of_subject.half_width == Some(0.0);
        let said = if same { "the same" } else { verdict.name() };
        let cells = vec![
            (mean, Ink::Plain),
            (half_width, Ink::Plain),
            (reduction, Ink::Plain),
            (said.to_owned(), ink),
            (otherwise(sheet, pair.point), Ink::Faint),
        ];
        grid.inked(sheet.name(pair.point), cells);
    }
    grid.set(page)
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

/// What else is certain, column by column.
fn otherwise(sheet: &Sheet<'_>, policy: usize) -> String {
    let others = sheet.columns.iter().enumerate().filter(|(index, _)| *index != sheet.subject);
    let verdicts: Vec<(Verdict, &str)> = others
        .map(|(_, shown)| {
            let verdict = Verdict::of(shown.column.better, &of(sheet, shown, policy));
            (verdict, shown.column.heading.trim_end_matches(" %"))
        })
        .collect();
    let list = |wanted: Verdict| {
        let names = verdicts.iter().filter(|(verdict, _)| *verdict == wanted);
        let names: Vec<&str> = names.map(|(_, name)| *name).collect();
        (!names.is_empty()).then(|| format!("{}: {}", wanted.name(), names.join(", ")))
    };
    let parts = [list(Verdict::Better), list(Verdict::Worse)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
