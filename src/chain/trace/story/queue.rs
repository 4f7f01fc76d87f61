//! Steps in queues.

use super::Step;
use crate::chain::spec::Overflow;
use crate::kernel::Nanos;

/// Steps of a message in its queue, and with its worker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum QueueStep {
    /// It finds no room.
    Overflows {
        /// Index of the queue.
        queue: usize,
        /// Messages waiting in it.
        waiting: u64,
        /// The queue's way with overflow.
        how: Overflow,
    },
    /// It waits.
    Waits {
        /// Index of the queue.
        queue: usize,
        /// Its place, from 1: how many will be served before it if nobody else comes. `None`: not
        /// counted out.
        place: Option<u64>,
        /// Messages waiting, itself among them.
        depth: u64,
        /// Workers at work.
        busy: u64,
        /// The time at which it leaves unserved.
        until: Option<Nanos>,
    },
    /// The queue has quiet hours: it stays there until they end.
    Quiet {
        /// Index of the queue.
        queue: usize,
        /// Their end.
        until: Nanos,
    },
    /// The queue has quiet hours, in which it fails.
    QuietRefused {
        /// Index of the queue.
        queue: usize,
        /// Their end.
        until: Nanos,
    },
    /// Its recipient has opted out: it is not sent.
    OptedOut {
        /// Index of the queue.
        queue: usize,
        /// The time at which they did.
        since: Nanos,
    },
    /// A worker takes it.
    Taken {
        /// Index of the queue.
        queue: usize,
        /// So long after it came.
        waited: Nanos,
        /// The number of times so far, this one included.
        times: u32,
        /// Workers at work, this one among them.
        busy: u64,
        /// The worker's time before the submit.
        overhead: Nanos,
    },
    /// A worker fetches it behind others.
    Fetched {
        /// Index of the queue.
        queue: usize,
        /// So long after it came.
        waited: Nanos,
        /// The number of times that it was taken so far, this one included.
        times: u32,
        /// Messages that the worker has before it.
        before: u64,
    },
    /// The worker that has fetched it comes to it.
    Begun {
        /// Index of the queue.
        queue: usize,
        /// Workers at work.
        busy: u64,
        /// The worker's time before the submit.
        overhead: Nanos,
    },
    /// It leaves the queue unserved.
    Expires {
        /// Index of the queue.
        queue: usize,
        /// Its stay.
        waited: Nanos,
        /// Its validity is over; else its time in the queue is.
        validity: bool,
    },
    /// Its worker crashes.
    Crashes {
        /// Index of the queue.
        queue: usize,
        /// The worker, from 0.
        worker: u32,
        /// The time at which the message rejoins the queue; `None`: it is lost.
        back: Option<Nanos>,
        /// A submit is out.
        out: bool,
    },
    /// Its worker's lease runs out: it is back in the queue, and the worker goes on.
    LeaseEnds {
        /// Index of the queue.
        queue: usize,
        /// A submit is out.
        out: bool,
    },
    /// A worker that has lost its lease has done with it.
    DoneLate {
        /// Index of the queue.
        queue: usize,
        /// Nobody has taken it since: it leaves the queue.
        holds: bool,
    },
}

impl From<QueueStep> for Option<Step> {
    fn from(step: QueueStep) -> Self {
        Some(Step::Queue(step))
    }
}
