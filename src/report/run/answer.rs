//! The answer, in words.

use super::Told;
use crate::report::document::{Block, Section};
use crate::report::number::{mean, percent, plain};
use crate::report::outcome::{Outcome, SILENT};
use crate::report::read;

/// `20,100 messages asked for`.
pub(super) fn asked(outcome: &Outcome, runs: f64) -> String {
    let each = if runs > 1.0 && outcome.requested > 0.0 {
        format!(" ({} a run)", mean(outcome.requested, runs as u64))
    } else {
        String::new()
    };
    let messages = if outcome.requested == 1.0 { "message" } else { "messages" };
    format!("{} {messages} asked for{each}", plain(outcome.requested))
}

/// The ends of what was asked for.
pub(super) fn answer(outcome: &Outcome) -> String {
    let asked = match outcome.requested {
        0.0 => return "No message was asked for in the time counted.".to_owned(),
        1.0 => "One message was asked for".to_owned(),
        asked => format!("{} messages were asked for", plain(asked)),
    };
    let all = if outcome.requested == 1.0 { "it" } else { "them all" };
    if outcome.accepted == 0.0 {
        return format!("{asked}; the API refused {all}.");
    }
    // Everybody once, whatever repeated calls made of a request.
    let once = outcome.accepted_share.unwrap_or(1.0);
    let became = outcome.became();
    let mut text = if once >= 1.0 {
        if outcome.is_uniform() {
            format!("{asked}; the API accepted {all}, and {became}.")
        } else {
            format!("{asked}, and the API accepted {all}: {became}.")
        }
    } else {
        let arrived = outcome.arrived.map_or_else(String::new, |share| {
            format!(", and {} {}", percent(share), outcome.verb())
        });
        format!(
            "{asked}: the API refused {}{arrived}. Of the {} accepted, {became}.",
            percent(1.0 - once),
            plain(outcome.accepted)
        )
    };
    let again = outcome.accepted - libm::round(once * outcome.requested);
    if again > 0.0 {
        let more = plain(again);
        text.push_str(&format!(" Of the accepted, {more} are repeated calls’ second messages."));
    }
    text
}

/// The picture of it, the stream that fares worst, and what the sender and its clients saw.
pub(super) fn lead(told: Told<'_>, outcome: Outcome) -> Section {
    let mut lead = Section::default();
    if outcome.accepted > 0.0 {
        lead = lead
            .on_page(Block::Outcome(outcome))
            .with_all(worst(told).map(Block::text))
            .with_all(seen(told, &outcome).map(Block::text));
    }
    lead.with_all(failed(told).map(Block::text))
}

/// The stream that fares worst, if one fares worse than the whole.
fn worst(told: Told<'_>) -> Option<String> {
    let key = if told.has_deadline { "on_time" } else { "delivered" };
    let streams = read::entries(told.report, "traffic").filter_map(|(name, _)| {
        Some((name, told.figures.value(&format!("traffic.{name}.of_requested.{key}"))?))
    });
    let (name, share) = streams.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let all = told.figures.value(&format!("of_requested.{key}"))?;
    let verb = if told.has_deadline { "arrived on time" } else { "were delivered" };
    (percent(share) != percent(all))
        .then(|| format!("Worst off is {name}: {} of its messages {verb}.", percent(share)))
}

/// The sender's view, and the part of it that wasn't so.
fn seen(told: Told<'_>, outcome: &Outcome) -> Option<String> {
    let share = |path: &str| told.figures.value(path).filter(|&share| share > 0.0);
    let seen = told.figures.value("layers.observed_delivered")? / outcome.accepted;
    let mut text = format!("The sender saw “delivered” for {}", percent(seen));
    let wrong = share("divergence.observed_vs_outcome");
    if let Some(wrong) = wrong {
        text.push_str(&format!(": {} of those were not", percent(wrong)));
    }
    if let Some(unseen) = share("divergence.outcome_vs_observed") {
        let link = if wrong.is_some() { ", and" } else { ";" };
        text.push_str(&format!("{link} it never saw {} of what was delivered", percent(unseen)));
    }
    text.push('.');
    if outcome.parts[SILENT] > 0.0 {
        let vanished = percent(outcome.share(SILENT)?);
        text.push_str(&format!(
            " {vanished} vanished in silence: nothing told the sender that they never arrived."
        ));
    }
    Some(text)
}

/// Requests that the client saw fail although their messages arrived.
fn failed(told: Told<'_>) -> Option<String> {
    let share = told.figures.value("divergence.client_error_vs_outcome")?;
    (share > 0.0).then(|| {
        format!(
            "Of the requests that the client saw fail, {} were delivered all the same.",
            percent(share)
        )
    })
}
