//! The client: how calls end in its eyes, and what its policy makes of that.

use crate::chain::records::outcome::Rejection;
use crate::chain::records::retrying::Cause;
use crate::chain::spec::{CallErrors, Policy};
use crate::chain::stations::retry::Decision;

/// The end of a call in the client's eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallResult {
    Success,
    Refused(Rejection),
    /// No answer in time.
    Timeout,
}

impl CallResult {
    const ALL: [CallResult; Rejection::COUNT + 2] = {
        let mut all = [CallResult::Success; Rejection::COUNT + 2];
        let mut index = 0;
        while index < Rejection::COUNT {
            all[index] = CallResult::Refused(Rejection::ALL[index]);
            index += 1;
        }
        all[index] = CallResult::Timeout;
        all
    };

    /// Its place in [`CallResult::ALL`].
    #[inline]
    fn index(self) -> usize {
        match self {
            CallResult::Refused(rejection) => rejection as usize,
            CallResult::Timeout => Rejection::COUNT,
            CallResult::Success => Rejection::COUNT + 1,
        }
    }

    /// The failure that a budget or breaker sees in it; what is the caller's own fault is none.
    pub(crate) fn cause(self) -> Option<Cause> {
        match self {
            CallResult::Timeout => Some(Cause::Timeout),
            CallResult::Refused(Rejection::RateLimited) => Some(Cause::Throttled),
            CallResult::Refused(Rejection::Internal | Rejection::QueueFull) => {
                Some(Cause::Transient)
            }
            CallResult::Success | CallResult::Refused(_) => None,
        }
    }
}

impl CallErrors {
    fn has(self, answer: CallResult) -> bool {
        match answer {
            CallResult::Success => false,
            CallResult::Timeout => self.timeout,
            CallResult::Refused(Rejection::RateLimited) => self.rate_limited,
            CallResult::Refused(Rejection::Internal) => self.internal,
            CallResult::Refused(Rejection::Invalid) => self.invalid,
            CallResult::Refused(Rejection::NoRoute) => self.no_route,
            CallResult::Refused(Rejection::InsufficientBalance) => self.insufficient_balance,
            CallResult::Refused(Rejection::QueueFull) => self.queue_full,
            CallResult::Refused(Rejection::QuietHours) => self.quiet_hours,
        }
    }
}

/// The decisions of the client's policy on each answer.
#[derive(Debug)]
pub(crate) struct ClientDecisions<'run>([Decision<'run>; CallResult::ALL.len()]);

impl<'run> ClientDecisions<'run> {
    pub(crate) fn new(policy: &'run Policy<CallErrors>) -> ClientDecisions<'run> {
        ClientDecisions(CallResult::ALL.map(|answer| Decision::of(policy, |on| on.has(answer))))
    }

    #[inline]
    pub(crate) fn of(&self, answer: CallResult) -> Decision<'run> {
        self.0[answer.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_know_their_places() {
        for (place, answer) in CallResult::ALL.into_iter().enumerate() {
            assert_eq!(answer.index(), place);
        }
    }
}
