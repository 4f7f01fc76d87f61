//! The client: its requests, its patience, its repeated calls.

use crate::chain::draws::{key, site};
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Call;
use crate::chain::records::message::{NEVER, Origin, Request};
use crate::chain::records::outcome::{Rejection, Stage};
use crate::chain::records::retrying::Cause;
use crate::chain::spec::{GiveUp, Tries};
use crate::chain::stations::admission::Asked;
use crate::chain::stations::api::{CallOutcome, OverLimit, Work, Worked};
use crate::chain::stations::call_limits::Party;
use crate::chain::stations::client::CallResult;
use crate::chain::stations::retry::{self, Held};
use crate::chain::trace::story::{ApiStep, ClientStep, Draw, Stop};
use crate::kernel::Nanos;
use crate::random::{DrawSource as _, Key};

impl<E: Engine> Chain<'_, E> {
    /// The client makes a request's next call. `work` is what the API's work on it is like, where that is known
    /// already.
    pub(crate) fn call(
        &mut self,
        request: Id<Request>,
        work: Option<Work>,
        now: Nanos,
        s: &mut E::Scheduler,
    ) {
        let Some(probe) = self.gate_lets_call(request, now) else {
            return;
        };
        let record = &mut self.requests[request];
        let call = Id::nth(record.calls);
        record.calls += 1;
        record.probe = probe;
        record.waiting = Some(call);
        record.answered_by = Some(call);
        if call.number() > 0 {
            self.ledger.of_requests(record.batch, |requests| requests.client_retries += 1);
        }
        self.tell_call(request, call, now, |chain| ClientStep::Calls {
            call: call.place(),
            resend: chain.requests[request].origin != Origin::Root,
            probe,
        });
        let patience = self.spec.client.timeout.unwrap_or(NEVER);
        if self.api.may_refuse() && self.over_limit(request, call, patience, s) {
            return;
        }
        // Nobody is there to recognise a call in an outage.
        let recognises = self.spec.client.idempotency && !self.api.is_out(now);
        if recognises && self.requests[request].working.is_some() {
            self.recognised(request, call, patience, s);
            return;
        }
        let key = key::call(self.requests[request].key, call.number());
        let work = work.unwrap_or_else(|| {
            let drawn = self.api.work_is_drawn();
            self.api.work(self.chance.block_if(drawn, site::call(key)))
        });
        let Worked { latency, factor, outage, error, outcome } = self.api.works(now, work);
        self.api.begins();
        let record = &mut self.requests[request];
        record.calls_open += 1;
        if recognises {
            (record.working, record.works_for) = (Some(call), Some(call));
            record.working_ends = now + latency;
        }
        let order = record.order();
        s.happens(
            now + latency,
            order,
            0,
            Event::new(EventKind::CallEnd, request, outcome.packed(call)),
        );
        self.tell_call(request, call, now, |chain| ApiStep::Works {
            latency,
            factor,
            tokens: chain.api.tokens(now),
            outage,
            error: Draw::of(chain.spec.api.errors, error),
        });
        if latency > patience {
            self.lose_patience(request, call, now, s);
        }
    }

    /// Asks the client's breaker and budget: is the next call a probe? `None`: it is held.
    #[inline]
    fn gate_lets_call(&mut self, request: Id<Request>, now: Nanos) -> Option<bool> {
        if self.policies.client_gated() {
            self.gate_asked_for_call(request, now)
        } else {
            Some(false)
        }
    }

    #[inline(never)]
    fn gate_asked_for_call(&mut self, request: Id<Request>, now: Nanos) -> Option<bool> {
        let gate = self.policies.client();
        let gate = self.policies.gate(gate);
        let call = Id::nth(self.requests[request].calls);
        let Some(probe) = gate.passes() else {
            // Until the breaker is half-open; no attempt is used up.
            gate.holds(Held::Request(request), false);
            self.tell_call(request, call, now, |_| ClientStep::Held);
            return None;
        };
        gate.begins();
        if call.number() == 0 {
            gate.first(now);
        }
        Some(probe)
    }

    /// True if the call is over one of the API's limits. Then its answer is on its way.
    #[inline(never)]
    fn over_limit(
        &mut self,
        request: Id<Request>,
        call: Id<Call>,
        patience: Nanos,
        s: &mut E::Scheduler,
    ) -> bool {
        let now = s.now();
        let parties = if self.api.asks_whose() { self.parties(request) } else { Vec::new() };
        let record = &self.requests[request];
        let (stream, batch) = (record.stream, record.batch);
        let Err(OverLimit { limit, left }) = self.api.admits(now, stream, &parties) else {
            return false;
        };
        self.ledger.limited(batch, limit);
        let key = key::call(self.requests[request].key, call.number());
        let latency = self.api.refusal_takes(now, || self.chance.block(site::call(key)).first());
        self.tell_call(request, call, now, |chain| ApiStep::RateLimited {
            limit,
            tokens: left.or_else(|| chain.api.tokens(now)).unwrap_or(0.0),
            latency,
        });
        let record = &mut self.requests[request];
        record.calls_open += 1;
        let detail = CallOutcome::Refused.packed(call);
        s.happens(
            now + latency,
            record.order(),
            0,
            Event::new(EventKind::CallEnd, request, detail),
        );
        if latency > patience {
            self.lose_patience(request, call, now, s);
        }
        true
    }

    /// A request's recipients, as the API's limits see them.
    fn parties(&self, request: Id<Request>) -> Vec<Party> {
        let record = &self.requests[request];
        let (stream, row, repeat) = (record.stream, record.row, record.repeat);
        let people = &self.populations[usize::from(stream)];
        let count = self.recipients_of(record.origin, stream);
        let party = |recipient| {
            let root = record.root(recipient).0;
            let sender = record.sender;
            // Nobody is admitted here: who it is doesn't depend on the time.
            let asked = Asked { key: root, root, stream, row, repeat, sender, at: 0 };
            Party {
                sender: self.sender(&asked, &self.chance),
                person: people.recipient(&self.chance, root, row, repeat),
                number: people.number(&self.chance, root, row),
            }
        };
        (0..count).map(party).collect()
    }

    /// A repeat gets the answer of the call at work, or accepted before.
    #[inline(never)]
    fn recognised(
        &mut self,
        request: Id<Request>,
        call: Id<Call>,
        patience: Nanos,
        s: &mut E::Scheduler,
    ) {
        let now = s.now();
        let record = &mut self.requests[request];
        record.works_for = Some(call);
        let (working, accepted) = (record.working, record.accepted);
        let left = record.working_ends.saturating_sub(now);
        if let Some(working) = working {
            self.tell_call(request, working, now, |_| ApiStep::Recognises {
                call: working.place(),
                left: (!accepted).then_some(left),
            });
        }
        if accepted {
            self.answered(request, CallResult::Success, s);
            return;
        }
        let record = &mut self.requests[request];
        record.answered_by = record.working;
        let wait = record.working_ends - now;
        if wait > patience {
            self.lose_patience(request, call, now, s);
        }
    }

    /// The client will hang up before the answer comes.
    #[inline(never)]
    fn lose_patience(
        &mut self,
        request: Id<Request>,
        call: Id<Call>,
        now: Nanos,
        s: &mut E::Scheduler,
    ) {
        let record = &mut self.requests[request];
        record.answered_by = None;
        let at = now.saturating_add(self.spec.client.timeout.unwrap_or(NEVER));
        s.happens(
            at,
            record.order(),
            0,
            Event::new(EventKind::CallTimeout, request, call.number()),
        );
    }

    /// The client hangs up.
    pub(crate) fn call_timeout(&mut self, request: Id<Request>, s: &mut E::Scheduler) {
        let &Request { batch, waiting: call, .. } = &self.requests[request];
        self.ledger.of_requests(batch, |requests| requests.client_timeouts += 1);
        debug_assert!(call.is_some(), "who hangs up has called");
        if let Some(call) = call {
            self.tell_call(request, call, s.now(), |chain| ClientStep::HangsUp {
                call: call.place(),
                after: chain.spec.client.timeout.unwrap_or(NEVER),
            });
        }
        self.answered(request, CallResult::Timeout, s);
    }

    /// The API's work on a call ends, whoever still waits for it.
    pub(crate) fn call_end(&mut self, request: Id<Request>, detail: u32, s: &mut E::Scheduler) {
        let (call, outcome) = CallOutcome::unpacked(detail);
        if outcome != CallOutcome::Refused {
            self.api.ends();
        }
        let verdict = match outcome {
            CallOutcome::Judged => self.accept(request, call, s),
            CallOutcome::Fails => Err(Rejection::Internal),
            CallOutcome::Refused => Err(Rejection::RateLimited),
        };
        let now = s.now();
        self.tell_call(request, call, now, |chain| {
            let record = &chain.requests[request];
            let heard = record.waiting.is_some() && record.answered_by == Some(call);
            ApiStep::Answers { call: call.place(), rejection: verdict.err(), heard }
        });
        let record = &mut self.requests[request];
        debug_assert!(record.calls_open > 0, "the API is at work on no call");
        record.calls_open -= 1;
        let answer = match verdict {
            Ok(()) => {
                if !record.accepted {
                    record.accepted = true;
                    self.ledger.latency(record.batch, Stage::Api, now - record.first_call);
                }
                CallResult::Success
            }
            Err(rejection) => {
                let mut refused = call;
                if record.working == Some(call) {
                    record.working = None;
                    refused = record.works_for.unwrap_or(call);
                }
                record.refuse(refused, rejection);
                CallResult::Refused(rejection)
            }
        };
        if record.waiting.is_some() && record.answered_by == Some(call) {
            self.answered(request, answer, s);
        } else {
            self.settle(request, now);
        }
    }

    /// The call the client waits for is answered, or given up.
    fn answered(&mut self, request: Id<Request>, answer: CallResult, s: &mut E::Scheduler) {
        let now = s.now();
        self.gate_client(request, answer, s);
        if answer == CallResult::Success {
            let record = &mut self.requests[request];
            record.waiting = None;
            record.client_saw_success = true;
            record.client_done = true;
            self.settle(request, now);
        } else {
            self.refused(request, answer, s);
        }
    }

    /// The client has no success: it calls again, or gives up.
    #[inline(never)]
    fn refused(&mut self, request: Id<Request>, answer: CallResult, s: &mut E::Scheduler) {
        let calls = self.requests[request].calls;
        self.requests[request].waiting = None;
        let mut stop = Stop::NotRetried;
        if let Some(tries) = self.client_decisions.of(answer).tries {
            stop = match tries.max_attempts {
                Some(most) if calls >= most => Stop::UsedUp,
                _ => match self.calls_again(request, answer, tries, s) {
                    Ok(()) => return,
                    Err(stop) => stop,
                },
            };
        }
        let now = s.now();
        self.tell_call(request, Id::nth(calls - 1), now, |_| ClientStep::Stops {
            calls,
            why: stop,
        });
        self.requests[request].client_done = true;
        self.settle(request, now);
    }

    /// After so many calls of a request with that key, the last of which failed at `now`: when is the next
    /// one, not before `not_before`? Unless it would be too late.
    #[inline(always)]
    pub(crate) fn next_call(
        &self,
        request: Id<Request>,
        key: Key,
        calls: u32,
        tries: &Tries,
        not_before: Nanos,
        now: Nanos,
    ) -> Result<Nanos, Stop> {
        let draw = |number| self.chance.block(site::client_wait(key, number));
        let due = now.saturating_add(retry::wait(tries, calls, draw)).max(not_before);
        if tries.give_up == GiveUp::Never {
            // Without the request, which may be far away in memory.
            return Ok(due);
        }
        let end = self.gives_up_calling_at(request, tries.give_up);
        if due < end { Ok(due) } else { Err(Stop::TooLate { due, end }) }
    }

    /// The instant at or after which the client doesn't call again.
    fn gives_up_calling_at(&self, request: Id<Request>, give_up: GiveUp) -> Nanos {
        let &Request { first_call, row, stream, .. } = &self.requests[request];
        let stream = usize::from(stream);
        let end_of = |span: Option<u64>| span.map_or(NEVER, |span| first_call.saturating_add(span));
        retry::gives_up_at(
            give_up,
            first_call,
            || end_of(self.populations[stream].deadline(row)),
            || end_of(self.spec.traffic[stream].validity),
        )
    }

    /// There may be another call: when? Unless it would be too late, or isn't paid for.
    #[inline(always)]
    fn calls_again(
        &mut self,
        request: Id<Request>,
        answer: CallResult,
        tries: &Tries,
        s: &mut E::Scheduler,
    ) -> Result<(), Stop> {
        let now = s.now();
        let record = &self.requests[request];
        let (key, calls) = (record.key, record.calls);
        let retry_after = match answer {
            CallResult::Refused(Rejection::RateLimited) => self.spec.api.retry_after.unwrap_or(0),
            _ => 0,
        };
        let not_before = now.saturating_add(retry_after);
        let due = self.next_call(request, key, calls, tries, not_before, now)?;
        if self.policies.client_gated() && !self.pays_for_call(request, answer, now) {
            return Err(Stop::Budget);
        }
        s.happens(due, self.requests[request].order(), 0, Event::new(EventKind::Call, request, 0));
        self.tell_call(request, Id::nth(calls - 1), now, |chain| ClientStep::CallsAgain {
            call: calls + 1,
            most: tries.max_attempts,
            wait: retry::chosen(tries, calls, |number| {
                chain.chance.block(site::client_wait(key, number))
            }),
            retry_after,
        });
        Ok(())
    }
}

