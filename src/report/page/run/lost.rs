//! Where the messages went that did not arrive on time.

use maud::Render as _;

use super::super::figure::Source;
use super::super::section::Section;
use super::super::sheet::{Cell, Sheet};
use crate::chain::{Observed, Truth};
use crate::report::head::has_deadline;
use crate::report::number;
use crate::report::table::lost::name;
use crate::report::{Unit, Value};

pub(super) fn lost(report: &Value) -> Option<Section> {
    let run = Source::Run(report);
    let runs = run.value("replications");
    let accepted = run.value("layers.api_success").filter(|&accepted| accepted > 0.0);
    let count = |truth: Truth| run.value(&format!("truth.{}", truth.name())).unwrap_or(0.0);
    let mut ends: Vec<Truth> = Truth::ALL
        .into_iter()
        .filter(|&truth| truth != Truth::DeliveredOnTime && count(truth) > 0.0)
        .collect();
    // Stable: of equal counts the order of reports.
    ends.sort_by(|&a, &b| count(b).total_cmp(&count(a)));
    let caption = if has_deadline(report) {
        "Messages that did not arrive on time, by their end"
    } else {
        "Messages that were not delivered, by their end"
    };
    let mut sheet = Sheet::new("lost", caption)
        .texts(&["end"])
        .numbers(&["messages", "of the accepted"])
        .texts(&["the sender saw"]);
    for truth in ends {
        let messages = count(truth);
        sheet.row(vec![
            Cell::text(name(truth)),
            Cell::count(Some(messages)).summed(Unit::Number, Some(messages), runs),
            Cell::share(accepted.map(|accepted| messages / accepted)),
            Cell::text(seen(run, truth, messages)),
        ]);
    }
    Section::new("rest", "Where the rest went", sheet.render())
}

/// The states, the most frequent first, with their shares.
fn seen(run: Source<'_>, truth: Truth, messages: f64) -> String {
    let count = |state: Observed| {
        run.value(&format!("observed.{}.{}", truth.name(), state.name())).unwrap_or(0.0)
    };
    let mut states: Vec<Observed> =
        Observed::ALL.into_iter().filter(|&state| count(state) > 0.0).collect();
    states.sort_by(|&a, &b| count(b).total_cmp(&count(a)));
    if let [alone] = states.as_slice() {
        return alone.name().to_owned();
    }
    let share = |&state: &Observed| {
        format!("{} {}", state.name(), number::value(Unit::Share, count(state) / messages))
    };
    states.iter().map(share).collect::<Vec<_>>().join(", ")
}
