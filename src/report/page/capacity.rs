//! The page of a search for the capacity.

use maud::{Markup, Render as _};

use super::cards::{self, Card};
use super::cells::{self, Heading, Point};
use super::frame::Top;
use super::section::Section;
use super::sheet::{Cell, Sheet};
use super::{Parts, title};
use crate::report::capacity::station_name;
use crate::report::number;
use crate::report::read;
use crate::report::read::Figure;
use crate::report::unit;
use crate::report::{Unit, Value, setting, setting_name};

const SCALE: &str = "scale";
/// Numbers of so many characters are shown as they are.
const SHORT: usize = 6;

pub(super) fn parts(capacity: &Value) -> Parts {
    let path = read::text(capacity, "path");
    let cells = read::list(capacity, "cells");
    let limits = limits(cells);
    let points: Vec<Point<'_>> = cells.iter().map(|cell| point(path, &limits, cell)).collect();
    let at = [(path.to_owned(), true)];
    let known: Vec<Heading> = [("verdict".to_owned(), false), ("replications".to_owned(), true)]
        .into_iter()
        .chain(limits.iter().map(|limit| (limit.clone(), true)))
        .collect();
    let sections = [
        cells::main(capacity, "What was tried", &at, &known, &points),
        stations(capacity),
        cells::all(&points),
    ];
    Parts {
        top: Top {
            title: title(capacity, "capacity"),
            facts: vec![format!("{} values tried", points.len())],
            answer: answer(capacity),
            meaning: format!("The objective: {}", read::text(capacity, "slo")),
            picture: Markup::default(),
        },
        figures: cards::section(key(capacity, path)),
        tables: sections.into_iter().flatten().collect(),
    }
}

/// The comparisons that the objective is made of, in its order.
fn limits(cells: &[Value]) -> Vec<String> {
    let mut limits: Vec<String> = Vec::new();
    for margin in cells.iter().flat_map(|cell| read::list(cell, "margins")) {
        let text = expression(margin);
        if !limits.iter().any(|known| known == text) {
            limits.push(text.to_owned());
        }
    }
    limits
}

/// What was asked: the comparison, else the figure it is about.
fn expression(margin: &Value) -> &str {
    match read::text(margin, "expression") {
        "" => read::text(margin, "path"),
        text => text,
    }
}

fn point<'tree>(path: &str, limits: &[String], cell: &'tree Value) -> Point<'tree> {
    let value = cell.get("at").and_then(|at| at.get(path));
    let text = value.map(read::written).unwrap_or_default();
    let number = read::number(cell, "number").or(value.and_then(Value::as_f64));
    let mut known = vec![
        match read::text(cell, "verdict") {
            "met" => Cell::text("kept").classed("better"),
            "missed" => Cell::text("missed").classed("worse"),
            "at_limit" => Cell::text("at the limit"),
            other => Cell::text(other),
        },
        Cell::count(read::number(cell, "replications")),
    ];
    known.extend(limits.iter().map(|limit| margin(limit, cell)));
    let name = setting(path, &text);
    let at = vec![Cell::code(text).sorted_by(number)];
    Point { name, at, known, source: cells::source(cell) }
}

/// The figure that a comparison is about.
fn margin(limit: &str, cell: &Value) -> Cell {
    let margins = read::list(cell, "margins");
    let Some(margin) = margins.iter().find(|margin| expression(margin) == limit) else {
        return Cell::text("–");
    };
    let figure = Figure {
        value: read::number(margin, "mean"),
        half_width: read::number(margin, "half_width"),
    };
    Cell::figure(unit(read::text(margin, "path")), figure)
}

/// How busy the stations are where the objective is kept last, and beyond.
fn stations(capacity: &Value) -> Option<Section> {
    let mut sheet = Sheet::new("stations-table", "Limited parts of the chain, the fullest first")
        .texts(&["limit"])
        .numbers(&["busy", "busy beyond", "refused beyond"]);
    for station in read::list(capacity, "stations") {
        let number = |key: &str| read::number(station, key);
        sheet.row(vec![
            Cell::text(station_name(read::text(station, "station"), read::text(station, "limit"))),
            Cell::share(number("utilisation")),
            Cell::share(number("utilisation_beyond")),
            Cell::share(number("refused_beyond")),
        ]);
    }
    Section::new("stations", "What gives way", sheet.render())
}

/// The answer, in the words it has in the file.
fn answer(capacity: &Value) -> String {
    match read::text(capacity, "text") {
        "" => "The file has no answer in words: it is of an earlier version.".to_owned(),
        text => text.to_owned(),
    }
}

/// A value of the scenario: numbers with the digits that matter.
fn number(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if read::written(value).len() > SHORT => number::plain(number),
        _ => read::written(value),
    }
}

/// What gives way: a station's limit, in words.
fn station(capacity: &Value) -> String {
    match read::text(capacity, "binding.station") {
        "" => String::new(),
        station => station_name(station, read::text(capacity, "binding.limit")),
    }
}

fn key(capacity: &Value, path: &str) -> Vec<Option<Card>> {
    let value = |value: &Value| Some(number(value)).filter(|text| !text.is_empty());
    let answer = read::at(capacity, "answer").and_then(value);
    let bracket = read::list(capacity, "bracket");
    let side = |index: usize| bracket.get(index).and_then(value);
    let unit = if path == SCALE { " ×" } else { "" };
    let share = |path: &str| {
        let value = read::number(capacity, path);
        value.map(|value| number::value(Unit::Share, value))
    };
    let what = setting_name(path);
    let what = if path == SCALE { "today’s load" } else { &what };
    let unsettled = answer.is_none() || read::text(capacity, "verdict") == "enough";
    let station = station(capacity);
    vec![
        answer.map(|answer| Card::text("Answer", format!("{answer}{unit}"), what)),
        share("headroom").map(|share| Card::text("Head-room", share, "more than today’s load")),
        side(0)
            .filter(|_| unsettled)
            .map(|kept| Card::text("Kept at", format!("{kept}{unit}"), what)),
        side(1).map(|missed| Card::text("Missed at", format!("{missed}{unit}"), what)),
        (!station.is_empty()).then(|| {
            let busy = share("binding.utilisation").map(|share| format!("{share} busy"));
            Card::text("Gives way first", station, busy.unwrap_or_default())
        }),
    ]
}
