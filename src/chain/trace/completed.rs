//! A message that ended, as those who list messages are told of it.

use crate::chain::books::places::Places;
use crate::chain::records::message::{Message, NEVER};
use crate::chain::records::names::Names;
use crate::chain::records::outcome::{Observed, Truth};
use crate::chain::records::slab::fetch;
use crate::chain::spec::Nanounits;
use crate::kernel::Nanos;
use crate::random::Key;

/// A message that ended, for those who list messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completed<'run> {
    /// Order id: a function of the call's key and the seed.
    pub order_id: u64,
    /// The 16 hexadecimal digits of `bx_message_id`.
    pub message_id: u64,
    /// Its request's number in order of arrival, from 1.
    pub request: u64,
    /// The number of the message among its request's, from 0 in order of birth.
    pub birth: u32,
    /// Person and content: the key of the message they first waited for.
    pub root: Key,
    /// Its request came at or after the end of warm-up.
    pub counted: bool,
    /// Index of its stream.
    pub traffic: usize,
    /// Its sender id.
    pub sender: &'run str,
    /// That one's number.
    pub sender_number: usize,
    /// Index of its carrier.
    pub carrier: usize,
    /// Index of its route.
    pub route: usize,
    /// Segments.
    pub segments: u32,
    /// Time of the request (its first call).
    pub requested: Nanos,
    /// Time of acceptance by the API.
    pub accepted: Nanos,
    /// First true acceptance by a provider.
    pub handed_off: Option<Nanos>,
    /// First copy on the handset.
    pub delivered: Option<Nanos>,
    /// Submits.
    pub attempts: u32,
    /// Copies accepted by providers.
    pub copies: u32,
    /// Its true end.
    pub truth: Truth,
    /// The state that the sender last saw.
    pub observed: Observed,
    /// Its cost in 10⁻⁹ of a unit: charged and not refunded.
    pub cost: Nanounits,
    /// The place of its end, by name; empty if nowhere in particular.
    pub cause: &'run str,
    /// That one's number.
    pub place: usize,
}

/// The same by numbers alone, in half the space: for those who keep many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered {
    message_id: u64,
    request: u64,
    root: Key,
    requested: Nanos,
    accepted: Nanos,
    /// [`NEVER`]: it wasn't.
    handed_off: Nanos,
    delivered: Nanos,
    cost: Nanounits,
    order_id: u32,
    birth: u32,
    sender: u32,
    attempts: u32,
    copies: u32,
    traffic: u16,
    carrier: u16,
    route: u16,
    segments: u16,
    place: u16,
    counted: bool,
    truth: Truth,
    observed: Observed,
}

const _: () = assert!(size_of::<Numbered>() <= 104);

impl Numbered {
    /// Number of its sender.
    pub(crate) fn sender(&self) -> usize {
        self.sender as usize
    }

    /// Begins to bring every line of the cache that it can lie in.
    #[inline]
    pub(crate) fn fetch(&self) {
        fetch(&self.message_id);
        fetch(&self.sender);
        fetch(&self.counted);
    }

    /// Number of the place where it ended.
    pub(crate) fn place(&self) -> usize {
        usize::from(self.place)
    }

    /// With the names of its sender and of what it ended at.
    #[must_use]
    #[inline]
    pub fn named<'run>(&self, sender: &'run str, cause: &'run str) -> Completed<'run> {
        let instant = |time: Nanos| (time < NEVER).then_some(time);
        Completed {
            order_id: u64::from(self.order_id),
            message_id: self.message_id,
            request: self.request,
            birth: self.birth,
            root: self.root,
            counted: self.counted,
            traffic: usize::from(self.traffic),
            sender,
            sender_number: self.sender(),
            carrier: usize::from(self.carrier),
            route: usize::from(self.route),
            segments: u32::from(self.segments),
            requested: self.requested,
            accepted: self.accepted,
            handed_off: instant(self.handed_off),
            delivered: instant(self.delivered),
            attempts: self.attempts,
            copies: self.copies,
            truth: self.truth,
            observed: self.observed,
            cost: self.cost,
            cause,
            place: self.place(),
        }
    }
}

impl Completed<'_> {
    /// By numbers alone.
    // Numbers that don't fit are none of a chain: it has as many bits for them.
    #[must_use]
    #[inline]
    pub fn by_numbers(&self) -> Numbered {
        Numbered {
            message_id: self.message_id,
            request: self.request,
            root: self.root,
            requested: self.requested,
            accepted: self.accepted,
            handed_off: self.handed_off.unwrap_or(NEVER),
            delivered: self.delivered.unwrap_or(NEVER),
            cost: self.cost,
            order_id: self.order_id as u32,
            birth: self.birth,
            sender: self.sender_number as u32,
            attempts: self.attempts,
            copies: self.copies,
            traffic: self.traffic as u16,
            carrier: self.carrier as u16,
            route: self.route as u16,
            segments: self.segments as u16,
            place: self.place as u16,
            counted: self.counted,
            truth: self.truth,
            observed: self.observed,
        }
    }

    /// The id that names the message everywhere: `BX-<order>-<16 hex>`.
    #[must_use]
    pub fn bx_message_id(&self) -> String {
        format!("BX-{}-{:016x}", self.order_id, self.message_id)
    }
}

/// The end of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End {
    /// The route it went by.
    pub(crate) route: u16,
    pub(crate) truth: Truth,
    pub(crate) observed: Observed,
    pub(crate) message_id: u64,
    /// Charged and not refunded, in 10⁻⁹ of a unit.
    pub(crate) cost: Nanounits,
}

/// The row of a message in a list.
pub(crate) fn completed<'run>(
    message: &Message,
    end: End,
    names: &'run Names,
    places: &'run Places,
) -> Completed<'run> {
    let End { route, truth, observed, message_id, cost } = end;
    let instant = |time: Nanos| (time < NEVER).then_some(time);
    Completed {
        order_id: u64::from(message.order_id),
        message_id,
        request: message.order.request(),
        birth: message.order.birth(),
        root: message.root,
        counted: message.counted(),
        traffic: usize::from(message.stream),
        sender: names.get(message.sender),
        sender_number: message.sender as usize,
        carrier: usize::from(message.carrier),
        route: usize::from(route),
        segments: u32::from(message.segments),
        requested: message.requested,
        accepted: message.accepted,
        handed_off: instant(message.handed_off),
        delivered: instant(message.delivered),
        attempts: message.attempts,
        copies: message.copies,
        truth,
        observed,
        cost,
        cause: &places.names[usize::from(message.place)],
        place: usize::from(message.place),
    }
}
