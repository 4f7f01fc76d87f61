//! The request boundary: API, client, account, routes.

use super::{Bucket, Delay, Nanounits, Policy};
use crate::kernel::Nanos;

/// The request boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// From call to response; the message is queued when it ends.
    pub latency: Delay,
    /// Token bucket over calls.
    pub rate_limit: Option<Bucket>,
    /// From call to a 429; `None`: a draw of `latency`.
    pub refusal_latency: Option<Delay>,
    /// Wait that a 429 asks for: the client waits no less.
    pub retry_after: Option<Nanos>,
    /// Share of calls that end in 500.
    pub errors: f64,
    /// A message of more segments is invalid.
    pub max_segments: Option<u32>,
}

/// The caller of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// A call slower than this is an error in the client's eyes.
    pub timeout: Option<Nanos>,
    /// A repeat of a call accepted or being worked on is recognised.
    pub idempotency: bool,
    /// When and how often it calls again.
    pub retry: Policy<CallErrors>,
}

/// The prepaid account.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Balance at t = 0.
    pub balance: Nanounits,
    /// Looks at the balance and fills it up.
    pub top_up: Option<TopUp>,
}

/// Every `every`, a balance under `below` gains `amount`.
#[derive(Debug, Clone, PartialEq)]
pub struct TopUp {
    /// The threshold.
    pub below: Nanounits,
    /// What is added.
    pub amount: Nanounits,
    /// Looked at this often, first at t = every; above 0.
    pub every: Nanos,
}

/// When a charge comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refund {
    /// Never.
    Never,
    /// When the message is observed failed or rejected.
    OnRejected,
    /// When it is observed failed, rejected, undelivered or expired.
    OnFailedReceipt,
}

/// A way to a provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Its id.
    pub id: u64,
    /// Indices of the carriers it serves.
    pub carriers: Vec<usize>,
    /// Index of its provider.
    pub provider: usize,
    /// Index of its queue.
    pub queue: usize,
    /// Price of a segment: what the account is charged.
    pub price: Nanounits,
    /// Cost of a segment: what the provider bills for every copy it truly accepts.
    pub cost: Nanounits,
    /// 1 is tried first.
    pub rank: u32,
    /// Weight within its rank, above 0.
    pub weight: f64,
}

/// A set of ways a call can fail in the client's eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallErrors {
    /// No response in time.
    pub timeout: bool,
    /// 429.
    pub rate_limited: bool,
    /// 500.
    pub internal: bool,
    /// 400.
    pub invalid: bool,
    /// 422.
    pub no_route: bool,
    /// 402.
    pub insufficient_balance: bool,
    /// 503.
    pub queue_full: bool,
}
