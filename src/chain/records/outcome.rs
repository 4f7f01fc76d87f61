//! The two stories of a message: what was true, and what the sender could see.

pub use crate::chain::spec::AttemptResult;

/// The end of a message: a stage by name, as an index of [`Results::places`](crate::chain::Results::places).
pub type EndPlace = u16;

/// An enum whose variants are counted in arrays and named in reports.
macro_rules! named {
    (
        $(#[$doc:meta])*
        $type:ident { $( $(#[$variant_doc:meta])* $variant:ident = $name:literal, )* }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $type {
            $( $(#[$variant_doc])* $variant, )*
        }

        impl $type {
            /// Every variant, in the order of reports.
            pub const ALL: [$type; [$( $name ),*].len()] = [$( $type::$variant ),*];
            /// The number of them.
            pub const COUNT: usize = Self::ALL.len();

            /// Its name in reports and expressions.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( $type::$variant => $name, )* }
            }
        }
    };
}

pub(crate) use named;

named! {
    /// The true end of an accepted message.
    Truth {
        /// A copy reached the handset within the deadline.
        DeliveredOnTime = "delivered_on_time",
        /// The first copy reached the handset after the deadline.
        DeliveredLate = "delivered_late",
        /// A filter with action `silent` took it.
        FilteredSilent = "filtered_silent",
        /// A filter with action `block` took it.
        FilteredExplicit = "filtered_explicit",
        /// The last attempt's result was permanent.
        RejectedByProvider = "rejected_by_provider",
        /// The last attempt failed otherwise and no further one was made.
        RetriesExhausted = "retries_exhausted",
        /// The queue had no room and overflows by `fail` or `discard`.
        DiscardedByQueue = "discarded_by_queue",
        /// It stayed in the queue beyond the ttl or its validity.
        ExpiredInQueue = "expired_in_queue",
        /// Its worker crashed, with at most once.
        LostBySender = "lost_by_sender",
        /// The provider never relayed it.
        LostByProvider = "lost_by_provider",
        /// The carrier's throttle or daily cap turned it away.
        ThrottledOut = "throttled_out",
        /// Its validity ended at the carrier: the handset was absent, or it came too late.
        ExpiredAtCarrier = "expired_at_carrier",
        /// The number has no subscriber.
        UnknownSubscriber = "unknown_subscriber",
        /// A segment was lost on the way to the handset.
        LostByCarrier = "lost_by_carrier",
        /// Still on its way when the run ended.
        Unresolved = "unresolved",
    }
}

impl Truth {
    /// True when a copy reached the handset.
    #[must_use]
    pub const fn delivered(self) -> bool {
        matches!(self, Truth::DeliveredOnTime | Truth::DeliveredLate)
    }

    /// The distance that a copy that ended so had got: of several, the furthest names the message's end.
    #[must_use]
    pub(crate) const fn reach(self) -> u8 {
        match self {
            Truth::Unresolved => 0,
            Truth::RejectedByProvider
            | Truth::RetriesExhausted
            | Truth::DiscardedByQueue
            | Truth::ExpiredInQueue
            | Truth::LostBySender => 1,
            Truth::LostByProvider => 2,
            Truth::ThrottledOut => 3,
            Truth::UnknownSubscriber => 4,
            Truth::FilteredSilent | Truth::FilteredExplicit => 5,
            Truth::ExpiredAtCarrier => 6,
            Truth::LostByCarrier => 7,
            Truth::DeliveredOnTime | Truth::DeliveredLate => 8,
        }
    }
}

named! {
    /// The state of a message that the sender last saw.
    Observed {
        /// The API's answer, nothing since.
        Queued = "queued",
        /// A provider accepted it.
        Sent = "sent",
        /// A receipt says the handset (or the carrier) has it: DELIVRD.
        Delivered = "delivered",
        /// A receipt says it could not be delivered: UNDELIV.
        Undelivered = "undelivered",
        /// A receipt says the carrier refused it: REJECTD.
        Rejected = "rejected",
        /// Its validity or its time in the queue ran out: EXPIRED.
        Expired = "expired",
        /// The sender gave up on it.
        Failed = "failed",
        /// No receipt came for too long: UNKNOWN.
        Unknown = "unknown",
    }
}

impl Observed {
    /// The receipt's `stat:` in SMPP 3.4 (appendix B), where there is one.
    #[must_use]
    pub const fn smpp(self) -> Option<&'static str> {
        match self {
            Observed::Queued | Observed::Failed => None,
            Observed::Sent => Some("ACCEPTD"),
            Observed::Delivered => Some("DELIVRD"),
            Observed::Undelivered => Some("UNDELIV"),
            Observed::Rejected => Some("REJECTD"),
            Observed::Expired => Some("EXPIRED"),
            Observed::Unknown => Some("UNKNOWN"),
        }
    }
}

named! {
    /// The end of one of the parts that a long message was taken apart into.
    PartEnd {
        /// It reached the handset.
        Delivered = "delivered",
        /// No provider accepted it.
        NotAccepted = "not_accepted",
        /// Its provider never relayed it, or it was lost on the way to the handset.
        Lost = "lost",
        /// A filter took it.
        Filtered = "filtered",
        /// The carrier's throttle or daily cap turned it away.
        ThrottledOut = "throttled_out",
        /// Its validity ended at the carrier.
        Expired = "expired",
        /// The number has no subscriber.
        UnknownSubscriber = "unknown_subscriber",
        /// Still on its way when the run ended.
        Unresolved = "unresolved",
    }
}

impl PartEnd {
    /// That of a part whose furthest copy ended so.
    #[must_use]
    pub(crate) const fn of(truth: Truth) -> PartEnd {
        match truth {
            Truth::DeliveredOnTime | Truth::DeliveredLate => PartEnd::Delivered,
            Truth::FilteredSilent | Truth::FilteredExplicit => PartEnd::Filtered,
            Truth::LostByProvider | Truth::LostByCarrier => PartEnd::Lost,
            Truth::ThrottledOut => PartEnd::ThrottledOut,
            Truth::ExpiredAtCarrier => PartEnd::Expired,
            Truth::UnknownSubscriber => PartEnd::UnknownSubscriber,
            // Of a copy under way; the sender's own end of the part has been overtaken by it.
            Truth::RejectedByProvider
            | Truth::RetriesExhausted
            | Truth::DiscardedByQueue
            | Truth::ExpiredInQueue
            | Truth::LostBySender
            | Truth::Unresolved => PartEnd::Unresolved,
        }
    }
}

named! {
    /// The API's reason for refusing a request.
    Rejection {
        /// 429.
        RateLimited = "rate_limited",
        /// 400.
        Invalid = "invalid",
        /// 422.
        NoRoute = "no_route",
        /// 402.
        InsufficientBalance = "insufficient_balance",
        /// 503.
        QueueFull = "queue_full",
        /// 500.
        Internal = "internal",
        /// 403: in quiet hours.
        QuietHours = "quiet_hours",
    }
}

named! {
    /// The stages whose latency is measured.
    Stage {
        /// First call → the API's work on the accepted one ended, per accepted request.
        Api = "api",
        /// In the queue before the first attempt.
        QueueWait = "queue_wait",
        /// For pace and window, first attempt.
        WindowWait = "window_wait",
        /// From a submit to its result, every attempt.
        Submit = "submit",
        /// Request → truly accepted by a provider.
        HandOff = "hand_off",
        /// In the carrier's throttle, every copy.
        CarrierWait = "carrier_wait",
        /// Request → handset, first copy.
        Delivery = "delivery",
        /// From what a receipt reports to its arrival at the sender.
        Receipt = "receipt",
        /// From the first part on the handset to the last one, of messages that came in parts.
        Parts = "parts",
    }
}
