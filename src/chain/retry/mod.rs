//! Retry policies: what becomes of a message whose attempt failed.

mod breaker;
mod budget;
mod detour;
mod guard;
mod hedge;
mod wait;

pub(super) use breaker::Breaker;
pub(super) use budget::{Cause, Paid};
pub(super) use detour::Detour;
pub(super) use guard::Policies;
pub(super) use wait::{chosen, gives_up_at, wait};

use super::event::{Event, What};
use super::observer::Listener;
use super::outcome::{AttemptResult, Observed, Truth};
use super::purpose::WAIT;
use super::spec::AttemptResults;
use super::story::{RetryStep, Stop};
use super::world::Chain;
use crate::kernel::Nanos;
use crate::kernel::Scheduler;
use crate::random::Owner;

impl<L: Listener> Chain<'_, L> {
    /// An attempt failed: again later, or never.
    pub(super) fn attempt_failed(
        &mut self,
        message: u32,
        result: AttemptResult,
        retry_after: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        let now = s.now();
        let retry = self.policies.retry(self.policy_of(message));
        let rule = retry.policy.rules.iter().find(|rule| rule.on.has(result));
        let tries = rule.map_or(&retry.policy.tries, |rule| &rule.tries);
        let record = &self.messages[message];
        let again = rule.is_some() || retry.policy.on.has(result);
        let mut stop = if again { Stop::UsedUp } else { Stop::NotRetried };
        if again && tries.max_attempts.is_none_or(|most| self.messages.tries(message) < most) {
            let key = record.key;
            let made = self.messages.tries(message);
            let not_before = self.messages.extra(message).not_before;
            let wait =
                wait(tries, made, |number| self.chance.block(key, Owner::NONE, WAIT, number));
            let due = now.saturating_add(wait.max(retry_after)).max(not_before);
            let give_up = gives_up_at(
                tries.give_up,
                record.accepted,
                || self.deadline_of(message),
                || self.validity_end(message),
            );
            let route = self.route_of_retry(message, retry.failover);
            stop = if due < give_up { Stop::Budget } else { Stop::TooLate { due, end: give_up } };
            if due < give_up && self.pays_for_retry(message, result, now) {
                self.tell(message, now, |chain| RetryStep::Again {
                    attempt: made + 1,
                    most: tries.max_attempts,
                    wait: chosen(tries, made, |number| {
                        chain.chance.block(key, Owner::NONE, WAIT, number)
                    }),
                    retry_after: retry_after.max(not_before.saturating_sub(now)),
                    due,
                });
                if let Some(extra) = self.messages.extra_if_any(message) {
                    extra.not_before = 0;
                }
                self.go_by(message, route, s);
                let rank = self.messages[message].order.rank(What::Rejoin, 0);
                s.schedule(due, rank, Event::new(What::Rejoin, message, 0));
                return;
            }
        }
        let truth = match result {
            AttemptResult::Permanent => Truth::RejectedByProvider,
            _ => Truth::RetriesExhausted,
        };
        self.observe(message, Observed::Failed, now);
        self.tell(message, now, |chain| RetryStep::Stops {
            result,
            attempts: chain.messages.tries(message),
            why: stop,
        });
        let place = self.places.provider(self.provider_of(message));
        self.sender_ends(message, truth, place, s);
    }

    /// Pauses a provider's link after such a result, if a rule says so.
    pub(super) fn pause_after(
        &mut self,
        message: u32,
        provider: usize,
        result: AttemptResult,
        s: &mut Scheduler<Event>,
    ) {
        if !self.policies.pauses {
            return;
        }
        let rules = &self.policies.retry(self.policy_of(message)).policy.rules;
        let rule = rules.iter().find(|rule| rule.on.has(result));
        if let Some(span) = rule.and_then(|rule| rule.pauses_link) {
            let until = s.now().saturating_add(span);
            self.tell(message, s.now(), |_| RetryStep::Pauses { provider, until });
            self.pause_link(provider, until, s);
        }
    }

    /// Asks the budget of the provider whose attempt failed, wherever the retry goes.
    #[inline]
    fn pays_for_retry(&mut self, message: u32, result: AttemptResult, now: Nanos) -> bool {
        !self.policies.guarded || self.purse_pays(message, result, now)
    }

    #[inline(never)]
    fn purse_pays(&mut self, message: u32, result: AttemptResult, now: Nanos) -> bool {
        let record = &self.messages[message];
        let guard = self.guard_on(record.stream, self.messages.via(message));
        let Some(purse) = &mut self.policies.guard(guard).purse else {
            return true;
        };
        // Who tries again after a permanent refusal pays as for any other.
        let cause = Cause::of(result).unwrap_or(Cause::Transient);
        let pays = purse.pays(now, cause);
        if pays {
            self.messages.extra_mut(message).paid = Some(Paid { guard, cause });
        }
        self.tell(message, now, |chain| chain.budget_asked(guard, cause, pays));
        pays
    }

    /// The sender no longer means to retry: a budget that counts it as under way hears of it.
    pub(super) fn retries_no_more(&mut self, message: u32) {
        let paid = self.messages.take_paid(message);
        self.retry_ends(paid);
    }
}

impl AttemptResults {
    fn has(self, result: AttemptResult) -> bool {
        match result {
            AttemptResult::Accepted => false,
            AttemptResult::Throttled => self.throttled,
            AttemptResult::QueueFull => self.queue_full,
            AttemptResult::Transient => self.transient,
            AttemptResult::Permanent => self.permanent,
            AttemptResult::Timeout => self.timeout,
        }
    }
}
