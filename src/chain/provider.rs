//! Providers: pace, window, submits, and what the provider makes of them.

use super::bucket::TokenBucket;
use super::delay::scaled;
use super::event::{DETAIL_MAX, Event, Order, What};
use super::incident::{self, Trouble, latency_factor};
use super::message::{Answer, At, NEVER};
use super::names::{Names, scope_size};
use super::outcome::{AttemptResult, Stage};
use super::own_time::OwnTime;
use super::purpose::{ATTEMPT, SPELL, TIMEOUT_ACCEPTED};
use super::queue::Ticket;
use super::spec::{self, Failures, ProviderExcess, Spec, Target};
use super::traits::happens;
use super::world::{Chain, Observer};
use crate::kernel::{Nanos, Scheduler};
use crate::random::{Chance, Key, Owner, open01};
use crate::stats::TimeWeighted;
use std::collections::VecDeque;

/// One provider.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) owner: Owner,
    /// What incidents do to it.
    pub(super) trouble: Option<Box<Trouble>>,
    throttle: Option<Throttle>,
    window: u64,
    servers: u64,
    queue_capacity: u64,
    submit_timeout: Nanos,
    /// Submits outstanding, and who waits for a slot.
    pub(super) outstanding: TimeWeighted,
    slot_line: VecDeque<Ticket>,
    pub(super) serving: TimeWeighted,
    pub(super) waiting: TimeWeighted,
    /// Submits waiting for a server: message, and attempt and result as in an event's detail.
    backlog: VecDeque<(u32, u32)>,
    spells: Option<Spells>,
}

#[derive(Debug)]
struct Throttle {
    buckets: Vec<TokenBucket>,
    /// Their own time, where incidents change the rate.
    time: Option<OwnTime>,
    /// Who waits for a token, by bucket.
    lines: Vec<VecDeque<Ticket>>,
    pace: bool,
    retry_after: Nanos,
}

/// Alternating spells, good and degraded, with exponential dwells from a stationary start.
#[derive(Debug)]
struct Spells {
    key: Key,
    mean_up: Nanos,
    mean_down: Nanos,
    down: bool,
    until: Nanos,
    dwells: u32,
}

impl Spells {
    fn new(degraded: &spec::Degraded, key: Key, chance: &Chance) -> Spells {
        let (up, down) = (degraded.mean_up as f64, degraded.mean_down as f64);
        let first = chance.block(key, Owner::NONE, SPELL, 0).second();
        let mut spells = Spells {
            key,
            mean_up: degraded.mean_up,
            mean_down: degraded.mean_down,
            down: happens(down / (up + down), first),
            until: 0,
            dwells: 0,
        };
        spells.until = spells.dwell(chance);
        spells
    }

    fn dwell(&mut self, chance: &Chance) -> Nanos {
        let mean = if self.down { self.mean_down } else { self.mean_up };
        let bits = chance.block(self.key, Owner::NONE, SPELL, self.dwells).first();
        self.dwells += 1;
        let length = -libm::log(open01(bits)) * mean as f64;
        self.until.saturating_add(length.round() as Nanos)
    }

    /// Is it a spell of degradation now? Times asked for ascend.
    fn down_at(&mut self, now: Nanos, chance: &Chance) -> bool {
        while now >= self.until {
            self.down = !self.down;
            self.until = self.dwell(chance).max(self.until + 1);
        }
        self.down
    }
}

/// Attempt and result in an event's detail.
const RESULT_BITS: u32 = 3;
/// An attempt's number in an event's detail; the sender makes no more attempts than this.
pub(super) const ATTEMPTS_MAX: u32 = DETAIL_MAX >> RESULT_BITS;

fn packed(attempt: u32, result: AttemptResult) -> u32 {
    attempt << RESULT_BITS | result as u32
}

fn unpacked(detail: u32) -> (u32, AttemptResult) {
    let result = AttemptResult::ALL[(detail & ((1 << RESULT_BITS) - 1)) as usize];
    (detail >> RESULT_BITS, result)
}

