//! Providers: their pace, window and servers, and how an attempt is judged.

mod pace;

pub(crate) use pace::{OverRate, PaceLine};

use crate::chain::draws::delay::scaled;
use crate::chain::records::attempt::{Attempt, Ticket};
use crate::chain::records::id::Id;
use crate::chain::records::message::NEVER;
use crate::chain::records::names::Names;
use crate::chain::records::outcome::AttemptResult;
use crate::chain::spec::{self, Dispatch, Failure, Failures, Outage, ProviderExcess, Spec, Target};
use crate::chain::stations::by_day::ByDay;
use crate::chain::stations::faults::{Faults, faults_at, latency_factor};
use crate::chain::stations::spells::Spells;
use crate::kernel::Nanos;
use crate::random::{Chance, DrawSource, Key, Owner};
use crate::stats::TimeWeighted;
use pace::Throttled;
use std::collections::VecDeque;

/// One provider.
#[derive(Debug)]
pub(crate) struct Provider<'run> {
    settings: &'run spec::Provider,
    owner: Owner,
    faults: Option<Box<Faults>>,
    spells: Option<Spells>,
    /// The factors of its latency and of its failure shares by time of day.
    latency_by_day: Option<ByDay>,
    failures_by_day: Option<ByDay>,
    /// It has spells, or is another by time of day.
    varies: bool,
    throttle: Throttled,
    window: u64,
    servers: u64,
    backlog_capacity: u64,
    submit_timeout: Nanos,
    /// Attempts outstanding, and those waiting for a slot.
    outstanding: TimeWeighted,
    slot_line: VecDeque<Ticket<Attempt>>,
    /// Nothing is submitted before this.
    paused_until: Nanos,
    serving: TimeWeighted,
    waiting: TimeWeighted,
    /// Attempts waiting for a server.
    backlog: VecDeque<Id<Attempt>>,
    /// Some results but acceptance have a share.
    fails: bool,
    /// Attempts over its rate are refused.
    refuses: bool,
    /// Messages wait for it in queues.
    feeds_on_queues: bool,
}

/// The conditions that an attempt meets at a provider.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conditions {
    /// Shares of the results, spell and incident included.
    pub(crate) shares: Failures,
    /// Any of them may be above 0.
    pub(crate) fails: bool,
    /// The factor of its latency.
    pub(crate) factor: f64,
    pub(crate) spell: bool,
    pub(crate) incident: bool,
}

/// The place of an attempt at a provider with servers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Service {
    /// A server begins.
    Begins,
    /// It waits for one, at that place from 1.
    Waits { place: u64 },
    /// No more may wait than do.
    Full { waiting: u64 },
}

/// The degraded spells of a provider, by its index, that a run on `seed` goes through from the end of
/// its warm-up to `duration`; begun before counts too. 0 without any.
#[must_use]
pub fn degraded_spells(spec: &Spec, provider: usize, seed: u64) -> u64 {
    let Some(provider) = spec.providers.get(provider) else {
        return 0;
    };
    let Some(degraded) = &provider.degraded else {
        return 0;
    };
    let chance = Chance::new(seed);
    let mut spells = Spells::new(degraded, key_of(&provider.name), &chance);
    let (mut seen, mut now) = (0, spec.warmup);
    while now < spec.duration {
        seen += u64::from(spells.down_at(now, &chance));
        now = spells.until();
    }
    seen
}

fn key_of(provider: &str) -> Key {
    Key::named(&format!("provider.{provider}"))
}