impl<E: Engine> Chain<'_, E> {
    /// Books a call's end with the client's budget and breaker.
    #[inline]
    fn gate_client(&mut self, request: Id<Request>, answer: CallResult, s: &mut E::Scheduler) {
        if self.policies.client_gated() {
            self.gate_books_call(request, answer, s);
        }
    }

    #[inline(never)]
    fn gate_books_call(&mut self, request: Id<Request>, answer: CallResult, s: &mut E::Scheduler) {
        let index = self.policies.client();
        let record = &self.requests[request];
        let (probe, paid) = (record.probe, record.paid);
        let gate = self.policies.gate(index);
        let succeeded = answer == CallResult::Success;
        let turn = gate.result(s.now(), answer.cause(), paid, succeeded, probe);
        gate.ends();
        if paid.is_some() {
            gate.retry_ends();
        }
        self.gate_turns(index, turn, s);
    }

    /// Asks the client's budget for another call.
    fn pays_for_call(&mut self, request: Id<Request>, answer: CallResult, now: Nanos) -> bool {
        let index = self.policies.client();
        let cause = answer.cause().unwrap_or(Cause::Transient);
        let Some(pays) = self.policies.gate(index).pays(now, cause) else {
            return true;
        };
        if pays {
            self.requests[request].paid = Some(cause);
        }
        let call = Id::nth(self.requests[request].calls - 1);
        self.tell_call(request, call, now, |chain| chain.budget_asked(index, cause, pays));
        pays
    }
}

impl Request {
    /// Keeps the answer of the last call that was refused.
    #[inline]
    pub(crate) fn refuse(&mut self, call: Id<Call>, rejection: Rejection) {
        if call >= self.refused_call {
            (self.refused_call, self.refusal) = (call, rejection);
        }
    }

    #[inline]
    pub(crate) fn order(&self) -> crate::chain::records::event::Order {
        crate::chain::records::event::Order::new(self.ordinal, 0)
    }

    /// The root message of the request's `recipient`-th recipient, and the root request.
    #[inline]
    pub(crate) fn root(&self, recipient: u32) -> (Key, Key) {
        match self.origin {
            Origin::Root => (key::message(self.key, recipient), self.key),
            Origin::Resend { root, content } => (root, content),
        }
    }
}
