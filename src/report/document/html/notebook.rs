//! A document as an element of a notebook: the answer with its figures, and the charts. Its style reaches
//! nothing else there, and takes the notebook's own ink, be it dark on light or light on dark.

use maud::{Markup, PreEscaped, html};

use super::escape::{allowed, words};
use super::{Document, blocks, chart};
use crate::report::charts::Drawing;
use crate::report::text::held;
use crate::scenario::Hash;

const STYLE: &str = include_str!("notebook.css");

impl Document {
    /// The element. Several may stand in one notebook: its ids are its own.
    pub(in crate::report) fn element(&self, drawings: &[Drawing]) -> String {
        let answer = html! {
            p.title { (self.name) ": " (self.subject) }
            p.answer { (words(&held(&self.answer))) }
            (blocks(&self.lead, &[]))
        };
        element(&answer, drawings)
    }
}

/// The same of what has no document: as it is told on the terminal.
pub(in crate::report) fn told_element(told: &str, drawings: &[Drawing]) -> String {
    element(&html! { pre tabindex="0" { (told) } }, drawings)
}

fn element(answer: &Markup, drawings: &[Drawing]) -> String {
    let mut hash = Hash::new();
    for drawing in drawings {
        hash.write(drawing.svg.as_bytes());
    }
    let own = hash.hex();
    let own = own.get(..8).unwrap_or_default();
    allowed(html! {
        div.smschain-result {
            style { (PreEscaped(STYLE)) }
            (answer)
            @for drawing in drawings { (owned(drawing, own)) }
        }
    })
}

/// A chart whose ids are of this element.
fn owned(drawing: &Drawing, own: &str) -> Markup {
    let id = format!("chart-{}", drawing.name);
    PreEscaped(chart(drawing).into_string().replace(&id, &format!("{id}-{own}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_style_is_of_this_element_alone() {
        for line in STYLE.lines().filter(|line| line.contains('{') && !line.starts_with('@')) {
            let selectors = line.split('{').next().unwrap_or_default();
            for selector in selectors.split(',') {
                assert!(selector.trim().starts_with(".smschain-result"), "{line}");
            }
        }
    }

    #[test]
    fn two_elements_share_no_id() {
        let drawing = |svg: &str| Drawing {
            name: "funnel",
            title: "x".to_owned(),
            description: "y".to_owned(),
            svg: format!("<svg aria-labelledby=\"chart-funnel-title\">{svg}</svg>"),
        };
        let ids = |svg: &str| -> Vec<String> {
            let text = Document::default().element(&[drawing(svg)]);
            let parts = text.split("id=\"").skip(1);
            parts.map(|part| part.split('"').next().unwrap_or_default().to_owned()).collect()
        };
        let (one, other) = (ids("a"), ids("b"));
        assert!(!one.is_empty() && one.iter().all(|id| !other.contains(id)), "{one:?} {other:?}");
    }
}
