//! An event as it is told to an observer: when, what, and to whom, without slots.

use crate::chain::records::event::EventKind;
use crate::chain::spec::Spec;
use crate::kernel::Nanos;
use crate::random::mix;

/// One event, about to be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TracedEvent {
    /// Its time.
    pub time: Nanos,
    /// The subject to which it happens.
    pub subject: Subject,
    pub(crate) kind: EventKind,
    /// The detail it carries: an attempt, a copy, a worker, a stamp.
    pub(crate) detail: u32,
}

/// The subject of an event. Places are indices into the lists of [`Spec`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A message: its order number, and the digits of its id.
    Message(u32, u64),
    /// A person: the digits of the id of the message they wait for.
    Person(u64),
    /// A request of a stream, by its number in order of arrival.
    Request(u16, u64),
    /// A stream.
    Stream(u32),
    /// A queue.
    Queue(u32),
    /// A provider.
    Provider(u32),
    /// A carrier.
    Carrier(u32),
    /// The client of the API.
    Client,
    /// The routes, all of them.
    Routes,
}

impl TracedEvent {
    /// The kind in words: `submit done`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind.words()
    }

    /// A hash of all there is to it.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let (kind, who) = match self.subject {
            Subject::Message(order, id) => (0, id ^ u64::from(order)),
            Subject::Person(id) => (1, id),
            Subject::Request(stream, number) => (2, u64::from(stream) << 48 ^ number),
            Subject::Stream(index) => (3, u64::from(index)),
            Subject::Queue(index) => (4, u64::from(index)),
            Subject::Provider(index) => (5, u64::from(index)),
            Subject::Carrier(index) => (6, u64::from(index)),
            Subject::Client => (7, 0),
            Subject::Routes => (8, 0),
        };
        let what = u64::from(self.detail) << 16 | (self.kind as u64) << 8 | kind;
        mix(mix(mix(self.time) ^ who).wrapping_add(what))
    }

    /// Time, kind and subject, as a person reads them.
    #[must_use]
    pub fn describe(&self, spec: &Spec) -> String {
        let (seconds, nanos) = (self.time / 1_000_000_000, self.time % 1_000_000_000);
        let subject = self.subject.name(spec);
        format!("{seconds}.{nanos:09} s, {}, {subject} (detail {})", self.kind(), self.detail)
    }
}

impl Subject {
    /// Its name: `message BX-…`, `provider alpha`.
    #[must_use]
    pub fn name(&self, spec: &Spec) -> String {
        let named = |sort: &str, name: Option<&str>| format!("{sort} {}", name.unwrap_or("?"));
        let stream = |index: u32| {
            let stream = spec.traffic.get(index as usize);
            named("stream", stream.map(|stream| stream.name.as_str()))
        };
        match *self {
            Subject::Message(order, id) => format!("message BX-{order}-{id:016x}"),
            Subject::Person(id) => format!("the person who waits for message BX-…-{id:016x}"),
            Subject::Request(index, number) => {
                format!("request {number} ({})", stream(index.into()))
            }
            Subject::Stream(index) => stream(index),
            Subject::Client => "the client".to_owned(),
            Subject::Routes => "the routes".to_owned(),
            Subject::Queue(index) => {
                named("queue", spec.queues.get(index as usize).map(|queue| queue.name.as_str()))
            }
            Subject::Provider(index) => {
                let provider = spec.providers.get(index as usize);
                named("provider", provider.map(|provider| provider.name.as_str()))
            }
            Subject::Carrier(index) => {
                let carrier = spec.carriers.get(index as usize);
                named("carrier", carrier.map(|carrier| carrier.name.as_str()))
            }
        }
    }
}
