//! Ends of attempts for the sender: answered, turned back, withdrawn, abandoned.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::attempt::AttemptState;
use crate::chain::records::event::{Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::message::MessageState;
use crate::chain::records::outcome::{AttemptResult, Stage};
use crate::chain::records::parts::WHOLE;
use crate::chain::records::retrying::Cause;
use crate::chain::trace::story::{RetryStep, SubmitStep};
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// The sender has a submit's result: its slot is free. If it waited for that one its worker is,
    /// too, and the retry policy decides; what it didn't wait for any more may be a duplicate.
    pub(super) fn submit_ends(
        &mut self,
        attempt: Id<Attempt>,
        result: AttemptResult,
        retry_after: Nanos,
        s: &mut E::Scheduler,
    ) {
        let now = s.now();
        let accepted = result == AttemptResult::Accepted;
        debug_assert_eq!(self.attempts[attempt].state, AttemptState::Out, "what ends is out");
        self.tell_attempt(attempt, now, |chain| {
            let record = &chain.attempts[attempt];
            let waits_for = chain.messages.awaited(record.message);
            SubmitStep::Ends {
                provider: record.provider,
                number: record.number,
                result,
                took: now - record.since,
                retry_after,
                awaited: waits_for.contains(&Some(attempt)),
            }
        });
        let record = &mut self.attempts[attempt];
        let (message, part, since) = (record.message, record.part, record.since);
        record.moves_to(AttemptState::Over);
        let index = record.provider;
        let waits_for = self.messages.awaited(message);
        let record = &mut self.messages[message];
        self.ledger.latency(record.batch, Stage::Submit, now - since);
        self.ledger.at_provider(record.batch, index, |provider| {
            provider.results[result as usize] += 1;
        });
        let awaited = waits_for.contains(&Some(attempt));
        let other = waits_for[usize::from(waits_for[0] == Some(attempt))];
        let decided = awaited && (accepted || other.is_none());
        let done_late = match self.leased && !awaited {
            true => self.late_result(message, attempt, accepted, now),
            false => None,
        };
        // With another part in hand the worker goes on.
        let mut goes_on = decided && part != WHOLE && {
            let retry_at = now.saturating_add(retry_after);
            self.has_result_of_part(message, part, result, retry_at)
        };
        if decided {
            if !goes_on {
                self.messages[message].moves_to(MessageState::Aside, now);
            }
            self.messages.awaits(message, [None, None]);
        } else if awaited {
            // What is left of the two decides.
            let extra = self.messages.extra_mut(message);
            extra.failed_with = result;
            extra.not_before = extra.not_before.max(now.saturating_add(retry_after));
            self.messages.awaits(message, [other, None]);
        }
        self.gate_result(attempt, Cause::of(result), accepted, s);
        if !accepted {
            // Before the slot goes to the next.
            let decision = self.policies.decision(self.policy_of(message), result);
            self.pause_after(message, index, decision, s);
        }
        self.release_slot(index, s);
        if decided {
            if let Some(other) = other {
                self.tell_attempt(other, now, |chain| SubmitStep::Forgotten {
                    provider: chain.attempts[other].provider,
                    out: chain.attempts[other].state == AttemptState::Out,
                });
                self.withdraw(other, s);
            }
            if !goes_on {
                self.release_worker(message, s);
            }
        }
        let mut decided = decided;
        let is_late = done_late.is_some();
        if let Some(done) = done_late {
            self.frees_late(message, done, s);
            decided = done.holds;
            goes_on = decided && part != WHOLE && {
                let retry_at = now.saturating_add(retry_after);
                self.has_result_of_part(message, part, result, retry_at)
            };
        }
        if accepted {
            self.copy_accepted(attempt, s);
        }
        if goes_on && is_late {
            // Its worker has been freed: another one goes on.
            let order = self.messages[message].order;
            s.happens(now, order, 0, Event::new(EventKind::Rejoin, message, 0));
        } else if goes_on {
            self.ask_provider(message, now, s);
        } else if decided {
            match self.failure_of_round(message, part, result) {
                None => self.sent(message, s),
                Some(result) => self.attempt_failed(message, result, retry_after, s),
            }
        }
        self.leaves(attempt, s);
    }

    /// The breaker lets a submit with a slot not through: a hedge is dropped, a message turned
    /// back.
    #[inline(never)]
    pub(super) fn turns_back(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let now = s.now();
        let record = &self.attempts[attempt];
        let message = record.message;
        let hedge = record.hedge;
        let since = record.since;
        if self.leased && self.late_drops(attempt, s) {
            return;
        }
        let paid = self.attempts[attempt].paid.take();
        self.tell_attempt(attempt, now, |chain| {
            let provider = chain.attempts[attempt].provider;
            hedge.then_some(RetryStep::Blocked { provider, hedge }).and_then(Into::into)
        });
        self.withdraw(attempt, s);
        if hedge {
            self.retry_ends(paid);
            let extra = self.messages.extra_mut(message);
            extra.hedge = None;
            let result = extra.failed_with;
            let record = &mut self.messages[message];
            if record.attempt == Some(attempt) {
                // It was all the sender waited for.
                record.attempt = None;
                record.moves_to(MessageState::Aside, now);
                self.release_worker(message, s);
                self.attempt_failed(message, result, 0, s);
            }
        } else {
            self.messages[message].attempt = None;
            // Still to be made: it stays paid for.
            self.messages.keep_paid(message, paid);
            if self.turned_back(message, s) {
                if self.queues[self.queue_of(message)].waits_for_provider() {
                    self.rejoins_elsewhere(message, s);
                } else {
                    self.ask_provider(message, since, s);
                }
            }
        }
    }

    /// The sender's last look finds a submit that has not gone out too late: neither token nor slot is used.
    #[inline(never)]
    pub(super) fn lapses(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        if self.leased && self.late_drops(attempt, s) {
            return;
        }
        let record = &mut self.attempts[attempt];
        let (message, hedge, paid) = (record.message, record.hedge, record.paid.take());
        self.withdraw(attempt, s);
        if !hedge {
            self.messages[message].attempt = None;
            self.messages.keep_paid(message, paid);
            self.expire_with_worker(message, s);
            return;
        }
        self.retry_ends(paid);
        self.messages.extra_mut(message).hedge = None;
        if self.messages[message].attempt == Some(attempt) {
            // It was all the sender waited for.
            self.messages[message].attempt = None;
            self.expire_with_worker(message, s);
        }
    }

    /// A submit nobody needs any more leaves its line or slot. One that is out goes on, and holds
    /// its slot until it is answered.
    pub(crate) fn withdraw(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let record = &mut self.attempts[attempt];
        let state = record.state;
        if state == AttemptState::Out || state == AttemptState::Over {
            return;
        }
        record.moves_to(AttemptState::Over);
        let index = record.provider;
        self.gate_ends(attempt);
        if state == AttemptState::Slot {
            self.release_slot(index, s);
        }
        self.leaves(attempt, s);
    }

    /// The worker that held the message is gone: what it waited for is void, what it had
    /// submitted goes on without it.
    #[inline(never)]
    pub(crate) fn abandon_submits(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        let submits = self.messages.awaited(message);
        self.messages.awaits(message, [None, None]);
        if let Some(parts) = self.messages.parts_mut(message) {
            parts.next_round();
        }
        self.abandons(message, submits, s);
    }

    /// The worker that waited for these is gone.
    pub(crate) fn abandons(
        &mut self,
        message: Id<Message>,
        submits: [Option<Id<Attempt>>; 2],
        s: &mut E::Scheduler,
    ) {
        for attempt in submits.into_iter().flatten() {
            if self.attempts[attempt].state != AttemptState::Out {
                if !self.attempts[attempt].hedge {
                    // Still to be made: it stays paid for.
                    let paid = self.attempts[attempt].paid.take();
                    self.messages.keep_paid(message, paid);
                }
                self.withdraw(attempt, s);
                continue;
            }
            if self.accepted_in_silence(attempt) {
                let record = &mut self.attempts[attempt];
                record.open += 1;
                let index = record.provider;
                let at = record.since.saturating_add(self.providers[index].submit_timeout());
                let order = self.messages[message].order;
                s.happens(
                    at,
                    order,
                    record.place,
                    Event::new(EventKind::LateAcceptance, attempt, 0),
                );
            }
            let record = &mut self.attempts[attempt];
            record.moves_to(AttemptState::Over);
            let index = record.provider;
            if self.attempts[attempt].probe {
                // A half-open breaker waits for every probe: one without an answer has failed.
                self.gate_result(attempt, Some(Cause::Transient), false, s);
            } else {
                self.gate_ends(attempt);
            }
            self.release_slot(index, s);
            self.leaves(attempt, s);
        }
    }
}
