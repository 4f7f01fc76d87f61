//! The chain's events, packed into 8 bytes, and their order at one instant.
//!
//! At one instant what frees a resource comes before what asks for one; within each, messages go
//! in the order of their requests, a request's messages in the order of their birth, a message's
//! copies in the order of acceptance (docs/model.md).

use crate::chain::records::attempt::Attempt;
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, Recipient, Request};
use crate::kernel::{EventSet, Nanos};

/// The kinds of event: those that free something, then those that ask for something, each with what it
/// happens to and its words in traces.
macro_rules! event_kinds {
    (
        frees { $( $(#[$free_doc:meta])* $free:ident of $free_subject:ident = $free_words:literal, )* }
        asks { $( $(#[$ask_doc:meta])* $ask:ident of $ask_subject:ident = $ask_words:literal, )* }
    ) => {
        /// Kinds of event. Their order is that of one instant.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(crate) enum EventKind {
            $( $(#[$free_doc])* $free, )*
            $( $(#[$ask_doc])* $ask, )*
        }

        impl EventKind {
            const ALL: [EventKind; [$( $free_words, )* $( $ask_words, )*].len()] =
                [$( EventKind::$free, )* $( EventKind::$ask, )*];

            /// True if it frees a resource, and so comes before what asks for one.
            #[inline]
            fn frees(self) -> bool {
                (self as usize) < [$( $free_words ),*].len()
            }

            /// The kind of record or station in its slot.
            #[inline]
            pub(crate) fn slot(self) -> Slot {
                match self {
                    $( EventKind::$free => Slot::$free_subject, )*
                    $( EventKind::$ask => Slot::$ask_subject, )*
                }
            }

            /// Its words in traces.
            pub(crate) fn words(self) -> &'static str {
                [$( $free_words, )* $( $ask_words, )*][self as usize]
            }
        }
    };
}

event_kinds! {
    frees {
        /// A provider's server has done an attempt.
        ServiceDone of Attempt = "service done",
        /// An attempt's result reaches the sender.
        SubmitDone of Attempt = "submit done",
        /// An attempt has waited too long for its answer. Detail: stamp.
        SubmitTimeout of Attempt = "submit timeout",
        /// A waiting message's stay is over.
        QueueExpiry of Message = "queue expiry",
        /// A worker crashes. Detail: worker.
        WorkerCrash of Queue = "worker crash",
        /// A crashed worker is back. Detail: worker.
        WorkerRestart of Queue = "worker restart",
        /// An incident takes workers of a queue, or gives them back.
        WorkersChange of Queue = "workers change",
        /// Quiet hours of a queue begin or end.
        QuietTurn of Queue = "quiet hours turn",
        /// Quiet hours of a stream end: its requests are made.
        QuietEnd of Stream = "quiet hours end",
        /// Workers that an autoscaler has added have started.
        WorkersStart of Queue = "workers start",
        /// An autoscaler looks at a queue.
        ScalerLook of Queue = "autoscaler look",
        /// The first that waits for a provider's pace may pass. Detail: bucket.
        ProviderToken of Provider = "provider token",
        /// The first in a carrier's throttle may pass. Detail: bucket.
        CarrierToken of Carrier = "carrier token",
        /// A carrier's daily cap starts anew.
        CapResets of Carrier = "cap resets",
        /// A breaker has been open for long enough.
        HalfOpen of Gate = "half open",
        /// A pause of a provider's link may be over.
        LinkResumes of Provider = "link resumes",
    }
    asks {
        /// A stream's next request.
        Arrival of Stream = "arrival",
        /// The client calls again.
        Call of Request = "call",
        /// The client gives up waiting for a call. Detail: call.
        CallTimeout of Request = "call timeout",
        /// The API's work on a call ends. Detail: call and outcome.
        CallEnd of Request = "call end",
        /// A worker's lease of a message runs out, if it still has it. Detail: the lease.
        LeaseEnd of Message = "lease end",
        /// A message rejoins its queue.
        Rejoin of Message = "rejoin",
        /// A worker has spent its overhead. Detail: stamp.
        WorkerReady of Message = "worker ready",
        /// A paced attempt asks for a slot of the window. Detail: stamp.
        AskSlot of Attempt = "ask slot",
        /// An attempt with a slot is submitted. Detail: stamp.
        Submit of Attempt = "submit",
        /// An attempt may have had no answer for too long. Detail: stamp.
        HedgeDue of Attempt = "hedge due",
        /// A provider accepts an attempt that the sender has given up.
        LateAcceptance of Attempt = "late acceptance",
        /// A copy reaches its carrier.
        CarrierArrival of Copy = "carrier arrival",
        /// A copy that its carrier's daily cap held goes on.
        CarrierRelease of Copy = "carrier release",
        /// A copy has passed its carrier's throttle.
        CarrierPass of Copy = "carrier pass",
        /// A copy reaches the handset.
        Delivery of Copy = "delivery",
        /// A copy is lost on the way to the handset.
        DeliveryLost of Copy = "delivery lost",
        /// A copy's validity ends at the carrier.
        CarrierExpiry of Copy = "carrier expiry",
        /// A receipt reaches the sender. Detail: observed state and copy.
        Receipt of Message = "receipt",
        /// A sender that acts on receipts has had none for too long, or its next attempt is due. Detail: stamp.
        FollowUp of Message = "follow-up",
        /// A person without a copy may ask again.
        ResendCheck of Recipient = "resend check",
        /// The API's work ends on a request whose message was accepted when it was made: it joins its queue.
        Enqueue of Message = "enqueue",
        /// It is time to look at the routes that may be slow.
        RouteLook of Routes = "route look",
    }
}

/// The kind of record or station in an event's slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Message,
    /// The message of a copy on its way to the handset. Detail: the copy.
    Copy,
    Attempt,
    Request,
    Recipient,
    Stream,
    Queue,
    Provider,
    Carrier,
    Gate,
    Routes,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) slot: u32,
    packed: u32,
}

const _: () = assert!(size_of::<Event>() == 8);

const DETAIL_BITS: u32 = 24;
/// The largest detail an event carries.
pub(crate) const DETAIL_MAX: u32 = (1 << DETAIL_BITS) - 1;

impl Event {
    #[inline]
    pub(crate) fn new(kind: EventKind, slot: impl Into<u32>, detail: u32) -> Event {
        let slot = slot.into();
        Event { slot, packed: (kind as u32) << DETAIL_BITS | (detail & DETAIL_MAX) }
    }

    #[inline]
    pub(crate) fn kind(self) -> EventKind {
        EventKind::ALL[(self.packed >> DETAIL_BITS) as usize]
    }

    /// The message it happens to.
    #[inline]
    pub(crate) fn message(self) -> Id<Message> {
        debug_assert!(matches!(self.kind().slot(), Slot::Message | Slot::Copy));
        Id::at(self.slot)
    }

    /// The attempt it happens to.
    #[inline]
    pub(crate) fn attempt(self) -> Id<Attempt> {
        debug_assert_eq!(self.kind().slot(), Slot::Attempt);
        Id::at(self.slot)
    }

    /// The request it happens to.
    #[inline]
    pub(crate) fn request(self) -> Id<Request> {
        debug_assert_eq!(self.kind().slot(), Slot::Request);
        Id::at(self.slot)
    }

    /// The recipient it happens to.
    #[inline]
    pub(crate) fn recipient(self) -> Id<Recipient> {
        debug_assert_eq!(self.kind().slot(), Slot::Recipient);
        Id::at(self.slot)
    }

    #[inline]
    pub(crate) fn detail(self) -> u32 {
        self.packed & DETAIL_MAX
    }
}

// A rank, from the top: frees or asks (1), arrival ordinal (37), message of the request (14),
// copy (6), kind (6).
const KIND_BITS: u32 = 6;
const COPY_BITS: u32 = 6;
const BIRTH_BITS: u32 = 14;
const ORDINAL_BITS: u32 = 63 - BIRTH_BITS - COPY_BITS - KIND_BITS;

const _: () = assert!(EventKind::ALL.len() <= 1 << KIND_BITS, "a rank has no room for more kinds");
const _: () = assert!(EventKind::ALL.len() <= 1 << (u32::BITS - DETAIL_BITS));

/// The place of a request or message among those of one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order(u64);

impl Order {
    /// The `birth`-th message of the `ordinal`-th request. Beyond 2³⁷ requests, or 2¹⁴ messages
    /// of one, the order of ties is no longer told apart.
    #[inline]
    pub(crate) fn new(ordinal: u64, birth: u32) -> Order {
        let ordinal = ordinal.min((1 << ORDINAL_BITS) - 1);
        let birth = u64::from(birth.min((1 << BIRTH_BITS) - 1));
        Order((ordinal << BIRTH_BITS | birth) << (COPY_BITS + KIND_BITS))
    }

    /// Of a station's own events (tokens, crashes, a stream's next request): among what frees
    /// they come first, among what asks last, in the order of stations.
    pub(crate) fn station(kind: EventKind, index: u32) -> Order {
        let ordinal = if kind.frees() { 0 } else { (1 << ORDINAL_BITS) - 1 };
        Order::new(ordinal, index)
    }

    /// The number of the request in order of arrival.
    pub(crate) fn request(self) -> u64 {
        self.0 >> (BIRTH_BITS + COPY_BITS + KIND_BITS)
    }

    /// The number of the message among its request's, in order of birth.
    pub(crate) fn birth(self) -> u32 {
        (self.0 >> (COPY_BITS + KIND_BITS)) as u32 & ((1 << BIRTH_BITS) - 1)
    }

    /// The rank of an event of this message's copy `copy` (0 if of no copy).
    #[inline]
    pub(crate) fn rank(self, kind: EventKind, copy: u32) -> u64 {
        let asks = u64::from(!kind.frees()) << 63;
        let copy = u64::from(copy.min((1 << COPY_BITS) - 1));
        asks | self.0 | copy << KIND_BITS | kind as u64
    }
}

/// The events to come as the model sees them: it says what happens, when, and to whom; the rank of one
/// instant follows. What else may be done with them is the engines'.
pub(crate) trait Scheduler {
    /// The time now.
    fn now(&self) -> Nanos;

    /// An event at `at` of whoever has that order, its `place` among those of the same: a copy's or an
    /// attempt's number, else 0.
    fn happens(&mut self, at: Nanos, order: Order, place: u32, event: Event);

    /// An event at `at` of the `index`-th station of its kind.
    fn station(&mut self, at: Nanos, index: u32, event: Event);
}

impl Scheduler for EventSet<Event> {
    #[inline(always)]
    fn now(&self) -> Nanos {
        self.now()
    }

    #[inline(always)]
    fn happens(&mut self, at: Nanos, order: Order, place: u32, event: Event) {
        self.schedule(at, order.rank(event.kind(), place), event);
    }

    #[inline]
    fn station(&mut self, at: Nanos, index: u32, event: Event) {
        self.happens(at, Order::station(event.kind(), index), 0, event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_keeps_its_parts() {
        for (index, &kind) in EventKind::ALL.iter().enumerate() {
            assert_eq!(kind as usize, index);
            let event = Event::new(kind, u32::MAX, DETAIL_MAX - 5);
            assert_eq!(
                (event.kind(), event.slot, event.detail()),
                (kind, u32::MAX, DETAIL_MAX - 5)
            );
        }
    }

    #[test]
    fn what_frees_comes_first_then_requests_then_births_then_copies() {
        let ranks = [
            Order::station(EventKind::CarrierToken, 3).rank(EventKind::CarrierToken, 0),
            Order::new(7, 0).rank(EventKind::SubmitDone, 0),
            Order::new(2, 0).rank(EventKind::Submit, 0),
            Order::new(3, 0).rank(EventKind::CarrierArrival, 1),
            Order::new(3, 0).rank(EventKind::CarrierArrival, 2),
            Order::new(3, 1).rank(EventKind::CarrierArrival, 0),
            Order::new(4, 0).rank(EventKind::Call, 0),
            Order::station(EventKind::Arrival, 1).rank(EventKind::Arrival, 0),
        ];
        assert!(ranks.is_sorted_by(|a, b| a < b));
    }
}
