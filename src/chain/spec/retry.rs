//! Retrying towards a provider.

use super::Delay;
use crate::kernel::Nanos;

/// How attempts are repeated towards a provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Attempts in all, the first included; `None`: no limit.
    pub max_attempts: Option<u32>,
    /// The wait before each retry.
    pub backoff: Backoff,
    /// Spread of the wait.
    pub jitter: Jitter,
    /// Attempt results that are tried again.
    pub on: AttemptResults,
    /// When a retry is no longer made.
    pub give_up: GiveUp,
}

/// A set of attempt results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptResults {
    /// 0x58, or throttled by rate.
    pub throttled: bool,
    /// 0x14.
    pub queue_full: bool,
    /// 0x08.
    pub transient: bool,
    /// 0x0B.
    pub permanent: bool,
    /// No answer in time.
    pub timeout: bool,
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

/// Spread of a wait w.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// w.
    None,
    /// U(0, w).
    Full,
    /// w/2 + U(0, w/2).
    Equal,
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
