//! A row of a delivery log in one form, whatever format it came in.

use crate::chain::named;

/// One message of a log, or one attempt at it, as the log tells it.
///
/// Texts are borrowed from the reader's buffer. No body and no recipient's number is kept: the
/// recipient is a keyed hash, the key of which stays in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Row<'a> {
    /// The message's id, as the log writes it.
    pub id: Option<&'a str>,
    /// The time at which it was asked for.
    pub submitted: Option<Time>,
    /// The time at which the provider took it.
    pub sent: Option<Time>,
    /// The time at which its last state was reported.
    pub done: Option<Time>,
    /// The time at which its receipt came, where the log has both.
    pub received: Option<Time>,
    /// `true` if it was delivered, by a log that knows of that beside receipts, and no receipt ever said so, whatever
    /// its state is.
    pub unreceived: bool,
    /// The last state of it.
    pub status: Status,
    /// The kind of its failure, where a code says so.
    pub failure: Option<Failure>,
    /// The error code as the log writes it.
    pub code: Option<&'a str>,
    /// The provider, or the link to it.
    pub provider: Option<&'a str>,
    /// The carrier or network.
    pub carrier: Option<&'a str>,
    /// The sender's name or number.
    pub sender: Option<&'a str>,
    /// The route.
    pub route: Option<&'a str>,
    /// A keyed hash of the recipient.
    pub recipient: Option<u64>,
    /// Segments, from 1.
    pub segments: Option<u32>,
    /// Characters of the body.
    pub chars: Option<u32>,
    /// Price of the whole message, in the log's currency.
    pub price: Option<f64>,
    /// Attempts made, from 1.
    pub attempts: Option<u32>,
    /// `true` if no receipt was asked for, so that nobody knows what became of it.
    pub unasked: bool,
}

/// An instant as a log's clock tells it: the true one is in `[ns, ns + resolution of its column)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(
    /// Nanoseconds since 1970-01-01 UTC.
    pub i64,
);

named! {
    /// The state of a message, by its log.
    #[derive(Default)]
    Status {
        /// Nothing final yet: queued, sent, buffered, accepted.
        #[default]
        Pending = "pending",
        /// Delivered to the handset.
        Delivered = "delivered",
        /// Not delivered.
        Undelivered = "undelivered",
        /// Its validity ended.
        Expired = "expired",
        /// Refused by the provider or the carrier.
        Rejected = "rejected",
        /// Failed before a carrier had it.
        Failed = "failed",
        /// Cancelled or deleted.
        Cancelled = "cancelled",
        /// A final state that says nothing.
        Unknown = "unknown",
    }
}

named! {
    /// A kind of failure, by the tables of codes.
    Failure {
        /// Too fast: throttled.
        Throttled = "throttled",
        /// A full queue.
        QueueFull = "queue_full",
        /// It may succeed later.
        Transient = "transient",
        /// It will not.
        Permanent = "permanent",
        /// No answer in time.
        Timeout = "timeout",
        /// A number that nobody has.
        UnknownSubscriber = "unknown_subscriber",
        /// A handset that isn't reachable.
        Absent = "absent",
        /// Blocked by a filter.
        Filtered = "filtered",
        /// An opt-out or a blocked recipient.
        OptedOut = "opted_out",
        /// Something else.
        Other = "other",
    }
}
