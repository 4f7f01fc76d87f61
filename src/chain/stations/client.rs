//! The client: how calls end in its eyes, and what its policy makes of that.

use crate::chain::records::outcome::Rejection;
use crate::chain::records::retrying::Cause;
use crate::chain::spec::{CallErrors, Policy};
use crate::chain::stations::retry::Decision;

/// The end of a call in the client's eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Success,
    Refused(Rejection),
    /// No answer in time.
    Timeout,
}

impl Answer {
    const ALL: [Answer; Rejection::COUNT + 2] = {
        let mut all = [Answer::Success; Rejection::COUNT + 2];
        let mut index = 0;
        while index < Rejection::COUNT {
            all[index] = Answer::Refused(Rejection::ALL[index]);
            index += 1;
        }
        all[index] = Answer::Timeout;
        all
    };

    /// Its place in [`Answer::ALL`].
    #[inline]
    fn index(self) -> usize {
        match self {
            Answer::Refused(rejection) => rejection as usize,
            Answer::Timeout => Rejection::COUNT,
            Answer::Success => Rejection::COUNT + 1,
        }
    }

    /// The failure that a budget or breaker sees in it; what is the caller's own fault is none.
    pub(crate) fn cause(self) -> Option<Cause> {
        match self {
            Answer::Timeout => Some(Cause::Timeout),
            Answer::Refused(Rejection::RateLimited) => Some(Cause::Throttled),
            Answer::Refused(Rejection::Internal | Rejection::QueueFull) => Some(Cause::Transient),
            Answer::Success | Answer::Refused(_) => None,
        }
    }
}

impl CallErrors {
    fn has(self, answer: Answer) -> bool {
        match answer {
            Answer::Success => false,
            Answer::Timeout => self.timeout,
            Answer::Refused(Rejection::RateLimited) => self.rate_limited,
            Answer::Refused(Rejection::Internal) => self.internal,
            Answer::Refused(Rejection::Invalid) => self.invalid,
            Answer::Refused(Rejection::NoRoute) => self.no_route,
            Answer::Refused(Rejection::InsufficientBalance) => self.insufficient_balance,
            Answer::Refused(Rejection::QueueFull) => self.queue_full,
            Answer::Refused(Rejection::QuietHours) => self.quiet_hours,
        }
    }
}

/// The decisions of the client's policy on each answer.
#[derive(Debug)]
pub(crate) struct ClientDecisions<'run>([Decision<'run>; Answer::ALL.len()]);

impl<'run> ClientDecisions<'run> {
    pub(crate) fn new(policy: &'run Policy<CallErrors>) -> ClientDecisions<'run> {
        ClientDecisions(Answer::ALL.map(|answer| Decision::of(policy, |on| on.has(answer))))
    }

    #[inline]
    pub(crate) fn of(&self, answer: Answer) -> Decision<'run> {
        self.0[answer.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_know_their_places() {
        for (place, answer) in Answer::ALL.into_iter().enumerate() {
            assert_eq!(answer.index(), place);
        }
    }
}
