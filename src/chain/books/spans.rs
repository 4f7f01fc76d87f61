//! Spans on their way into the books: kept until there are enough of a stage and batch to enter them
//! together.
//!
//! A histogram's cells are all over memory. One by one, each is waited for; a hundred are fetched
//! while the first is on its way.

use crate::chain::books::results::Group;
use crate::chain::records::message::UNCOUNTED;
use crate::chain::records::outcome::Stage;
use crate::kernel::Nanos;
use crate::stats::Latency;

/// So many spans are kept.
const FULL: usize = 128;

/// Spans that belong together.
#[derive(Debug)]
pub(crate) struct Spans {
    zeros: u64,
    count: usize,
    others: [Nanos; FULL],
}

impl Spans {
    pub(crate) fn new() -> Spans {
        Spans { zeros: 0, count: 0, others: [0; FULL] }
    }

    /// Keeps one. False: there was no room left for another.
    #[inline(always)]
    pub(crate) fn keep(&mut self, span: Nanos) -> bool {
        if span == 0 {
            self.zeros += 1;
            return true;
        }
        if let Some(place) = self.others.get_mut(self.count) {
            *place = span;
            self.count += 1;
            return true;
        }
        false
    }

    /// Enters what was kept.
    pub(crate) fn enter(&mut self, latency: &mut Latency) {
        let others = self.others.get(..self.count).unwrap_or_default();
        latency.record_all(self.zeros, others);
        (self.zeros, self.count) = (0, 0);
    }
}

/// Spans of one stage, all of the same batch.
#[derive(Debug)]
struct OfStage {
    batch: u8,
    spans: Spans,
}

/// Spans by stage.
#[derive(Debug)]
pub(crate) struct SpansByStage([OfStage; Stage::COUNT]);

impl SpansByStage {
    pub(crate) fn new() -> SpansByStage {
        SpansByStage(std::array::from_fn(|_| OfStage { batch: UNCOUNTED, spans: Spans::new() }))
    }

    /// Keeps a span of a stage and a batch, which is counted.
    #[inline(always)]
    pub(crate) fn keep(&mut self, batches: &mut [Group], batch: u8, stage: Stage, span: Nanos) {
        if span == 0 {
            // It needs no cell, and batches may alternate.
            if let Some(group) = batches.get_mut(usize::from(batch)) {
                group.latency[stage as usize].record_zero();
            }
            return;
        }
        let own = &mut self.0[stage as usize];
        if own.batch != batch || !own.spans.keep(span) {
            self.enter_and_keep(batches, batch, stage, span);
        }
    }

    #[inline(never)]
    fn enter_and_keep(&mut self, batches: &mut [Group], batch: u8, stage: Stage, span: Nanos) {
        self.enter(batches, stage);
        let own = &mut self.0[stage as usize];
        own.batch = batch;
        own.spans.keep(span);
    }

    /// Enters what was kept of a stage.
    pub(crate) fn enter(&mut self, batches: &mut [Group], stage: Stage) {
        let own = &mut self.0[stage as usize];
        if let Some(group) = batches.get_mut(usize::from(own.batch)) {
            own.spans.enter(&mut group.latency[stage as usize]);
        }
    }
}
