//! Receipts.

use super::words::{Words, clock, draw, provider, took};
use crate::chain::spec::{Meaning, Spec};
use crate::chain::trace::story::{ReceiptStep, Told};
use crate::chain::{Observed, Truth};

/// `truth`: how the message ended.
pub(super) fn words(spec: &Spec, told: &Told, truth: Option<Truth>, step: ReceiptStep) -> Words {
    match step {
        ReceiptStep::Leaves { provider: index, says, lie, at, held, unseen, .. } => {
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
                .when(unseen, || "it would come after the run's end".to_owned())
                .when(!held && !unseen && at > told.time, || {
                    format!("on its way for {}", took(at - told.time))
                })
        }
        ReceiptStep::Lost { provider: index, state, draw: drawn, .. } => {
            Words::new(provider(spec, index), format!("loses the receipt: {}", stat(state)))
                .why(draw(drawn))
        }
        ReceiptStep::Arrives { says, counts } => {
            let words = Words::new("sender", format!("gets a receipt: {}", stat(says)));
            let delivered = truth.is_some_and(Truth::delivered);
            words
                .when(!counts, || "one that said delivered stands".to_owned())
                .when(says == Observed::Delivered && !delivered, || "it is not true".to_owned())
        }
    }
}

/// A state with its name in SMPP.
fn stat(state: Observed) -> String {
    match state.smpp() {
        Some(stat) => format!("{}, {stat}", state.name()),
        None => state.name().to_owned(),
    }
}
