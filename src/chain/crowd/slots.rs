//! Calls to come, unordered, by the slots of time that they fall into.

use crate::chain::event::{Event, Order, What};
use crate::chain::message::NEVER;
use crate::chain::spec::Spec;
use crate::kernel::{Lists, Nanos, Scheduler};
use crate::random::Key;

/// So many slots ahead; what is further ahead becomes an event.
const SLOTS: usize = 1 << 12;
/// No slot.
const NONE: u64 = u64::MAX;

/// A call to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) due: Nanos,
    pub(super) request: u32,
    /// Calls its request has made.
    pub(super) calls: u32,
    /// Its request's.
    pub(super) key: Key,
}

/// Calls to come, by slots of time.
#[derive(Debug)]
pub(in crate::chain) struct Crowd {
    /// A slot is 2 to the power of this, in nanoseconds.
    slot_bits: u32,
    /// By a slot's number modulo their count.
    calls: Lists<Waiting, SLOTS>,
    /// A bit a slot: is anything in it?
    occupied: [u64; SLOTS / 64],
    /// The number of the first slot that isn't empty.
    first: u64,
    /// When something comes up next: with a call, or an event. Other events are void.
    comes_up_at: Nanos,
    /// What of slots that were opened isn't refused for certain.
    pub(super) left: Vec<Waiting>,
    /// What of them is, and when the next ones are due.
    pub(super) refused: Vec<Waiting>,
    pub(super) dues: Vec<Nanos>,
}

impl Crowd {
    /// Of a scenario whose API has a rate limit. A slot is up to twice as long as a token takes: of
    /// shorter ones more are opened, of longer ones the rest comes up more often.
    pub(in crate::chain) fn of(spec: &Spec) -> Option<Crowd> {
        let limit = spec.api.rate_limit.as_ref()?;
        let period = (1e9 / limit.rate) as u64;
        Some(Crowd::with_slots(period.saturating_mul(2).max(1).ilog2()))
    }

    fn with_slots(slot_bits: u32) -> Crowd {
        Crowd {
            slot_bits,
            calls: Lists::new(),
            occupied: [0; SLOTS / 64],
            first: NONE,
            comes_up_at: NEVER,
            left: Vec::new(),
            refused: Vec::new(),
            dues: Vec::new(),
        }
    }

    /// A call joins, if there is room for it.
    #[inline(always)]
    pub(super) fn joins(&mut self, call: Waiting, s: &mut Scheduler<Event>) -> bool {
        let slot = call.due >> self.slot_bits;
        let ahead = slot - (s.now() >> self.slot_bits);
        if ahead == 0 || ahead >= SLOTS as u64 {
            return false;
        }
        if !self.calls.push_if_room(slot as usize % SLOTS, call) {
            let Waiting { due, request, calls, key } = call;
            self.begins_piece(due, request, calls, key, s);
        }
        true
    }

    /// A call that joins is the first of a piece, and maybe of its slot, and that of all.
    // In single words: who hands over a whole call keeps it in memory, not in
    // registers, and the loop where calls are refused is the hottest there is.
    #[inline(never)]
    fn begins_piece(
        &mut self,
        due: Nanos,
        request: u32,
        calls: u32,
        key: Key,
        s: &mut Scheduler<Event>,
    ) {
        let slot = due >> self.slot_bits;
        let index = slot as usize % SLOTS;
        self.calls.push_into_new_piece(index, Waiting { due, request, calls, key });
        self.occupied[index / 64] |= 1 << (index % 64);
        if slot < self.first {
            self.first = slot;
            self.comes_up(self.start(slot) - 1, s);
        }
    }

    /// When a slot begins.
    fn start(&self, slot: u64) -> Nanos {
        slot << self.slot_bits
    }

    /// Something comes up at that instant, after all else of it.
    fn comes_up(&mut self, at: Nanos, s: &mut Scheduler<Event>) {
        if at < self.comes_up_at {
            self.comes_up_at = at;
            let rank = Order::station(What::CrowdOpens, 0).rank(What::CrowdOpens, 0);
            s.schedule(at, rank, Event::new(What::CrowdOpens, 0, 0));
        }
    }

    /// Does something come up now?
    #[inline(always)]
    pub(super) fn is_up(&self, now: Nanos) -> bool {
        self.comes_up_at == now
    }

    /// What is up has been seen to, and the calls of an instant that were the first of those left have become
    /// events: with them the others come up, or else the next slot does.
    pub(super) fn goes_on(&mut self, first: Nanos, s: &mut Scheduler<Event>) {
        if !self.left.is_empty() {
            self.comes_up_at = self.comes_up_at.min(first);
        }
        if self.first < NONE {
            if self.left.is_empty() {
                self.comes_up(self.start(self.first) - 1, s);
            }
            for next in [self.first, self.first + 1] {
                self.calls.fetch(next as usize % SLOTS);
            }
        }
    }

