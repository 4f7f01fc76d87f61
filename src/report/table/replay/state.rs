//! The chain's state at a time.

use super::super::super::replay::id;
use super::super::Page;
use super::super::grid::Grid;
use super::super::text::{plain, wrapped};
use crate::chain::spec::Spec;
use crate::chain::{Snapshot, in_units};
use crate::kernel::in_seconds;
use crate::report::number::{cell, count, length, measured, money, span};

pub(super) fn state(spec: &Spec, state: &Snapshot, page: &Page) -> String {
    let sections = [
        sentences(spec, state, page),
        stages(state, page),
        queues(spec, state, page),
        providers(spec, state, page),
        breakers(spec, state, page),
        carriers(spec, state, page),
    ];
    let there: Vec<&str> =
        sections.iter().map(String::as_str).filter(|section| !section.is_empty()).collect();
    there.join("\n")
}

fn time(nanos: u64) -> String {
    if nanos == 0 { "0 s".to_owned() } else { length(nanos) }
}

fn counted(number: u64, what: &str) -> String {
    format!("{} {what}{}", count(number), if number == 1 { "" } else { "s" })
}

fn sentences(spec: &Spec, state: &Snapshot, page: &Page) -> String {
    let mut said = format!(
        "At {}: {} in flight, {} open.",
        time(state.at),
        counted(state.in_flight.messages, "message"),
        counted(state.requests, "request")
    );
    if let Some(ended) = state.ended_at {
        said.push_str(&format!(" The run had ended by then, at {}.", time(ended)));
    }
    if let Some(balance) = state.balance {
        said.push_str(&format!(" Balance {}.", money(in_units(balance))));
    }
    if let Some(tokens) = state.api_tokens {
        said.push_str(&format!(" The API's rate limit has {} tokens.", tokens.floor()));
    }
    let on = state.incidents.iter().map(|&index| plain(&spec.incidents[index].name));
    let on: Vec<String> = on.collect();
    if !on.is_empty() {
        said.push_str(&format!(" Incidents: {}.", on.join(", ")));
    }
    wrapped(&said, page.width, 2)
}

fn stages(state: &Snapshot, page: &Page) -> String {
    let stages = &state.in_flight;
    let mut grid =
        Grid::new("Where they are").wide_names(40).number("how many").text("the longest");
    for (name, number, at) in [
        ("waiting in a queue", stages.queue, "queue"),
        ("with a worker", stages.worker, "worker"),
        ("waiting for a retry or breaker", stages.aside, "aside"),
        ("copies relayed to a carrier", stages.relayed, ""),
        ("copies in a carrier's throttle", stages.throttled, ""),
        ("copies on their way to a handset", stages.handset, ""),
        ("receipts on their way", stages.receipts, ""),
    ] {
        let oldest = state.oldest.iter().find(|oldest| oldest.at == at).map(|oldest| {
            let age = in_seconds(state.at.saturating_sub(oldest.since));
            format!("{} for {}", id(oldest.id), span(age))
        });
        grid.row(name, vec![cell(number), oldest.unwrap_or_default()]);
    }
    grid.set(page)
}

fn of(number: u64, limit: Option<u32>) -> String {
    match limit {
        Some(limit) => format!("{} of {}", count(number), count(u64::from(limit))),
        None => count(number),
    }
}

fn tokens(tokens: Option<f64>) -> String {
    tokens.map_or_else(|| "·".to_owned(), |tokens| measured((tokens * 10.0).floor() / 10.0))
}

fn queues(spec: &Spec, state: &Snapshot, page: &Page) -> String {
    let mut grid = Grid::new("Queue").apart().numbers(&["waiting", "busy workers", "taken away"]);
    for (own, state) in spec.queues.iter().zip(&state.queues) {
        let cells = [cell(state.depth), of(state.busy, own.workers), cell(state.lost)];
        grid.row(&own.name, cells.into());
    }
    grid.set(page)
}

fn providers(spec: &Spec, state: &Snapshot, page: &Page) -> String {
    let columns = ["window", "for a slot", "tokens", "for a token", "served", "their queue"];
    let mut grid = Grid::new("Provider").apart().numbers(&columns).text("");
    for (own, now) in spec.providers.iter().zip(&state.providers) {
        let mut notes = Vec::new();
        if now.degraded == Some(true) {
            notes.push("in a spell".to_owned());
        }
        if let Some(until) = now.paused_until {
            notes.push(format!("paused until {}", time(until)));
        }
        let cells = [
            of(now.outstanding, own.window),
            cell(now.waiting_for_slot),
            tokens(now.tokens),
            cell(now.waiting_for_token),
            cell(now.serving),
            cell(now.backlog),
            notes.join(", "),
        ];
        grid.row(&own.name, cells.into());
    }
    grid.set(page)
}

fn breakers(spec: &Spec, state: &Snapshot, page: &Page) -> String {
    let mut grid = Grid::new("Breaker before").text("is").number("waiting for it");
    for breaker in &state.breakers {
        let provider = breaker.provider.and_then(|index| spec.providers.get(index));
        let name = provider.map_or("the API", |provider| provider.name.as_str());
        grid.row(name, vec![breaker.state.to_owned(), cell(breaker.held)]);
    }
    grid.set(page)
}

fn carriers(spec: &Spec, state: &Snapshot, page: &Page) -> String {
    let mut grid = Grid::new("Carrier").apart().numbers(&["in its throttle", "tokens"]);
    for (own, state) in spec.carriers.iter().zip(&state.carriers) {
        grid.row(&own.name, vec![cell(state.waiting), tokens(state.tokens)]);
    }
    grid.set(page)
}
