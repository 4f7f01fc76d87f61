//! Leases: which worker a message belongs to, and those that work on it although theirs have run out.

use crate::chain::records::attempt::Attempt;
use crate::chain::records::batch::Batch;
use crate::chain::records::id::Id;
use crate::chain::records::message::NEVER;
use crate::chain::records::messages::Worker;
use crate::kernel::Nanos;

/// The leases of one message.
#[derive(Debug, Clone)]
pub(crate) struct Leases {
    /// The end of the present one; [`NEVER`] without any.
    pub(crate) end: Nanos,
    /// Its number: the message's stamp at its beginning.
    pub(crate) number: u32,
    /// Workers that have lost theirs.
    pub(crate) late: Vec<Late>,
}

impl Default for Leases {
    fn default() -> Self {
        Leases { end: NEVER, number: 0, late: Vec::new() }
    }
}

/// A worker at work on a message that is its own no more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Late {
    /// The queue it took it from.
    pub(crate) queue: u32,
    /// The worker, where they crash.
    pub(crate) worker: Option<Id<Worker>>,
    /// The batch that it is part of.
    pub(crate) batch: Option<Id<Batch>>,
    /// The worker is at it; else it is still behind others of the batch.
    pub(crate) begun: bool,
    /// The route it was to go by.
    pub(crate) route: u16,
    /// Times that the message had been taken by then.
    pub(crate) taken: u32,
    /// The message's stamp when the lease ran out: what the worker meant to do then goes by it.
    pub(crate) stamp: u32,
    /// The submits it waits for; none in its overhead.
    pub(crate) submits: [Option<Id<Attempt>>; 2],
}