impl Provider {
    pub(super) fn new(index: usize, spec: &Spec, names: &Names, chance: &Chance) -> Provider {
        let provider = &spec.providers[index];
        let target = Target::Provider(index);
        let key = Key::named(&format!("provider.{}", provider.name));
        let throttle = provider.throttle.as_ref().map(|throttle| {
            // A provider's own bucket is its only one.
            let size = match throttle.scope {
                spec::Scope::Provider | spec::Scope::Carrier => 1,
                scope => scope_size(scope, names, 1),
            };
            let retry_after = match throttle.on_excess {
                ProviderExcess::Pace => None,
                ProviderExcess::Refuse { retry_after } => retry_after,
            };
            Throttle {
                buckets: vec![TokenBucket::new(&throttle.bucket); size],
                time: incident::throttle_time(spec, target),
                lines: vec![VecDeque::new(); size],
                pace: throttle.on_excess == ProviderExcess::Pace,
                retry_after: retry_after.unwrap_or(0),
            }
        });
        let level = || TimeWeighted::new(spec.warmup, spec.duration);
        Provider {
            owner: key.owner(),
            trouble: Trouble::of(spec, target),
            throttle,
            window: provider.window.map_or(u64::MAX, u64::from),
            servers: provider.servers.map_or(u64::MAX, u64::from),
            queue_capacity: provider.queue_capacity.unwrap_or(u64::MAX),
            submit_timeout: provider.submit_timeout.unwrap_or(NEVER),
            outstanding: level(),
            slot_line: VecDeque::new(),
            serving: level(),
            waiting: level(),
            backlog: VecDeque::new(),
            spells: provider.degraded.as_ref().map(|degraded| Spells::new(degraded, key, chance)),
        }
    }

    /// Segments that passed the busiest bucket within the observation window.
    pub(super) fn throttle_taken(&self) -> u64 {
        let buckets = self.throttle.iter().flat_map(|throttle| &throttle.buckets);
        buckets.map(|bucket| bucket.taken).max().unwrap_or(0)
    }
}

/// The result that `u` falls on, by the shares in their order.
fn judge(u: f64, shares: &Failures) -> AttemptResult {
    let mut below = 0.0;
    for (share, result) in [
        (shares.throttled, AttemptResult::Throttled),
        (shares.queue_full, AttemptResult::QueueFull),
        (shares.transient, AttemptResult::Transient),
        (shares.permanent, AttemptResult::Permanent),
        (shares.timeout, AttemptResult::Timeout),
    ] {
        below += share;
        if u < below {
            return result;
        }
    }
    AttemptResult::Accepted
}

/// Shares of two sources together: 1 − (1 − p)(1 − q).
fn combined(base: &Failures, other: &Failures) -> Failures {
    let either = |p: f64, q: f64| 1.0 - (1.0 - p) * (1.0 - q);
    Failures {
        throttled: either(base.throttled, other.throttled),
        queue_full: either(base.queue_full, other.queue_full),
        transient: either(base.transient, other.transient),
        permanent: either(base.permanent, other.permanent),
        timeout: either(base.timeout, other.timeout),
    }
}