    /// Something is up: opens the slots that begin just after `now`, or before `certain`. Calls before that are
    /// refused; others are left.
    pub(super) fn open(&mut self, now: Nanos, certain: Nanos) {
        self.comes_up_at = NEVER;
        while self.first < NONE {
            let slot = self.first;
            let start = self.start(slot);
            if start > now + 1 && start >= certain {
                break;
            }
            let index = slot as usize % SLOTS;
            self.occupied[index / 64] &= !(1 << (index % 64));
            let whole = self.start(slot + 1) <= certain;
            let opened = if whole { &mut self.refused } else { &mut self.left };
            let mut calls = self.calls.detach(index);
            while calls.len() > 0 {
                opened.extend_from_slice(self.calls.first_piece(calls));
                self.calls.drop_first(&mut calls);
            }
            self.first = self.after(slot);
        }
        let refused = put_first(&mut self.left, |call| call.due < certain);
        self.refused.extend(self.left.drain(..refused));
    }

    /// All that wait.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Waiting> {
        self.calls.iter().chain(&self.left)
    }

    /// The first slot after that one that isn't empty.
    fn after(&self, slot: u64) -> u64 {
        const WORDS: usize = SLOTS / 64;
        let from = (slot + 1) as usize % SLOTS;
        // The first word twice: from there on, and in the end what is before.
        let words = (0..=WORDS).map(|word| (from / 64 + word) % WORDS);
        for (turn, word) in words.enumerate() {
            let there = match turn {
                0 => self.occupied[word] & (u64::MAX << (from % 64)),
                WORDS => self.occupied[word] & !(u64::MAX << (from % 64)),
                _ => self.occupied[word],
            };
            if there != 0 {
                let index = word * 64 + there.trailing_zeros() as usize;
                let ahead = (index + SLOTS - from) % SLOTS;
                return slot + 1 + ahead as u64;
            }
        }
        NONE
    }
}

/// Puts those first of which something is true, and counts them. Without a branch: which they are is
/// anybody's guess.
#[inline(always)]
fn put_first(calls: &mut [Waiting], is_one: impl Fn(&Waiting) -> bool) -> usize {
    let mut count = 0;
    for index in 0..calls.len() {
        let one = is_one(&calls[index]);
        calls.swap(index, count);
        count += usize::from(one);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(request: u32, due: Nanos) -> Waiting {
        Waiting { due, request, calls: 1, key: Key(0) }
    }

    fn scheduler(now: Nanos) -> Scheduler<Event> {
        let mut s = Scheduler::new();
        s.schedule(now, 0, Event::new(What::CrowdOpens, 0, 0));
        s.take(now);
        s
    }

    #[test]
    fn the_slot_after_is_the_next_that_is_not_empty() {
        let last = SLOTS as u64 - 1;
        for now in [0, 1, 63, 64, 1000, last, last + 1, 3 * last] {
            for ahead in [1, 2, 63, 64, 65, 2000, last] {
                let (mut crowd, mut s) = (Crowd::with_slots(4), scheduler(now << 4));
                assert_eq!(crowd.after(now), NONE);
                assert!(crowd.joins(call(7, (now + ahead) << 4 | 5), &mut s));
                assert_eq!(crowd.after(now), now + ahead, "{now} {ahead}");
            }
        }
    }

    #[test]
    fn what_is_now_or_too_far_ahead_finds_no_room() {
        let (mut crowd, mut s) = (Crowd::with_slots(4), scheduler(3));
        assert!(!crowd.joins(call(1, 15), &mut s));
        assert!(!crowd.joins(call(1, (SLOTS as u64) << 4), &mut s));
        assert!(crowd.joins(call(1, 16), &mut s));
        assert!(crowd.joins(call(1, ((SLOTS as u64) << 4) - 1), &mut s));
    }

    #[test]
    fn slots_give_back_what_joined_them() {
        let (mut crowd, mut s) = (Crowd::with_slots(4), scheduler(0));
        for (request, due) in [(3, 90), (4, 40), (5, 45), (6, 70)] {
            assert!(crowd.joins(call(request, due), &mut s));
        }
        // Scheduled for the first that joined, and for an earlier one.
        assert_eq!(s.take(Nanos::MAX).map(|(at, _)| at), Some(31));
        crowd.open(31, 32);
        crowd.left.sort_unstable_by_key(|call| call.due);
        assert_eq!(crowd.left, [call(4, 40), call(5, 45)]);
        assert_eq!(crowd.refused, []);
        crowd.left.retain(|call| call.due > 40);
        // Up to what is certain all slots are opened.
        crowd.open(40, 90);
        assert_eq!(crowd.refused, [call(6, 70), call(5, 45)]);
        assert_eq!(crowd.left, [call(3, 90)]);
        assert_eq!(crowd.first, NONE);
    }
}
