//! Objectives of the run, and what came of them.

use super::Told;
use crate::report::document::{Cell, Section, Table, Tone};
use crate::report::read::{self, estimate};
use crate::report::{Value, unit};

pub(super) fn objectives(told: Told<'_>) -> Section {
    let mut table = Table::new("asked", "Objectives", "objective")
        .caption("Objectives, and the comparisons they consist of")
        .texts(&["verdict", "comparison"])
        .numbers(&["figure"])
        .texts(&["holds"]);
    for objective in read::list(told.report, "objectives") {
        let (verdict, tone) = match read::text(objective, "verdict") {
            "met" => ("met", Tone::Good),
            "missed" => ("not met", Tone::Bad),
            _ => ("can’t tell", Tone::Plain),
        };
        let mut first =
            vec![Cell::code(read::text(objective, "slo")), Cell::text(verdict).toned(tone)];
        for margin in read::list(objective, "margins") {
            let holds = match read::at(margin, "met") {
                Some(Value::Bool(true)) => "yes",
                Some(Value::Bool(false)) => "no",
                _ => "can’t tell",
            };
            let mut row = std::mem::take(&mut first);
            row.resize_with(2, Cell::default);
            row.push(Cell::code(read::text(margin, "expression")));
            let figure = estimate(Some(margin), "mean");
            row.push(Cell::figure(unit(read::text(margin, "path")), figure));
            row.push(Cell::text(holds));
            table.row(row);
        }
        if !first.is_empty() {
            table.row(first);
        }
    }
    Section::new("objectives", "Objectives").on_page(table)
}
