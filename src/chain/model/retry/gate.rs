//! What stands before a provider (or, for the client, before the API): the budget of retries and
//! the breaker of each policy, and who waits for a breaker.

use super::breaker::{Breaker, Turn};
use super::budget::BudgetState;
use super::decision::{Decision, Decisions, verdicts};
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::model::queue::Ticket;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::event::{Event, EventKind, Schedule as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::message::MessageState;
use crate::chain::records::message::Request;
use crate::chain::records::outcome::AttemptResult;
use crate::chain::records::retrying::{Cause, Paid};
use crate::chain::spec::{self, Policy, Spec};
use crate::chain::trace::story::{RetryStep, Step};
use crate::kernel::{Nanos, Scheduler};
use std::collections::VecDeque;

/// One policy's budget and breaker at one provider.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) budget: Option<BudgetState>,
    pub(crate) breaker: Option<Breaker>,
    /// Who waits for the breaker to let them through: messages, for the client's gate, requests.
    pub(crate) held: VecDeque<Held>,
}

/// Who waits for a breaker.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Held {
    /// A message, unless it has moved meanwhile.
    Message(Ticket<Message>),
    /// A request whose client would call.
    Request(Id<Request>),
}

impl Gate {
    fn new<On>(policy: &Policy<On>) -> Gate {
        Gate {
            budget: policy.budget.as_ref().map(BudgetState::new),
            breaker: policy.breaker.as_ref().map(Breaker::new),
            held: VecDeque::new(),
        }
    }

    pub(crate) fn blocks(&self) -> bool {
        self.breaker.as_ref().is_some_and(Breaker::blocks)
    }

    /// Books a result: what failed and why, or what succeeded after which retry.
    pub(crate) fn result(
        &mut self,
        now: Nanos,
        failure: Option<Cause>,
        paid: Option<Cause>,
        succeeded: bool,
        probe: bool,
    ) -> Option<Turn> {
        if let Some(budget) = &mut self.budget {
            match failure {
                Some(cause) => budget.failed(cause),
                None if succeeded => budget.succeeded(paid),
                None => {}
            }
        }
        self.breaker.as_mut().and_then(|breaker| breaker.result(now, failure.is_some(), probe))
    }
}

/// The retry policies of a run, and their gates.
#[derive(Debug)]
pub(crate) struct Policies<'run> {
    /// The scenario's, then those of streams and queues that have their own.
    list: Vec<&'run spec::Retry>,
    /// By policy.
    verdicts: Vec<Decisions<'run>>,
    of_stream: Vec<Option<usize>>,
    of_queue: Vec<usize>,
    /// By policy, within it by provider; the client's comes last.
    gates: Vec<Gate>,
    providers: usize,
    /// Some policy towards providers has a budget or a breaker.
    pub(crate) gated: bool,
    /// The client's policy has one.
    pub(crate) client_gated: bool,
    /// Some policy towards providers has a breaker.
    pub(crate) breaks: bool,
    /// Some policy hedges.
    pub(crate) hedges: bool,
}

impl<'run> Policies<'run> {
    pub(crate) fn new(spec: &'run Spec) -> Policies<'run> {
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
        let gates: Vec<Gate> = list
            .iter()
            .flat_map(|retry| (0..providers).map(|_| Gate::new(&retry.policy)))
            .chain([Gate::new(&spec.client.retry)])
            .collect();
        let breaks = list.iter().any(|retry| retry.policy.breaker.is_some());
        let gated = breaks || list.iter().any(|retry| retry.policy.budget.is_some());
        let hedges = list.iter().any(|retry| retry.hedge.is_some());
        let client = &spec.client.retry;
        let client_gated = client.breaker.is_some() || client.budget.is_some();
        Policies {
            verdicts: list.iter().map(|retry| verdicts(&retry.policy)).collect(),
            list,
            of_stream,
            of_queue,
            gates,
            providers,
            gated,
            client_gated,
            breaks,
            hedges,
        }
    }

    /// The policy of a stream's messages in a queue, which is asked for only if it matters.
    #[inline(always)]
    pub(crate) fn of(&self, stream: u16, queue: impl FnOnce() -> usize) -> usize {
        if self.list.len() == 1 {
            return 0;
        }
        self.of_stream[usize::from(stream)].unwrap_or_else(|| self.of_queue[queue()])
    }

    pub(crate) fn retry(&self, policy: usize) -> &'run spec::Retry {
        self.list[policy]
    }

