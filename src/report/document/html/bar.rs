//! The ends of the accepted messages, as one bar.

use maud::{Markup, html};

use crate::report::Unit;
use crate::report::number::{plain, value};
use crate::report::outcome::{COUNT, Outcome, part};

/// Units across the bar.
const WIDTH: f64 = 1000.0;

/// The bar; nothing if nothing was accepted.
pub(super) fn bar(outcome: &Outcome) -> Markup {
    let named = |index: usize| part(index, outcome.has_deadline);
    let shares: Vec<(usize, f64)> = (0..COUNT)
        .filter_map(|part| Some((part, outcome.share(part)?)))
        .filter(|&(_, share)| share > 0.0)
        .collect();
    let texts: Vec<String> = shares
        .iter()
        .map(|&(index, share)| format!("{} {}", named(index).name, value(Unit::Share, share)))
        .collect();
    let starts = shares.iter().scan(0.0, |x, (_, share)| {
        let left = *x;
        *x += share * WIDTH;
        Some(left)
    });
    html! {
        @if !shares.is_empty() {
            svg.bar viewBox="0 0 1000 10" preserveAspectRatio="none" role="img"
                aria-label=(texts.join(", ")) {
                g.marks {
                    @for (((index, share), text), left) in shares.iter().zip(&texts).zip(starts) {
                        rect class=(named(*index).class)
                            x=(format_args!("{left:.2}"))
                            width=(format_args!("{:.2}", share * WIDTH)) height="10" {
                            title { (text) }
                        }
                    }
                }
            }
        }
    }
}

/// The bar with what each part of it comes to.
pub(super) fn picture(outcome: &Outcome) -> Markup {
    let refused = libm::round(outcome.requested * (1.0 - outcome.accepted_share.unwrap_or(1.0)));
    let parts = (0..COUNT).map(|index| (part(index, outcome.has_deadline), index));
    html! {
        @if outcome.accepted > 0.0 {
            figure.outcome {
                figcaption {
                    "What became of " (plain(outcome.accepted)) " accepted messages"
                    @if refused > 0.0 { "; " (plain(refused)) " more were refused" }
                }
                (bar(outcome))
                ul.legend {
                    @for (part, index) in parts.filter(|&(_, index)| outcome.parts[index] > 0.0) {
                        li class=(part.class) {
                            strong {
                                (value(Unit::Share, outcome.share(index).unwrap_or(0.0)))
                            }
                            " " (part.name) " "
                            span.note { (plain(outcome.parts[index])) }
                        }
                    }
                }
            }
        }
    }
}

/// The parts' names.
pub(super) fn legend(has_deadline: bool) -> Markup {
    html! {
        ul.legend {
            @for part in (0..COUNT).map(|index| part(index, has_deadline)) {
                li class=(part.class) { (part.name) }
            }
        }
    }
}
