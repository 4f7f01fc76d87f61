//! The charts, inline.

use super::html::Html;
use super::section::Section;
use crate::report::charts::Drawing;

pub(super) fn charts(drawings: &[Drawing]) -> Option<Section> {
    Section::new("charts", "Charts", |html| {
        drawings.iter().for_each(|drawing| chart(html, drawing));
    })
}

fn chart(html: &mut Html, drawing: &Drawing) {
    let id = format!("chart-{}", drawing.name);
    html.element("figure", &[("aria-labelledby", &id), ("class", "chart")], |html| {
        html.leaf("h3", &[("id", &id)], &drawing.title);
        let scrolls = [
            ("class", "scroll"),
            ("role", "region"),
            ("aria-labelledby", id.as_str()),
            ("tabindex", "0"),
        ];
        html.element("div", &scrolls, |html| html.raw(root(&drawing.svg)));
        html.leaf("figcaption", &[], &drawing.description);
    });
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
