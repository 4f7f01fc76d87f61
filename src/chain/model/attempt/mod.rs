//! Submits: a message's way through a provider, from waiting for its pace to the answer, and what
//! the provider goes on doing when nobody waits for one any more.

mod end;
mod flow_control;
mod limits;
mod service;

pub(crate) use flow_control::schedule_token;

use crate::chain::draws::delay::{scaled, times};
use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::attempt::{Attempt, AttemptState, ProviderAnswer};
use crate::chain::records::event::Scheduler as _;
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::outcome::{AttemptResult, Stage};
use crate::chain::records::parts::WHOLE;
use crate::chain::spec::Scope;
use crate::chain::stations::provider::{Conditions, OverRate, judge};
use crate::chain::trace::story::SubmitStep;
use crate::kernel::Nanos;
use crate::random::{DrawSource as _, open01};

/// The draws of an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttemptDraw {
    /// The word that decides its result.
    pub(crate) judged: u64,
    /// The provider's latency, without what incidents and spells make of it.
    pub(crate) latency: Nanos,
}

impl<E: Engine> Chain<'_, E> {
    #[inline(always)]
    pub(crate) fn new_attempt(
        &mut self,
        message: Id<Message>,
        route: u16,
        gate: u32,
        since: Nanos,
    ) -> Id<Attempt> {
        self.gate_begins(gate);
        let (part, segments) = match self.takes_apart {
            false => (WHOLE, self.messages[message].segments),
            true => self.in_hand(message, route),
        };
        let record = &mut self.messages[message];
        record.open += 1;
        let place = record.attempts;
        self.attempts.insert(Attempt {
            message,
            place,
            // A slot's stamps go on from one submit to the next.
            stamp: self.attempts.next_free().map_or(0, |last| last.stamp.wrapping_add(1)),
            since,
            retry_after: 0,
            number: 0,
            gate,
            paid: None,
            route,
            provider: self.spec.provider_by(route),
            part,
            segments,
            state: AttemptState::Waiting,
            result: AttemptResult::Accepted,
            answer: ProviderAnswer::Due,
            hedge: false,
            probe: false,
            open: 1,
        })
    }

    /// Sender or provider has done with a submit; with the last of them it is gone.
    #[inline]
    fn leaves(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let record = &mut self.attempts[attempt];
        debug_assert!(record.open > 0, "nobody has anything to do with the attempt");
        record.open -= 1;
        if record.open == 0 {
            let message = record.message;
            self.attempts.release(attempt);
            self.closes(message, s.now(), s);
        }
    }

    /// A worker has spent its overhead.
    pub(crate) fn worker_ready(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        self.ask_provider(message, s.now(), s);
    }

    /// A message with a worker, which has waited since then, asks its provider.
    #[inline(always)]
    pub(crate) fn ask_provider(
        &mut self,
        message: Id<Message>,
        since: Nanos,
        s: &mut E::Scheduler,
    ) {
        let stream = self.messages[message].stream;
        let mut via = self.messages.via(message);
        if self.routing.is_chosen_at_send(via) && self.messages[message].attempts == 0 {
            self.chooses_again(message, s);
            via = self.messages.via(message);
        }
        let mut gate = self.gate_on(stream, via);
        if self.policies.blocks(gate) {
            if !self.turned_back(message, s) {
                return;
            }
            via = self.messages.via(message);
            gate = self.gate_on(stream, via);
        }
        self.messages[message].is_taken();
        let attempt = self.new_attempt(message, via, gate, since);
        self.messages[message].attempt = Some(attempt);
        self.attempts[attempt].paid = self.messages.take_paid(message);
        self.ask_pace(attempt, s);
    }

    /// True if an attempt is out that the message's sender waits for.
    pub(crate) fn has_submit_out(&self, message: Id<Message>) -> bool {
        let out = |attempt: Id<Attempt>| self.attempts[attempt].state == AttemptState::Out;
        self.messages.awaited(message).into_iter().flatten().any(out)
    }

    #[inline]
    fn provider_bucket(&self, message: Id<Message>, provider: usize) -> usize {
        let record = &self.messages[message];
        self.bucket_of(self.providers[provider].buckets_of(), record.stream, record.sender)
    }

    /// The bucket of a throttle that messages of a stream's sender meet, of those of that scope.
    #[inline]
    pub(crate) fn bucket_of(&self, buckets: Option<Scope>, stream: u16, sender: u32) -> usize {
        buckets.map_or(0, |scope| self.identities[usize::from(stream)].scope(scope, sender, 0))
    }

    /// The latency of a refusal, where spells and incidents multiply it by `factor`.
    fn refusal_takes(&self, attempt: Id<Attempt>, factor: f64) -> Nanos {
        let record = &self.attempts[attempt];
        let provider = &self.providers[record.provider];
        provider.refusal_takes(factor, || {
            let key = self.messages[record.message].key;
            self.chance.block(site::attempt(key, provider.owner(), record.number)).second()
        })
    }

    /// True if a provider refuses an attempt for its rate: then its answer is on its way.
    #[inline(never)]
    fn is_over_rate(
        &mut self,
        attempt: Id<Attempt>,
        (index, bucket): (usize, usize),
        over: OverRate,
        factor: f64,
        s: &mut E::Scheduler,
    ) -> bool {
        let now = s.now();
        let (throttle, tokens, retry_after) = match over {
            OverRate::Refused(retry_after) => {
                (0, self.providers[index].tokens(bucket, now), retry_after)
            }
            OverRate::Asks => match self.refused_by(attempt, index, now) {
                Some((throttle, tokens, retry_after)) => (throttle, Some(tokens), retry_after),
                None => return false,
            },
        };
        self.attempts[attempt].retry_after = retry_after;
        let latency = self.refusal_takes(attempt, factor);
        self.tell_attempt(attempt, now, |_| SubmitStep::OverRate {
            provider: index,
            throttle,
            tokens: tokens.unwrap_or(0.0),
            latency,
        });
        self.refuses(attempt, AttemptResult::Throttled, latency, s);
        true
    }

    /// A refusal reaches the sender after `latency`, without any of the provider's servers: slot and worker are
    /// held until then.
    fn refuses(
        &mut self,
        attempt: Id<Attempt>,
        result: AttemptResult,
        latency: Nanos,
        s: &mut E::Scheduler,
    ) {
        self.attempts[attempt].result = result;
        self.answer_after(attempt, latency, s);
    }

    /// Submits what holds a slot, and a token where there is a pace.
    #[inline(always)]
    fn submit(&mut self, attempt: Id<Attempt>, s: &mut E::Scheduler) {
        let now = s.now();
        let record = &self.attempts[attempt];
        debug_assert_eq!(record.state, AttemptState::Slot, "what goes out holds a slot");
        let (message, hedge, since) = (record.message, record.hedge, record.since);
        let index = record.provider;
        let part = record.part;
        if !self.gate_passes(attempt, now) {
            self.turns_back(attempt, s);
            return;
        }
        self.messages.stop_probing(message);
        if self.takes_apart {
            self.part_goes_out(message, part, hedge);
        }
        if hedge {
            self.messages.extra_mut(message).hedges += 1;
        }
        let record = &mut self.messages[message];
        record.attempts += 1;
        if record.attempts == 1 {
            self.ledger.latency(record.batch, Stage::WindowWait, now - since);
        }
        let key = record.key;
        self.ledger.submitted(now, record.batch, index);
        let number = self.count_submit(message, index);
        let bucket = self.provider_bucket(message, index);
        self.tell_attempt(attempt, now, |chain| SubmitStep::GoesOut {
            provider: index,
            attempt: chain.messages[message].attempts,
            number,
            hedge,
            waited: now - since,
            used: chain.providers[index].outstanding().level(),
            tokens: chain.providers[index].tokens(bucket, now),
            probe: chain.attempts[attempt].probe,
        });
        let record = &mut self.attempts[attempt];
        record.moves_to(AttemptState::Out);
        (record.since, record.number) = (now, number);
        let segments = record.segments;
        let Some(Conditions { shares, fails, factor, spell, incident }) =
            self.providers[index].conditions(now, &self.chance)
        else {
            self.submit_into_outage(attempt, s);
            return;
        };
        if let Err(over) = self.providers[index].asks_rate(bucket, segments, now)
            && self.is_over_rate(attempt, (index, bucket), over, factor, s)
        {
            return;
        }
        let settings = &self.spec.providers[index];
        let provider = &self.providers[index];
        let drawn = fails || settings.latency.is_random();
        let owner = provider.owner();
        let known = match number {
            1 => self.engine.first_attempt(message, key, owner),
            _ => None,
        };
        let drawn = drawn && known.is_none();
        let draw = self.chance.block_if(drawn, site::attempt(key, owner, number));
        let judged_by = known.map_or(draw.first(), |known| known.judged);
        let result =
            if fails { judge(open01(judged_by), &shares) } else { AttemptResult::Accepted };
        let record = &mut self.attempts[attempt];
        record.result = result;
        record.answer = match result {
            AttemptResult::Timeout => ProviderAnswer::Withheld,
            _ => ProviderAnswer::Due,
        };
        let judged = |latency, factor| SubmitStep::Judged {
            provider: index,
            u: fails.then(|| open01(judged_by)),
            shares,
            result,
            spell,
            incident,
            latency,
            factor,
        };
        if matches!(result, AttemptResult::Throttled | AttemptResult::QueueFull) {
            let latency = self.refusal_takes(attempt, factor);
            self.tell_attempt(attempt, now, |_| judged(Some(latency), factor));
            self.refuses(attempt, result, latency, s);
        } else if provider.answers_alone() {
            let latency = match known {
                Some(known) => times(known.latency, factor),
                None => scaled(&settings.latency, factor, || draw.second()),
            };
            self.tell_attempt(attempt, now, |_| judged(Some(latency), factor));
            self.answer_after(attempt, latency, s);
        } else {
            self.tell_attempt(attempt, now, |_| judged(None, 1.0));
            self.ask_server(attempt, factor, s);
        }
    }
}
