//! Retrying towards a provider.

use super::{AttemptResults, Breaker, Budget, Delay, words};
use crate::kernel::Nanos;

/// Repetition of attempts at a provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Failures that are tried again, how often and when.
    pub policy: Policy<AttemptResults>,
    /// Moves on to the next route after so many attempts by one, at least 1; `None`: never.
    pub failover: Option<u32>,
    /// A second submit elsewhere when the first has had no answer for so long, above 0.
    pub hedge: Option<Nanos>,
}

/// A policy: what is tried again, how often and when; the vocabulary that the sender (towards a provider) and
/// its client (towards the API) share. `On` is a set of the ways in which a try can fail.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy<On> {
    /// Failures that are tried again.
    pub on: On,
    /// Number and times of tries.
    pub tries: Tries,
    /// Other settings for some failures; the first that names a failure holds.
    pub rules: Vec<Rule<On>>,
    /// Limit of all retries together.
    pub budget: Option<Budget>,
    /// Stops trying where too much fails.
    pub breaker: Option<Breaker>,
}

/// Number and times of tries.
#[derive(Debug, Clone, PartialEq)]
pub struct Tries {
    /// Attempts in all, the first included; `None`: no limit.
    pub max_attempts: Option<u32>,
    /// The wait before each retry.
    pub backoff: Backoff,
    /// Spread of the wait.
    pub jitter: Jitter,
    /// Instant from which no retry is made.
    pub give_up: GiveUp,
}

/// Settings that hold after certain failures.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule<On> {
    /// The failures; they are tried again whatever the policy's `on` says.
    pub on: On,
    /// Number and times of tries. Attempts count whatever they failed with.
    pub tries: Tries,
    /// Nothing is submitted to that provider for so long.
    pub pauses_link: Option<Nanos>,
}

/// The wait before the n-th retry (n from 1), before jitter.
#[derive(Debug, Clone, PartialEq)]
pub enum Backoff {
    /// None.
    Immediate,
    /// The same each time.
    Fixed {
        /// The wait.
        delay: Delay,
    },
    /// n × step, at most `cap`.
    Linear {
        /// The step.
        step: Nanos,
        /// The longest wait.
        cap: Option<Nanos>,
    },
    /// base × factorⁿ⁻¹, at most `cap`.
    Exponential {
        /// The first wait.
        base: Nanos,
        /// At least 1.
        factor: f64,
        /// The longest wait.
        cap: Option<Nanos>,
    },
    /// min(cap, U(base, 3 × the wait before)), the first from U(base, 3 × base).
    Decorrelated {
        /// The shortest wait.
        base: Nanos,
        /// The longest wait.
        cap: Nanos,
    },
    /// As listed; the last one repeats.
    Schedule {
        /// The waits, at least one.
        waits: Vec<Nanos>,
    },
}

words! {
    /// Spread of a wait w.
    ///
    /// gRPC spreads its waits by 0.8 to 1.2 (proposal A6, since 2025), VA Notify by 0.9 to 1.1, the AWS
    /// SDKs before the cap.
    pub enum Jitter {
        /// the wait w itself
        None = "none",
        /// uniform from 0 to w
        Full = "full",
        /// w/2 and uniform from 0 to w/2
        Equal = "equal",
        /// w times uniform from 0.8 to 1.2
        PlusMinus20 = "plus_minus_20",
        /// w times uniform from 0.9 to 1.1
        PlusMinus10 = "plus_minus_10",
        /// uniform from 0 to w without its cap, then capped
        FullBeforeCap = "full_before_cap",
    }
}

/// A retry due at or after this instant isn't made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveUp {
    /// No such instant.
    Never,
    /// The message's deadline.
    Deadline,
    /// The end of its validity.
    Validity,
    /// This long after acceptance (for the client: after its first call).
    After(Nanos),
}
