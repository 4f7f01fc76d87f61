//! Hedging: a second submit elsewhere when the first has had no answer for a while. The first
//! acceptance wins; the other one may still be accepted, and is a duplicate then.

use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::attempt::AttemptState;
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::retrying::{Cause, Paid};
use crate::chain::trace::story::RetryStep;
use crate::kernel::Nanos;

impl<E: Engine> Chain<'_, E> {
    /// A submit is out. `answered`: when its answer comes, if that is known.
    #[inline]
    pub(crate) fn plan_hedge(
        &mut self,
        attempt: Id<Attempt>,
        answered: Option<Nanos>,
        s: &mut E::Scheduler,
    ) {
        if self.policies.hedges() {
            self.schedule_hedge(attempt, answered, s);
        }
    }

    #[inline(never)]
    fn schedule_hedge(
        &mut self,
        attempt: Id<Attempt>,
        answered: Option<Nanos>,
        s: &mut E::Scheduler,
    ) {
        let record = &self.attempts[attempt];
        let Some(after) = self.policies.retry(self.policy_of(record.message)).hedge else {
            return;
        };
        let at = s.now().saturating_add(after);
        if record.hedge || answered.is_some_and(|time| time <= at) {
            return;
        }
        s.happens(
            at,
            self.messages[record.message].order,
            0,
            Event::new(EventKind::HedgeDue, attempt, record.stamp & DETAIL_MAX),
        );
    }

    /// If the sender still waits for that submit alone, another goes out beside it, paid for like
    /// a retry of that one.
    #[inline(never)]
    pub(crate) fn hedge_due(&mut self, attempt: Id<Attempt>, stamp: u32, s: &mut E::Scheduler) {
        let now = s.now();
        let record = &self.attempts[attempt];
        let message = record.message;
        let waits = record.stamp & DETAIL_MAX == stamp
            && record.state == AttemptState::Out
            && self.messages[message].attempt == Some(attempt)
            && self.messages.extra(message).hedge.is_none();
        if !waits {
            return;
        }
        let Some(route) = self.route_elsewhere(message) else {
            self.tell(message, now, |chain| RetryStep::NoHedge {
                after: chain.hedges_after(message),
            });
            return;
        };
        let gate = self.attempts[attempt].gate;
        let mut paid = None;
        let cause = Cause::Transient;
        if let Some(pays) = self.policies.gate(gate).pays(now, cause) {
            self.tell(message, now, |chain| chain.budget_asked(gate, cause, pays));
            if !pays {
                return;
            }
            paid = Some(Paid { gate, cause });
        }
        let provider = self.spec.provider_by(route);
        let gate = self.policies.gate_of(self.policy_of(message), provider);
        self.tell(message, now, |chain| RetryStep::Hedges {
            route: usize::from(route),
            provider,
            after: chain.hedges_after(message),
        });
        self.open_detour(message);
        let hedge = self.new_attempt(message, route, gate, now);
        self.attempts[hedge].hedge = true;
        self.attempts[hedge].paid = paid;
        self.messages.extra_mut(message).hedge = Some(hedge);
        self.ask_pace(hedge, s);
    }

    /// The patience of a message's policy.
    fn hedges_after(&self, message: Id<Message>) -> Nanos {
        self.policies.retry(self.policy_of(message)).hedge.unwrap_or(0)
    }
}
