//! The numbers of a scenario, each with its path.

use super::Quantity;
use crate::scenario::Scenario;
use crate::scenario::checked::{Record, Value};
use crate::scenario::path::join;
use crate::scenario::schema::{Field, Kind, ROOT, Table};

/// A number of a scenario, defaults included.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its path, as `--set` takes it.
    pub path: String,
    /// Sort of number it is.
    pub quantity: Quantity,
    /// In seconds, per second, or as it is.
    pub value: f64,
}

impl Scenario {
    /// Every number of the resolved scenario that a path leads to, in the order of the language's
    /// tables. Those within a list (rules, schedules, points of a profile) have no path.
    #[must_use]
    pub fn numbers(&self) -> Vec<Setting> {
        let mut found = Vec::new();
        table(self.root(), &ROOT, "", &mut found);
        found
    }
}

fn table(record: &Record, keys: &Table, path: &str, found: &mut Vec<Setting>) {
    for field in keys.fields {
        if let Some(item) = record.get(field.key) {
            value(&item.value, field, &join(path, field.key), found);
        }
    }
}

fn value(held: &Value, field: &Field, path: &str, found: &mut Vec<Setting>) {
    match (&field.kind, held) {
        (Kind::Table(keys), Value::Table(record)) => table(record, keys, path, found),
        (Kind::Tables(keys), Value::List(items)) => {
            for item in items {
                if let Value::Table(record) = &item.value
                    && let Some(name) = record.label()
                {
                    table(record, keys, &join(path, &name), found);
                }
            }
        }
        (Kind::Choice(choice), Value::Chosen(key, record)) => {
            if let Some(variant) = choice.variant(key) {
                table(record, &variant.table, &join(path, key), found);
            }
        }
        (Kind::Weights(_), Value::Weights(weights)) => {
            found.extend(weights.iter().map(|(name, _, weight)| Setting {
                path: join(path, name),
                quantity: Quantity::Number,
                value: *weight,
            }));
        }
        (kind, held) => {
            if let Some((quantity, value)) = Quantity::of(kind, held) {
                found.push(Setting { path: path.to_owned(), quantity, value });
            }
        }
    }
}
