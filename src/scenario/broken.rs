//! What follows from a broken list: one that is never closed swallows the rest of the file, and all
//! of that is no list's element.

use super::Place;
use super::texts::Texts;
use super::tree::{Node, Raw};

/// What lists swallowed, from the fault of syntax in each to the list's end.
pub(crate) fn swallowed(tree: &Node, faults: &[Place], texts: &Texts) -> Vec<Place> {
    let mut found = Vec::new();
    look(tree, faults, texts, &mut found);
    found
}

fn look(node: &Node, faults: &[Place], texts: &Texts, found: &mut Vec<Place>) {
    match &node.raw {
        Raw::Array(items) => {
            let whole = Place { end: extent(node), ..node.place };
            let fault =
                faults.iter().filter(|fault| is_within(fault, &whole)).min_by_key(|f| f.start);
            match fault {
                Some(fault) if is_literal(node, texts) => {
                    found.push(Place { start: fault.start, ..whole });
                }
                _ => items.iter().for_each(|item| look(item, faults, texts, found)),
            }
        }
        Raw::Table(entries) => {
            entries.iter().for_each(|entry| look(&entry.node, faults, texts, found));
        }
        _ => {}
    }
}

/// Does a place begin within another?
pub(crate) fn is_within(place: &Place, whole: &Place) -> bool {
    place.source == whole.source && (whole.start..=whole.end).contains(&place.start)
}

/// The byte after the last one of a value and of all that is in it.
fn extent(node: &Node) -> usize {
    let inside = match &node.raw {
        Raw::Array(items) => items.iter().map(extent).max(),
        Raw::Table(entries) => entries.iter().map(|entry| extent(&entry.node)).max(),
        _ => None,
    };
    node.place.end.max(inside.unwrap_or(0))
}

/// Is it a list in brackets, and not one of `[[tables]]`?
fn is_literal(node: &Node, texts: &Texts) -> bool {
    let written = texts.text(node.place.source).get(node.place.start..).unwrap_or_default();
    written.starts_with('[') && !written.starts_with("[[")
}
