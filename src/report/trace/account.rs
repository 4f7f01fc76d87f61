//! Charges after the first, and what comes back.

use super::words::{Words, amount};
use crate::chain::trace::story::MoneyStep;

pub(super) fn words(step: MoneyStep) -> Words {
    match step {
        MoneyStep::Charges { amount: rest } => {
            Words::new("account", format!("is charged the rest, {}", amount(rest)))
                .why("a provider has accepted it")
        }
        MoneyStep::Refunds { amount: back, state } => {
            Words::new("account", format!("gets {} back", amount(back)))
                .why(format!("the sender sees {}", state.name()))
        }
    }
}
