//! Steps at the request boundary.

use super::retry::{Stop, Wait};
use super::{Draw, Step};
use crate::chain::records::outcome::Rejection;
use crate::chain::spec::Nanounits;
use crate::kernel::Nanos;

/// Steps of the client, or of the person behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ClientStep {
    /// It makes a call.
    Calls {
        /// The number of the call among its request's, from 1.
        call: u32,
        /// The request is a person's who asks again.
        resend: bool,
        /// The call tries a half-open breaker.
        probe: bool,
    },
    /// It has held the request back in the stream's quiet hours.
    WasQuiet {
        /// The time at which the request was due.
        since: Nanos,
    },
    /// Its breaker is open: the call waits.
    Held,
    /// It hangs up.
    HangsUp {
        /// The call, from 1.
        call: u32,
        /// Its patience.
        after: Nanos,
    },
    /// It will call again.
    CallsAgain {
        /// The number that call will have, from 1.
        call: u32,
        /// Calls it may make in all.
        most: Option<u32>,
        /// The length of its wait.
        wait: Wait,
        /// The wait that the API asked for; 0: none.
        retry_after: Nanos,
    },
    /// It calls no more.
    Stops {
        /// Calls made.
        calls: u32,
        /// The reason.
        why: Stop,
    },
    /// The person has no copy and asks again.
    AsksAgain {
        /// The number of times so far, this one included.
        number: u32,
        /// So long after the request before.
        after: Nanos,
        /// The draw of their doing so.
        draw: Draw,
    },
    /// The person has no copy and doesn't ask again.
    Leaves {
        /// So long after the request.
        after: Nanos,
        /// The draw of their wanting to. `None`: they have asked as often as anybody does.
        draw: Option<Draw>,
    },
}

/// Steps of the API.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ApiStep {
    /// A call is over one of its limits.
    RateLimited {
        /// The limit's number among their names: [`Api::limit_names`](crate::chain::spec::Api::limit_names).
        limit: usize,
        /// Tokens, or free places, there were.
        tokens: f64,
        /// The answer takes so long.
        latency: Nanos,
    },
    /// A call is recognised as a repeat.
    Recognises {
        /// The call that it repeats, from 1.
        call: u32,
        /// That one has been accepted; else it is still being worked on, for so long.
        left: Option<Nanos>,
    },
    /// It begins to work on a call.
    Works {
        /// For so long.
        latency: Nanos,
        /// By which incidents have multiplied that.
        factor: f64,
        /// Tokens left in its bucket.
        tokens: Option<f64>,
        /// An outage: the call will end in an error.
        outage: bool,
        /// The draw of an internal error at the call's end.
        error: Option<Draw>,
    },
    /// It will not send a recipient's message.
    Refuses {
        /// The answer.
        rejection: Rejection,
        /// The reason.
        why: Refusal,
    },
    /// It accepts a recipient's message.
    Accepts {
        /// Index of the carrier.
        carrier: usize,
        /// Index of the route.
        route: usize,
        /// Another route would have come first, but a breaker is open.
        around: bool,
        /// The part of its traffic that the route has then, in billionths, where that changes.
        part: Option<u64>,
        /// Segments.
        segments: u32,
        /// Charged now.
        charged: Nanounits,
        /// The balance then; `None`: it has no limit.
        balance: Option<i128>,
    },
    /// Its work on a call ends.
    Answers {
        /// The call, from 1.
        call: u32,
        /// The reason of a refusal; `None`: success.
        rejection: Option<Rejection>,
        /// The client waits for that answer.
        heard: bool,
    },
}

/// The API's reason for not sending a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Refusal {
    /// The number is no number.
    Number(Draw),
    /// The recipient has opted out.
    OptedOut(Draw),
    /// The recipient opted out in the course of the run.
    OptedOutSince {
        /// The time at which they did.
        since: Nanos,
    },
    /// Too many segments.
    TooLong {
        /// Of the body.
        segments: u32,
        /// Allowed.
        most: u32,
    },
    /// No route serves the carrier, or none that does takes the message.
    NoRoute {
        /// Its index.
        carrier: usize,
        /// Some route serves it.
        served: bool,
    },
    /// The account cannot pay.
    Poor {
        /// Its price.
        price: Nanounits,
        /// The balance.
        balance: i128,
        /// An incident has frozen it.
        frozen: bool,
    },
    /// The stream has quiet hours.
    QuietHours {
        /// Their end.
        until: Nanos,
    },
    /// The queue is full.
    QueueFull {
        /// Its index.
        queue: usize,
        /// Messages waiting in it.
        waiting: u64,
    },
}

impl From<ClientStep> for Option<Step> {
    fn from(step: ClientStep) -> Self {
        Some(Step::Client(step))
    }
}

impl From<ApiStep> for Option<Step> {
    fn from(step: ApiStep) -> Self {
        Some(Step::Api(step))
    }
}
