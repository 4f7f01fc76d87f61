//! The standard library's binary heap.

use super::FutureEvents;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub(crate) struct Binary(BinaryHeap<Reverse<(u64, u64, u64)>>);

impl FutureEvents for Binary {
    fn with(pending: u64, _mean_delay: u64) -> Self {
        Binary(BinaryHeap::with_capacity(pending as usize + 1))
    }

    fn schedule(&mut self, time: u64, rank: u64, event: u64) {
        self.0.push(Reverse((time, rank, event)));
    }

    fn take(&mut self) -> Option<(u64, u64)> {
        self.0.pop().map(|Reverse((time, _, event))| (time, event))
    }
}
