//! Defaults that depend on other settings, and the canonical order of names.

mod retry;

use super::checked::{Item, Record, Value};
use super::schema::Owner;
use super::schema::carrier::filter;
use super::schema::queue::{Promise, autoscale, crash, queue};
use super::schema::route::{restore, slow};
use super::tree::{Entry, Node, Raw};
use super::{Place, reader};
use crate::chain::spec::{FilterAction, FilterReceipt};
pub(crate) use retry::spreads_itself;

/// Wait of a crashed worker's message, unless said otherwise.
const VISIBILITY: u64 = 60_000_000_000;
/// Samples of a time series, unless `sample_every` says otherwise.
const SAMPLES: u64 = 360;

/// Fills in what follows from other settings and sorts what has no order of its own, so that
/// neither the order of a file's tables nor what it leaves out can be told from the result.
pub(crate) fn fill(root: &mut Record, stem: &str) {
    let mut deadline = None;
    if let Some(scenario) = table_mut(root, "scenario") {
        scenario.fill("name", Value::Text(stem.to_owned()));
        if let Some(duration) = scenario.duration("duration") {
            scenario.fill("sample_every", Value::Duration((duration / SAMPLES).max(1)));
        }
        deadline = scenario.duration("deadline");
    }
    let place = root.place;
    if root.get("queue").is_none_or(|item| item.value == Value::List(Vec::new()))
        && !root.doubtful.contains(&"queue")
    {
        root.fields.retain(|(key, _)| *key != "queue");
        root.fields.push(("queue", Item { place, value: Value::List(vec![main(place)]) }));
    }
    let carriers = names(root, Owner::Carrier);
    let queues = names(root, Owner::Queue);
    each(root, "traffic", |stream| traffic(stream, deadline, &carriers));
    each(root, "route", |route| {
        // Only where they are left out: there may be many of both.
        if !carriers.is_empty() && route.get("carriers").is_none() {
            let place = route.place;
            let all = carriers.iter().map(|name| Item { place, value: Value::Text(name.clone()) });
            route.fill("carriers", Value::List(all.collect()));
        }
        let queue = match queues.as_slice() {
            [only] => only.as_str(),
            _ => "main",
        };
        route.fill("queue", Value::Text(queue.to_owned()));
        if let Some(Value::List(names)) = value_mut(route, "carriers") {
            names.sort_by(|a, b| text(&a.value).cmp(text(&b.value)));
        }
    });
    each(root, "queue", |queue| {
        let least = table_mut(queue, "autoscale").and_then(|scale| scale.item(&autoscale::min));
        if let Some(Value::Integer(least)) = least.map(|item| item.value.clone()) {
            queue.fill("workers", Value::Integer(least));
        }
        // With a lease the message is back when that ends.
        let leased = queue.get("lease").is_some();
        if !leased
            && let Some(crash) = table_mut(queue, "crash")
            && crash.word_of(&crash::guarantee) == Some(Promise::AtLeastOnce)
        {
            crash.fill(crash::visibility_timeout.name(), Value::Duration(VISIBILITY));
        }
    });
    each(root, "carrier", |carrier| {
        each(carrier, "filter", |filter| {
            let receipt = filter.word_of(&filter::action).map(|action| match action {
                FilterAction::Silent => FilterReceipt::None,
                FilterAction::Block => FilterReceipt::Rejected,
            });
            if let Some(receipt) = receipt {
                filter.fill(filter::receipt.name(), Value::Word(receipt.word()));
            }
        });
    });
    for station in ["provider", "carrier"] {
        each(root, station, |station| {
            each(station, "throttle", |throttle| {
                if throttle.get("rate").is_some() {
                    throttle.fill("burst", Value::Integer(1));
                }
            });
        });
    }
    each_retry(root, retry::sender);
    each_reaction(root, retry::reaction);
    each_slow(root, slow_route);
    if let Some(client) = table_mut(root, "client").and_then(|client| table_mut(client, "retry")) {
        retry::client(client);
    }
    if let Some(Value::Named(policies)) = value_mut(root, "policy") {
        policies.iter_mut().for_each(|(_, _, policy)| retry::sender(policy));
    }
    for key in ["traffic", "route", "queue", "provider", "carrier", "incident"] {
        if let Some(Value::List(items)) = value_mut(root, key) {
            items.sort_by_key(|item| match &item.value {
                Value::Table(entry) => (entry.integer("id"), entry.text("name").map(str::to_owned)),
                _ => (None, None),
            });
        }
    }
}

