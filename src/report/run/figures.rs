//! The key figures, and all of them.

use super::Told;
use crate::report::document::{Card, Cell, Section, Table};
use crate::report::metric::truly;
use crate::report::number::{self, mean, with_half_width};
use crate::report::read::{self, Figure};
use crate::report::{Unit, leaves, unit};

pub(super) fn key(told: Told<'_>) -> Section {
    let run = told.figures;
    let card = |path: &str, remark: &str| Card::metric(run, truly(path, told.has_deadline), remark);
    let missing = |name: &str, path: &str| {
        Card::figure(name, Unit::Share, run.figure(path).complement(), "of what the API accepted")
    };
    let refuses = run.value("of_requested.accepted").is_some_and(|accepted| accepted < 1.0);
    let asked = "of what was asked for: what was refused did not arrive";
    let each = if told.has_deadline { "message on time" } else { "message delivered" };
    let copies = run.value("duplicates.copies").filter(|&copies| copies > 0.0);
    let more = match copies.filter(|_| told.runs > 1.0) {
        Some(sum) => {
            format!("copies more than asked for, {} a run", mean(sum, told.runs as u64))
        }
        None => "copies more than asked for".to_owned(),
    };
    let acted = run.value("on_receipt.acted").filter(|&acted| acted > 0.0);
    let again = number::count(acted.unwrap_or(0.0) as u64);
    let again = format!("of {again} messages sent again for what the sender saw of them");
    let in_parts = run.value("parts.messages").filter(|&messages| messages > 0.0);
    let parts = number::count(in_parts.unwrap_or(0.0) as u64);
    let parts = format!("of {parts} messages in parts: some arrived, not all");
    Card::section([
        card("of_requested.accepted", "of what was asked for"),
        card("of_requested.on_time", asked).filter(|_| refuses),
        missing("On time", "divergence.api_vs_on_time").filter(|_| told.has_deadline),
        missing("Delivered", "divergence.api_vs_outcome"),
        card("divergence.observed_vs_outcome", "of what the sender saw delivered"),
        card("latency.delivery.p50_s", "half of those that arrived took no longer"),
        card("latency.delivery.p95_s", "95 % of those that arrived took no longer"),
        card("attempts.mean", "submits a message, first attempt and retries"),
        card("duplicates.copies", &more).filter(|_| copies.is_some()),
        card("on_receipt.delivered", &again).filter(|_| acted.is_some()),
        card("parts.incomplete", &parts).filter(|_| in_parts.is_some()),
        card("parts.out_of_order", "of messages that came in parts, all of them")
            .filter(|_| in_parts.is_some()),
        card("cost.per_on_time", &format!("for each {each}"))
            .filter(|_| run.value("cost.charged").is_some_and(|charged| charged > 0.0)),
    ])
}

/// Every number of the report, by its path.
pub(super) fn all(told: Told<'_>) -> Section {
    let mut table = Table::new("all", "Every figure of report.json, by its path", "path")
        .numbers(&["value", "± (95 %)", "spans or replications"]);
    let estimates = told.report.get("estimates");
    leaves(told.report, &mut |path, value| {
        let Some(value) = value.as_f64() else {
            return;
        };
        if matches!(path, "seed" | "replications") || path.starts_with("estimates.") {
            return;
        }
        let estimate = estimates.and_then(|estimates| estimates.get(path));
        let of = |key| estimate.and_then(|estimate| read::number(estimate, key));
        let half_width = of("half_width");
        let unit = unit(path);
        let figure = Figure { value: Some(value), half_width };
        let half = with_half_width(unit, figure).and_then(|(_, half)| half);
        let half = half.map(Cell::text).unwrap_or_default().sorted_by(half_width);
        let n = of("n").filter(|_| half_width.is_some());
        let n = n.map_or_else(Cell::default, |n| Cell::text(number::plain(n)).sorted_by(Some(n)));
        table.row(vec![Cell::code(path), Cell::value(unit, Some(value)), half, n]);
    });
    Section::new("all-figures", "All figures")
        .folded("Every figure, with its interval where there is one")
        .on_page(table)
}
