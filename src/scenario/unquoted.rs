//! A value without TOML's quotes, as after `--set PATH=`, read by its key's kind.

use super::Place;
use super::parse;
use super::schema::Kind;
use super::tree::{Entry, Node, Raw};

/// The value as a tree; all its places are those of its source 0, byte 0 on.
pub(crate) fn value(kind: &Kind, text: &str) -> Node {
    let place = Place::new(0, 0, text.len());
    if let Kind::Choice(choice) = kind
        && let Some(variant) = choice.variant(text.trim())
    {
        let entry = Entry { key: variant.key.to_owned(), place, node: Node::table(place) };
        return Node { place, raw: Raw::Table(vec![entry]) };
    }
    if quoted(text) || !kind.takes_text() {
        let mut errors = Vec::new();
        if let Some(node) = parse::value(text, place.source, 0, &mut errors) {
            return node;
        }
    }
    Node { place, raw: Raw::Text(text.trim().to_owned()) }
}

/// `true` if the value is written as TOML: quoted, a list or a table.
pub(crate) fn quoted(text: &str) -> bool {
    text.trim_start().starts_with(['"', '\'', '[', '{'])
}
