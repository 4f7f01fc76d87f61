//! Refused at the door: where a provider refuses what is over its rate, most of what it is asked for in
//! an overload is over before it began.

use crate::chain::event::{Event, What};
use crate::chain::incident::trouble_at;
use crate::chain::message::At;
use crate::chain::observer::Listener;
use crate::chain::outcome::{AttemptResult, Stage};
use crate::chain::world::Chain;
use crate::kernel::{Nanos, Scheduler};

impl<L: Listener> Chain<'_, L> {
    /// Is the submit that a message with a worker would make now refused for its provider's rate? Then
    /// it is, without a record: as [`Chain::ask_pace`] and what follows it would have it, if no guard
    /// stands there, a slot is free and nobody tells its story.
    #[inline(always)]
    pub(super) fn refused_at_the_door(
        &mut self,
        message: u32,
        via: u16,
        s: &mut Scheduler<Event>,
    ) -> bool {
        let index = self.spec.provider_by(via);
        if !self.has_door(index) {
            return false;
        }
        let Some(retry_after) = self.shut(message, index, s.now()) else {
            return false;
        };
        self.turned_away(message, index, retry_after, s);
        true
    }

    /// A message is back at its queue: would a worker take it now, and its submit be refused for its
    /// provider's rate, and all that before anything else happens? Then it is.
    #[inline(always)]
    pub(in crate::chain) fn refused_again(
        &mut self,
        message: u32,
        s: &mut Scheduler<Event>,
    ) -> bool {
        let now = s.now();
        let via = self.messages.via(message);
        let (index, queue) = (self.spec.provider_by(via), self.spec.queue_by(via));
        if !self.has_door(index)
            || !self.queues[queue].asks_at_once()
            || self.validity_end(message) <= now
        {
            return false;
        }
        let Some(retry_after) = self.shut(message, index, now) else {
            return false;
        };
        let record = &mut self.messages[message];
        let rank = record.order.rank(What::WorkerReady, 0);
        if record.taken == 0 || !s.take_at_once(rank) {
            return false;
        }
        record.taken += 1;
        self.begins(now, rank);
        self.queues[queue].busy.rise(now);
        self.turned_away(message, index, retry_after, s);
        true
    }

    /// Might a provider refuse a submit before it needs a record?
    #[inline(always)]
    fn has_door(&self, provider: usize) -> bool {
        !L::ALL && self.providers[provider].refuses && !self.policies.guarded
    }

    /// Would the provider refuse it for its rate, at once? With what wait it asks for.
    #[inline(never)]
    fn shut(&self, message: u32, index: usize, now: Nanos) -> Option<Nanos> {
        let provider = &self.providers[index];
        if !provider.has_slot(now)
            || !provider.slot_line.is_empty()
            || trouble_at(&provider.trouble, now).is_some_and(|trouble| trouble.outage(now))
        {
            return None;
        }
        let throttle = provider.throttle.as_ref()?;
        let tokens = &throttle.buckets[self.provider_bucket(message, index)];
        let segments = u64::from(self.messages[message].segments);
        let passes = tokens.would_pass(now, segments, throttle.time.as_ref());
        (!passes).then_some(throttle.retry_after)
    }

    #[inline(never)]
    fn turned_away(
        &mut self,
        message: u32,
        index: usize,
        retry_after: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        const RESULT: AttemptResult = AttemptResult::Throttled;
        let now = s.now();
        let record = &mut self.messages[message];
        record.attempts += 1;
        if record.attempts == 1 {
            self.ledger.latency(record.batch, Stage::WindowWait, 0);
        }
        self.ledger.latency(record.batch, Stage::Submit, 0);
        if record.counted() {
            let results = &mut self.ledger.results.providers[index];
            results.submits += 1;
            results.results[RESULT as usize] += 1;
        }
        record.moves_to(At::Aside, now);
        self.ledger.submitted(now);
        self.count_submit(message, index);
        // It held a slot, if for no time.
        self.providers[index].outstanding.touches(now);
        let policy = self.policy_of(message);
        let verdict = self.policies.verdict(policy, RESULT);
        self.pause_after(message, index, verdict, s);
        self.release_worker(message, s);
        self.decide(message, policy, verdict, (RESULT, retry_after), s);
    }
}
