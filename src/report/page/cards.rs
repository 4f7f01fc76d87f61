//! Key figures: few, large.

use super::figure::{self, Figure};
use super::html::Html;
use super::section::Section;
use crate::report::Unit;

/// Longer values are set smaller.
const SHORT: usize = 14;

/// A figure that is worth a card.
#[derive(Debug)]
pub(super) struct Card {
    name: String,
    value: String,
    note: Option<String>,
    remark: String,
}

impl Card {
    /// `None` if the figure isn't known.
    pub(super) fn figure(name: &str, unit: Unit, figure: Figure, remark: &str) -> Option<Card> {
        let (value, note) = figure::with_half_width(unit, figure)?;
        Some(Card { name: name.to_owned(), value, note, remark: remark.to_owned() })
    }

    pub(super) fn text(name: &str, value: impl Into<String>, remark: impl Into<String>) -> Card {
        Card { name: name.to_owned(), value: value.into(), note: None, remark: remark.into() }
    }
}

pub(super) fn section(cards: impl IntoIterator<Item = Option<Card>>) -> Option<Section> {
    let cards: Vec<Card> = cards.into_iter().flatten().collect();
    Section::new("figures", "Key figures", |html| {
        if !cards.is_empty() {
            html.element("dl", &[("class", "cards")], |html| {
                cards.iter().for_each(|card| write(html, card));
            });
        }
    })
}

fn write(html: &mut Html, card: &Card) {
    html.element("div", &[], |html| {
        html.element("dt", &[], |html| html.heading(&card.name));
        html.element("dd", &[], |html| {
            let is_long = card.value.chars().count() > SHORT;
            let class: &[(&str, &str)] = if is_long { &[("class", "long")] } else { &[] };
            html.leaf("strong", class, &card.value);
            if let Some(note) = &card.note {
                html.text(" ");
                html.leaf("span", &[("class", "note")], note);
            }
            if !card.remark.is_empty() {
                html.leaf("span", &[("class", "remark")], &card.remark);
            }
        });
    });
}
