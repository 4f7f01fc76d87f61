//! The layers of success, and how soon messages arrived.

use maud::html;

use super::super::figure::Source;
use super::super::section::{Section, remark};
use super::super::sheet::{Cell, Sheet};
use crate::report::head::has_deadline;
use crate::report::read;
use crate::report::{Unit, Value};

/// Name, where its count is, what it lacks of API success, what it means.
const LAYERS: [(&str, &str, Option<&str>, &str); 6] = [
    ("asked for", "requested", None, "messages that requests asked for"),
    ("API success", "api_success", None, "accepted by the API"),
    (
        "execution success",
        "execution_success",
        Some("divergence.api_vs_execution"),
        "accepted by a provider",
    ),
    (
        "outcome success",
        "outcome_success",
        Some("divergence.api_vs_outcome"),
        "delivered to the handset",
    ),
    (
        "on time",
        "outcome_on_time",
        Some("divergence.api_vs_on_time"),
        "delivered before the deadline",
    ),
    ("seen as delivered", "observed_delivered", None, "what the sender believes"),
];

/// Where a layer's share of what was asked for is.
fn of_requested(layer: &str) -> Option<&'static str> {
    match layer {
        "api_success" => Some("of_requested.accepted"),
        "outcome_success" => Some("of_requested.delivered"),
        "outcome_on_time" => Some("of_requested.on_time"),
        _ => None,
    }
}

pub(super) fn layers(report: &Value) -> Option<Section> {
    let run = Source::Run(report);
    let runs = run.value("replications");
    let accepted = run.value("layers.api_success").filter(|&accepted| accepted > 0.0);
    let mut layers = Sheet::new("layers", "Messages by layer of success")
        .texts(&["layer"])
        .numbers(&["messages", "of what was asked for", "of the accepted"])
        .texts(&["meaning"]);
    for (name, key, gap, meaning) in LAYERS {
        if key == "outcome_on_time" && !has_deadline(report) {
            continue;
        }
        let Some(count) = run.value(&format!("layers.{key}")) else {
            continue;
        };
        let share = match gap {
            Some(gap) => Cell::figure(Unit::Share, run.figure(gap).complement()),
            // What was asked for is more than what was accepted.
            None if key == "requested" => Cell::text("–"),
            None => Cell::share(accepted.map(|accepted| count / accepted)),
        };
        let of_requested = match of_requested(key) {
            Some(path) => Cell::figure(Unit::Share, run.figure(path)),
            None => Cell::text("–"),
        };
        layers.row(vec![
            Cell::text(name),
            Cell::count(Some(count)).summed(Unit::Number, Some(count), runs),
            of_requested,
            share,
            Cell::text(meaning),
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
        (remark(
            &certainty(report)
        ))
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
