//! The key figures, and all of them.

use super::super::cards::{self, Card};
use super::super::figure::{self, Figure, Source};
use super::super::section::{Section, details};
use super::super::sheet::{Cell, Sheet};
use crate::report::{Unit, Value};

pub(super) fn key(report: &Value) -> Option<Section> {
    let run = Source::Run(report);
    let card = |name: &str, unit, path: &str, remark: &str| {
        Card::figure(name, unit, run.figure(path), remark)
    };
    let lacking = |name: &str, path: &str, remark: &str| {
        Card::figure(name, Unit::Share, run.figure(path).complement(), remark)
    };
    let duplicates = run.figure("duplicates.copies");
    cards::section([
        lacking("Arrived in time", "divergence.api_vs_on_time", "of what the API accepted"),
        lacking("Arrived at all", "divergence.api_vs_outcome", "of what the API accepted"),
        card(
            "Seen as delivered, wrongly",
            Unit::Share,
            "divergence.observed_vs_outcome",
            "of what the sender saw delivered",
        ),
        card("Median to the handset", Unit::Seconds, "latency.delivery.p50_s", "from the request"),
        card(
            "95 % at the handset within",
            Unit::Seconds,
            "latency.delivery.p95_s",
            "of those that arrived",
        ),
        card("Submits a message", Unit::Number, "attempts.mean", "first attempt and retries"),
        card("Duplicates", Unit::Number, "duplicates.copies", "copies more than asked for")
            .filter(|_| duplicates.value.is_some_and(|copies| copies > 0.0)),
        card("Cost", Unit::Money, "cost.per_on_time", "for each message that came in time")
            .filter(|_| run.value("cost.charged").is_some_and(|charged| charged > 0.0)),
    ])
}

/// Every number of the report, by its path.
pub(super) fn all(report: &Value) -> Option<Section> {
    let mut sheet = Sheet::new("all", "Every figure of report.json, by its path")
        .texts(&["path"])
        .numbers(&["value", "± (95 %)", "spans or replications"]);
    let estimates = report.get("estimates");
    report.leaves(&mut |path, value| {
        let value = match *value {
            Value::Count(count) => count as f64,
            Value::Number(number) => number,
            _ => return,
        };
        if matches!(path, "seed" | "replications") || path.starts_with("estimates.") {
            return;
        }
        let estimate = estimates.and_then(|estimates| estimates.get(path));
        let of = |key| estimate.and_then(|estimate| super::super::read::number(estimate, key));
        let half_width = of("half_width");
        let unit = figure::of(path);
        let figure = Figure { value: Some(value), half_width };
        let half = figure::with_half_width(unit, figure).and_then(|(_, half)| half);
        let half = half.map(Cell::text).unwrap_or_default().sorted_by(half_width);
        let n = of("n").filter(|_| half_width.is_some());
        let n = n.map_or_else(Cell::default, |n| Cell::count(Some(n)));
        sheet.row(vec![Cell::code(path), Cell::value(unit, Some(value)), half, n]);
    });
    Section::new("all-figures", "All figures", |html| {
        details(html, "Every figure, with its interval where there is one", |html| {
            sheet.write(html);
        });
    })
}
