//! Choices: exactly one of several kinds.

use super::Reader;
use crate::scenario::checked::Value;
use crate::scenario::schema::{Choice, Kind};
use crate::scenario::tree::{Node, Raw};
use crate::scenario::units::short;
use crate::scenario::{Diagnostic, DiagnosticKind, sample, unquoted};

impl Reader<'_> {
    /// Reads a choice; `key` is its key.
    pub(super) fn choice(&mut self, node: &Node, choice: &'static Choice, key: &str) -> Value {
        if let (Some(plain), false) = (&choice.plain, matches!(node.raw, Raw::Table(_))) {
            let before = self.errors.len();
            let value = self.item(node, plain, key).value;
            if let Some(error) = self.errors.get_mut(before)
                && error.kind == DiagnosticKind::WrongType
            {
                error.label = format!("{}, or one of {}", error.label, kinds(choice));
            }
            return value;
        }
        let Some(entries) = node.entries() else {
            let expected = format!("expected {}: one of {}", choice.noun, kinds(choice));
            return self.other_type(node, &format!("`{key}`"), expected);
        };
        let [entry] = entries else {
            let error = match entries {
                [] => Diagnostic::new(
                    DiagnosticKind::Missing,
                    node.place,
                    format!("`{key}` names no kind of {}", noun(choice)),
                )
                .label(format!("expected one of {}", kinds(choice)))
                .help(example(choice, key)),
                [.., first, second] => Diagnostic::new(
                    DiagnosticKind::Several,
                    second.place,
                    format!("`{key}` is both `{}` and `{}`", short(&first.key), short(&second.key)),
                )
                .label(format!("expected {} of one kind", choice.noun))
                .also(first.place, "the other is here"),
                [_] => return Value::Wrong,
            };
            self.errors.push(error);
            return Value::Wrong;
        };
        if let Some(variant) = choice.variant(&entry.key) {
            let what = format!("`{key}.{}`", variant.key);
            return Value::Chosen(variant.key, self.table(&entry.node, &variant.table, &what));
        }
        let message = format!("`{}` is not a kind of {}", short(&entry.key), noun(choice));
        let known = choice.variants.iter().map(|variant| variant.key);
        let expected = format!("expected one of {}", kinds(choice));
        let error = Diagnostic::new(DiagnosticKind::UnknownKey, entry.place, message);
        self.errors.push(error.meant(&entry.key, known, expected));
        Value::Wrong
    }
}

/// The choice's noun without its article.
fn noun(choice: &Choice) -> &'static str {
    choice.noun.split_once(' ').map_or(choice.noun, |(_, noun)| noun)
}

/// One of them, for an error.
fn example(choice: &'static Choice, key: &str) -> String {
    let kind = Kind::Choice(choice);
    format!("for example `{}`", sample::line(key, &kind, &unquoted::value(&kind, choice.example)))
}

/// The kinds, for an error.
fn kinds(choice: &Choice) -> String {
    let names: Vec<String> =
        choice.variants.iter().map(|variant| format!("`{}`", variant.key)).collect();
    names.join(", ")
}
