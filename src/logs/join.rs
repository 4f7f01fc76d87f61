//! Messages of which several rows tell, put together by their ids. Memory is bounded by what is in
//! flight: a message is let go when it has ended.

use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasherDefault;

use super::account::Reason;
use super::formats::Line;
use super::names::Names;
use super::row::{Row, Status, Time};
use super::seen::{Seen, hash};

/// Messages held at most; when there are more, the one that came first is let go.
const HELD: usize = 100_000;

/// Slots for the ids of messages that ended.
const ENDED: usize = 1 << 21;

/// A message that has not ended.
struct Held {
    id: Box<str>,
    row: Row<'static>,
    code: Option<Box<str>>,
    /// Places of names: provider, carrier, sender, route.
    names: [Option<usize>; 4],
    /// Place in the order of coming.
    number: u64,
}

/// The fate of a row.
pub(super) enum Joined {
    /// Part of a message that has not ended.
    Kept,
    /// A message ended with it.
    Ended,
    /// No use was made of it.
    Rejected(Reason),
}

/// The hash of a hash: itself.
#[derive(Default)]
struct Same(u64);

impl std::hash::Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// Messages in flight.
pub(super) struct Join {
    held: HashMap<u64, Held, BuildHasherDefault<Same>>,
    /// The order in which they came.
    order: VecDeque<(u64, u64)>,
    number: u64,
    ended: Seen,
    names: Names,
    /// Messages let go before their time.
    pub(super) let_go: u64,
    /// `true` if a state on the way stood for the time when a provider had a message.
    pub(super) on_the_way: bool,
    /// `true` if an id is one of many messages, told apart by their recipients.
    by_recipient: bool,
}

impl Join {
    pub(super) fn new(by_recipient: bool) -> Self {
        Join {
            by_recipient,
            on_the_way: false,
            held: HashMap::default(),
            order: VecDeque::new(),
            number: 0,
            ended: Seen::new(ENDED),
            names: Names::default(),
            let_go: 0,
        }
    }

