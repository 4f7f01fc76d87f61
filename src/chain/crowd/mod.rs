//! Calls in a crowd: where far more is asked of the API than its rate limit lets through, what is
//! pending are mostly the next calls of those who were refused, and most of them will be refused again.
//!
//! While no token can be there before some instant, every call up to then is refused, in whatever order
//! they come and whatever else happens: a call that is refused, and made again, has to do with its own
//! request alone, and with nothing of that which another event looks at. So calls to come wait
//! unordered, by the short slots of time that they fall into. From one token to the next all that are
//! refused for certain are at once, without events, their waits drawn side by side; of the others the
//! first becomes an event, and with it the rest comes up again. No result differs from that of a run that
//! goes step by step.
//!
//! What a refused call needs is kept with it: requests are far from each other in memory. They learn of their
//! calls when one becomes an event, or when the run is over.

mod slots;

pub(super) use self::slots::Crowd;

use self::slots::Waiting;
use super::answer::Answer;
use super::event::{Event, What};
use super::message::{NEVER, Request};
use super::observer::Listener;
use super::outcome::Rejection;
use super::purpose::CLIENT_WAIT;
use super::read_ahead::fetch;
use super::retry::{self, Spread};
use super::spec::{GiveUp, Tries};
use super::world::Chain;
use crate::kernel::{Nanos, Scheduler};
use crate::random::{Block, Chance, DrawSource, Owner};

/// How calls in a crowd end.
const REJECTION: Rejection = Rejection::RateLimited;

