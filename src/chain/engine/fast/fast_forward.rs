//! Fast-forward: what is left of a message once nothing can change it is entered into the books at once,
//! without events.
//!
//! When the sender has done with a message and one copy of it is left, all that will happen to that
//! copy from its carrier on is decided by draws that are keyed already: when the handset has it,
//! and when its receipt is there. Nobody asks in between, with three exceptions, and those are seen
//! to: gauges count a fast-forwarded message until its end; a person who looks for a copy compares times; and
//! what would move money back at a later time, or lies beyond the run's end, is left to events.
//! So no result differs from that of a run that goes step by step ([`Stepwise`](crate::chain::engine::Stepwise); a
//! property of the tests), and a chain's events per message and messages in flight are those of
//! the sender's side alone.

use super::{Fast, Reordered};
use crate::chain::books::results::SAMPLES_MAX;
use crate::chain::model::Chain;
use crate::chain::records::copied::{Copied, CopyEnd};
use crate::chain::records::event::{Event, EventKind};
use crate::chain::records::message::Message;
use crate::chain::records::outcome::Observed;
use crate::kernel::{EventSet, Nanos};
use std::collections::VecDeque;

/// Messages that have been booked ahead of their end.
#[derive(Debug)]
pub(super) struct FastForwarded {
    sample_every: Nanos,
    /// Those that have not ended at the start of sample `first`.
    before: u64,
    first: u64,
    /// Those that end in sample `first`, the one after it, …
    ends: VecDeque<u32>,
    /// The latest end.
    last: Nanos,
}

impl FastForwarded {
    pub(super) fn new(sample_every: Nanos) -> FastForwarded {
        FastForwarded { sample_every, before: 0, first: 0, ends: VecDeque::new(), last: 0 }
    }

    /// A message will end at `at`, which is not before the last [`Self::on_their_way`].
    fn add(&mut self, at: Nanos) {
        self.last = self.last.max(at);
        let sample = (at / self.sample_every).min(SAMPLES_MAX);
        let index = sample.saturating_sub(self.first) as usize;
        if index >= self.ends.len() {
            self.ends.resize(index + 1, 0);
        }
        self.ends[index] += 1;
        self.before += 1;
    }

    /// The run is over, and so are they.
    pub(super) fn all_end(&mut self) {
        self.ends.clear();
        self.before = 0;
    }

    /// The number that have not ended before `now`, the end of a sample. Times asked for ascend.
    pub(super) fn on_their_way(&mut self, now: Nanos) -> u64 {
        let sample = now / self.sample_every;
        while self.first < sample {
            self.before -= u64::from(self.ends.pop_front().unwrap_or(0));
            self.first += 1;
            if self.ends.is_empty() {
                self.first = sample;
            }
        }
        self.before
    }

    /// The end of the last of them; 0 if there is none.
    pub(super) fn last(&self) -> Nanos {
        self.last
    }
}

impl<L: Reordered> Chain<'_, Fast<L>> {
    /// True if all that is left of the message is the copy in hand, which ends at `at`, perhaps with a receipt of
    /// `receipt`.
    #[inline]
    fn can_fast_forward(&self, record: &Message, at: Nanos, receipt: Option<Observed>) -> bool {
        record.open == 1
            && at < self.engine.plan.foreseeable_until
            && !receipt.is_some_and(|state| self.calls_for_refund(state))
    }

    /// Something happens to a copy at `at`, at the earliest now: as an event, unless it can be
    /// entered at once.
    #[inline(always)]
    pub(super) fn happens_ahead(
        &mut self,
        it: Copied<'_>,
        kind: EventKind,
        at: Nanos,
        s: &mut EventSet<Event>,
    ) {
        let Copied { message, copy, .. } = it;
        let record = &self.messages[message];
        // What falls into an outage happens at its end.
        let up = match self.carriers_fail {
            true => self.carriers[usize::from(record.carrier)].up_from(at),
            false => at,
        };
        let receipt = match kind {
            EventKind::Delivery => self.reported_by_handset(it, Observed::Delivered),
            EventKind::CarrierExpiry => self.reported_by_handset(it, Observed::Expired),
            _ => None,
        };
        // A person looks for a message before its later copies come at that very instant.
        let alone = copy == 0 || self.messages.recipient(message).is_none();
        if !alone || !self.can_fast_forward(record, up, receipt) {
            self.schedule_copy(it, kind, at, s);
            return;
        }
        match kind {
            EventKind::Delivery => self.delivery(it, up, s),
            EventKind::DeliveryLost => self.delivery_lost(it, up, s),
            _ => self.carrier_expiry(it, up, s),
        }
    }

    /// A copy ends at `at`, and its message with it if nothing else of that is open; the carrier has
    /// `says` to say of it.
    #[inline(always)]
    pub(super) fn copy_ends_ahead(
        &mut self,
        it: Copied<'_>,
        end: CopyEnd,
        says: Option<Observed>,
        at: Nanos,
        s: &mut EventSet<Event>,
    ) {
        let Copied { message, copy, .. } = it;
        if !self.can_fast_forward(&self.messages[message], at, says) {
            self.copy_ends_with(it, end, says, at, s);
            return;
        }
        // Not by a closure, which might become a function of its own.
        let receipt = match says {
            Some(state) => self.receipt(it, state, at),
            None => None,
        };
        let mut last = (at, end.by);
        if let Some(receipt) = receipt {
            self.hears(it, receipt.says);
            last = (receipt.at, EventKind::Receipt);
        }
        if L::MESSAGES && (receipt.is_some() || at > it.now) {
            let rank = self.messages[message].order.rank(last.1, copy);
            self.listener.fast_forwards(last.0, rank);
        }
        if last.0 > it.now {
            self.engine.fast_forwarded.add(last.0);
        }
        self.copy_ends((message, it.part), end.truth, end.place, at, s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_on_their_way_until_they_end() {
        let mut fast_forwarded = FastForwarded::new(10);
        assert_eq!(fast_forwarded.on_their_way(10), 0);
        for at in [11, 19, 20, 45, 1000] {
            fast_forwarded.add(at);
        }
        // At its very end a message is still there.
        assert_eq!(fast_forwarded.on_their_way(20), 3);
        fast_forwarded.add(45);
        assert_eq!([30, 40, 50].map(|now| fast_forwarded.on_their_way(now)), [3, 3, 1]);
        assert_eq!([1000, 1010].map(|now| fast_forwarded.on_their_way(now)), [1, 0]);
        assert_eq!(fast_forwarded.last(), 1000);
        fast_forwarded.add(2005);
        assert_eq!([2000, 2010].map(|now| fast_forwarded.on_their_way(now)), [1, 0]);
        fast_forwarded.add(2015);
        fast_forwarded.all_end();
        assert_eq!(fast_forwarded.on_their_way(2010), 0);
    }
}
