//! Requests, attempts, what came of receipts, and money.

use super::Told;
use crate::report::document::{Cell, Section, Table};
use crate::report::metric::{Metric, at};
use crate::report::{Value, better, label, leaves, read, unit};

pub(super) fn requests(told: Told<'_>) -> Section {
    Section::new("requests", "Requests, attempts, money")
        .with(calls(told))
        .on_page(attempts(told))
        .with(acted_on(told))
        .with(in_parts(told))
        .with(money(told))
}

fn calls(told: Told<'_>) -> Table {
    let mut table =
        Table::new("calls", "Requests to the API", "requests").numbers(&["number", "share"]);
    let total = told.figures.value("requests.total").filter(|&total| total > 0.0);
    for section in ["requests", "quiet", "opt_outs", "duplicates"] {
        each(told, section, |path, count| {
            // What nobody hopes for, and what has a time of its own, is told where it happens.
            if (better(path).is_none() && !matches!(section, "quiet" | "opt_outs")) || count > 0.0 {
                let share = total.filter(|_| section == "requests").map(|total| count / total);
                let summed = Cell::count(Some(count)).summed(told.runs);
                table.row(vec![Cell::text(label(path)), summed, Cell::share(share)]);
            }
        });
    }
    table
}

/// Calls `figure` with the path and value of every figure of a section.
fn each(told: Told<'_>, section: &str, mut figure: impl FnMut(&str, f64)) {
    leaves(told.report.get(section).unwrap_or(&Value::Null), &mut |path, value| {
        if let Some(value) = value.as_f64() {
            figure(&format!("{section}.{path}"), value);
        }
    });
}

fn attempts(told: Told<'_>) -> Table {
    let mut table = Table::new("attempts", "Messages by the number of their submits", "submits")
        .numbers(&["messages"]);
    for (submits, messages) in read::entries(told.report, "attempts.histogram") {
        let number = submits.parse().ok();
        let submits = Cell::text(submits).sorted_by(number);
        table.row(vec![submits, Cell::count(messages.as_f64())]);
    }
    table
}

/// Nothing where no sender acted on what it saw.
fn acted_on(told: Told<'_>) -> Table {
    let mut table = Table::new("on-receipt", "Acting on receipts", "receipts")
        .numbers(&["number", "of messages"]);
    let all = told.figures.value("messages.accepted").filter(|&all| all > 0.0);
    each(told, "on_receipt", |path, count| {
        if count > 0.0 {
            let summed = Cell::count(Some(count)).summed(told.runs);
            // The others count times, of which a message may have several.
            let counts_messages = matches!(
                path,
                "on_receipt.acted" | "on_receipt.delivered" | "on_receipt.duplicates"
            );
            let all = all.filter(|_| counts_messages);
            let share = Cell::share(all.map(|all| count / all));
            table.row(vec![Cell::text(label(path)), summed, share]);
        }
    });
    table
}

/// Nothing where no message went in parts.
fn in_parts(told: Told<'_>) -> Table {
    let mut table = Table::new("parts", "Messages in parts", "parts").numbers(&[
        "number",
        "of all parts",
        "of messages",
    ]);
    let messages = told.figures.value("parts.messages").filter(|&messages| messages > 0.0);
    let (Some(messages), Some(total)) = (messages, told.figures.value("parts.total")) else {
        return table;
    };
    each(told, "parts", |path, count| {
        let path_of_part = PARTS.contains(&path);
        let of_message = matches!(
            path,
            "parts.complete" | "parts.incomplete" | "parts.incomplete_seen_delivered"
        );
        // What did not happen is not told.
        if count == 0.0 {
            return;
        }
        if !at(path).is_some_and(Metric::is_sum) {
            // Of the complete ones, which stand before it.
            let share = Cell::share(Some(count));
            table.row(vec![Cell::text(label(path)), Cell::count(None), Cell::count(None), share]);
            return;
        }
        let share = |of: f64, is: bool| Cell::share(is.then_some(count / of));
        table.row(vec![
            Cell::text(label(path)),
            Cell::count(Some(count)).summed(told.runs),
            share(total, path_of_part),
            share(messages, of_message),
        ]);
    });
    table
}

/// Figures that are of parts, each of which is counted once.
const PARTS: [&str; 8] = [
    "parts.delivered",
    "parts.not_accepted",
    "parts.lost",
    "parts.filtered",
    "parts.throttled_out",
    "parts.expired",
    "parts.unknown_subscriber",
    "parts.unresolved",
];

/// Nothing where nothing costs anything.
fn money(told: Told<'_>) -> Table {
    let mut table = Table::new("money", "Money", "what")
        .caption("Money, in the account’s unit")
        .numbers(&["amount"]);
    for section in ["cost", "account"] {
        each(told, section, |path, value| {
            if path != "cost.per_on_time" || told.has_deadline {
                // What is of a message is of a message in every run.
                let cell = Cell::quiet(unit(path), Some(value));
                let is_sum = at(path).is_some_and(Metric::is_sum);
                let cell = if is_sum { cell.summed(told.runs) } else { cell };
                table.row(vec![Cell::text(label(path)), cell]);
            }
        });
    }
    table
}
