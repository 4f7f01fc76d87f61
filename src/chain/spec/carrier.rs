//! Carriers, their filters and their subscribers.

use super::{Allowance, Delay, Quiet, Scope, words};
use crate::kernel::Nanos;

/// A carrier and its subscribers' handsets.
#[derive(Debug, Clone, PartialEq)]
pub struct Carrier {
    /// Its name.
    pub name: String,
    /// Its throttles, in segments; at most [`THROTTLES_MAX`](super::THROTTLES_MAX).
    pub throttle: Vec<CarrierThrottle>,
    /// A day's segments.
    pub daily_cap: Option<DailyCap>,
    /// Hours in which it holds or refuses what comes.
    pub quiet: Vec<Quiet>,
    /// Share of numbers without a subscriber.
    pub unknown_subscriber: f64,
    /// Filters, in order.
    pub filters: Vec<Filter>,
    /// Handsets that are off or away.
    pub absent: Option<Absent>,
    /// Waits between delivery tries, each above 0, the last one repeats; empty: one try.
    pub retry_schedule: Vec<Nanos>,
    /// From the successful try to the handset.
    pub latency: Delay,
    /// Factors of the latency, as [`super::Provider::latency_by_day`].
    pub latency_by_day: Vec<(Nanos, f64)>,
    /// Probability that a segment is lost.
    pub loss: f64,
}

/// A carrier's throttle.
#[derive(Debug, Clone, PartialEq)]
pub struct CarrierThrottle {
    /// Its way of counting segments.
    pub allowance: Allowance,
    /// One count for each of these.
    pub scope: Scope,
    /// Fate of a message over the rate.
    pub on_excess: CarrierExcess,
}

/// Fate of a message over a carrier's rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarrierExcess {
    /// It waits its turn.
    Queue {
        /// Messages that may wait, in all buckets together; `None`: no limit.
        capacity: Option<u64>,
    },
    /// It is refused, and its receipt says so.
    Reject,
    /// It is gone without a word.
    Drop,
}

/// At most `limit` segments a day.
#[derive(Debug, Clone, PartialEq)]
pub struct DailyCap {
    /// Segments.
    pub limit: u64,
    /// One count for each of these: sender, brand or campaign.
    pub scope: Scope,
    /// Time of day at which the count starts anew, since midnight.
    pub resets_at: Nanos,
    /// Fate of what is over it.
    pub on_excess: CapExcess,
}

words! {
    /// Fate of what is over a daily cap.
    pub enum CapExcess {
        /// it is charged and fails
        Fail = "fail",
        /// it is held until the count starts anew
        Hold = "hold",
    }
}

/// A carrier's filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// Its name within the carrier.
    pub name: String,
    /// Pattern it looks for.
    pub rule: Rule,
    /// Probability that it acts on what it found.
    pub probability: f64,
    /// The truth it makes.
    pub action: FilterAction,
    /// Receipt it gives the provider.
    pub receipt: FilterReceipt,
    /// Switched on.
    pub enabled: bool,
}

/// Pattern that a filter looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Spam score ≥ threshold.
    Content {
        /// In [0, 1].
        threshold: f64,
    },
    /// More than `limit` let through for a key within `window`.
    Velocity {
        /// Owner of the messages that are counted together.
        key: VelocityKey,
        /// Messages.
        limit: u64,
        /// Sliding.
        window: Nanos,
    },
    /// Sender not on the list.
    Unregistered {
        /// Sender ids.
        registered: Vec<String>,
    },
    /// Same recipient and content let through within `window`.
    Duplicate {
        /// Sliding.
        window: Nanos,
    },
    /// A sender above `rate` over `window` is held for `hold`.
    Volume {
        /// Messages per second.
        rate: f64,
        /// Sliding.
        window: Nanos,
        /// Each message over the rate starts it anew.
        hold: Nanos,
    },
    /// Content that `senders` other senders or more had let through within `window`: one campaign
    /// spread over many numbers.
    Snowshoe {
        /// At least 1.
        senders: u64,
        /// Sliding.
        window: Nanos,
    },
    /// Any message.
    Random,
}

impl Rule {
    /// True if it asks what messages say, so that their content has to be kept.
    #[must_use]
    pub fn needs_content(&self) -> bool {
        match self {
            Rule::Duplicate { .. }
            | Rule::Snowshoe { .. }
            | Rule::Velocity { key: VelocityKey::SenderContent, .. } => true,
            Rule::Velocity { key: VelocityKey::Sender | VelocityKey::Recipient, .. }
            | Rule::Content { .. }
            | Rule::Unregistered { .. }
            | Rule::Volume { .. }
            | Rule::Random => false,
        }
    }

    /// True if what it makes of a copy depends on copies it has seen before.
    #[must_use]
    pub fn remembers(&self) -> bool {
        match self {
            Rule::Velocity { .. }
            | Rule::Duplicate { .. }
            | Rule::Volume { .. }
            | Rule::Snowshoe { .. } => true,
            Rule::Random | Rule::Content { .. } | Rule::Unregistered { .. } => false,
        }
    }
}

words! {
    /// Messages that a velocity filter counts together.
    pub enum VelocityKey {
        /// by sender
        Sender = "sender",
        /// by recipient
        Recipient = "recipient",
        /// by sender and content
        SenderContent = "sender+content",
    }
}

words! {
    /// Truth that a filter makes.
    pub enum FilterAction {
        /// the truth is `filtered_silent`
        Silent = "silent",
        /// the truth is `filtered_explicit`
        Block = "block",
    }
}

words! {
    /// Receipt that a filter gives the provider.
    pub enum FilterReceipt {
        /// nothing
        None = "none",
        /// `rejected`
        Rejected = "rejected",
        /// `undelivered`
        Undelivered = "undelivered",
        /// `delivered`, a false one
        Delivered = "delivered",
    }
}

/// Handsets that are off or away at the first try.
#[derive(Debug, Clone, PartialEq)]
pub struct Absent {
    /// Share of handsets.
    pub probability: f64,
    /// From the first try until the handset is back.
    pub returns: Delay,
    /// Probability that the network wakes the carrier at that moment.
    pub alert: f64,
}
