//! The key figures, and all of them.

use maud::Render as _;

use super::super::cards::{self, Card};
use super::super::figure::Source;
use super::super::section::{Section, details};
use super::super::sheet::{Cell, Sheet};
use crate::report::head::has_deadline;
use crate::report::metric::truly;
use crate::report::number;
use crate::report::read::Figure;
use crate::report::table::per_run::mean;
use crate::report::unit;
use crate::report::{Unit, Value, leaves, read};

pub(super) fn key(report: &Value) -> Option<Section> {
    let run = Source::Run(report);
    let has_deadline = has_deadline(report);
    let card = |path: &str, remark: &str| Card::metric(run, truly(path, has_deadline), remark);
    let lacking = |name: &str, path: &str| {
        Card::figure(name, Unit::Share, run.figure(path).complement(), "of what the API accepted")
    };
    let refuses = run.value("of_requested.accepted").is_some_and(|accepted| accepted < 1.0);
    let asked = "of what was asked for: what was refused did not arrive";
    let each = if has_deadline { "message on time" } else { "message delivered" };
    let duplicates = run.value("duplicates.copies").filter(|&copies| copies > 0.0);
    let runs = run.value("replications").filter(|&runs| runs > 1.0);
    let copies = match runs.zip(duplicates) {
        Some((runs, sum)) => {
            format!("copies more than asked for, {} a run", mean(sum, runs as u64))
        }
        None => "copies more than asked for".to_owned(),
    };
    let acted = run.value("on_receipt.acted").filter(|&acted| acted > 0.0);
    let sent_again = number::count(acted.unwrap_or(0.0) as u64);
    let acted_on = format!("of {sent_again} messages sent again for what the sender saw of them");
    cards::section([
        card("of_requested.accepted", "of what was asked for"),
        card("of_requested.on_time", asked).filter(|_| refuses),
        lacking("On time", "divergence.api_vs_on_time").filter(|_| has_deadline),
        lacking("Delivered", "divergence.api_vs_outcome"),
        worst(report, has_deadline),
        card("divergence.observed_vs_outcome", "of what the sender saw delivered"),
        card("latency.delivery.p50_s", "half of those that arrived took no longer"),
        card("latency.delivery.p95_s", "95 % of those that arrived took no longer"),
        card("attempts.mean", "submits a message, first attempt and retries"),
        card("duplicates.copies", &copies).filter(|_| duplicates.is_some()),
        card("on_receipt.delivered", &acted_on).filter(|_| acted.is_some()),
        card("cost.per_on_time", &format!("for each {each}"))
            .filter(|_| run.value("cost.charged").is_some_and(|charged| charged > 0.0)),
    ])
}

/// The stream that fares worst, where there are several that don't fare the same.
fn worst(report: &Value, has_deadline: bool) -> Option<Card> {
    let key = if has_deadline { "on_time" } else { "delivered" };
    let run = Source::Run(report);
    let streams = read::entries(report, "traffic").filter_map(|(name, _)| {
        Some((name, run.value(&format!("traffic.{name}.of_requested.{key}"))?))
    });
    let (name, share) = streams.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let all = run.value(&format!("of_requested.{key}"))?;
    let [shown, all] = [share, all].map(|share| number::value(Unit::Share, share));
    let verb = if has_deadline { "arrived on time" } else { "were delivered" };
    let remark = format!("of the messages of {name} that were asked for {verb}");
    (shown != all).then(|| Card::text("Worst stream", shown, remark))
}

/// Every number of the report, by its path.
pub(super) fn all(report: &Value) -> Option<Section> {
    let mut sheet = Sheet::new("all", "Every figure of report.json, by its path")
        .texts(&["path"])
        .numbers(&["value", "± (95 %)", "spans or replications"]);
    let estimates = report.get("estimates");
    leaves(report, &mut |path, value| {
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
        let half = number::with_half_width(unit, figure).and_then(|(_, half)| half);
        let half = half.map(Cell::text).unwrap_or_default().sorted_by(half_width);
        let n = of("n").filter(|_| half_width.is_some());
        let n = n.map_or_else(Cell::default, |n| Cell::count(Some(n)));
        sheet.row(vec![Cell::code(path), Cell::value(unit, Some(value)), half, n]);
    });
    let inside = details("Every figure, with its interval where there is one", sheet.render());
    Section::new("all-figures", "All figures", inside)
}