    /// What a policy makes of a result.
    #[inline]
    pub(crate) fn verdict(&self, policy: usize, result: AttemptResult) -> Decision<'run> {
        self.verdicts[policy][result as usize]
    }

    /// The gate of a policy at a provider.
    pub(crate) fn gate_of(&self, policy: usize, provider: usize) -> u32 {
        (policy * self.providers + provider) as u32
    }

    /// The provider a gate stands before; `None`: it is the client's.
    pub(crate) fn provider_of_gate(&self, gate: u32) -> Option<u32> {
        (gate < self.client()).then(|| gate % self.providers as u32)
    }

    /// Every breaker: the provider it stands before (`None`: the client's, before the API), its
    /// state, and how many wait for it.
    pub(crate) fn breakers(&self) -> Vec<(Option<u32>, &'static str, usize)> {
        (0..)
            .zip(&self.gates)
            .filter_map(|(number, gate)| {
                let state = gate.breaker.as_ref()?.state();
                Some((self.provider_of_gate(number), state, gate.held.len()))
            })
            .collect()
    }

    /// The client's own.
    pub(crate) fn client(&self) -> u32 {
        (self.gates.len() - 1) as u32
    }

    /// The gates whose held messages may go by a gate's provider instead.
    fn beside(&self, gate: u32) -> std::ops::Range<u32> {
        let client = self.client();
        if gate == client { client..client + 1 } else { 0..client }
    }

    pub(crate) fn gate(&mut self, gate: u32) -> &mut Gate {
        &mut self.gates[gate as usize]
    }

    pub(crate) fn blocks(&self, gate: u32) -> bool {
        self.breaks && self.gates[gate as usize].blocks()
    }
}

