//! The model's words for ends, stages and refusals, as a person says them.

use crate::chain::{Rejection, Stage, Truth};

/// The end of a message; without a deadline what is on time is what is delivered.
pub(super) const fn end_by(truth: Truth, has_deadline: bool) -> &'static str {
    match truth {
        Truth::DeliveredOnTime if !has_deadline => "delivered",
        truth => end(truth),
    }
}

/// The end of a message.
pub(super) const fn end(truth: Truth) -> &'static str {
    match truth {
        Truth::DeliveredOnTime => "on time",
        Truth::DeliveredLate => "late",
        Truth::FilteredSilent => "filtered, silently",
        Truth::FilteredExplicit => "filtered, openly",
        Truth::RejectedByProvider => "rejected by provider",
        Truth::RetriesExhausted => "retries exhausted",
        Truth::DiscardedByQueue => "discarded by queue",
        Truth::ExpiredInQueue => "expired in queue",
        Truth::LostBySender => "lost by sender",
        Truth::LostByProvider => "lost by provider",
        Truth::ThrottledOut => "throttled out",
        Truth::ExpiredAtCarrier => "expired at carrier",
        Truth::UnknownSubscriber => "unknown subscriber",
        Truth::LostByCarrier => "lost by carrier",
        Truth::Unresolved => "still on its way",
    }
}

/// A stage of a message's way.
pub(super) const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Api => "the API's answer",
        Stage::QueueWait => "in the queue",
        Stage::WindowWait => "for pace and window",
        Stage::Submit => "a submit",
        Stage::HandOff => "request → provider",
        Stage::CarrierWait => "carrier's throttle",
        Stage::Delivery => "request → handset",
        Stage::Receipt => "receipt on its way",
        Stage::Parts => "first part → last part",
    }
}

/// The reason a request was refused, with the HTTP status that it comes with.
pub(super) const fn rejection(why: Rejection) -> &'static str {
    match why {
        Rejection::RateLimited => "rate limited (429)",
        Rejection::Invalid => "invalid (400)",
        Rejection::NoRoute => "no route (422)",
        Rejection::InsufficientBalance => "insufficient balance (402)",
        Rejection::QueueFull => "queue full (503)",
        Rejection::Internal => "internal (500)",
        Rejection::QuietHours => "quiet hours (403)",
    }
}
