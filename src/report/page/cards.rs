//! Key figures: few, large.

use maud::{Markup, Render, html};

use super::figure::Source;
use super::html::heading;
use super::section::Section;
use crate::report::number;
use crate::report::read::Figure;
use crate::report::table::text::start;
use crate::report::{Unit, label, unit};

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
    /// The figure at a path, as it is called; `None` if it isn't known.
    pub(super) fn metric(source: Source<'_>, path: &str, remark: &str) -> Option<Card> {
        let name = label(path);
        // `p95` is written so.
        let name = if name.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
            name
        } else {
            start(&name)
        };
        Card::figure(&name, unit(path), source.figure(path), remark)
    }

    /// `None` if the figure isn't known.
    pub(super) fn figure(name: &str, unit: Unit, figure: Figure, remark: &str) -> Option<Card> {
        let (value, note) = number::with_half_width(unit, figure)?;
        Some(Card { name: name.to_owned(), value, note, remark: remark.to_owned() })
    }

    pub(super) fn text(name: &str, value: impl Into<String>, remark: impl Into<String>) -> Card {
        Card { name: name.to_owned(), value: value.into(), note: None, remark: remark.into() }
    }
}

pub(super) fn section(cards: impl IntoIterator<Item = Option<Card>>) -> Option<Section> {
    let cards: Vec<Card> = cards.into_iter().flatten().collect();
    if cards.is_empty() {
        return None;
    }
    let cards = html! { dl.cards { @for card in &cards { (card) } } };
    Section::new("figures", "Key figures", cards)
}

impl Render for Card {
    fn render(&self) -> Markup {
        let long = self.value.chars().count() > SHORT;
        html! {
            div {
                dt { (heading(&self.name)) }
                dd {
                    strong class=[long.then_some("long")] { (self.value) }
                    @if let Some(note) = &self.note { " " span.note { (note) } }
                    @if !self.remark.is_empty() { span.remark { (self.remark) } }
                }
            }
        }
    }
}
