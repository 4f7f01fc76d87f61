//! Incidents, and how long it took to get over them.

use super::Told;
use crate::experiment::share;
use crate::kernel::SECOND;
use crate::report::Unit;
use crate::report::document::{Block, Cell, On, Section, Table};
use crate::report::incident::{effects, target};
use crate::report::number::moment;
use crate::report::read;

pub(super) fn incidents(told: Told<'_>) -> Section {
    let [before, during] = if told.has_deadline {
        ["on time before", "on time during"]
    } else {
        ["delivered before", "delivered during"]
    };
    let mut table = Table::new("incident-list", "Incidents", "incident")
        .caption("Incidents, in the order of the scenario")
        .numbers(&["from", "to"])
        .numbers_on(On::Terminal, &[before])
        .numbers(&[during, "recovered after"]);
    for (index, (name, incident)) in read::entries(told.report, "incidents").enumerate() {
        let number = |key| read::number(incident, key);
        let time = |key| {
            let at = number(key).map(|seconds| moment((seconds * SECOND as f64).round() as u64));
            at.map(Cell::text).unwrap_or_default().sorted_by(number(key))
        };
        let counted = told.facts.and_then(|facts| facts.results().incidents.get(index));
        let before = counted.and_then(|own| share(own.before.on_time, own.before.requested));
        let recovered = match number("recovery_s") {
            Some(0.0) => Cell::text("at once").sorted_by(Some(0.0)),
            Some(seconds) => Cell::value(Unit::Seconds, Some(seconds)),
            None => Cell::text("not seen to recover"),
        };
        let during = Cell::share(number("on_time_during"));
        table.row(vec![
            Cell::text(name),
            time("from_s"),
            time("to_s"),
            Cell::share(before),
            during,
            recovered,
        ]);
    }
    let mut section = Section::new("incidents", "Incidents").with(table);
    if let Some(facts) = told.facts {
        for incident in &facts.spec.incidents {
            let at = target(facts.spec, incident.target);
            let mut story = format!("{}: {} at {at}", incident.name, effects(incident));
            let summary = incident.summary.trim();
            if !summary.is_empty() {
                story.push_str(&format!(" · {summary}"));
            }
            section = section.on_terminal(Block::text(story));
        }
    }
    section
}
