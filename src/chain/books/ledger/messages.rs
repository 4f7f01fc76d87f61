//! Counts of messages: their money, further attempts, parts, copies and ends; and the digest.

use super::Ledger;
use crate::chain::books::ends::Kind;
use crate::chain::books::results::PartsResults;
use crate::chain::records::message::{Message, NEVER, UNCOUNTED};
use crate::chain::records::outcome::{Observed, PartEnd, Stage, Truth};
use crate::chain::spec::Nanounits;
use crate::kernel::{Nanos, SECOND};
use crate::random::mix;

impl Ledger {
    /// Part of a message's price is charged.
    #[inline]
    pub(crate) fn charged(&mut self, batch: u8, amount: Nanounits) {
        self.results.money.charged += if batch == UNCOUNTED { 0 } else { i128::from(amount) };
    }

    /// Part of a message's price is given back.
    #[inline]
    pub(crate) fn refunded(&mut self, batch: u8, amount: Nanounits) {
        self.results.money.refunded += if batch == UNCOUNTED { 0 } else { i128::from(amount) };
    }

    /// A person got more than one copy of what a request asked for.
    pub(crate) fn delivered_twice(&mut self, batch: u8) {
        self.results.delivered_twice += u64::from(batch != UNCOUNTED);
    }

    /// A sender acts on what it has seen of a message, for the `first` time.
    pub(crate) fn acts(&mut self, batch: u8, seen: Observed, first: bool) {
        if batch != UNCOUNTED {
            self.results.on_receipt.acted += u64::from(first);
            self.results.on_receipt.seen[seen as usize] += 1;
        }
    }

    /// A further attempt that it set going rejoins a queue.
    pub(crate) fn tries_further(&mut self, batch: u8) {
        self.results.on_receipt.attempts += u64::from(batch != UNCOUNTED);
    }

    /// A further attempt is called off before its time.
    pub(crate) fn called_off(&mut self, batch: u8) {
        self.results.on_receipt.called_off += u64::from(batch != UNCOUNTED);
    }

    /// A message of which a further copy arrived has ended: that was the only one, or one too many.
    pub(crate) fn further_arrival(&mut self, batch: u8, thanks_to_it: bool, too_many: bool) {
        if batch != UNCOUNTED {
            self.results.on_receipt.delivered += u64::from(thanks_to_it);
            self.results.on_receipt.duplicates += u64::from(too_many);
        }
    }

    /// Counts something of messages that go in parts.
    pub(crate) fn in_parts(&mut self, counted: bool, count: impl FnOnce(&mut PartsResults)) {
        if counted {
            count(&mut self.results.parts);
        }
    }

    /// A message of so many segments is taken apart.
    pub(crate) fn taken_apart(&mut self, counted: bool, segments: u16) {
        self.balance.parts += u64::from(segments);
        self.in_parts(counted, |parts| parts.messages += 1);
    }

    /// A part was submitted.
    pub(crate) fn part_submitted(&mut self, counted: bool) {
        self.in_parts(counted, |parts| parts.submitted += 1);
    }

    /// A provider accepted a copy of a part, and bills so much.
    pub(crate) fn part_accepted(&mut self, counted: bool, bill: Nanounits) {
        self.balance.part_copies_born += 1;
        self.balance.parts_billed += i128::from(bill);
        self.in_parts(counted, |parts| parts.accepted += 1);
    }

    /// A copy of a part reached the handset, which had that part or not.
    pub(crate) fn part_arrives(&mut self, counted: bool, again: bool) {
        self.in_parts(counted, |parts| parts.repeated += u64::from(again));
    }

    /// A copy of a part has ended, or is known to.
    pub(crate) fn part_copy_ended(&mut self) {
        self.balance.part_copies_ended += 1;
    }

    /// A message's parts have ended so, or the run has; its copies of parts cost so much.
    pub(crate) fn parts_ended(&mut self, counted: bool, ends: &[u64; PartEnd::COUNT], cost: i128) {
        self.balance.parts_ended += ends.iter().sum::<u64>();
        self.balance.parts_cost += cost;
        self.in_parts(counted, |parts| {
            parts.ends.iter_mut().zip(ends).for_each(|(all, own)| *all += own);
        });
    }

    /// A copy has ended, or is known to.
    #[inline]
    pub(crate) fn copy_ended(&mut self) {
        self.balance.copies_ended += 1;
    }

