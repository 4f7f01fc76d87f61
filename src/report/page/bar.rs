//! What became of the accepted messages, as one bar.

use super::figure;
use super::html::Html;
use super::outcome::{COUNT, Outcome, part};
use crate::report::Unit;

/// Units across the bar.
const WIDTH: f64 = 1000.0;

/// The bar; `None` if nothing was accepted.
pub(super) fn bar(outcome: &Outcome) -> Option<String> {
    let shares: Vec<(usize, f64)> = (0..COUNT)
        .filter_map(|part| Some((part, outcome.share(part)?)))
        .filter(|&(_, share)| share > 0.0)
        .collect();
    if shares.is_empty() {
        return None;
    }
    let texts: Vec<String> = shares
        .iter()
        .map(|&(index, share)| {
            let name = part(index, outcome.has_deadline).name;
            format!("{name} {}", figure::shown(Unit::Share, share))
        })
        .collect();
    let name = texts.join(", ");
    let mut html = Html::new();
    let attributes = [
        ("class", "bar"),
        ("viewBox", "0 0 1000 10"),
        ("preserveAspectRatio", "none"),
        ("role", "img"),
        ("aria-label", name.as_str()),
    ];
    html.element("svg", &attributes, |html| {
        html.element("g", &[("class", "marks")], |html| {
            let mut x = 0.0;
            for (&(index, share), text) in shares.iter().zip(&texts) {
                let (left, width) = (format!("{x:.2}"), format!("{:.2}", share * WIDTH));
                let class = part(index, outcome.has_deadline).class;
                let rectangle = [
                    ("class", class),
                    ("x", left.as_str()),
                    ("width", width.as_str()),
                    ("height", "10"),
                ];
                html.element("rect", &rectangle, |html| html.leaf("title", &[], text));
                x += share * WIDTH;
            }
        });
    });
    Some(html.finish())
}
