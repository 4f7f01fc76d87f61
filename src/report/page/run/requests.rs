//! Requests, attempts and money.

use maud::html;

use super::super::section::Section;
use super::super::sheet::{Cell, Sheet};
use crate::report::head::has_deadline;
use crate::report::metric::{Metric, at};
use crate::report::read;
use crate::report::{Unit, Value, better, label, leaves};

pub(super) fn requests(report: &Value) -> Option<Section> {
    let (requests, attempts, money) = (calls(report), attempts(report), money(report));
    let inside = html! {
        (requests)
        (attempts)
        (money)
    };
    Section::new("requests", "Requests, attempts, money", inside)
}

fn calls(report: &Value) -> Sheet {
    let mut sheet = Sheet::new("calls", "Requests to the API")
        .texts(&["requests"])
        .numbers(&["number", "share"]);
    let runs = read::number(report, "replications");
    let total = read::number(report, "requests.total").filter(|&total| total > 0.0);
    each(report, "requests", |path, count| {
        // What nobody hopes for is told where it happens.
        if better(path).is_none() || count > 0.0 {
            let share = total.map(|total| count / total);
            let summed = Cell::count(Some(count)).summed(Unit::Number, Some(count), runs);
            sheet.row(vec![Cell::text(label(path)), summed, Cell::share(share)]);
        }
    });
    sheet
}

/// Calls `figure` with the path and value of every figure of a section.
fn each(report: &Value, section: &str, mut figure: impl FnMut(&str, f64)) {
    leaves(report.get(section).unwrap_or(&Value::Null), &mut |path, value| {
        if let Some(value) = value.as_f64() {
            figure(&format!("{section}.{path}"), value);
        }
    });
}

fn attempts(report: &Value) -> Sheet {
    let mut sheet = Sheet::new("attempts", "Messages by the number of their submits")
        .numbers(&["submits", "messages"]);
    for (submits, messages) in read::entries(report, "attempts.histogram") {
        let number = submits.parse().ok();
        let submits = Cell::text(submits).sorted_by(number);
        sheet.row(vec![submits, Cell::count(messages.as_f64())]);
    }
    sheet
}

fn money(report: &Value) -> Sheet {
    let mut sheet =
        Sheet::new("money", "Money, in the account’s unit").texts(&["what"]).numbers(&["amount"]);
    let runs = read::number(report, "replications");
    for section in ["cost", "account"] {
        each(report, section, |path, value| {
            if path != "cost.per_on_time" || has_deadline(report) {
                // What is of a message is of a message in every run.
                let runs = runs.filter(|_| at(path).is_some_and(Metric::is_sum));
                let cell = Cell::value(Unit::Money, Some(value));
                let cell = cell.summed(Unit::Money, Some(value), runs);
                sheet.row(vec![Cell::text(label(path)), cell]);
            }
        });
    }
    sheet
}
