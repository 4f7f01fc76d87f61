//! Gates before a provider (or, for the client, before the API): the budget of retries and
//! the breaker of each policy, and who waits for a breaker.

use super::breaker::{Breaker, Turn};
use super::budget::BudgetState;
use super::decision::{Decision, Decisions, decisions};
use crate::chain::records::attempt::Ticket;
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, Request};
use crate::chain::records::outcome::AttemptResult;
use crate::chain::records::retrying::Cause;
use crate::chain::spec::{self, Policy, Spec};
use crate::chain::trace::story;
use crate::kernel::Nanos;
use std::collections::VecDeque;

/// One policy's budget and breaker at one provider.
#[derive(Debug)]
pub(crate) struct Gate {
    budget: Option<BudgetState>,
    breaker: Option<Breaker>,
    /// Those that wait for the breaker to let them through: messages; for the client's gate, requests.
    held: VecDeque<Held>,
}

/// One that waits for a breaker.
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

    fn blocks(&self) -> bool {
        self.breaker.as_ref().is_some_and(Breaker::blocks)
    }

    /// Lets a try through, as a probe if its breaker is half-open; `None`: it is turned back.
    pub(crate) fn passes(&mut self) -> Option<bool> {
        self.breaker.as_mut().map_or(Some(false), Breaker::passes)
    }

    /// A try begins.
    pub(crate) fn begins(&mut self) {
        if let Some(budget) = &mut self.budget {
            budget.begins();
        }
    }

    /// A first try is made.
    pub(crate) fn first(&mut self, now: Nanos) {
        if let Some(budget) = &mut self.budget {
            budget.first(now);
        }
    }

    /// A try is over, with a result or without.
    pub(crate) fn ends(&mut self) {
        if let Some(budget) = &mut self.budget {
            budget.ends();
        }
    }

    /// The decision of its budget, if it has one, on a retry after such a failure: `Some(true)` is paid for.
    pub(crate) fn pays(&mut self, now: Nanos, cause: Cause) -> Option<bool> {
        Some(self.budget.as_mut()?.pays(now, cause))
    }

    /// A retry that was paid for is over, or will never be made.
    pub(crate) fn retry_ends(&mut self) {
        if let Some(budget) = &mut self.budget {
            budget.retry_ends();
        }
    }

    /// A retry that was paid for here succeeded elsewhere.
    pub(crate) fn returned(&mut self, cause: Cause) {
        if let Some(budget) = &mut self.budget {
            budget.returned(cause);
        }
    }

    /// The time its breaker was open is over: how many probes may pass.
    pub(crate) fn half_opens(&mut self) -> u32 {
        self.breaker.as_mut().map_or(0, Breaker::half_opens)
    }

    /// Somebody waits for the breaker, before all others if another one of them probed for it. Returns
    /// how many wait.
    pub(crate) fn holds(&mut self, one: Held, first: bool) -> u64 {
        match first {
            true => self.held.push_front(one),
            false => self.held.push_back(one),
        }
        self.held.len() as u64
    }

    /// The first that waits for the breaker does so no more.
    pub(crate) fn releases(&mut self) -> Option<Held> {
        self.held.pop_front()
    }

    /// The state of its budget, for someone who asked it after such a failure.
    fn budget_shown(&self, cause: Cause) -> Option<story::BudgetState> {
        Some(self.budget.as_ref()?.shown(cause))
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
    decisions: Vec<Decisions<'run>>,
    of_stream: Vec<Option<usize>>,
    of_queue: Vec<usize>,
    /// By policy, within it by provider; the client's comes last.
    gates: Vec<Gate>,
    providers: usize,
    /// Some policy towards providers has a budget or a breaker.
    gated: bool,
    /// The client's policy has one.
    client_gated: bool,
    /// Some policy towards providers has a breaker.
    breaks: bool,
    /// Some policy hedges.
    hedges: bool,
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
            decisions: list.iter().map(|retry| decisions(&retry.policy)).collect(),
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

    /// True if some policy towards providers has a budget or a breaker.
    #[inline]
    pub(crate) fn gated(&self) -> bool {
        self.gated
    }

    /// True if the client's policy has one.
    #[inline]
    pub(crate) fn client_gated(&self) -> bool {
        self.client_gated
    }

    /// True if some policy towards providers has a breaker.
    #[inline]
    pub(crate) fn breaks(&self) -> bool {
        self.breaks
    }

    /// True if some policy hedges.
    #[inline]
    pub(crate) fn hedges(&self) -> bool {
        self.hedges
    }

    pub(crate) fn retry(&self, policy: usize) -> &'run spec::Retry {
        self.list[policy]
    }

    /// The decision of a policy on a result.
    #[inline]
    pub(crate) fn decision(&self, policy: usize, result: AttemptResult) -> Decision<'run> {
        self.decisions[policy][result as usize]
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
    pub(crate) fn beside(&self, gate: u32) -> std::ops::Range<u32> {
        let client = self.client();
        if gate == client { client..client + 1 } else { 0..client }
    }

    pub(crate) fn gate(&mut self, gate: u32) -> &mut Gate {
        &mut self.gates[gate as usize]
    }

    /// The state of a gate's budget, for someone who asked it after such a failure.
    pub(crate) fn budget_shown(&self, gate: u32, cause: Cause) -> Option<story::BudgetState> {
        self.gates[gate as usize].budget_shown(cause)
    }

    pub(crate) fn blocks(&self, gate: u32) -> bool {
        self.breaks && self.gates[gate as usize].blocks()
    }
}
