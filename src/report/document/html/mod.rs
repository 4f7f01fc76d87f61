//! A document as a page to share: one self-contained HTML file that needs no network, and no script
//! to be read.

mod bar;
mod escape;
mod frame;
#[cfg(feature = "python")]
mod notebook;
mod table;

use maud::{Markup, PreEscaped, Render, html};
#[cfg(feature = "python")]
pub(in crate::report) use notebook::told_element;

use super::{Block, Card, Document, On, Section};
use crate::report::charts::Drawing;
use crate::report::text::held;
use bar::{legend, picture};
use escape::{heading, words};

/// Longer values are set smaller.
const SHORT: usize = 14;

impl Document {
    /// The page. `again`: the command that repeats it.
    pub(in crate::report) fn page(&self, drawings: &[Drawing], again: &str) -> String {
        let part = |section: &Section| Part::new(section, drawings);
        let mut parts: Vec<Part> = self.sections.iter().filter_map(part).collect();
        parts.push(self.again(again));
        let answer = html! {
            p.answer { (words(&held(&self.answer))) }
            (blocks(&self.lead, drawings))
        };
        frame::frame(self, answer, &parts)
    }

    /// The command that gives the same numbers again.
    fn again(&self, command: &str) -> Part {
        let inside = html! {
            pre tabindex="0" aria-label="The command" { code { (command) } }
            dl.made {
                @for (name, value) in self.made.iter().filter(|(_, value)| !value.is_empty()) {
                    div { dt { (name) } dd { code { (value) } } }
                }
            }
        };
        Part { id: "again", heading: "How to repeat it", is_folded: false, inside }
    }
}

/// A part of the page, a landmark with a heading.
struct Part {
    id: &'static str,
    heading: &'static str,
    is_folded: bool,
    inside: Markup,
}

impl Part {
    /// A section in which there is nothing isn't there.
    fn new(section: &Section, drawings: &[Drawing]) -> Option<Part> {
        let inside = blocks(section, drawings);
        if inside.0.is_empty() {
            return None;
        }
        let inside = match section.folded {
            Some(summary) => html! { details { summary { (summary) } (inside) } },
            None => inside,
        };
        let is_folded = section.folded.is_some();
        Some(Part { id: section.id, heading: section.heading, is_folded, inside })
    }
}

impl Render for Part {
    fn render(&self) -> Markup {
        let heading = format!("{}-heading", self.id);
        // On paper nothing can be unfolded: a heading would stand above nothing.
        html! {
            section class=[self.is_folded.then_some("folded")] id=(self.id)
                aria-labelledby=(heading)
            {
                h2 id=(heading) { (self.heading) }
                (self.inside)
            }
        }
    }
}

fn blocks(section: &Section, drawings: &[Drawing]) -> Markup {
    let blocks = section.blocks_on(On::Page);
    html! { @for block in blocks { (inside(block, drawings)) } }
}

fn inside(block: &Block, drawings: &[Drawing]) -> Markup {
    match block {
        Block::Text(_, text) => html! { p.said { (words(&held(text))) } },
        Block::Remark(text) => html! { p.remark { (words(&held(text))) } },
        Block::Lines(lines) => html! { pre { (lines.join("\n")) } },
        Block::Table(own) => table::table(own),
        Block::Cards(cards) => html! { dl.cards { @for card in cards { (card) } } },
        Block::Outcome(outcome) => picture(outcome),
        Block::Legend(has_deadline) => legend(*has_deadline),
        Block::Charts => html! { @for drawing in drawings { (chart(drawing)) } },
    }
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

fn chart(drawing: &Drawing) -> Markup {
    let id = format!("chart-{}", drawing.name);
    html! {
        figure.chart aria-labelledby=(id) {
            h3 id=(id) { (drawing.title) }
            div.scroll role="region" aria-labelledby=(id) tabindex="0" {
                (PreEscaped(root(&drawing.svg)))
            }
            figcaption { (held(&drawing.description)) }
        }
    }
}

/// The `<svg>` element of a file, without what may go before it in one of its own.
fn root(svg: &str) -> &str {
    svg.find("<svg").map_or("", |start| svg[start..].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_element_is_taken() {
        let file = "<?xml version=\"1.0\"?>\n<!-- x -->\n<svg viewBox=\"0 0 1 1\"></svg>\n";
        assert_eq!(root(file), "<svg viewBox=\"0 0 1 1\"></svg>");
        assert_eq!(root("nothing"), "");
    }
}
