//! Receipts.

use super::retry::too_late;
use super::words::{Words, clock, draw, provider, range, took};
use crate::chain::spec::{Meaning, Spec};
use crate::chain::trace::story::{ReceiptStep, Stop, Told};
use crate::chain::{Observed, Truth};

/// `truth`: how the message ended.
pub(super) fn words(spec: &Spec, told: &Told, truth: Option<Truth>, step: ReceiptStep) -> Words {
    match step {
        ReceiptStep::Leaves { provider: index, says, lie, at, held, unseen, forgotten, .. } => {
            let meaning = spec.providers.get(index).map(|one| one.receipts.meaning);
            let false_one = says == Observed::Delivered && !told.truth.delivered();
            let words =
                Words::new(provider(spec, index), format!("sends a receipt: {}", stat(says)));
            let words = match lie {
                Some(lie) => words.why(format!("a false one: {}", draw(lie))),
                None if false_one && meaning == Some(Meaning::Carrier) => {
                    words.why("it means that the carrier has it")
                }
                None => words.when(false_one, || "false: it was filtered".to_owned()),
            };
            words
                .when(held, || format!("held back by an incident until {}", clock(spec, at)))
                .when(forgotten, || {
                    format!("the sender will have forgotten the message by {}", clock(spec, at))
                })
                .when(unseen, || "it would come after the run's end".to_owned())
                .when(!held && !unseen && !forgotten && at > told.time, || {
                    format!("on its way for {}", took(at - told.time))
                })
        }
        ReceiptStep::Lost { provider: index, state, draw: drawn, .. } => {
            Words::new(provider(spec, index), format!("loses the receipt: {}", stat(state)))
                .why(drawn.map_or_else(|| "an incident".to_owned(), draw))
        }
        ReceiptStep::Arrives { says, heard, .. } => {
            let words = Words::new("sender", format!("gets a receipt: {}", stat(says)));
            let delivered = truth.is_some_and(Truth::delivered);
            let stands = if told.part.is_some() {
                "of the message it knows no more by that"
            } else {
                "the one before it stands"
            };
            words
                .when(heard.is_none(), || stands.to_owned())
                .maybe(heard.filter(|&state| state != says).map(|state| {
                    format!("by that and others it takes the message for {}", state.name())
                }))
                .when(
                    heard.unwrap_or(says) == Observed::Delivered
                        && !delivered
                        && (told.part.is_none() || heard.is_some()),
                    || "it is not true".to_owned(),
                )
        }
        ReceiptStep::Acts { seen, attempt, most, wait, due } => {
            let of = most.map(|most| format!(" of at most {most}")).unwrap_or_default();
            let what = match wait.wait {
                0 => "will send it again at once".to_owned(),
                wait => format!("will send it again in {}", took(wait)),
            };
            Words::new("sender", what)
                .why(saw(seen))
                .why(format!("further attempt {attempt}{of}"))
                .maybe(range(wait))
                .when(wait.high > 0, || format!("due {}", clock(spec, due)))
        }
        ReceiptStep::NoMore { seen, made, why } => {
            let words = Words::new("sender", "does not send it again").why(saw(seen));
            words.why(match why {
                Stop::TooLate { due, end } => too_late(spec, due, end),
                _ if made == 1 => "the one further attempt is used up".to_owned(),
                _ => format!("all {made} further attempts are used up"),
            })
        }
        ReceiptStep::CallsOff => {
            Words::new("sender", "calls the further attempt off").why("a receipt says delivered")
        }
    }
}

/// The words for what a sender acts on.
fn saw(state: Observed) -> String {
    match state {
        Observed::Unknown => "no receipt has come for too long".to_owned(),
        Observed::Failed => "its own attempts have failed".to_owned(),
        state => format!("a receipt said {}", state.name()),
    }
}

/// A state with its name in SMPP.
fn stat(state: Observed) -> String {
    match state.smpp() {
        Some(stat) => format!("{}, {stat}", state.name()),
        None => state.name().to_owned(),
    }
}
