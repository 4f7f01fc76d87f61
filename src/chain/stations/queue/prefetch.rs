//! Prefetch: workers that take several messages at once.

use crate::chain::records::batch::Batch;
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::slab::Slab;
use crate::kernel::Nanos;
use crate::stats::TimeWeighted;
use std::collections::VecDeque;

/// The batches that workers of a queue are at.
#[derive(Debug)]
pub(super) struct Batches {
    /// Messages of one, at most.
    most: u32,
    batches: Slab<Batch>,
    /// Messages fetched that their workers have not come to.
    behind: TimeWeighted,
}

impl Batches {
    pub(super) fn new(most: u32, behind: TimeWeighted) -> Batches {
        Batches { most, batches: Slab::default(), behind }
    }

    /// Messages that a worker may fetch beside the first.
    pub(super) fn more(&self) -> usize {
        self.most as usize - 1
    }

    /// A worker has fetched these behind the one that it begins with.
    pub(super) fn begins(&mut self, rest: VecDeque<Id<Message>>, now: Nanos) -> Id<Batch> {
        rest.iter().for_each(|_| self.behind.rise(now));
        self.batches.insert(Batch { rest })
    }

    /// The worker comes to the next; without one the batch is done.
    pub(super) fn next(&mut self, batch: Id<Batch>, now: Nanos) -> Option<Id<Message>> {
        let next = self.batches[batch].rest.pop_front();
        match next {
            Some(_) => self.behind.fall(now),
            None => self.batches.release(batch),
        }
        next
    }

    pub(super) fn behind(&self) -> &TimeWeighted {
        &self.behind
    }
}
