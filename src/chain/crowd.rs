//! Calls in a crowd: where far more is asked of the API than its rate limit lets through, what is
//! pending are mostly the next calls of those who were refused, and most of them will be refused again.
//!
//! While no token can be there before some instant, every call up to then is refused, in whatever order
//! they come and whatever else happens: a call that is refused, and made again, has to do with its own
//! request alone, and with nothing of that which another event looks at. So calls to come wait here
//! unordered, by the short slots of time that they fall into. When a slot comes up, those that are
//! refused for certain are, one after the other, without events; of the others the first becomes one,
//! and the rest comes up again when that has happened. No result differs from that of a run that goes step
//! by step.
//!
//! What a refused call needs is kept with it: requests are far from each other in memory. They learn of their
//! calls when one becomes an event, or when the run is over.

use super::answer::Answer;
use super::event::{Event, Order, What};
use super::message::{NEVER, Request};
use super::observer::Listener;
use super::outcome::Rejection;
use super::spec::{Spec, Tries};
use super::world::Chain;
use crate::kernel::{Lists, Nanos, Scheduler};
use crate::random::Key;

/// So many slots ahead; what is further ahead becomes an event.
const SLOTS: usize = 1 << 12;
/// How calls in a crowd end.
const REJECTION: Rejection = Rejection::RateLimited;
/// No slot.
const NONE: u64 = u64::MAX;

/// A call to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Waiting {
    due: Nanos,
    request: u32,
    /// Calls its request has made.
    calls: u32,
    /// Its request's.
    key: Key,
}

/// Calls to come, by slots of time.
#[derive(Debug)]
pub(super) struct Crowd {
    /// A slot is 2 to the power of this, in nanoseconds.
    slot_bits: u32,
    /// By a slot's number modulo their count.
    calls: Lists<Waiting, SLOTS>,
    /// A bit a slot: is anything in it?
    occupied: [u64; SLOTS / 64],
    /// The number of the first slot that isn't empty, whose opening is scheduled.
    first: u64,
    /// What is left of the slot that is open.
    opened: Vec<Waiting>,
}

impl Crowd {
    /// Of a scenario whose API has a rate limit. A slot is up to twice as long as a token takes: of
    /// shorter ones more are opened, of longer ones the rest comes up more often.
    pub(super) fn of(spec: &Spec) -> Option<Crowd> {
        let limit = spec.api.rate_limit.as_ref()?;
        let period = (1e9 / limit.rate) as u64;
        Some(Crowd {
            slot_bits: period.saturating_mul(2).max(1).ilog2(),
            calls: Lists::new(),
            occupied: [0; SLOTS / 64],
            first: NONE,
            opened: Vec::new(),
        })
    }

    /// Has it room for a call? If so it joins.
    #[inline]
    fn joins(&mut self, call: Waiting, now: Nanos) -> bool {
        let slot = call.due >> self.slot_bits;
        let ahead = slot - (now >> self.slot_bits);
        if ahead == 0 || ahead >= SLOTS as u64 {
            return false;
        }
        let index = slot as usize % SLOTS;
        self.occupied[index / 64] |= 1 << (index % 64);
        self.calls.push(index, call);
        true
    }

    /// Schedules the opening of the slot of a call that joined, if that is the first now.
    #[inline]
    fn awaits(&mut self, due: Nanos, s: &mut Scheduler<Event>) {
        let slot = due >> self.slot_bits;
        if slot < self.first {
            self.first = slot;
            self.schedule_first(s);
        }
    }

    /// The first slot is opened just before it begins.
    #[inline(never)]
    fn schedule_first(&self, s: &mut Scheduler<Event>) {
        if self.first < NONE {
            schedule_opening((self.first << self.slot_bits) - 1, s);
        }
    }

