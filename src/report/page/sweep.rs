//! The page of a sweep.

use maud::Markup;

use super::cards::{self, Card};
use super::cells::{self, Heading, Point};
use super::frame::Top;
use super::sheet::Cell;
use super::{Parts, title};
use crate::report::head::has_deadline;
use crate::report::read;
use crate::report::{Unit, Value, setting, setting_name};

pub(super) fn parts(sweep: &Value) -> Parts {
    let axes = read::list(sweep, "axes");
    let points: Vec<Point<'_>> =
        read::list(sweep, "cells").iter().map(|cell| point(axes, cell)).collect();
    let at: Vec<Heading> =
        axes.iter().map(|axis| (read::text(axis, "path").to_owned(), has_numbers(axis))).collect();
    let sections = [
        cells::main(
            sweep,
            "Design points on common random numbers",
            &at,
            &objectives(sweep),
            &points,
        ),
        cells::all(&points),
    ];
    Parts {
        top: Top {
            title: title(sweep, &subject(axes)),
            facts: vec![format!("{} design points", points.len())],
            answer: answer(sweep),
            meaning: kept(sweep),
            picture: Markup::default(),
        },
        figures: cards::section(extremes(axes, &points, has_deadline(sweep))),
        tables: sections.into_iter().flatten().collect(),
    }
}

fn subject(axes: &[Value]) -> String {
    let names = axes.iter().map(|axis| setting_name(read::text(axis, "path")));
    format!("a sweep of {}", names.collect::<Vec<_>>().join(" × "))
}

fn has_numbers(axis: &Value) -> bool {
    !read::list(axis, "numbers").is_empty()
}

fn point<'tree>(axes: &[Value], cell: &'tree Value) -> Point<'tree> {
    let (mut at, mut names) = (Vec::new(), Vec::new());
    for axis in axes {
        let path = read::text(axis, "path");
        let value = cell.get("at").and_then(|at| at.get(path));
        let text = value.map(read::written).unwrap_or_default();
        at.push(Cell::code(text.as_str()).sorted_by(value.and_then(|value| place(axis, value))));
        names.push(setting(path, &text));
    }
    let known = read::list(cell, "slo").iter().map(objective).collect();
    Point { name: names.join(" and "), at, known, source: cells::source(cell) }
}

/// The value as a number, to sort by.
fn place(axis: &Value, value: &Value) -> Option<f64> {
    let index = read::list(axis, "values").iter().position(|own| own == value)?;
    match read::list(axis, "numbers").get(index) {
        Some(number) => number.as_f64(),
        None => None,
    }
}

/// The headings of the objectives, each its own text.
fn objectives(sweep: &Value) -> Vec<Heading> {
    read::list(sweep, "slo").iter().map(|text| (read::written(text), false)).collect()
}

fn objective(objective: &Value) -> Cell {
    let by_refusing = read::at(objective, "by_refusing") == Some(&Value::Bool(true));
    match read::at(objective, "met") {
        Some(Value::Bool(true)) if by_refusing => Cell::text("met by refusing"),
        Some(Value::Bool(true)) => Cell::text("met").classed("better"),
        Some(Value::Bool(false)) => Cell::text("missed").classed("worse"),
        _ => Cell::text("unknown"),
    }
}

/// How many points keep all objectives.
fn kept(sweep: &Value) -> String {
    if read::list(sweep, "slo").is_empty() {
        return String::new();
    }
    let cells = read::list(sweep, "cells");
    let keeps = |cell: &&Value| {
        read::list(cell, "slo")
            .iter()
            .all(|objective| read::at(objective, "met") == Some(&Value::Bool(true)))
    };
    let kept = cells.iter().filter(keeps).count();
    format!("{kept} of {} design points keep what was asked of them.", cells.len())
}

/// Where it is told: both ends of a single axis of numbers, else the best and the worst.
fn told<'a, 'tree>(axes: &[Value], points: &'a [Point<'tree>]) -> Vec<&'a Point<'tree>> {
    if let [axis] = axes
        && has_numbers(axis)
    {
        let (first, last) = (points.first(), points.last());
        return first.into_iter().chain(last.filter(|_| points.len() > 1)).collect();
    }
    let known = || points.iter().filter_map(|point| Some((point.on_time()?, point)));
    // Of equal ones the first.
    let best = known().reduce(|a, b| if b.0 > a.0 { b } else { a });
    let worst = known().reduce(|a, b| if b.0 < a.0 { b } else { a });
    match (best, worst) {
        (Some((most, best)), Some((least, worst))) if most > least => vec![best, worst],
        (best, _) => best.into_iter().map(|(_, point)| point).collect(),
    }
}

/// The headline, in the words it has in the file.
pub(super) fn answer(sweep: &Value) -> String {
    match read::text(sweep, "headline") {
        "" => "The file has no headline: it is of an earlier version.".to_owned(),
        text => text.to_owned(),
    }
}

fn extremes(axes: &[Value], points: &[Point<'_>], has_deadline: bool) -> Vec<Option<Card>> {
    let good = if has_deadline { "On time" } else { "Delivered" };
    let cards = told(axes, points).into_iter().flat_map(|point| {
        let on_time = point.source.figure("divergence.api_vs_on_time").complement();
        let remark = format!("at {}", point.name);
        [
            Card::figure(good, Unit::Share, on_time, &remark),
            Card::metric(point.source, "latency.delivery.p95_s", &remark),
        ]
    });
    cards.collect()
}
