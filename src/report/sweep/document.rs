//! The documents of a sweep and of a sensitivity.

use super::super::document::{
    Block, Card, Cell, Document, On, Section, Table, Tone, charts, several,
};
use super::super::points::{Point, Points};
use super::super::read;
use super::super::{Unit, Value, setting, setting_name};
use super::{SCALE, sensitivity};
use crate::expression::Expression;
use crate::report::refusing::twin;

/// More points than this are counted, not named.
const NAMED: usize = 6;

/// The document of a sweep.
pub(in crate::report) fn document(result: &Value) -> Document {
    let is_sensitivity = result.get("sensitivity").is_some();
    let axes = read::list(result, "axes");
    let points = points(result, axes, is_sensitivity);
    let facts = vec![
        several(points.points.len() as u64, "design point"),
        "common random numbers".to_owned(),
    ];
    let subject = if is_sensitivity { "what it is sensitive to".to_owned() } else { subject(axes) };
    let mut document = Document::new(result, subject, facts);
    document.is_load_varied = axes.iter().any(|axis| read::text(axis, "path") == SCALE);
    document.answer = match read::text(result, "headline") {
        "" => "The file has no headline: it is of an earlier version.".to_owned(),
        text => text.to_owned(),
    };
    document.sections = if is_sensitivity {
        vec![
            Card::section(sensitivity::cards(result)),
            charts(),
            sensitivity::parameters(result),
            points.main("The scenario as it is, and each change", &[], false).page_only(),
            points.all(),
        ]
    } else {
        document.lead = kept(result, axes, &points);
        vec![
            Card::section(extremes(axes, &points)),
            charts(),
            cross(axes, &points),
            points.main("Design points on common random numbers", &[], false),
            points.ends(),
            points.all(),
        ]
    };
    document
}

fn subject(axes: &[Value]) -> String {
    let names = axes.iter().map(|axis| setting_name(read::text(axis, "path")));
    format!("a sweep of {}", names.collect::<Vec<_>>().join(" × "))
}

fn has_numbers(axis: &Value) -> bool {
    !read::list(axis, "numbers").is_empty()
}

fn points<'tree>(result: &'tree Value, axes: &[Value], is_sensitivity: bool) -> Points<'tree> {
    let cells = read::list(result, "cells");
    if is_sensitivity {
        let point = |cell| {
            let changes = read::entries(cell, "at");
            let changes: Vec<String> =
                changes.map(|(path, value)| format!("{path} = {}", read::written(value))).collect();
            let name = if changes.is_empty() { "as it is".to_owned() } else { changes.join(", ") };
            Point::new(name.clone(), vec![Cell::code(name)], Vec::new(), cell)
        };
        let at = vec![("changed".to_owned(), false)];
        return Points::new(result, at, Vec::new(), cells.iter().map(point).collect());
    }
    let asked = read::list(result, "slo").iter().map(|text| (read::written(text), false));
    let at = axes.iter().map(|axis| (read::text(axis, "path").to_owned(), has_numbers(axis)));
    let points = cells.iter().map(|cell| point(axes, cell)).collect();
    Points::new(result, at.collect(), asked.collect(), points)
}

fn point<'tree>(axes: &[Value], cell: &'tree Value) -> Point<'tree> {
    let (mut at, mut names) = (Vec::new(), Vec::new());
    for axis in axes {
        let path = read::text(axis, "path");
        let value = cell.get("at").and_then(|at| at.get(path));
        let text = value.map(read::written).unwrap_or_default();
        names.push(setting(path, &text));
        let number = value.and_then(|value| place(axis, value));
        at.push(Cell::code(shown(path, text)).sorted_by(number));
    }
    let known = read::list(cell, "slo").iter().map(objective).collect();
    Point::new(names.join(" and "), at, known, cell)
}

/// A value as it stands in a row: `4×` for a load.
fn shown(path: &str, text: String) -> String {
    if path == SCALE { format!("{text}×") } else { text }
}

/// The value as a number, to sort by.
fn place(axis: &Value, value: &Value) -> Option<f64> {
    let index = read::list(axis, "values").iter().position(|own| own == value)?;
    read::list(axis, "numbers").get(index)?.as_f64()
}

fn is_met(objective: &Value) -> Option<bool> {
    read::at(objective, "met").and_then(Value::as_bool)
}

fn by_refusing(objective: &Value) -> bool {
    read::at(objective, "by_refusing") == Some(&Value::Bool(true))
}

