//! Records of names and values: objects of JSON, and forms.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::account::Reason;
use super::formats::Shape;
use super::meaning::{Cells, Meaning, Owned, normal};

/// The names under which exports hold their list of records.
pub(super) const LISTS: [&str; 11] = [
    "messages",
    "results",
    "objects",
    "items",
    "data",
    "records",
    "reports",
    "delivery_reports",
    "rows",
    "entries",
    "logs",
];
/// The names under which an event holds its record.
const WRAPPERS: [&str; 5] = ["data", "payload", "detail", "record", "event"];
/// Names of values that are told apart; objects with more are made of something else.
const NAMES: usize = 500;

/// Reads records into texts.
pub(super) struct Records<'a> {
    shape: &'static Shape,
    /// Meanings that the user gave columns, by their normal names.
    mapped: &'a [(String, Meaning)],
    texts: Owned,
    /// Rank of the text of each meaning: a lower one goes before it.
    ranks: Vec<usize>,
    /// Meanings of values, by their paths as they are written, with the rank of each.
    meanings: BTreeMap<String, Box<[(usize, Meaning)]>>,
}

impl<'a> Records<'a> {
    pub(super) fn new(shape: &'static Shape, mapped: &'a [(String, Meaning)]) -> Self {
        Records {
            shape,
            mapped,
            texts: Owned::default(),
            ranks: vec![usize::MAX; super::meaning::COUNT],
            meanings: BTreeMap::new(),
        }
    }

    /// Reads an object, which may hold several messages.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        each: &mut dyn FnMut(&Cells<'_>),
    ) -> Result<(), Reason> {
        if std::str::from_utf8(bytes).is_err() {
            return Err(Reason::NotText);
        }
        let value: Value = serde_json::from_slice(bytes).map_err(|_| Reason::NotARecord)?;
        let record = unwrapped(&value);
        if !record.is_object() {
            return Err(Reason::NotARecord);
        }
        let list = self.shape.each.and_then(|path| {
            path.split('.').try_fold(record, |value, name| value.get(name))?.as_array()
        });
        let Some(list) = list else {
            self.clear();
            self.walk(record, &mut String::new());
            each(&self.texts.cells());
            return Ok(());
        };
        if list.is_empty() {
            return Err(Reason::NotARecord);
        }
        for element in list {
            self.clear();
            // What the element has goes before what the message has.
            self.walk(element, &mut String::new());
            self.walk(record, &mut String::new());
            each(&self.texts.cells());
        }
        Ok(())
    }

    /// Reads `name=value&name=value`.
    pub(super) fn form(&mut self, bytes: &[u8]) -> Result<Cells<'_>, Reason> {
        self.clear();
        let text = std::str::from_utf8(bytes).map_err(|_| Reason::NotText)?;
        if !text.contains('=') {
            return Err(Reason::NotARecord);
        }
        for pair in text.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = Value::String(decoded(value).ok_or(Reason::NotText)?);
            self.put(&decoded(name).ok_or(Reason::NotText)?, &value);
        }
        Ok(self.texts.cells())
    }

    /// The columns that were understood, and those that weren't.
    pub(super) fn columns(self) -> (Vec<(String, &'static str)>, Vec<String>) {
        let (mut understood, mut ignored) = (Vec::new(), Vec::new());
        for (name, meanings) in self.meanings {
            match meanings.first() {
                Some((_, meaning)) => understood.push((name, meaning.name())),
                None => ignored.push(name),
            }
        }
        (understood, ignored)
    }

    fn clear(&mut self) {
        self.texts.clear();
        self.ranks.fill(usize::MAX);
    }

    /// Walks over an object; of an array the first element counts.
    fn walk(&mut self, value: &Value, path: &mut String) {
        match value {
            Value::Object(map) => {
                for (name, value) in map {
                    let length = path.len();
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(name);
                    if Some(path.as_str()) != self.shape.each {
                        self.walk(value, path);
                    }
                    path.truncate(length);
                }
            }
            Value::Array(list) => {
                if let Some(first) = list.first() {
                    self.walk(first, path);
                }
            }
            value => self.put(path, value),
        }
    }

    fn put(&mut self, name: &str, value: &Value) {
        if value.is_null() {
            return;
        }
        if !self.meanings.contains_key(name) {
            if self.meanings.len() >= NAMES {
                return;
            }
            let found = self.find(name);
            self.meanings.insert(name.to_owned(), found);
        }
        let meanings = self.meanings.get(name).map_or(&[][..], |own| own);
        for (rank, meaning) in meanings {
            // Of a body only the length is kept.
            let body = value.as_str().filter(|_| *meaning == Meaning::Body);
            let meaning = if body.is_some() { Meaning::Chars } else { *meaning };
            let best = &mut self.ranks[meaning as usize];
            if *best <= *rank {
                continue;
            }
            let text = self.texts.text(meaning);
            text.clear();
            let written = match (body, value) {
                (Some(body), _) => write!(text, "{}", body.chars().count()),
                (None, Value::String(own)) => {
                    text.push_str(own.trim());
                    Ok(())
                }
                (None, other) => write!(text, "{other}"),
            };
            // A text can always be written.
            debug_assert!(written.is_ok());
            *best = if text.is_empty() { usize::MAX } else { *rank };
        }
    }

    /// Meanings of a value, by its path: those that the user gave go first.
    fn find(&self, name: &str) -> Box<[(usize, Meaning)]> {
        let plain = normal(name);
        let mapped = self.mapped.iter().filter(|(own, _)| *own == plain).map(|(_, own)| (0, *own));
        let fields = self.shape.meanings(&plain).map(|(rank, meaning)| (rank + 1, meaning));
        mapped.chain(fields).collect()
    }
}

/// The record in an event.
pub(super) fn unwrapped(value: &Value) -> &Value {
    let mut record = value;
    for _ in 0..WRAPPERS.len() {
        let Some(inner) =
            WRAPPERS.iter().filter_map(|name| record.get(name)).find(|own| own.is_object())
        else {
            break;
        };
        record = inner;
    }
    record
}

/// The normal names of an object's values.
pub(super) fn names(value: &Value, path: &str, names: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let path =
                    if path.is_empty() { normal(name) } else { format!("{path}.{}", normal(name)) };
                names.push(path.clone());
                self::names(value, &path, names);
            }
        }
        Value::Array(list) => {
            if let Some(first) = list.first() {
                self::names(first, path, names);
            }
        }
        _ => {}
    }
}

/// A value of a form without its escapes.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                bytes.push((high * 16 + low) as u8);
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}
