//! Missing keys and tables, each with a line that would mend it.

use super::Reader;
use super::entry::heading;
use crate::scenario::checked::Record;
use crate::scenario::sample;
use crate::scenario::schema::{Field, Kind, Owner, Table};
use crate::scenario::tree::{Node, Raw};
use crate::scenario::{Diagnostic, DiagnosticKind};

impl Reader<'_> {
    /// Reports a key, or a table, that is missing from `what`.
    pub(super) fn missing(&mut self, field: &'static Field, what: &str, record: &mut Record) {
        let (noun, fix) = match field.kind {
            Kind::Tables(_) => (heading(field.key), "at least one"),
            Kind::Table(_) => (format!("[{}]", field.key), "a table"),
            _ => (format!("`{}`", field.key), "a key"),
        };
        let mut error =
            Diagnostic::new(DiagnosticKind::Missing, record.place, format!("{what} has no {noun}"))
                .label(format!("expected {fix} {noun}"));
        error.help.extend(self.mending(field));
        self.errors.push(error);
        record.doubtful.push(field.key);
    }

    /// Lines to be pasted where the field is missing.
    fn mending(&self, field: &'static Field) -> Option<String> {
        match field.kind {
            Kind::Tables(table) => self.section(&heading(field.key), table),
            Kind::Table(table) => self.section(&format!("[{}]", field.key), table),
            _ => Some(format!("for example `{}`", self.line(field)?)),
        }
    }

    /// A table with the keys it must have, a line each.
    pub(super) fn section(&self, heading: &str, table: &'static Table) -> Option<String> {
        let mut lines = vec!["for example".to_owned(), heading.to_owned()];
        for field in table.required() {
            lines.push(self.line(field)?);
        }
        Some(lines.join("\n"))
    }

    fn line(&self, field: &'static Field) -> Option<String> {
        let mut node = sample::example(field)?;
        self.fit(&mut node);
        Some(sample::line(field.key, &field.kind, &node))
    }

    /// Names the scenario's first provider, carrier, queue or stream where an example names one.
    fn fit(&self, example: &mut Node) {
        let Raw::Text(text) = &mut example.raw else {
            return;
        };
        for owner in [Owner::Provider, Owner::Carrier, Owner::Queue, Owner::Traffic] {
            let Some(first) = self.first(owner) else {
                continue;
            };
            let (key, name) = (owner.key(), sample::name(owner));
            if *text == name {
                *text = first.to_owned();
            } else if *text == format!("{key}.{name}") {
                *text = format!("{key}.{first}");
            }
        }
    }

    fn first(&self, owner: Owner) -> Option<&str> {
        let Raw::Array(nodes) = &self.root?.get(owner.key())?.raw else {
            return None;
        };
        nodes.first()?.get("name")?.written()
    }
}
