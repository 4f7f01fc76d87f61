//! The effect of a change on an incident.

use super::super::super::document::{Block, Section, Table};
use super::super::super::replay::WhatIf;
use crate::experiment::replay::{Change, Class};
use crate::report::number::{count, grouped_figure};

/// Ends shown; the most frequent ones.
const ENDS: usize = 12;

pub(super) fn what_if(what_if: &WhatIf) -> Section {
    let changes = what_if.changes.join(", ");
    if what_if.same {
        let said = format!("With {changes}: no difference, in any message.");
        return Section::default().with(Block::text(said));
    }
    Section::default()
        .with(Block::text(sentence(what_if, &changes)))
        .with(figures(what_if))
        .with(classes(what_if))
        .with(ends(what_if))
}

fn sentence(what_if: &WhatIf, changes: &str) -> String {
    let number =
        |class: Class| count(what_if.messages.classes.get(&class).map_or(0, |it| it.count));
    let held = match what_if.held {
        Some([true, false]) => " The incident does not happen.",
        Some([true, true]) => " The incident happens all the same.",
        Some([false, true]) => " Now the condition holds.",
        Some([false, false]) | None => "",
    };
    let has = |class: Class| what_if.messages.classes.contains_key(&class);
    // Without a deadline nothing is.
    let in_time = if has(Class::InTime) || has(Class::Late) {
        let (now, no_more) = (number(Class::InTime), number(Class::Late));
        format!("late but now on time {now}, on time but now late {no_more}; ")
    } else {
        String::new()
    };
    format!(
        "With {changes}, on the same draws: saved {}, lost {}; {in_time}more copies of {}, fewer \
         of {}; newly accepted {}, no longer {}. Of {} messages {} are as before.{held}",
        number(Class::Saved),
        number(Class::Lost),
        number(Class::MoreCopies),
        number(Class::FewerCopies),
        number(Class::New),
        number(Class::Gone),
        count(what_if.messages.messages[0]),
        count(what_if.messages.same)
    )
}

fn figures(what_if: &WhatIf) -> Table {
    let mut table = Table::new("figures", "Figure", "figure").numbers(&["without", "with"]);
    for (path, values) in &what_if.figures {
        let shown = |value: Option<f64>| value.map_or_else(|| "unknown".to_owned(), grouped_figure);
        table.text_row(path, values.map(shown));
    }
    table
}

fn classes(what_if: &WhatIf) -> Table {
    let mut table = Table::new("classes", "With the change", "what")
        .numbers(&["messages"])
        .texts(&["for example"]);
    for class in Class::ALL {
        let said = match class {
            Class::Saved => "delivered, and were not",
            Class::Lost => "not delivered, and were",
            Class::InTime => "on time, and were late",
            Class::Late => "late, and were on time",
            Class::Sooner => "delivered sooner",
            Class::Later => "delivered later",
            Class::MoreCopies => "more copies",
            Class::FewerCopies => "fewer copies",
            Class::Cheaper => "cheaper",
            Class::Dearer => "dearer",
            Class::New => "accepted, and were not",
            Class::Gone => "no longer accepted or asked for",
        };
        if let Some(change) = what_if.messages.classes.get(&class) {
            table.text_row(said, cells(change));
        }
    }
    table
}

fn ends(what_if: &WhatIf) -> Table {
    let mut ends: Vec<_> = what_if.messages.ends.iter().collect();
    ends.sort_by_key(|(_, change)| std::cmp::Reverse(change.count));
    let mut table = Table::new("other-ends", "Another end", "end")
        .wide_names(48)
        .numbers(&["messages"])
        .texts(&["for example"]);
    for ((without, with), change) in ends.into_iter().take(ENDS) {
        table.text_row(&format!("{without} → {with}"), cells(change));
    }
    table
}

fn cells(change: &Change) -> Vec<String> {
    vec![count(change.count), change.examples.first().cloned().unwrap_or_default()]
}
