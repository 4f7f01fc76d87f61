//! The request boundary: API, client, account.

use super::throttle::numbered;
use super::{Allowance, Bucket, Delay, Nanounits, Policy, set, words};
use crate::kernel::Nanos;

/// The request boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// From call to response; the message is queued when it ends.
    pub latency: Delay,
    /// Token bucket over calls.
    pub rate_limit: Option<Bucket>,
    /// Further limits, each by whose call it is; at most [`THROTTLES_MAX`](super::THROTTLES_MAX).
    pub limits: Vec<ApiLimit>,
    /// Calls that it works on at once; `None`: no limit.
    pub concurrency: Option<u64>,
    /// From call to a 429; `None`: a draw of `latency`.
    pub refusal_latency: Option<Delay>,
    /// Wait that a 429 asks for: the client waits no less.
    pub retry_after: Option<Nanos>,
    /// Share of calls that end in 500.
    pub errors: f64,
    /// A message of more segments is invalid.
    pub max_segments: Option<u32>,
}

impl Api {
    /// Names of what may be answered 429 for, in the order in which a call is held to it.
    #[must_use]
    pub fn limit_names(&self) -> Vec<String> {
        let limits = self.limits.iter().map(|limit| match &limit.allowance {
            Allowance::Bucket(_) => limit.scope.word().to_owned(),
            Allowance::Window(window) => format!("{}_{}", limit.scope.word(), window.per.word()),
        });
        let rate_limit = self.rate_limit.iter().map(|_| "rate_limit".to_owned());
        let concurrency = self.concurrency.iter().map(|_| "concurrency".to_owned());
        numbered(concurrency.chain(rate_limit).chain(limits))
    }
}

/// A limit of the API on the calls of each of some.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiLimit {
    /// Its way of counting: calls, or a call's recipients.
    pub allowance: Allowance,
    /// One count for each of these.
    pub scope: ApiScope,
    /// With `Prefix`: recipients with numbers in a row who share one.
    pub block: u64,
}

words! {
    /// Owner of the calls, or recipients, that a limit of the API counts together.
    pub enum ApiScope {
        /// one for each person, who counts each time a call is for them
        Recipient = "recipient",
        /// one for each range of numbers, in which a call's recipients count one by one
        Prefix = "prefix",
        /// one for each sender; calls count
        Sender = "sender",
        /// one for each traffic; calls count
        Stream = "stream",
    }
}

/// The caller of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// A call slower than this is an error in the client's eyes.
    pub timeout: Option<Nanos>,
    /// A repeat of a call accepted or being worked on is recognised.
    pub idempotency: bool,
    /// Policy by which it calls again.
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
    /// Amount that is added.
    pub amount: Nanounits,
    /// Looked at this often, first at t = every; above 0.
    pub every: Nanos,
}

words! {
    /// Occasion on which a charge comes back.
    pub enum Refund {
        /// a charge is final
        Never = "never",
        /// when the message is observed failed or rejected
        OnRejected = "on_rejected",
        /// when observed undelivered or expired, too
        OnFailedReceipt = "on_failed_receipt",
    }
}

set! {
    /// A set of ways in which a call can fail in the client's eyes.
    pub struct CallErrors {
        /// no response in time
        timeout,
        /// 429
        rate_limited,
        /// 500
        internal,
        /// 400
        invalid,
        /// 422
        no_route,
        /// 402
        insufficient_balance,
        /// 503
        queue_full,
        /// 403, in quiet hours
        quiet_hours,
    }
}
