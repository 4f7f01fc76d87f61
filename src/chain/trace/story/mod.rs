//! Stories of messages: each stage says, where it decides, what it decided and by
//! which numbers. Plain values, put together only for an observer that asks for them: with
//! `Listener::STORIES` false nothing of it is compiled.

mod carrier;
mod client;
mod queue;
mod receipt;
mod retry;
mod submit;

pub use carrier::{Absence, CarrierStep, Finding, HandsetStep, Sight};
pub use client::{ApiStep, ClientStep, Refusal};
pub use queue::QueueStep;
pub use receipt::{MoneyStep, ReceiptStep};
pub use retry::{BudgetState, RetryStep, Stop, Wait};
pub use submit::SubmitStep;

use crate::chain::records::outcome::{Observed, Truth};
use crate::kernel::Nanos;
use crate::random::{Key, open01};

/// The message whose story something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    /// The request's number in order of arrival, from 1; 0: none of them.
    pub request: u64,
    /// Person and content: the key of the message they first waited for. Repeated calls and
    /// resends share it.
    pub root: Key,
}

/// One step of a story.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// Its time.
    pub time: Nanos,
    /// The request's number in order of arrival, from 1; 0: none of them.
    pub request: u64,
    /// Order id of the call.
    pub order_id: u64,
    /// The 16 digits of the message's id; of a call, of the message that it bears if it is
    /// accepted.
    pub message: u64,
    /// The part of the message that it is about; `None`: the message.
    pub part: Option<PartOf>,
    /// The state that the sender saw once the step was done; `None`: there is no message yet.
    pub seen: Option<Observed>,
    /// The message's true end so far; [`Truth::Unresolved`]: it has none yet.
    pub truth: Truth,
    /// The step.
    pub step: Step,
}

/// A step, by stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// The client, or the person behind it.
    Client(ClientStep),
    /// The API.
    Api(ApiStep),
    /// A queue and its workers.
    Queue(QueueStep),
    /// A submit to a provider.
    Submit(SubmitStep),
    /// The retry policy.
    Retry(RetryStep),
    /// The carrier, up to its filters.
    Carrier(CarrierStep),
    /// The tries at the handset.
    Handset(HandsetStep),
    /// Receipts.
    Receipt(ReceiptStep),
    /// The account.
    Money(MoneyStep),
}

/// A part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartOf {
    /// Its number, from 1.
    pub number: u16,
    /// Of so many.
    pub of: u16,
}

impl Step {
    /// The copy that it is about, if it is about one.
    pub(crate) fn copy(&self) -> Option<u32> {
        match *self {
            Step::Submit(SubmitStep::Accepted { copy, .. })
            | Step::Carrier(
                CarrierStep::Arrives { copy }
                | CarrierStep::PutOff { copy, .. }
                | CarrierStep::Quiet { copy, .. }
                | CarrierStep::WaitsForToken { copy, .. }
                | CarrierStep::Passes { copy, .. }
                | CarrierStep::Throttled { copy, .. }
                | CarrierStep::Capped { copy, .. }
                | CarrierStep::Unknown { copy, .. }
                | CarrierStep::Filtered { copy, .. },
            )
            | Step::Handset(
                HandsetStep::Tries { copy, .. }
                | HandsetStep::OnItsWay { copy, .. }
                | HandsetStep::PartArrives { copy, .. }
                | HandsetStep::Lost { copy }
                | HandsetStep::Expires { copy },
            )
            | Step::Receipt(
                ReceiptStep::Leaves { copy, .. }
                | ReceiptStep::Lost { copy, .. }
                | ReceiptStep::Arrives { copy, .. },
            ) => Some(copy),
            // With the last part it is the message that is delivered.
            _ => None,
        }
    }
}

/// A thing that happens with probability `p`, and the uniform that decided: it does below `p`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Draw {
    /// Uniform in (0, 1).
    pub u: f64,
    /// Its probability.
    pub p: f64,
}

impl Draw {
    /// The draw of something with probability `p`, by a keyed word; `None` if it can't happen.
    pub(crate) fn of(p: f64, bits: u64) -> Option<Draw> {
        (p > 0.0).then(|| Draw { u: open01(bits), p })
    }

    /// True if it happened.
    #[must_use]
    pub fn happened(self) -> bool {
        self.u < self.p
    }
}
