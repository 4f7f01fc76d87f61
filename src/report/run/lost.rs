//! The ends of messages that did not arrive on time.

use super::Told;
use crate::chain::{Observed, Results, Truth};
use crate::report::document::{Cell, On, Section, Table, Tone};
use crate::report::ends;
use crate::report::names;
use crate::report::number::{count, percent};

/// So many places are named in a cell.
const NAMED: usize = 2;

pub(super) fn lost(told: Told<'_>) -> Section {
    let caption = if told.has_deadline {
        "Messages that did not arrive on time, by their end"
    } else {
        "Messages that were not delivered, by their end"
    };
    let mut table = Table::new("lost", "Where the rest went", "end")
        .caption(caption)
        .numbers(&["messages", "of the accepted"])
        .texts(&["the sender saw"])
        .texts_on(On::Terminal, &["where"]);
    for (truth, messages) in ends::counts(|path| told.figures.value(path)) {
        let (seen, lied) = seen(told, truth, messages);
        let places = told.facts.map(|facts| places(facts.results(), truth));
        table.row(vec![
            Cell::text(names::end(truth)),
            Cell::count(Some(messages)).summed(told.runs),
            Cell::share(ends::share(truth, |path| told.figures.value(path))),
            Cell::text(seen).toned(if lied { Tone::Wrong } else { Tone::Plain }),
            Cell::text(places.unwrap_or_default()).toned(Tone::Faint),
        ]);
    }
    Section::new("rest", "Where the rest went").with(table)
}

/// The states, the most frequent first, with their shares; and whether the first is a lie:
/// `delivered` for what wasn't.
fn seen(told: Told<'_>, truth: Truth, messages: f64) -> (String, bool) {
    let count = |state: Observed| {
        let path = format!("observed.{}.{}", truth.name(), state.name());
        told.figures.value(&path).unwrap_or(0.0)
    };
    let mut states: Vec<Observed> =
        Observed::ALL.into_iter().filter(|&state| count(state) > 0.0).collect();
    states.sort_by(|&a, &b| count(b).total_cmp(&count(a)));
    let lied = !truth.delivered() && states.first() == Some(&Observed::Delivered);
    if let [alone] = states.as_slice() {
        return (alone.name().to_owned(), lied);
    }
    let share =
        |&state: &Observed| format!("{} {}", state.name(), percent(count(state) / messages));
    (states.iter().map(share).collect::<Vec<_>>().join(", "), lied)
}

fn places(results: &Results, truth: Truth) -> String {
    let mut places: Vec<(&str, u64)> = results
        .places
        .iter()
        .zip(&results.ends)
        .map(|(place, ends)| (place.as_str(), ends[truth as usize]))
        .filter(|&(place, count)| count > 0 && !place.is_empty())
        .collect();
    places.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    if let [(alone, _)] = places.as_slice() {
        return (*alone).to_owned();
    }
    let named = places.iter().take(NAMED);
    let mut names: Vec<String> =
        named.map(|(place, messages)| format!("{place} {}", count(*messages))).collect();
    if places.len() > NAMED {
        names.push(format!("+{}", places.len() - NAMED));
    }
    names.join(" · ")
}
