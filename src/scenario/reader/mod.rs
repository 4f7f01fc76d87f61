//! Tree → checked tree: keys, types, units, ranges; every error in one pass.

mod choice;
mod entry;
mod found;
mod leaf;
mod list;
mod missing;
mod table;

pub(crate) use leaf::{LABEL, is_label, is_name};

use super::checked::{Item, Record, Value};
use super::schema::{Kind, ROOT, Table};
use super::tree::Node;
use super::{Diagnostic, DiagnosticKind, Place};
use found::Found;

/// Reads a whole scenario.
pub(crate) fn read(root: &Node, errors: &mut Vec<Diagnostic>) -> Record {
    let mut found = Found::default();
    let record = Reader { errors: &mut found, root: Some(root) }.table(root, &ROOT, "a scenario");
    errors.append(&mut found.told());
    record
}

/// Reads a table that nobody wrote; a test sees to it that none is wrong.
pub(crate) fn unwritten(node: &Node, table: &'static Table) -> Record {
    let mut errors = Found::default();
    Reader { errors: &mut errors, root: None }.table(node, table, "a table")
}

/// Reads a value of some kind by itself; `key` is its key, for errors.
pub(crate) fn value(node: &Node, kind: &'static Kind, key: &str) -> Result<Value, Vec<Diagnostic>> {
    let mut errors = Found::default();
    let item = Reader { errors: &mut errors, root: None }.item(node, kind, key);
    if errors.len() == 0 { Ok(item.value) } else { Err(errors.told()) }
}

/// Collects errors while it reads.
struct Reader<'a> {
    errors: &'a mut Found,
    /// The scenario it reads, for names in examples.
    root: Option<&'a Node>,
}

impl Reader<'_> {
    /// Reads a value of some kind; `key` is its key, for errors.
    fn item(&mut self, node: &Node, kind: &'static Kind, key: &str) -> Item {
        let value = match kind {
            Kind::Table(table) => Value::Table(self.table(node, table, &format!("`{key}`"))),
            Kind::Tables(table) => self.tables(node, table, key),
            Kind::Choice(choice) => self.choice(node, choice, key),
            Kind::Named(table) => self.named(node, table, key),
            Kind::List(item, least) => self.list(node, item, *least, key),
            Kind::OneOrMore(item, least) => self.one_or_more(node, item, *least, key),
            Kind::Weights(owner) => self.weights(node, *owner),
            Kind::Point => self.point(node),
            Kind::DayPoint => self.day_point(node),
            Kind::Anything => Value::Wrong,
            leaf => match leaf::read(node, leaf) {
                Ok(value) => value,
                Err(complaint) => {
                    self.errors.push(complaint.at(node.place));
                    wrong(node, leaf)
                }
            },
        };
        Item { place: node.place, value }
    }

    /// Reports something that has another type than was expected.
    fn other_type(&mut self, node: &Node, what: &str, expected: impl Into<String>) -> Value {
        let message = format!("{what} is {}", node.sort());
        let error = Diagnostic::new(DiagnosticKind::WrongType, node.place, message);
        self.errors.push(error.label(expected));
        Value::Wrong
    }

    /// A default, written as after `--set KEY=`. A test reads them all, so none is wrong.
    fn default(&mut self, kind: &'static Kind, text: &str, key: &str, place: Place) -> Item {
        let mut node = super::unquoted::value(kind, text);
        node.place = place;
        let mut item = self.item(&node, kind, key);
        item.place = place;
        item
    }
}

/// A bad name still names: what refers to it needn't be reported as well.
fn wrong(node: &Node, kind: &Kind) -> Value {
    match (kind, node.written()) {
        (Kind::Name | Kind::Reference(_), Some(text)) => Value::Text(text.to_owned()),
        _ => Value::Wrong,
    }
}