    /// A provider accepted a copy, `repeated`: beyond the first that its recipient was sent.
    #[inline(always)]
    pub(crate) fn handed_off(
        &mut self,
        now: Nanos,
        counted: bool,
        (route, provider, segments): (u16, usize, u16),
        bill: Nanounits,
        repeated: bool,
    ) {
        self.balance.copies_born += 1;
        self.sample(now).handed_off += 1;
        let segments = u64::from(segments);
        self.results.providers[provider].truly_accepted += u64::from(counted);
        self.results.routes[usize::from(route)].copies += u64::from(counted);
        self.results.segments_sent += segments * u64::from(counted);
        self.results.duplicate_copies += u64::from(repeated && counted);
        self.results.money.billed += if counted { i128::from(bill) } else { 0 };
        if !self.is_observed(now) {
            return;
        }
        let second = now / SECOND;
        if second != self.second {
            (self.second, self.second_segments) = (second, 0);
        }
        self.second_segments += segments;
        let peak = &mut self.results.happened.peak_segments;
        *peak = (*peak).max(self.second_segments);
    }

    /// A message's first copy reached the handset, `span` after its request.
    #[inline(always)]
    pub(crate) fn delivery(&mut self, batch: u8, stream: u16, span: Nanos) {
        self.latency(batch, Stage::Delivery, span);
        let within = self.within.iter().position(|&limit| span <= limit);
        let Some(group) = self.results.batches.get_mut(usize::from(batch)) else {
            return;
        };
        let number = usize::from(stream);
        let stream = &mut self.results.traffic[number];
        if let Some(spans) = self.deliveries.get_mut(number)
            && !spans.keep(span)
        {
            spans.enter(&mut stream.delivery);
            spans.keep(span);
        }
        if let Some(within) = within {
            group.within[within] += 1;
            stream.within[within] += 1;
        }
    }

    /// A copy reached the handset.
    #[inline]
    pub(crate) fn copy_delivered(&mut self, now: Nanos, counted: bool, segments: u16) {
        let series = &mut self.results.series;
        self.sample_ahead.find(series, self.sample_every, now).deliveries += 1;
        if counted {
            self.results.segments_delivered += u64::from(segments);
        }
    }

    /// A message has ended.
    #[inline(always)]
    pub(crate) fn ended(
        &mut self,
        message: &Message,
        truth: Truth,
        observed: Observed,
        message_id: u64,
        cost: i128,
    ) {
        self.balance.messages_ended += 1;
        self.balance.cost += cost;
        let digest = digest(message, truth, observed, message_id);
        self.results.digest = self.results.digest.wrapping_add(digest);
        let seen = observed == Observed::Delivered;
        let series = &mut self.results.series;
        let sample = self.sample_before.find(series, self.sample_every, message.requested);
        sample.cohort_delivered += u64::from(truth.delivered());
        sample.cohort_on_time += u64::from(truth == Truth::DeliveredOnTime);
        sample.cohort_observed += u64::from(seen);
        // By the delivery's time, whenever the message ends or is known to end.
        let delivered = u64::from(self.is_observed(message.delivered));
        self.results.happened.delivered += delivered;
        self.results.happened.on_time += delivered * u64::from(truth == Truth::DeliveredOnTime);
        if !message.counted() {
            return;
        }
        let kind = Kind { executed: message.handed_off < NEVER, truth, observed };
        self.ends.count(message.batch, message.stream, kind);
        self.results.ends[usize::from(message.place)][truth as usize] += 1;
        if message.attempts > 0 {
            let attempts = message.attempts as usize;
            if attempts >= self.results.attempts.len() {
                self.results.attempts.resize(attempts + 1, 0);
            }
            self.results.attempts[attempts] += 1;
        }
        if !truth.delivered() {
            self.results.money.wasted += cost;
        }
    }
}

/// One message's part of the run's digest: parts are added, so the order of completion doesn't
/// matter.
#[inline(always)]
fn digest(message: &Message, truth: Truth, observed: Observed, message_id: u64) -> u128 {
    let words = [
        message_id,
        message.requested,
        message.accepted,
        message.handed_off,
        message.delivered,
        u64::from(message.attempts) << 32 | u64::from(message.copies),
        (truth as u64) << 8 | observed as u64,
    ];
    let (mut low, mut high) = (0x243F_6A88_85A3_08D3_u64, 0x1319_8A2E_0370_7344_u64);
    for word in words {
        low = (low ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        high = high.wrapping_add(low ^ word.rotate_left(32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        high ^= high >> 32;
    }
    u128::from(mix(low ^ high)) << 64 | u128::from(mix(high.wrapping_add(low.rotate_left(17))))
}
