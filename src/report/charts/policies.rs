//! Retry policies: what each comes to, and how it differs from the baseline.

use super::super::head::has_deadline;
use super::super::{Findings, Value};
use super::axis::Axis;
use super::frame::{Frame, Room, overhang};
use super::ink::Ink;
use super::key::key;
use super::provenance::provenance;
use super::rows::Rows;
use super::sheet::{Anchor, BODY, MARGIN, Sheet, WIDTH};
use crate::experiment::metrics::HEADLINE;
use crate::report::Unit;
use crate::report::metric::truly;
use crate::report::number;
use crate::report::read::{Figure, estimate, list, metric, text_at};
use crate::report::{label, unit};

const TOP: i32 = 250;
const ROW: i32 = 58;
/// Columns of differences.
const DIFFERENCES: usize = 3;
/// Further figures, as far as there is room and they differ.
const MORE: [&str; 4] =
    ["latency.delivery.p95_s", "attempts.mean", "cost.per_on_time", "duplicates.copies"];

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let result = &findings.result;
    let cells = list(result, "cells");
    let names: Vec<&str> =
        cells.iter().map(|cell| text_at(cell, "policy").unwrap_or_default()).collect();
    if names.is_empty() {
        return None;
    }
    let dated = |path| truly(path, has_deadline(result));
    let subject = text_at(result, "decision.path").unwrap_or(dated(HEADLINE));
    let baseline = text_at(result, "baseline").unwrap_or_default();
    let bottom = TOP + Rows::height(ROW, names.len());
    let height = (bottom + 60 + MARGIN) / 2 * 2;
    let title = format!("Retry policies: {}", label(subject));
    let mut sheet = Sheet::new(height, title, &provenance(result));
    let entries = ["better", "undecided", "worse"].map(verdict);
    let entries = entries.map(|(ink, words)| (ink, 1.0, words));
    key(&mut sheet, (MARGIN, 150), &entries);
    let left = Rows::beside(names.iter().copied());
    let rows = Rows { left, top: TOP, pitch: ROW };
    for (index, name) in names.iter().enumerate() {
        rows.name(&mut sheet, index, name);
    }
    let mut panels = vec![means(result, subject)];
    let paths =
        [subject].into_iter().chain(MORE.into_iter().map(dated).filter(|&path| path != subject));
    let differences = paths.filter_map(|path| differences(result, &names, path, baseline));
    panels.extend(differences.take(DIFFERENCES));
    let count = i32::try_from(panels.len()).unwrap_or(1);
    let width = (WIDTH - MARGIN - left) / count;
    for (index, panel) in (0..).zip(&panels) {
        panel.draw(&mut sheet, rows, (left + index * width, width), bottom);
    }
    sheet.description = description(result, subject, baseline, &names);
    Some(sheet)
}

/// A verdict's colour and words; a mean has none.
fn verdict(name: &str) -> (Ink, &'static str) {
    match name {
        "better" => (Ink::GREEN, "better than the baseline"),
        "worse" => (Ink::VERMILION, "worse"),
        "" => (Ink::BLUE, ""),
        _ => (Ink::AXIS, "undecided"),
    }
}

/// A column: a value with its interval for each policy.
struct Panel {
    heading: String,
    unit: Unit,
    /// True if they are differences.
    signed: bool,
    /// `None`: the baseline itself.
    points: Vec<Option<(Figure, Ink, String)>>,
}

fn means(result: &Value, path: &str) -> Panel {
    let unit = unit(path);
    let points = list(result, "cells").iter().map(|cell| {
        let known = metric(cell, path);
        let name = text_at(cell, "policy").unwrap_or_default();
        let hover = format!("{name}: {}", number::known(unit, known));
        Some((known, verdict("").0, hover))
    });
    Panel { heading: label(path), unit, signed: false, points: points.collect() }
}

