//! Records of what is in flight: requests, their recipients, the people behind them, messages.

use crate::chain::records::attempt::Attempt;
use crate::chain::records::event::Order;
use crate::chain::records::id::Id;
use crate::chain::records::messages::Extra;
use crate::chain::records::outcome::{Observed, Rejection, Truth};
use crate::chain::records::retrying::Cause;
use crate::chain::spec::TraceRow;
use crate::kernel::Nanos;
use crate::random::Key;

/// No instant.
pub(crate) const NEVER: Nanos = Nanos::MAX;
/// The batch of what isn't counted.
pub(crate) const UNCOUNTED: u8 = u8::MAX;

/// A request, from its first call until it is settled and, where someone asks, until its messages
/// have ended.
///
/// Where many wait for their next call each is far from the last in memory: what a call that is
/// refused needs of it is in its first 64 bytes, a line of the caches.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub(crate) struct Request {
    pub(crate) key: Key,
    pub(crate) ordinal: u64,
    pub(crate) first_call: Nanos,
    /// Calls made.
    pub(crate) calls: u32,
    /// Calls the API is working on.
    pub(crate) calls_open: u32,
    /// The call the client waits for, if it waits for one.
    pub(crate) waiting: Option<Id<Call>>,
    /// The call whose answer it will get: another one where a repeat was recognised.
    pub(crate) answered_by: Option<Id<Call>>,
    /// The last call that was refused, and its answer.
    pub(crate) refused_call: Id<Call>,
    pub(crate) refusal: Rejection,
    /// The cause of its last repeat, if a budget paid for it.
    pub(crate) paid: Option<Cause>,
    pub(crate) stream: u16,
    /// Row of a trace.
    pub(crate) row: Option<Id<TraceRow>>,
    /// First of its recipients, if they are kept.
    pub(crate) recipients: Option<Id<Recipient>>,
    pub(crate) batch: u8,
    /// The call the client waits for tries a half-open breaker.
    pub(crate) probe: bool,
    /// The client will make no further call.
    pub(crate) client_done: bool,
    pub(crate) client_saw_success: bool,
    pub(crate) accepted: bool,
    pub(crate) delivered: bool,
    pub(crate) settled: bool,

    /// The number of the repeat of that row.
    pub(crate) repeat: u32,
    pub(crate) origin: Origin,
    pub(crate) working_ends: Nanos,
    /// With idempotency: the call accepted or being worked on, whose work ends then.
    pub(crate) working: Option<Id<Call>>,
    /// The last call that was recognised as a repeat of that one, or that one.
    pub(crate) works_for: Option<Id<Call>>,
    /// Sender of the request, unless its recipient chooses.
    pub(crate) sender: u32,
    /// Messages born so far.
    pub(crate) births: u32,
    /// Messages that have not ended.
    pub(crate) messages: u32,
}

const _: () = assert!(std::mem::offset_of!(Request, repeat) == 64 && size_of::<Request>() == 128);

/// One of a request's calls; known by its number alone.
#[derive(Debug)]
pub(crate) struct Call;

/// The origin of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Its own.
    Root,
    /// That of a person asking again: the root message and the root request (the content).
    Resend { root: Key, content: Key },
}

/// One recipient of a request.
#[derive(Debug, Clone)]
pub(crate) struct Recipient {
    /// The root message: person and content.
    pub(crate) root: Key,
    pub(crate) content: Key,
    pub(crate) request: RequestFacts,
    /// Next recipient of the same request.
    pub(crate) next: Option<Id<Recipient>>,
    /// The chain of resends it belongs to, if its stream has any.
    pub(crate) person: Option<Id<Person>>,
    /// The number of its users: the request, messages, a resend check.
    pub(crate) users: u32,
    /// Copies providers accepted.
    pub(crate) copies: u32,
    /// Copies that reached the handset.
    pub(crate) arrived: u32,
    /// Its messages: more than one after a repeated call.
    pub(crate) messages: u32,
    /// From the request to its soonest copy on the handset; [`NEVER`] without any.
    pub(crate) soonest: Nanos,
    /// One of its messages was delivered on time.
    pub(crate) on_time: bool,
    /// One of its messages was handed off.
    pub(crate) handed_off: bool,
    /// The time at which a try first found the handset absent; with a person, that one says.
    pub(crate) absent_since: Nanos,
}

/// Facts of a request that a resend needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestFacts {
    pub(crate) stream: u16,
    pub(crate) batch: u8,
    pub(crate) sender: u32,
    pub(crate) row: Option<Id<TraceRow>>,
    pub(crate) repeat: u32,
}

/// A person who may ask again.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The time at which the first copy reached the handset, or is known to.
    pub(crate) has_copy_since: Nanos,
    pub(crate) resends: u32,
    /// The time at which a try first found the handset absent.
    pub(crate) absent_since: Nanos,
    /// Recipients that refer to it.
    pub(crate) users: u32,
}

