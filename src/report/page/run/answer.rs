//! What happened, in one sentence.

use super::super::bar::bar;
use super::super::figure::{self, Source};
use super::super::frame::Top;
use super::super::html::Html;
use super::super::outcome::{COUNT, ON_TIME, OPEN, Outcome, SILENT, part};
use super::super::title;
use crate::report::head::has_deadline;
use crate::report::{Unit, Value};

pub(super) fn top(report: &Value) -> Top {
    let title = title(report, "what became of the messages");
    let Some(outcome) = Outcome::of(Source::Run(report), has_deadline(report)) else {
        return Top { title, ..Top::default() };
    };
    let facts = vec![format!("{} messages asked for", figure::plain(outcome.requested))];
    Top {
        title,
        facts,
        answer: sentence(report, &outcome),
        meaning: meaning(&outcome),
        picture: picture(&outcome),
    }
}

fn sentence(report: &Value, outcome: &Outcome) -> String {
    let percent = |share: Option<f64>| figure::shown(Unit::Share, share.unwrap_or(0.0));
    if outcome.requested == 0.0 {
        return "No message was asked for in the time counted.".to_owned();
    }
    let asked = figure::plain(outcome.requested);
    if outcome.accepted == 0.0 {
        return format!("{asked} messages were asked for, and none of them was accepted.");
    }
    let run = Source::Run(report);
    let accepted = outcome.accepted_share;
    let silent = match outcome.parts[SILENT] {
        0.0 => "none vanished in silence".to_owned(),
        _ => format!("{} vanished in silence", percent(outcome.share(SILENT))),
    };
    let verb = if outcome.has_deadline { "arrived in time" } else { "were delivered" };
    let mut parts = vec![format!("{} {verb}", percent(outcome.share(ON_TIME)))];
    if outcome.parts[OPEN] > 0.0 {
        let open = percent(outcome.share(OPEN));
        parts.push(format!("{open} were still on their way when the run ended"));
    }
    let parts = parts.join(", ");
    let mut text = format!(
        "Of {asked} messages asked for {} were accepted; of those, {parts} and {silent}.",
        percent(accepted)
    );
    if accepted.is_some_and(|accepted| accepted < 1.0) {
        let key = if outcome.has_deadline { "on_time" } else { "delivered" };
        if let Some(share) = run.value(&format!("of_requested.{key}")) {
            let share = figure::shown(Unit::Share, share);
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
    let name = if outcome.has_deadline { "In time" } else { "Delivered" };
    format!(
        "Accepted: the API said success. {name}: {}. Vanished in silence: {}.",
        good.meaning,
        part(SILENT, outcome.has_deadline).meaning
    )
}

/// The bar with its legend.
fn picture(outcome: &Outcome) -> String {
    let Some(bar) = bar(outcome) else {
        return String::new();
    };
    let mut html = Html::new();
    html.element("figure", &[("class", "outcome")], |html| {
        let accepted = figure::plain(outcome.accepted);
        let mut caption = format!("What became of {accepted} accepted messages");
        let refused =
            libm::round(outcome.requested * (1.0 - outcome.accepted_share.unwrap_or(1.0)));
        if refused > 0.0 {
            caption.push_str(&format!("; {} more were refused", figure::plain(refused)));
        }
        html.leaf("figcaption", &[], &caption);
        html.raw(&bar);
        html.element("ul", &[("class", "legend")], |html| {
            for index in 0..COUNT {
                let part = part(index, outcome.has_deadline);
                let count = outcome.parts[index];
                if count > 0.0 {
                    html.element("li", &[("class", part.class)], |html| {
                        let share = outcome.share(index).unwrap_or(0.0);
                        html.leaf("strong", &[], &figure::shown(Unit::Share, share));
                        html.text(&format!(" {} ", part.name));
                        html.leaf("span", &[("class", "note")], &figure::plain(count));
                    });
                }
            }
        });
    });
    html.finish()
}