fn objective(objective: &Value) -> Cell {
    match is_met(objective) {
        Some(true) if by_refusing(objective) => Cell::text("met by refusing").toned(Tone::Open),
        Some(true) => Cell::text("met").toned(Tone::Good),
        Some(false) => Cell::text("missed").toned(Tone::Bad),
        None => Cell::text("unknown").toned(Tone::Open),
    }
}

/// Objectives, and the points where they hold.
fn kept(result: &Value, axes: &[Value], points: &Points<'_>) -> Section {
    let cells = read::list(result, "cells");
    let all = cells.len();
    let sentences = read::list(result, "slo").iter().enumerate().map(|(index, asked)| {
        let asked = read::written(asked);
        let own = |cell: &Value| read::list(cell, "slo").get(index).cloned().unwrap_or_default();
        let met =
            cells.iter().zip(&points.points).filter(|(cell, _)| is_met(&own(cell)) == Some(true));
        let met: Vec<&str> = met.map(|(_, point)| point.name.as_str()).collect();
        let at = match met.len() {
            0 => format!("none of {all} points"),
            some if some == all => format!("all {all} points"),
            some if some > NAMED => format!("{some} of {all} points"),
            some => {
                let comma = if axes.len() > 1 { "; " } else { ", " };
                format!("{some} of {all} points: {}", met.join(comma))
            }
        };
        let text = format!("{asked}: met at {at}.");
        let refusing = cells.iter().filter(|cell| by_refusing(&own(cell))).count();
        let twin = Expression::parse(&asked).ok().and_then(|asked| twin(&asked));
        Block::text(match (refusing, twin) {
            (0, _) => text,
            (some, Some(twin)) => {
                format!("{text} At {some}, by refusing alone: {twin} is not met.")
            }
            (some, None) => format!("{text} At {some}, with most of what was asked for refused."),
        })
    });
    Section::default().with_all(sentences)
}

/// The headline over two axes: the first one's values down, the second one's across; a table for each
/// value of a third.
fn cross(axes: &[Value], points: &Points<'_>) -> Section {
    let section = Section::new("cross", "On time across settings");
    let [outer @ .., rows, columns] = axes else {
        return section;
    };
    let values = |axis| read::list(axis, "values");
    let (across, down) = (values(columns).len(), values(rows).len());
    let (first, second) = (read::text(rows, "path"), read::text(columns, "path"));
    let good = if points.has_deadline { "on time" } else { "delivered" };
    let blocks = points.points.chunks(across * down).enumerate().map(|(index, block)| {
        let place = match outer {
            [axis] => values(axis)
                .get(index)
                .map(|value| format!(", {} = {}", read::text(axis, "path"), read::written(value))),
            _ => None,
        };
        let title = format!("{good} %{}", place.unwrap_or_default());
        let mut table = Table::new(format!("cross-{index}"), &title, first)
            .caption(format!("{title}: {first} down, {second} across"));
        for value in values(columns) {
            table.push(shown(second, read::written(value)), true, On::Both);
        }
        for row in block.chunks(across) {
            let name = row.first().and_then(|point| point.at.get(outer.len()).cloned());
            let cells = row.iter().map(|point| Cell::figure(Unit::Share, point.on_time()));
            table.row(name.into_iter().chain(cells).collect());
        }
        table
    });
    section.with_all(blocks)
}

/// The points that have cards: both ends of a single axis of numbers, else the best and the worst.
fn told<'a, 'tree>(axes: &[Value], points: &'a [Point<'tree>]) -> Vec<&'a Point<'tree>> {
    if let [axis] = axes
        && has_numbers(axis)
    {
        let (first, last) = (points.first(), points.last());
        return first.into_iter().chain(last.filter(|_| points.len() > 1)).collect();
    }
    let known = || points.iter().filter_map(|point| Some((point.on_time().value?, point)));
    // Of equal ones the first.
    let best = known().reduce(|a, b| if b.0 > a.0 { b } else { a });
    let worst = known().reduce(|a, b| if b.0 < a.0 { b } else { a });
    match (best, worst) {
        (Some((most, best)), Some((least, worst))) if most > least => vec![best, worst],
        (best, _) => best.into_iter().map(|(_, point)| point).collect(),
    }
}

fn extremes(axes: &[Value], points: &Points<'_>) -> Vec<Option<Card>> {
    let told = told(axes, &points.points).into_iter();
    told.flat_map(|point| points.cards(point, &format!("at {}", point.name))).collect()
}
