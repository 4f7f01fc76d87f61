//! The provider's side of a submit: servers, answers in time or too late, and what it does when
//! nobody waits any more.

use crate::chain::draws::delay::scaled;
use crate::chain::draws::happens;
use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::{Attempt, AttemptState, ProviderAnswer};
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::NEVER;
use crate::chain::records::outcome::AttemptResult;
use crate::chain::spec::Outage;
use crate::chain::stations::provider::Service;
use crate::chain::trace::story::{Draw, Step, SubmitStep};
use crate::kernel::Nanos;
use crate::random::DrawSource as _;

impl<E: Engine> Chain<'_, E> {
    /// Nobody is there: no answer and no acceptance, or a bind that is down and refuses.
    #[inline(never)]
    pub(super) fn submit_into_outage(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let now = s.now();
        let index = self.attempts[attempt].provider;
        let refused = (self.providers[index].outage(now) == Some(Outage::Refused)).then(|| {
            let factor = self.providers[index].slowness(now, &self.chance);
            self.refusal_takes(attempt, factor)
        });
        self.tell_attempt(attempt, now, |_| SubmitStep::Outage { provider: index, refused });
        if let Some(latency) = refused {
            self.refuses(attempt, AttemptResult::Transient, latency, s);
            return;
        }
        self.attempts[attempt].answer = ProviderAnswer::Unheard;
        self.schedule_timeout(attempt, s);
        self.plan_hedge(attempt, None, s);
    }

    pub(super) fn schedule_timeout(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let record = &self.attempts[attempt];
        let timeout = self.providers[record.provider].submit_timeout();
        let order = self.messages[record.message].order;
        let event = Event::new(EventKind::SubmitTimeout, attempt, record.stamp & DETAIL_MAX);
        let at = record.since.saturating_add(timeout);
        s.happens(at, order, record.place, event);
    }

    /// A provider's answer, to which none of its servers has to see, comes after `latency`, or too late.
    #[inline(always)]
    pub(super) fn answer_after(
        &mut self,
        attempt: Id<Attempt>,
        latency: Nanos,
        s: &mut E::Scheduler,
    ) {
        let now = s.now();
        let record = &mut self.attempts[attempt];
        let index = record.provider;
        let timeout = self.providers[index].submit_timeout();
        let order = self.messages[record.message].order;
        if record.result != AttemptResult::Timeout && latency < timeout {
            record.open += 1;
            s.happens(
                now + latency,
                order,
                record.place,
                Event::new(EventKind::SubmitDone, attempt, 0),
            );
            self.plan_hedge(attempt, Some(now + latency), s);
            return;
        }
        if record.result != AttemptResult::Timeout {
            record.answer = ProviderAnswer::Late;
        }
        if record.result == AttemptResult::Accepted {
            record.open += 1;
            s.happens(
                now + latency,
                order,
                record.place,
                Event::new(EventKind::LateAcceptance, attempt, 0),
            );
        }
        self.schedule_timeout(attempt, s);
        self.plan_hedge(attempt, None, s);
    }

    /// Waits for one of a provider's servers; the sender's patience doesn't shorten that wait.
    pub(super) fn ask_server(&mut self, attempt: Id<Attempt>, factor: f64, s: &mut E::Scheduler) {
        let now = s.now();
        let index = self.attempts[attempt].provider;
        let provider = &mut self.providers[index];
        let timeout = provider.submit_timeout();
        let service = provider.asks_server(attempt, now);
        if let Service::Full { waiting } = service {
            let latency = self.refusal_takes(attempt, factor);
            let full = SubmitStep::LineFull { provider: index, waiting, latency };
            self.tell_attempt(attempt, now, |_| full);
            self.refuses(attempt, AttemptResult::QueueFull, latency, s);
            return;
        }
        let record = &mut self.attempts[attempt];
        record.open += 1;
        let withheld = record.result == AttemptResult::Timeout;
        let ends = match service {
            Service::Waits { place } => {
                let waits = SubmitStep::WaitsForServer { provider: index, place };
                self.tell_attempt(attempt, now, |_| waits);
                None
            }
            Service::Begins | Service::Full { .. } => Some(self.serve(index, attempt, s)),
        };
        let too_late = withheld || ends.is_none_or(|end| end - now >= timeout);
        if timeout < NEVER && too_late {
            self.schedule_timeout(attempt, s);
        }
        self.plan_hedge(attempt, ends.filter(|_| !withheld), s);
    }

    /// A server begins; returns when it will have done.
    pub(super) fn serve(
        &mut self,
        index: usize,
        attempt: Id<Attempt>,
        s: &mut E::Scheduler,
    ) -> Nanos {
        let now = s.now();
        let factor = self.providers[index].slowness(now, &self.chance);
        let settings = &self.spec.providers[index];
        let provider = &self.providers[index];
        let record = &self.attempts[attempt];
        let message = &self.messages[record.message];
        let owner = provider.owner();
        let latency = scaled(&settings.latency, factor, || {
            self.chance.block(site::attempt(message.key, owner, record.number)).second()
        });
        s.happens(
            now + latency,
            message.order,
            record.place,
            Event::new(EventKind::ServiceDone, attempt, 0),
        );
        self.tell_attempt(attempt, now, |_| SubmitStep::Served {
            provider: index,
            latency,
            factor,
        });
        now + latency
    }

    /// A server has done a submit; the sender may have given it up meanwhile.
    pub(crate) fn service_done(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let now = s.now();
        let record = &self.attempts[attempt];
        let index = record.provider;
        if let Some(next) = self.providers[index].server_done(now) {
            self.serve(index, next, s);
        }
        let timeout = self.providers[index].submit_timeout();
        let record = &self.attempts[attempt];
        let awaited =
            record.state == AttemptState::Out && (timeout == NEVER || now - record.since < timeout);
        match record.result {
            // The answer is never given.
            AttemptResult::Timeout => {}
            result if awaited => {
                if timeout < NEVER {
                    self.overtaken += 1;
                }
                self.submit_ends(attempt, result, 0, s);
            }
            AttemptResult::Accepted => self.copy_accepted(attempt, s),
            _ => {}
        }
        self.leaves(attempt, s);
    }

    /// A submit's answer reaches the sender, if somebody is still there.
    pub(crate) fn submit_done(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let record = &self.attempts[attempt];
        if record.state == AttemptState::Out {
            self.submit_ends(attempt, record.result, record.retry_after, s);
        } else if record.result == AttemptResult::Accepted {
            self.copy_accepted(attempt, s);
        }
        self.leaves(attempt, s);
    }

    /// The sender has waited long enough, if it still waits for that submit.
    pub(crate) fn submit_timeout(
        &mut self,
        attempt: Id<Attempt>,
        stamp: u32,
        s: &mut E::Scheduler,
    ) {
        let now = s.now();
        if !self.times_out_at(attempt, stamp, now) {
            self.overtaken = self.overtaken.saturating_sub(1);
            return;
        }
        self.tell_attempt(attempt, now, |chain| chain.silence(attempt));
        if self.accepted_in_silence(attempt) {
            self.copy_accepted(attempt, s);
        }
        self.submit_ends(attempt, AttemptResult::Timeout, 0, s);
    }

    /// True if an attempt whose answer is withheld will have been accepted when the sender gives up.
    pub(super) fn accepted_in_silence(&self, attempt: Id<Attempt>) -> bool {
        let record = &self.attempts[attempt];
        let index = record.provider;
        let accepted = self.spec.providers[index].timeout_accepted;
        record.answer == ProviderAnswer::Withheld && accepted > 0.0 && {
            let key = self.messages[record.message].key;
            let owner = self.providers[index].owner();
            let draw = self.chance.block(site::timeout_accepted(key, owner, record.number));
            happens(accepted, draw.first())
        }
    }

    /// The draw behind [`Chain::accepted_in_silence`], where there is one.
    fn silence(&self, attempt: Id<Attempt>) -> Option<Step> {
        let record = &self.attempts[attempt];
        let provider = record.provider;
        if record.answer != ProviderAnswer::Withheld {
            return None;
        }
        let (key, owner) = (self.messages[record.message].key, self.providers[provider].owner());
        let draw = self.chance.block(site::timeout_accepted(key, owner, record.number));
        let draw = Draw::of(self.spec.providers[provider].timeout_accepted, draw.first())?;
        SubmitStep::Silence { provider, draw }.into()
    }

    /// True if the sender waits for that attempt until it times out at `time`.
    pub(crate) fn times_out_at(&self, attempt: Id<Attempt>, stamp: u32, time: Nanos) -> bool {
        let record = &self.attempts[attempt];
        let timeout = self.providers[record.provider].submit_timeout();
        record.stamp & DETAIL_MAX == stamp
            && record.state == AttemptState::Out
            && time == record.since.saturating_add(timeout)
    }

    /// A provider accepts a submit the sender has given up.
    #[inline(never)]
    pub(crate) fn late_acceptance(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        self.copy_accepted(attempt, s);
        self.leaves(attempt, s);
    }
}