/// The stage of a message in the sender's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageState {
    /// Waiting in its queue; if it was accepted ahead of its time, still at the API.
    Queue,
    /// Fetched by a worker that has others to do before it.
    Fetched,
    /// With a worker: its overhead, then its submits.
    Worker,
    /// Waiting to rejoin its queue, for its time or for a breaker.
    Aside,
    /// The sender is done with it.
    Done,
}

/// The part of a message's charge that has come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refunded {
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
pub(crate) struct Message {
    pub(crate) key: Key,
    pub(crate) order: Order,
    /// The end of the API's work on it: ahead, if it was accepted ahead of its time.
    pub(crate) accepted: Nanos,
    /// Entered where it is now; with a worker: its queue, where its stay goes on until a submit.
    pub(crate) since: Nanos,
    /// Changes whenever it moves, also from one message in a slot to the next: what refers to an
    /// older stamp is void.
    pub(crate) stamp: u32,
    /// Submits made, hedges included.
    pub(crate) attempts: u32,
    /// Times it was taken from a queue.
    pub(crate) taken: u32,
    /// The part of the record that few messages need: [`Messages::extra`].
    ///
    /// [`Messages::extra`]: crate::chain::records::messages::Messages::extra
    pub(crate) extra: Option<Id<Extra>>,
    /// The submit its sender waits for.
    pub(crate) attempt: Option<Id<Attempt>>,
    /// The sender's own work on it, submits without a result, copies and receipts under way.
    pub(crate) open: u32,
    pub(crate) stream: u16,
    /// The route it was accepted, and priced, for; it goes by [`Messages::via`].
    ///
    /// [`Messages::via`]: crate::chain::records::messages::Messages::via
    pub(crate) route: u16,
    pub(crate) segments: u16,
    pub(crate) state: MessageState,
    pub(crate) batch: u8,

    /// Person and content are drawn from the root message's key.
    pub(crate) root: Key,
    pub(crate) requested: Nanos,
    /// First true acceptance by a provider.
    pub(crate) handed_off: Nanos,
    /// First copy on the handset.
    pub(crate) delivered: Nanos,
    /// Order number of the call that bore it, where someone asks; else 0.
    pub(crate) order_id: u32,
    pub(crate) sender: u32,
    /// Copies accepted by providers.
    pub(crate) copies: u32,
    /// Of what is open, receipts.
    pub(crate) receipts: u32,
    pub(crate) carrier: u16,
    /// The place at which its furthest copy ended.
    pub(crate) place: u16,
    /// The state that the sender knows without receipts.
    pub(crate) base: Observed,
    /// The state that receipts said.
    pub(crate) receipt: Option<Observed>,
    /// The end of its furthest copy.
    pub(crate) cause: Truth,
}

// A copy in flight costs this, and an event or a place in a line.
const _: () = assert!(size_of::<Message>() <= 120 && std::mem::offset_of!(Message, root) == 64);

impl Message {
    /// A message accepted at `now`.
    #[inline(always)]
    pub(crate) fn new(birth: &Birth, now: Nanos) -> Message {
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
            attempt: None,
            extra: None,
            taken: 0,
            copies: 0,
            open: 1,
            receipts: 0,
            stream: birth.stream,
            carrier: birth.carrier,
            route: birth.route,
            place: 0,
            segments: birth.segments,
            state: MessageState::Queue,
            base: Observed::Queued,
            receipt: None,
            cause: Truth::Unresolved,
            batch: birth.batch,
        }
    }

    /// True when its request came at or after the end of warm-up.
    #[inline]
    pub(crate) fn counted(&self) -> bool {
        self.batch != UNCOUNTED
    }

    /// Moves it: what refers to where it was is void.
    #[inline]
    pub(crate) fn moves_to(&mut self, state: MessageState, now: Nanos) {
        self.state = state;
        self.since = now;
        self.stamp = self.stamp.wrapping_add(1);
    }

    /// A worker takes it from its queue: what refers to where it was is void.
    #[inline]
    pub(crate) fn is_taken(&mut self) {
        self.state = MessageState::Worker;
        self.stamp = self.stamp.wrapping_add(1);
    }

    /// A worker fetches it from its queue along with others before it.
    pub(crate) fn is_fetched(&mut self) {
        self.state = MessageState::Fetched;
        self.stamp = self.stamp.wrapping_add(1);
    }

    /// The state that the sender sees now.
    #[inline]
    pub(crate) fn seen(&self) -> Observed {
        self.receipt.unwrap_or(self.base)
    }
}

/// Facts of a message at its acceptance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Birth {
    pub(crate) key: Key,
    pub(crate) root: Key,
    pub(crate) order: Order,
    pub(crate) requested: Nanos,
    pub(crate) order_id: u32,
    pub(crate) sender: u32,
    pub(crate) stream: u16,
    pub(crate) carrier: u16,
    pub(crate) route: u16,
    pub(crate) segments: u16,
    pub(crate) batch: u8,
    pub(crate) stamp: u32,
}
