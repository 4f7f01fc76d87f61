//! Streams of requests: senders, times, recipients, texts.

use super::{Delay, OnReceipt, Quiet, Retry, words};
use crate::kernel::Nanos;
use crate::random::Variate;

/// A stream of requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// Its name: the owner of its draws.
    pub name: String,
    /// Arrival process of its requests.
    pub arrivals: Arrivals,
    /// Sender ids it sends from: one, or a pool.
    pub senders: Senders,
    /// 10DLC brand; `None`: the sender.
    pub brand: Option<String>,
    /// 10DLC campaign; `None`: the sender.
    pub campaign: Option<String>,
    /// Carrier index and weight, by carrier; weights are positive.
    pub carriers: Vec<(usize, f64)>,
    /// People it sends to; `None`: each message has a recipient of its own.
    pub recipients: Option<u64>,
    /// Recipients of one request, at least 1.
    pub per_request: u32,
    /// Characters of a body; rounded, at least 0.
    pub chars: Variate,
    /// Share of bodies that need UCS-2.
    pub ucs2: f64,
    /// Spam score; clamped to [0, 1].
    pub spam_score: Variate,
    /// Share of invalid numbers.
    pub invalid: f64,
    /// Share of opted-out recipients.
    pub opted_out: f64,
    /// 0 … 3, 3 most urgent.
    pub priority: u8,
    /// On time is within this, counted from the request; `None`: always on time.
    pub deadline: Option<Nanos>,
    /// Validity period, counted from acceptance; `None`: for ever.
    pub validity: Option<Nanos>,
    /// People who opt out in the course of the run.
    pub opts_out: Option<OptsOut>,
    /// Hours in which its sender doesn't ask the API, or is refused by it.
    pub quiet: Vec<Quiet>,
    /// People who ask again.
    pub resend: Option<Resend>,
    /// Its own retry policy; goes before its queue's.
    pub retry: Option<Retry>,
    /// Its own rule for acting on receipts; goes before that of the scenario.
    pub on_receipt: Option<OnReceipt>,
}

/// Arrival process of a stream's requests, before `scale`.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrivals {
    /// Poisson process, requests per second.
    Poisson {
        /// Requests per second.
        rate: f64,
    },
    /// Even spacing, the first request at t = 0.
    Constant {
        /// Requests per second.
        rate: f64,
    },
    /// Non-homogeneous Poisson process.
    Profile {
        /// (time, requests per second), ascending in time. With `daily` the times are of day
        /// (below 24 h), otherwise counted from midnight before t = 0 when `clock`, from t = 0 when not.
        points: Vec<(Nanos, f64)>,
        /// The times are of day, not since the start.
        clock: bool,
        /// Repeats every 24 h.
        daily: bool,
        /// Constant from each point to the next; otherwise linear between them.
        step: bool,
    },
    /// Markov-modulated Poisson process with two states.
    OnOff {
        /// Requests per second when high.
        high: f64,
        /// Requests per second when low.
        low: f64,
        /// Mean of the exponential dwell time when high.
        mean_high: Nanos,
        /// Mean of the exponential dwell time when low.
        mean_low: Nanos,
    },
    /// `count` requests from `at` on, evenly over `over` (0: all at once).
    Campaign {
        /// Number of requests.
        count: u64,
        /// The first one's time.
        at: Nanos,
        /// They are spread evenly over this span.
        over: Nanos,
    },
    /// Requests of a log, in order of time (rows of one time as in the file).
    Trace {
        /// The rows.
        rows: Vec<TraceRow>,
    },
}

/// One request of a trace. What is `None` comes from the stream's own settings.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceRow {
    /// Time since t = 0.
    pub time: Nanos,
    /// The row's number in its file, from 0: part of the key of its draws.
    pub row: u64,
    /// Sender id.
    pub sender: Option<Box<str>>,
    /// Carrier index.
    pub carrier: Option<usize>,
    /// Characters.
    pub chars: Option<u32>,
    /// Needs UCS-2.
    pub ucs2: Option<bool>,
    /// Spam score in [0, 1].
    pub spam_score: Option<f64>,
    /// Deadline, from the request.
    pub deadline: Option<Nanos>,
    /// A name or number; equal ones are one person.
    pub recipient: Option<Box<str>>,
}

/// Sender ids that a stream sends from.
#[derive(Debug, Clone, PartialEq)]
pub enum Senders {
    /// One sender id.
    One(String),
    /// `count` senders named `<stream>-1` …
    Pool {
        /// Number of them, at least 1.
        count: u32,
        /// Rule by which one is picked.
        pick: Pick,
    },
}

words! {
    /// Rule by which a sender is picked from a pool.
    pub enum Pick {
        /// in turn
        RoundRobin = "round_robin",
        /// at random
        Random = "random",
        /// the same one for the same recipient
        Sticky = "sticky",
    }
}

/// People who opt out in the course of the run. Only of those of `recipients`, or that a trace names.
#[derive(Debug, Clone, PartialEq)]
pub struct OptsOut {
    /// Share of people.
    pub share: f64,
    /// From t = 0 until they do.
    pub after: Delay,
    /// The last look at a person's consent.
    pub checked: Checked,
}

words! {
    /// The last look at a person's consent.
    pub enum Checked {
        /// the API looks when it accepts: what it has accepted by then is sent
        Accept = "accept",
        /// the sender looks once more right before each submit
        Submit = "submit",
    }
}

/// People without a copy ask again.
#[derive(Debug, Clone, PartialEq)]
pub struct Resend {
    /// Time from the request after which a person without a copy may ask again.
    pub after: Nanos,
    /// The probability that they do.
    pub probability: f64,
    /// At most this often in a chain.
    pub max: u32,
}
