//! Attempts and messages at the gates of their policies: budget and breaker.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::event::{Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, MessageState};
use crate::chain::records::parts::WHOLE;
use crate::chain::records::retrying::{Cause, Paid};
use crate::chain::stations::retry::{Held, Turn};
use crate::chain::trace::story::{RetryStep, Step};
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    #[inline]
    pub(crate) fn policy_of(&self, message: Id<Message>) -> usize {
        self.policies.of(self.messages[message].stream, || self.queue_of(message))
    }

    /// The gate a stream's messages meet on a route; where there are none, any.
    #[inline]
    pub(crate) fn gate_on(&self, stream: u16, route: u16) -> u32 {
        if !self.policies.gated() {
            return 0;
        }
        let route = &self.spec.routes[usize::from(route)];
        self.policies.gate_of(self.policies.of(stream, || route.queue), route.provider)
    }

    /// A submit asks its provider.
    #[inline]
    pub(crate) fn gate_begins(&mut self, gate: u32) {
        if self.policies.gated() {
            self.policies.gate(gate).begins();
        }
    }

    /// True if the attempt may go out. If so it counts as a first one where it is one.
    #[inline]
    pub(crate) fn gate_passes(&mut self, attempt: Id<Attempt>, now: Nanos) -> bool {
        !self.policies.gated() || self.gate_asked(attempt, now)
    }

    #[inline(never)]
    fn gate_asked(&mut self, attempt: Id<Attempt>, now: Nanos) -> bool {
        let record = &self.attempts[attempt];
        let first = match record.part {
            WHOLE => self.messages[record.message].attempts == 0,
            part => self.is_new_part(record.message, part),
        };
        let gate = self.policies.gate(record.gate);
        let Some(probe) = gate.passes() else {
            return false;
        };
        self.attempts[attempt].probe = probe;
        if first {
            gate.first(now);
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
        s: &mut E::Scheduler,
    ) {
        if self.policies.gated() {
            self.gate_books(attempt, failure, succeeded, s);
        }
    }

    #[inline(never)]
    fn gate_books(
        &mut self,
        attempt: Id<Attempt>,
        failure: Option<Cause>,
        succeeded: bool,
        s: &mut E::Scheduler,
    ) {
        let Attempt { gate, probe, paid, .. } = self.attempts[attempt];
        let elsewhere = paid.filter(|paid| paid.gate != gate);
        if let Some(Paid { gate, cause }) = elsewhere
            && succeeded
        {
            self.policies.gate(gate).returned(cause);
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
        if !self.policies.gated() {
            return;
        }
        let Attempt { gate, .. } = self.attempts[attempt];
        self.policies.gate(gate).ends();
        let paid = self.attempts[attempt].paid.take();
        self.retry_ends(paid);
    }

    /// A retry is over, if it was paid for.
    pub(crate) fn retry_ends(&mut self, paid: Option<Paid>) {
        if let Some(Paid { gate, .. }) = paid {
            self.policies.gate(gate).retry_ends();
        }
    }

    pub(crate) fn gate_turns(&mut self, gate: u32, turn: Option<Turn>, s: &mut E::Scheduler) {
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
    pub(crate) fn half_open(&mut self, gate: u32, s: &mut E::Scheduler) {
        let mut probes = self.policies.gate(gate).half_opens();
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
        let waiting = self.policies.gate(gate).holds(ticket, probing);
        self.tell(message, now, |chain| RetryStep::Held {
            provider: chain.provider_of(message),
            waiting,
        });
    }

    /// The first of those who wait goes on. One sent as a probe that doesn't get there calls the
    /// next.
    pub(crate) fn release_held(&mut self, gate: u32, probe: bool, s: &mut E::Scheduler) -> bool {
        let now = s.now();
        while let Some(held) = self.policies.gate(gate).releases() {
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

    /// The step of a story in which a gate's breaker turned, if it is a provider's.
    fn breaker_turned(&self, gate: u32, turn: Option<Turn>) -> Option<Step> {
        let provider = self.policies.provider_of_gate(gate)? as usize;
        match turn? {
            Turn::Opened(span) => RetryStep::Opens { provider, span }.into(),
            Turn::Closed => RetryStep::Closes { provider }.into(),
        }
    }

    /// The step of a story in which a gate's budget was asked after such a failure.
    pub(crate) fn budget_asked(&self, gate: u32, cause: Cause, pays: bool) -> Option<Step> {
        let budget = self.policies.budget_shown(gate, cause)?;
        RetryStep::Budget { pays, budget }.into()
    }

    /// A message that was to probe a breaker goes elsewhere, or ends: the next one may.
    pub(crate) fn probes_no_more(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        if self.messages.stop_probing(message) {
            let record = &self.messages[message];
            let gate = self.gate_on(record.stream, self.messages.via(message));
            self.release_held(gate, true, s);
        }
    }
}
