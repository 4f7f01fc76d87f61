//! The charts, inline.

use maud::{Markup, PreEscaped, html};

use super::html::held;
use super::section::Section;
use crate::report::charts::Drawing;

pub(super) fn charts(drawings: &[Drawing]) -> Option<Section> {
    Section::new("charts", "Charts", html! { @for drawing in drawings { (chart(drawing)) } })
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
