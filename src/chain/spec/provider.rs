//! Providers.

use super::{Allowance, Delay, Failures, Scope, words};
use crate::kernel::Nanos;

/// A provider, its connection and its relay to the carrier.
#[derive(Debug, Clone, PartialEq)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// Submits outstanding at once; `None`: no limit.
    pub window: Option<u32>,
    /// Its throttles, in segments; at most [`THROTTLES_MAX`](super::THROTTLES_MAX).
    pub throttle: Vec<ProviderThrottle>,
    /// Submits it serves at once; `None`: no limit.
    pub servers: Option<u32>,
    /// Submits that wait for its servers; `None`: no limit.
    pub queue_capacity: Option<u64>,
    /// Service time of a submit.
    pub latency: Delay,
    /// Factors of the latency, a refusal's too, by time since midnight, ascending; linear between, repeating
    /// daily. Empty: the same all day.
    pub latency_by_day: Vec<(Nanos, f64)>,
    /// Time that a refusal takes (`throttled`, `queue_full`, a bind that is down); `None`: a draw of
    /// `latency`.
    pub refusal_latency: Option<Delay>,
    /// From submit; `None`: the sender waits for ever.
    pub submit_timeout: Option<Nanos>,
    /// Probability that a submit timed out by share was accepted all the same.
    pub timeout_accepted: f64,
    /// Failure shares of an attempt.
    pub failures: Failures,
    /// Factors of these shares, as [`Provider::latency_by_day`].
    pub failures_by_day: Vec<(Nanos, f64)>,
    /// Spells of degradation.
    pub degraded: Option<Degraded>,
    /// From acceptance to the carrier.
    pub relay: Delay,
    /// Probability that an accepted message is never relayed.
    pub loss: f64,
    /// The form in which a long message goes to it: whole, or segment by segment.
    pub parts: Parts,
    /// Its receipts to the sender.
    pub receipts: Receipts,
}

impl Provider {
    /// True if a message of so many segments goes to it in parts.
    #[must_use]
    #[inline]
    pub fn takes_parts(&self, segments: u16) -> bool {
        self.parts == Parts::Each && segments > 1
    }

    /// Segments of a submit to it, of a message of that many.
    #[must_use]
    #[inline]
    pub fn submitted_at_once(&self, segments: u16) -> u16 {
        if self.takes_parts(segments) { 1 } else { segments }
    }
}

words! {
    /// The way of a long message through a provider.
    pub enum Parts {
        /// one submit, copy and receipt for the whole message
        Whole = "whole",
        /// each segment is submitted, travels, fails and is reported on its own
        Each = "each",
    }
}

/// A provider's throttle.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderThrottle {
    /// Its way of counting segments.
    pub allowance: Allowance,
    /// One count for each of these. Not `Carrier`.
    pub scope: Scope,
    /// Fate of an attempt over the rate.
    pub on_excess: ProviderExcess,
}

/// Fate of an attempt over a provider's rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderExcess {
    /// The sender waits for a token before it takes a slot.
    Pace,
    /// The provider answers with a throttle status.
    Refuse {
        /// It asks for at least this wait.
        retry_after: Option<Nanos>,
    },
}

/// Spells of degradation (Gilbert–Elliott).
#[derive(Debug, Clone, PartialEq)]
pub struct Degraded {
    /// Mean of the exponential time between spells.
    pub mean_up: Nanos,
    /// Mean of the exponential length of a spell.
    pub mean_down: Nanos,
    /// Latency is multiplied by this in a spell.
    pub latency_factor: f64,
    /// Combined with the base shares in a spell, as 1 − Π(1 − p).
    pub failures: Failures,
}

/// A provider's receipts.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipts {
    /// From the carrier's to the sender.
    pub delay: Delay,
    /// Share that never comes.
    pub loss: f64,
    /// Share of receipts for undelivered messages that say delivered.
    pub false_delivered: f64,
    /// Meaning of `delivered`.
    pub meaning: Meaning,
    /// Silence this long after the hand-off is observed as `unknown`; `None`: never.
    pub unknown_after: Option<Nanos>,
    /// The sender matches no receipt that comes so long after the hand-off; `None`: it matches all.
    pub forgotten_after: Option<Nanos>,
    /// The one that counts of several for a message.
    pub several: Several,
    /// The receipts of a message's parts that say what has become of it.
    pub whole: Whole,
}

words! {
    /// The receipts of a message's parts that say what has become of the whole.
    pub enum Whole {
        /// those of all parts: delivered when each is, failed when one has
        All = "all",
        /// that of the last part, the only one that is asked for
        Last = "last",
        /// that of any part: delivered when one is, failed when all have
        Any = "any",
        /// that of the first part, the only one that is asked for
        First = "first",
    }
}

words! {
    /// The receipt that counts of several for a message.
    pub enum Several {
        /// one that says delivered, else the last
        DeliveredWins = "delivered_wins",
        /// the last
        LastWins = "last_wins",
        /// the first
        FirstWins = "first_wins",
    }
}

words! {
    /// Meaning of a receipt's `delivered`.
    pub enum Meaning {
        /// the handset has it
        Handset = "handset",
        /// the carrier accepted it
        Carrier = "carrier",
    }
}
