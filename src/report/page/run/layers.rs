//! The layers of success, and how soon messages arrived.

use maud::html;

use super::super::figure::Source;
use super::super::section::{Section, remark};
use super::super::sheet::{Cell, Sheet};
use crate::report::head::has_deadline;
use crate::report::metric::under;
use crate::report::read;
use crate::report::{Unit, Value};

/// A layer's key, where its share of what was asked for is, and what it lacks of API success.
const SHARES: [(&str, &str, &str); 4] = [
    ("api_success", "of_requested.accepted", ""),
    ("execution_success", "", "divergence.api_vs_execution"),
    ("outcome_success", "of_requested.delivered", "divergence.api_vs_outcome"),
    ("outcome_on_time", "of_requested.on_time", "divergence.api_vs_on_time"),
];

pub(super) fn layers(report: &Value) -> Option<Section> {
    let run = Source::Run(report);
    let runs = run.value("replications");
    let accepted = run.value("layers.api_success").filter(|&accepted| accepted > 0.0);
    let mut layers = Sheet::new("layers", "Messages by layer of success")
        .texts(&["layer"])
        .numbers(&["messages", "of what was asked for", "of the accepted"])
        .texts(&["meaning"]);
    for metric in under("layers") {
        let key = metric.key();
        if key == "outcome_on_time" && !has_deadline(report) {
            continue;
        }
        let Some(count) = run.value(metric.path) else {
            continue;
        };
        let (_, whole, gap) = SHARES.into_iter().find(|own| own.0 == key).unwrap_or_default();
        let share = match gap {
            // What was asked for is more than what was accepted.
            _ if key == "requested" => Cell::text("–"),
            gap if !gap.is_empty() => Cell::figure(Unit::Share, run.figure(gap).complement()),
            _ => Cell::share(accepted.map(|accepted| count / accepted)),
        };
        let of_requested = match whole {
            "" => Cell::text("–"),
            path => Cell::figure(Unit::Share, run.figure(path)),
        };
        layers.row(vec![
            Cell::text(metric.heading()),
            Cell::count(Some(count)).summed(Unit::Number, Some(count), runs),
            of_requested,
            share,
            Cell::text(metric.meaning),
        ]);
    }
    let mut within = Sheet::new("within", "Delivered within a time")
        .texts(&["within"])
        .numbers(&["of what was asked for", "of the accepted"]);
    for (time, _) in read::entries(report, "within") {
        let share = run.figure(&format!("within.{time}"));
        if share.value.is_some() {
            let whole = run.figure(&format!("of_requested.within.{time}"));
            let [whole, share] = [whole, share].map(|share| Cell::figure(Unit::Share, share));
            within.row(vec![Cell::text(time), whole, share]);
        }
    }
    let inside = html! {
        (layers)
        (within)
        (remark(&certainty(report)))
    };
    Section::new("success", "Layers of success", inside)
}

/// What ± is, or why there is none.
fn certainty(report: &Value) -> String {
    let reasons = read::list(report, "no_interval");
    let Some(needed) = reasons.first().and_then(|reason| read::number(reason, "replications"))
    else {
        return "± is half a 95 % interval: over replications, or, of a single run, over spans of its \
                time. A figure without one is too skewed for its replications, or its spans are not \
                independent."
            .to_owned();
    };
    let why: Vec<String> =
        reasons.iter().map(|reason| read::text(reason, "words").to_owned()).collect();
    let runs = match read::number(report, "replications") {
        Some(1.0) | None => "This run alone".to_owned(),
        Some(runs) => format!("These {runs} runs"),
    };
    format!("{runs}, without ±: {}. -n {needed} for an interval.", why.join("; "))
}
