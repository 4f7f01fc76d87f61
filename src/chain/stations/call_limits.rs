//! Limits of the API by whose call it is: of a person, a range of numbers, a sender, a stream.

use crate::chain::records::names::Names;
use crate::chain::records::paged::Paged;
use crate::chain::spec::{Allowance, ApiLimit, ApiScope, Spec, Target};
use crate::chain::stations::bucket::TokenBucket;
use crate::chain::stations::faults;
use crate::chain::stations::faults::own_time::OwnTime;
use crate::chain::stations::limits::window::{Count, Windows};
use crate::kernel::Nanos;
use crate::random::{Key, mix};
use std::collections::{BTreeMap, VecDeque};

/// A call's recipient in the eyes of the limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Party {
    pub(crate) sender: u32,
    pub(crate) person: Key,
    /// The stream's person with that number, if its persons have any.
    pub(crate) number: Option<u64>,
}

/// The limits, in the order of their list.
#[derive(Debug)]
pub(crate) struct CallLimits {
    list: Vec<CallLimit>,
    /// Tokens that the call in hand asks for: limit, count, how many.
    asked: Vec<(usize, u64, u64)>,
}

#[derive(Debug)]
struct CallLimit {
    scope: ApiScope,
    block: u64,
    meter: Meter,
}

#[derive(Debug)]
enum Meter {
    Bucket { counts: Counts<TokenBucket>, time: Option<OwnTime>, full_after: Nanos },
    Windows { counts: Counts<Count>, windows: Windows, full_after: Nanos },
}

/// Counts by sender or stream, or by person or range: of those only the ones that aren't full.
#[derive(Debug)]
enum Counts<T> {
    Numbered(Paged<T>),
    Keyed {
        fresh: T,
        known: BTreeMap<u64, T>,
        /// Those to be looked at then, to be forgotten if they are full.
        looked_at: VecDeque<(Nanos, u64)>,
    },
}

impl<T: Clone> Counts<T> {
    fn get(&self, key: u64) -> &T {
        match self {
            Counts::Numbered(counts) => &counts[key as usize],
            Counts::Keyed { fresh, known, .. } => known.get(&key).unwrap_or(fresh),
        }
    }

    /// The count of a key, which is looked at again at `then`.
    fn get_mut(&mut self, key: u64, then: Nanos) -> &mut T {
        match self {
            Counts::Numbered(counts) => &mut counts[key as usize],
            Counts::Keyed { fresh, known, looked_at } => known.entry(key).or_insert_with(|| {
                looked_at.push_back((then, key));
                fresh.clone()
            }),
        }
    }

    /// Forgets those whose time has come and who are full.
    fn forgets(&mut self, now: Nanos, then: Nanos, is_full: impl Fn(&T) -> bool) {
        let Counts::Keyed { known, looked_at, .. } = self else {
            return;
        };
        while let Some(&(at, key)) = looked_at.front()
            && at <= now
        {
            looked_at.pop_front();
            if known.get(&key).is_some_and(&is_full) {
                known.remove(&key);
            } else {
                looked_at.push_back((then, key));
            }
        }
    }
}

impl Meter {
    fn has(&self, key: u64, tokens: u64, now: Nanos) -> bool {
        match self {
            Meter::Bucket { counts, time, .. } => {
                counts.get(key).ready_at(now, tokens, time.as_ref()) <= now
            }
            Meter::Windows { counts, windows, .. } => {
                windows.ready_by(*counts.get(key), tokens, now) <= now
            }
        }
    }

    fn take(&mut self, key: u64, tokens: u64, now: Nanos) {
        match self {
            Meter::Bucket { counts, time, full_after } => {
                let then = now.saturating_add(*full_after);
                counts.forgets(now, then, |bucket| bucket.is_full(now, time.as_ref()));
                counts.get_mut(key, then).take(now, tokens, time.as_ref());
            }
            Meter::Windows { counts, windows, full_after } => {
                let then = now.saturating_add(*full_after);
                counts.forgets(now, then, |count| windows.is_full(*count, now));
                let count = counts.get_mut(key, then);
                *count = windows.taken_from(*count, tokens, now);
            }
        }
    }

