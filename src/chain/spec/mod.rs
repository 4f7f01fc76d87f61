//! The settings of a chain: every option of a scenario, checked and in the engine's units.
//!
//! Durations and instants are [`Nanos`], rates are per second, shares are in [0, 1], money is in
//! [`Nanounits`]. Names are resolved to indices into the lists of [`Spec`], which are in a
//! canonical order (by name, routes by id; a carrier's filters as written), so that the order of a
//! file's tables can't change a result. What is `None` is transparent and free.

mod boundary;
mod breaker;
mod budget;
mod carrier;
mod chance;
mod failure;
mod incident;
mod provider;
mod queue;
mod quiet;
mod receipts;
mod retry;
mod route;
mod throttle;
mod traffic;
mod words;

pub use boundary::{Account, Api, ApiLimit, ApiScope, CallErrors, Client, Refund, TopUp};
pub use breaker::{Breaker, Window};
pub use budget::{Budget, Charged, TokenBudget};
pub use carrier::{
    Absent, CapExcess, Carrier, CarrierExcess, CarrierThrottle, DailyCap, Filter, FilterAction,
    FilterReceipt, Rule, VelocityKey,
};
pub use failure::{AttemptResult, AttemptResults, Failure, Failures};
pub use incident::{Effects, Every, Incident, Occurrence, Outage, Target};
pub use provider::{
    Degraded, Meaning, Parts, Provider, ProviderExcess, ProviderThrottle, Receipts, Several, Whole,
};
pub use queue::{
    Autoscale, Crash, Discipline, Dispatch, Guarantee, Overflow, Queue, Requeue, ScaleTarget,
};
pub use quiet::{Days, OnQuiet, Quiet, Weekday};
pub use receipts::{FurtherRoute, OnReceipt, SeenStates};
pub use retry::{Backoff, GiveUp, Jitter, Policy, Retry, Rule as RetryRule, Tries};
pub use route::{Choose, Only, Restore, Route, Slow, Young};
pub use throttle::{Allowance, FixedWindow, Per, THROTTLES_MAX, Throttle, throttle_names};
pub use traffic::{Arrivals, Checked, OptsOut, Pick, Resend, Senders, TraceRow, Traffic};

pub use words::{Word, Words, documented};
pub(crate) use words::{set, words};

use crate::kernel::Nanos;
use crate::random::Variate;

/// Money in 10⁻⁹ of the account's unit.
pub type Nanounits = i64;

/// A whole chain. See the module's text for units and order.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// The scenario's name.
    pub name: String,
    /// Summary of the scenario in one line; may be empty.
    pub summary: String,
    /// Seed of replication 0, below 2⁵³.
    pub seed: u64,
    /// Time of day at t = 0, in nanoseconds since midnight.
    pub start: Nanos,
    /// Day of the week at t = 0.
    pub start_day: Weekday,
    /// Requests arrive in [0, duration).
    pub duration: Nanos,
    /// After `duration` the run goes on until nothing is in flight, at most this long.
    pub drain: Nanos,
    /// Messages of requests before this instant are simulated, not counted. Below `duration`.
    pub warmup: Nanos,
    /// Delivery times reported as shares, ascending, each with its label as the user wrote it.
    pub within: Vec<(String, Nanos)>,
    /// Spacing of the time series.
    pub sample_every: Nanos,
    /// Multiplies every stream's rate, campaign size and number of recipients.
    pub scale: f64,
    /// The streams, by name.
    pub traffic: Vec<Traffic>,
    /// The request boundary.
    pub api: Api,
    /// The caller of the API.
    pub client: Client,
    /// The prepaid account; `None` is a balance without limit.
    pub account: Option<Account>,
    /// Share of a message's price charged at accept, the rest at the provider's acceptance.
    pub charge_at_accept: f64,
    /// Occasion on which a charge comes back.
    pub refund: Refund,
    /// The routes, by id.
    pub routes: Vec<Route>,
    /// The queues, by name; at least one.
    pub queues: Vec<Queue>,
    /// The retry policy of streams and queues that have none of their own.
    pub retry: Retry,
    /// The rule for acting on receipts of streams that have none of their own.
    pub on_receipt: Option<OnReceipt>,
    /// The providers, by name.
    pub providers: Vec<Provider>,
    /// The carriers, by name.
    pub carriers: Vec<Carrier>,
    /// Incidents, by name.
    pub incidents: Vec<Incident>,
}

impl Spec {
    /// Time from midnight of the Monday before t = 0 to t = 0.
    #[must_use]
    pub fn since_monday(&self) -> Nanos {
        const DAY: Nanos = 86_400 * 1_000_000_000;
        self.start_day as Nanos * DAY + self.start
    }

    /// The queue that a route's messages wait in.
    #[inline]
    pub(crate) fn queue_by(&self, route: u16) -> usize {
        if self.queues.len() == 1 { 0 } else { self.routes[usize::from(route)].queue }
    }

    /// `true` if any message has a deadline: without one nothing is late, or on time.
    #[must_use]
    pub fn has_deadline(&self) -> bool {
        self.traffic.iter().any(|traffic| {
            traffic.deadline.is_some()
                || matches!(&traffic.arrivals, Arrivals::Trace { rows }
                    if rows.iter().any(|row| row.deadline.is_some()))
        })
    }

    /// The provider of a route.
    #[inline]
    pub(crate) fn provider_by(&self, route: u16) -> usize {
        if self.providers.len() == 1 { 0 } else { self.routes[usize::from(route)].provider }
    }
}

/// A random span of time.
#[derive(Debug, Clone, PartialEq)]
pub enum Delay {
    /// Always this long; no draw is made.
    Constant(Nanos),
    /// Drawn, in seconds; below 0 counts as 0.
    Random(Variate),
}

/// A token bucket: full at t = 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Bucket {
    /// Tokens per second.
    pub rate: f64,
    /// Tokens it holds, at least 1.
    pub burst: u64,
}

words! {
    /// Owner of a throttle's bucket, or of a daily cap's count.
    pub enum Scope {
        /// one bucket
        Carrier = "carrier",
        /// one for each sender
        Sender = "sender",
        /// one for each brand
        Brand = "brand",
        /// one for each campaign
        Campaign = "campaign",
        /// one for each provider
        Provider = "provider",
    }
}
