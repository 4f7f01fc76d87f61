//! Where the messages went that were not delivered on time.

use super::super::Facts;
use super::Page;
use super::grid::Grid;
use super::paint::Ink;
use super::per_run::mean;
use super::text::plain;
use crate::chain::{Observed, Results, Truth};
use crate::experiment::share;
use crate::report::number::{count, percent, rough};

/// So many places or observed states are named in a cell.
const NAMED: usize = 2;

pub(super) fn lost(facts: &Facts<'_>, page: &Page) -> String {
    let mut ends: Vec<Truth> = Truth::ALL
        .into_iter()
        .filter(|&truth| truth != Truth::DeliveredOnTime && facts.truth[truth as usize] > 0)
        .collect();
    // Stable: of equal counts the order of reports.
    ends.sort_by_key(|&truth| std::cmp::Reverse(facts.truth[truth as usize]));
    let runs = facts.results().replications;
    let mut grid = Grid::new("Where the rest went")
        .numbers(&["messages", "a run", "share"])
        .text("the sender saw")
        .text("where");
    for truth in ends {
        let messages = facts.truth[truth as usize];
        let part = share(messages, facts.total.layers.accepted).unwrap_or(0.0);
        let (seen, lied) = seen(facts.results(), truth);
        let cells = vec![
            (count(messages), Ink::Plain),
            // Of a single run there is no such column.
            (if runs > 1 { mean(messages as f64, runs) } else { "·".to_owned() }, Ink::Faint),
            (percent(part), Ink::Plain),
            (seen, if lied { Ink::Vermilion } else { Ink::Plain }),
            (places(facts.results(), truth), Ink::Faint),
        ];
        grid.inked(name(truth), cells);
    }
    grid.set(page)
}

/// In a person's words; without a deadline what is on time is what is delivered.
pub(in crate::report) const fn name_by(truth: Truth, has_deadline: bool) -> &'static str {
    match truth {
        Truth::DeliveredOnTime if !has_deadline => "delivered",
        truth => name(truth),
    }
}

/// In a person's words.
pub(in crate::report) const fn name(truth: Truth) -> &'static str {
    match truth {
        Truth::DeliveredOnTime => "on time",
        Truth::DeliveredLate => "late",
        Truth::FilteredSilent => "filtered, silently",
        Truth::FilteredExplicit => "filtered, openly",
        Truth::RejectedByProvider => "rejected by provider",
        Truth::RetriesExhausted => "retries exhausted",
        Truth::DiscardedByQueue => "discarded by queue",
        Truth::ExpiredInQueue => "expired in queue",
        Truth::LostBySender => "lost by sender",
        Truth::LostByProvider => "lost by provider",
        Truth::ThrottledOut => "throttled out",
        Truth::ExpiredAtCarrier => "expired at carrier",
        Truth::UnknownSubscriber => "unknown subscriber",
        Truth::LostByCarrier => "lost by carrier",
        Truth::Unresolved => "still on its way",
    }
}

/// The states most of them showed, and whether that is a lie: `delivered` for what wasn't.
fn seen(results: &Results, truth: Truth) -> (String, bool) {
    let counts = &results.observed[truth as usize];
    let total: u64 = counts.iter().sum();
    let mut states: Vec<(&str, u64)> =
        Observed::ALL.iter().map(|&state| (state.name(), counts[state as usize])).collect();
    states.retain(|&(_, count)| count > 0);
    states.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let lied = !truth.delivered() && states.first().is_some_and(|&(name, _)| name == "delivered");
    let text = match states.as_slice() {
        [] => String::new(),
        [(name, _)] => (*name).to_owned(),
        [(name, count), ..] => {
            format!("{name} {}", rough(share(*count, total).unwrap_or(0.0)))
        }
    };
    (text, lied)
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
    let others = places.len().saturating_sub(NAMED);
    let alone = places.len() == 1;
    let mut names: Vec<String> = places
        .into_iter()
        .take(NAMED)
        .map(|(place, messages)| {
            let place = plain(place);
            if alone { place } else { format!("{place} {}", count(messages)) }
        })
        .collect();
    if others > 0 {
        names.push(format!("+{others}"));
    }
    names.join(" · ")
}