impl<L: Listener> Chain<'_, L> {
    /// The request's next call is made then: as an event, or in the crowd where there is one.
    #[inline(always)]
    pub(super) fn schedule_call(&mut self, request: u32, due: Nanos, s: &mut Scheduler<Event>) {
        if let Some(crowd) = &mut self.crowd
            && self.rate_limit.as_ref().is_some_and(|bucket| bucket.is_known_short(s.now(), 1))
        {
            let &Request { key, calls, .. } = &self.requests[request];
            if crowd.joins(Waiting { due, request, calls, key }, s) {
                return;
            }
        }
        self.schedule_by_itself(request, due, s);
    }

    /// A call becomes an event.
    #[inline(always)]
    fn leaves_crowd(&mut self, call: Waiting, s: &mut Scheduler<Event>) {
        self.request_calls(call.request, call.calls, call.due, s);
    }

    #[inline(never)]
    fn request_calls(&mut self, request: u32, calls: u32, due: Nanos, s: &mut Scheduler<Event>) {
        self.request_learns(request, calls);
        self.schedule_by_itself(request, due, s);
    }

    #[inline]
    fn schedule_by_itself(&self, request: u32, due: Nanos, s: &mut Scheduler<Event>) {
        let rank = self.requests[request].order().rank(What::Call, 0);
        s.schedule(due, rank, Event::new(What::Call, request, 0));
    }

    /// A request learns of its calls that were refused in the crowd, so that there are so many of all.
    #[inline(always)]
    fn request_learns(&mut self, request: u32, calls: u32) {
        let record = &mut self.requests[request];
        let refused = calls - record.calls;
        if refused == 0 {
            return;
        }
        record.calls = calls;
        record.answered_by = calls - 1;
        record.refuse(calls - 1, REJECTION);
        if record.counted() {
            self.ledger.results.requests.client_retries += u64::from(refused);
        }
    }

    /// The run is over: requests learn of all calls.
    pub(super) fn crowd_ends(&mut self) {
        if let Some(crowd) = self.crowd.take() {
            for &call in crowd.iter() {
                self.request_learns(call.request, call.calls);
            }
        }
    }

    /// A slot of the crowd comes up.
    #[inline(never)]
    pub(super) fn crowd_opens(&mut self, s: &mut Scheduler<Event>) {
        let refused = self.crowd_comes_up(s);
        s.stood_for(refused);
    }

    /// After a call: was it the first of those that were left?
    #[inline(always)]
    pub(super) fn crowd_goes_on(&mut self, s: &mut Scheduler<Event>) {
        if let Some(crowd) = &self.crowd
            && crowd.is_up(s.now())
        {
            let refused = self.crowd_comes_up(s);
            s.stood_for(refused + 1);
        }
    }

    /// Something comes up in the crowd. Returns how many calls were refused.
    #[inline(never)]
    fn crowd_comes_up(&mut self, s: &mut Scheduler<Event>) -> u64 {
        let now = s.now();
        let (Some(mut crowd), Some(bucket)) = (self.crowd.take(), &self.rate_limit) else {
            return 0;
        };
        let mut refused = 0;
        if crowd.is_up(now) {
            let tries = self.verdicts.of(Answer::Refused(REJECTION)).tries;
            // Before this nobody gets a token, no sample of the time series ends, and the run doesn't.
            let token = bucket.next_token(now, self.rate_limit_time.as_ref());
            let certain = token.min(self.next_sample).min(self.end.saturating_add(1));
            crowd.open(now, if tries.is_some() { certain } else { 0 });
            let first = crowd.left.iter().min_by_key(|call| call.due).copied();
            if let Some(first) = first {
                let record = &self.requests[first.request];
                fetch(&record.key);
                fetch(&record.repeat);
            }
            refused = tries.map_or(0, |tries| self.refuse_together(tries, &mut crowd, s));
            self.first_of_crowd(first, &mut crowd, s);
        }
        self.crowd = Some(crowd);
        refused
    }

    /// Calls are refused for the API's rate, and their requests' next ones join the crowd. Those that have none
    /// are events after all; the others are counted.
    fn refuse_together(
        &mut self,
        tries: &Tries,
        crowd: &mut Crowd,
        s: &mut Scheduler<Event>,
    ) -> u64 {
        let same = retry::same_spread(tries).filter(|_| tries.give_up == GiveUp::Never);
        let (Some(spread), Some(chance)) = (same, self.chance.ahead()) else {
            return self.refuse_each(tries, crowd, s);
        };
        let calls = std::mem::take(&mut crowd.refused);
        let mut dues = std::mem::take(&mut crowd.dues);
        next_calls(&calls, spread, chance, &mut dues);
        let most = tries.max_attempts.unwrap_or(u32::MAX);
        let mut refused = 0;
        for (&call, &due) in calls.iter().zip(&dues) {
            if call.calls + 1 >= most {
                self.leaves_crowd(call, s);
                continue;
            }
            refused += 1;
            self.joins_crowd(Waiting { due, calls: call.calls + 1, ..call }, crowd, s);
        }
        (crowd.refused, crowd.dues) = (calls, dues);
        crowd.refused.clear();
        refused
    }

    /// The same for any policy.
    #[inline(never)]
    fn refuse_each(&mut self, tries: &Tries, crowd: &mut Crowd, s: &mut Scheduler<Event>) -> u64 {
        let most = tries.max_attempts.unwrap_or(u32::MAX);
        let mut calls = std::mem::take(&mut crowd.refused);
        let mut refused = 0;
        for call in calls.drain(..) {
            let made = call.calls + 1;
            match self.next_call(call.request, call.key, made, tries, call.due) {
                Ok(due) if made < most => {
                    refused += 1;
                    self.joins_crowd(Waiting { due, calls: made, ..call }, crowd, s);
                }
                _ => self.leaves_crowd(call, s),
            }
        }
        crowd.refused = calls;
        refused
    }

    #[inline(always)]
    fn joins_crowd(&mut self, call: Waiting, crowd: &mut Crowd, s: &mut Scheduler<Event>) {
        if !crowd.joins(call, s) {
            self.leaves_crowd(call, s);
        }
    }

    /// The first of calls that are left may have a token and becomes an event, as do those of its instant.
    /// With it the rest comes up again: if it took the token, that is refused for certain.
    fn first_of_crowd(
        &mut self,
        first: Option<Waiting>,
        crowd: &mut Crowd,
        s: &mut Scheduler<Event>,
    ) {
        let at = first.map_or(NEVER, |first| first.due);
        crowd.left.retain(|&call| {
            let first = call.due == at;
            if first {
                self.leaves_crowd(call, s);
            }
            !first
        });
        crowd.goes_on(at, s);
    }
}

/// When the calls after these are made.
// By itself: the processor has more of them under way in loops that do little.
fn next_calls(calls: &[Waiting], spread: Spread, chance: &Chance, dues: &mut Vec<Nanos>) {
    dues.resize(calls.len(), 0);
    if spread.is_random() {
        let draw = |call: &Waiting| (call.key, Owner::NONE, call.calls + 1);
        chance.draw_all(calls, draw, CLIENT_WAIT, dues, Block::first);
    }
    for (due, call) in dues.iter_mut().zip(calls) {
        let word = *due;
        *due = call.due.saturating_add(spread.wait(|| word));
    }
}
