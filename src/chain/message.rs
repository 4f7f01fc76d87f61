//! What is in flight: requests, their recipients, the people behind them, messages.

use super::event::Order;
use super::outcome::{Observed, Rejection, Truth};
use super::retry::Cause;
use super::slab::NONE;
use crate::kernel::Nanos;
use crate::random::Key;

/// No instant.
pub(super) const NEVER: Nanos = Nanos::MAX;
/// The batch of what isn't counted.
pub(super) const UNCOUNTED: u8 = u8::MAX;

/// A request, from its first call until it is settled and, where someone asks, until its messages
/// have ended.
///
/// Where many wait for their next call each is far from the last in memory: what a call that is
/// refused needs of it is in its first 64 bytes, a line of the caches.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub(super) struct Request {
    pub(super) key: Key,
    pub(super) ordinal: u64,
    pub(super) first_call: Nanos,
    /// Calls made.
    pub(super) calls: u32,
    /// Calls the API is working on.
    pub(super) calls_open: u32,
    /// The call the client waits for; [`NONE`]: it waits for none.
    pub(super) waiting: u32,
    /// The call whose answer it will get: another one where a repeat was recognised.
    pub(super) answered_by: u32,
    /// The last call that was refused, and its answer.
    pub(super) refused_call: u32,
    pub(super) refusal: Rejection,
    /// Why its last repeat was made, if a budget paid for it.
    pub(super) paid: Option<Cause>,
    pub(super) stream: u16,
    /// Row of a trace.
    pub(super) row: u32,
    /// First of its recipients, if they are kept.
    pub(super) recipients: u32,
    pub(super) batch: u8,
    /// The call the client waits for tries a half-open breaker.
    pub(super) probe: bool,
    /// The client will make no further call.
    pub(super) client_done: bool,
    pub(super) client_saw_success: bool,
    pub(super) accepted: bool,
    pub(super) delivered: bool,
    pub(super) settled: bool,

    /// Which repeat of that row.
    pub(super) repeat: u32,
    pub(super) origin: Origin,
    pub(super) working_ends: Nanos,
    /// With idempotency: the call accepted or being worked on, whose work ends then.
    pub(super) working: u32,
    /// The last call that was recognised as a repeat of that one, or that one.
    pub(super) works_for: u32,
    /// Sender of the request, unless its recipient chooses.
    pub(super) sender: u32,
    /// Messages born so far.
    pub(super) births: u32,
    /// Messages that have not ended.
    pub(super) messages: u32,
}

const _: () = assert!(std::mem::offset_of!(Request, repeat) == 64 && size_of::<Request>() == 128);

/// Whose wish a request carries out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Its own.
    Root,
    /// That of a person asking again: the root message and the root request (the content).
    Resend { root: Key, content: Key },
}

/// One recipient of a request.
#[derive(Debug, Clone)]
pub(super) struct Recipient {
    /// The root message: person and content.
    pub(super) root: Key,
    pub(super) content: Key,
    pub(super) request: RequestFacts,
    /// Next recipient of the same request.
    pub(super) next: u32,
    /// The chain of resends it belongs to, if its stream has any.
    pub(super) person: u32,
    /// What still needs it: the request, messages, a resend check.
    pub(super) users: u32,
    /// Copies providers accepted.
    pub(super) copies: u32,
    /// Copies that reached the handset.
    pub(super) arrived: u32,
    /// Its messages: more than one after a repeated call.
    pub(super) messages: u32,
    /// From the request to its soonest copy on the handset; [`NEVER`] without any.
    pub(super) soonest: Nanos,
    /// One of its messages was delivered on time.
    pub(super) on_time: bool,
    /// When a try first found the handset absent; with a person, that one says.
    pub(super) absent_since: Nanos,
}

/// What a resend needs of the request before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestFacts {
    pub(super) stream: u16,
    pub(super) batch: u8,
    pub(super) sender: u32,
    pub(super) row: u32,
    pub(super) repeat: u32,
}

/// A person who may ask again.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// When the first copy reached the handset, or is known to.
    pub(super) has_copy_since: Nanos,
    pub(super) resends: u32,
    /// When a try first found the handset absent.
    pub(super) absent_since: Nanos,
    /// Recipients that refer to it.
    pub(super) users: u32,
}

/// Where the sender is with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageState {
    /// Waiting in its queue; if it was accepted ahead of its time, still at the API.
    Queue,
    /// With a worker: its overhead, then its submits.
    Worker,
    /// Waiting to rejoin its queue, for its time or for a breaker.
    Aside,
    /// The sender is done with it.
    Done,
}

/// What of a message's charge has come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refunded {
    /// None of it.
    Nothing,
    /// The part charged at accept; the rest fell due later, if at all.
    FirstPart,
    /// The whole price.
    Whole,
}

