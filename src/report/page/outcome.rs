//! What became of the messages: the parts of what the API accepted.

use super::figure::Source;
use crate::chain::{Observed, Truth};

/// Counts of messages; in a cell, their means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outcome {
    /// Whether any message has a deadline: without one nothing is in time, or late.
    pub(super) has_deadline: bool,
    pub(super) requested: f64,
    pub(super) accepted: f64,
    /// The share of what was asked for that the API accepted; `None` if nothing was.
    pub(super) accepted_share: Option<f64>,
    /// Each part of the accepted, in the order of [`PARTS`].
    pub(super) parts: [f64; COUNT],
}

/// A part of what the API accepted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) name: &'static str,
    /// By which style and legend know it.
    pub(super) class: &'static str,
    pub(super) meaning: &'static str,
}

/// So many parts.
pub(super) const COUNT: usize = 5;
pub(super) const ON_TIME: usize = 0;
pub(super) const SILENT: usize = 3;
pub(super) const OPEN: usize = 4;

/// What "on time" is without a deadline.
const DELIVERED: Part = Part { name: "delivered", class: "in-time", meaning: "on the handset" };

/// A part of what the API accepted, by its number in [`PARTS`].
pub(super) fn part(index: usize, has_deadline: bool) -> Part {
    match PARTS.get(index) {
        Some(part) if index != ON_TIME || has_deadline => *part,
        _ => DELIVERED,
    }
}

/// From what the sender hoped for to what it never hears of.
pub(super) const PARTS: [Part; COUNT] = [
    Part { name: "on time", class: "in-time", meaning: "on the handset before the deadline" },
    Part { name: "late", class: "late", meaning: "on the handset, after the deadline" },
    Part {
        name: "failed, and said so",
        class: "told",
        meaning: "never on the handset; the sender saw undelivered, rejected, expired or failed",
    },
    Part {
        name: "vanished in silence",
        class: "silent",
        meaning: "never on the handset, and nothing told the sender: it saw delivered, sent, \
                  queued or unknown",
    },
    Part { name: "still on their way", class: "open", meaning: "undecided when the run ended" },
];

impl Outcome {
    /// `None` if the figures aren't there.
    pub(super) fn of(source: Source<'_>, has_deadline: bool) -> Option<Outcome> {
        let seen = |truth: Truth, told: bool| {
            Observed::ALL
                .iter()
                .filter(|&&state| tells_of_failure(state) == told)
                .map(|state| {
                    let path = format!("observed.{}.{}", truth.name(), state.name());
                    source.value(&path).unwrap_or(0.0)
                })
                .sum::<f64>()
        };
        let never =
            |told| lost().map(|truth| seen(truth, told)).fold(0.0, |sum, count| sum + count);
        let truth = |truth: Truth| source.value(&format!("truth.{}", truth.name()));
        let requested = source.value("layers.requested")?;
        let accepted = source.value("layers.api_success")?;
        // Files of before say it by the counts alone.
        let accepted_share = || (requested > 0.0).then(|| accepted / requested);
        Some(Outcome {
            has_deadline,
            requested,
            accepted,
            accepted_share: source.value("of_requested.accepted").or_else(accepted_share),
            parts: [
                truth(Truth::DeliveredOnTime)?,
                truth(Truth::DeliveredLate)?,
                never(true),
                never(false),
                truth(Truth::Unresolved)?,
            ],
        })
    }

    /// A part's share of what the API accepted; `None` if that is nothing.
    pub(super) fn share(&self, part: usize) -> Option<f64> {
        (self.accepted > 0.0).then(|| self.parts.get(part).map(|part| part / self.accepted))?
    }
}

/// The ends without a delivery.
fn lost() -> impl Iterator<Item = Truth> {
    Truth::ALL.into_iter().filter(|&truth| !truth.delivered() && truth != Truth::Unresolved)
}

/// Whether a sender that sees this knows that there is something to be done.
const fn tells_of_failure(state: Observed) -> bool {
    match state {
        Observed::Undelivered | Observed::Rejected | Observed::Expired | Observed::Failed => true,
        Observed::Queued | Observed::Sent | Observed::Delivered | Observed::Unknown => false,
    }
}
