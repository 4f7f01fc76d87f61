//! Providers: their pace, window and servers, their spells, and how a submit is judged.

use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::bucket::TokenBucket;
use crate::chain::model::engine::Engine;
use crate::chain::model::faults::own_time::OwnTime;
use crate::chain::model::faults::{self, Faults, faults_at};
use crate::chain::model::population::happens;
use crate::chain::model::queue::Ticket;
use crate::chain::records::attempt::Attempt;
use crate::chain::records::event::{Event, EventKind, Schedule as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::message::NEVER;
use crate::chain::records::names::{Names, scope_size};
use crate::chain::records::outcome::AttemptResult;
use crate::chain::records::paged::Paged;
use crate::chain::spec::{self, Dispatch, Failures, ProviderExcess, Scope, Spec, Target};
use crate::kernel::{Nanos, Scheduler};
use crate::random::{Chance, DrawSource, Key, Owner, open01};
use crate::stats::TimeWeighted;
use std::collections::VecDeque;

/// One provider.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(crate) owner: Owner,
    /// What incidents do to it.
    pub(crate) faults: Option<Box<Faults>>,
    pub(crate) throttle: Option<Throttle>,
    pub(crate) window: u64,
    pub(crate) servers: u64,
    pub(crate) queue_capacity: u64,
    pub(crate) submit_timeout: Nanos,
    /// Submits outstanding, and those waiting for a slot.
    pub(crate) outstanding: TimeWeighted,
    pub(crate) slot_line: VecDeque<Ticket<Attempt>>,
    /// Nothing is submitted before this.
    pub(crate) paused_until: Nanos,
    pub(crate) serving: TimeWeighted,
    pub(crate) waiting: TimeWeighted,
    /// Submits waiting for a server.
    pub(crate) backlog: VecDeque<Id<Attempt>>,
    pub(crate) spells: Option<Spells>,
    /// Some results but acceptance have a share.
    pub(crate) fails: bool,
    /// What is over its rate is refused.
    pub(crate) refuses: bool,
    /// Messages wait for it in queues.
    pub(crate) feeds_on_queues: bool,
}

#[derive(Debug)]
pub(crate) struct Throttle {
    /// Whose buckets they are.
    pub(crate) scope: Scope,
    pub(crate) buckets: Paged<TokenBucket>,
    /// Their own time, where incidents change the rate.
    pub(crate) time: Option<OwnTime>,
    /// Submits waiting for a token, by bucket.
    pub(crate) lines: Paged<VecDeque<Ticket<Attempt>>>,
    /// When the first who waits for a token is looked at, by bucket.
    pub(crate) due: Paged<Due>,
    pub(crate) pace: bool,
    pub(crate) retry_after: Nanos,
}

/// The event that comes when there is a token for the first who waits for one: the earliest of those that were
/// scheduled, the others are void.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due(Nanos);

impl Due {
    /// There will be a token at that time, at the earliest.
    pub(crate) fn schedule(
        &mut self,
        at: Nanos,
        provider: usize,
        bucket: usize,
        s: &mut Scheduler<Event>,
    ) {
        if at < self.0 {
            self.0 = at;
            let index = provider as u32;
            s.station(at, index, Event::new(EventKind::ProviderToken, index, bucket as u32));
        }
    }

    /// Is it the event that counts? Then it is over.
    pub(crate) fn comes(&mut self, now: Nanos) -> bool {
        let counts = self.0 == now;
        if counts {
            self.0 = NEVER;
        }
        counts
    }
}

impl Throttle {
    /// Takes tokens that are there; `seen`: within the observation window.
    pub(crate) fn take(&mut self, bucket: usize, segments: u64, now: Nanos, seen: bool) {
        let tokens = &mut self.buckets[bucket];
        tokens.take(now, segments, self.time.as_ref());
        tokens.taken += if seen { segments } else { 0 };
    }