/// The queue there is when none is named.
fn main(place: Place) -> Item {
    let name = Node { place, raw: Raw::Text("main".to_owned()) };
    let entry = Entry { key: "name".to_owned(), place, node: name };
    let node = Node { place, raw: Raw::Table(vec![entry]) };
    Item { place, value: Value::Table(reader::unwritten(&node, &queue::TABLE)) }
}

fn traffic(stream: &mut Record, deadline: Option<u64>, carriers: &[String]) {
    if let Some(deadline) = deadline {
        stream.fill("deadline", Value::Duration(deadline));
    }
    let place = stream.place;
    if stream.get("senders").is_none()
        && !stream.doubtful.contains(&"senders")
        && let Some(name) = stream.text("name").map(str::to_owned)
    {
        stream.fill("sender", Value::Text(name));
    }
    if !carriers.is_empty() && stream.get("carriers").is_none() {
        let all = carriers.iter().map(|name| (name.clone(), place, 1.0));
        stream.fill("carriers", Value::Weights(all.collect()));
    }
    if let Some(Value::Weights(weights)) = value_mut(stream, "carriers") {
        weights.sort_by(|a, b| a.0.cmp(&b.0));
    }
}

/// The names of an owner's entries, sorted, each once.
pub(crate) fn names(root: &Record, owner: Owner) -> Vec<String> {
    let mut names: Vec<String> = root
        .tables(owner.key())
        .filter_map(|entry| entry.text("name").map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    names
}

fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        _ => "",
    }
}

pub(crate) fn value_mut<'a>(record: &'a mut Record, key: &str) -> Option<&'a mut Value> {
    record.fields.iter_mut().find(|(name, _)| *name == key).map(|(_, item)| &mut item.value)
}

pub(crate) fn table_mut<'a>(record: &'a mut Record, key: &str) -> Option<&'a mut Record> {
    match value_mut(record, key)? {
        Value::Table(record) => Some(record),
        _ => None,
    }
}

pub(crate) fn each(record: &mut Record, key: &str, mut change: impl FnMut(&mut Record)) {
    if let Some(Value::List(items)) = value_mut(record, key) {
        for item in items {
            if let Value::Table(entry) = &mut item.value {
                change(entry);
            }
        }
    }
}

/// Changes the rules for acting on receipts: that of the scenario, and those of streams.
pub(crate) fn each_reaction(root: &mut Record, mut change: impl FnMut(&mut Record)) {
    table_mut(root, "on_receipt").into_iter().for_each(&mut change);
    each(root, "traffic", |stream| {
        table_mut(stream, "on_receipt").into_iter().for_each(&mut change);
    });
}

/// Changes the rules for slow routes.
pub(crate) fn each_slow(root: &mut Record, mut change: impl FnMut(&mut Record)) {
    each(root, "route", |route| table_mut(route, "slow").into_iter().for_each(&mut change));
}

/// Fills a rule for a slow route, once the one that it starts from is in it.
fn slow_route(rule: &mut Record) {
    retry::late(rule, &slow::TABLE);
    if let Some(span) = rule.duration(slow::of_last.name()) {
        rule.fill(slow::hold.name(), Value::Duration(span));
    }
    let looks = rule.duration(slow::look_every.name());
    if let (Some(restore), Some(looks)) = (table_mut(rule, slow::restore.name()), looks) {
        restore.fill(restore::look_every.name(), Value::Duration(looks));
    }
}

/// Changes the sender's retry tables: that of the scenario, and those of streams and queues.
pub(crate) fn each_retry(root: &mut Record, mut change: impl FnMut(&mut Record)) {
    table_mut(root, "retry").into_iter().for_each(&mut change);
    for key in ["traffic", "queue"] {
        each(root, key, |entry| table_mut(entry, "retry").into_iter().for_each(&mut change));
    }
}
