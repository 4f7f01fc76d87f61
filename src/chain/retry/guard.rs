//! What stands before a provider (or, for the client, before the API): the budget of retries and
//! the breaker of each policy, and who waits for a breaker.

use super::breaker::{Breaker, Turn};
use super::budget::{Cause, Paid, Purse};
use super::verdict::{Verdict, Verdicts, verdicts};
use crate::chain::engine::Engine;
use crate::chain::event::{Event, Order, What};
use crate::chain::message::At;
use crate::chain::outcome::AttemptResult;
use crate::chain::queue::Ticket;
use crate::chain::spec::{self, Policy, Spec};
use crate::chain::story::{RetryStep, Step};
use crate::chain::submit::Submit;
use crate::chain::world::Chain;
use crate::kernel::{Nanos, Scheduler};
use std::collections::VecDeque;

/// One policy's budget and breaker at one provider.
#[derive(Debug)]
pub(in crate::chain) struct Guard {
    pub(in crate::chain) purse: Option<Purse>,
    pub(in crate::chain) breaker: Option<Breaker>,
    /// Who waits for the breaker to let them through: messages, for the client's guard requests.
    pub(in crate::chain) held: VecDeque<Ticket>,
}

impl Guard {
    fn new<On>(policy: &Policy<On>) -> Guard {
        Guard {
            purse: policy.budget.as_ref().map(Purse::new),
            breaker: policy.breaker.as_ref().map(Breaker::new),
            held: VecDeque::new(),
        }
    }

    pub(in crate::chain) fn blocks(&self) -> bool {
        self.breaker.as_ref().is_some_and(Breaker::blocks)
    }

    /// Books a result: what failed and why, or what succeeded after which retry.
    pub(in crate::chain) fn result(
        &mut self,
        now: Nanos,
        failure: Option<Cause>,
        paid: Option<Cause>,
        succeeded: bool,
        probe: bool,
    ) -> Option<Turn> {
        if let Some(purse) = &mut self.purse {
            match failure {
                Some(cause) => purse.failed(cause),
                None if succeeded => purse.succeeded(paid),
                None => {}
            }
        }
        self.breaker.as_mut().and_then(|breaker| breaker.result(now, failure.is_some(), probe))
    }
}

/// The retry policies of a run, and their guards.
#[derive(Debug)]
pub(in crate::chain) struct Policies<'run> {
    /// The scenario's, then those of streams and queues that have their own.
    list: Vec<&'run spec::Retry>,
    /// By policy.
    verdicts: Vec<Verdicts<'run>>,
    of_stream: Vec<Option<usize>>,
    of_queue: Vec<usize>,
    /// By policy, within it by provider; the client's comes last.
    guards: Vec<Guard>,
    providers: usize,
    /// Some policy towards providers has a budget or a breaker.
    pub(in crate::chain) guarded: bool,
    /// The client's policy has one.
    pub(in crate::chain) client_guarded: bool,
    /// Some policy towards providers has a breaker.
    pub(in crate::chain) breaks: bool,
    /// Some policy hedges.
    pub(in crate::chain) hedges: bool,
}

impl<'run> Policies<'run> {
    pub(in crate::chain) fn new(spec: &'run Spec) -> Policies<'run> {
        let mut list = vec![&spec.retry];
        let mut own = |retry: &'run Option<spec::Retry>| {
            retry.as_ref().map(|retry| {
                list.push(retry);
                list.len() - 1
            })
        };
        let of_stream = spec.traffic.iter().map(|stream| own(&stream.retry)).collect();
        let of_queue = spec.queues.iter().map(|queue| own(&queue.retry).unwrap_or(0)).collect();
        let providers = spec.providers.len();
        let guards: Vec<Guard> = list
            .iter()
            .flat_map(|retry| (0..providers).map(|_| Guard::new(&retry.policy)))
            .chain([Guard::new(&spec.client.retry)])
            .collect();
        let breaks = list.iter().any(|retry| retry.policy.breaker.is_some());
        let guarded = breaks || list.iter().any(|retry| retry.policy.budget.is_some());
        let hedges = list.iter().any(|retry| retry.hedge.is_some());
        let client = &spec.client.retry;
        let client_guarded = client.breaker.is_some() || client.budget.is_some();
        Policies {
            verdicts: list.iter().map(|retry| verdicts(&retry.policy)).collect(),
            list,
            of_stream,
            of_queue,
            guards,
            providers,
            guarded,
            client_guarded,
            breaks,
            hedges,
        }
    }

    /// The policy of a stream's messages in a queue, which is asked for only if it matters.
    #[inline(always)]
    pub(in crate::chain) fn of(&self, stream: u16, queue: impl FnOnce() -> usize) -> usize {
        if self.list.len() == 1 {
            return 0;
        }
        self.of_stream[usize::from(stream)].unwrap_or_else(|| self.of_queue[queue()])
    }

