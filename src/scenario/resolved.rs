//! A scenario with every default filled in, as TOML 1.0 that reads back as the same.

use super::checked::{Item, Record, Time, Value};
use super::path::join;
use super::schema::{Field, Kind, ROOT, Table};
use super::units::{clock, duration, money, rate, tokens};
use super::unseen::is_unseen;

/// Writes the checked scenario. `seed`: whether with its seed (a fingerprint leaves it out).
pub(crate) fn print(root: &Record, seed: bool) -> String {
    let mut out = String::new();
    body(&mut out, root, &ROOT, "", seed);
    out
}

/// A table's simple keys first, then its tables, as TOML wants it.
fn body(out: &mut String, record: &Record, table: &'static Table, path: &str, seed: bool) {
    for field in table.fields {
        if let Some(item) = record.get(field.key)
            && !headed(field, path)
            && (seed || field.key != "seed" || path != "scenario")
        {
            out.push_str(&format!("{} = {}\n", field.key, inline(item, &field.kind)));
        }
    }
    for field in table.fields {
        let Some(item) = record.get(field.key) else {
            continue;
        };
        if !headed(field, path) {
            continue;
        }
        let name = join(path, field.key);
        match (&field.kind, &item.value) {
            (Kind::Table(table), Value::Table(inner)) => {
                head(out, &format!("[{name}]"));
                body(out, inner, table, &name, seed);
            }
            (Kind::Tables(table), Value::List(items)) => {
                for item in items {
                    if let Value::Table(inner) = &item.value {
                        head(out, &format!("[[{name}]]"));
                        body(out, inner, table, &name, seed);
                    }
                }
            }
            _ => {}
        }
    }
}

/// `true` if a field is written under a head of its own: those at the top, and a carrier's filters.
fn headed(field: &Field, path: &str) -> bool {
    match field.kind {
        Kind::Tables(_) => true,
        Kind::Table(_) => path.is_empty(),
        _ => false,
    }
}

fn head(out: &mut String, head: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(head);
    out.push('\n');
}

/// A value in one line.
fn inline(item: &Item, kind: &Kind) -> String {
    match (kind, &item.value) {
        (Kind::Table(table), Value::Table(record)) => braces(record, table),
        (Kind::Choice(choice), Value::Chosen(key, record)) => match choice.variant(key) {
            Some(variant) => format!("{{ {key} = {} }}", braces(record, &variant.table)),
            None => String::from("{}"),
        },
        (Kind::Choice(choice), _) => match &choice.plain {
            Some(plain) => inline(item, plain),
            None => String::from("{}"),
        },
        (Kind::OneOrMore(kind @ Kind::Table(_), _), Value::List(items)) if items.len() == 1 => {
            inline(&items[0], kind)
        }
        (Kind::List(kind, _) | Kind::OneOrMore(kind, _), Value::List(items)) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, kind)).collect();
            format!("[{}]", items.join(", "))
        }
        (_, Value::Durations(all)) => {
            listed(all.iter().map(|nanos| quote(&duration::print(*nanos))))
        }
        (_, Value::Numbers(all)) => listed(all.iter().map(|number| float(*number))),
        (_, value) => leaf(value),
    }
}

fn listed(values: impl Iterator<Item = String>) -> String {
    let mut out = String::from("[");
    for (index, value) in values.enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        out.push_str(&value);
    }
    out.push(']');
    out
}

fn braces(record: &Record, table: &Table) -> String {
    let parts: Vec<String> = table
        .fields
        .iter()
        .filter_map(|field| {
            let item = record.get(field.key)?;
            Some(format!("{} = {}", field.key, inline(item, &field.kind)))
        })
        .collect();
    if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) }
}

fn leaf(value: &Value) -> String {
    match value {
        Value::Duration(nanos) => quote(&duration::print(*nanos)),
        Value::Label(text, _) | Value::Text(text) => quote(text),
        Value::Clock(nanos) => quote(&clock::print(*nanos)),
        Value::Rate(rate) => quote(&rate::print(*rate)),
        Value::Number(number) => float(*number),
        Value::Integer(number) => number.to_string(),
        Value::Unlimited => quote("unlimited"),
        Value::Thousandths(amount) => tokens::print(*amount),
        Value::Money(amount) => money::print(*amount),
        Value::Flag(flag) => flag.to_string(),
        Value::Word(word) => quote(word),
        Value::Point(time, level) => {
            let time = match time {
                Time::Clock(nanos) => clock::print(*nanos),
                Time::Since(nanos) => duration::print(*nanos),
            };
            format!("[{}, {}]", quote(&time), quote(&rate::print(*level)))
        }
        Value::DayPoint(at, factor) => {
            format!("[{}, {}]", quote(&clock::print(*at)), float(*factor))
        }
        Value::Weights(weights) => {
            let parts: Vec<String> = weights
                .iter()
                .map(|(name, _, weight)| format!("{} = {}", quote(name), float(*weight)))
                .collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Chosen(..)
        | Value::Table(_)
        | Value::Named(_)
        | Value::List(_)
        | Value::Durations(_)
        | Value::Numbers(_)
        | Value::Wrong => "{}".to_owned(),
    }
}

/// The shortest digits that read back as the same number; always with a point.
fn float(number: f64) -> String {
    let text = number.to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

/// A TOML 1.0 basic string, in which nothing is obeyed instead of seen.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if is_unseen(c) => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
