//! Incidents: what goes wrong for a while.

use super::Failures;
use crate::kernel::Nanos;

/// Something that goes wrong at a time, for a span, at one target. Several at one target act
/// together: factors multiply, shares combine as 1 − Π(1 − p).
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Its name.
    pub name: String,
    /// Words in which an on-call engineer would describe it; may be empty.
    pub summary: String,
    /// Instant at which it begins.
    pub at: Nanos,
    /// Time it lasts, above 0, ramps included.
    pub span: Nanos,
    /// Factors and shares grow from nothing to their full size over this long, and fade as long
    /// before the end; at most half of `span`. What is on or off is so for the whole span.
    pub ramp: Nanos,
    /// Station it strikes.
    pub target: Target,
    /// Effects on it.
    pub effects: Effects,
}

impl Incident {
    /// Instant at which it is over.
    #[must_use]
    pub fn end(&self) -> Nanos {
        self.at.saturating_add(self.span)
    }
}

/// Station an incident strikes: indices into the lists of [`super::Spec`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The request boundary.
    Api,
    /// The prepaid account.
    Account,
    /// A stream of requests.
    Traffic(usize),
    /// A queue.
    Queue(usize),
    /// A provider.
    Provider(usize),
    /// A carrier.
    Carrier(usize),
    /// A filter of a carrier.
    Filter {
        /// The carrier.
        carrier: usize,
        /// The filter within it.
        filter: usize,
    },
}

/// Answer of a provider that has an outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// Provider: it gives no answer.
    Silent,
    /// Provider: the bind is down, every submit is refused as `transient`.
    Refused,
}

/// Effects of an incident; only those that apply to its target ever differ from the default.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// Api: 500. Provider: nothing is accepted. Carrier: everything waits.
    pub outage: Option<Outage>,
    /// Api, provider, carrier: latency is multiplied by this.
    pub latency_factor: f64,
    /// Provider: failure shares beside its own.
    pub failures: Failures,
    /// Api, provider, carrier: the rate of the rate limit or throttle is multiplied by this.
    pub throttle_factor: f64,
    /// Traffic: the rate is multiplied by this.
    pub traffic_factor: f64,
    /// Queue: the share of its workers that takes no work.
    pub workers_lost: f64,
    /// Provider: receipts wait until the end and come together.
    pub hold_receipts: bool,
    /// Provider: receipts that would come are lost.
    pub lose_receipts: bool,
    /// Account: nothing can be paid, no top-up arrives.
    pub freeze_balance: bool,
    /// Filter: it is switched on.
    pub enable_filter: bool,
}

impl Default for Effects {
    fn default() -> Effects {
        Effects {
            outage: None,
            latency_factor: 1.0,
            failures: Failures::default(),
            throttle_factor: 1.0,
            traffic_factor: 1.0,
            workers_lost: 0.0,
            hold_receipts: false,
            lose_receipts: false,
            freeze_balance: false,
            enable_filter: false,
        }
    }
}
