//! Retries: what becomes of a message whose attempt failed.

mod detour;
mod gate;
mod hedge;

use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::outcome::{AttemptResult, Observed, Truth};
use crate::chain::records::retrying::{Cause, Paid};
use crate::chain::spec::Tries;
use crate::chain::stations::retry::{Decision, chosen, gives_up_at, wait};
use crate::chain::trace::story::{RetryStep, Stop};
use crate::kernel::Nanos;
use crate::random::DrawSource as _;

impl<E: Engine> Chain<'_, E> {
    /// An attempt failed: again later, or never.
    pub(crate) fn attempt_failed(
        &mut self,
        message: Id<Message>,
        result: AttemptResult,
        retry_after: Nanos,
        s: &mut E::Scheduler,
    ) {
        let policy = self.policy_of(message);
        let decision = self.policies.decision(policy, result);
        self.decide(message, policy, decision, (result, retry_after), s);
    }

    /// Carries out a policy's decision on an attempt's result.
    #[inline(always)]
    pub(crate) fn decide(
        &mut self,
        message: Id<Message>,
        policy: usize,
        decision: Decision<'_>,
        (result, retry_after): (AttemptResult, Nanos),
        s: &mut E::Scheduler,
    ) {
        let now = s.now();
        // A further attempt that a receipt sets going begins a round of its own, with draws of its own.
        let before = self.messages.tries_before(message);
        let made = self.messages.tries(message) - before;
        let mut stop = Stop::NotRetried;
        if let Some(tries) = decision.tries {
            stop = match tries.max_attempts {
                Some(most) if made >= most => Stop::UsedUp,
                _ => {
                    let ended = (result, retry_after);
                    match self.tried_again(message, policy, tries, (before, made), ended, s) {
                        Ok(()) => return,
                        Err(stop) => stop,
                    }
                }
            };
        }
        let truth = match result {
            AttemptResult::Permanent => Truth::RejectedByProvider,
            _ => Truth::RetriesExhausted,
        };
        self.observe(message, Observed::Failed, now);
        self.tell(message, now, |_| RetryStep::Stops { result, attempts: made, why: stop });
        let place = self.places.provider(self.provider_of(message));
        if self.reactions.exist() && self.acts_on_failure(message, truth, place, s) {
            return;
        }
        self.sender_ends(message, truth, place, s);
    }

    /// There may be another attempt: when? Unless it would be too late, or isn't paid for.
    #[inline]
    fn tried_again(
        &mut self,
        message: Id<Message>,
        policy: usize,
        tries: &Tries,
        (before, made): (u32, u32),
        (result, retry_after): (AttemptResult, Nanos),
        s: &mut E::Scheduler,
    ) -> Result<(), Stop> {
        let now = s.now();
        let record = &self.messages[message];
        let key = record.key;
        let not_before = self.messages.extra(message).not_before;
        let draw = |number| self.chance.block(site::retry_wait(key, before + number));
        let wait = wait(tries, made, draw);
        let due = now.saturating_add(wait.max(retry_after)).max(not_before);
        let end = gives_up_at(
            tries.give_up,
            record.accepted,
            || self.deadline_of(message),
            || self.validity_end(message),
        );
        if due >= end {
            return Err(Stop::TooLate { due, end });
        }
        let failover = self.policies.retry(policy).failover;
        let route = failover.map(|attempts| self.route_of_retry(message, attempts));
        if !self.pays_for_retry(message, result, now) {
            return Err(Stop::Budget);
        }
        self.tell(message, now, |chain| RetryStep::Again {
            attempt: made + 1,
            most: tries.max_attempts,
            wait: chosen(tries, made, |number| {
                chain.chance.block(site::retry_wait(key, before + number))
            }),
            retry_after: retry_after.max(not_before.saturating_sub(now)),
            due,
        });
        if let Some(extra) = self.messages.extra_if_any(message) {
            extra.not_before = 0;
        }
        if let Some(route) = route {
            self.go_by(message, route, s);
        }
        s.happens(due, self.messages[message].order, 0, Event::new(EventKind::Rejoin, message, 0));
        Ok(())
    }

    /// Pauses a provider's link after a result, if the decision on it says so.
    #[inline(always)]
    pub(crate) fn pause_after(
        &mut self,
        message: Id<Message>,
        provider: usize,
        decision: Decision<'_>,
        s: &mut E::Scheduler,
    ) {
        if let Some(span) = decision.pauses_link {
            let until = s.now().saturating_add(span);
            self.tell(message, s.now(), |_| RetryStep::Pauses { provider, until });
            self.pause_link(provider, until, s);
        }
    }

    /// Asks the budget of the provider whose attempt failed, wherever the retry goes.
    #[inline]
    fn pays_for_retry(&mut self, message: Id<Message>, result: AttemptResult, now: Nanos) -> bool {
        !self.policies.gated() || self.budget_pays(message, result, now)
    }

    #[inline(never)]
    fn budget_pays(&mut self, message: Id<Message>, result: AttemptResult, now: Nanos) -> bool {
        let record = &self.messages[message];
        let gate = self.gate_on(record.stream, self.messages.via(message));
        // Who tries again after a permanent refusal pays as for any other.
        let cause = Cause::of(result).unwrap_or(Cause::Transient);
        let Some(pays) = self.policies.gate(gate).pays(now, cause) else {
            return true;
        };
        if pays {
            self.messages.extra_mut(message).paid = Some(Paid { gate, cause });
        }
        self.tell(message, now, |chain| chain.budget_asked(gate, cause, pays));
        pays
    }

    /// The sender no longer means to retry: a budget that counts it as under way hears of it.
    pub(crate) fn retries_no_more(&mut self, message: Id<Message>) {
        let paid = self.messages.take_paid(message);
        self.retry_ends(paid);
    }
}
