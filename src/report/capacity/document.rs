//! The document of a search for the capacity.

use super::super::document::{
    Block, Card, Cell, Document, On, Section, Table, Tone, charts, several,
};
use super::super::number::{count, plain, value};
use super::super::points::{Point, Points};
use super::super::{Unit, Value, read, setting, setting_name, unit};
use super::{SCALE, station_name};

/// More stations than this aren't shown on the terminal.
const STATIONS: usize = 8;
/// Numbers of so many characters are shown as they are.
const SHORT: usize = 6;

/// The document of a search.
pub(in crate::report) fn document(result: &Value) -> Document {
    let path = read::text(result, "path");
    let points = points(result, path);
    let [first, most] = ["first_look", "max_replications"]
        .map(|key| read::number(result, key).unwrap_or(0.0) as u64);
    let mut facts = vec![
        format!("objective {}", read::text(result, "slo")),
        format!("{} tried", several(points.points.len() as u64, "value")),
    ];
    if first < most {
        facts.push(format!("{} to {} replications of each", count(first), count(most)));
    }
    let mut document = Document::new(result, "capacity", facts);
    if first < most {
        document.facts.retain(|fact| !fact.ends_with(" replications"));
    }
    document.answer = match read::text(result, "text") {
        "" => "The file has no answer in words: it is of an earlier version.".to_owned(),
        text => text.to_owned(),
    };
    document.sections = vec![
        Card::section(key(result, path)),
        charts(),
        tried(&points, path),
        points.main("What was tried", &[], false).page_only(),
        stations(result, path),
        points.all(),
    ];
    document
}

/// The comparisons that the objective is made of, in its order, each with its figure's path.
fn limits(cells: &[Value]) -> Vec<(&str, &str)> {
    let mut limits: Vec<(&str, &str)> = Vec::new();
    for margin in cells.iter().flat_map(|cell| read::list(cell, "margins")) {
        let own = (expression(margin), read::text(margin, "path"));
        if !limits.contains(&own) {
            limits.push(own);
        }
    }
    limits
}

/// The question: the comparison, else the figure it is about.
fn expression(margin: &Value) -> &str {
    match read::text(margin, "expression") {
        "" => read::text(margin, "path"),
        text => text,
    }
}

/// The points with what is known of each: its verdict, its replications, its figures.
fn points<'tree>(result: &'tree Value, path: &str) -> Points<'tree> {
    let cells = read::list(result, "cells");
    let limits = limits(cells);
    let known = [("objective".to_owned(), false), ("n".to_owned(), true)].into_iter();
    let known = known.chain(limits.iter().map(|limit| (limit.0.to_owned(), true))).collect();
    let at = vec![(if path == SCALE { "load" } else { path }.to_owned(), true)];
    let points = cells.iter().map(|cell| point(path, &limits, cell)).collect();
    Points::new(result, at, known, points)
}

fn point<'tree>(path: &str, limits: &[(&str, &str)], cell: &'tree Value) -> Point<'tree> {
    let own = cell.get("at").and_then(|at| at.get(path));
    let text = own.map(read::written).unwrap_or_default();
    let number = read::number(cell, "number").or(own.and_then(Value::as_f64));
    let (verdict, tone) = match read::text(cell, "verdict") {
        "met" => ("kept", Tone::Good),
        "missed" => ("missed", Tone::Bad),
        "at_limit" => ("at the limit", Tone::Plain),
        other => (other, Tone::Open),
    };
    let mut known =
        vec![Cell::text(verdict).toned(tone), Cell::count(read::number(cell, "replications"))];
    let margins = read::list(cell, "margins");
    known.extend(limits.iter().map(|(asked, of)| {
        let margin = margins.iter().find(|margin| expression(margin) == *asked);
        Cell::figure(unit(of), read::estimate(margin, "mean"))
    }));
    let shown = if path == SCALE { format!("{text}×") } else { text.clone() };
    let at = vec![Cell::code(shown).sorted_by(number)];
    Point::new(setting(path, &text), at, known, cell)
}

/// The figures that verdicts rest on.
fn tried(points: &Points<'_>, path: &str) -> Section {
    let mut table = Table::new("tried", if path == SCALE { "load" } else { path }, "");
    for (heading, is_number) in &points.known {
        table.push(heading, *is_number, On::Both);
    }
    for point in &points.points {
        table.row(point.at.iter().chain(&point.known).cloned().collect());
    }
    Section::default().on_terminal(table).on_terminal(Block::remark(
        "± is the half-width that a verdict rests on: with a probability of 95 % no verdict of the \
         whole search is wrong. All points share their random numbers.",
    ))
}

/// Utilisation of the stations where the objective is kept last, and beyond.
fn stations(result: &Value, path: &str) -> Section {
    let bracket = read::list(result, "bracket");
    let at = |index: usize| {
        let value = bracket.get(index).map(read::written).filter(|text| !text.is_empty());
        value.map_or_else(|| "nowhere".to_owned(), |text| shown(path, &text))
    };
    let [kept, beyond] = [0, 1].map(|index| format!("used at {}", at(index)));
    let mut table = Table::new("stations-table", "limits, fullest first", "limit")
        .caption("Limited parts of the chain, the fullest first")
        .at_most(STATIONS)
        .numbers(&[&kept, &beyond, "turned away"]);
    for station in read::list(result, "stations") {
        let share = |key: &str| Cell::share(read::number(station, key));
        let name = station_name(read::text(station, "station"), read::text(station, "limit"));
        table.row(vec![
            Cell::text(name),
            share("utilisation"),
            share("utilisation_beyond"),
            Cell::quiet(Unit::Share, read::number(station, "refused_beyond")),
        ]);
    }
    Section::new("stations", "What gives way").with(table)
}

/// A value as it stands in a sentence: `2.31×`, `12`, `250ms`.
fn shown(path: &str, text: &str) -> String {
    if path == SCALE { format!("{text}×") } else { text.to_owned() }
}

/// A value of the scenario: numbers with the digits that matter.
fn number(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if read::written(value).len() > SHORT => plain(number),
        _ => read::written(value),
    }
}

fn key(result: &Value, path: &str) -> Vec<Option<Card>> {
    let text = |value: &Value| Some(number(value)).filter(|text| !text.is_empty());
    let answer = read::at(result, "answer").and_then(text);
    let bracket = read::list(result, "bracket");
    let side = |index: usize| bracket.get(index).and_then(text);
    let times = if path == SCALE { " ×" } else { "" };
    let share = |path: &str| read::number(result, path).map(|share| value(Unit::Share, share));
    let what = if path == SCALE { "today’s load".to_owned() } else { setting_name(path) };
    let unsettled = answer.is_none() || read::text(result, "verdict") == "enough";
    let card = |name: &str, value: Option<String>| {
        value.map(|value| Card::text(name, format!("{value}{times}"), what.as_str()))
    };
    let station = read::text_at(result, "binding.station").map(|station| {
        let busy = share("binding.utilisation").map(|share| format!("{share} busy"));
        let name = station_name(station, read::text(result, "binding.limit"));
        Card::text("Gives way first", name, busy.unwrap_or_default())
    });
    vec![
        card("Answer", answer),
        share("headroom").map(|share| Card::text("Head-room", share, "more than today’s load")),
        card("Kept at", side(0).filter(|_| unsettled)),
        card("Missed at", side(1)),
        station,
    ]
}
