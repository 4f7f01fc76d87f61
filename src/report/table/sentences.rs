//! What the funnel means, in words.

use super::super::Facts;
use super::Page;
use super::number::{count, percent};
use super::text::{held, wrapped};
use crate::experiment::share;

pub(super) fn sentences(facts: &Facts<'_>, page: &Page) -> String {
    let layers = &facts.total.layers;
    let of = |part: u64, whole: u64| held(&percent(share(part, whole).unwrap_or(0.0)));
    let mut sentences = Vec::new();
    if layers.accepted > 0 {
        let (late, never) = (layers.accepted - layers.on_time, layers.accepted - layers.delivered);
        let mut sentence = format!("The API said success {} times: ", count(layers.accepted));
        sentence.push_str(&match (late, never) {
            (0, _) => "every message arrived in time.".to_owned(),
            (late, never) if late == never => {
                format!("{} never arrived, the others did in time.", of(never, layers.accepted))
            }
            (late, 0) => {
                format!("{} did not arrive in time, all arrived.", of(late, layers.accepted))
            }
            (late, never) => format!(
                "{} did not arrive in time, {} never arrived.",
                of(late, layers.accepted),
                of(never, layers.accepted)
            ),
        });
        sentences.push(sentence);
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
