//! Steps of receipts and of money.

use super::{Draw, Step};
use crate::chain::records::outcome::Observed;
use crate::chain::spec::Nanounits;
use crate::kernel::Nanos;

/// The fate of a receipt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReceiptStep {
    /// It sets out.
    Leaves {
        /// Of this copy.
        copy: u32,
        /// Index of the provider it comes by.
        provider: usize,
        /// The state that the carrier reports.
        state: Observed,
        /// The state that the provider reports.
        says: Observed,
        /// The draw by which that is false.
        lie: Option<Draw>,
        /// When it reaches the sender.
        at: Nanos,
        /// An incident holds it until then.
        held: bool,
        /// That is after the run's end: nobody sees it.
        unseen: bool,
    },
    /// It never comes.
    Lost {
        /// Of this copy.
        copy: u32,
        /// Index of the provider it would have come by.
        provider: usize,
        /// The state that it would have reported.
        state: Observed,
        /// By chance.
        draw: Draw,
    },
    /// It reaches the sender.
    Arrives {
        /// The state that it reports.
        says: Observed,
        /// The sender takes it for the message's state; else one that said delivered stands.
        counts: bool,
    },
}

/// Steps of the account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MoneyStep {
    /// The rest of the price is charged.
    Charges {
        /// So much.
        amount: Nanounits,
    },
    /// The charge comes back.
    Refunds {
        /// So much.
        amount: Nanounits,
        /// For this state.
        state: Observed,
    },
}

impl From<ReceiptStep> for Option<Step> {
    fn from(step: ReceiptStep) -> Self {
        Some(Step::Receipt(step))
    }
}

impl From<MoneyStep> for Option<Step> {
    fn from(step: MoneyStep) -> Self {
        Some(Step::Money(step))
    }
}
