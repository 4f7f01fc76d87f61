//! The page of a sensitivity: what each parameter, a little up and down, does to the headline.

use maud::html;

use super::cards::{self, Card};
use super::cells::{self, Point};
use super::frame::Top;
use super::section::Section;
use super::sheet::{Cell, Sheet};
use super::{Parts, title};
use crate::report::number;
use crate::report::read;
use crate::report::read::Figure;
use crate::report::unit;
use crate::report::{Unit, Value};

/// So many parameters are worth a card.
const CARDS: usize = 3;

pub(super) fn parts(sweep: &Value) -> Parts {
    let points: Vec<Point<'_>> = read::list(sweep, "cells").iter().map(point).collect();
    let change = read::number(sweep, "sensitivity.change").unwrap_or(0.0);
    let path = read::text(sweep, "sensitivity.path");
    let parameters = read::list(sweep, "sensitivity.parameters");
    let at = [("changed".to_owned(), false)];
    let sections = [
        table(path, parameters, change),
        cells::main(sweep, "The scenario as it is, and each change", &at, &[], &points),
        cells::all(&points),
    ];
    let base = read::at(sweep, "sensitivity.base").map(base).unwrap_or_default();
    let unit = unit(path);
    let mut cards = vec![Card::figure("As it is", unit, base, path)];
    cards.extend(effects(parameters).into_iter().take(CARDS).map(|effect| card(unit, effect)));
    Parts {
        top: Top {
            title: title(sweep, "what it is sensitive to"),
            facts: vec![format!("{} parameters", parameters.len())],
            answer: super::sweep::answer(sweep),
            ..Top::default()
        },
        figures: cards::section(cards),
        tables: sections.into_iter().flatten().collect(),
    }
}

fn base(base: &Value) -> Figure {
    Figure { value: read::number(base, "mean"), half_width: read::number(base, "half_width") }
}

fn point(cell: &Value) -> Point<'_> {
    let changes = read::entries(cell, "at");
    let changes: Vec<String> =
        changes.map(|(path, value)| format!("{path} = {}", read::written(value))).collect();
    let name = if changes.is_empty() { "as it is".to_owned() } else { changes.join(", ") };
    let at = vec![Cell::code(name.as_str())];
    Point { name, at, known: Vec::new(), source: cells::source(cell) }
}

/// The larger difference that a parameter makes, whichever way it is changed.
fn larger(parameter: &Value) -> Option<f64> {
    let differences =
        ["at_low", "at_high"].map(|side| read::number(parameter, &format!("{side}.difference")));
    differences.into_iter().flatten().max_by(|a, b| a.abs().total_cmp(&b.abs()))
}

/// The larger of the differences that a parameter is known to make, with its half-width: those
/// whose intervals leave out 0.
fn effect(parameter: &Value) -> Option<(f64, f64)> {
    let sides = ["at_low", "at_high"].map(|side| {
        let number = |key: &str| read::number(parameter, &format!("{side}.{key}"));
        number("difference").zip(number("half_width"))
    });
    let known = sides.into_iter().flatten().filter(|(mean, half_width)| mean.abs() > *half_width);
    known.max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))
}

/// The parameters with an effect that is known, the largest first.
fn effects(parameters: &[Value]) -> Vec<(&str, f64, f64)> {
    let mut effects: Vec<(&str, f64, f64)> = parameters
        .iter()
        .filter_map(|parameter| {
            let (mean, half_width) = effect(parameter)?;
            Some((read::text(parameter, "path"), mean, half_width))
        })
        .collect();
    // Stable: of equal effects the order of the file.
    effects.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    effects
}

/// The change, as it was typed.
fn percent(change: f64) -> String {
    number::value(Unit::Share, change).replace(".0 %", " %")
}

fn card(unit: Unit, (path, mean, half_width): (&str, f64, f64)) -> Option<Card> {
    let (difference, half) = number::signed_with_interval(unit, mean, Some(half_width));
    let points = if unit == Unit::Share { " points" } else { "" };
    Some(Card::text(path, format!("{difference}{points}"), format!("{half}, up or down")))
}

fn table(path: &str, parameters: &[Value], change: f64) -> Option<Section> {
    let unit = unit(path);
    let change = percent(change);
    let caption = format!("What {path} becomes when a parameter is changed by {change}");
    let mut sheet = Sheet::new("parameters", caption)
        .texts(&["parameter", "from", "down to", "up to"])
        .numbers(&["difference, down", "difference, up", "larger"]);
    for parameter in parameters {
        let text = |key: &str| read::at(parameter, key).map(read::written).unwrap_or_default();
        let difference = |side: &str| {
            let number = |key: &str| read::number(parameter, &format!("{side}.{key}"));
            let Some(mean) = number("difference") else {
                return Cell::text("–");
            };
            let (mean_text, half) = number::signed_with_interval(unit, mean, number("half_width"));
            Cell::text(mean_text).sorted_by(Some(mean)).noted(half)
        };
        let size = larger(parameter).map(f64::abs);
        let size_text = size.map_or_else(
            || "–".to_owned(),
            |size| number::signed_with_interval(unit, size, None).0,
        );
        sheet.row(vec![
            Cell::code(read::text(parameter, "path")),
            Cell::text(text("base")),
            Cell::text(text("low")),
            Cell::text(text("high")),
            difference("at_low"),
            difference("at_high"),
            Cell::text(size_text.trim_start_matches('+')).sorted_by(size),
        ]);
    }
    let points = if unit == Unit::Share { " Differences are in percentage points." } else { "" };
    let inside = html! {
        (sheet)
        p.remark { "Paired on common random numbers; ± is half a 95 % interval." (points) }
    };
    Section::new("sensitivity", "Parameters by their effect", inside)
}
