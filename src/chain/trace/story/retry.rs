//! Steps of the retry policy.

use super::Step;
use crate::chain::records::outcome::AttemptResult;
use crate::kernel::Nanos;

/// Steps of the retry policy. Providers and routes are indices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RetryStep {
    /// There will be another attempt.
    Again {
        /// The number of the attempt, from 1.
        attempt: u32,
        /// Attempts there may be in all.
        most: Option<u32>,
        /// The length of its wait.
        wait: Wait,
        /// The provider asked for at least this; 0: for nothing.
        retry_after: Nanos,
        /// The time at which it rejoins its queue.
        due: Nanos,
    },
    /// There will be none.
    Stops {
        /// The failure of the last attempt.
        result: AttemptResult,
        /// Attempts made.
        attempts: u32,
        /// The reason.
        why: Stop,
    },
    /// The budget was asked.
    Budget {
        /// True if it pays.
        pays: bool,
        /// The state it is in now.
        budget: BudgetState,
    },
    /// It goes by another route.
    GoesBy {
        /// The route.
        route: usize,
        /// Its provider.
        provider: usize,
    },
    /// The provider's breaker lets it not through.
    Blocked {
        /// The provider.
        provider: usize,
        /// It was a hedge, and is dropped.
        hedge: bool,
    },
    /// It waits for the breaker, without a worker.
    Held {
        /// The provider.
        provider: usize,
        /// The number that wait, itself among them.
        waiting: u64,
    },
    /// It waits no more.
    Released {
        /// To try the half-open breaker; else because one has closed.
        probe: bool,
    },
    /// Its result opened the provider's breaker.
    Opens {
        /// The provider.
        provider: usize,
        /// For so long.
        span: Nanos,
    },
    /// Its result closed the provider's breaker.
    Closes {
        /// The provider.
        provider: usize,
    },
    /// Its result pauses the provider's link.
    Pauses {
        /// The provider.
        provider: usize,
        /// Until then.
        until: Nanos,
    },
    /// There has been no answer for so long: another submit goes out elsewhere.
    Hedges {
        /// The other route.
        route: usize,
        /// Its provider.
        provider: usize,
        /// The policy's patience.
        after: Nanos,
    },
    /// There has been no answer for so long, and there is nowhere else to go.
    NoHedge {
        /// The policy's patience.
        after: Nanos,
    },
}

/// A wait that a policy chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The wait it chose.
    pub wait: Nanos,
    /// The least it could have chosen for this retry.
    pub low: Nanos,
    /// The most.
    pub high: Nanos,
}

/// The reason for which nothing more is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Such a failure is not tried again.
    NotRetried,
    /// All attempts are used up.
    UsedUp,
    /// The next one would be due too late.
    TooLate {
        /// The time at which it would be due.
        due: Nanos,
        /// From when on none is made.
        end: Nanos,
    },
    /// The budget doesn't pay for it.
    Budget,
}

/// A budget, after it was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BudgetState {
    /// Of retries for first attempts.
    Ratio {
        /// Retries within the span looked back on.
        retries: u64,
        /// First attempts within it.
        firsts: u64,
        /// Retries allowed.
        most: f64,
    },
    /// Of tokens, in thousandths.
    Bucket {
        /// There are.
        level: u64,
        /// It holds.
        capacity: u64,
        /// Retries may not touch.
        reserve: u64,
        /// This one takes.
        cost: u64,
    },
    /// Of tries under way.
    Concurrency {
        /// Retries under way.
        retrying: u64,
        /// Tries under way.
        trying: u64,
        /// Retries allowed.
        most: u64,
    },
}

impl From<RetryStep> for Option<Step> {
    fn from(step: RetryStep) -> Self {
        Some(Step::Retry(step))
    }
}
