//! Tables: known keys, unknown ones, missing ones, ones that exclude each other.

use super::{Item, Reader, Record};
use crate::scenario::nearest::nearest;
use crate::scenario::schema::{Field, Kind, Need, Table};
use crate::scenario::tree::{Entry, Node};
use crate::scenario::units::short;
use crate::scenario::{Diagnostic, DiagnosticKind, checked::Value};

impl Reader<'_> {
    /// Reads a table; `what` names it in errors.
    pub(super) fn table(&mut self, node: &Node, table: &'static Table, what: &str) -> Record {
        let mut record = Record::new(node.place);
        let Some(entries) = node.entries() else {
            self.other_type(node, what, "expected a table");
            if let Some(error) = self.errors.last_mut() {
                error.help.push(keys(table));
            }
            record.doubtful.extend(table.fields.iter().map(|field| field.key));
            return record;
        };
        // Looked up once: of a table with many unknown keys each asks which are free.
        let taken: Vec<bool> = table
            .fields
            .iter()
            .map(|field| entries.iter().any(|entry| entry.key == field.key))
            .collect();
        for entry in entries {
            match table.field(&entry.key) {
                Some(field) => {
                    if let Some(reason) = field.senseless {
                        self.senseless(entry, what, reason);
                        continue;
                    }
                    let item = self.item(&entry.node, &field.kind, field.key);
                    keep(&mut record, field, item);
                }
                None => self.unknown(entry, &taken, table, what, &mut record),
            }
        }
        self.exclusions(entries, table, &mut record);
        for field in table.fields {
            self.absence(field, what, &mut record);
        }
        record
    }

    fn senseless(&mut self, entry: &Entry, what: &str, reason: &str) {
        let message = format!("`{}` makes no sense in {what}", entry.key);
        let error = Diagnostic::new(DiagnosticKind::Senseless, entry.place, message).label(reason);
        self.errors.push(error);
    }

    /// One misspelt key is one error: what it holds is read as if it were spelt right, without a
    /// word about what is wrong in it, so that nothing is reported as missing.
    fn unknown(
        &mut self,
        entry: &Entry,
        taken: &[bool],
        table: &'static Table,
        what: &str,
        record: &mut Record,
    ) {
        let mut error = Diagnostic::new(
            DiagnosticKind::UnknownKey,
            entry.place,
            format!("unknown key `{}` in {what}", short(&entry.key)),
        );
        if self.errors.is_full() {
            // Nobody will read which one was meant.
            self.errors.push(error);
            return;
        }
        let free =
            |(field, taken): &(&Field, &bool)| matches!(field.kind, Kind::Tables(_)) || !**taken;
        let free = table.fields.iter().zip(taken).filter(free);
        let near = nearest(&entry.key, free.map(|(field, _)| field.key));
        error = match near {
            Some(near) => error.label(format!("did you mean `{near}`?")),
            None => error.label("expected one of the keys below").help(keys(table)),
        };
        self.errors.push(error);
        if let Some(field) = near.and_then(|near| table.field(near)) {
            let known = self.errors.len();
            let item = self.item(&entry.node, &field.kind, field.key);
            self.errors.truncate(known);
            record.doubtful.push(field.key);
            keep(record, field, item);
        }
    }

    fn exclusions(&mut self, entries: &[Entry], table: &'static Table, record: &mut Record) {
        // Only known keys exclude others, and there are few.
        let known = entries.iter().filter(|entry| table.field(&entry.key).is_some());
        let known: Vec<&Entry> = known.collect();
        for (index, entry) in known.iter().enumerate() {
            let Some(field) = table.field(&entry.key) else {
                continue;
            };
            let other =
                known[..index].iter().find(|other| field.excludes.contains(&other.key.as_str()));
            if let Some(other) = other {
                self.errors.push(
                    Diagnostic::new(
                        DiagnosticKind::Several,
                        entry.place,
                        format!("both `{}` and `{}`", other.key, entry.key),
                    )
                    .label("expected one of the two")
                    .also(other.place, "the other is here"),
                );
                record.doubtful.push(field.key);
                return;
            }
        }
    }

    /// Default that holds where a key is left out.
    fn absence(&mut self, field: &'static Field, what: &str, record: &mut Record) {
        if record.get(field.key).is_some() || record.doubtful.contains(&field.key) {
            return;
        }
        match field.need {
            Need::Absent(_) => {}
            Need::Required => self.missing(field, what, record),
            Need::Default(text) => {
                let item = self.default(&field.kind, text, field.key, record.place);
                record.fields.push((field.key, item));
            }
            Need::Filled => {
                if let Kind::Table(table) = field.kind {
                    let empty = self.table(&Node::table(record.place), table, field.key);
                    let item = Item { place: record.place, value: Value::Table(empty) };
                    record.fields.push((field.key, item));
                }
            }
        }
    }
}

/// Keeps a value; a misspelt array of tables joins the one spelt right.
fn keep(record: &mut Record, field: &'static Field, item: Item) {
    if let Some((_, before)) = record.fields.iter_mut().find(|(key, _)| *key == field.key) {
        if let (Value::List(items), Value::List(more)) = (&mut before.value, item.value) {
            items.extend(more);
        }
        return;
    }
    record.fields.push((field.key, item));
}

/// The table's keys, for an error, in lines that fit beside a margin.
fn keys(table: &Table) -> String {
    const WIDTH: usize = 64;
    let fields = table.fields.iter().filter(|field| field.senseless.is_none());
    let names: Vec<&str> = fields.map(|field| field.key).collect();
    let (mut text, mut column) = ("its keys:".to_owned(), 9);
    for (index, name) in names.iter().enumerate() {
        let comma = if index + 1 < names.len() { "," } else { "" };
        if column + name.len() + 2 > WIDTH {
            text.push('\n');
            column = 0;
        } else {
            text.push(' ');
        }
        text.push_str(name);
        text.push_str(comma);
        column += name.len() + 2;
    }
    text
}
