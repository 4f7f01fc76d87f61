//! The gap between what the API promised and what came true, against the load or a setting.

use super::super::head::has_deadline;
use super::super::{Findings, Value};
use super::axis::Axis;
use super::design;
use super::design::{Design, Varied};
use super::frame::{Frame, Room};
use super::ink::Ink;
use super::provenance::provenance;
use super::series::{Datum, MOST, Series, extent, label_room, lines};
use super::sheet::{HEIGHT, Sheet};
use crate::experiment::metrics::HEADLINE;
use crate::report::metric::truly;
use crate::report::read::{list, metric};
use crate::report::text::start;
use crate::report::{self, Unit, number};

/// The share of what was asked for that the API accepted.
const ACCEPTED: &str = "of_requested.accepted";

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let design = Design::of(&findings.result)?;
    let across = design.across();
    let axis = &design.axes[across];
    let found = design.lines(across);
    let [gap, accepted] =
        [truly(HEADLINE, has_deadline(&findings.result)), ACCEPTED].map(report::label);
    // A single line has room beside it for what the API said meanwhile.
    let mut drawn: Vec<Series> = match found.as_slice() {
        [(_, cells)] => vec![
            line(axis, &gap, &gap, HEADLINE, cells).inked(Ink::VERMILION, Ink::VERMILION_TEXT),
            line(axis, &accepted, &accepted, ACCEPTED, cells)
                .inked(Ink::BLUE, Ink::BLUE_TEXT)
                .dashed(),
        ],
        several => {
            several.iter().map(|(name, cells)| line(axis, name, &gap, HEADLINE, cells)).collect()
        }
    };
    let has_gap = drawn.first().is_some_and(Series::is_drawn) || found.len() > 1;
    drawn.retain(|series| has_gap && series.is_drawn());
    if drawn.is_empty() {
        return None;
    }
    let (shown, left_out) = drawn.split_at(drawn.len().min(MOST));
    let caption = design::caption(&axis.path);
    let mut sheet = Sheet::new(
        HEIGHT,
        format!("{}, against {caption}", start(&gap)),
        &provenance(&findings.result),
    );
    let y_caption = match found.len() {
        1 => format!("{accepted}: of what was asked for · {gap}: of what was accepted"),
        _ => format!("share of accepted messages that {}", missing(findings)),
    };
    let y = Axis::of(Unit::Share, extent(shown)).captioned(y_caption);
    let others = design.axes.iter().enumerate().filter(|&(index, _)| index != across);
    let others: Vec<String> = others.map(|(_, axis)| axis.caption()).collect();
    let caption = match others.join(" and ") {
        others if others.is_empty() => caption,
        others => format!("{caption} · a line for each {others}"),
    };
    let caption = match left_out.len() {
        0 => caption,
        more => format!("{caption} · {more} more lines in cells.csv"),
    };
    let x = axis.axis().captioned(caption);
    let frame = Frame::draw(&mut sheet, x, y, Room::whole(HEIGHT, label_room(shown)));
    lines(&mut sheet, &frame, shown);
    sheet.description = description(findings, shown, &design.axes[across].labels);
    Some(sheet)
}

/// The figure at `path` along the axis, called `said` under the pointer.
fn line(axis: &Varied, name: &str, said: &str, path: &str, cells: &[&Value]) -> Series {
    let of = if name == said { String::new() } else { format!("{name}, ") };
    let points = cells.iter().enumerate().map(|(index, cell)| {
        let known = metric(cell, path);
        let label = axis.labels.get(index).map_or("", String::as_str);
        let hover = format!("{of}{label}: {said} {}", number::known(Unit::Share, known));
        Datum { x: axis.at(index), y: known.value, ends: number::ends(Unit::Share, known), hover }
    });
    let series = Series::new(name, points.collect());
    if axis.numbers.is_some() { series } else { series.apart() }
}

/// The thing that messages in the gap did not do.
fn missing(findings: &Findings) -> &'static str {
    if has_deadline(&findings.result) { "did not arrive on time" } else { "were not delivered" }
}

/// From where to where each line goes.
fn description(findings: &Findings, series: &[Series], labels: &[String]) -> String {
    let (first, last) = (labels.first(), labels.last());
    let (Some(first), Some(last)) = (first, last) else {
        return String::new();
    };
    let ends = series.iter().map(|series| {
        let name = &series.name;
        let value = |datum: Option<&Datum>| {
            let share = datum.and_then(|datum| datum.y);
            share.map_or("not defined".to_owned(), |share| number::write(Unit::Share, share))
        };
        format!(
            "{name}: {} at {first}, {} at {last}",
            value(series.points.first()),
            value(series.points.iter().rfind(|datum| !datum.hover.is_empty()))
        )
    });
    let ends: Vec<String> = ends.collect();
    let cells = list(&findings.result, "cells").len();
    format!(
        "Share of the messages that the API accepted and that {}, over {cells} design points. {}.",
        missing(findings),
        ends.join("; ")
    )
}
