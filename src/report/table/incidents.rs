//! What went wrong, and how long it took to get over it.

use super::super::Facts;
use super::Page;
use super::grid::Grid;
use super::text::{plain, wrapped};
use crate::chain::Cohort;
use crate::chain::spec::{Incident, Spec, Target};
use crate::experiment::share;
use crate::report::number::{length, percent};

pub(super) fn incidents(facts: &Facts<'_>, page: &Page) -> String {
    let before = if facts.spec.has_deadline() { "on time before" } else { "delivered before" };
    let mut grid =
        Grid::new("Incidents").numbers(&["from", "for", before, "during", "recovered after"]);
    let mut stories = String::new();
    for (incident, counted) in facts.spec.incidents.iter().zip(&facts.results().incidents) {
        let part = |cohort: &Cohort| {
            share(cohort.on_time, cohort.requested).map_or_else(|| "·".to_owned(), percent)
        };
        let recovered = match counted.recovery() {
            Some(0) => "at once".to_owned(),
            Some(span) => length(span),
            // With nothing before it or after it, there is nothing to recover to.
            None if counted.before.requested == 0 || counted.after.is_empty() => "·".to_owned(),
            None => "never".to_owned(),
        };
        let cells = vec![
            length(incident.at),
            length(incident.span),
            part(&counted.before),
            part(&counted.during),
            recovered,
        ];
        grid.row(&incident.name, cells);
        let at = target(facts.spec, incident.target);
        let mut story = format!("{}: {} at {at}", incident.name, effects(incident));
        let summary = plain(incident.summary.trim());
        if !summary.is_empty() {
            story.push_str(&format!(" · {summary}"));
        }
        stories.push_str(&wrapped(&story, page.width, 2));
    }
    grid.set(page) + &stories
}

/// Its effects in words: `latency × 8, 50 % transient`.
pub(in crate::report) fn effects(incident: &Incident) -> String {
    let effects = &incident.effects;
    let failures = &effects.failures;
    let flags = [
        (effects.outage.is_some(), "outage"),
        (effects.hold_receipts, "receipts held"),
        (effects.lose_receipts, "receipts lost"),
        (effects.freeze_balance, "balance frozen"),
        (effects.enable_filter, "filter on"),
    ];
    let factors = [
        (effects.latency_factor, "latency"),
        (effects.throttle_factor, "throttle"),
        (effects.traffic_factor, "traffic"),
    ];
    let shares = [
        (effects.workers_lost, "workers lost"),
        (failures.throttled, "throttled"),
        (failures.queue_full, "queue full"),
        (failures.transient, "transient"),
        (failures.permanent, "permanent"),
        (failures.timeout, "timeout"),
    ];
    let flags = flags.iter().filter(|(on, _)| *on).map(|(_, name)| (*name).to_owned());
    let factors = factors
        .iter()
        .filter(|(factor, _)| *factor != 1.0)
        .map(|(factor, name)| format!("{name} × {factor}"));
    let shares = shares
        .iter()
        .filter(|(share, _)| *share != 0.0)
        .map(|(share, name)| format!("{} {name}", percent(*share)));
    let mut effects: Vec<String> = flags.chain(factors).chain(shares).collect();
    if effects.is_empty() {
        effects.push("nothing".to_owned());
    }
    effects.join(", ")
}

/// A target as it is written in a scenario.
pub(in crate::report) fn target(spec: &Spec, target: Target) -> String {
    match target {
        Target::Api => "api".to_owned(),
        Target::Account => "account".to_owned(),
        Target::Traffic(index) => format!("traffic.{}", spec.traffic[index].name),
        Target::Queue(index) => format!("queue.{}", spec.queues[index].name),
        Target::Provider(index) => format!("provider.{}", spec.providers[index].name),
        Target::Carrier(index) => format!("carrier.{}", spec.carriers[index].name),
        Target::Filter { carrier, filter } => {
            let carrier = &spec.carriers[carrier];
            format!("carrier.{}.filter.{}", carrier.name, carrier.filters[filter].name)
        }
    }
}
