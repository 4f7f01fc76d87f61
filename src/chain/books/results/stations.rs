//! Results of queues, routes, providers and carriers.

use super::count::{Count, counts};
use crate::chain::records::outcome::AttemptResult;

/// A level's area (level × nanoseconds) and maximum within [warm-up, duration).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Level {
    /// Level × time, in nanoseconds.
    pub area: u128,
    /// The greatest.
    pub max: u64,
}

impl Count for Level {
    fn merge(&mut self, other: &Level) {
        self.area += other.area;
        self.max = self.max.max(other.max);
    }
}

counts! {
    /// One queue.
    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct QueueResults {
        /// Messages waiting.
        pub depth: Level,
        /// Workers holding a message.
        pub busy: Level,
        /// Messages that left by ttl or validity.
        pub expired: u64,
        /// Messages that overflowed by `fail` or `discard`.
        pub discarded: u64,
        /// Messages that came in quiet hours and waited for their end.
        pub quiet_held: u64,
        /// Messages that failed in quiet hours.
        pub quiet_refused: u64,
        /// Workers that were there; where a rule says how many.
        pub workers: Level,
        /// The same with those that were starting.
        pub paid: Level,
        /// Messages that workers have fetched and not come to.
        pub behind: Level,
        /// Times that a worker's lease of a message ran out.
        pub leases_ended: u64,
    }
}

counts! {
    /// One route. Copies of counted messages.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct RouteResults {
        /// Truly accepted by its provider.
        pub copies: u64,
        /// Of those, seen delivered within the time of its rule for slow messages; 0 without one.
        pub in_time: u64,
        /// Of those, seen to have failed; 0 without such a rule.
        pub failed: u64,
        /// Times from warm-up on that traffic was taken from it.
        pub slowed: u64,
        /// Times from warm-up on that it got some back.
        pub restored: u64,
        /// The part of its traffic that it had, in billionths: × nanoseconds within [warm-up, duration); 0 where no
        /// weight changes.
        pub weight_area: u128,
        /// And at the run's end.
        pub weight_at_end: u64,
    }
}

counts! {
    /// One provider.
    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct ProviderResults {
        /// Attempts made.
        pub submits: u64,
        /// Their results as the sender saw them; index [`AttemptResult`].
        pub results: [u64; AttemptResult::COUNT],
        /// Copies truly accepted, whether the sender heard of it or not.
        pub truly_accepted: u64,
        /// Copies accepted and never relayed.
        pub lost: u64,
        /// Submits outstanding.
        pub outstanding: Level,
        /// Servers at work.
        pub serving: Level,
        /// Submits waiting for a server.
        pub backlog: Level,
        /// By throttle: segments that passed the busiest of its counts, in [warm-up, duration).
        pub throttle_taken: Vec<u64>,
        /// By throttle, where there are several: submits that it refused.
        pub throttled_by: Vec<u64>,
    }
}

counts! {
    /// One carrier. Copies.
    #[derive(Debug, Clone, PartialEq, Default)]
    pub struct CarrierResults {
        /// Relayed to it.
        pub arrived: u64,
        /// Taken by each filter.
        pub filtered: Vec<u64>,
        /// Rejected, dropped or turned away by the throttle.
        pub throttled: u64,
        /// By throttle, where there are several: those it rejected, dropped or turned away.
        pub throttled_by: Vec<u64>,
        /// Over the daily cap, and failed.
        pub capped: u64,
        /// Came in quiet hours and waited for their end.
        pub quiet_held: u64,
        /// Refused in quiet hours.
        pub quiet_refused: u64,
        /// Over the daily cap, and held until it started anew.
        pub held: u64,
        /// Reached the handset.
        pub delivered: u64,
        /// Absent until the validity ended.
        pub expired: u64,
        /// Without a subscriber.
        pub unknown_subscriber: u64,
        /// Lost on the way to the handset.
        pub lost: u64,
        /// Waiting for the throttle.
        pub waiting: Level,
        /// By throttle: segments that passed the busiest of its counts, in [warm-up, duration).
        pub throttle_taken: Vec<u64>,
    }
}