/// The differences from the baseline; `None` if nothing differs.
fn differences(result: &Value, names: &[&str], path: &str, baseline: &str) -> Option<Panel> {
    let unit = unit(path);
    let pairs: Vec<&Value> =
        list(result, "pairs").iter().filter(|pair| text_at(pair, "path") == Some(path)).collect();
    let points: Vec<Option<(Figure, Ink, String)>> = names
        .iter()
        .map(|name| {
            let pair = pairs.iter().find(|pair| text_at(pair, "policy") == Some(name))?;
            let known = estimate(Some(pair), "difference");
            let (ink, words) = verdict(text_at(pair, "verdict").unwrap_or("undecided"));
            let difference = number::change(unit, known);
            let hover = format!("{name} − {baseline}, {}: {difference}, {words}", label(path));
            Some((known, ink, hover))
        })
        .collect();
    let differs = |point: &Option<(Figure, Ink, String)>| {
        point.as_ref().is_some_and(|(known, ..)| {
            known.value.is_some_and(|mean| mean.abs() + known.half_width.unwrap_or(0.0) > 0.0)
        })
    };
    let heading = format!("{} − {baseline}", label(path));
    points.iter().any(differs).then_some(Panel { heading, unit, signed: true, points })
}

impl Panel {
    /// The ends of an interval; the value itself if it has none.
    fn interval(&self, known: Figure) -> Option<(f64, f64)> {
        let (mean, half) = (known.value?, known.half_width.unwrap_or(0.0));
        let around = (mean - half, mean + half);
        let interval = number::ends(self.unit, known).unwrap_or((mean, mean));
        Some(if self.signed { around } else { interval })
    }

    fn draw(&self, sheet: &mut Sheet, rows: Rows, (left, width): (i32, i32), bottom: i32) {
        let ends = self.points.iter().flatten().filter_map(|(known, ..)| {
            let (low, high) = self.interval(*known)?;
            Some([low, high])
        });
        let unit = if self.signed { self.unit.of_differences() } else { self.unit };
        let x = Axis::few(unit, ends.flatten(), self.signed);
        // The labels of neighbours' ends keep apart.
        let inset = overhang(&x) + 14;
        let room = Room {
            top: rows.top,
            bottom: bottom + 46,
            right: WIDTH - MARGIN - (left + width - inset.max(60)),
            left: Some(left + inset),
            labelled: true,
        };
        let at = (left + inset, TOP - 34);
        sheet.fitted(at, &self.heading, width - inset - 26, BODY - 2, Anchor::Start, Ink::FAINT);
        let frame = Frame::draw(sheet, x, Axis::slots(&[]), room);
        if self.signed {
            let zero = frame.across(0.0);
            sheet.path(vec![(zero, rows.top), (zero, frame.bottom)], Ink::AXIS, 2);
        }
        for (index, point) in self.points.iter().enumerate() {
            let y = rows.middle(index);
            sheet.path(vec![(frame.left, y), (frame.right, y)], Ink::GRID, 1);
            let Some((known, ink, hover)) = point else {
                let zero = frame.across(0.0);
                sheet.dot((zero, y), 9, Ink::AXIS);
                sheet.dot((zero, y), 5, Ink::PAPER);
                sheet.mark((zero, y), "the baseline");
                continue;
            };
            let Some(mean) = known.value else {
                sheet.text((frame.left + 8, y), "–", BODY, Anchor::Start, Ink::FAINT);
                sheet.mark((frame.left + 16, y), hover.clone());
                continue;
            };
            let (low, high) = self.interval(*known).unwrap_or((mean, mean));
            let (from, to) = (frame.across(low), frame.across(high));
            sheet.block((from, y - 9), (to.max(from + 2), y + 9), *ink, 0.35);
            sheet.dot((frame.across(mean), y), 9, *ink);
            let (from, to) = (from.min(frame.across(mean) - 14), to.max(frame.across(mean) + 14));
            sheet.mark_box((from, y - 20), (to, y + 20), hover.clone());
        }
    }
}

fn description(result: &Value, path: &str, baseline: &str, names: &[&str]) -> String {
    let unit = unit(path);
    let means = list(result, "cells")
        .iter()
        .zip(names)
        .take(8)
        .map(|(cell, name)| format!("{name} {}", number::known(unit, metric(cell, path))));
    let means: Vec<String> = means.collect();
    let verdicts = list(result, "pairs").iter().filter(|pair| text_at(pair, "path") == Some(path));
    let named = |wanted: &str| {
        let such = verdicts.clone().filter(|pair| text_at(pair, "verdict") == Some(wanted));
        let names: Vec<&str> = such.filter_map(|pair| text_at(pair, "policy")).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let verdict = match text_at(result, "verdict.text") {
        Some(text) => format!("{text} "),
        None => String::new(),
    };
    format!(
        "{verdict}{}: {}. Better than {baseline}: {}; worse: {}.",
        label(path),
        means.join(", "),
        named("better"),
        named("worse")
    )
}
