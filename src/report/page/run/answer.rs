//! What happened, in one sentence.

use super::super::bar::bar;
use super::super::figure::{self, Source};
use super::super::frame::Top;
use super::super::html::Html;
use super::super::outcome::{ON_TIME, Outcome, PARTS, SILENT};
use super::super::title;
use crate::report::{Unit, Value};

pub(super) fn top(report: &Value) -> Top {
    let title = title(report, "what became of the messages");
    let Some(outcome) = Outcome::of(Source::Run(report)) else {
        return Top { title, ..Top::default() };
    };
    let facts = vec![format!("{} messages asked for", figure::plain(outcome.requested))];
    Top {
        title,
        facts,
        answer: sentence(&outcome),
        meaning: meaning(&outcome),
        picture: picture(&outcome),
    }
}

fn sentence(outcome: &Outcome) -> String {
    let percent = |share: Option<f64>| figure::shown(Unit::Share, share.unwrap_or(0.0));
    let accepted = percent(outcome.accepted_share());
    if outcome.requested == 0.0 {
        return "No message was asked for in the time counted.".to_owned();
    }
    if outcome.accepted == 0.0 {
        return "None of the messages was accepted.".to_owned();
    }
    let silent = match outcome.parts[SILENT] {
        0.0 => "none vanished in silence".to_owned(),
        _ => format!("{} vanished in silence", percent(outcome.share(SILENT))),
    };
    let on_time = percent(outcome.share(ON_TIME));
    format!("{accepted} were accepted; of those, {on_time} arrived in time and {silent}.")
}

fn meaning(outcome: &Outcome) -> String {
    if outcome.accepted == 0.0 {
        return String::new();
    }
    format!(
        "Accepted: the API said success. In time: {}. Vanished in silence: {}.",
        PARTS[ON_TIME].meaning, PARTS[SILENT].meaning
    )
}

/// The bar with its legend.
fn picture(outcome: &Outcome) -> String {
    let Some(bar) = bar(outcome) else {
        return String::new();
    };
    let mut html = Html::new();
    html.element("figure", &[("class", "outcome")], |html| {
        html.leaf(
            "figcaption",
            &[],
            &format!("What became of {} accepted messages", figure::plain(outcome.accepted)),
        );
        html.raw(&bar);
        html.element("ul", &[("class", "legend")], |html| {
            for (index, part) in PARTS.iter().enumerate() {
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
