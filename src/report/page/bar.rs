//! What became of the accepted messages, as one bar.

use maud::{Markup, html};

use super::outcome::{COUNT, Outcome, part};
use crate::report::Unit;
use crate::report::number;

/// Units across the bar.
const WIDTH: f64 = 1000.0;

/// The bar; `None` if nothing was accepted.
pub(super) fn bar(outcome: &Outcome) -> Option<Markup> {
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
            format!("{name} {}", number::value(Unit::Share, share))
        })
        .collect();
    let starts = shares.iter().scan(0.0, |x, (_, share)| {
        let left = *x;
        *x += share * WIDTH;
        Some(left)
    });
    Some(html! {
        svg.bar viewBox="0 0 1000 10" preserveAspectRatio="none" role="img"
            aria-label=(texts.join(", ")) {
            g.marks {
                @for (((index, share), text), left) in shares.iter().zip(&texts).zip(starts) {
                    rect class=(part(*index, outcome.has_deadline).class)
                        x=(format_args!("{left:.2}"))
                        width=(format_args!("{:.2}", share * WIDTH)) height="10" {
                        title { (text) }
                    }
                }
            }
        }
    })
}
