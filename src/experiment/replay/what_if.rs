//! Two runs on the same draws, message by message.

use std::collections::BTreeMap;

use crate::chain::{Completed, Observer, Truth, Wants};
use crate::kernel::Nanos;

/// Examples kept of a class or a change.
const EXAMPLES: usize = 5;

/// The fate of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// Its order number.
    pub order: u64,
    /// Time of the request.
    pub requested: Nanos,
    /// First copy on the handset.
    pub delivered: Option<Nanos>,
    /// Copies accepted by providers.
    pub copies: u32,
    /// Submits.
    pub attempts: u32,
    /// Its cost, in 10⁻⁹ of a unit.
    pub cost: i128,
    /// Its end.
    pub truth: Truth,
}

/// The fates of a run's counted messages, by the digits of their ids.
#[derive(Debug, Clone, Default)]
pub struct Fates(BTreeMap<u64, Fate>);

impl Observer for Fates {
    fn wants(&self) -> Wants {
        Wants::Messages
    }

    fn completed(&mut self, message: &Completed<'_>) {
        if message.counted {
            let fate = Fate {
                order: message.order_id,
                requested: message.requested,
                delivered: message.delivered,
                copies: message.copies,
                attempts: message.attempts,
                cost: i128::from(message.cost),
                truth: message.truth,
            };
            self.0.insert(message.message_id, fate);
        }
    }
}

/// The effect of a change on a message. One may be in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Delivered; without the change it wasn't.
    Saved,
    /// Not delivered; without the change it was.
    Lost,
    /// On time; without the change delivered late.
    InTime,
    /// Late; without the change on time.
    Late,
    /// Delivered sooner than without the change.
    Sooner,
    /// Delivered later.
    Later,
    /// Providers accepted more copies.
    MoreCopies,
    /// Providers accepted fewer copies.
    FewerCopies,
    /// It cost less.
    Cheaper,
    /// It cost more.
    Dearer,
    /// Accepted by the API; without the change there was no such message.
    New,
    /// Not accepted by the API, or never asked for; without the change it was.
    Gone,
}

impl Class {
    /// All of them.
    pub const ALL: [Class; 12] = [
        Class::Saved,
        Class::Lost,
        Class::InTime,
        Class::Late,
        Class::Sooner,
        Class::Later,
        Class::MoreCopies,
        Class::FewerCopies,
        Class::Cheaper,
        Class::Dearer,
        Class::New,
        Class::Gone,
    ];

    /// Its name in result files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Class::Saved => "saved",
            Class::Lost => "lost",
            Class::InTime => "in_time",
            Class::Late => "late",
            Class::Sooner => "sooner",
            Class::Later => "later",
            Class::MoreCopies => "more_copies",
            Class::FewerCopies => "fewer_copies",
            Class::Cheaper => "cheaper",
            Class::Dearer => "dearer",
            Class::New => "new",
            Class::Gone => "gone",
        }
    }

    /// Those that a message is in.
    fn of(before: Option<&Fate>, after: Option<&Fate>) -> Vec<Class> {
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => (before, after),
            (None, Some(_)) => return vec![Class::New],
            (Some(_), None) => return vec![Class::Gone],
            (None, None) => return Vec::new(),
        };
        let mut classes = Vec::new();
        let mut push = |class, there: bool| {
            if there {
                classes.push(class);
            }
        };
        let (was, is) = (before.delivered, after.delivered);
        push(Class::Saved, was.is_none() && is.is_some());
        push(Class::Lost, was.is_some() && is.is_none());
        let ends = (before.truth, after.truth);
        push(Class::InTime, ends == (Truth::DeliveredLate, Truth::DeliveredOnTime));
        push(Class::Late, ends == (Truth::DeliveredOnTime, Truth::DeliveredLate));
        if let (Some(was), Some(is)) = (was, is) {
            push(Class::Sooner, is < was);
            push(Class::Later, is > was);
        }
        push(Class::MoreCopies, after.copies > before.copies);
        push(Class::FewerCopies, after.copies < before.copies);
        push(Class::Cheaper, after.cost < before.cost);
        push(Class::Dearer, after.cost > before.cost);
        classes
    }
}

