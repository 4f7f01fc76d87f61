//! Carriers' filters. Each keeps what it let through within its window, and nothing else.

use crate::chain::draws::site;
use crate::chain::model::faults::windows::Windows;
use crate::chain::model::population::{Population, happens};
use crate::chain::records::keyed_map::KeyedMap;
use crate::chain::records::message::Message;
use crate::chain::records::messages::Extra;
use crate::chain::records::names::Names;
use crate::chain::spec::{self, Rule, VelocityKey};
use crate::chain::trace::story::{Draw, Finding, Sight};
use crate::kernel::{Nanos, SECOND};
use crate::random::{DrawSource, Key, Owner, open01};
use std::collections::{BTreeSet, VecDeque};

/// One filter.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) owner: Owner,
    probability: f64,
    enabled: bool,
    /// When incidents switch it on.
    switched_on: Windows,
    memory: Memory,
}

/// What a rule remembers.
#[derive(Debug)]
enum Memory {
    Content {
        threshold: f64,
    },
    Velocity {
        key: VelocityKey,
        limit: u64,
        log: SlidingLog,
    },
    /// The senders on the list.
    Unregistered {
        registered: BTreeSet<u32>,
    },
    Duplicate {
        log: SlidingLog,
    },
    /// `held` is by sender: until when.
    Volume {
        most: f64,
        hold: Nanos,
        log: SlidingLog,
        held: Vec<Nanos>,
    },
    Random,
}

impl Filter {
    pub(crate) fn new(
        filter: &spec::Filter,
        carrier: &str,
        names: &Names,
        switched_on: Windows,
    ) -> Filter {
        let memory = match &filter.rule {
            &Rule::Content { threshold } => Memory::Content { threshold },
            &Rule::Velocity { key, limit, window } => {
                Memory::Velocity { key, limit, log: SlidingLog::new(window) }
            }
            Rule::Unregistered { registered } => Memory::Unregistered {
                registered: registered.iter().filter_map(|name| names.find(name)).collect(),
            },
            &Rule::Duplicate { window } => Memory::Duplicate { log: SlidingLog::new(window) },
            &Rule::Volume { rate, window, hold } => Memory::Volume {
                most: rate * (window as f64 / SECOND as f64),
                hold,
                log: SlidingLog::new(window),
                held: vec![0; names.len()],
            },
            Rule::Random => Memory::Random,
        };
        Filter {
            owner: Key::named(&format!("carrier.{carrier}.filter.{}", filter.name)).owner(),
            probability: filter.probability,
            enabled: filter.enabled,
            switched_on,
            memory,
        }
    }

    /// Does it take this copy, arriving now? If not, it remembers having let it through. `drawn` is the word that
    /// decides about this copy, where that is drawn already.
    pub(crate) fn takes(
        &mut self,
        now: Nanos,
        arrival: &Arrival<'_>,
        drawn: Option<u64>,
        chance: &impl DrawSource,
    ) -> bool {
        let &Arrival { message, extra, copy, people } = arrival;
        if !self.enabled && !self.switched_on.contain(now) {
            return false;
        }
        // A content filter's verdict belongs to the content, any other's to the copy.
        let acts = |site| {
            self.probability >= 1.0
                || (self.probability > 0.0 && happens(self.probability, chance.block(site).first()))
        };
        let acts_on_copy = || match drawn {
            Some(word) => self.probability >= 1.0 || happens(self.probability, word),
            None => acts(site::filter(message.key, self.owner, copy)),
        };
        let recipient = || people.recipient(chance, message.root, extra.row, extra.repeat);
        match &mut self.memory {
            Memory::Random => acts_on_copy(),
            Memory::Content { threshold } => {
                people.spam_score(chance, message.root, extra.row) >= *threshold
                    && acts(site::content_filter(message.root, self.owner))
            }
            Memory::Unregistered { registered } => {
                !registered.contains(&message.sender) && acts_on_copy()
            }
            Memory::Velocity { key, limit, log } => {
                let key = velocity_key(*key, message, extra, recipient);
                let taken = log.count(now, key) >= *limit && acts_on_copy();
                if !taken {
                    log.add(now, key);
                }
                taken
            }
            Memory::Duplicate { log } => {
                let key = recipient().child(extra.content.0).0;
                let taken = log.count(now, key) > 0 && acts_on_copy();
                if !taken {
                    log.add(now, key);
                }
                taken
            }
            Memory::Volume { most, hold, log, held } => {
                let sender = message.sender;
                log.add(now, u64::from(sender));
                let over = log.count(now, u64::from(sender)) as f64 > *most;
                let until = &mut held[sender as usize];
                if over {
                    *until = now.saturating_add(*hold);
                }
                (over || now < *until) && acts_on_copy()
            }
        }
    }
}

