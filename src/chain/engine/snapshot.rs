//! Snapshots: a chain at one instant, copied from a run that ends there.

use super::Stepwise;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::attempt::Ticket;
use crate::chain::records::event::EventKind;
use crate::chain::records::message::{Message, MessageState};
use crate::chain::spec::Spec;
use crate::chain::trace::observer::Nobody;
use crate::kernel::{EventSet, Model as _, Nanos, Unwatched, run};

/// The chain after everything up to an instant has happened. Lists are in the order of [`Spec`].
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The instant.
    pub at: Nanos,
    /// The run had ended by then: at this time.
    pub ended_at: Option<Nanos>,
    /// Events carried out.
    pub events: u64,
    /// Requests that are not settled.
    pub requests: u64,
    /// Accepted messages by what they are at.
    pub in_flight: InFlight,
    /// The oldest message in a queue, with a worker and aside.
    pub oldest: Vec<Oldest>,
    /// Tokens of the API's rate limit.
    pub api_tokens: Option<f64>,
    /// The account's balance in 10⁻⁹ of a unit, if it is limited.
    pub balance: Option<i128>,
    /// The queues.
    pub queues: Vec<QueueState>,
    /// The providers.
    pub providers: Vec<ProviderState>,
    /// Weights of the routes that a rule may change, by the routes' index.
    pub weights: Vec<RouteWeight>,
    /// The breakers.
    pub breakers: Vec<BreakerState>,
    /// The carriers.
    pub carriers: Vec<CarrierState>,
    /// The incidents that are on, by their index.
    pub incidents: Vec<usize>,
}

/// Accepted messages that have not ended, by what the sender does with them; those the sender is
/// done with, by their copies and receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InFlight {
    /// All of them.
    pub messages: u64,
    /// Waiting in a queue.
    pub queue: u64,
    /// With a worker: its overhead, pace, window, submit.
    pub worker: u64,
    /// Waiting for a retry's time, for a crash's visibility timeout, or for a breaker.
    pub aside: u64,
    /// Copies on the way from a provider to a carrier.
    pub relayed: u64,
    /// Copies in a carrier's throttle.
    pub throttled: u64,
    /// Copies at a carrier, on their way to a handset.
    pub handset: u64,
    /// Receipts on their way.
    pub receipts: u64,
}

/// The message that has been at something for the longest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oldest {
    /// `queue`, `worker` or `aside`.
    pub at: &'static str,
    /// Order number and the digits of its id.
    pub id: (u32, u64),
    /// There since; with a worker: since it came to the queue that one took it from.
    pub since: Nanos,
}

/// A queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueState {
    /// Waiting messages.
    pub depth: u64,
    /// Workers that hold a message.
    pub busy: u64,
    /// Workers that are there; `None`: no limit.
    pub workers: Option<u64>,
    /// Workers that incidents have taken.
    pub lost: u64,
}

/// A provider.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProviderState {
    /// Submits without an answer.
    pub outstanding: u64,
    /// Submits that wait for a slot of the window.
    pub waiting_for_slot: u64,
    /// Tokens in the emptiest bucket of its throttle.
    pub tokens: Option<f64>,
    /// Submits that wait for a token.
    pub waiting_for_token: u64,
    /// Submits it works on.
    pub serving: u64,
    /// Submits that wait for one of its servers.
    pub backlog: u64,
    /// The sender's link pauses until then.
    pub paused_until: Option<Nanos>,
    /// It is in a spell of degradation.
    pub degraded: Option<bool>,
}

/// The weight of a route with its rivals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RouteWeight {
    /// The route's index.
    pub route: usize,
    /// Share of the traffic of both that goes by it, 0 to 1.
    pub share: f64,
}

/// A policy's breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerState {
    /// The provider it stands before; `None`: the client's, before the API.
    pub provider: Option<usize>,
    /// `closed`, `open` or `half-open`.
    pub state: &'static str,
    /// Messages or requests that wait for it.
    pub held: u64,
}

/// A carrier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CarrierState {
    /// Copies waiting in its throttle.
    pub waiting: u64,
    /// Tokens in the emptiest bucket of its throttle.
    pub tokens: Option<f64>,
}

