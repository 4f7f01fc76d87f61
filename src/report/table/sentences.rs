//! What the funnel means, in words.

use super::super::Facts;
use super::Page;
use super::text::{held, plain, wrapped};
use crate::chain::{Layers, Truth};
use crate::experiment::{metrics, share};
use crate::report::became::Became;
use crate::report::number::{count, percent};

pub(super) fn sentences(facts: &Facts<'_>, page: &Page) -> String {
    let layers = &facts.total.layers;
    let of = |part: u64, whole: u64| held(&percent(share(part, whole).unwrap_or(0.0)));
    let mut sentences = Vec::new();
    if layers.accepted > 0 {
        sentences.push(came(facts));
        sentences.extend(worst(facts));
        let mut seen = format!(
            "The sender saw “delivered” for {}",
            of(layers.observed_delivered, layers.accepted)
        );
        if layers.falsely_delivered > 0 {
            let wrong = of(layers.falsely_delivered, layers.observed_delivered);
            seen.push_str(&format!(": {wrong} of those were not"));
        }
        if layers.unseen > 0 {
            let unseen = of(layers.unseen, layers.delivered);
            let link = if layers.falsely_delivered > 0 { ", and" } else { ";" };
            seen.push_str(&format!("{link} it never saw {unseen} of what was delivered"));
        }
        seen.push('.');
        sentences.push(seen);
    }
    if layers.client_failed_delivered > 0 {
        sentences.push(format!(
            "The client saw {} requests fail; {} of those were delivered all the same.",
            count(layers.client_failed),
            of(layers.client_failed_delivered, layers.client_failed)
        ));
    }
    sentences.iter().map(|sentence| wrapped(sentence, page.width, 2)).collect()
}

/// What became of what was asked for.
fn came(facts: &Facts<'_>) -> String {
    let layers = &facts.total.layers;
    let became = Became {
        on_time: layers.on_time,
        late: layers.delivered - layers.on_time,
        open: facts.truth[Truth::Unresolved as usize],
        accepted: layers.accepted,
        has_deadline: facts.spec.has_deadline(),
    };
    let refused = layers.requested.saturating_sub(layers.accepted - layers.again.accepted);
    let asked = match layers.requested {
        1 => "One message was asked for".to_owned(),
        asked => format!("{} messages were asked for", count(asked)),
    };
    let parts = became.parts(|share| held(&percent(share)));
    let mut text = if refused == 0 {
        let all = if layers.requested == 1 { "it" } else { "them all" };
        if became.is_uniform() {
            format!("{asked}; the API accepted {all}, and {parts}.")
        } else {
            format!("{asked}, and the API accepted {all}: {parts}.")
        }
    } else {
        let no = held(&percent(share(refused, layers.requested).unwrap_or(0.0)));
        let arrived = held(&percent(good(layers, facts).unwrap_or(0.0)));
        let arrived = format!("{arrived} {}", became.verb());
        let accepted = count(layers.accepted);
        format!(
            "{asked}: the API refused {no}, and {arrived}. Of the {accepted} accepted, {parts}."
        )
    };
    if layers.again.accepted > 0 {
        let more = count(layers.again.accepted);
        text.push_str(&format!(" Of the accepted, {more} are repeated calls’ second messages."));
    }
    text
}

/// The share of what was asked for that arrived as it should.
fn good(layers: &Layers, facts: &Facts<'_>) -> Option<f64> {
    let [_, (_, delivered), (_, on_time)] = metrics::of_requested(layers);
    if facts.spec.has_deadline() { on_time } else { delivered }
}

/// The stream that fares worst, if one fares worse than the whole.
fn worst(facts: &Facts<'_>) -> Option<String> {
    let streams = facts.spec.traffic.iter().zip(&facts.results().traffic);
    let shares =
        streams.filter_map(|(stream, counted)| Some((&stream.name, good(&counted.layers, facts)?)));
    let (name, share) = shares.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let shown = percent(share);
    let verb = if facts.spec.has_deadline() { "arrived on time" } else { "were delivered" };
    (shown != percent(good(&facts.total.layers, facts)?))
        .then(|| format!("Worst off is {}: {} of its messages {verb}.", plain(name), held(&shown)))
}
