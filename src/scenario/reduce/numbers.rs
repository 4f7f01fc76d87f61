//! Numbers with fewer digits.

use super::super::checked::{Record, Value};
use super::super::schema::{Kind, ROOT, Table};
use super::super::units::{duration, rate};
use super::Reduction;
use crate::kernel::Nanos;

/// Units that durations are rounded in, largest first.
const UNITS: [Nanos; 6] = [3_600_000_000_000, 60_000_000_000, 1_000_000_000, 1_000_000, 1_000, 1];

/// The number with two significant digits.
pub(super) fn neat(number: f64) -> f64 {
    format!("{number:.1e}").parse().unwrap_or(number)
}

/// A duration of two significant digits of its unit.
pub(super) fn neat_duration(nanos: f64) -> Nanos {
    let unit = UNITS.into_iter().find(|&unit| nanos >= unit as f64).unwrap_or(1) as f64;
    (neat(nanos / unit) * unit).round() as Nanos
}

/// Every number of more than two significant digits, rounded to two.
pub(super) fn numbers(root: &Record) -> Vec<Reduction> {
    let mut found = Vec::new();
    walk(root, &ROOT, "", &mut found);
    found
}

fn walk(record: &Record, table: &'static Table, path: &str, found: &mut Vec<Reduction>) {
    for field in table.fields {
        let Some(item) = record.get(field.key) else {
            continue;
        };
        let path =
            if path.is_empty() { field.key.to_owned() } else { format!("{path}.{}", field.key) };
        // How it is run is not what it is.
        if ["scenario", "route.id"].contains(&path.as_str()) || field.key == "id" {
            continue;
        }
        value(&item.value, &field.kind, &path, found);
    }
}

fn value(value: &Value, kind: &Kind, path: &str, found: &mut Vec<Reduction>) {
    match (kind, value) {
        (Kind::Table(table), Value::Table(record)) => walk(record, table, path, found),
        (Kind::Tables(table), Value::List(items)) => {
            for item in items {
                if let Value::Table(record) = &item.value
                    && let Some(name) = label(record)
                {
                    walk(record, table, &format!("{path}.{name}"), found);
                }
            }
        }
        (Kind::Choice(choice), Value::Chosen(key, record)) => {
            if let Some(variant) = choice.variant(key) {
                walk(record, &variant.table, &format!("{path}.{key}"), found);
            }
        }
        (_, leaf) => {
            if let Some(text) = rounded(leaf) {
                let what = format!("{path} = {text}");
                found.push(Reduction { what, unset: vec![], set: vec![format!("{path}={text}")] });
            }
        }
    }
}

/// Name or id that an entry of an array goes by.
pub(super) fn label(record: &Record) -> Option<String> {
    let id = record.integer("id").map(|id| id.to_string());
    id.or_else(|| record.text("name").map(str::to_owned))
}

/// A rounder one; `None` if it is round.
fn rounded(value: &Value) -> Option<String> {
    match *value {
        Value::Duration(nanos) => {
            let round = neat_duration(nanos as f64);
            (round != nanos).then(|| duration::print(round))
        }
        Value::Rate(number) if neat(number) != number => Some(rate::print(neat(number))),
        Value::Number(number) if neat(number) != number => Some(neat(number).to_string()),
        Value::Integer(number) if neat(number as f64) as u64 != number => {
            Some((neat(number as f64) as u64).to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_of_its_unit() {
        assert_eq!([0.123_4, 987.0, 0.0].map(neat), [0.12, 990.0, 0.0]);
        let minutes = |count: f64| (count * 60e9) as Nanos;
        assert_eq!(neat_duration(7.54 * 60e9), minutes(7.5));
        assert_eq!(neat_duration(61.0 * 60e9), minutes(60.0));
        let text = |value| rounded(&value).unwrap_or_default();
        assert_eq!(text(Value::Duration(450_000_000)), "");
        assert_eq!(text(Value::Duration(453_000_000)), "450ms");
        assert_eq!(text(Value::Rate(632.5)), "630/s");
        assert_eq!(text(Value::Integer(200_000)), "");
        assert_eq!(text(Value::Text("a".into())), "");
    }
}
