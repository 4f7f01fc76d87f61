//! The chain's state at a time.

use super::super::super::document::{Block, Section, Table, several};
use super::super::super::replay::id;
use crate::chain::spec::Spec;
use crate::chain::{Snapshot, in_units};
use crate::kernel::in_seconds;
use crate::report::number::{cell, count, measured, moment, money, percent, span};

pub(super) fn state(spec: &Spec, state: &Snapshot) -> Section {
    Section::default()
        .with(Block::text(sentences(spec, state)))
        .with(stages(state))
        .with(queues(spec, state))
        .with(providers(spec, state))
        .with(routes(spec, state))
        .with(breakers(spec, state))
        .with(carriers(spec, state))
}

fn sentences(spec: &Spec, state: &Snapshot) -> String {
    let mut said = format!(
        "At {}: {} in flight, {} open.",
        moment(state.at),
        several(state.in_flight.messages, "message"),
        several(state.requests, "request")
    );
    if let Some(ended) = state.ended_at {
        said.push_str(&format!(" The run had ended by then, at {}.", moment(ended)));
    }
    if let Some(balance) = state.balance {
        said.push_str(&format!(" Balance {}.", money(in_units(balance))));
    }
    if let Some(tokens) = state.api_tokens {
        said.push_str(&format!(" The API's rate limit has {} tokens.", tokens.floor()));
    }
    let on = state.incidents.iter().map(|&index| spec.incidents[index].name.as_str());
    let on: Vec<&str> = on.collect();
    if !on.is_empty() {
        said.push_str(&format!(" Incidents: {}.", on.join(", ")));
    }
    said
}

fn stages(state: &Snapshot) -> Table {
    let stages = &state.in_flight;
    let mut table = Table::new("stages", "Where they are", "stage")
        .numbers(&["how many"])
        .texts(&["the longest"]);
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
        table.text_row(name, vec![cell(number), oldest.unwrap_or_default()]);
    }
    table
}

fn of(number: u64, limit: Option<u64>) -> String {
    match limit {
        Some(limit) => format!("{} of {}", count(number), count(limit)),
        None => count(number),
    }
}

fn tokens(tokens: Option<f64>) -> String {
    tokens.map_or_else(|| "·".to_owned(), |tokens| measured((tokens * 10.0).floor() / 10.0))
}

fn queues(spec: &Spec, state: &Snapshot) -> Table {
    let mut table =
        Table::new("queues", "Queue", "queue").numbers(&["waiting", "busy workers", "taken away"]);
    for (own, state) in spec.queues.iter().zip(&state.queues) {
        let cells = [cell(state.depth), of(state.busy, state.workers), cell(state.lost)];
        table.text_row(&own.name, cells);
    }
    table
}

fn providers(spec: &Spec, state: &Snapshot) -> Table {
    let columns = ["window", "for a slot", "tokens", "for a token", "served", "their queue"];
    let mut table = Table::new("providers", "Provider", "provider").numbers(&columns).texts(&[""]);
    for (own, now) in spec.providers.iter().zip(&state.providers) {
        let mut notes = Vec::new();
        if now.degraded == Some(true) {
            notes.push("in a spell".to_owned());
        }
        if let Some(until) = now.paused_until {
            notes.push(format!("paused until {}", moment(until)));
        }
        let cells = [
            of(now.outstanding, own.window.map(u64::from)),
            cell(now.waiting_for_slot),
            tokens(now.tokens),
            cell(now.waiting_for_token),
            cell(now.serving),
            cell(now.backlog),
            notes.join(", "),
        ];
        table.text_row(&own.name, cells);
    }
    table
}

fn routes(spec: &Spec, state: &Snapshot) -> Table {
    let mut table = Table::new("routes", "Route", "route").numbers(&["weight"]);
    for weight in &state.weights {
        table.text_row(&spec.routes[weight.route].id.to_string(), vec![percent(weight.share)]);
    }
    table
}

fn breakers(spec: &Spec, state: &Snapshot) -> Table {
    let mut table = Table::new("breakers", "Breaker before", "breaker")
        .texts(&["is"])
        .numbers(&["waiting for it"]);
    for breaker in &state.breakers {
        let provider = breaker.provider.and_then(|index| spec.providers.get(index));
        let name = provider.map_or("the API", |provider| provider.name.as_str());
        table.text_row(name, vec![breaker.state.to_owned(), cell(breaker.held)]);
    }
    table
}

fn carriers(spec: &Spec, state: &Snapshot) -> Table {
    let mut table =
        Table::new("carriers", "Carrier", "carrier").numbers(&["in its throttle", "tokens"]);
    for (own, state) in spec.carriers.iter().zip(&state.carriers) {
        table.text_row(&own.name, vec![cell(state.waiting), tokens(state.tokens)]);
    }
    table
}
