//! Submits: a message's way through a provider, from waiting for its pace to the answer, and what
//! the provider goes on doing when nobody waits for one any more.

use super::delay::scaled;
use super::event::{DETAIL_MAX, Event, What};
use super::incident::latency_factor;
use super::message;
use super::message::NEVER;
use super::outcome::{AttemptResult, Stage};
use super::provider::{Provider, combined, judge, observed, schedule_token};
use super::purpose::{ATTEMPT, TIMEOUT_ACCEPTED};
use super::retry::Cause;
use super::slab::NONE;
use super::spec::Failures;
use super::traits::happens;
use super::world::{Chain, Observer};
use crate::kernel::{Nanos, Scheduler};
use crate::random::open01;

/// One submit, from when its message asks the provider until neither sender nor provider has
/// anything more to do with it.
#[derive(Debug, Clone)]
pub(super) struct Submit {
    pub(super) message: u32,
    /// Changes whenever it moves, also from one submit in a slot to the next: what refers to an
    /// older stamp is void.
    pub(super) stamp: u32,
    /// Began to wait; once out, was submitted.
    since: Nanos,
    /// The how-manieth of its message to its provider, from 1.
    number: u32,
    /// The guard it passes, and the one that was paid for a retry or hedge, or [`NONE`].
    pub(super) guard: u32,
    pub(super) retry_of: u32,
    pub(super) route: u16,
    pub(super) at: At,
    /// What the provider makes of it.
    result: AttemptResult,
    answer: Answer,
    pub(super) hedge: bool,
    /// It tries a half-open breaker.
    pub(super) probe: bool,
    /// Who has still to do with it: the sender, the provider.
    open: u8,
}

/// Where the sender is with a submit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// Waiting for pace and window.
    Line,
    /// Given a slot of the window.
    Slot,
    /// Submitted, and holding its slot.
    Out,
    /// Answered, or given up.
    Over,
}

/// What will become of an outstanding submit's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// It comes, or a server is at it.
    Due,
    /// It comes too late, if at all.
    Late,
    /// It never comes: a timeout by share.
    Withheld,
    /// It never comes, and nobody heard the question: an outage.
    Unheard,
}

impl Submit {
    fn moves_to(&mut self, at: At) {
        self.at = at;
        self.stamp = self.stamp.wrapping_add(1);
    }

    /// Its place among the events of its message: a hedge comes after what it hedges.
    fn place(&self) -> u32 {
        u32::from(self.hedge)
    }
}