    /// Gives tokens back that were taken and not used.
    pub(crate) fn give_back(&mut self, bucket: usize, segments: u64, seen: bool) {
        let tokens = &mut self.buckets[bucket];
        tokens.give_back(segments);
        tokens.taken -= if seen { segments.min(tokens.taken) } else { 0 };
    }
}

/// Alternating spells, good and degraded, with exponential dwells from a stationary start.
#[derive(Debug)]
pub(crate) struct Spells {
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
        let first = chance.block(site::spell(key, 0)).second();
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

    fn dwell(&mut self, chance: &impl DrawSource) -> Nanos {
        let mean = if self.down { self.mean_down } else { self.mean_up };
        let bits = chance.block(site::spell(self.key, self.dwells)).first();
        self.dwells += 1;
        let length = -libm::log(open01(bits)) * mean as f64;
        self.until.saturating_add(length.round() as Nanos)
    }

    /// Is it a spell of degradation now? Times asked for ascend.
    pub(crate) fn down_at(&mut self, now: Nanos, chance: &impl DrawSource) -> bool {
        while now >= self.until {
            self.down = !self.down;
            self.until = self.dwell(chance).max(self.until + 1);
        }
        self.down
    }

    /// What is left of the spell at `now` is drawn anew.
    pub(crate) fn cut(&mut self, now: Nanos, chance: &impl DrawSource) {
        if self.until > now {
            self.until = now;
            self.until = self.dwell(chance).max(now + 1);
        }
    }
}

impl<E: Engine> Chain<'_, E> {
    /// The provider a message is on its way to.
    pub(crate) fn provider_of(&self, message: Id<Message>) -> usize {
        self.spec.provider_by(self.messages.via(message))
    }
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
        now = spells.until;
    }
    seen
}

fn key_of(provider: &str) -> Key {
    Key::named(&format!("provider.{provider}"))
}