impl<'run> Provider<'run> {
    pub(crate) fn new(
        index: usize,
        spec: &'run Spec,
        names: &Names,
        chance: &Chance,
    ) -> Provider<'run> {
        let settings = &spec.providers[index];
        let target = Target::Provider(index);
        let key = key_of(&settings.name);
        let throttle = Throttled::new(index, spec, names);
        let refuses = |own: &spec::ProviderThrottle| own.on_excess != ProviderExcess::Pace;
        let level = || TimeWeighted::new(spec.warmup, spec.duration);
        Provider {
            settings,
            owner: key.owner(),
            faults: Faults::of(spec, target),
            spells: settings.degraded.as_ref().map(|degraded| Spells::new(degraded, key, chance)),
            latency_by_day: ByDay::new(&settings.latency_by_day, spec.start),
            failures_by_day: ByDay::new(&settings.failures_by_day, spec.start),
            varies: settings.degraded.is_some()
                || !settings.latency_by_day.is_empty()
                || !settings.failures_by_day.is_empty(),
            fails: settings.failures != Failures::default(),
            refuses: settings.throttle.iter().any(refuses),
            feeds_on_queues: spec.routes.iter().any(|route| {
                route.provider == index && spec.queues[route.queue].dispatch == Dispatch::Provider
            }),
            throttle,
            window: settings.window.map_or(u64::MAX, u64::from),
            servers: settings.servers.map_or(u64::MAX, u64::from),
            backlog_capacity: settings.queue_capacity.unwrap_or(u64::MAX),
            submit_timeout: settings.submit_timeout.unwrap_or(NEVER),
            outstanding: level(),
            slot_line: VecDeque::new(),
            paused_until: 0,
            serving: level(),
            waiting: level(),
            backlog: VecDeque::new(),
        }
    }

    /// Owner of the draws of attempts at it.
    #[inline]
    pub(crate) fn owner(&self) -> Owner {
        self.owner
    }

    /// The sender's patience for its answers; [`NEVER`]: as long as it takes.
    #[inline]
    pub(crate) fn submit_timeout(&self) -> Nanos {
        self.submit_timeout
    }

    #[inline]
    pub(crate) fn receipts(&self) -> &'run spec::Receipts {
        &self.settings.receipts
    }

    /// The time at which a receipt that would reach the sender at `time` does.
    #[inline]
    pub(crate) fn receipt_at(&self, time: Nanos) -> Nanos {
        self.faults.as_deref().map_or(time, |faults| faults.receipt_at(time))
    }

    /// The factor of the way from it to the carrier.
    #[inline]
    pub(crate) fn relay_factor(&self, now: Nanos) -> f64 {
        faults_at(&self.faults, now).map_or(1.0, |faults| faults.relay_factor(now))
    }

    /// The factor of the delay, and the share lost, of receipts that set out at `now`.
    #[inline]
    pub(crate) fn receipt_course(&self, now: Nanos) -> (f64, f64) {
        let loss = self.settings.receipts.loss;
        match faults_at(&self.faults, now) {
            None => (1.0, loss),
            Some(faults) => {
                let more = faults.receipt_loss(now);
                let loss = if more > 0.0 { 1.0 - (1.0 - loss) * (1.0 - more) } else { loss };
                (faults.receipt_delay_factor(now), loss)
            }
        }
    }

    /// True if an incident loses a receipt that would reach the sender then.
    #[inline]
    pub(crate) fn receipt_lost(&self, at: Nanos) -> bool {
        self.faults.as_deref().is_some_and(|faults| faults.receipt_lost(at))
    }

    /// True if chance has a part in what it makes of an attempt, as it is without incidents and spells.
    pub(crate) fn draws(&self) -> bool {
        self.fails || self.settings.latency.is_random()
    }

    /// True if another attempt may go out now.
    #[inline]
    pub(crate) fn has_slot(&self, now: Nanos) -> bool {
        self.outstanding.level() < self.window && now >= self.paused_until
    }

    /// True if one that comes now has a slot, with nobody in line before it.
    #[inline]
    pub(crate) fn has_slot_at_once(&self, now: Nanos) -> bool {
        self.has_slot(now) && self.slot_line.is_empty()
    }

    /// A slot is given away.
    #[inline]
    pub(crate) fn slot_taken(&mut self, now: Nanos) {
        debug_assert!(self.outstanding.level() < self.window, "a slot that isn't there");
        self.outstanding.rise(now);
    }

    /// A slot is free again. True: somebody may want it.
    #[inline(always)]
    pub(crate) fn slot_freed(&mut self, now: Nanos) -> bool {
        debug_assert!(self.outstanding.level() > 0, "a slot that nobody had");
        self.outstanding.fall(now);
        !self.slot_line.is_empty() || self.feeds_on_queues
    }

    /// Waits for a slot. Returns its place in line, from 1.
    pub(crate) fn waits_for_slot(&mut self, ticket: Ticket<Attempt>) -> u64 {
        self.slot_line.push_back(ticket);
        self.slot_line.len() as u64
    }

    /// Gives its slot back, and waits for one behind those that are `ahead` of it.
    pub(crate) fn returns_to_slot_line(
        &mut self,
        ticket: Ticket<Attempt>,
        now: Nanos,
        ahead: impl Fn(Ticket<Attempt>) -> bool,
    ) {
        self.outstanding.fall(now);
        let place = self.slot_line.iter().take_while(|&&other| ahead(other)).count();
        self.slot_line.insert(place, ticket);
    }

    /// The next in line for a slot.
    pub(crate) fn next_for_slot(&mut self) -> Option<Ticket<Attempt>> {
        self.slot_line.pop_front()
    }

    /// True if messages wait for it in queues.
    #[inline]
    pub(crate) fn feeds_on_queues(&self) -> bool {
        self.feeds_on_queues
    }

    /// Nothing is submitted before `until`. True: that is later than it was.
    pub(crate) fn pauses(&mut self, until: Nanos) -> bool {
        let later = until > self.paused_until;
        self.paused_until = self.paused_until.max(until);
        later
    }

    /// The end of the pause that `now` lies in.
    #[inline]
    pub(crate) fn paused_until(&self, now: Nanos) -> Option<Nanos> {
        (now < self.paused_until).then_some(self.paused_until)
    }

    /// True if answers come without servers.
    #[inline]
    pub(crate) fn answers_alone(&self) -> bool {
        self.servers == u64::MAX
    }

    /// Asks for one of its servers.
    pub(crate) fn asks_server(&mut self, attempt: Id<Attempt>, now: Nanos) -> Service {
        if self.serving.level() < self.servers {
            self.serving.rise(now);
            return Service::Begins;
        }
        if self.waiting.level() >= self.backlog_capacity {
            return Service::Full { waiting: self.waiting.level() };
        }
        self.waiting.rise(now);
        self.backlog.push_back(attempt);
        Service::Waits { place: self.backlog.len() as u64 }
    }

    /// A server has done: the attempt that it begins with next, if one waits.
    pub(crate) fn server_done(&mut self, now: Nanos) -> Option<Id<Attempt>> {
        debug_assert!(self.serving.level() > 0, "no server was at work");
        let next = self.backlog.pop_front();
        match next {
            Some(_) => self.waiting.fall(now),
            None => self.serving.fall(now),
        }
        next
    }

    /// The conditions that an attempt meets now; `None`: nobody is there.
    #[inline]
    pub(crate) fn conditions(
        &mut self,
        now: Nanos,
        chance: &impl DrawSource,
    ) -> Option<Conditions> {
        if self.varies || faults_at(&self.faults, now).is_some() {
            return self.conditions_now(now, chance);
        }
        let (shares, fails) = (self.settings.failures, self.fails);
        Some(Conditions { shares, fails, factor: 1.0, spell: false, incident: false })
    }

    #[inline(never)]
    fn conditions_now(&mut self, now: Nanos, chance: &impl DrawSource) -> Option<Conditions> {
        let spell = self.spell(now, chance);
        let faults = self.faults.as_deref();
        if faults.is_some_and(|faults| faults.outage(now)) {
            return None;
        }
        let incident = faults.and_then(|faults| faults.failures(now));
        let mut shares = self.settings.failures;
        if let Some(day) = &self.failures_by_day {
            let factor = day.at(now);
            shares = shares.shares().map(|share| share * factor).into();
        }
        for more in spell.map(|spell| spell.failures).iter().chain(&incident) {
            shares = shares.combined(more);
        }
        let factor = spell.map_or(1.0, |spell| spell.latency_factor);
        Some(Conditions {
            shares,
            fails: self.fails || self.settings.degraded.is_some() || incident.is_some(),
            factor: factor * self.of_day(now) * latency_factor(faults, now),
            spell: spell.is_some(),
            incident: incident.is_some(),
        })
    }

    /// The spell of degradation it is in, if it is in one. Times asked for ascend.
    fn spell(&mut self, now: Nanos, chance: &impl DrawSource) -> Option<&'run spec::Degraded> {
        let down = self.degraded(now, chance).unwrap_or(false);
        self.settings.degraded.as_ref().filter(|_| down)
    }

    /// True in a spell of degradation; `None`: it has none. Times asked for ascend.
    pub(crate) fn degraded(&mut self, now: Nanos, chance: &impl DrawSource) -> Option<bool> {
        Some(self.spells.as_mut()?.down_at(now, chance))
    }

    /// Draws anew what is left of its spell at `now`.
    pub(crate) fn cut_spell(&mut self, now: Nanos, chance: &impl DrawSource) {
        if let Some(spells) = &mut self.spells {
            spells.cut(now, chance);
        }
    }

    /// By how much spells and incidents multiply its latency now.
    pub(crate) fn slowness(&mut self, now: Nanos, chance: &impl DrawSource) -> f64 {
        let factor = self.spell(now, chance).map_or(1.0, |spell| spell.latency_factor);
        factor * self.of_day(now) * latency_factor(faults_at(&self.faults, now), now)
    }

    /// The factor of its latency at that time of day.
    fn of_day(&self, now: Nanos) -> f64 {
        self.latency_by_day.as_ref().map_or(1.0, |day| day.at(now))
    }

    /// The outage it is in.
    pub(crate) fn outage(&self, now: Nanos) -> Option<Outage> {
        faults_at(&self.faults, now)?.outage_kind(now)
    }

    /// The latency of a refusal, where spells and incidents multiply it by `factor`.
    pub(crate) fn refusal_takes(&self, factor: f64, word: impl FnOnce() -> u64) -> Nanos {
        scaled(
            self.settings.refusal_latency.as_ref().unwrap_or(&self.settings.latency),
            factor,
            word,
        )
    }

    /// Attempts in line for a token, and for a slot, of which some may have left.
    pub(crate) fn in_line(&self) -> [Vec<Ticket<Attempt>>; 2] {
        [self.in_line_for_token(), self.slot_line.iter().copied().collect()]
    }

    /// Attempts without an answer, over time.
    pub(crate) fn outstanding(&self) -> &TimeWeighted {
        &self.outstanding
    }

    /// Attempts that its servers work on, over time.
    pub(crate) fn serving(&self) -> &TimeWeighted {
        &self.serving
    }

    /// Attempts that wait for a server, over time.
    pub(crate) fn backlog(&self) -> &TimeWeighted {
        &self.waiting
    }
}

/// The result that `u` falls on, by the shares in their order.
#[inline]
pub(crate) fn judge(u: f64, failures: &Failures) -> AttemptResult {
    // Summed as below. Mostly it falls beyond all of them.
    if u >= failures.sum() { AttemptResult::Accepted } else { failure(u, failures) }
}

#[inline(never)]
fn failure(u: f64, failures: &Failures) -> AttemptResult {
    let mut below = 0.0;
    for (share, failure) in failures.shares().into_iter().zip(Failure::ALL) {
        below += share;
        if u < below {
            return failure.into();
        }
    }
    AttemptResult::Accepted
}
