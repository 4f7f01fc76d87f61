//! Records of messages that are tried again: why, by whose budget, and by which routes.

use super::outcome::AttemptResult;

/// The cause of a failure, as a budget sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Told to slow down.
    Throttled,
    /// No answer in time.
    Timeout,
    /// Anything else that may pass.
    Transient,
}

impl Cause {
    /// A permanent refusal is the message's fault: it costs nothing.
    pub(crate) fn of(result: AttemptResult) -> Option<Cause> {
        match result {
            AttemptResult::Accepted | AttemptResult::Permanent => None,
            AttemptResult::Throttled => Some(Cause::Throttled),
            AttemptResult::Timeout => Some(Cause::Timeout),
            AttemptResult::QueueFull | AttemptResult::Transient => Some(Cause::Transient),
        }
    }
}

/// The payment for a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paid {
    /// The gate whose budget paid.
    pub(crate) gate: u32,
    /// The failure it was paid after.
    pub(crate) cause: Cause,
}

/// The ways of a message that more than its first route has had to do with.
#[derive(Debug, Clone)]
pub(crate) struct Detour {
    /// The route the message goes by.
    pub(crate) via: u16,
    /// Submits by provider.
    pub(crate) submits: Vec<(usize, u32)>,
    /// The route of each copy, in order of acceptance.
    pub(crate) copies: Vec<u16>,
    /// Attempts made before it came to the route it is on now.
    pub(crate) made_before: u32,
}

impl Detour {
    /// Counts a submit to a provider, and says which one it is, from 1.
    #[inline(never)]
    pub(crate) fn count(&mut self, provider: usize) -> u32 {
        match self.submits.iter_mut().find(|(known, _)| *known == provider) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.submits.push((provider, 1));
                1
            }
        }
    }
}
