//! How submits end for the sender: answered, turned back, withdrawn, abandoned.

use super::At;
use crate::chain::engine::Engine;
use crate::chain::event::{Event, What};
use crate::chain::message;
use crate::chain::outcome::{AttemptResult, Stage};
use crate::chain::retry::Cause;
use crate::chain::slab::NONE;
use crate::chain::story::{RetryStep, SubmitStep};
use crate::chain::world::Chain;
use crate::kernel::{Nanos, Scheduler};

impl<E: Engine> Chain<'_, E> {
    /// The sender has a submit's result: its slot is free. If it waited for that one its worker is,
    /// too, and the retry policy decides; what it didn't wait for any more may be a duplicate.
    pub(super) fn submit_ends(
        &mut self,
        submit: u32,
        result: AttemptResult,
        retry_after: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        let now = s.now();
        let accepted = result == AttemptResult::Accepted;
        self.tell_submit(submit, now, |chain| {
            let record = &chain.submits[submit];
            let waits_for = chain.messages.awaited(record.message);
            SubmitStep::Ends {
                provider: chain.spec.provider_by(record.route),
                number: record.number,
                result,
                took: now - record.since,
                retry_after,
                awaited: waits_for.contains(&submit),
            }
        });
        let record = &mut self.submits[submit];
        let (message, route, since) = (record.message, record.route, record.since);
        record.moves_to(At::Over);
        let index = self.spec.provider_by(route);
        let waits_for = self.messages.awaited(message);
        let record = &mut self.messages[message];
        self.ledger.latency(record.batch, Stage::Submit, now - since);
        if record.counted() {
            self.ledger.results.providers[index].results[result as usize] += 1;
        }
        let awaited = waits_for.contains(&submit);
        let other = waits_for[usize::from(waits_for[0] == submit)];
        let decided = awaited && (accepted || other == NONE);
        if decided {
            record.moves_to(message::At::Aside, now);
            self.messages.awaits(message, [NONE, NONE]);
        } else if awaited {
            // What is left of the two decides.
            let extra = self.messages.extra_mut(message);
            extra.failed_with = result;
            extra.not_before = extra.not_before.max(now.saturating_add(retry_after));
            self.messages.awaits(message, [other, NONE]);
        }
        self.guard_result(submit, Cause::of(result), accepted, s);
        if !accepted {
            // Before the slot goes to the next.
            let verdict = self.policies.verdict(self.policy_of(message), result);
            self.pause_after(message, index, verdict, s);
        }
        self.release_slot(index, s);
        if decided {
            if other != NONE {
                self.tell_submit(other, now, |chain| SubmitStep::Forgotten {
                    provider: chain.spec.provider_by(chain.submits[other].route),
                    out: chain.submits[other].at == At::Out,
                });
                self.withdraw(other, s);
            }
            self.release_worker(message, s);
        }
        if accepted {
            self.copy_accepted(message, route, s);
        }
        if decided && accepted {
            self.sent(message, s);
        } else if decided {
            self.attempt_failed(message, result, retry_after, s);
        }
        self.leaves(submit, s);
    }

    /// The breaker lets a submit with a slot not through: a hedge is dropped, a message turned
    /// back.
    #[inline(never)]
    pub(super) fn turns_back(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.submits[submit];
        let message = record.message;
        let hedge = record.hedge;
        let since = record.since;
        let paid = self.submits[submit].paid.take();
        self.tell_submit(submit, now, |chain| {
            let provider = chain.spec.provider_by(chain.submits[submit].route);
            hedge.then_some(RetryStep::Blocked { provider, hedge }).and_then(Into::into)
        });
        self.withdraw(submit, s);
        if hedge {
            self.retry_ends(paid);
            let extra = self.messages.extra_mut(message);
            extra.hedge = NONE;
            let result = extra.failed_with;
            let record = &mut self.messages[message];
            if record.submit == submit {
                // It was all the sender waited for.
                record.submit = NONE;
                record.moves_to(message::At::Aside, now);
                self.release_worker(message, s);
                self.attempt_failed(message, result, 0, s);
            }
        } else {
            self.messages[message].submit = NONE;
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
    pub(super) fn lapses(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let record = &mut self.submits[submit];
        let (message, hedge, paid) = (record.message, record.hedge, record.paid.take());
        self.withdraw(submit, s);
        if !hedge {
            self.messages[message].submit = NONE;
            self.messages.keep_paid(message, paid);
            self.expire_with_worker(message, s);
            return;
        }
        self.retry_ends(paid);
        self.messages.extra_mut(message).hedge = NONE;
        if self.messages[message].submit == submit {
            // It was all the sender waited for.
            self.messages[message].submit = NONE;
            self.expire_with_worker(message, s);
        }
    }

    /// A submit nobody needs any more leaves its line or slot. One that is out goes on, and holds
    /// its slot until it is answered.
    pub(super) fn withdraw(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let record = &mut self.submits[submit];
        let at = record.at;
        if at == At::Out || at == At::Over {
            return;
        }
        record.moves_to(At::Over);
        let index = self.spec.provider_by(record.route);
        self.guard_ends(submit);
        if at == At::Slot {
            self.release_slot(index, s);
        }
        self.leaves(submit, s);
    }

    /// The worker that held the message is gone: what it waited for is void, what it had
    /// submitted goes on without it.
    #[inline(never)]
    pub(in crate::chain) fn abandon_submits(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let submits = self.messages.awaited(message);
        self.messages.awaits(message, [NONE, NONE]);
        for submit in submits {
            if submit == NONE {
                continue;
            }
            if self.submits[submit].at != At::Out {
                if !self.submits[submit].hedge {
                    // Still to be made: it stays paid for.
                    let paid = self.submits[submit].paid.take();
                    self.messages.keep_paid(message, paid);
                }
                self.withdraw(submit, s);
                continue;
            }
            if self.accepted_in_silence(submit) {
                let record = &mut self.submits[submit];
                record.open += 1;
                let index = self.spec.provider_by(record.route);
                let at = record.since.saturating_add(self.providers[index].submit_timeout);
                let order = self.messages[message].order;
                let rank = order.rank(What::LateAcceptance, record.place);
                s.schedule(at, rank, Event::new(What::LateAcceptance, submit, 0));
            }
            let record = &mut self.submits[submit];
            record.moves_to(At::Over);
            let index = self.spec.provider_by(record.route);
            if self.submits[submit].probe {
                // A half-open breaker waits for every probe: one without an answer has failed.
                self.guard_result(submit, Some(Cause::Transient), false, s);
            } else {
                self.guard_ends(submit);
            }
            self.release_slot(index, s);
            self.leaves(submit, s);
        }
    }
}
