//! The random scenarios have every key, kind and word of the language in them.

use std::collections::BTreeSet;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use smschain::scenario::schema::{Field, Kind, Need, ROOT, Table, Word, everything};
use toml::Value;

use crate::language::{Shape, draft};
use crate::running::config;

/// Enough that even what is rare comes up.
const DRAFTS: usize = 1_500;

/// Keys that no run can tell from others of their kind: what a family of distributions takes
/// besides its own is tried in some families only.
const BOUNDS: [&str; 3] = ["min", "max", "shift"];

/// Keys, kinds and words that came up, each with the table or choice it belongs to.
#[derive(Default)]
struct Seen(BTreeSet<(usize, String)>);

fn address<T: ?Sized>(thing: &T) -> usize {
    std::ptr::from_ref(thing).cast::<u8>() as usize
}

impl Seen {
    fn table(&mut self, table: &'static Table, value: &Value) {
        for (key, value) in value.as_table().into_iter().flatten() {
            if let Some(field) = table.field(key) {
                self.0.insert((address(table), key.clone()));
                self.value(field, &field.kind, value);
            }
        }
    }

    fn value(&mut self, field: &Field, kind: &'static Kind, value: &Value) {
        match kind {
            Kind::Table(table) => self.table(table, value),
            Kind::Tables(table) => {
                for entry in value.as_array().into_iter().flatten() {
                    self.table(table, entry);
                }
            }
            Kind::Named(table) => {
                for (_, entry) in value.as_table().into_iter().flatten() {
                    self.table(table, entry);
                }
            }
            Kind::List(item, _) | Kind::OneOrMore(item, _) => match value {
                Value::Array(values) => {
                    values.iter().for_each(|value| self.value(field, item, value));
                }
                alone => self.value(field, item, alone),
            },
            Kind::Choice(choice) => {
                for (key, settings) in value.as_table().into_iter().flatten() {
                    if let Some(variant) = choice.variant(key) {
                        self.0.insert((address(*choice), key.clone()));
                        self.table(&variant.table, settings);
                    }
                }
            }
            Kind::Words(words) | Kind::WordsOrFlag(words) | Kind::WordsOrDuration(words) => {
                if let Value::String(word) = value {
                    self.0.insert((0, choosing(field.key, words, word)));
                }
            }
            _ => {}
        }
    }

    fn has(&self, owner: usize, name: &str) -> bool {
        self.0.contains(&(owner, name.to_owned()))
    }
}

/// A word of a key, which may be a key of several tables.
fn choosing(key: &str, words: &[Word], word: &str) -> String {
    let all: Vec<&str> = words.iter().map(|word| word.word).collect();
    format!("the word `{word}` of `{key}`, one of {all:?}")
}

/// Words of a kind, if it has any.
fn words(kind: &Kind) -> &'static [Word] {
    match kind {
        Kind::Words(words) | Kind::WordsOrFlag(words) | Kind::WordsOrDuration(words) => words,
        Kind::List(item, _) | Kind::OneOrMore(item, _) => words(item),
        _ => &[],
    }
}

#[test]
fn every_key_kind_and_word_comes_up() {
    let mut runner = TestRunner::new(config(1));
    let drafts = draft(Shape::ANY);
    let mut seen = Seen::default();
    for _ in 0..DRAFTS {
        let text = drafts.new_tree(&mut runner).unwrap().current().text();
        seen.table(&ROOT, &Value::Table(text.parse().unwrap()));
    }
    let (tables, choices) = everything(&ROOT);
    let mut missing = BTreeSet::new();
    for table in tables {
        for field in table.fields.iter().filter(|field| field.senseless.is_none()) {
            if !BOUNDS.contains(&field.key) && !seen.has(address(table), field.key) {
                let beside: Vec<&str> = table.fields.iter().map(|field| field.key).collect();
                missing.insert(format!("the key `{}` of {beside:?}", field.key));
            }
            let list = words(&field.kind);
            let otherwise = match field.need {
                Need::Default(text) => Some(text),
                _ => field.late(),
            };
            for word in list.iter().filter(|word| otherwise != Some(word.word)) {
                let word = choosing(field.key, list, word.word);
                if !seen.has(0, &word) {
                    missing.insert(word);
                }
            }
        }
    }
    for choice in choices {
        for variant in choice.variants.iter().filter(|one| !seen.has(address(choice), one.key)) {
            missing.insert(format!("the kind `{}` of {}", variant.key, choice.noun));
        }
    }
    let missing: Vec<String> = missing.into_iter().collect();
    assert!(missing.is_empty(), "tests/properties/language.rs lacks\n{}", missing.join("\n"));
}
