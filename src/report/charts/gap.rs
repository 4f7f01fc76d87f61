//! The gap between what the API promised and what came true, against the load or a setting.

use super::super::head::has_deadline;
use super::super::{Findings, Kind};
use super::axis::Axis;
use super::design::Design;
use super::frame::{Frame, Room};
use super::provenance::provenance;
use super::read::{items, metric};
use super::series::{Datum, MOST, Series, extent, label_room, lines};
use super::sheet::{HEIGHT, Sheet};
use super::words::Measure;
use super::{Chart, design};
use crate::experiment::metrics::HEADLINE;

pub(super) struct Gap;

impl Chart for Gap {
    fn name(&self) -> &'static str {
        "gap"
    }

    fn draw(&self, findings: &Findings) -> Option<Sheet> {
        if findings.kind() != Some(Kind::Sweep) {
            return None;
        }
        let design = Design::of(&findings.result)?;
        let across = design.across();
        let axis = &design.axes[across];
        let drawn: Vec<Series> = design
            .lines(across)
            .into_iter()
            .map(|(name, cells)| {
                let points = cells.iter().enumerate().map(|(index, cell)| {
                    let known = metric(cell, HEADLINE);
                    let label = axis.labels.get(index).map_or("", String::as_str);
                    let of = if name.is_empty() { String::new() } else { format!("{name}, ") };
                    let gap = Measure::Share.write_known(known);
                    let hover = format!("{of}{label}: gap {gap}");
                    Datum {
                        x: axis.at(index),
                        y: known.mean,
                        ends: Measure::Share.interval(known),
                        hover,
                    }
                });
                let points = points.collect();
                let series = Series::new(name, points);
                if axis.numbers.is_some() { series } else { series.apart() }
            })
            .filter(Series::is_drawn)
            .collect();
        if drawn.is_empty() {
            return None;
        }
        let (shown, left_out) = drawn.split_at(drawn.len().min(MOST));
        let caption = design::caption(&axis.path);
        let mut sheet =
            Sheet::new(HEIGHT, format!("The gap against {caption}"), &provenance(&findings.result));
        let y = Axis::of(Measure::Share, extent(shown))
            .captioned(format!("share of accepted messages that {}", lacking(findings)));
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
}

/// What the messages in the gap did not do.
fn lacking(findings: &Findings) -> &'static str {
    if has_deadline(&findings.result) { "did not arrive on time" } else { "were not delivered" }
}

/// From where to where each line goes.
fn description(findings: &Findings, series: &[Series], labels: &[String]) -> String {
    let (first, last) = (labels.first(), labels.last());
    let (Some(first), Some(last)) = (first, last) else {
        return String::new();
    };
    let ends = series.iter().map(|series| {
        let name = if series.name.is_empty() { "The gap" } else { &series.name };
        let value = |datum: Option<&Datum>| {
            let share = datum.and_then(|datum| datum.y);
            share.map_or("not defined".to_owned(), |share| Measure::Share.write(share))
        };
        format!(
            "{name}: {} at {first}, {} at {last}",
            value(series.points.first()),
            value(series.points.iter().rfind(|datum| !datum.hover.is_empty()))
        )
    });
    let ends: Vec<String> = ends.collect();
    let cells = items(&findings.result, &["cells"]).len();
    format!(
        "Share of the messages that the API accepted and that {}, over {cells} design points. {}.",
        lacking(findings),
        ends.join("; ")
    )
}
