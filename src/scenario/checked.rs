//! A scenario whose keys, types, units and ranges have been checked; names not yet resolved.

use std::sync::Arc;

use super::Place;
use crate::chain::spec::Nanounits;
use crate::kernel::Nanos;

/// A checked value and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

impl Item {
    /// `true` if nothing wrong was reported of it.
    pub(crate) fn is_right(&self) -> bool {
        self.value != Value::Wrong
    }
}

/// A checked value; which of these it is follows from the field's kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Duration(Nanos),
    Label(String, Nanos),
    Clock(Nanos),
    /// A rate per second.
    Rate(f64),
    /// A share or any other number.
    Number(f64),
    Integer(u64),
    Unlimited,
    /// In thousandths.
    Thousandths(u64),
    Money(Nanounits),
    /// A text, a name, a file, a reference.
    Text(String),
    Flag(bool),
    Word(&'static str),
    Point(Time, f64),
    /// A time of day and a factor.
    DayPoint(Nanos, f64),
    /// A kind of a choice and its settings.
    Chosen(&'static str, Record),
    Table(Record),
    List(Vec<Item>),
    /// A column of a data file: many durations, or numbers, in one place.
    Durations(Arc<[Nanos]>),
    Numbers(Arc<[f64]>),
    /// Name, its place, table.
    Named(Vec<(String, Place, Record)>),
    /// Name, its place, weight.
    Weights(Vec<(String, Place, f64)>),
    /// Reported as wrong already.
    Wrong,
}

/// The time of a profile's point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    /// Since midnight.
    Clock(Nanos),
    /// Since the start.
    Since(Nanos),
}

/// A checked table: the keys that hold something, defaults included.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    /// Place at which the table was opened.
    pub(crate) place: Place,
    pub(crate) fields: Vec<(&'static str, Item)>,
    /// Keys that may have been meant by a misspelt one, or are wrong: their absence is not reported again.
    pub(crate) doubtful: Vec<&'static str>,
}

impl Record {
    pub(crate) fn new(place: Place) -> Self {
        Self { place, fields: Vec::new(), doubtful: Vec::new() }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Item> {
        self.fields.iter().find(|(name, _)| *name == key).map(|(_, item)| item)
    }

    /// Gives `key` a value unless it has one.
    pub(crate) fn fill(&mut self, key: &'static str, value: Value) {
        if self.get(key).is_none() && !self.doubtful.contains(&key) {
            let place = self.place;
            self.fields.push((key, Item { place, value }));
        }
    }

    /// The place of `key`'s value, or of the table.
    pub(crate) fn at(&self, key: &str) -> Place {
        self.get(key).map_or(self.place, |item| item.place)
    }

    pub(crate) fn duration(&self, key: &str) -> Option<Nanos> {
        match self.get(key)?.value {
            Value::Duration(nanos) | Value::Clock(nanos) => Some(nanos),
            _ => None,
        }
    }

    pub(crate) fn maybe_number(&self, key: &str) -> Option<f64> {
        match self.get(key)?.value {
            Value::Number(number) | Value::Rate(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn integer(&self, key: &str) -> Option<u64> {
        match self.get(key)?.value {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The amount of that key, in thousandths.
    pub(crate) fn thousandths(&self, key: &str) -> Option<u64> {
        match self.get(key)?.value {
            Value::Thousandths(amount) => Some(amount),
            _ => None,
        }
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match &self.get(key)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn word(&self, key: &str) -> &'static str {
        match self.get(key) {
            Some(Item { value: Value::Word(word), .. }) => word,
            _ => "",
        }
    }

    pub(crate) fn table(&self, key: &str) -> Option<&Record> {
        match &self.get(key)?.value {
            Value::Table(record) => Some(record),
            _ => None,
        }
    }

    pub(crate) fn list(&self, key: &str) -> &[Item] {
        match self.get(key) {
            Some(Item { value: Value::List(items), .. }) => items,
            _ => &[],
        }
    }

    /// Name or id that an entry of an array of tables goes by.
    pub(crate) fn label(&self) -> Option<String> {
        let id = self.integer("id").map(|id| id.to_string());
        id.or_else(|| self.text("name").map(str::to_owned))
    }

    /// The entries of an array of tables.
    pub(crate) fn tables(&self, key: &str) -> impl Iterator<Item = &Record> {
        self.list(key).iter().filter_map(|item| match &item.value {
            Value::Table(record) => Some(record),
            _ => None,
        })
    }
}