    /// Takes a row; `attempts` is the id under which attempts go, where it is another one. `each` is
    /// called with messages that ended, or that must make room.
    pub(super) fn take(
        &mut self,
        row: &Row<'_>,
        told: Line,
        attempts: Option<&str>,
        each: &mut dyn FnMut(&Row<'_>),
    ) -> Joined {
        let by_recipient = self.by_recipient;
        self.on_the_way |=
            row.status == Status::Pending && row.done.is_some() && row.sent.is_none();
        let key_of = |id: &str| key(row, id, by_recipient);
        let own = row.id.map(key_of);
        let queued = attempts.map(|id| hash(id.as_bytes()));
        if told == Line::Receipt {
            let Some(id) = row.id else { return Joined::Rejected(Reason::NoPartner) };
            let other = other_forms(id);
            let keys = own.into_iter().chain(other.iter().flatten().map(|id| key_of(id)));
            let mut ended = false;
            for key in keys {
                if let Some(held) = self.held.get_mut(&key) {
                    held.merge(row, &mut self.names);
                    if held.row.status == Status::Pending {
                        return Joined::Kept;
                    }
                    self.end(key, each);
                    return Joined::Ended;
                }
                ended |= self.ended.contains(key);
            }
            let why = if ended { Reason::AfterTheEnd } else { Reason::NoPartner };
            return Joined::Rejected(why);
        }
        let Some(key) = (if told == Line::Retried { queued } else { own.or(queued) }) else {
            each(row);
            return Joined::Ended;
        };
        // Earlier attempts go under the other id.
        let tried =
            queued.filter(|queued| *queued != key).and_then(|queued| self.held.remove(&queued));
        if tried.is_none() && !self.held.contains_key(&key) && self.ended.contains(key) {
            return Joined::Rejected(Reason::AfterTheEnd);
        }
        let later;
        let mut row = row;
        if told == Line::Attempt
            && let Some(held) = self.held.get_mut(&key)
        {
            let (own, last) = (row.attempts, held.row.attempts);
            if own > last {
                // It was tried again: that failure was none of the message's.
                held.row = without_end(&held.row);
                held.row.attempts = own;
                held.code = None;
            } else {
                // What became of it a later attempt tells.
                later = without_end(row);
                row = &later;
            }
        }
        let is_moved = tried.is_some();
        if is_moved {
            // Another message that has the id since long ago: it won't end.
            self.end(key, each);
        }
        let mut merged = false;
        let mut held = match tried.or_else(|| self.held.remove(&key)) {
            Some(mut held) => {
                merged = true;
                held.merge(row, &mut self.names);
                held
            }
            None => Held::new(row, &mut self.names),
        };
        if queued.is_some() {
            held.row.attempts = Some(held.row.attempts.unwrap_or(0) + 1);
        }
        if let Some(id) = row.id {
            held.id = id.into();
        }
        let ends = match told {
            Line::Retried => false,
            Line::Attempt => held.row.status == Status::Delivered,
            _ => held.row.status != Status::Pending,
        };
        if ends {
            held.give(&self.names, each);
            self.ended.insert(key);
            return Joined::Ended;
        }
        if told == Line::Retried {
            // It is tried again: this failure was none of the message's.
            held.row = without_end(&held.row);
            held.code = None;
        }
        if !merged || is_moved {
            held.number = self.number;
            self.number += 1;
            self.order.push_back((held.number, key));
        }
        self.held.insert(key, held);
        self.make_room(each);
        Joined::Kept
    }

    fn end(&mut self, key: u64, each: &mut dyn FnMut(&Row<'_>)) {
        if let Some(held) = self.held.remove(&key) {
            held.give(&self.names, each);
            self.ended.insert(key);
        }
    }

    /// Lets the oldest go when there are too many.
    fn make_room(&mut self, each: &mut dyn FnMut(&Row<'_>)) {
        // Places of messages that ended are left out at times.
        if self.order.len() > 2 * HELD {
            let held = &self.held;
            self.order
                .retain(|(number, key)| held.get(key).is_some_and(|own| own.number == *number));
        }
        while self.held.len() > HELD {
            let Some((number, key)) = self.order.pop_front() else { break };
            if self.held.get(&key).is_some_and(|held| held.number == number) {
                self.let_go += 1;
                self.end(key, each);
            }
        }
    }

    /// Gives what has not ended, in the order of coming; how many there were.
    pub(super) fn finish(&mut self, each: &mut dyn FnMut(&Row<'_>)) -> u64 {
        let mut count = 0;
        while let Some((number, key)) = self.order.pop_front() {
            if self.held.get(&key).is_some_and(|held| held.number == number) {
                self.end(key, each);
                count += 1;
            }
        }
        count
    }

    /// The number of messages held.
    pub(super) fn len(&self) -> usize {
        self.held.len()
    }
}

/// The key of an id with a provider: two may give the same ids.
fn key(row: &Row<'_>, id: &str, by_recipient: bool) -> u64 {
    let plain = id.trim_start_matches('0').to_ascii_lowercase();
    let provider = row.provider.map_or(0, |provider| hash(provider.as_bytes()));
    let recipient = row.recipient.filter(|_| by_recipient).unwrap_or(0);
    hash(plain.as_bytes()) ^ provider.rotate_left(1) ^ recipient.rotate_left(2)
}

/// An id in the other notation: some give it in hexadecimal and report it in decimal digits.
fn other_forms(id: &str) -> [Option<String>; 2] {
    let hexadecimal = id.parse::<u64>().ok().map(|number| format!("{number:x}"));
    let decimal = u64::from_str_radix(id, 16).ok().map(|number| number.to_string());
    [hexadecimal, decimal]
}

/// A row of a message that is tried again: its failure was none of the message's.
fn without_end<'a>(row: &Row<'a>) -> Row<'a> {
    Row { status: Status::Pending, done: None, received: None, failure: None, ..*row }
}

impl Held {
    fn new(row: &Row<'_>, names: &mut Names) -> Self {
        let mut held = Held {
            id: row.id.unwrap_or_default().into(),
            row: Row::default(),
            code: None,
            names: [None; 4],
            number: 0,
        };
        held.merge(row, names);
        held
    }

    /// Adds what a further row tells: of times of the beginning the first, of the end the last.
    fn merge(&mut self, row: &Row<'_>, names: &mut Names) {
        let earliest = |own: Option<Time>, other: Option<Time>| match (own, other) {
            (Some(own), Some(other)) => Some(own.min(other)),
            (own, other) => own.or(other),
        };
        let own = &mut self.row;
        own.submitted = earliest(own.submitted, row.submitted);
        // A state on the way tells when the provider had it.
        let on_the_way = row.done.filter(|_| row.status == Status::Pending);
        own.sent = earliest(own.sent, row.sent.or(on_the_way));
        // A state that isn't final says nothing once there is one that is.
        if own.status == Status::Pending {
            own.status = row.status;
            own.done = row.done.or(own.done);
            own.unasked = row.unasked;
            own.received = row.received.or(own.received);
            own.unreceived = row.unreceived;
            // By a clock that is behind it ends before it began: the receipt's time is surer.
            if let (Some(done), Some(begun)) = (own.done, own.submitted.or(own.sent))
                && done < begun
                && own.received.is_some()
            {
                (own.done, own.received) = (own.received, None);
            }
            own.failure = row.failure.or(own.failure);
            if let Some(code) = row.code {
                self.code = Some(code.into());
            }
        }
        let told: [Option<&str>; 4] = [row.provider, row.carrier, row.sender, row.route];
        for (own, told) in self.names.iter_mut().zip(told) {
            if own.is_none() {
                *own = told.map(|name| names.place(name));
            }
        }
        own.recipient = own.recipient.or(row.recipient);
        own.segments = own.segments.or(row.segments);
        own.chars = own.chars.or(row.chars);
        own.price = own.price.or(row.price);
        own.attempts = own.attempts.or(row.attempts);
    }

    fn give(&self, names: &Names, each: &mut dyn FnMut(&Row<'_>)) {
        let [provider, carrier, sender, route] =
            self.names.map(|place| place.map(|place| names.name(place)));
        let failed = !matches!(self.row.status, Status::Pending | Status::Delivered);
        each(&Row {
            id: Some(&*self.id).filter(|id| !id.is_empty()),
            code: self.code.as_deref(),
            failure: self.row.failure.filter(|_| failed),
            provider,
            carrier,
            sender,
            route,
            ..self.row
        });
    }
}
