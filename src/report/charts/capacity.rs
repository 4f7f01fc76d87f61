//! The search for the capacity: what was tried, and what came of it.

use super::super::{Findings, Value};
use super::axis::Axis;
use super::design::{caption, label};
use super::frame::{Frame, Room, left_of};
use super::ink::Ink;
use super::key::key;
use super::provenance::provenance;
use super::sheet::{Anchor, BODY, MARGIN, Sheet, wide};
use crate::report::Unit;
use crate::report::number;
use crate::report::read::{estimate, list, number, text_at};
use crate::report::{self, unit};

const TOP: i32 = 190;
/// Spans so many times apart are far apart.
const FAR: f64 = 30.0;
/// Figures of the objective that have a panel.
const PANELS: usize = 3;

pub(super) fn draw(findings: &Findings) -> Option<Sheet> {
    let result = &findings.result;
    let path = text_at(result, "path")?;
    let mut tried: Vec<Tried<'_>> = list(result, "cells")
        .iter()
        .enumerate()
        .filter_map(|(order, cell)| Tried::of(order, path, cell))
        .collect();
    tried.sort_by(|one, other| one.at.total_cmp(&other.at));
    let figures = figures(&tried);
    if tried.is_empty() || figures.is_empty() {
        return None;
    }
    let panel = if figures.len() == 1 { 700 } else { 420 };
    let count = i32::try_from(figures.len()).unwrap_or(1);
    let height = TOP + count * (panel + 20) + 92 + MARGIN;
    let answer = result.get("answer");
    let title = match answer.filter(|answer| **answer != Value::Null) {
        Some(answer) => match text_at(result, "answer_text") {
            Some(text) => format!("The capacity: {text}"),
            None => format!("The capacity: {} {}", caption(path), label(path, answer)),
        },
        None => format!("The capacity: {}", unanswered(text_at(result, "verdict"))),
    };
    let mut sheet = Sheet::new(height, title, &provenance(result));
    let entries = ["met", "undecided", "missed"].map(verdict);
    let entries = entries.map(|(ink, words)| (ink, 1.0, words));
    key(&mut sheet, (MARGIN, 152), &entries);
    let places: Vec<f64> = tried.iter().map(|tried| tried.at).collect();
    let labels: Vec<String> = tried.iter().map(|tried| tried.label.clone()).collect();
    let axes: Vec<Axis> = figures
        .iter()
        .map(|(path, limit)| {
            let values = tried.iter().flat_map(|tried| tried.ends(path)).chain(*limit);
            axis(unit(path), values.collect()).captioned(report::label(path))
        })
        .collect();
    let left = left_of(axes.iter());
    let mut top = TOP;
    for (index, ((figure, limit), y)) in (1..).zip(figures.iter().zip(axes)) {
        let last = index == count;
        let bottom = top + panel + if last { 92 } else { 0 };
        let x = Axis::points(&places, &labels);
        let x = x.captioned(if last { caption(path) } else { String::new() });
        let room = Room { top, bottom, right: 150, left: Some(left), labelled: last };
        let frame = Frame::draw(&mut sheet, x, y, room);
        let words = answer.filter(|_| index == 1).map(|answer| label(path, answer));
        draw_answer(&mut sheet, &frame, answer.and_then(place), words);
        draw_limit(&mut sheet, &frame, *limit);
        for tried in &tried {
            tried.draw(&mut sheet, &frame, figure);
        }
        top += panel + 20;
    }
    sheet.description = description(result, path, &tried);
    Some(sheet)
}

/// A verdict's colour and words.
fn verdict(name: &str) -> (Ink, &'static str) {
    match name {
        "met" => (Ink::GREEN, "objective met"),
        "missed" => (Ink::VERMILION, "missed"),
        "at_limit" => (Ink::AXIS, "at the limit"),
        _ => (Ink::AXIS, "undecided"),
    }
}

/// A point that was tried.
struct Tried<'run> {
    at: f64,
    label: String,
    replications: f64,
    verdict: &'run str,
    margins: &'run [Value],
}

