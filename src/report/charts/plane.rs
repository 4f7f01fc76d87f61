//! The gap over two settings, with the edge of what keeps the objective.

use super::super::{Findings, Value};
use super::design::Design;
use super::heat::{Grid, Tile};
use super::ink::Ink;
use super::provenance::provenance;
use super::rows::Rows;
use super::sheet::{Anchor, BODY, HEIGHT, MARGIN, Sheet, WIDTH, wide};
use crate::experiment::metrics::HEADLINE;
use crate::report::head::has_deadline;
use crate::report::metric::truly;
use crate::report::number::{self, percent};
use crate::report::read::{list, metric};
use crate::report::text::start;
use crate::report::{Unit, label};

const TOP: i32 = 190;
/// More values than this of a setting are not drawn.
const MOST: usize = 100;
/// The space below the grid: values and name of the horizontal axis.
const BELOW: i32 = 110;

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let design = Design::of(&findings.result)?;
    if design.axes.len() != 2
        || design.axes.iter().any(|axis| !(2..=MOST).contains(&axis.labels.len()))
    {
        return None;
    }
    let across = design.across();
    let (x, y) = (&design.axes[across], &design.axes[1 - across]);
    // Cells by column and row, the greatest number of the vertical axis on top.
    let mut lines = design.lines(across);
    let mut names = y.labels.clone();
    if y.numbers.is_some() {
        lines.reverse();
        names.reverse();
    }
    let cell = |column: usize, row: usize| lines.get(row)?.1.get(column).copied();
    let (columns, count) = (x.labels.len(), y.labels.len());
    let left = Rows::beside(names.iter().map(String::as_str));
    let times = |room: i32, count: usize| (room / i32::try_from(count).unwrap_or(1)).max(2);
    let grid = Grid {
        left,
        top: TOP,
        width: times(WIDTH - MARGIN - left, columns),
        height: times(HEIGHT - TOP - BELOW, count).clamp(24, 150),
    };
    let bottom = grid.corner(0, count).1;
    let said = label(truly(HEADLINE, has_deadline(&findings.result)));
    let title = format!("{}, over {} and {}", start(&said), x.caption(), y.caption());
    let mut sheet = Sheet::new(bottom + BELOW, title, &provenance(&findings.result));
    sheet.fitted((MARGIN, TOP - 36), &y.caption(), left + 600, BODY, Anchor::Start, Ink::FAINT);
    grid.names(&mut sheet, &x.labels, &names, bottom + 30);
    let middle = (left + grid.corner(columns, 0).0) / 2;
    let at = (middle, bottom + 78);
    sheet.fitted(at, &x.caption(), WIDTH - 2 * MARGIN - left, BODY, Anchor::Middle, Ink::FAINT);
    let gap = |column, row| cell(column, row).and_then(|cell| metric(cell, HEADLINE).value);
    let all = || (0..count).flat_map(|row| (0..columns).map(move |column| (column, row)));
    let most = all().filter_map(|(column, row)| gap(column, row)).fold(0.0_f64, f64::max);
    for (column, row) in all() {
        let known = cell(column, row).map(|cell| metric(cell, HEADLINE)).unwrap_or_default();
        let met = cell(column, row).and_then(met);
        let kept = match met {
            Some(true) => ", objective met",
            Some(false) => ", objective missed",
            None => "",
        };
        let hover = format!(
            "{} {}, {} {}: {said} {}{kept}",
            x.caption(),
            x.labels[column],
            y.caption(),
            names[row],
            number::known(Unit::Share, known)
        );
        let depth = known.value.map(|mean| if most > 0.0 { mean / most } else { 0.0 });
        let text = known.value.map_or("–".to_owned(), percent);
        grid.tile(&mut sheet, column, row, &Tile { ink: Ink::VERMILION, depth, text, hover });
    }
    let met = |column, row| cell(column, row).and_then(met);
    let judged = all().filter(|&(column, row)| met(column, row).is_some()).count();
    if judged > 0 {
        edge(&mut sheet, grid, (columns, count), |column, row| met(column, row) == Some(true));
        let kept = all().any(|(column, row)| met(column, row) == Some(true));
        legend(&mut sheet, left, kept);
    }
    let kept = all().filter(|&(column, row)| met(column, row) == Some(true)).count();
    sheet.description = description(&lines, &said, most, (judged > 0).then_some((kept, judged)));
    Some(sheet)
}

/// True if all objectives of a cell are met; `None` if it has none, or one is unknown and none
/// is missed.
fn met(cell: &Value) -> Option<bool> {
    let verdicts = list(cell, "slo").iter().map(|slo| match slo.get("met") {
        Some(Value::Bool(met)) => Some(*met),
        _ => None,
    });
    let verdicts: Vec<Option<bool>> = verdicts.collect();
    if verdicts.contains(&Some(false)) {
        return Some(false);
    }
    (!verdicts.is_empty() && !verdicts.contains(&None)).then_some(true)
}

/// A line between the cells that keep the objective and those that do not.
fn edge(
    sheet: &mut Sheet,
    grid: Grid,
    (columns, rows): (usize, usize),
    kept: impl Fn(usize, usize) -> bool,
) {
    for row in 0..rows {
        for column in 0..columns {
            if column + 1 < columns && kept(column, row) != kept(column + 1, row) {
                let ends = vec![grid.corner(column + 1, row), grid.corner(column + 1, row + 1)];
                sheet.path(ends, Ink::TEXT, 6);
            }
            if row + 1 < rows && kept(column, row) != kept(column, row + 1) {
                let ends = vec![grid.corner(column, row + 1), grid.corner(column + 1, row + 1)];
                sheet.path(ends, Ink::TEXT, 6);
            }
            if kept(column, row) {
                // A dot in the corner: it does not take a colour to tell the sides.
                let (x, y) = grid.corner(column, row);
                if grid.width > 40 && grid.height > 40 {
                    sheet.dot((x + 18, y + 18), 7, Ink::GREEN);
                }
            }
        }
    }
}

fn legend(sheet: &mut Sheet, left: i32, kept: bool) {
    let words = if kept { "keeps the objective" } else { "no point keeps the objective" };
    let start = WIDTH - MARGIN - wide(words, BODY);
    let at = (start.max(left), TOP - 36);
    sheet.text(at, words, BODY, Anchor::Start, Ink::FAINT);
    if kept {
        sheet.dot((at.0 - 20, at.1), 7, Ink::GREEN);
    }
}

fn description(
    lines: &[(String, Vec<&Value>)],
    said: &str,
    most: f64,
    kept: Option<(usize, usize)>,
) -> String {
    let cells = lines.iter().flat_map(|(_, cells)| cells);
    let least = cells.filter_map(|cell| metric(cell, HEADLINE).value).fold(most, f64::min);
    let mut text =
        format!("{}: {} to {} over two settings.", start(said), percent(least), percent(most));
    if let Some((kept, judged)) = kept {
        text.push_str(&format!(" {kept} of {judged} design points keep the objective."));
    }
    text
}
