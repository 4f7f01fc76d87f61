//! The chain's events, packed into 8 bytes, and their order at one instant.
//!
//! At one instant what frees a resource comes before what asks for one; within each, messages go
//! in the order of their requests, a request's messages in the order of their birth, a message's
//! copies in the order of acceptance (MODEL.md §1).

/// What happens. Up to [`What::LinkResumes`] they free something, then they ask for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum What {
    /// A provider's server has done a submit.
    ServiceDone,
    /// A submit's result reaches the sender.
    SubmitDone,
    /// A submit has waited too long. Detail: stamp.
    SubmitTimeout,
    /// A waiting message's stay is over.
    QueueExpiry,
    /// A worker crashes. Detail: worker.
    WorkerCrash,
    /// A crashed worker is back. Detail: worker.
    WorkerRestart,
    /// An incident takes workers of a queue, or gives them back.
    WorkersChange,
    /// The first in a provider's pace line may pass. Detail: bucket.
    ProviderToken,
    /// The first in a carrier's throttle may pass. Detail: bucket.
    CarrierToken,
    /// A breaker has been open for long enough.
    HalfOpen,
    /// A pause of a provider's link may be over.
    LinkResumes,
    /// A stream's next request.
    Arrival,
    /// The client calls again.
    Call,
    /// The client gives up waiting for a call. Detail: call.
    CallTimeout,
    /// The API's work on a call ends. Detail: call and error.
    CallEnd,
    /// A message rejoins its queue.
    Rejoin,
    /// A worker has spent its overhead. Detail: stamp.
    WorkerReady,
    /// A paced submit asks for a slot of the window. Detail: stamp.
    AskSlot,
    /// A submit with a slot goes out. Detail: stamp.
    Submit,
    /// A submit may have had no answer for too long. Detail: stamp.
    HedgeDue,
    /// A provider accepts a submit the sender has given up.
    LateAcceptance,
    /// A copy reaches its carrier. Detail: copy.
    CarrierArrival,
    /// A copy has passed its carrier's throttle. Detail: copy.
    CarrierPass,
    /// A copy reaches the handset. Detail: copy.
    Delivery,
    /// A copy is lost on the way to the handset. Detail: copy.
    DeliveryLost,
    /// A copy's validity ends at the carrier. Detail: copy.
    CarrierExpiry,
    /// A receipt reaches the sender. Detail: observed state.
    Receipt,
    /// A person without a copy may ask again.
    ResendCheck,
    /// The API's work on a request ends whose message is accepted already: it joins its queue.
    Enqueue,
}

/// What an event's slot is one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Message,
    Submit,
    Request,
    Recipient,
    Stream,
    Queue,
    Provider,
    Carrier,
    Guard,
}

impl What {
    /// What its slot is one of.
    #[inline]
    pub(super) fn slot(self) -> Slot {
        match self {
            What::ServiceDone
            | What::SubmitDone
            | What::SubmitTimeout
            | What::AskSlot
            | What::Submit
            | What::HedgeDue
            | What::LateAcceptance => Slot::Submit,
            What::QueueExpiry
            | What::Rejoin
            | What::Enqueue
            | What::WorkerReady
            | What::CarrierArrival
            | What::CarrierPass
            | What::Delivery
            | What::DeliveryLost
            | What::CarrierExpiry
            | What::Receipt => Slot::Message,
            What::Call | What::CallTimeout | What::CallEnd => Slot::Request,
            What::ResendCheck => Slot::Recipient,
            What::Arrival => Slot::Stream,
            What::WorkerCrash | What::WorkerRestart | What::WorkersChange => Slot::Queue,
            What::ProviderToken | What::LinkResumes => Slot::Provider,
            What::CarrierToken => Slot::Carrier,
            What::HalfOpen => Slot::Guard,
        }
    }
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) slot: u32,
    packed: u32,
}

const DETAIL_BITS: u32 = 24;
/// The largest detail an event carries.
pub(super) const DETAIL_MAX: u32 = (1 << DETAIL_BITS) - 1;

impl Event {
    #[inline]
    pub(super) fn new(what: What, slot: u32, detail: u32) -> Event {
        Event { slot, packed: (what as u32) << DETAIL_BITS | (detail & DETAIL_MAX) }
    }

