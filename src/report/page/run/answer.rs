//! What happened, in one sentence.

use maud::{Markup, html};

use super::super::bar::bar;
use super::super::figure::Source;
use super::super::frame::Top;
use super::super::outcome::{COUNT, ON_TIME, OPEN, Outcome, SILENT, part};
use super::super::title;
use crate::report::head::has_deadline;
use crate::report::number;
use crate::report::{Unit, Value};

pub(super) fn top(report: &Value) -> Top {
    let title = title(report, "what became of the messages");
    let Some(outcome) = Outcome::of(Source::Run(report), has_deadline(report)) else {
        return Top { title, ..Top::default() };
    };
    let facts = vec![format!("{} messages asked for", number::plain(outcome.requested))];
    Top {
        title,
        facts,
        answer: sentence(report, &outcome),
        meaning: meaning(&outcome),
        picture: picture(&outcome),
    }
}

fn sentence(report: &Value, outcome: &Outcome) -> String {
    let percent = |share: Option<f64>| number::value(Unit::Share, share.unwrap_or(0.0));
    if outcome.requested == 0.0 {
        return "No message was asked for in the time counted.".to_owned();
    }
    let asked = number::plain(outcome.requested);
    if outcome.accepted == 0.0 {
        return format!("{asked} messages were asked for, and none of them was accepted.");
    }
    let run = Source::Run(report);
    let accepted = outcome.accepted_share;
    let silent = match outcome.parts[SILENT] {
        0.0 => "none vanished in silence".to_owned(),
        _ => format!("{} vanished in silence", percent(outcome.share(SILENT))),
    };
    let verb = if outcome.has_deadline { "arrived on time" } else { "were delivered" };
    let mut parts = vec![format!("{} {verb}", percent(outcome.share(ON_TIME)))];
    if outcome.parts[OPEN] > 0.0 {
        let open = percent(outcome.share(OPEN));
        parts.push(format!("{open} were still on their way when the run ended"));
    }
    let parts = parts.join(", ");
    let mut text = format!(
        "Of {asked} messages asked for, {} were accepted; of those, {parts} and {silent}.",
        percent(accepted)
    );
    if accepted.is_some_and(|accepted| accepted < 1.0) {
        let key = if outcome.has_deadline { "on_time" } else { "delivered" };
        if let Some(share) = run.value(&format!("of_requested.{key}")) {
            let share = number::value(Unit::Share, share);
            text.push_str(&format!(" Of all that was asked for, {share} {verb}."));
        }
    }
    text
}

fn meaning(outcome: &Outcome) -> String {
    if outcome.accepted == 0.0 {
        return String::new();
    }
    let good = part(ON_TIME, outcome.has_deadline);
    let name = if outcome.has_deadline { "On time" } else { "Delivered" };
    format!(
        "Accepted: the API said success. {name}: {}. Vanished in silence: {}.",
        good.meaning,
        part(SILENT, outcome.has_deadline).meaning
    )
}

/// The bar with its legend.
fn picture(outcome: &Outcome) -> Markup {
    let Some(bar) = bar(outcome) else {
        return Markup::default();
    };
    let refused = libm::round(outcome.requested * (1.0 - outcome.accepted_share.unwrap_or(1.0)));
    let parts = (0..COUNT).map(|index| (part(index, outcome.has_deadline), index));
    html! {
        figure.outcome {
            figcaption {
                "What became of " (number::plain(outcome.accepted)) " accepted messages"
                @if refused > 0.0 { "; " (number::plain(refused)) " more were refused" }
            }
            (bar)
            ul.legend {
                @for (part, index) in parts.filter(|&(_, index)| outcome.parts[index] > 0.0) {
                    li class=(part.class) {
                        strong {
                            (number::value(Unit::Share, outcome.share(index).unwrap_or(0.0)))
                        }
                        " " (part.name) " "
                        span.note { (number::plain(outcome.parts[index])) }
                    }
                }
            }
        }
    }
}