    fn level(&self, key: u64, now: Nanos) -> f64 {
        match self {
            Meter::Bucket { counts, time, .. } => counts.get(key).level(now, time.as_ref()),
            Meter::Windows { counts, windows, .. } => windows.left(*counts.get(key), now),
        }
    }
}

impl CallLimits {
    /// The API's limits, if it has any.
    pub(crate) fn new(spec: &Spec, names: &Names) -> Option<CallLimits> {
        fn counts<T: Clone>(fresh: T, limit: &ApiLimit, spec: &Spec, names: &Names) -> Counts<T> {
            match limit.scope {
                ApiScope::Sender => Counts::Numbered(Paged::new(fresh, names.len())),
                ApiScope::Stream => Counts::Numbered(Paged::new(fresh, spec.traffic.len())),
                ApiScope::Recipient | ApiScope::Prefix => {
                    Counts::Keyed { fresh, known: BTreeMap::new(), looked_at: VecDeque::new() }
                }
            }
        }
        let limit = |limit: &ApiLimit| {
            let full_after = limit.allowance.at_once() as f64 / limit.allowance.rate();
            let full_after = ((full_after * 1e9) as Nanos).saturating_add(1);
            let meter = match &limit.allowance {
                Allowance::Bucket(bucket) => Meter::Bucket {
                    counts: counts(TokenBucket::new(bucket), limit, spec, names),
                    time: faults::throttle_time(spec, Target::Api),
                    full_after,
                },
                Allowance::Window(window) => Meter::Windows {
                    counts: counts(Count::default(), limit, spec, names),
                    windows: Windows::new(spec, Target::Api, *window, 0),
                    full_after,
                },
            };
            CallLimit { scope: limit.scope, block: limit.block.max(1), meter }
        };
        let list: Vec<CallLimit> = spec.api.limits.iter().map(limit).collect();
        (!list.is_empty()).then(|| CallLimits { list, asked: Vec::new() })
    }

    /// The first limit of the list that a call of a stream to such recipients is over, and the tokens it
    /// has; `None`: it is within all of them. Nothing is taken.
    pub(crate) fn over(
        &mut self,
        stream: u16,
        parties: &[Party],
        now: Nanos,
    ) -> Option<(usize, f64)> {
        self.asked.clear();
        for (index, limit) in self.list.iter().enumerate() {
            match limit.scope {
                ApiScope::Stream => self.asked.push((index, u64::from(stream), 1)),
                ApiScope::Sender => {
                    for party in parties {
                        let own = (index, u64::from(party.sender), 1);
                        if !self.asked.contains(&own) {
                            self.asked.push(own);
                        }
                    }
                }
                ApiScope::Recipient | ApiScope::Prefix => {
                    for party in parties {
                        let key = limit.key_of(stream, party);
                        let mut known = self.asked.iter_mut();
                        match known.find(|(limit, own, _)| (*limit, *own) == (index, key)) {
                            Some((_, _, tokens)) => *tokens += 1,
                            None => self.asked.push((index, key, 1)),
                        }
                    }
                }
            }
        }
        self.asked.iter().find_map(|&(index, key, tokens)| {
            let meter = &self.list[index].meter;
            (!meter.has(key, tokens, now)).then(|| (index, meter.level(key, now)))
        })
    }

    /// Takes what the call asked for that was within all limits.
    pub(crate) fn takes(&mut self, now: Nanos) {
        for &(index, key, tokens) in &self.asked {
            self.list[index].meter.take(key, tokens, now);
        }
    }
}

impl CallLimit {
    /// The count that a recipient falls into.
    fn key_of(&self, stream: u16, party: &Party) -> u64 {
        match (self.scope, party.number) {
            (ApiScope::Prefix, Some(number)) => mix(u64::from(stream) ^ mix(number / self.block)),
            _ => party.person.0,
        }
    }
}
