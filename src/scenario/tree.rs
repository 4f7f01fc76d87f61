//! A scenario as written: keys and values with their places, nothing checked yet.

use super::Place;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) raw: Raw,
}

/// A value as TOML has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Raw {
    Text(String),
    /// `None`: beyond 128 bits.
    Integer(Option<i128>, String),
    /// With its digits, since money is read from them.
    Float(f64, String),
    Flag(bool),
    /// A date or time, as written.
    Datetime(String),
    Array(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key of a table and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) node: Node,
}

impl Node {
    /// An empty table.
    pub(crate) fn table(place: Place) -> Self {
        Self { place, raw: Raw::Table(Vec::new()) }
    }

    /// The entries, if it is a table.
    pub(crate) fn entries(&self) -> Option<&[Entry]> {
        match &self.raw {
            Raw::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value under `key`, if it is a table that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Sort of value, for an error.
    pub(crate) fn sort(&self) -> &'static str {
        match self.raw {
            Raw::Text(_) => "a string",
            Raw::Integer(..) => "a whole number",
            Raw::Float(..) => "a number",
            Raw::Flag(true) => "`true`",
            Raw::Flag(false) => "`false`",
            Raw::Datetime(_) => "a date or time",
            Raw::Array(_) => "a list",
            Raw::Table(_) => "a table",
        }
    }

    /// Its text, if it is a string, or its digits if it is a number.
    pub(crate) fn written(&self) -> Option<&str> {
        match &self.raw {
            Raw::Text(text) | Raw::Integer(_, text) | Raw::Float(_, text) | Raw::Datetime(text) => {
                Some(text)
            }
            _ => None,
        }
    }
}