    /// Takes out what is in the slot that begins after `now`, if that is the first.
    fn open(&mut self, now: Nanos, s: &mut Scheduler<Event>) {
        let slot = (now + 1) >> self.slot_bits;
        if slot != self.first {
            // There is only the rest of one, or an earlier one has come first meanwhile, and scheduled
            // this one anew.
            return;
        }
        let index = slot as usize % SLOTS;
        self.occupied[index / 64] &= !(1 << (index % 64));
        let mut calls = self.calls.detach(index);
        while calls.len() > 0 {
            let places = self.calls.first_piece(calls);
            self.opened.extend(places.map(|place| self.calls.at(place)));
            self.calls.drop_first(&mut calls);
        }
        self.first = self.after(slot);
        self.schedule_first(s);
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

/// After all else of that instant.
fn schedule_opening(at: Nanos, s: &mut Scheduler<Event>) {
    let rank = Order::station(What::CrowdOpens, 0).rank(What::CrowdOpens, 0);
    s.schedule(at, rank, Event::new(What::CrowdOpens, 0, 0));
}

impl<L: Listener> Chain<'_, L> {
    /// The request's next call is made then: as an event, or in the crowd where there is one.
    #[inline(always)]
    pub(super) fn schedule_call(&mut self, request: u32, due: Nanos, s: &mut Scheduler<Event>) {
        if self.rate_limit.as_ref().is_some_and(|bucket| bucket.is_known_short(s.now(), 1)) {
            let &Request { key, calls, .. } = &self.requests[request];
            self.joins_crowd(Waiting { due, request, calls, key }, s);
        } else {
            self.schedule_by_itself(request, due, s);
        }
    }

    #[inline(always)]
    fn joins_crowd(&mut self, call: Waiting, s: &mut Scheduler<Event>) {
        if let Some(crowd) = &mut self.crowd
            && crowd.joins(call, s.now())
        {
            crowd.awaits(call.due, s);
        } else {
            self.leaves_crowd(call, s);
        }
    }

    /// A call becomes an event.
    #[inline(never)]
    fn leaves_crowd(&mut self, call: Waiting, s: &mut Scheduler<Event>) {
        self.request_learns(call);
        self.schedule_by_itself(call.request, call.due, s);
    }

    #[inline]
    fn schedule_by_itself(&self, request: u32, due: Nanos, s: &mut Scheduler<Event>) {
        let rank = self.requests[request].order().rank(What::Call, 0);
        s.schedule(due, rank, Event::new(What::Call, request, 0));
    }

    /// A request learns of its calls that were refused in the crowd.
    fn request_learns(&mut self, call: Waiting) {
        let record = &mut self.requests[call.request];
        let refused = call.calls - record.calls;
        if refused == 0 {
            return;
        }
        record.calls = call.calls;
        record.answered_by = call.calls - 1;
        record.refuse(call.calls - 1, REJECTION);
        if record.counted() {
            self.ledger.results.requests.client_retries += u64::from(refused);
        }
    }

    /// The run is over: requests learn of all calls.
    pub(super) fn crowd_ends(&mut self) {
        if let Some(crowd) = self.crowd.take() {
            for &call in crowd.calls.iter().chain(&crowd.opened) {
                self.request_learns(call);
            }
        }
    }

    /// A slot of the crowd comes up, or the rest of one.
    #[inline(never)]
    pub(super) fn crowd_opens(&mut self, s: &mut Scheduler<Event>) {
        let now = s.now();
        let (Some(crowd), Some(bucket)) = (&mut self.crowd, &self.rate_limit) else {
            return;
        };
        crowd.open(now, s);
        let mut calls = std::mem::take(&mut crowd.opened);
        // Before this nobody gets a token, no sample of the time series ends, and the run doesn't.
        let token = bucket.next_token(now, self.rate_limit_time.as_ref());
        let certain = token.min(self.next_sample).min(self.end.saturating_add(1));
        let tries = self.verdicts.of(Answer::Refused(REJECTION)).tries;
        let (mut refused, mut rest) = (0, 0);
        for index in 0..calls.len() {
            let call = calls[index];
            if call.due >= certain {
                calls[rest] = call;
                rest += 1;
                continue;
            }
            match tries.and_then(|tries| self.refused_in_crowd(call, tries)) {
                Some(next) => {
                    refused += 1;
                    self.joins_crowd(next, s);
                }
                None => self.leaves_crowd(call, s),
            }
        }
        s.stood_for(refused);
        calls.truncate(rest);
        if rest > 0 {
            self.first_of_crowd(&mut calls, s);
        }
        if let Some(crowd) = &mut self.crowd {
            crowd.opened = calls;
        }
    }

    /// The first of calls that may have a token becomes an event, as do those of its instant. When it has
    /// happened the rest comes up again: if it took the token, that is refused for certain.
    #[inline(never)]
    fn first_of_crowd(&mut self, calls: &mut Vec<Waiting>, s: &mut Scheduler<Event>) {
        let first = calls.iter().map(|call| call.due).min().unwrap_or(NEVER);
        calls.retain(|&call| {
            if call.due == first {
                self.leaves_crowd(call, s);
            }
            call.due > first
        });
        if !calls.is_empty() {
            schedule_opening(first, s);
        }
    }

    /// A call is refused for the API's rate: its request's next one. `None`: there may be none.
    #[inline(always)]
    fn refused_in_crowd(&self, call: Waiting, tries: &Tries) -> Option<Waiting> {
        let calls = call.calls + 1;
        if tries.max_attempts.is_some_and(|most| calls >= most) {
            return None;
        }
        let due = self.next_call(call.request, call.key, calls, tries, call.due).ok()?;
        Some(Waiting { due, calls, ..call })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd() -> Crowd {
        Crowd {
            slot_bits: 4,
            calls: Lists::new(),
            occupied: [0; SLOTS / 64],
            first: NONE,
            opened: Vec::new(),
        }
    }

    fn call(request: u32, due: Nanos) -> Waiting {
        Waiting { due, request, calls: 1, key: Key(0) }
    }

    #[test]
    fn the_slot_after_is_the_next_that_is_not_empty() {
        let last = SLOTS as u64 - 1;
        for now in [0, 1, 63, 64, 1000, last, last + 1, 3 * last] {
            for ahead in [1, 2, 63, 64, 65, 2000, last] {
                let mut crowd = crowd();
                assert_eq!(crowd.after(now), NONE);
                assert!(crowd.joins(call(7, (now + ahead) << 4 | 5), now << 4));
                assert_eq!(crowd.after(now), now + ahead, "{now} {ahead}");
            }
        }
    }

    #[test]
    fn what_is_now_or_too_far_ahead_finds_no_room() {
        let mut crowd = crowd();
        assert!(!crowd.joins(call(1, 15), 3));
        assert!(!crowd.joins(call(1, (SLOTS as u64) << 4), 3));
        assert!(crowd.joins(call(1, 16), 3));
        assert!(crowd.joins(call(1, ((SLOTS as u64) << 4) - 1), 3));
    }

    #[test]
    fn a_slot_gives_back_what_joined_it() {
        let (mut crowd, mut s) = (crowd(), Scheduler::new());
        for (request, due) in [(3, 90), (4, 40), (5, 45)] {
            assert!(crowd.joins(call(request, due), 0));
            crowd.awaits(due, &mut s);
        }
        let mut opens = |at| {
            assert_eq!(s.take(Nanos::MAX).map(|(at, _)| at), Some(at));
            crowd.open(at, &mut s);
            std::mem::take(&mut crowd.opened)
        };
        assert_eq!(opens(31), [call(4, 40), call(5, 45)]);
        // Scheduled for the first call, and anew; nothing is left then.
        assert_eq!(opens(79), [call(3, 90)]);
        assert_eq!(opens(79), []);
        assert!(s.is_empty());
    }
}
