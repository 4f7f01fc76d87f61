//! What the sender saw, against what was true.

use maud::html;

use super::super::figure::Source;
use super::super::section::{Section, remark};
use super::super::sheet::{Cell, Sheet};
use crate::chain::{Observed, Truth};
use crate::report::Value;
use crate::report::head::has_deadline;
use crate::report::table::lost::name_by;

pub(super) fn observed(report: &Value) -> Option<Section> {
    let run = Source::Run(report);
    let headings = Observed::ALL.map(Observed::name);
    let mut sheet = Sheet::new("confusion", "Messages by what was true and what the sender saw")
        .texts(&["truth"])
        .numbers(&headings);
    for truth in Truth::ALL {
        let counts = Observed::ALL
            .map(|state| run.value(&format!("observed.{}.{}", truth.name(), state.name())));
        if counts.iter().all(|&count| count.unwrap_or(0.0) == 0.0) {
            continue;
        }
        let mut cells = vec![Cell::text(name_by(truth, has_deadline(report)))];
        cells.extend(Observed::ALL.into_iter().zip(counts).map(|(state, count)| {
            let cell = Cell::quiet_count(count);
            let is_lie = truth.delivered() != (state == Observed::Delivered);
            if is_lie && count.unwrap_or(0.0) > 0.0 { cell.classed("wrong") } else { cell }
        }));
        sheet.row(cells);
    }
    let inside = html! {
        (sheet)
        (remark(
            "Marked ≠: what the sender saw is not what was true. Ends that no message came to are \
             left out.",
        ))
    };
    Section::new("seen", "What the sender saw", inside)
}
