//! Ends of messages, counted by all that the layers ask of an end: one count a message while the
//! run goes on, the sums when it is over.

use crate::chain::books::results::{BATCHES, Results};
use crate::chain::records::message::UNCOUNTED;
use crate::chain::records::outcome::{Observed, Truth};

/// Kinds of ends: did some provider accept it, what is true, what the sender sees.
const KINDS: usize = 2 * Truth::COUNT * Observed::COUNT;

/// Counted messages by batch, stream and kind of end.
#[derive(Debug)]
pub(crate) struct Ends {
    streams: usize,
    counts: Vec<[u64; KINDS]>,
}

/// One message's end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) executed: bool,
    pub(crate) truth: Truth,
    pub(crate) observed: Observed,
}

impl Kind {
    #[inline]
    fn index(self) -> usize {
        (usize::from(self.executed) * Truth::COUNT + self.truth as usize) * Observed::COUNT
            + self.observed as usize
    }
}

impl Ends {
    pub(crate) fn new(streams: usize) -> Ends {
        Ends { streams, counts: vec![[0; KINDS]; BATCHES * streams] }
    }

    /// A message has ended, of a batch that isn't [`UNCOUNTED`].
    #[inline]
    pub(crate) fn count(&mut self, batch: u8, stream: u16, kind: Kind) {
        debug_assert!(batch != UNCOUNTED);
        self.counts[usize::from(batch) * self.streams + usize::from(stream)][kind.index()] += 1;
    }

    /// Enters them all in the layers and counts of `results`.
    pub(crate) fn enter(&self, results: &mut Results) {
        let every = [false, true].into_iter().flat_map(|executed| {
            Truth::ALL.into_iter().flat_map(move |truth| {
                Observed::ALL.map(|observed| Kind { executed, truth, observed })
            })
        });
        for kind in every {
            for (place, counts) in self.counts.iter().enumerate() {
                let messages = counts[kind.index()];
                if messages > 0 {
                    let (batch, stream) = (place / self.streams, place % self.streams);
                    enter(results, batch, stream, kind, messages);
                }
            }
        }
    }
}

/// Enters so many messages of a batch and stream that ended so.
fn enter(results: &mut Results, batch: usize, stream: usize, kind: Kind, messages: u64) {
    let Kind { executed, truth, observed } = kind;
    let seen = observed == Observed::Delivered;
    let stream = &mut results.traffic[stream];
    for layers in [&mut results.batches[batch].layers, &mut stream.layers] {
        layers.executed += messages * u64::from(executed);
        layers.delivered += messages * u64::from(truth.delivered());
        layers.on_time += messages * u64::from(truth == Truth::DeliveredOnTime);
        layers.observed_delivered += messages * u64::from(seen);
        layers.falsely_delivered += messages * u64::from(seen && !truth.delivered());
        layers.unseen += messages * u64::from(!seen && truth.delivered());
    }
    stream.truth[truth as usize] += messages;
    results.observed[truth as usize][observed as usize] += messages;
}
