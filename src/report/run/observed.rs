//! The sender's view, against what was true.

use super::Told;
use crate::chain::{Observed, Truth};
use crate::report::Unit;
use crate::report::document::{Block, Cell, Section, Table, Tone};
use crate::report::names;

pub(super) fn observed(told: Told<'_>) -> Section {
    let headings = Observed::ALL.map(Observed::name);
    let mut table = Table::new("confusion", "Truth ↓   seen →", "truth")
        .caption("Messages by what was true and what the sender saw")
        .numbers(&headings);
    for truth in Truth::ALL {
        let counts = Observed::ALL.map(|state| {
            told.figures.value(&format!("observed.{}.{}", truth.name(), state.name()))
        });
        if counts.iter().all(|&count| count.unwrap_or(0.0) == 0.0) {
            continue;
        }
        let mut cells = vec![Cell::text(names::end_by(truth, told.has_deadline))];
        cells.extend(Observed::ALL.into_iter().zip(counts).map(|(state, count)| {
            let cell = Cell::quiet(Unit::Number, count);
            let is_lie = truth.delivered() != (state == Observed::Delivered);
            if is_lie && count.unwrap_or(0.0) > 0.0 { cell.toned(Tone::Wrong) } else { cell }
        }));
        table.row(cells);
    }
    Section::new("seen", "What the sender saw").with(table).on_page(Block::remark(
        "Marked ≠: what the sender saw is not what was true. Ends that no message came to are left \
         out.",
    ))
}