    #[inline]
    pub(super) fn what(self) -> What {
        ALL[(self.packed >> DETAIL_BITS) as usize]
    }

    #[inline]
    pub(super) fn detail(self) -> u32 {
        self.packed & DETAIL_MAX
    }
}

const ALL: [What; 29] = [
    What::ServiceDone,
    What::SubmitDone,
    What::SubmitTimeout,
    What::QueueExpiry,
    What::WorkerCrash,
    What::WorkerRestart,
    What::WorkersChange,
    What::ProviderToken,
    What::CarrierToken,
    What::HalfOpen,
    What::LinkResumes,
    What::Arrival,
    What::Call,
    What::CallTimeout,
    What::CallEnd,
    What::Rejoin,
    What::WorkerReady,
    What::AskSlot,
    What::Submit,
    What::HedgeDue,
    What::LateAcceptance,
    What::CarrierArrival,
    What::CarrierPass,
    What::Delivery,
    What::DeliveryLost,
    What::CarrierExpiry,
    What::Receipt,
    What::ResendCheck,
    What::Enqueue,
];

// A rank, from the top: frees or asks (1), arrival ordinal (38), message of the request (14),
// copy (6), kind (5).
const KIND_BITS: u32 = 5;
const COPY_BITS: u32 = 6;
const BIRTH_BITS: u32 = 14;
const ORDINAL_BITS: u32 = 63 - BIRTH_BITS - COPY_BITS - KIND_BITS;

/// The place of a request or message among those of one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order(u64);

impl Order {
    /// The `birth`-th message of the `ordinal`-th request. Beyond 2³⁸ requests, or 2¹⁴ messages
    /// of one, the order of ties is no longer told apart.
    #[inline]
    pub(super) fn new(ordinal: u64, birth: u32) -> Order {
        let ordinal = ordinal.min((1 << ORDINAL_BITS) - 1);
        let birth = u64::from(birth.min((1 << BIRTH_BITS) - 1));
        Order((ordinal << BIRTH_BITS | birth) << (COPY_BITS + KIND_BITS))
    }

    /// Of a station's own events (tokens, crashes, a stream's next request): among what frees
    /// they come first, among what asks last, in the order of stations.
    pub(super) fn station(what: What, index: u32) -> Order {
        let ordinal = if what < What::Arrival { 0 } else { (1 << ORDINAL_BITS) - 1 };
        Order::new(ordinal, index)
    }

    /// The number of the request in order of arrival.
    pub(super) fn request(self) -> u64 {
        self.0 >> (BIRTH_BITS + COPY_BITS + KIND_BITS)
    }

    /// Which of the request's messages it is, in order of birth.
    pub(super) fn birth(self) -> u32 {
        (self.0 >> (COPY_BITS + KIND_BITS)) as u32 & ((1 << BIRTH_BITS) - 1)
    }

    /// The rank of an event of this message's copy `copy` (0 if of no copy).
    #[inline]
    pub(super) fn rank(self, what: What, copy: u32) -> u64 {
        let asks = u64::from(what >= What::Arrival) << 63;
        let copy = u64::from(copy.min((1 << COPY_BITS) - 1));
        asks | self.0 | copy << KIND_BITS | what as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_keeps_its_parts() {
        for (index, &what) in ALL.iter().enumerate() {
            assert_eq!(what as usize, index);
            let event = Event::new(what, u32::MAX, DETAIL_MAX - 5);
            assert_eq!(
                (event.what(), event.slot, event.detail()),
                (what, u32::MAX, DETAIL_MAX - 5)
            );
        }
    }

    #[test]
    fn what_frees_comes_first_then_requests_then_births_then_copies() {
        let ranks = [
            Order::station(What::CarrierToken, 3).rank(What::CarrierToken, 0),
            Order::new(7, 0).rank(What::SubmitDone, 0),
            Order::new(2, 0).rank(What::Submit, 0),
            Order::new(3, 0).rank(What::CarrierArrival, 1),
            Order::new(3, 0).rank(What::CarrierArrival, 2),
            Order::new(3, 1).rank(What::CarrierArrival, 0),
            Order::new(4, 0).rank(What::Call, 0),
            Order::station(What::Arrival, 1).rank(What::Arrival, 0),
        ];
        assert!(ranks.is_sorted_by(|a, b| a < b));
    }
}
