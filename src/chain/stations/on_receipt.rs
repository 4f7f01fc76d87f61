//! Acting on receipts: whether what a sender sees of a message sets a further attempt going, and when.

use super::retry::wait;
use crate::chain::records::outcome::Observed;
use crate::chain::spec::{OnReceipt, SeenStates, Spec};
use crate::chain::trace::story::Stop;
use crate::kernel::Nanos;
use crate::random::Block;

/// The rules of a run's streams.
#[derive(Debug)]
pub(crate) struct Reactions<'run> {
    /// By stream; empty if none acts.
    streams: Vec<Option<&'run OnReceipt>>,
}

impl<'run> Reactions<'run> {
    pub(crate) fn new(spec: &'run Spec) -> Reactions<'run> {
        let streams = match spec.acts_on_receipts() {
            false => Vec::new(),
            true => (0..spec.traffic.len()).map(|stream| spec.on_receipt_of(stream)).collect(),
        };
        Reactions { streams }
    }

    /// True if any stream's sender acts.
    #[inline(always)]
    pub(crate) fn exist(&self) -> bool {
        !self.streams.is_empty()
    }

    /// The rule of a stream's sender, if it acts.
    pub(crate) fn of(&self, stream: u16) -> Option<&'run OnReceipt> {
        self.streams.get(usize::from(stream)).copied().flatten()
    }
}

impl OnReceipt {
    /// The time at which silence from now on counts as `unknown`; `None`: never, or there would be nothing to
    /// do about it.
    pub(crate) fn silent_at(&self, made: u32, now: Nanos, end: Nanos) -> Option<Nanos> {
        let at = now.saturating_add(self.after?);
        (self.on.unknown && !self.used_up(made) && at < end).then_some(at)
    }

    /// The end of acting on a message, whose validity ends then.
    pub(crate) fn ends(&self, accepted: Nanos, validity_end: Nanos) -> Nanos {
        self.within.map_or(validity_end, |span| accepted.saturating_add(span).min(validity_end))
    }

    /// The time at which the next further attempt after `made` is due; or the reason for which there is none.
    pub(crate) fn due(
        &self,
        made: u32,
        now: Nanos,
        end: Nanos,
        draw: impl Fn(u32) -> Block,
    ) -> Result<Nanos, Stop> {
        if self.used_up(made) {
            return Err(Stop::UsedUp);
        }
        let due = now.saturating_add(wait(&self.retry, made + 1, draw));
        if due >= end { Err(Stop::TooLate { due, end }) } else { Ok(due) }
    }

    fn used_up(&self, made: u32) -> bool {
        self.retry.max_attempts.is_some_and(|most| made >= most)
    }
}

impl SeenStates {
    /// True if a state is among them.
    pub(crate) fn has(self, state: Observed) -> bool {
        match state {
            Observed::Queued | Observed::Sent | Observed::Delivered => false,
            Observed::Undelivered => self.undelivered,
            Observed::Rejected => self.rejected,
            Observed::Expired => self.expired,
            Observed::Failed => self.failed,
            Observed::Unknown => self.unknown,
        }
    }
}
