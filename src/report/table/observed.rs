//! What the sender saw, against what was true.

use super::super::Facts;
use super::Page;
use super::grid::Grid;
use super::paint::Ink;
use crate::chain::{Observed, Truth};
use crate::report::number::cell;

pub(super) fn observed(facts: &Facts<'_>, page: &Page) -> String {
    if facts.total.layers.accepted == 0 {
        return String::new();
    }
    let good = if facts.spec.has_deadline() { "on time" } else { "delivered" };
    let rows = [
        (good, [Truth::DeliveredOnTime].as_slice()),
        ("late", &[Truth::DeliveredLate]),
        ("never delivered", &NEVER),
        ("still on its way", &[Truth::Unresolved]),
    ];
    let headings = Observed::ALL.map(Observed::name);
    let mut grid = Grid::new("Truth ↓   seen →").numbers(&headings);
    for (name, truths) in rows {
        let counts = Observed::ALL.map(|state| {
            let seen = |&truth: &Truth| facts.results().observed[truth as usize][state as usize];
            truths.iter().map(seen).sum::<u64>()
        });
        if counts.iter().all(|&count| count == 0) {
            continue;
        }
        let delivered = truths.iter().all(|truth| truth.delivered());
        let cells = Observed::ALL.iter().zip(counts).map(|(&state, count)| {
            let agrees = delivered == (state == Observed::Delivered);
            let ink = match (count, agrees) {
                (0, _) => Ink::Faint,
                (_, true) => Ink::Plain,
                (_, false) => Ink::Vermilion,
            };
            (cell(count), ink)
        });
        grid.inked(name, cells.collect());
    }
    grid.set(page)
}

const NEVER: [Truth; 12] = [
    Truth::FilteredSilent,
    Truth::FilteredExplicit,
    Truth::RejectedByProvider,
    Truth::RetriesExhausted,
    Truth::DiscardedByQueue,
    Truth::ExpiredInQueue,
    Truth::LostBySender,
    Truth::LostByProvider,
    Truth::ThrottledOut,
    Truth::ExpiredAtCarrier,
    Truth::UnknownSubscriber,
    Truth::LostByCarrier,
];
