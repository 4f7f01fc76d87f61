//! The settings that the headline is sensitive to, the most on top.

use super::super::head::has_deadline;
use super::super::{Findings, Value};
use super::axis::Axis;
use super::frame::{Frame, Room};
use super::ink::Ink;
use super::key::key;
use super::provenance::provenance;
use super::rows::Rows;
use super::sheet::{Anchor, MARGIN, SMALL, Sheet, wide};
use crate::report::Unit;
use crate::report::metric::truly;
use crate::report::number::{self, short};
use crate::report::read::{Figure, estimate, list, number, text_at};
use crate::report::{label, unit};

const TOP: i32 = 220;
const ROW: i32 = 62;
/// As many parameters, those that matter most.
const MOST: usize = 15;
/// A setting's name has at most so much room.
const NAME: i32 = 700;
/// Values beside their bars have at most so much.
const VALUE: i32 = 330;

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let sensitivity = findings.result.get("sensitivity")?;
    let path = text_at(sensitivity, "path")?;
    let all: Vec<Parameter<'_>> =
        list(sensitivity, "parameters").iter().filter_map(Parameter::of).collect();
    let (all, idle): (Vec<_>, Vec<_>) = all.into_iter().partition(Parameter::matters);
    let (shown, left_out) = all.split_at(all.len().min(MOST));
    if shown.is_empty() {
        return None;
    }
    let unit = unit(path);
    let left = Rows::within(shown.iter().map(|parameter| parameter.path), NAME);
    let values = shown.iter().map(Parameter::widest).max().unwrap_or(0).min(VALUE) + 20;
    let bottom = TOP + Rows::height(ROW, shown.len());
    let height = bottom + 110 + MARGIN;
    let named = truly(path, has_deadline(&findings.result));
    let title = format!("What moves it: {}", label(named));
    let mut sheet = Sheet::new(height, title, &provenance(&findings.result));
    let change = number(sensitivity, "change")
        .map_or("so much".to_owned(), |share| format!("{} %", short(share * 100.0)));
    let (less, more) = (format!("{change} less"), format!("{change} more"));
    let entries = [(Ink::SKY, 0.9, less.as_str()), (Ink::BLUE, 0.9, more.as_str())];
    key(&mut sheet, (MARGIN, 154), &entries);
    let ends = shown.iter().flat_map(|parameter| [parameter.at_low, parameter.at_high]);
    let ends = ends.filter_map(|end| {
        let (mean, half) = (end.value?, end.half_width.unwrap_or(0.0));
        Some([mean - half, mean + half])
    });
    let base = estimate(sensitivity.get("base"), "mean");
    let of =
        base.value.map_or(String::new(), |base| format!(" from {}", number::write(unit, base)));
    let more = match left_out.len() {
        0 => String::new(),
        count => format!(" · {count} more in sweep.json"),
    };
    let none = match idle.len() {
        0 => String::new(),
        count => format!(" · {count} without any effect"),
    };
    let x = Axis::few(unit.of_differences(), ends.flatten(), true)
        .captioned(format!("change{of}{more}{none}"));
    let room = Room {
        top: TOP - 16,
        bottom: bottom + 92,
        right: values,
        left: Some(left + values),
        labelled: true,
    };
    let frame = Frame::draw(&mut sheet, x, Axis::slots(&[]), room);
    let rows = Rows { left, top: TOP, pitch: ROW };
    for (index, parameter) in shown.iter().enumerate() {
        rows.name(&mut sheet, index, parameter.path);
        parameter.draw(&mut sheet, &frame, rows.middle(index), unit);
    }
    let zero = frame.across(0.0);
    sheet.path(vec![(zero, frame.top), (zero, frame.bottom)], Ink::AXIS, 3);
    sheet.description = description(shown, unit, named, &change);
    Some(sheet)
}

/// A parameter and what its two ends do.
struct Parameter<'run> {
    path: &'run str,
    low: &'run str,
    high: &'run str,
    at_low: Figure,
    at_high: Figure,
}

