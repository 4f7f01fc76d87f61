//! Every draw of a chain, by name: the only place that says whose it is, what for, and which one
//! (docs/model.md).
//!
//! A draw is a block of two words. What each decides stands beside its site, so that a stage and
//! whoever draws for many at once can't mean different draws by the same thing. Numbers of purposes
//! are never reused.

use crate::random::{Key, Owner, Purpose, Site};

/// A site without an owner or ordinal of its own.
#[inline(always)]
const fn own(thing: Key, purpose: u8) -> Site {
    Site { thing, owner: Owner::NONE, purpose: Purpose(purpose), ordinal: 0 }
}

/// A site that is one of several of its thing.
#[inline(always)]
const fn nth(thing: Key, purpose: u8, ordinal: u32) -> Site {
    Site { thing, owner: Owner::NONE, purpose: Purpose(purpose), ordinal }
}

/// A site of a thing at a provider, carrier or filter.
#[inline(always)]
const fn at(thing: Key, owner: Owner, purpose: u8, ordinal: u32) -> Site {
    Site { thing, owner, purpose: Purpose(purpose), ordinal }
}

// Requests of a stream.

/// First word: the gap before the request.
#[inline(always)]
pub(crate) const fn gap(request: Key) -> Site {
    own(request, 1)
}

/// First word: the request's sender.
#[inline(always)]
pub(crate) const fn sender(request: Key) -> Site {
    own(request, 2)
}

/// Second word: whether a row of a trace is repeated once more.
#[inline(always)]
pub(crate) const fn row_repeat(row: Key) -> Site {
    own(row, 2)
}

// Calls.

/// First word: the API's latency. Second: an internal error.
#[inline(always)]
pub(crate) const fn call(call: Key) -> Site {
    own(call, 3)
}

/// First word: the jitter of the wait after call `number`. Second: a random fixed wait.
#[inline(always)]
pub(crate) const fn client_wait(request: Key, number: u32) -> Site {
    nth(request, 4, number)
}

// Person and content, by root message: resends and duplicates share them.

/// First word: the recipient. Second: the carrier.
#[inline(always)]
pub(crate) const fn person(root: Key) -> Site {
    own(root, 5)
}

/// First word: characters. Second: UCS-2.
#[inline(always)]
pub(crate) const fn body(root: Key) -> Site {
    own(root, 6)
}

/// First word: an invalid number. Second: an opt-out.
#[inline(always)]
pub(crate) const fn standing(root: Key) -> Site {
    own(root, 7)
}

/// First word: whether the person opts out in the course of the run. Second: when.
#[inline(always)]
pub(crate) const fn opts_out(person: Key) -> Site {
    own(person, 28)
}

/// First word: the spam score.
#[inline(always)]
pub(crate) const fn spam_score(root: Key) -> Site {
    own(root, 8)
}

/// First word: an unknown subscriber. Second: an absent handset.
#[inline(always)]
pub(crate) const fn subscriber(root: Key, carrier: Owner) -> Site {
    at(root, carrier, 9, 0)
}

/// First word: the time until the handset is back. Second: an alert.
#[inline(always)]
pub(crate) const fn handset_return(root: Key, carrier: Owner) -> Site {
    at(root, carrier, 10, 0)
}

/// First word: whether a content filter acts.
#[inline(always)]
pub(crate) const fn content_filter(root: Key, filter: Owner) -> Site {
    at(root, filter, 11, 0)
}

// Messages.

/// First word: the route among those of one rank.
#[inline(always)]
pub(crate) const fn route(message: Key) -> Site {
    own(message, 12)
}

/// Attempt `number` at that provider, from 1. First word: the result. Second: the latency.
#[inline(always)]
pub(crate) const fn attempt(message: Key, provider: Owner, number: u32) -> Site {
    at(message, provider, 13, number)
}

/// First word: whether an attempt that is never answered was accepted.
#[inline(always)]
pub(crate) const fn timeout_accepted(message: Key, provider: Owner, number: u32) -> Site {
    at(message, provider, 14, number)
}

/// First word: the jitter of the wait before retry `number`. Second: a random fixed wait.
#[inline(always)]
pub(crate) const fn retry_wait(message: Key, number: u32) -> Site {
    nth(message, 15, number)
}

/// First word: the jitter of the wait before further attempt `number` that a receipt, or silence, sets going.
/// Second: a random fixed wait.
#[inline(always)]
pub(crate) const fn receipt_wait(message: Key, number: u32) -> Site {
    nth(message, 25, number)
}

/// First word: a worker's overhead, the `taken`-th time that the message is taken from a queue.
#[inline(always)]
pub(crate) const fn overhead(message: Key, taken: u32) -> Site {
    nth(message, 16, taken)
}

/// First word: whether the person asks again.
#[inline(always)]
pub(crate) const fn resend(resend: Key) -> Site {
    own(resend, 17)
}

// Copies of a message, numbered in order of acceptance.

/// First word: the relay's latency. Second: its loss.
#[inline(always)]
pub(crate) const fn relay(message: Key, provider: Owner, copy: u32) -> Site {
    at(message, provider, 18, copy)
}

/// First word: the latency from carrier to handset. Second: the loss on that way.
#[inline(always)]
pub(crate) const fn delivery(message: Key, carrier: Owner, copy: u32) -> Site {
    at(message, carrier, 19, copy)
}

/// First word: whether a filter of any rule but content acts.
#[inline(always)]
pub(crate) const fn filter(message: Key, filter: Owner, copy: u32) -> Site {
    at(message, filter, 20, copy)
}

/// First word: a receipt's delay. Second: its loss.
#[inline(always)]
pub(crate) const fn receipt(message: Key, provider: Owner, copy: u32) -> Site {
    at(message, provider, 21, copy)
}

/// First word: whether the receipt of an undelivered copy says delivered.
#[inline(always)]
pub(crate) const fn false_receipt(message: Key, provider: Owner, copy: u32) -> Site {
    at(message, provider, 22, copy)
}

// Stations over time.

/// First word: the length of spell `number` of a provider or stream. Second, of spell 0: its state
/// at t = 0.
#[inline(always)]
pub(crate) const fn spell(station: Key, number: u32) -> Site {
    nth(station, 23, number)
}

/// First word: the time until a worker's crash `number`.
#[inline(always)]
pub(crate) const fn crash(worker: Key, number: u32) -> Site {
    nth(worker, 24, number)
}