    pub(in crate::chain) fn retry(&self, policy: usize) -> &'run spec::Retry {
        self.list[policy]
    }

    /// What a policy makes of a result.
    #[inline]
    pub(in crate::chain) fn verdict(&self, policy: usize, result: AttemptResult) -> Verdict<'run> {
        self.verdicts[policy][result as usize]
    }

    /// The guard of a policy at a provider.
    pub(in crate::chain) fn guard_of(&self, policy: usize, provider: usize) -> u32 {
        (policy * self.providers + provider) as u32
    }

    /// The provider a guard stands before; `None`: it is the client's.
    pub(in crate::chain) fn provider_of_guard(&self, guard: u32) -> Option<u32> {
        (guard < self.client()).then(|| guard % self.providers as u32)
    }

    /// Every breaker: the provider it stands before (`None`: the client's, before the API), its
    /// state, and how many wait for it.
    pub(in crate::chain) fn breakers(&self) -> Vec<(Option<u32>, &'static str, usize)> {
        (0..)
            .zip(&self.guards)
            .filter_map(|(number, guard)| {
                let state = guard.breaker.as_ref()?.state();
                Some((self.provider_of_guard(number), state, guard.held.len()))
            })
            .collect()
    }

    /// The client's own.
    pub(in crate::chain) fn client(&self) -> u32 {
        (self.guards.len() - 1) as u32
    }

    /// The guards whose held messages may go by a guard's provider instead.
    fn beside(&self, guard: u32) -> std::ops::Range<u32> {
        let client = self.client();
        if guard == client { client..client + 1 } else { 0..client }
    }

    pub(in crate::chain) fn guard(&mut self, guard: u32) -> &mut Guard {
        &mut self.guards[guard as usize]
    }

    pub(in crate::chain) fn blocks(&self, guard: u32) -> bool {
        self.breaks && self.guards[guard as usize].blocks()
    }
}

