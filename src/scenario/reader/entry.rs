//! Arrays of tables: `[[provider]]`.

use super::{Item, Reader};
use crate::scenario::checked::{Record, Value};
use crate::scenario::schema::Table;
use crate::scenario::tree::{Node, Raw};
use crate::scenario::units::short;
use crate::scenario::{Diagnostic, DiagnosticKind};

/// Heading of a table of an array: filters are of the carrier before them.
pub(super) fn heading(key: &str) -> String {
    if key == "filter" { "[[carrier.filter]]".to_owned() } else { format!("[[{key}]]") }
}

impl Reader<'_> {
    /// Reads an array of tables, whose names (routes: ids) must differ.
    pub(super) fn tables(&mut self, node: &Node, table: &'static Table, key: &str) -> Value {
        let Raw::Array(nodes) = &node.raw else {
            let expected = format!("expected an array of tables: {}", heading(key));
            return self.other_type(node, &format!("`{key}`"), expected);
        };
        if nodes.is_empty() && !matches!(key, "queue" | "filter" | "incident") {
            let mut error =
                Diagnostic::new(DiagnosticKind::Missing, node.place, format!("there is no {key}"))
                    .label(format!("expected at least one {} in its place", heading(key)));
            error.help.extend(self.section(&heading(key), table));
            self.errors.push(error);
        }
        let items: Vec<Item> = nodes
            .iter()
            .map(|node| {
                let record = self.table(node, table, &heading(key));
                Item { place: node.place, value: Value::Table(record) }
            })
            .collect();
        self.duplicates(&items, key);
        Value::List(items)
    }

    /// Reads tables by name: `[policy.NAME]`.
    pub(super) fn named(&mut self, node: &Node, table: &'static Table, key: &str) -> Value {
        let Some(entries) = node.entries() else {
            let expected = format!("expected tables by name: [{key}.NAME]");
            return self.other_type(node, &format!("`{key}`"), expected);
        };
        let tables = entries.iter().map(|entry| {
            if !super::is_name(&entry.key) {
                self.errors.push(
                    Diagnostic::new(
                        DiagnosticKind::BadName,
                        entry.place,
                        format!("`{}` is not a name", short(&entry.key)),
                    )
                    .label("expected 1 to 64 letters, digits, `_` or `-`"),
                );
            }
            let what = format!("[{key}.{}]", short(&entry.key));
            (entry.key.clone(), entry.place, self.table(&entry.node, table, &what))
        });
        Value::Named(tables.collect())
    }

    fn duplicates(&mut self, items: &[Item], key: &str) {
        let mut seen: std::collections::BTreeMap<String, &Record> = Default::default();
        for item in items {
            let Value::Table(record) = &item.value else {
                continue;
            };
            let (field, name) = match (record.text("name"), record.integer("id")) {
                (Some(name), _) => ("name", name.to_owned()),
                (None, Some(id)) => ("id", id.to_string()),
                _ => continue,
            };
            match seen.get(&name) {
                Some(first) => self.errors.push(
                    Diagnostic::new(
                        DiagnosticKind::Duplicate,
                        record.at(field),
                        format!("two {key} entries have the {field} `{name}`"),
                    )
                    .label(format!("expected a {field} of its own"))
                    .also(first.at(field), "the first one is here"),
                ),
                None => {
                    seen.insert(name, record);
                }
            }
        }
    }
}
