//! Incidents, and how long it took to get over them.

use maud::Render as _;

use super::super::section::Section;
use super::super::sheet::{Cell, Sheet};
use crate::report::head::has_deadline;
use crate::report::number;
use crate::report::read;
use crate::report::{Unit, Value};

pub(super) fn incidents(report: &Value) -> Option<Section> {
    let during = if has_deadline(report) { "on time during" } else { "delivered during" };
    let mut sheet = Sheet::new("incident-list", "Incidents, in the order of the scenario")
        .texts(&["incident"])
        .numbers(&["from", "to", during, "recovered after"]);
    for (name, incident) in read::entries(report, "incidents") {
        let number = |key| read::number(incident, key);
        let recovered = match number("recovery_s") {
            Some(0.0) => Cell::text("at once").sorted_by(Some(0.0)),
            Some(seconds) => Cell::value(Unit::Seconds, Some(seconds)),
            None => Cell::text("not seen to recover"),
        };
        sheet.row(vec![
            Cell::text(name),
            clock(number("from_s")),
            clock(number("to_s")),
            Cell::share(number("on_time_during")),
            recovered,
        ]);
    }
    Section::new("incidents", "Incidents", sheet.render())
}

/// A moment of simulated time.
fn clock(seconds: Option<f64>) -> Cell {
    let Some(seconds) = seconds else {
        return Cell::default();
    };
    Cell::text(number::value(Unit::Seconds, seconds)).sorted_by(Some(seconds))
}