impl<E: Engine> Chain<'_, E> {
    #[inline]
    pub(crate) fn policy_of(&self, message: Id<Message>) -> usize {
        self.policies.of(self.messages[message].stream, || self.queue_of(message))
    }

    /// The gate a stream's messages meet on a route; where there are none, any.
    #[inline]
    pub(crate) fn gate_on(&self, stream: u16, route: u16) -> u32 {
        if !self.policies.gated {
            return 0;
        }
        let route = &self.spec.routes[usize::from(route)];
        self.policies.gate_of(self.policies.of(stream, || route.queue), route.provider)
    }

    /// A submit asks its provider.
    #[inline]
    pub(crate) fn gate_begins(&mut self, gate: u32) {
        if self.policies.gated
            && let Some(budget) = &mut self.policies.gate(gate).budget
        {
            budget.begins();
        }
    }

    /// May the submit go out? If so it counts as a first attempt where it is one.
    #[inline]
    pub(crate) fn gate_passes(&mut self, attempt: Id<Attempt>, first: bool, now: Nanos) -> bool {
        !self.policies.gated || self.gate_asked(attempt, first, now)
    }

    #[inline(never)]
    fn gate_asked(&mut self, attempt: Id<Attempt>, first: bool, now: Nanos) -> bool {
        let gate = self.policies.gate(self.attempts[attempt].gate);
        if let Some(breaker) = &mut gate.breaker {
            let Some(probe) = breaker.passes() else {
                return false;
            };
            self.attempts[attempt].probe = probe;
        }
        if first && let Some(budget) = &mut gate.budget {
            budget.first(now);
        }
        true
    }

    /// Books a submit's result, as the sender sees it.
    #[inline]
    pub(crate) fn gate_result(
        &mut self,
        attempt: Id<Attempt>,
        failure: Option<Cause>,
        succeeded: bool,
        s: &mut Scheduler<Event>,
    ) {
        if self.policies.gated {
            self.gate_books(attempt, failure, succeeded, s);
        }
    }

    #[inline(never)]
    fn gate_books(
        &mut self,
        attempt: Id<Attempt>,
        failure: Option<Cause>,
        succeeded: bool,
        s: &mut Scheduler<Event>,
    ) {
        let Attempt { gate, probe, paid, .. } = self.attempts[attempt];
        let elsewhere = paid.filter(|paid| paid.gate != gate);
        if let Some(Paid { gate, cause }) = elsewhere
            && succeeded
            && let Some(budget) = &mut self.policies.gate(gate).budget
        {
            budget.returned(cause);
        }
        let paid = paid.filter(|paid| paid.gate == gate).map(|paid| paid.cause);
        let turn = self.policies.gate(gate).result(s.now(), failure, paid, succeeded, probe);
        self.tell_attempt(attempt, s.now(), |chain| chain.breaker_turned(gate, turn));
        self.gate_turns(gate, turn, s);
        self.gate_ends(attempt);
    }

    /// A submit is over, with a result or without.
    #[inline]
    pub(crate) fn gate_ends(&mut self, attempt: Id<Attempt>) {
        if !self.policies.gated {
            return;
        }
        let Attempt { gate, .. } = self.attempts[attempt];
        if let Some(budget) = &mut self.policies.gate(gate).budget {
            budget.ends();
        }
        let paid = self.attempts[attempt].paid.take();
        self.retry_ends(paid);
    }

    /// A retry is over, if it was paid for.
    pub(crate) fn retry_ends(&mut self, paid: Option<Paid>) {
        if let Some(Paid { gate, .. }) = paid
            && let Some(budget) = &mut self.policies.gate(gate).budget
        {
            budget.retry_ends();
        }
    }

    pub(crate) fn gate_turns(&mut self, gate: u32, turn: Option<Turn>, s: &mut Scheduler<Event>) {
        match turn {
            None => {}
            Some(Turn::Opened(span)) => {
                let event = Event::new(EventKind::HalfOpen, gate, 0);
                s.station(s.now().saturating_add(span), gate, event);
            }
            Some(Turn::Closed) => {
                // Whoever waits for another provider may go by this one, too.
                for gate in self.policies.beside(gate) {
                    while self.release_held(gate, false, s) {}
                }
            }
        }
    }

    /// A breaker's time open is over: so many of those who wait may try.
    pub(crate) fn half_open(&mut self, gate: u32, s: &mut Scheduler<Event>) {
        let Some(breaker) = &mut self.policies.gate(gate).breaker else {
            return;
        };
        let mut probes = breaker.half_opens();
        while probes > 0 && self.release_held(gate, true, s) {
            probes -= 1;
        }
        for other in self.policies.beside(gate) {
            while probes > 0 && other != gate && self.release_held(other, false, s) {
                probes -= 1;
            }
        }
    }

    /// The message waits, without a worker, until its provider's breaker is half-open.
    pub(crate) fn hold(&mut self, message: Id<Message>, gate: u32, now: Nanos) {
        let probing = self.messages.stop_probing(message);
        let record = &mut self.messages[message];
        record.moves_to(MessageState::Aside, now);
        let ticket = Held::Message((message, record.stamp));
        let held = &mut self.policies.gate(gate).held;
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
    pub(crate) fn release_held(
        &mut self,
        gate: u32,
        probe: bool,
        s: &mut Scheduler<Event>,
    ) -> bool {
        let now = s.now();
        while let Some(held) = self.policies.gate(gate).held.pop_front() {
            let (slot, stamp) = match held {
                Held::Message(ticket) => ticket,
                Held::Request(request) => {
                    let call = Event::new(EventKind::Call, request, 0);
                    s.happens(now, self.requests[request].order(), 0, call);
                    return true;
                }
            };
            let record = &self.messages[slot];
            if record.stamp == stamp {
                s.happens(now, record.order, 0, Event::new(EventKind::Rejoin, slot, 0));
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

    /// How a gate's breaker turned, if it is a provider's.
    fn breaker_turned(&self, gate: u32, turn: Option<Turn>) -> Option<Step> {
        let provider = self.policies.provider_of_gate(gate)? as usize;
        match turn? {
            Turn::Opened(span) => RetryStep::Opens { provider, span }.into(),
            Turn::Closed => RetryStep::Closes { provider }.into(),
        }
    }

    /// What a gate's budget said to someone who asked it after such a failure.
    pub(crate) fn budget_asked(&self, gate: u32, cause: Cause, pays: bool) -> Option<Step> {
        let budget = self.policies.gates[gate as usize].budget.as_ref()?.shown(cause);
        RetryStep::Budget { pays, budget }.into()
    }

    /// A message that was to probe a breaker goes elsewhere, or ends: the next one may.
    pub(crate) fn probes_no_more(&mut self, message: Id<Message>, s: &mut Scheduler<Event>) {
        if self.messages.stop_probing(message) {
            let record = &self.messages[message];
            let gate = self.gate_on(record.stream, self.messages.via(message));
            self.release_held(gate, true, s);
        }
    }
}
