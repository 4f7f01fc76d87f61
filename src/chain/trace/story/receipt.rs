//! Steps of receipts and of money.

use super::{Draw, Step, Stop, Wait};
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
        /// The time at which it reaches the sender.
        at: Nanos,
        /// An incident holds it until then.
        held: bool,
        /// That is after the run's end: nobody sees it.
        unseen: bool,
        /// By then the sender has forgotten the message: it is matched with none.
        forgotten: bool,
    },
    /// It never comes.
    Lost {
        /// Of this copy.
        copy: u32,
        /// Index of the provider it would have come by.
        provider: usize,
        /// The state that it would have reported.
        state: Observed,
        /// By chance; `None`: in an incident.
        draw: Option<Draw>,
    },
    /// It reaches the sender.
    Arrives {
        /// The state that it reports.
        says: Observed,
        /// Of this copy.
        copy: u32,
        /// The state that the sender takes the message for now; `None`: that of before.
        heard: Option<Observed>,
    },
    /// The sender acts on what it has seen: there will be a further attempt.
    Acts {
        /// The state that it acts on; `unknown`: no receipt has come for too long.
        seen: Observed,
        /// The number of the further attempt, from 1.
        attempt: u32,
        /// Further attempts there may be.
        most: Option<u32>,
        /// The length of its wait.
        wait: Wait,
        /// The time at which the message rejoins a queue.
        due: Nanos,
    },
    /// The sender would act on what it has seen, and may not any more.
    NoMore {
        /// The state that it would act on.
        seen: Observed,
        /// Further attempts made.
        made: u32,
        /// The reason.
        why: Stop,
    },
    /// A receipt says delivered: the further attempt that was to come is called off.
    CallsOff,
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
