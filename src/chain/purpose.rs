//! What draws are for: constant numbers, never reused (MODEL.md §12), and the roles of keys.
//!
//! A block holds two words; where two draws of one thing always go together they share a number.

use crate::random::{Key, Purpose};

// Of a stream's request.
/// First: the gap before it.
pub(super) const ARRIVAL: Purpose = Purpose(1);
/// First: its sender. Second: whether a trace's row is repeated once more.
pub(super) const SENDER: Purpose = Purpose(2);

// Of a call.
/// First: latency. Second: internal error.
pub(super) const CALL: Purpose = Purpose(3);
/// First: spread of the client's wait. Second: a random fixed wait.
pub(super) const CLIENT_WAIT: Purpose = Purpose(4);

// Of a root message: person and content.
/// First: recipient. Second: carrier.
pub(super) const PERSON: Purpose = Purpose(5);
/// First: characters. Second: UCS-2.
pub(super) const BODY: Purpose = Purpose(6);
/// First: invalid number. Second: opted out.
pub(super) const STANDING: Purpose = Purpose(7);
/// First: spam score.
pub(super) const SPAM: Purpose = Purpose(8);
/// By carrier. First: unknown subscriber. Second: absent.
pub(super) const SUBSCRIBER: Purpose = Purpose(9);
/// By carrier. First: time until the handset is back. Second: alert.
pub(super) const RETURN: Purpose = Purpose(10);
/// By filter. First: does a content filter act.
pub(super) const CONTENT_FILTER: Purpose = Purpose(11);

// Of a message.
/// First: route within its rank.
pub(super) const ROUTE: Purpose = Purpose(12);
/// By provider, n-th submit to it. First: result. Second: latency.
pub(super) const ATTEMPT: Purpose = Purpose(13);
/// By provider, n-th submit to it. First: accepted behind a timeout by share.
pub(super) const TIMEOUT_ACCEPTED: Purpose = Purpose(14);
/// By retry number. First: spread of the wait. Second: a random fixed wait.
pub(super) const WAIT: Purpose = Purpose(15);
/// By the times it was taken from a queue. First: the worker's overhead.
pub(super) const OVERHEAD: Purpose = Purpose(16);
/// First: does the person ask again.
pub(super) const RESEND: Purpose = Purpose(17);

// Of a copy (message, ordinal in order of acceptance).
/// By provider. First: relay. Second: loss.
pub(super) const RELAY: Purpose = Purpose(18);
/// By carrier. First: latency. Second: loss.
pub(super) const DELIVERY: Purpose = Purpose(19);
/// By filter. First: does a filter other than content act.
pub(super) const FILTER: Purpose = Purpose(20);
/// By provider. First: delay. Second: loss.
pub(super) const RECEIPT: Purpose = Purpose(21);
/// By provider. First: falsely delivered.
pub(super) const FALSE_RECEIPT: Purpose = Purpose(22);

// Of an owner over time, by ordinal.
/// First: a dwell time. Second, of ordinal 0: the state at t = 0.
pub(super) const SPELL: Purpose = Purpose(23);
/// Of a worker. First: time until it crashes.
pub(super) const CRASH: Purpose = Purpose(24);

/// Further recipients of a request.
pub(super) const RECIPIENT_ROLE: Key = Key::named("recipient");
/// Further calls of a request.
pub(super) const CALL_ROLE: Key = Key::named("call");
/// Resends of a root message.
pub(super) const RESEND_ROLE: Key = Key::named("resend");
/// Repeats of a trace's row.
pub(super) const REPEAT_ROLE: Key = Key::named("repeat");
/// The id a person sees, from a message's or request's key.
pub(super) const ID_ROLE: Key = Key::named("id");
