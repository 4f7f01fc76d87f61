//! The parts of the page, each a landmark with a heading, and the list of them.

use super::html::Html;

/// A part of the page.
#[derive(Debug)]
pub(super) struct Section {
    id: &'static str,
    heading: &'static str,
    inside: String,
}

impl Section {
    /// What `write` writes; a section in which there is nothing isn't there.
    pub(super) fn new(
        id: &'static str,
        heading: &'static str,
        write: impl FnOnce(&mut Html),
    ) -> Option<Section> {
        let mut html = Html::new();
        write(&mut html);
        let inside = html.finish();
        (!inside.is_empty()).then_some(Section { id, heading, inside })
    }

    pub(super) fn write(&self, html: &mut Html) {
        let heading = format!("{}-heading", self.id);
        let mut attributes = vec![("id", self.id), ("aria-labelledby", heading.as_str())];
        // On paper nothing can be unfolded: a heading would stand above nothing.
        if self.inside.starts_with("<details") {
            attributes.push(("class", "folded"));
        }
        html.element("section", &attributes, |html| {
            html.leaf("h2", &[("id", &heading)], self.heading);
            html.raw(&self.inside);
        });
    }
}

/// Where to go on the page.
pub(super) fn contents(html: &mut Html, sections: &[Section]) {
    html.element("nav", &[("aria-label", "On this page")], |html| {
        html.element("ul", &[], |html| {
            for section in sections {
                let target = format!("#{}", section.id);
                html.element("li", &[], |html| {
                    html.leaf("a", &[("href", &target)], section.heading);
                });
            }
        });
    });
}

/// A remark under a heading.
pub(super) fn remark(html: &mut Html, text: &str) {
    html.leaf("p", &[("class", "remark")], text);
}

/// What only few want to see.
pub(super) fn details(html: &mut Html, summary: &str, inside: impl FnOnce(&mut Html)) {
    html.element("details", &[], |html| {
        html.leaf("summary", &[], summary);
        inside(html);
    });
}