impl<O: Observer> Chain<'_, O> {
    pub(super) fn provider_of(&self, message: u32) -> usize {
        self.spec.routes[usize::from(self.messages[message].route)].provider
    }

    fn provider_bucket(&self, message: u32, provider: usize) -> usize {
        let Some(throttle) = &self.spec.providers[provider].throttle else {
            return 0;
        };
        let record = &self.messages[message];
        self.identities[usize::from(record.stream)].scope(throttle.scope, record.sender, 0)
    }

    /// A worker has spent its overhead: the message waits for the pace, then for a slot.
    pub(super) fn worker_ready(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let index = self.provider_of(message);
        let bucket = self.provider_bucket(message, index);
        let record = &mut self.messages[message];
        record.moves_to(At::Worker, now);
        let provider = &mut self.providers[index];
        if let Some(throttle) = &mut provider.throttle
            && throttle.pace
        {
            let segments = u64::from(record.segments);
            let time = throttle.time.as_ref();
            let line = &mut throttle.lines[bucket];
            let tokens = &mut throttle.buckets[bucket];
            if !line.is_empty() || !tokens.allows(now, segments, time) {
                line.push_back((message, record.stamp));
                if line.len() == 1 {
                    let at = tokens.ready_at(now, segments, time);
                    schedule_token(index, bucket, at, s);
                }
                return;
            }
            tokens.take(now, segments, time);
            tokens.taken += if observed(self.spec, now) { segments } else { 0 };
        }
        self.ask_slot(message, s);
    }

    /// The first in a pace line may pass.
    pub(super) fn provider_token(&mut self, index: usize, bucket: usize, s: &mut Scheduler<Event>) {
        let now = s.now();
        let Some(throttle) = &mut self.providers[index].throttle else {
            return;
        };
        let time = throttle.time.as_ref();
        let (line, tokens) = (&mut throttle.lines[bucket], &mut throttle.buckets[bucket]);
        while let Some(&(message, stamp)) = line.front() {
            let record = &self.messages[message];
            if record.stamp != stamp {
                line.pop_front();
                continue;
            }
            let segments = u64::from(record.segments);
            let at = tokens.ready_at(now, segments, time);
            if at > now {
                schedule_token(index, bucket, at, s);
                return;
            }
            line.pop_front();
            tokens.take(now, segments, time);
            tokens.taken += if observed(self.spec, now) { segments } else { 0 };
            let ask = Event::new(What::AskSlot, message, stamp & DETAIL_MAX);
            s.schedule(now, record.order.rank(What::AskSlot, 0), ask);
        }
    }

    /// Takes a slot of the window, or waits for one.
    pub(super) fn ask_slot(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let index = self.provider_of(message);
        let provider = &mut self.providers[index];
        if provider.outstanding.level() >= provider.window {
            provider.slot_line.push_back((message, self.messages[message].stamp));
            return;
        }
        provider.outstanding.rise(s.now());
        self.submit(message, s);
    }

    /// A slot is free: the first in line gets it.
    fn release_slot(&mut self, index: usize, s: &mut Scheduler<Event>) {
        let now = s.now();
        let provider = &mut self.providers[index];
        while let Some((message, stamp)) = provider.slot_line.pop_front() {
            let record = &mut self.messages[message];
            if record.stamp != stamp {
                continue;
            }
            // It keeps `since`: its wait ends with the submit.
            record.at = At::Slot;
            let submit = Event::new(What::Submit, message, stamp & DETAIL_MAX);
            s.schedule(now, record.order.rank(What::Submit, 0), submit);
            return;
        }
        provider.outstanding.fall(now);
    }

    /// Submits a message that holds a slot.
    pub(super) fn submit(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let index = self.provider_of(message);
        let bucket = self.provider_bucket(message, index);
        let record = &mut self.messages[message];
        record.attempts += 1;
        if record.attempts == 1 {
            self.ledger.latency(record.batch, Stage::WindowWait, now - record.since);
        }
        record.moves_to(At::Submitted, now);
        let (attempt, key, segments) = (record.attempts, record.key, u64::from(record.segments));
        if record.counted() {
            self.ledger.results.providers[index].submits += 1;
        }
        self.ledger.submitted(now);
        let provider = &mut self.providers[index];
        let trouble = provider.trouble.as_deref();
        if trouble.is_some_and(|trouble| trouble.outage(now)) {
            self.submit_into_outage(message, attempt, s);
            return;
        }
        if let Some(throttle) = &mut provider.throttle
            && !throttle.pace
        {
            let time = throttle.time.as_ref();
            let tokens = &mut throttle.buckets[bucket];
            if !tokens.allows(now, segments, time) {
                let retry_after = throttle.retry_after;
                self.attempt_ends(message, AttemptResult::Throttled, retry_after, s);
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
        let draw = self.chance.block_if(drawn, key, provider.owner, ATTEMPT, attempt);
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
        self.messages[message].answer = match result {
            AttemptResult::Timeout => Answer::Withheld,
            _ => Answer::Due,
        };
        if result == AttemptResult::QueueFull {
            self.attempt_ends(message, result, 0, s);
        } else if provider.servers == u64::MAX {
            let factor = spell.map_or(1.0, |spell| spell.latency_factor);
            let factor = factor * latency_factor(trouble, now);
            let latency = scaled(&settings.latency, factor, || draw.second());
            self.answer_after(message, attempt, result, latency, s);
        } else {
            self.ask_server(message, attempt, result, s);
        }
    }

    /// Nobody is there: no answer and no acceptance. A sender without patience for that is told
    /// at once.
    fn submit_into_outage(&mut self, message: u32, attempt: u32, s: &mut Scheduler<Event>) {
        let timeout = self.providers[self.provider_of(message)].submit_timeout;
        if timeout == NEVER {
            self.attempt_ends(message, AttemptResult::Transient, 0, s);
            return;
        }
        let record = &mut self.messages[message];
        record.answer = Answer::Unheard;
        let rank = record.order.rank(What::SubmitTimeout, 0);
        let detail = packed(attempt, AttemptResult::Timeout);
        let event = Event::new(What::SubmitTimeout, message, detail);
        s.schedule(s.now().saturating_add(timeout), rank, event);
    }

    /// A provider without limit of servers answers after `latency`, or too late.
    fn answer_after(
        &mut self,
        message: u32,
        attempt: u32,
        result: AttemptResult,
        latency: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        let now = s.now();
        let timeout = self.providers[self.provider_of(message)].submit_timeout;
        let record = &mut self.messages[message];
        if result == AttemptResult::Timeout || latency >= timeout {
            if result != AttemptResult::Timeout {
                record.answer = Answer::Late;
            }
            let detail = packed(attempt, result);
            let rank = record.order.rank(What::SubmitTimeout, 0);
            let event = Event::new(What::SubmitTimeout, message, detail);
            s.schedule(now.saturating_add(timeout), rank, event);
            if result == AttemptResult::Accepted {
                record.open += 1;
                let rank = record.order.rank(What::LateAcceptance, 0);
                let late = Event::new(What::LateAcceptance, message, 0);
                s.schedule(now + latency, rank, late);
            }
        } else {
            let rank = record.order.rank(What::SubmitDone, 0);
            let done = Event::new(What::SubmitDone, message, packed(attempt, result));
            s.schedule(now + latency, rank, done);
        }
    }

    /// Waits for one of a provider's servers; the sender's patience doesn't shorten that wait.
    fn ask_server(
        &mut self,
        message: u32,
        attempt: u32,
        result: AttemptResult,
        s: &mut Scheduler<Event>,
    ) {
        let now = s.now();
        let index = self.provider_of(message);
        let provider = &mut self.providers[index];
        let detail = packed(attempt, result);
        let idle = provider.serving.level() < provider.servers;
        if !idle && provider.waiting.level() >= provider.queue_capacity {
            self.attempt_ends(message, AttemptResult::QueueFull, 0, s);
            return;
        }
        let timeout = provider.submit_timeout;
        let record = &mut self.messages[message];
        record.open += 1;
        let ends = if idle {
            provider.serving.rise(now);
            Some(self.serve(index, message, detail, s))
        } else {
            provider.waiting.rise(now);
            provider.backlog.push_back((message, detail));
            None
        };
        let expected =
            result == AttemptResult::Timeout || ends.is_none_or(|end| end - now >= timeout);
        if timeout < NEVER && expected {
            let rank = self.messages[message].order.rank(What::SubmitTimeout, 0);
            let event = Event::new(What::SubmitTimeout, message, detail);
            s.schedule(now.saturating_add(timeout), rank, event);
        }
    }

    /// A server begins; returns when it will have done.
    fn serve(
        &mut self,
        index: usize,
        message: u32,
        detail: u32,
        s: &mut Scheduler<Event>,
    ) -> Nanos {
        let now = s.now();
        let (attempt, _) = unpacked(detail);
        let settings = &self.spec.providers[index];
        let provider = &mut self.providers[index];
        let down = provider.spells.as_mut().is_some_and(|spells| spells.down_at(now, &self.chance));
        let factor = match &settings.degraded {
            Some(degraded) if down => degraded.latency_factor,
            _ => 1.0,
        };
        let factor = factor * latency_factor(provider.trouble.as_deref(), now);
        let record = &self.messages[message];
        let owner = provider.owner;
        let latency = scaled(&settings.latency, factor, || {
            self.chance.block(record.key, owner, ATTEMPT, attempt).second()
        });
        let rank = record.order.rank(What::ServiceDone, 0);
        s.schedule(now + latency, rank, Event::new(What::ServiceDone, message, detail));
        now + latency
    }

    /// A server has done a submit; the sender may have given it up meanwhile.
    pub(super) fn service_done(&mut self, message: u32, detail: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let index = self.provider_of(message);
        let provider = &mut self.providers[index];
        if let Some((next, next_detail)) = provider.backlog.pop_front() {
            provider.waiting.fall(now);
            self.serve(index, next, next_detail, s);
        } else {
            provider.serving.fall(now);
        }
        let (attempt, result) = unpacked(detail);
        let timeout = self.providers[index].submit_timeout;
        let record = &self.messages[message];
        let awaited = record.at == At::Submitted
            && record.attempts == attempt
            && (timeout == NEVER || now - record.since < timeout);
        match result {
            // The answer is never given.
            AttemptResult::Timeout => {}
            _ if awaited => {
                if timeout < NEVER {
                    self.overtaken += 1;
                }
                self.attempt_ends(message, result, 0, s);
            }
            AttemptResult::Accepted => self.copy_accepted(message, s),
            _ => {}
        }
        self.closes(message, now);
    }

    /// A submit's result reaches the sender, if its worker still lives.
    pub(super) fn submit_done(&mut self, message: u32, detail: u32, s: &mut Scheduler<Event>) {
        let (attempt, result) = unpacked(detail);
        let record = &self.messages[message];
        if record.at == At::Submitted && record.attempts == attempt {
            self.attempt_ends(message, result, 0, s);
        } else {
            if result == AttemptResult::Accepted {
                self.copy_accepted(message, s);
            }
            self.closes(message, s.now());
        }
    }

    /// The sender has waited long enough, if it still waits for that attempt.
    pub(super) fn submit_timeout(&mut self, message: u32, detail: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        if !self.times_out_at(message, detail, now) {
            self.overtaken = self.overtaken.saturating_sub(1);
            return;
        }
        let (attempt, result) = unpacked(detail);
        if result == AttemptResult::Timeout && self.messages[message].answer != Answer::Unheard {
            let index = self.provider_of(message);
            let accepted = self.spec.providers[index].timeout_accepted;
            let key = self.messages[message].key;
            let owner = self.providers[index].owner;
            let draw = self.chance.block(key, owner, TIMEOUT_ACCEPTED, attempt);
            if accepted > 0.0 && happens(accepted, draw.first()) {
                self.copy_accepted(message, s);
            }
        }
        self.attempt_ends(message, AttemptResult::Timeout, 0, s);
    }

    /// Is the message waiting for the result of an attempt that times out at `time`?
    pub(super) fn times_out_at(&self, message: u32, detail: u32, time: Nanos) -> bool {
        let (attempt, _) = unpacked(detail);
        let record = &self.messages[message];
        record.at == At::Submitted
            && record.attempts == attempt
            && time
                == record
                    .since
                    .saturating_add(self.providers[self.provider_of(message)].submit_timeout)
    }

    /// A provider accepts a submit the sender has given up.
    pub(super) fn late_acceptance(&mut self, message: u32, s: &mut Scheduler<Event>) {
        self.copy_accepted(message, s);
        self.closes(message, s.now());
    }

    /// The sender has an attempt's result: slot and worker are free, and the retry policy decides.
    fn attempt_ends(
        &mut self,
        message: u32,
        result: AttemptResult,
        retry_after: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        let now = s.now();
        let index = self.provider_of(message);
        let record = &mut self.messages[message];
        self.ledger.latency(record.batch, Stage::Submit, now - record.since);
        if record.counted() {
            self.ledger.results.providers[index].results[result as usize] += 1;
        }
        record.moves_to(At::Aside, now);
        self.release_slot(index, s);
        self.release_worker(message, s);
        if result == AttemptResult::Accepted {
            self.copy_accepted(message, s);
            self.sent(message, now);
        } else {
            self.attempt_failed(message, result, retry_after, s);
        }
    }

    /// The worker that held the message is gone: what it waited for is void, what it had
    /// submitted goes on without it.
    pub(super) fn abandon_submit(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let index = self.provider_of(message);
        let provider = &self.providers[index];
        let record = &mut self.messages[message];
        match (record.at, record.answer) {
            (At::Submitted, Answer::Due) => {
                // A server's work is counted as open already; an answer on its way to the sender
                // must keep the message until it comes.
                if provider.servers == u64::MAX {
                    record.open += 1;
                }
            }
            (At::Submitted, Answer::Withheld) => {
                let accepted = self.spec.providers[index].timeout_accepted;
                let (attempt, owner) = (record.attempts, provider.owner);
                let draw = self.chance.block(record.key, owner, TIMEOUT_ACCEPTED, attempt);
                if accepted > 0.0 && happens(accepted, draw.first()) {
                    record.open += 1;
                    let at = record.since.saturating_add(provider.submit_timeout);
                    let rank = record.order.rank(What::LateAcceptance, 0);
                    s.schedule(at, rank, Event::new(What::LateAcceptance, message, 0));
                }
            }
            (At::Submitted, Answer::Late | Answer::Unheard) | (At::Slot, _) => {}
            _ => return,
        }
        self.release_slot(index, s);
    }
}

fn schedule_token(index: usize, bucket: usize, at: Nanos, s: &mut Scheduler<Event>) {
    let rank = Order::station(What::ProviderToken, index as u32).rank(What::ProviderToken, 0);
    s.schedule(at, rank, Event::new(What::ProviderToken, index as u32, bucket as u32));
}

/// Within the observation window?
pub(super) fn observed(spec: &Spec, now: Nanos) -> bool {
    (spec.warmup..spec.duration).contains(&now)
}