impl<O: Observer> Chain<'_, O> {
    fn provider_by(&self, route: u16) -> usize {
        self.spec.routes[usize::from(route)].provider
    }

    pub(super) fn new_submit(&mut self, message: u32, route: u16, guard: u32, now: Nanos) -> u32 {
        self.guard_begins(guard);
        self.messages[message].open += 1;
        self.submits.insert(Submit {
            message,
            // A slot's stamps go on from one submit to the next.
            stamp: self.submits.next_free().map_or(0, |last| last.stamp.wrapping_add(1)),
            since: now,
            number: 0,
            guard,
            retry_of: NONE,
            route,
            at: At::Line,
            result: AttemptResult::Accepted,
            answer: Answer::Due,
            hedge: false,
            probe: false,
            open: 1,
        })
    }

    /// Sender or provider has done with a submit; with the last of them it is gone.
    fn leaves(&mut self, submit: u32, now: Nanos) {
        let record = &mut self.submits[submit];
        record.open -= 1;
        if record.open == 0 {
            let message = record.message;
            self.submits.release(submit);
            self.closes(message, now);
        }
    }

    /// A worker has spent its overhead: its message asks the provider.
    pub(super) fn worker_ready(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.messages[message];
        let mut guard = self.guard_on(record.stream, record.via);
        if self.policies.blocks(guard) {
            if !self.turned_back(message, s) {
                return;
            }
            let record = &self.messages[message];
            guard = self.guard_on(record.stream, record.via);
        }
        self.messages[message].moves_to(message::At::Worker, now);
        let submit = self.new_submit(message, self.messages[message].via, guard, now);
        let record = &mut self.messages[message];
        record.submit = submit;
        self.submits[submit].retry_of = std::mem::replace(&mut record.retry_of, NONE);
        self.ask_pace(submit, s);
    }

    fn provider_bucket(&self, message: u32, provider: usize) -> usize {
        let Some(throttle) = &self.spec.providers[provider].throttle else {
            return 0;
        };
        let record = &self.messages[message];
        self.identities[usize::from(record.stream)].scope(throttle.scope, record.sender, 0)
    }

    /// Waits for the pace, then for a slot.
    pub(super) fn ask_pace(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.submits[submit];
        let message = record.message;
        let index = self.provider_by(record.route);
        let bucket = self.provider_bucket(message, index);
        if let Some(throttle) = &mut self.providers[index].throttle
            && throttle.pace
        {
            let segments = u64::from(self.messages[message].segments);
            let time = throttle.time.as_ref();
            let line = &mut throttle.lines[bucket];
            let tokens = &mut throttle.buckets[bucket];
            if !line.is_empty() || !tokens.allows(now, segments, time) {
                line.push_back((submit, record.stamp));
                if line.len() == 1 {
                    let at = tokens.ready_at(now, segments, time);
                    schedule_token(index, bucket, at, s);
                }
                return;
            }
            tokens.take(now, segments, time);
            tokens.taken += if observed(self.spec, now) { segments } else { 0 };
        }
        self.ask_slot(submit, s);
    }

    /// The first in a pace line may pass.
    pub(super) fn provider_token(&mut self, index: usize, bucket: usize, s: &mut Scheduler<Event>) {
        let now = s.now();
        let Some(throttle) = &mut self.providers[index].throttle else {
            return;
        };
        let time = throttle.time.as_ref();
        let (line, tokens) = (&mut throttle.lines[bucket], &mut throttle.buckets[bucket]);
        while let Some(&(submit, stamp)) = line.front() {
            let record = &self.submits[submit];
            if record.stamp != stamp {
                line.pop_front();
                continue;
            }
            let message = &self.messages[record.message];
            let segments = u64::from(message.segments);
            let at = tokens.ready_at(now, segments, time);
            if at > now {
                schedule_token(index, bucket, at, s);
                return;
            }
            line.pop_front();
            tokens.take(now, segments, time);
            tokens.taken += if observed(self.spec, now) { segments } else { 0 };
            let ask = Event::new(What::AskSlot, submit, stamp & DETAIL_MAX);
            s.schedule(now, message.order.rank(What::AskSlot, record.place()), ask);
        }
    }

    /// Takes a slot of the window, or waits for one.
    pub(super) fn ask_slot(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.submits[submit];
        let index = self.provider_by(record.route);
        let provider = &mut self.providers[index];
        if !provider.has_slot(now) {
            provider.slot_line.push_back((submit, record.stamp));
            return;
        }
        provider.outstanding.rise(now);
        self.submit(submit, s);
    }

    /// A slot is free again.
    fn release_slot(&mut self, index: usize, s: &mut Scheduler<Event>) {
        self.providers[index].outstanding.fall(s.now());
        self.grant_slot(index, s);
    }

    /// If there is a slot, the first in line gets it; what it meets may pause the link.
    fn grant_slot(&mut self, index: usize, s: &mut Scheduler<Event>) {
        let now = s.now();
        let provider = &mut self.providers[index];
        while provider.has_slot(now) {
            let Some((submit, stamp)) = provider.slot_line.pop_front() else {
                return;
            };
            let record = &mut self.submits[submit];
            if record.stamp != stamp {
                continue;
            }
            provider.outstanding.rise(now);
            record.at = At::Slot;
            let rank = self.messages[record.message].order.rank(What::Submit, record.place());
            s.schedule(now, rank, Event::new(What::Submit, submit, stamp & DETAIL_MAX));
            return;
        }
    }

    /// Submits what was given a slot; then there may be one for the next. If the link was paused
    /// at that very instant, it is the first in line again.
    pub(super) fn submit_from_line(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &mut self.submits[submit];
        let index = self.spec.routes[usize::from(record.route)].provider;
        let provider = &mut self.providers[index];
        if now < provider.paused_until {
            record.at = At::Line;
            provider.outstanding.fall(now);
            provider.slot_line.push_front((submit, record.stamp));
            return;
        }
        self.submit(submit, s);
        self.grant_slot(index, s);
    }

    /// Nothing more is submitted on a provider's link until then.
    pub(super) fn pause_link(&mut self, index: usize, until: Nanos, s: &mut Scheduler<Event>) {
        let provider = &mut self.providers[index];
        if until > provider.paused_until {
            provider.paused_until = until;
            let order = super::event::Order::station(What::LinkResumes, index as u32);
            let event = Event::new(What::LinkResumes, index as u32, 0);
            s.schedule(until, order.rank(What::LinkResumes, 0), event);
        }
    }

    /// A pause of a link is over, unless a longer one has begun meanwhile.
    pub(super) fn link_resumes(&mut self, index: usize, s: &mut Scheduler<Event>) {
        self.grant_slot(index, s);
    }

    /// Submits what holds a slot.
    fn submit(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.submits[submit];
        let (message, hedge, since) = (record.message, record.hedge, record.since);
        let index = self.provider_by(record.route);
        let first = !hedge && self.messages[message].tries == 0;
        if !self.guard_passes(submit, first, now) {
            self.turns_back(submit, s);
            return;
        }
        let record = &mut self.messages[message];
        record.probing = false;
        record.attempts += 1;
        record.tries += u32::from(!hedge);
        if record.attempts == 1 {
            self.ledger.latency(record.batch, Stage::WindowWait, now - since);
        }
        let (key, segments) = (record.key, u64::from(record.segments));
        if record.counted() {
            self.ledger.results.providers[index].submits += 1;
        }
        self.ledger.submitted(now);
        let number = self.count_submit(message, index);
        let bucket = self.provider_bucket(message, index);
        let record = &mut self.submits[submit];
        record.moves_to(At::Out);
        (record.since, record.number) = (now, number);
        let provider = &mut self.providers[index];
        let trouble = provider.trouble.as_deref();
        if trouble.is_some_and(|trouble| trouble.outage(now)) {
            self.submit_into_outage(submit, s);
            return;
        }
        if let Some(throttle) = &mut provider.throttle
            && !throttle.pace
        {
            let time = throttle.time.as_ref();
            let tokens = &mut throttle.buckets[bucket];
            if !tokens.allows(now, segments, time) {
                let retry_after = throttle.retry_after;
                self.submit_ends(submit, AttemptResult::Throttled, retry_after, s);
                return;
            }
            tokens.take(now, segments, time);
            tokens.taken += if observed(self.spec, now) { segments } else { 0 };
        }
        let settings = &self.spec.providers[index];
        let down = provider.spells.as_mut().is_some_and(|spells| spells.down_at(now, &self.chance));
        let incident = trouble.and_then(|trouble| trouble.failures(now));
        let fails = settings.failures != Failures::default()
            || settings.degraded.is_some()
            || incident.is_some();
        let drawn = fails || settings.latency.is_random();
        let draw = self.chance.block_if(drawn, key, provider.owner, ATTEMPT, number);
        let spell = settings.degraded.as_ref().filter(|_| down);
        let result = if fails {
            let mut shares = settings.failures;
            for more in spell.map(|spell| spell.failures).iter().chain(&incident) {
                shares = combined(&shares, more);
            }
            judge(open01(draw.first()), &shares)
        } else {
            AttemptResult::Accepted
        };
        record.result = result;
        record.answer = match result {
            AttemptResult::Timeout => Answer::Withheld,
            _ => Answer::Due,
        };
        if result == AttemptResult::QueueFull {
            self.submit_ends(submit, result, 0, s);
        } else if provider.servers == u64::MAX {
            let factor = spell.map_or(1.0, |spell| spell.latency_factor);
            let factor = factor * latency_factor(trouble, now);
            let latency = scaled(&settings.latency, factor, || draw.second());
            self.answer_after(submit, latency, s);
        } else {
            self.ask_server(submit, s);
        }
    }

    /// Nobody is there: no answer and no acceptance. A sender without patience for that is told
    /// at once.
    fn submit_into_outage(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let record = &mut self.submits[submit];
        let index = self.spec.routes[usize::from(record.route)].provider;
        if self.providers[index].submit_timeout == NEVER {
            self.submit_ends(submit, AttemptResult::Transient, 0, s);
            return;
        }
        record.answer = Answer::Unheard;
        self.schedule_timeout(submit, s);
        self.plan_hedge(submit, None, s);
    }

    fn schedule_timeout(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let record = &self.submits[submit];
        let timeout = self.providers[self.provider_by(record.route)].submit_timeout;
        let order = self.messages[record.message].order;
        let event = Event::new(What::SubmitTimeout, submit, record.stamp & DETAIL_MAX);
        let at = record.since.saturating_add(timeout);
        s.schedule(at, order.rank(What::SubmitTimeout, record.place()), event);
    }

    /// A provider without limit of servers answers after `latency`, or too late.
    fn answer_after(&mut self, submit: u32, latency: Nanos, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &mut self.submits[submit];
        let index = self.spec.routes[usize::from(record.route)].provider;
        let timeout = self.providers[index].submit_timeout;
        let order = self.messages[record.message].order;
        if record.result != AttemptResult::Timeout && latency < timeout {
            record.open += 1;
            let rank = order.rank(What::SubmitDone, record.place());
            s.schedule(now + latency, rank, Event::new(What::SubmitDone, submit, 0));
            self.plan_hedge(submit, Some(now + latency), s);
            return;
        }
        if record.result != AttemptResult::Timeout {
            record.answer = Answer::Late;
        }
        if record.result == AttemptResult::Accepted {
            record.open += 1;
            let rank = order.rank(What::LateAcceptance, record.place());
            s.schedule(now + latency, rank, Event::new(What::LateAcceptance, submit, 0));
        }
        self.schedule_timeout(submit, s);
        self.plan_hedge(submit, None, s);
    }

    /// Waits for one of a provider's servers; the sender's patience doesn't shorten that wait.
    fn ask_server(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &mut self.submits[submit];
        let index = self.spec.routes[usize::from(record.route)].provider;
        let provider = &mut self.providers[index];
        let idle = provider.serving.level() < provider.servers;
        if !idle && provider.waiting.level() >= provider.queue_capacity {
            self.submit_ends(submit, AttemptResult::QueueFull, 0, s);
            return;
        }
        record.open += 1;
        let withheld = record.result == AttemptResult::Timeout;
        let timeout = provider.submit_timeout;
        let ends = if idle {
            provider.serving.rise(now);
            Some(self.serve(index, submit, s))
        } else {
            provider.waiting.rise(now);
            provider.backlog.push_back(submit);
            None
        };
        let too_late = withheld || ends.is_none_or(|end| end - now >= timeout);
        if timeout < NEVER && too_late {
            self.schedule_timeout(submit, s);
        }
        self.plan_hedge(submit, ends.filter(|_| !withheld), s);
    }

    /// A server begins; returns when it will have done.
    fn serve(&mut self, index: usize, submit: u32, s: &mut Scheduler<Event>) -> Nanos {
        let now = s.now();
        let settings = &self.spec.providers[index];
        let provider = &mut self.providers[index];
        let down = provider.spells.as_mut().is_some_and(|spells| spells.down_at(now, &self.chance));
        let factor = match &settings.degraded {
            Some(degraded) if down => degraded.latency_factor,
            _ => 1.0,
        };
        let factor = factor * latency_factor(provider.trouble.as_deref(), now);
        let record = &self.submits[submit];
        let message = &self.messages[record.message];
        let owner = provider.owner;
        let latency = scaled(&settings.latency, factor, || {
            self.chance.block(message.key, owner, ATTEMPT, record.number).second()
        });
        let rank = message.order.rank(What::ServiceDone, record.place());
        s.schedule(now + latency, rank, Event::new(What::ServiceDone, submit, 0));
        now + latency
    }

    /// A server has done a submit; the sender may have given it up meanwhile.
    pub(super) fn service_done(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.submits[submit];
        let index = self.provider_by(record.route);
        let provider = &mut self.providers[index];
        if let Some(next) = provider.backlog.pop_front() {
            provider.waiting.fall(now);
            self.serve(index, next, s);
        } else {
            provider.serving.fall(now);
        }
        let timeout = self.providers[index].submit_timeout;
        let record = &self.submits[submit];
        let awaited = record.at == At::Out && (timeout == NEVER || now - record.since < timeout);
        match record.result {
            // The answer is never given.
            AttemptResult::Timeout => {}
            result if awaited => {
                if timeout < NEVER {
                    self.overtaken += 1;
                }
                self.submit_ends(submit, result, 0, s);
            }
            AttemptResult::Accepted => self.copy_accepted(record.message, record.route, s),
            _ => {}
        }
        self.leaves(submit, now);
    }

    /// A submit's answer reaches the sender, if somebody is still there.
    pub(super) fn submit_done(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let record = &self.submits[submit];
        if record.at == At::Out {
            self.submit_ends(submit, record.result, 0, s);
        } else if record.result == AttemptResult::Accepted {
            self.copy_accepted(record.message, record.route, s);
        }
        self.leaves(submit, s.now());
    }

    /// The sender has waited long enough, if it still waits for that submit.
    pub(super) fn submit_timeout(&mut self, submit: u32, stamp: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        if !self.times_out_at(submit, stamp, now) {
            self.overtaken = self.overtaken.saturating_sub(1);
            return;
        }
        if self.accepted_in_silence(submit) {
            let record = &self.submits[submit];
            self.copy_accepted(record.message, record.route, s);
        }
        self.submit_ends(submit, AttemptResult::Timeout, 0, s);
    }

    /// Will a submit whose answer is withheld have been accepted when the sender gives up?
    fn accepted_in_silence(&self, submit: u32) -> bool {
        let record = &self.submits[submit];
        let index = self.provider_by(record.route);
        let accepted = self.spec.providers[index].timeout_accepted;
        record.answer == Answer::Withheld && accepted > 0.0 && {
            let key = self.messages[record.message].key;
            let owner = self.providers[index].owner;
            let draw = self.chance.block(key, owner, TIMEOUT_ACCEPTED, record.number);
            happens(accepted, draw.first())
        }
    }

    /// Does the sender wait for that submit until it times out at `time`?
    pub(super) fn times_out_at(&self, submit: u32, stamp: u32, time: Nanos) -> bool {
        let record = &self.submits[submit];
        let timeout = self.providers[self.provider_by(record.route)].submit_timeout;
        record.stamp & DETAIL_MAX == stamp
            && record.at == At::Out
            && time == record.since.saturating_add(timeout)
    }

    /// A provider accepts a submit the sender has given up.
    pub(super) fn late_acceptance(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let record = &self.submits[submit];
        self.copy_accepted(record.message, record.route, s);
        self.leaves(submit, s.now());
    }

    /// The sender has a submit's result: its slot is free. If it waited for that one its worker is,
    /// too, and the retry policy decides; what it didn't wait for any more may be a duplicate.
    fn submit_ends(
        &mut self,
        submit: u32,
        result: AttemptResult,
        retry_after: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        let now = s.now();
        let accepted = result == AttemptResult::Accepted;
        let record = &mut self.submits[submit];
        let (message, route, since) = (record.message, record.route, record.since);
        record.moves_to(At::Over);
        let index = self.provider_by(route);
        let record = &mut self.messages[message];
        self.ledger.latency(record.batch, Stage::Submit, now - since);
        if record.counted() {
            self.ledger.results.providers[index].results[result as usize] += 1;
        }
        let awaited = record.submit == submit || record.hedge == submit;
        let other = if record.submit == submit { record.hedge } else { record.submit };
        let decided = awaited && (accepted || other == NONE);
        if decided {
            (record.submit, record.hedge) = (NONE, NONE);
            record.moves_to(message::At::Aside, now);
        } else if awaited {
            // What is left of the two decides.
            record.failed_with = result;
            (record.submit, record.hedge) = (other, NONE);
        }
        self.guard_result(submit, Cause::of(result), accepted, s);
        if !accepted {
            // Before the slot goes to the next.
            self.pause_after(message, index, result, s);
        }
        self.release_slot(index, s);
        if decided {
            if other != NONE {
                self.withdraw(other, s);
            }
            self.release_worker(message, s);
        }
        if accepted {
            self.copy_accepted(message, route, s);
        }
        if decided && accepted {
            self.sent(message, now);
        } else if decided {
            self.attempt_failed(message, result, retry_after, s);
        }
        self.leaves(submit, now);
    }

    /// The breaker lets a submit with a slot not through: a hedge is dropped, a message turned
    /// back.
    fn turns_back(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &self.submits[submit];
        let message = record.message;
        let retry_of = record.retry_of;
        let hedge = record.hedge;
        self.submits[submit].retry_of = NONE;
        self.withdraw(submit, s);
        let record = &mut self.messages[message];
        if hedge {
            self.retry_ends(retry_of);
            let record = &mut self.messages[message];
            record.hedge = NONE;
            if record.submit == submit {
                // It was all the sender waited for.
                record.submit = NONE;
                let result = record.failed_with;
                record.moves_to(message::At::Aside, now);
                self.release_worker(message, s);
                self.attempt_failed(message, result, 0, s);
            }
        } else {
            record.submit = NONE;
            // Still to be made: it stays paid for.
            record.retry_of = retry_of;
            if self.turned_back(message, s) {
                self.worker_ready(message, s);
            }
        }
    }

    /// A submit nobody needs any more leaves its line or slot. One that is out goes on, and holds
    /// its slot until it is answered.
    fn withdraw(&mut self, submit: u32, s: &mut Scheduler<Event>) {
        let record = &mut self.submits[submit];
        let at = record.at;
        if at == At::Out || at == At::Over {
            return;
        }
        record.moves_to(At::Over);
        let index = self.spec.routes[usize::from(record.route)].provider;
        self.guard_ends(submit);
        if at == At::Slot {
            self.release_slot(index, s);
        }
        self.leaves(submit, s.now());
    }

    /// The worker that held the message is gone: what it waited for is void, what it had
    /// submitted goes on without it.
    pub(super) fn abandon_submits(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let record = &mut self.messages[message];
        let submits = [
            std::mem::replace(&mut record.submit, NONE),
            std::mem::replace(&mut record.hedge, NONE),
        ];
        for submit in submits {
            if submit == NONE {
                continue;
            }
            if self.submits[submit].at != At::Out {
                self.withdraw(submit, s);
                continue;
            }
            if self.accepted_in_silence(submit) {
                let record = &mut self.submits[submit];
                record.open += 1;
                let index = self.spec.routes[usize::from(record.route)].provider;
                let at = record.since.saturating_add(self.providers[index].submit_timeout);
                let order = self.messages[message].order;
                let rank = order.rank(What::LateAcceptance, record.place());
                s.schedule(at, rank, Event::new(What::LateAcceptance, submit, 0));
            }
            let record = &mut self.submits[submit];
            record.moves_to(At::Over);
            let index = self.spec.routes[usize::from(record.route)].provider;
            // A half-open breaker waits for every probe: one without an answer has failed.
            self.guard_result(submit, Some(Cause::Transient), false, s);
            self.release_slot(index, s);
            self.leaves(submit, s.now());
        }
    }
}

impl Provider {
    /// May another submit go out now?
    fn has_slot(&self, now: Nanos) -> bool {
        self.outstanding.level() < self.window && now >= self.paused_until
    }
}