/// A number of messages, and some of them: the first by request time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Their number.
    pub count: u64,
    /// Their ids, a few.
    pub examples: Vec<String>,
    /// Request time and digits of the examples.
    first: Vec<(Nanos, u64)>,
}

impl Change {
    fn add(&mut self, digits: u64, fate: &Fate) {
        self.count += 1;
        let key = (fate.requested, digits);
        let place = self.first.partition_point(|&other| other < key);
        if place < EXAMPLES {
            self.first.insert(place, key);
            self.examples.insert(place, format!("BX-{}-{digits:016x}", fate.order));
            self.first.truncate(EXAMPLES);
            self.examples.truncate(EXAMPLES);
        }
    }
}

/// The effect of a change on the messages of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compared {
    /// Counted messages accepted without and with the change.
    pub messages: [u64; 2],
    /// Those with the same fate in every respect.
    pub same: u64,
    /// The others, by class.
    pub classes: BTreeMap<Class, Change>,
    /// Those that ended in another way: without the change, with it.
    pub ends: BTreeMap<(&'static str, &'static str), Change>,
}

impl Compared {
    /// No message has another fate.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.messages == [self.same; 2]
    }
}

/// Compares the fates of two runs.
#[must_use]
pub fn compare(before: &Fates, after: &Fates) -> Compared {
    let counts = [before, after].map(|fates| fates.0.len() as u64);
    let mut compared = Compared { messages: counts, ..Compared::default() };
    let newcomers = after.0.keys().filter(|id| !before.0.contains_key(id));
    for &id in before.0.keys().chain(newcomers) {
        let (was, is) = (before.0.get(&id), after.0.get(&id));
        if was == is {
            compared.same += 1;
            continue;
        }
        let Some(shown) = is.or(was) else { continue };
        for class in Class::of(was, is) {
            compared.classes.entry(class).or_default().add(id, shown);
        }
        if let (Some(was), Some(is)) = (was, is)
            && was.truth != is.truth
        {
            let ends = (was.truth.name(), is.truth.name());
            compared.ends.entry(ends).or_default().add(id, shown);
        }
    }
    compared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fate(delivered: Option<Nanos>, truth: Truth) -> Fate {
        Fate { order: 7, requested: 10, delivered, copies: 1, attempts: 1, cost: 5, truth }
    }

    #[test]
    fn every_message_goes_where_it_belongs() {
        let on_time = |at| fate(Some(at), Truth::DeliveredOnTime);
        let expired = fate(None, Truth::ExpiredInQueue);
        let before = [(1, on_time(20)), (2, expired), (3, on_time(20)), (4, on_time(20))];
        let twice = Fate { copies: 2, cost: 10, ..on_time(20) };
        let late = fate(Some(90), Truth::DeliveredLate);
        let after = [(1, on_time(20)), (2, on_time(30)), (3, twice), (5, on_time(40)), (4, late)];
        let compared = compare(&Fates(before.into()), &Fates(after.into()));
        assert_eq!((compared.messages, compared.same, compared.is_same()), ([4, 5], 1, false));
        let count = |class| compared.classes.get(&class).map_or(0, |change| change.count);
        for class in Class::ALL {
            let expected = match class {
                Class::Saved
                | Class::MoreCopies
                | Class::Dearer
                | Class::New
                | Class::Late
                | Class::Later => 1,
                _ => 0,
            };
            assert_eq!(count(class), expected, "{}", class.name());
        }
        let ends = &compared.ends[&("expired_in_queue", "delivered_on_time")];
        assert_eq!((ends.count, &ends.examples), (1, &vec!["BX-7-0000000000000002".to_owned()]));
        assert!(compare(&Fates(before.into()), &Fates(before.into())).is_same());
    }

    #[test]
    fn examples_are_the_first() {
        let mut change = Change::default();
        for digits in (0..20).rev() {
            change.add(digits, &Fate { requested: digits, ..fate(None, Truth::LostByCarrier) });
        }
        assert_eq!((change.count, change.examples.len()), (20, EXAMPLES));
        assert_eq!(change.examples[0], "BX-7-0000000000000000");
    }
}
