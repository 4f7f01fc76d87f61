//! What was asked of the run, and what came of it.

use maud::Render as _;

use super::super::section::Section;
use super::super::sheet::{Cell, Sheet};
use crate::report::Value;
use crate::report::read;
use crate::report::read::Figure;
use crate::report::unit;

pub(super) fn objectives(report: &Value) -> Option<Section> {
    let asked = read::list(report, "objectives");
    let mut sheet = Sheet::new("asked", "Objectives, and the comparisons they consist of")
        .texts(&["objective", "verdict", "comparison"])
        .numbers(&["figure"])
        .texts(&["holds"]);
    for objective in asked {
        let verdict = match read::text(objective, "verdict") {
            "met" => "met",
            "missed" => "not met",
            _ => "can’t tell",
        };
        let mut first = vec![Cell::code(read::text(objective, "slo")), Cell::text(verdict)];
        for margin in read::list(objective, "margins") {
            let number = |key| read::number(margin, key);
            let holds = match read::at(margin, "met") {
                Some(Value::Bool(true)) => "yes",
                Some(Value::Bool(false)) => "no",
                _ => "can’t tell",
            };
            let mut row = std::mem::take(&mut first);
            row.resize_with(2, Cell::default);
            row.push(Cell::code(read::text(margin, "expression")));
            let figure = Figure { value: number("mean"), half_width: number("half_width") };
            row.push(Cell::figure(unit(read::text(margin, "path")), figure));
            row.push(Cell::text(holds));
            sheet.row(row);
        }
        if !first.is_empty() {
            first.resize_with(5, Cell::default);
            sheet.row(first);
        }
    }
    Section::new("objectives", "Objectives", sheet.render())
}
