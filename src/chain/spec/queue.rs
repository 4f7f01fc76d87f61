//! Queues and workers.

use super::{Delay, Quiet, Retry, words};
use crate::kernel::Nanos;

/// A queue and its workers.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Waiting messages it holds; `None`: no limit.
    pub capacity: Option<u64>,
    /// Fate of a message that finds no room.
    pub overflow: Overflow,
    /// Order in which messages leave.
    pub discipline: Discipline,
    /// Moment at which a message leaves for its provider.
    pub dispatch: Dispatch,
    /// Workers; `None`: no limit. With `autoscale`, those at the beginning.
    pub workers: Option<u32>,
    /// A worker's time before the submit.
    pub overhead: Delay,
    /// Longest stay in the queue.
    pub ttl: Option<Nanos>,
    /// A message whose ttl or validity has ended right before its submit expires instead.
    pub expire_at_submit: bool,
    /// Hours in which no message leaves it, or comes.
    pub quiet: Vec<Quiet>,
    /// Time from taking a message until it is there for other workers again; `None`: a worker keeps it.
    pub lease: Option<Nanos>,
    /// Messages that a worker takes at once, at most.
    pub prefetch: u32,
    /// A rule for the number of workers.
    pub autoscale: Option<Autoscale>,
    /// Place of a message that comes back.
    pub requeue: Requeue,
    /// Workers crash. Needs `workers`.
    pub crash: Option<Crash>,
    /// Its own retry policy; goes before the scenario's.
    pub retry: Option<Retry>,
}

words! {
    /// Moment at which a message leaves its queue for its provider.
    pub enum Dispatch {
        /// as soon as a worker is free, who waits for pace and window with it
        Workers = "workers",
        /// once its provider has a token and a slot for it
        Provider = "provider",
    }
}

words! {
    /// Fate of a message that finds a full queue.
    pub enum Overflow {
        /// the API answers 503
        Reject = "reject",
        /// accepted, then failed where the sender sees it
        Fail = "fail",
        /// accepted and gone
        Discard = "discard",
    }
}

words! {
    /// Order in which workers take messages.
    pub enum Discipline {
        /// first in, first out
        Fifo = "fifo",
        /// highest priority first, then fifo
        Priority = "priority",
        /// earliest deadline first
        Deadline = "deadline",
    }
}

words! {
    /// Place in its queue of a message that comes back: of a retry, after a lease or a crash.
    pub enum Requeue {
        /// behind all that wait, as if it were new
        Tail = "tail",
        /// before all that have not come back, behind those that have; with priorities and deadlines, of its equals
        Head = "head",
    }
}

/// A rule for the number of workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Autoscale {
    /// The measure of the queue, and where it shall be.
    pub target: ScaleTarget,
    /// Workers at least.
    pub min: u32,
    /// Workers at most.
    pub max: u32,
    /// Workers added or taken away at once.
    pub step: u32,
    /// From the decision to add one until it works.
    pub delay: Nanos,
    /// Between two looks.
    pub every: Nanos,
}

/// The level that a measure of a queue shall have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaleTarget {
    /// Messages waiting.
    Depth(u64),
    /// The wait so far of the one that has waited longest.
    Age(Nanos),
}

/// Each worker crashes on its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Crash {
    /// Mean of the exponential time a worker is up.
    pub mean_time_between: Nanos,
    /// Until it works again.
    pub restart: Nanos,
    /// Fate of the message it held.
    pub guarantee: Guarantee,
}

/// Fate of a message whose worker crashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarantee {
    /// It rejoins the queue this long after the crash; with a `lease`, when that ends.
    AtLeastOnce {
        /// Counted from the crash.
        visibility_timeout: Nanos,
    },
    /// It is lost.
    AtMostOnce,
}
