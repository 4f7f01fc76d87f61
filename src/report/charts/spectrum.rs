//! Latency by percentile, on −log₁₀(1 − p): the tail takes as much room as the bulk.

use super::super::{Findings, Kind, Table, Value};
use super::axis::Axis;
use super::design::{Design, caption};
use super::frame::{Frame, Room};
use super::provenance::{common, provenance};
use super::series::{Datum, MOST, Series, extent, label_room, lines};
use super::sheet::{HEIGHT, Sheet};
use crate::chain::Stage;
use crate::experiment::metrics::QUANTILES;
use crate::report::number::{self, fine_span};
use crate::report::read::{list, metric, text_at};
use crate::report::{Unit, names};

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let result = &findings.result;
    let subtitle = provenance(result);
    match findings.kind()? {
        Kind::Run => {
            let (series, zero) = stages(findings.table("latency.csv")?)?;
            let mut sheet = spectrum("Latency by percentile", &subtitle, series, "")?;
            if !zero.is_empty() {
                sheet.description.push_str(&format!(" Always 0: {}.", zero.join(", ")));
            }
            Some(sheet)
        }
        Kind::Sweep => {
            let design = Design::of(result)?;
            let (series, note) = points(&design);
            spectrum(&delivery(), &subtitle, series, &note)
        }
        Kind::Compare => {
            let cells = list(result, "cells").iter();
            let series = cells.map(|cell| {
                quantiles(text_at(cell, "policy").unwrap_or_default().to_owned(), cell)
            });
            spectrum(&delivery(), &subtitle, series.collect(), "")
        }
        Kind::Capacity | Kind::Replay | Kind::Fit => None,
    }
}

/// The title where there is one stage alone.
fn delivery() -> String {
    format!("Latency by percentile, {}", names::stage(Stage::Delivery))
}

/// The time to delivery of several runs.
pub(super) fn overlaid(runs: &[(String, &Findings)]) -> Option<Sheet> {
    let series = runs.iter().filter_map(|(name, findings)| {
        let points = stage(findings.table("latency.csv")?, "delivery", name)?;
        Some(Series::new(name.clone(), points))
    });
    let subtitle = common(runs.iter().map(|(_, findings)| &findings.result));
    spectrum(&delivery(), &subtitle, series.collect(), "")
}

/// The chart of these lines; `note` is said beside what the axis is.
fn spectrum(title: &str, subtitle: &str, series: Vec<Series>, note: &str) -> Option<Sheet> {
    let mut series: Vec<Series> = series.into_iter().filter(Series::is_drawn).collect();
    series.truncate(MOST);
    if series.is_empty() {
        return None;
    }
    let mut sheet = Sheet::new(HEIGHT, title, subtitle);
    let points = || series.iter().flat_map(|series| &series.points);
    let last = points().filter(|point| point.y.is_some()).map(|point| point.x).fold(0.5, f64::max);
    let x = Axis::percentiles(last)
        .captioned(format!("percentile of messages, log scale of 1 − p{note}"));
    let highest = extent(&series).fold(0.0_f64, f64::max);
    let y =
        Axis::log_spans(points().filter_map(|point| point.y).chain([highest])).captioned("latency");
    let frame = Frame::draw(&mut sheet, x, y, Room::whole(HEIGHT, label_room(&series)));
    lines(&mut sheet, &frame, &series);
    let ends = series.iter().filter_map(|series| {
        let at = |p: f64| {
            series.points.iter().find(|point| (point.x - p).abs() < 1e-9)?.y.map(fine_span)
        };
        let values = [("half", 0.5), ("99 %", 0.99)];
        let values = values.map(|(share, p)| Some(format!("{share} within {}", at(p)?)));
        let values: Vec<String> = values.into_iter().flatten().collect();
        (!values.is_empty()).then(|| format!("{}: {}", series.name, values.join(", ")))
    });
    let ends: Vec<String> = ends.collect();
    sheet.description = format!(
        "Latency by percentile, from the median to the {} longest. {}.",
        if last >= 0.999 { "very" } else { "few" },
        ends.join("; ")
    );
    Some(sheet)
}