impl Provider {
    pub(crate) fn new(index: usize, spec: &Spec, names: &Names, chance: &Chance) -> Provider {
        let provider = &spec.providers[index];
        let target = Target::Provider(index);
        let key = key_of(&provider.name);
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
                scope: throttle.scope,
                buckets: Paged::new(TokenBucket::new(&throttle.bucket), size),
                time: faults::throttle_time(spec, target),
                lines: Paged::new(VecDeque::new(), size),
                due: Paged::new(Due(NEVER), size),
                pace: throttle.on_excess == ProviderExcess::Pace,
                retry_after: retry_after.unwrap_or(0),
            }
        });
        let level = || TimeWeighted::new(spec.warmup, spec.duration);
        let faults = Faults::of(spec, target);
        Provider {
            owner: key.owner(),
            fails: provider.failures != Failures::default(),
            refuses: throttle.as_ref().is_some_and(|throttle: &Throttle| !throttle.pace),
            feeds_on_queues: spec.routes.iter().any(|route| {
                route.provider == index && spec.queues[route.queue].dispatch == Dispatch::Provider
            }),
            faults,
            throttle,
            window: provider.window.map_or(u64::MAX, u64::from),
            servers: provider.servers.map_or(u64::MAX, u64::from),
            queue_capacity: provider.queue_capacity.unwrap_or(u64::MAX),
            submit_timeout: provider.submit_timeout.unwrap_or(NEVER),
            outstanding: level(),
            slot_line: VecDeque::new(),
            paused_until: 0,
            serving: level(),
            waiting: level(),
            backlog: VecDeque::new(),
            spells: provider.degraded.as_ref().map(|degraded| Spells::new(degraded, key, chance)),
        }
    }

    /// How many buckets its pace has: 1 without a pace.
    pub(crate) fn pace_buckets(&self) -> usize {
        let pace = self.throttle.as_ref().filter(|throttle| throttle.pace);
        pace.map_or(1, |throttle| throttle.buckets.len())
    }

    /// Would its pace let one that comes now through, with nobody in line before it?
    pub(crate) fn paces(&self, bucket: usize, segments: u64, now: Nanos) -> bool {
        let pace = self.throttle.as_ref().filter(|throttle| throttle.pace);
        pace.is_none_or(|throttle| {
            let at = throttle.buckets[bucket].ready_at(now, segments, throttle.time.as_ref());
            at <= now && throttle.lines[bucket].is_empty()
        })
    }

    /// One that waits in a queue will be looked at when there is a token for it.
    pub(crate) fn awaits_token(
        &mut self,
        index: usize,
        bucket: usize,
        segments: u64,
        s: &mut Scheduler<Event>,
    ) {
        let now = s.now();
        if let Some(throttle) = self.throttle.as_mut().filter(|throttle| throttle.pace) {
            let at = throttle.buckets[bucket].ready_at(now, segments, throttle.time.as_ref());
            if at > now {
                throttle.due[bucket].schedule(at, index, bucket, s);
            }
        }
    }

    /// The spell of degradation it is in, if it is in one. Times asked for ascend.
    #[inline]
    pub(crate) fn spell<'run>(
        &mut self,
        settings: &'run spec::Provider,
        now: Nanos,
        chance: &impl DrawSource,
    ) -> Option<&'run spec::Degraded> {
        let down = self.spells.as_mut().is_some_and(|spells| spells.down_at(now, chance));
        settings.degraded.as_ref().filter(|_| down)
    }

    /// Tokens in the emptiest of its buckets; `None` without a throttle.
    pub(crate) fn least_tokens(&self, now: Nanos) -> Option<f64> {
        let throttle = self.throttle.as_ref()?;
        let levels =
            throttle.buckets.distinct().map(|bucket| bucket.level(now, throttle.time.as_ref()));
        levels.reduce(f64::min)
    }

    /// Tokens in one of its buckets; `None` without a throttle.
    pub(crate) fn tokens(&self, bucket: usize, now: Nanos) -> Option<f64> {
        let throttle = self.throttle.as_ref()?;
        Some(throttle.buckets.get(bucket)?.level(now, throttle.time.as_ref()))
    }

    /// Does neither a spell nor an incident change what a submit meets now?
    #[inline]
    pub(crate) fn is_as_ever(&self, now: Nanos) -> bool {
        self.spells.is_none() && faults_at(&self.faults, now).is_none()
    }

    /// Segments that passed the busiest bucket within the observation window.
    pub(crate) fn throttle_taken(&self) -> u64 {
        let buckets = self.throttle.iter().flat_map(|throttle| throttle.buckets.distinct());
        buckets.map(|bucket| bucket.taken).max().unwrap_or(0)
    }
}

/// The failures, in the order in which they are judged.
const JUDGED: [AttemptResult; Failures::COUNT] = [
    AttemptResult::Throttled,
    AttemptResult::QueueFull,
    AttemptResult::Transient,
    AttemptResult::Permanent,
    AttemptResult::Timeout,
];

/// The result that `u` falls on, by the shares in their order.
#[inline]
pub(crate) fn judge(u: f64, failures: &Failures) -> AttemptResult {
    // Summed as below. Mostly it falls beyond all of them.
    let all: f64 = failures.shares().into_iter().sum();
    if u >= all { AttemptResult::Accepted } else { failure(u, failures) }
}

#[inline(never)]
fn failure(u: f64, failures: &Failures) -> AttemptResult {
    let mut below = 0.0;
    for (share, result) in failures.shares().into_iter().zip(JUDGED) {
        below += share;
        if u < below {
            return result;
        }
    }
    AttemptResult::Accepted
}

/// Shares of two sources together: 1 − (1 − p)(1 − q).
pub(crate) fn combined(base: &Failures, other: &Failures) -> Failures {
    let (base, other) = (base.shares(), other.shares());
    std::array::from_fn(|result| 1.0 - (1.0 - base[result]) * (1.0 - other[result])).into()
}

/// Within the observation window?
pub(crate) fn observed(spec: &Spec, now: Nanos) -> bool {
    (spec.warmup..spec.duration).contains(&now)
}
