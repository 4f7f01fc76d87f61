//! The page of a comparison of retry policies.

use maud::html;

use super::cards::{self, Card};
use super::cells::{self, Point};
use super::frame::Top;
use super::section::{Section, details, remark};
use super::sheet::{Cell, Sheet};
use super::{Parts, title};
use crate::experiment::metrics::HEADLINE;
use crate::report::head::has_deadline;
use crate::report::metric::truly;
use crate::report::number;
use crate::report::read;
use crate::report::{Better, Unit, Value, better, label, unit};

/// What the policies are judged by at a glance.
const MAIN: [&str; 6] = [
    HEADLINE,
    "divergence.api_vs_outcome",
    "attempts.mean",
    "duplicates.copies",
    "cost.per_on_time",
    "latency.delivery.p95_s",
];

/// A difference from the baseline.
struct Pair<'tree> {
    policy: &'tree str,
    path: &'tree str,
    difference: Option<f64>,
    half_width: Option<f64>,
    verdict: &'tree str,
}

pub(super) fn parts(comparison: &Value) -> Parts {
    let points: Vec<Point<'_>> = read::list(comparison, "cells").iter().map(point).collect();
    let pairs: Vec<Pair<'_>> = read::list(comparison, "pairs").iter().map(pair).collect();
    let baseline = read::text(comparison, "baseline");
    let at = [("policy".to_owned(), false)];
    let sections = [
        cells::main(comparison, "Retry policies on common random numbers", &at, &[], &points),
        against(&points, &pairs, baseline, has_deadline(comparison)),
        every_pair(&pairs, baseline),
        cells::all(&points),
    ];
    let winner = best(comparison, &points);
    Parts {
        top: Top {
            title: title(comparison, "retry policies compared"),
            facts: vec![format!("{} policies", points.len())],
            answer: answer(comparison),
            ..Top::default()
        },
        figures: cards::section(
            winner.into_iter().flat_map(|point| winning(point, &pairs, has_deadline(comparison))),
        ),
        tables: sections.into_iter().flatten().collect(),
    }
}

fn point(cell: &Value) -> Point<'_> {
    let name = read::text(cell, "policy").to_owned();
    let at = vec![Cell::code(name.as_str())];
    Point { name, at, known: Vec::new(), source: cells::source(cell) }
}

fn pair(pair: &Value) -> Pair<'_> {
    Pair {
        policy: read::text(pair, "policy"),
        path: read::text(pair, "path"),
        difference: read::number(pair, "difference"),
        half_width: read::number(pair, "half_width"),
        verdict: read::text(pair, "verdict"),
    }
}

/// The figure that decides.
fn subject(comparison: &Value) -> &str {
    match read::text(comparison, "decision.path") {
        "" => HEADLINE,
        path => path,
    }
}

/// The policy that the verdict names, or whose mean is the best.
fn best<'a, 'tree>(comparison: &Value, points: &'a [Point<'tree>]) -> Option<&'a Point<'tree>> {
    let named = read::text(comparison, "verdict.best");
    if let Some(point) = points.iter().find(|point| point.name == named) {
        return Some(point);
    }
    let path = subject(comparison);
    let sign = if better(path) == Some(Better::Higher) { -1.0 } else { 1.0 };
    let value = |point: &Point<'_>| point.source.value(path).map(|value| sign * value);
    let known = points.iter().filter_map(|point| Some((value(point)?, point)));
    // The first of equals.
    known.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, point)| point)
}

/// The verdict, in the words it has in the file.
fn answer(comparison: &Value) -> String {
    match read::text(comparison, "verdict.text") {
        "" => "The file has no verdict: it is of an earlier version.".to_owned(),
        text => text.to_owned(),
    }
}

/// The cards of the best policy.
fn winning(point: &Point<'_>, pairs: &[Pair<'_>], has_deadline: bool) -> Vec<Option<Card>> {
    let (good, arrives, each) = if has_deadline {
        ("On time", "arrives on time", "for each message on time")
    } else {
        ("Delivered", "is delivered", "for each message delivered")
    };
    let on_time = point.source.figure(HEADLINE).complement();
    let under = format!("of what the API accepted, under {}", point.name);
    let lead = pairs.iter().find(|pair| pair.policy == point.name && pair.path == HEADLINE);
    let lead = lead.and_then(|pair| {
        let (points, half) =
            number::signed_with_interval(Unit::Share, -pair.difference?, pair.half_width);
        let verdict = format!("{half} points of what {arrives}: {}", pair.verdict);
        Some(Card::text("Against the baseline", format!("{points} points"), verdict))
    });
    vec![
        Card::figure(good, Unit::Share, on_time, &under),
        lead,
        Card::metric(point.source, "latency.delivery.p95_s", "of those that arrived"),
        Card::metric(point.source, truly("cost.per_on_time", has_deadline), each),
    ]
}

/// Policies against the baseline, for what matters most.
fn against(
    points: &[Point<'_>],
    pairs: &[Pair<'_>],
    baseline: &str,
    has_deadline: bool,
) -> Option<Section> {
    let known = |path: &&str| pairs.iter().any(|pair| pair.path == *path);
    let shown: Vec<&str> = MAIN.into_iter().filter(known).collect();
    let headings: Vec<String> = shown.iter().map(|path| label(truly(path, has_deadline))).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let caption = format!("Differences from {baseline}");
    let mut sheet = Sheet::new("against", caption).texts(&["policy"]).numbers(&headings);
    for point in points {
        let find =
            |path: &str| pairs.iter().find(|pair| pair.policy == point.name && pair.path == path);
        if !pairs.iter().any(|pair| pair.policy == point.name) {
            continue;
        }
        let mut cells = vec![Cell::code(point.name.as_str())];
        cells.extend(shown.iter().map(|path| find(path).map(difference).unwrap_or_default()));
        sheet.row(cells);
    }
    let inside = html! {
        (sheet)
        (remark(
            "Paired on common random numbers; shares in percentage points. ± is half an interval \
             that holds for all policies together with 95 % (Bonferroni). Undecided: it holds 0, \
             or neither direction is better.",
        ))
    };
    Section::new("differences", "Against the baseline", inside)
}

fn difference(pair: &Pair<'_>) -> Cell {
    let Some(mean) = pair.difference else {
        return Cell::text("–");
    };
    let (text, half) = number::signed_with_interval(unit(pair.path), mean, pair.half_width);
    let cell = Cell::text(text).sorted_by(Some(mean)).noted(format!("{half} {}", pair.verdict));
    match pair.verdict {
        "better" => cell.classed("better"),
        "worse" => cell.classed("worse"),
        _ => cell,
    }
}

/// All differences that there are.
fn every_pair(pairs: &[Pair<'_>], baseline: &str) -> Option<Section> {
    let caption = format!("Differences from {baseline}, by path");
    let mut sheet = Sheet::new("pairs", caption)
        .texts(&["path", "policy"])
        .numbers(&["difference"])
        .texts(&["verdict"]);
    for pair in pairs.iter().filter(|pair| pair.difference.unwrap_or(0.0) != 0.0) {
        let verdict = Cell::text(pair.verdict);
        sheet.row(vec![
            Cell::code(pair.path),
            Cell::code(pair.policy),
            difference(&Pair { verdict: "", ..*pair }),
            match pair.verdict {
                "better" => verdict.classed("better"),
                "worse" => verdict.classed("worse"),
                _ => verdict,
            },
        ]);
    }
    let inside = html! {
        (remark("Figures that are the same under both policies are left out."))
        (sheet)
    };
    let inside = details("Every difference from the baseline", inside);
    Section::new("all-differences", "All differences", inside)
}
