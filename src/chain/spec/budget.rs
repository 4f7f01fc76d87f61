//! Retry budgets: how many retries there may be in all.

use super::words;
use crate::kernel::Nanos;

/// Limit of all retries together, at each provider (for a client: at the API).
#[derive(Debug, Clone, PartialEq)]
pub enum Budget {
    /// Within `ttl`, retries ≤ share × first attempts + floor × ttl (Finagle's and tower's).
    Ratio {
        /// Retries for each first attempt, in [0, 1].
        share: f64,
        /// Retries a second that are always allowed.
        floor: f64,
        /// The span looked back on, above 0.
        ttl: Nanos,
    },
    /// A bucket of tokens, full at t = 0 (that of the AWS SDKs and of gRPC).
    Bucket(TokenBudget),
    /// Retries under way ≤ max(floor, share × tries under way) (Envoy's).
    Concurrency {
        /// Of the tries under way, in [0, 1].
        share: f64,
        /// Retries under way that are always allowed.
        floor: u32,
    },
}

/// A budget of tokens. Amounts are in thousandths of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenBudget {
    /// Tokens it holds.
    pub capacity: u64,
    /// Cost of a retry.
    pub cost: u64,
    /// Cost of one after a timeout.
    pub timeout_cost: u64,
    /// Cost of one after being throttled.
    pub throttled_cost: u64,
    /// Tokens that a success gives back.
    pub refund: u64,
    /// A success that took retries gives back what the last of them took, in place of `refund`.
    pub returns_cost: bool,
    /// Event that takes the tokens.
    pub charged: Charged,
    /// Tokens that retries may not touch.
    pub reserve: u64,
}

words! {
    /// Event that takes a budget's tokens.
    pub enum Charged {
        /// each retry, which isn't made if too little is left
        Retry = "retry",
        /// each failure, as far as there is any; a retry is made while more than
        /// the reserve is left
        Failure = "failure",
    }
}