impl<E: Engine> Chain<'_, E> {
    #[inline]
    pub(in crate::chain) fn policy_of(&self, message: u32) -> usize {
        self.policies.of(self.messages[message].stream, || self.queue_of(message))
    }

    /// The guard a stream's messages meet on a route; where there are none, any.
    #[inline]
    pub(in crate::chain) fn guard_on(&self, stream: u16, route: u16) -> u32 {
        if !self.policies.guarded {
            return 0;
        }
        let route = &self.spec.routes[usize::from(route)];
        self.policies.guard_of(self.policies.of(stream, || route.queue), route.provider)
    }

    /// A submit asks its provider.
    #[inline]
    pub(in crate::chain) fn guard_begins(&mut self, guard: u32) {
        if self.policies.guarded
            && let Some(purse) = &mut self.policies.guard(guard).purse
        {
            purse.begins();
        }
    }

    /// May the submit go out? If so it counts as a first attempt where it is one.
    #[inline]
    pub(in crate::chain) fn guard_passes(&mut self, submit: u32, first: bool, now: Nanos) -> bool {
        !self.policies.guarded || self.guard_asked(submit, first, now)
    }

    #[inline(never)]
    fn guard_asked(&mut self, submit: u32, first: bool, now: Nanos) -> bool {
        let guard = self.policies.guard(self.submits[submit].guard);
        if let Some(breaker) = &mut guard.breaker {
            let Some(probe) = breaker.passes() else {
                return false;
            };
            self.submits[submit].probe = probe;
        }
        if first && let Some(purse) = &mut guard.purse {
            purse.first(now);
        }
        true
    }

    /// Books a submit's result, as the sender sees it.
    #[inline]
    pub(in crate::chain) fn guard_result(
        &mut self,
        submit: u32,
        failure: Option<Cause>,
        succeeded: bool,
        s: &mut Scheduler<Event>,
    ) {
        if self.policies.guarded {
            self.guard_books(submit, failure, succeeded, s);
        }
    }

    #[inline(never)]
    fn guard_books(
        &mut self,
        submit: u32,
        failure: Option<Cause>,
        succeeded: bool,
        s: &mut Scheduler<Event>,
    ) {
        let Submit { guard, probe, paid, .. } = self.submits[submit];
        let elsewhere = paid.filter(|paid| paid.guard != guard);
        if let Some(Paid { guard, cause }) = elsewhere
            && succeeded
            && let Some(purse) = &mut self.policies.guard(guard).purse
        {
            purse.returned(cause);
        }
        let paid = paid.filter(|paid| paid.guard == guard).map(|paid| paid.cause);
        let turn = self.policies.guard(guard).result(s.now(), failure, paid, succeeded, probe);
        self.tell_submit(submit, s.now(), |chain| chain.breaker_turned(guard, turn));
        self.guard_turns(guard, turn, s);
        self.guard_ends(submit);
    }

    /// A submit is over, with a result or without.
    #[inline]
    pub(in crate::chain) fn guard_ends(&mut self, submit: u32) {
        if !self.policies.guarded {
            return;
        }
        let Submit { guard, .. } = self.submits[submit];
        if let Some(purse) = &mut self.policies.guard(guard).purse {
            purse.ends();
        }
        let paid = self.submits[submit].paid.take();
        self.retry_ends(paid);
    }

    /// A retry is over, if it was paid for.
    pub(in crate::chain) fn retry_ends(&mut self, paid: Option<Paid>) {
        if let Some(Paid { guard, .. }) = paid
            && let Some(purse) = &mut self.policies.guard(guard).purse
        {
            purse.retry_ends();
        }
    }

    pub(in crate::chain) fn guard_turns(
        &mut self,
        guard: u32,
        turn: Option<Turn>,
        s: &mut Scheduler<Event>,
    ) {
        match turn {
            None => {}
            Some(Turn::Opened(span)) => {
                let rank = Order::station(What::HalfOpen, guard).rank(What::HalfOpen, 0);
                let event = Event::new(What::HalfOpen, guard, 0);
                s.schedule(s.now().saturating_add(span), rank, event);
            }
            Some(Turn::Closed) => {
                // Whoever waits for another provider may go by this one, too.
                for guard in self.policies.beside(guard) {
                    while self.release_held(guard, false, s) {}
                }
            }
        }
    }

    /// A breaker's time open is over: so many of those who wait may try.
    pub(in crate::chain) fn half_open(&mut self, guard: u32, s: &mut Scheduler<Event>) {
        let Some(breaker) = &mut self.policies.guard(guard).breaker else {
            return;
        };
        let mut probes = breaker.half_opens();
        while probes > 0 && self.release_held(guard, true, s) {
            probes -= 1;
        }
        for other in self.policies.beside(guard) {
            while probes > 0 && other != guard && self.release_held(other, false, s) {
                probes -= 1;
            }
        }
    }

    /// The message waits, without a worker, until its provider's breaker is half-open.
    pub(in crate::chain) fn hold(&mut self, message: u32, guard: u32, now: Nanos) {
        let probing = self.messages.stop_probing(message);
        let record = &mut self.messages[message];
        record.moves_to(At::Aside, now);
        let ticket = (message, record.stamp);
        let held = &mut self.policies.guard(guard).held;
        if probing {
            // Another one probed before it.
            held.push_front(ticket);
        } else {
            held.push_back(ticket);
        }
        let waiting = held.len() as u64;
        self.tell(message, now, |chain| RetryStep::Held {
            provider: chain.provider_of(message),
            waiting,
        });
    }

    /// The first of those who wait goes on. One sent as a probe that doesn't get there calls the
    /// next.
    pub(in crate::chain) fn release_held(
        &mut self,
        guard: u32,
        probe: bool,
        s: &mut Scheduler<Event>,
    ) -> bool {
        let now = s.now();
        let of_client = guard == self.policies.client();
        while let Some((slot, stamp)) = self.policies.guard(guard).held.pop_front() {
            if of_client {
                let rank = self.requests[slot].order().rank(What::Call, 0);
                s.schedule(now, rank, Event::new(What::Call, slot, 0));
                return true;
            }
            let record = &self.messages[slot];
            if record.stamp == stamp {
                let rank = record.order.rank(What::Rejoin, 0);
                s.schedule(now, rank, Event::new(What::Rejoin, slot, 0));
                if probe {
                    self.messages.extra_mut(slot).probing = true;
                } else {
                    self.messages.stop_probing(slot);
                }
                self.tell(slot, now, |_| RetryStep::Released { probe });
                return true;
            }
        }
        false
    }

    /// How a guard's breaker turned, if it is a provider's.
    fn breaker_turned(&self, guard: u32, turn: Option<Turn>) -> Option<Step> {
        let provider = self.policies.provider_of_guard(guard)? as usize;
        match turn? {
            Turn::Opened(span) => RetryStep::Opens { provider, span }.into(),
            Turn::Closed => RetryStep::Closes { provider }.into(),
        }
    }

    /// What a guard's budget said to someone who asked it after such a failure.
    pub(in crate::chain) fn budget_asked(
        &self,
        guard: u32,
        cause: Cause,
        pays: bool,
    ) -> Option<Step> {
        let purse = self.policies.guards[guard as usize].purse.as_ref()?.shown(cause);
        RetryStep::Budget { pays, purse }.into()
    }

    /// A message that was to probe a breaker goes elsewhere, or ends: the next one may.
    pub(in crate::chain) fn probes_no_more(&mut self, message: u32, s: &mut Scheduler<Event>) {
        if self.messages.stop_probing(message) {
            let record = &self.messages[message];
            let guard = self.guard_on(record.stream, self.messages.via(message));
            self.release_held(guard, true, s);
        }
    }
}