impl Rule {
    /// Whether it asks what messages say, so that their content has to be kept.
    pub(crate) fn needs_content(&self) -> bool {
        match self {
            Rule::Duplicate { .. } => true,
            Rule::Velocity { key, .. } => match key {
                VelocityKey::SenderContent => true,
                VelocityKey::Sender | VelocityKey::Recipient => false,
            },
            Rule::Content { .. }
            | Rule::Unregistered { .. }
            | Rule::Volume { .. }
            | Rule::Random => false,
        }
    }
}

/// What a velocity filter counts a message under.
fn velocity_key(
    key: VelocityKey,
    message: &Message,
    extra: &Extra,
    recipient: impl FnOnce() -> Key,
) -> u64 {
    match key {
        VelocityKey::Sender => u64::from(message.sender),
        VelocityKey::Recipient => recipient().0,
        VelocityKey::SenderContent => extra.content.child(u64::from(message.sender)).0,
    }
}

/// What a filter looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival<'run> {
    pub(crate) message: &'run Message,
    pub(crate) extra: &'run Extra,
    /// Which of the message's copies.
    pub(crate) copy: u32,
    /// Those of its stream.
    pub(crate) people: &'run Population,
}

impl Filter {
    /// What it found in the copy that it has just taken or let through; `None`: it is off.
    pub(crate) fn found(
        &self,
        now: Nanos,
        arrival: &Arrival<'_>,
        chance: &impl DrawSource,
        taken: bool,
    ) -> Option<Finding> {
        let &Arrival { message, extra, copy, people } = arrival;
        if !self.enabled && !self.switched_on.contain(now) {
            return None;
        }
        let recipient = || people.recipient(chance, message.root, extra.row, extra.repeat);
        // One that was let through has been counted since.
        let before = |log: &SlidingLog, key| log.counts.get(key) - u64::from(!taken);
        let (sight, found) = match &self.memory {
            Memory::Random => (Sight::Any, true),
            Memory::Content { threshold } => {
                let score = people.spam_score(chance, message.root, extra.row);
                (Sight::Score(score), score >= *threshold)
            }
            Memory::Unregistered { registered } => {
                let registered = registered.contains(&message.sender);
                (Sight::Sender { registered }, !registered)
            }
            Memory::Velocity { key, limit, log } => {
                let count = before(log, velocity_key(*key, message, extra, recipient));
                (Sight::Count(count), count >= *limit)
            }
            Memory::Duplicate { log } => {
                let count = before(log, recipient().child(extra.content.0).0);
                (Sight::Count(count), count > 0)
            }
            Memory::Volume { log, held, .. } => {
                let count = log.counts.get(u64::from(message.sender));
                let until = held[message.sender as usize];
                if now < until {
                    (Sight::Held { count, until }, true)
                } else {
                    (Sight::Count(count), false)
                }
            }
        };
        let site = match &self.memory {
            Memory::Content { .. } => site::content_filter(message.root, self.owner),
            _ => site::filter(message.key, self.owner, copy),
        };
        let draw = Draw { u: open01(chance.block(site).first()), p: self.probability };
        Some(Finding { sight, draw: (found && draw.p < 1.0).then_some(draw) })
    }
}

/// Events of the last `window`, counted by key: those in (t − window, t].
#[derive(Debug)]
struct SlidingLog {
    window: Nanos,
    log: VecDeque<(Nanos, u64)>,
    counts: KeyedMap<u64>,
}

impl SlidingLog {
    fn new(window: Nanos) -> SlidingLog {
        SlidingLog { window, log: VecDeque::new(), counts: KeyedMap::default() }
    }

    /// How many of `key` are within the window that ends now.
    fn count(&mut self, now: Nanos, key: u64) -> u64 {
        while let Some(&(time, old)) = self.log.front()
            && now - time >= self.window
        {
            self.log.pop_front();
            self.counts.decrement(old);
        }
        self.counts.get(key)
    }

    fn add(&mut self, now: Nanos, key: u64) {
        self.log.push_back((now, key));
        self.counts.increment(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_open_at_its_old_end() {
        let mut log = SlidingLog::new(10);
        log.add(0, 1);
        log.add(5, 1);
        log.add(5, 2);
        assert_eq!((log.count(9, 1), log.count(9, 2)), (2, 1));
        assert_eq!(log.count(10, 1), 1);
        assert_eq!(log.count(15, 2), 0);
        assert_eq!((log.log.len(), log.counts.len()), (0, 0));
    }
}