/// The lines of `latency.csv`, and the stages that never took any time.
fn stages(table: &Table) -> Option<(Vec<Series>, Vec<&'static str>)> {
    table.columns.iter().position(|column| column == "stage")?;
    let (mut series, mut zero) = (Vec::new(), Vec::new());
    // What matters most goes on top.
    for own in Stage::ALL.into_iter().rev() {
        let name = names::stage(own);
        match stage(table, own.name(), name) {
            Some(points) if points.iter().any(|point| point.y > Some(0.0)) => {
                series.push(Series::new(name, points));
            }
            Some(points) if !points.is_empty() => zero.push(name),
            _ => {}
        }
    }
    Some((series, zero))
}

/// A stage's line; it rises from the axis where it stops being 0.
fn stage(table: &Table, file: &str, name: &str) -> Option<Vec<Datum>> {
    let stages = table.column("stage")?;
    let (percentiles, seconds) = (table.numbers("percentile")?, table.numbers("seconds")?);
    let rows = stages.zip(percentiles.iter().zip(&seconds));
    let own = rows.filter(|(stage, _)| *stage == file);
    let points: Vec<(f64, f64)> = own
        .filter_map(|(_, (&percentile, &seconds))| Some((percentile? / 100.0, seconds?)))
        .filter(|&(p, _)| (0.5..1.0).contains(&p))
        .collect();
    let first = points.iter().position(|&(_, seconds)| seconds > 0.0).unwrap_or(0);
    let points = points[first.saturating_sub(1)..].iter().map(|&(p, seconds)| {
        let words = || format!("{name}, {}: {}", percentile(p), fine_span(seconds));
        let hover = if is_round(p) { words() } else { String::new() };
        Datum { x: p, y: Some(seconds), ends: None, hover }
    });
    Some(points.collect())
}

/// A few in each power of ten: one half, one fifth and one tenth of it are beyond.
fn is_round(p: f64) -> bool {
    let mut beyond = 1.0 - p;
    while beyond < 0.0999 {
        beyond *= 10.0;
    }
    [0.1, 0.2, 0.5].iter().any(|round| (beyond - round).abs() < 1e-4)
}

/// `p99.9`.
fn percentile(p: f64) -> String {
    let text = format!("{:.7}", p * 100.0);
    format!("p{}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The line of a cell's quantiles.
fn quantiles(name: String, cell: &Value) -> Series {
    let points = QUANTILES.map(|(quantile, p)| {
        let known = metric(cell, &format!("latency.delivery.{quantile}"));
        let of = if name.is_empty() { String::new() } else { format!("{name}, ") };
        let hover = format!("{of}{}: {}", percentile(p), number::known(Unit::Seconds, known));
        Datum { x: p, y: known.value, ends: number::ends(Unit::Seconds, known), hover }
    });
    Series::new(name, points.into())
}

/// A line for each point of one axis; with two axes, where the first is at its end.
fn points(design: &Design<'_>) -> (Vec<Series>, String) {
    let across = design.across();
    let axis = &design.axes[across];
    if design.axes.len() == 1 {
        let lines = design.lines(across);
        let cells = lines.into_iter().flat_map(|(_, cells)| cells);
        let series = cells.zip(&axis.labels).map(|(cell, label)| quantiles(label.clone(), cell));
        return (series.collect(), format!(" · a line for each {}", caption(&axis.path)));
    }
    let lines = design.lines(across);
    let series = lines.into_iter().filter_map(|(name, cells)| Some(quantiles(name, cells.last()?)));
    let last = axis.labels.last().map_or("", String::as_str);
    (series.collect(), format!(" · {} {last}", caption(&axis.path)))
}
