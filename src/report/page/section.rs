//! The parts of the page, each a landmark with a heading, and the list of them.

use maud::{Markup, Render, html};

/// A part of the page.
#[derive(Debug)]
pub(super) struct Section {
    id: &'static str,
    heading: &'static str,
    inside: Markup,
}

impl Section {
    /// A section in which there is nothing isn't there.
    pub(super) fn new(id: &'static str, heading: &'static str, inside: Markup) -> Option<Section> {
        (!inside.0.is_empty()).then_some(Section { id, heading, inside })
    }
}

impl Render for Section {
    fn render(&self) -> Markup {
        let heading = format!("{}-heading", self.id);
        // On paper nothing can be unfolded: a heading would stand above nothing.
        let folded = self.inside.0.starts_with("<details");
        html! {
            section class=[folded.then_some("folded")] id=(self.id) aria-labelledby=(heading) {
                h2 id=(heading) { (self.heading) }
                (self.inside)
            }
        }
    }
}

/// Where to go on the page.
pub(super) fn contents(sections: &[Section]) -> Markup {
    html! {
        nav aria-label="On this page" {
            ul {
                @for section in sections {
                    li { a href={ "#" (section.id) } { (section.heading) } }
                }
            }
        }
    }
}

/// A remark under a heading.
pub(super) fn remark(text: &str) -> Markup {
    html! { p.remark { (text) } }
}

/// What only few want to see.
pub(super) fn details(summary: &str, inside: Markup) -> Markup {
    html! { details { summary { (summary) } (inside) } }
}