/// An accepted message.
///
/// What another attempt needs of it comes first: with many in flight each is far from the last in memory,
/// and its lines come one by one.
#[derive(Debug, Clone)]
#[repr(C)]
pub(super) struct Message {
    pub(super) key: Key,
    pub(super) order: Order,
    /// When the API has done with it: ahead, if it was accepted ahead of its time.
    pub(super) accepted: Nanos,
    /// Entered where it is now; with a worker: its queue, where its stay goes on until a submit.
    pub(super) since: Nanos,
    /// Changes whenever it moves, also from one message in a slot to the next: what refers to an
    /// older stamp is void.
    pub(super) stamp: u32,
    /// Submits made, hedges included.
    pub(super) attempts: u32,
    /// Times it was taken from a queue.
    pub(super) taken: u32,
    /// What few messages need: [`Messages::extra`].
    ///
    /// [`Messages::extra`]: super::messages::Messages::extra
    pub(super) extra: u32,
    /// The submit its sender waits for.
    pub(super) attempt: u32,
    /// The sender's own work on it, submits without a result, copies and receipts under way.
    pub(super) open: u32,
    pub(super) stream: u16,
    /// The route it was accepted, and priced, for; it goes by [`Messages::via`].
    ///
    /// [`Messages::via`]: super::messages::Messages::via
    pub(super) route: u16,
    pub(super) segments: u16,
    pub(super) at: MessageState,
    pub(super) batch: u8,

    /// Person and content are drawn from the root message's key.
    pub(super) root: Key,
    pub(super) requested: Nanos,
    /// First true acceptance by a provider.
    pub(super) handed_off: Nanos,
    /// First copy on the handset.
    pub(super) delivered: Nanos,
    /// Order number of the call that bore it, where someone asks; else 0.
    pub(super) order_id: u32,
    pub(super) sender: u32,
    /// Copies accepted by providers.
    pub(super) copies: u32,
    /// Of what is open, receipts.
    pub(super) receipts: u32,
    pub(super) carrier: u16,
    /// Where its furthest copy ended.
    pub(super) place: u16,
    /// What the sender knows without receipts.
    pub(super) base: Observed,
    /// What receipts said.
    pub(super) receipt: Option<Observed>,
    /// How its furthest copy ended.
    pub(super) cause: Truth,
}

// A copy in flight costs this, and an event or a place in a line.
const _: () = assert!(size_of::<Message>() <= 120 && std::mem::offset_of!(Message, root) == 64);

impl Message {
    /// A message accepted at `now`.
    #[inline(always)]
    pub(super) fn new(birth: &Birth, now: Nanos) -> Message {
        Message {
            key: birth.key,
            root: birth.root,
            order: birth.order,
            requested: birth.requested,
            accepted: now,
            handed_off: NEVER,
            delivered: NEVER,
            since: now,
            stamp: birth.stamp,
            order_id: birth.order_id,
            sender: birth.sender,
            attempts: 0,
            attempt: NONE,
            extra: NONE,
            taken: 0,
            copies: 0,
            open: 1,
            receipts: 0,
            stream: birth.stream,
            carrier: birth.carrier,
            route: birth.route,
            place: 0,
            segments: birth.segments,
            at: MessageState::Queue,
            base: Observed::Queued,
            receipt: None,
            cause: Truth::Unresolved,
            batch: birth.batch,
        }
    }

    /// True when its request came at or after the end of warm-up.
    #[inline]
    pub(super) fn counted(&self) -> bool {
        self.batch != UNCOUNTED
    }

    /// Moves it: what refers to where it was is void.
    #[inline]
    pub(super) fn moves_to(&mut self, at: MessageState, now: Nanos) {
        self.at = at;
        self.since = now;
        self.stamp = self.stamp.wrapping_add(1);
    }

    /// A worker takes it from its queue: what refers to where it was is void.
    #[inline]
    pub(super) fn is_taken(&mut self) {
        self.at = MessageState::Worker;
        self.stamp = self.stamp.wrapping_add(1);
    }

    /// What the sender sees now.
    #[inline]
    pub(super) fn seen(&self) -> Observed {
        self.receipt.unwrap_or(self.base)
    }
}

/// What an accepted message is born with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Birth {
    pub(super) key: Key,
    pub(super) root: Key,
    pub(super) order: Order,
    pub(super) requested: Nanos,
    pub(super) order_id: u32,
    pub(super) sender: u32,
    pub(super) stream: u16,
    pub(super) carrier: u16,
    pub(super) route: u16,
    pub(super) segments: u16,
    pub(super) batch: u8,
    pub(super) stamp: u32,
}
