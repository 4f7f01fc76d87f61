//! Requests, attempts and money.

use maud::html;

use super::super::figure::Source;
use super::super::section::Section;
use super::super::sheet::{Cell, Sheet};
use crate::chain::Rejection;
use crate::report::head::has_deadline;
use crate::report::read;
use crate::report::read::Figure;
use crate::report::table::remarks::name;
use crate::report::{Unit, Value};

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
    let run = Source::Run(report);
    let mut sheet = Sheet::new("calls", "Requests to the API")
        .texts(&["requests"])
        .numbers(&["number", "share"]);
    let runs = run.value("replications");
    let total = run.value("requests.total").filter(|&total| total > 0.0);
    let mut row = |name: &str, path: &str, always: bool| {
        let count = run.value(path);
        if always || count.is_some_and(|count| count > 0.0) {
            let share = count.zip(total).map(|(count, total)| count / total);
            let summed = Cell::count(count).summed(Unit::Number, count, runs);
            sheet.row(vec![Cell::text(name), summed, Cell::share(share)]);
        }
    };
    row("all", "requests.total", true);
    row("accepted", "requests.accepted", true);
    for why in Rejection::ALL {
        let path = format!("requests.rejected.{}", why.name());
        row(&format!("rejected: {}", name(why)), &path, false);
    }
    row("timed out at the client", "requests.client_timeouts", false);
    row("repeated by the client", "requests.client_retries", false);
    row("made by people asking again", "requests.resends", false);
    sheet
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
    for (name, path) in [
        ("charged", "cost.charged"),
        ("refunded", "cost.refunded"),
        ("wasted on messages not delivered", "cost.wasted"),
        ("for each delivered", "cost.per_delivered"),
        ("for each delivered in time", "cost.per_on_time"),
        ("billed by providers", "cost.billed"),
        ("margin: charged, less refunds and bills", "cost.margin"),
        ("balance at the start", "account.opening"),
        ("topped up", "account.topped_up"),
        ("balance at the end", "account.balance"),
    ] {
        if path == "cost.per_on_time" && !has_deadline(report) {
            continue;
        }
        if let Some(value) = read::number(report, path) {
            let figure = Figure { value: Some(value), half_width: None };
            let cell = Cell::figure(Unit::Money, figure);
            // What is of a message is of a message in every run.
            let is_sum = !path.starts_with("cost.per_");
            let runs = read::number(report, "replications").filter(|_| is_sum);
            sheet.row(vec![Cell::text(name), cell.summed(Unit::Money, Some(value), runs)]);
        }
    }
    sheet
}