/// Runs the chain up to `at`, and looks at it.
#[must_use]
pub fn snapshot(spec: &Spec, seed: u64, at: Nanos) -> Snapshot {
    let mut chain = Chain::new(spec, seed, Stepwise::new(), Nobody);
    let mut scheduler = EventSet::new();
    chain.start(&mut scheduler);
    let until = at.min(chain.end);
    let events = run(&mut chain, &mut scheduler, until, &mut Unwatched);
    let over = at >= chain.end || chain.finished();
    let ended_at = over.then(|| if chain.finished() { scheduler.now() } else { chain.end });
    let mut in_flight = chain.by_stage();
    for (_, event) in scheduler.iter() {
        match event.kind() {
            EventKind::CarrierArrival => in_flight.relayed += 1,
            // It has its token, and the instant isn't over.
            EventKind::CarrierPass | EventKind::CarrierRelease => in_flight.throttled += 1,
            EventKind::Delivery | EventKind::DeliveryLost | EventKind::CarrierExpiry => {
                in_flight.handset += 1
            }
            EventKind::Receipt => in_flight.receipts += 1,
            _ => {}
        }
    }
    chain.account.advance(at);
    Snapshot {
        at,
        ended_at,
        events,
        requests: chain.requests.live().iter().filter(|&&it| !chain.requests[it].settled).count()
            as u64,
        in_flight,
        oldest: chain.oldest(),
        api_tokens: chain.api.tokens(at),
        balance: chain.account.balance(),
        queues: chain.queue_states(),
        providers: chain.provider_states(at),
        weights: chain
            .slow_routes
            .shares()
            .map(|(route, share)| RouteWeight { route, share })
            .collect(),
        breakers: chain.breaker_states(),
        carriers: chain
            .carriers
            .iter()
            .map(|carrier| CarrierState {
                waiting: carrier.waiting().level(),
                tokens: carrier.least_tokens(at),
            })
            .collect(),
        incidents: (0..spec.incidents.len()).filter(|&it| spec.incidents[it].is_on(at)).collect(),
    }
}

impl<E: Engine> Chain<'_, E> {
    fn by_stage(&self) -> InFlight {
        let mut stages = InFlight::default();
        for message in self.messages.live() {
            stages.messages += 1;
            match self.messages[message].state {
                MessageState::Queue => stages.queue += 1,
                MessageState::Fetched | MessageState::Worker => stages.worker += 1,
                MessageState::Aside => stages.aside += 1,
                MessageState::Done => {}
            }
        }
        let in_line = self.carriers.iter().map(crate::chain::stations::carrier::Carrier::in_line);
        stages.throttled = in_line.sum::<usize>() as u64;
        stages
    }

    fn oldest(&self) -> Vec<Oldest> {
        let live = self.messages.live();
        let of = |state: MessageState, name| {
            let there = live.iter().map(|&slot| &self.messages[slot]);
            let first = there
                .filter(|record: &&Message| record.state == state)
                .min_by_key(|record| (record.since, record.order, record.key))?;
            let id = (first.order_id, self.message_id(first.key));
            Some(Oldest { at: name, id, since: first.since })
        };
        [
            (MessageState::Queue, "queue"),
            (MessageState::Worker, "worker"),
            (MessageState::Aside, "aside"),
        ]
        .into_iter()
        .filter_map(|(at, name)| of(at, name))
        .collect()
    }

    fn queue_states(&self) -> Vec<QueueState> {
        let state = |queue: &crate::chain::stations::queue::Queue<'_>| QueueState {
            depth: queue.depth().level(),
            busy: queue.busy().level(),
            workers: match queue.scaled() {
                Some([there, _]) => Some(there.level()),
                None => queue.settings().workers.map(u64::from),
            },
            lost: queue.lost(),
        };
        self.queues.iter().map(state).collect()
    }

    fn provider_states(&mut self, at: Nanos) -> Vec<ProviderState> {
        let (chance, submits) = (&self.chance, &self.attempts);
        // Whose worker has crashed meanwhile no longer waits.
        let waits = |&&(slot, stamp): &&Ticket<Attempt>| submits[slot].stamp == stamp;
        let state = |provider: &mut crate::chain::stations::provider::Provider<'_>| {
            let [for_token, for_slot] = provider.in_line();
            ProviderState {
                outstanding: provider.outstanding().level(),
                waiting_for_slot: for_slot.iter().filter(waits).count() as u64,
                tokens: provider.least_tokens(at),
                waiting_for_token: for_token.iter().filter(waits).count() as u64,
                serving: provider.serving().level(),
                backlog: provider.backlog().level(),
                paused_until: provider.paused_until(at),
                degraded: provider.degraded(at, chance),
            }
        };
        self.providers.iter_mut().map(state).collect()
    }

    fn breaker_states(&self) -> Vec<BreakerState> {
        let breakers = self.policies.breakers().into_iter();
        breakers
            .map(|(provider, state, held)| BreakerState {
                provider: provider.map(|provider| provider as usize),
                state,
                held: held as u64,
            })
            .collect()
    }
}