impl Parameter<'_> {
    fn of(value: &Value) -> Option<Parameter<'_>> {
        Some(Parameter {
            path: text_at(value, "path")?,
            low: text_at(value, "low").unwrap_or_default(),
            high: text_at(value, "high").unwrap_or_default(),
            at_low: estimate(value.get("at_low"), "difference"),
            at_high: estimate(value.get("at_high"), "difference"),
        })
    }

    /// True if either end changes anything in any replication.
    fn matters(&self) -> bool {
        let moves = |known: Figure| [known.value, known.half_width].into_iter().flatten();
        moves(self.at_low).chain(moves(self.at_high)).any(|part| part != 0.0)
    }

    /// True if both ends go to the same side, so that their bars share the height.
    fn same_side(&self) -> bool {
        side(self.at_low) == side(self.at_high)
    }

    /// Both values, for ends that share a side.
    fn both(&self) -> String {
        format!("{} | {}", self.low, self.high)
    }

    /// The width of what is written beside its bars.
    fn widest(&self) -> i32 {
        if self.same_side() {
            return wide(&self.both(), SMALL);
        }
        wide(self.low, SMALL).max(wide(self.high, SMALL))
    }

    /// Draws the bars of both ends with their intervals, then their values beside all of that.
    fn draw(&self, sheet: &mut Sheet, frame: &Frame, y: i32, unit: Unit) {
        let zero = frame.across(0.0);
        let ends = [(self.at_low, self.low, Ink::SKY, -1), (self.at_high, self.high, Ink::BLUE, 1)];
        let same = self.same_side();
        let (mut left, mut right) = (zero, zero);
        for (known, value, ink, lane) in ends {
            let Some(mean) = known.value else {
                continue;
            };
            let (top, bottom) = match (same, lane) {
                (false, _) => (y - 19, y + 19),
                (true, -1) => (y - 19, y - 1),
                (true, _) => (y + 1, y + 19),
            };
            let end = frame.across(mean);
            let (from, to) = (zero.min(end), zero.max(end).max(zero.min(end) + 2));
            sheet.block((from, top), (to, bottom), ink, 0.9);
            let half = known.half_width.unwrap_or(0.0);
            let (low, high) = (frame.across(mean - half), frame.across(mean + half));
            if high > low + 2 {
                whiskers(sheet, (low, high), y + 9 * lane);
            }
            let hover = format!("{} = {value}: {}", self.path, number::change(unit, known));
            sheet.mark_box((from.min(low), top), (to.max(high), bottom), hover);
            (left, right) = (left.min(from).min(low), right.max(to).max(high));
        }
        let mut write = |text: &str, before: bool| {
            let (x, anchor) =
                if before { (left - 12, Anchor::End) } else { (right + 12, Anchor::Start) };
            sheet.fitted((x, y), text, VALUE, SMALL, anchor, Ink::FAINT);
        };
        if same {
            write(&self.both(), side(self.at_low) < 0);
            return;
        }
        for (known, value, ..) in ends.into_iter().filter(|(known, ..)| known.value.is_some()) {
            write(value, side(known) < 0);
        }
    }
}

/// The side that a change goes to; none if it is not defined.
fn side(known: Figure) -> i32 {
    known.value.map_or(0, |mean| if mean < 0.0 { -1 } else { 1 })
}

/// An interval as a line with ends.
fn whiskers(sheet: &mut Sheet, (low, high): (i32, i32), y: i32) {
    sheet.path(vec![(low, y), (high, y)], Ink::TEXT, 2);
    for x in [low, high] {
        sheet.path(vec![(x, y - 6), (x, y + 6)], Ink::TEXT, 2);
    }
}

fn description(shown: &[Parameter<'_>], unit: Unit, path: &str, change: &str) -> String {
    let parts: Vec<String> = shown
        .iter()
        .take(3)
        .map(|parameter| {
            format!(
                "{}: {} with less, {} with more",
                parameter.path,
                number::change(unit, parameter.at_low),
                number::change(unit, parameter.at_high)
            )
        })
        .collect();
    let subject = label(path);
    format!(
        "Change of “{subject}” when one setting is {change} less or more. {}.",
        parts.join("; ")
    )
}