impl Tried<'_> {
    /// A cell; one whose value is no number goes where it came in the search.
    fn of<'run>(order: usize, path: &str, cell: &'run Value) -> Option<Tried<'run>> {
        let value = cell.get("at")?.get(path)?;
        Some(Tried {
            at: place(value).unwrap_or(order as f64),
            label: label(path, value),
            replications: number(cell, "replications").unwrap_or(0.0),
            verdict: text_at(cell, "verdict").unwrap_or_default(),
            margins: list(cell, "margins"),
        })
    }

    fn margin(&self, path: &str) -> Option<&Value> {
        self.margins.iter().find(|margin| text_at(margin, "path") == Some(path))
    }

    /// The ends of the interval of a figure.
    fn ends(&self, path: &str) -> Vec<f64> {
        let known = estimate(self.margin(path), "mean");
        let ends = known.value.map(|mean| {
            let (low, high) = number::ends(unit(path), known).unwrap_or((mean, mean));
            [low, high]
        });
        ends.into_iter().flatten().collect()
    }

    fn draw(&self, sheet: &mut Sheet, frame: &Frame, path: &str) {
        let known = estimate(self.margin(path), "mean");
        let Some(mean) = known.value else {
            return;
        };
        let (low, high) = number::ends(unit(path), known).unwrap_or((mean, mean));
        let (x, y) = frame.at(self.at, mean);
        let (top, bottom) = (frame.up(high), frame.up(low));
        let (ink, words) = verdict(self.verdict);
        sheet.block((x - 8, top), (x + 8, bottom), ink, 0.3);
        sheet.dot((x, y), 11, ink);
        if ink == Ink::AXIS {
            sheet.dot((x, y), 6, Ink::PAPER);
        }
        let hover = format!(
            "{}: {} {}, {} ({:.0} replications)",
            self.label,
            report::label(path),
            number::known(unit(path), known),
            words,
            self.replications
        );
        sheet.mark((x, y), hover);
    }
}

/// A value as a number: `12`, or the digits that a text begins with, `12 /s`.
fn place(value: &Value) -> Option<f64> {
    if let Value::String(text) = value {
        let text = text.trim();
        let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        return text[..end].parse().ok();
    }
    value.as_f64()
}

/// The vertical axis of a figure: spans that are far apart by their logarithms.
fn axis(unit: Unit, values: Vec<f64>) -> Axis {
    let above = values.iter().copied().filter(|&value| value > 0.0);
    let least = above.fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(0.0_f64, f64::max);
    if unit == Unit::Seconds && most > FAR * least {
        Axis::log_spans(values.into_iter())
    } else {
        Axis::few(unit, values.into_iter(), false)
    }
}

/// The figures of the objective with their limits.
fn figures(tried: &[Tried<'_>]) -> Vec<(String, Option<f64>)> {
    let mut figures: Vec<(String, Option<f64>)> = Vec::new();
    for margin in tried.iter().flat_map(|tried| tried.margins) {
        let Some(path) = text_at(margin, "path") else {
            continue;
        };
        if figures.len() < PANELS && !figures.iter().any(|(known, _)| known == path) {
            figures.push((path.to_owned(), number(margin, "limit")));
        }
    }
    figures
}

/// The reason there is no answer.
fn unanswered(verdict: Option<&str>) -> &'static str {
    match verdict {
        Some("none") => "nothing tried keeps the objective",
        Some("all") => "all that was tried keeps the objective",
        _ => "undecided",
    }
}

fn draw_limit(sheet: &mut Sheet, frame: &Frame, limit: Option<f64>) {
    if let Some(limit) = limit {
        let y = frame.up(limit);
        sheet.dashes((frame.left, y), (frame.right, y), Ink::TEXT, 2);
        sheet.text((frame.right + 16, y), "objective", BODY, Anchor::Start, Ink::TEXT);
    }
}

fn draw_answer(sheet: &mut Sheet, frame: &Frame, answer: Option<f64>, words: Option<String>) {
    let Some(answer) = answer.filter(|&answer| frame.x.holds(answer)) else {
        return;
    };
    let x = frame.across(answer);
    sheet.path(vec![(x, frame.top), (x, frame.bottom)], Ink::GREEN, 3);
    if let Some(words) = words {
        let words = format!("the answer: {words}");
        let half = wide(&words, BODY) / 2;
        let at = (x.clamp(frame.left + half, frame.right - half), frame.top - 20);
        sheet.text(at, &words, BODY, Anchor::Middle, Ink::GREEN_TEXT);
    }
}

fn description(result: &Value, path: &str, tried: &[Tried<'_>]) -> String {
    let slo = text_at(result, "slo").unwrap_or("the objective");
    let answer = match result.get("answer") {
        None | Some(Value::Null) => "no answer was found".to_owned(),
        Some(_) if text_at(result, "answer_text").is_some() => {
            let text = text_at(result, "answer_text").unwrap_or_default();
            format!("the answer is {text}")
        }
        Some(answer) => format!("the answer is {}", label(path, answer)),
    };
    let of = |verdict: &str| tried.iter().filter(|tried| tried.verdict == verdict).count();
    let (met, missed) = (of("met"), of("missed"));
    format!(
        "{} values of {} tried for “{slo}”: {} met it, {} missed it, {} undecided or at the limit; \
         {answer}.",
        tried.len(),
        caption(path),
        met,
        missed,
        tried.len() - met - missed
    )
}
