//! A message that ended, as those who list messages are told of it.

use super::message::{Message, NEVER};
use super::names::Names;
use super::outcome::{Observed, Truth};
use super::places::Places;
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
    /// Which of the request's messages it is, from 0 in order of birth.
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
    /// How it truly ended.
    pub truth: Truth,
    /// What the sender last saw.
    pub observed: Observed,
    /// What it cost in 10⁻⁹ of a unit: charged and not refunded.
    pub cost: i128,
    /// Where it ended, by name; empty if nowhere in particular.
    pub cause: &'run str,
    /// That one's number.
    pub place: usize,
}

impl Completed<'_> {
    /// The same without sender and cause, whose numbers it keeps.
    #[must_use]
    pub fn without_texts(&self) -> Completed<'static> {
        let &Completed { order_id, message_id, request, birth, root, counted, .. } = self;
        let &Completed { traffic, sender_number, carrier, route, segments, place, .. } = self;
        let &Completed { requested, accepted, handed_off, delivered, attempts, copies, .. } = self;
        let &Completed { truth, observed, cost, .. } = self;
        Completed {
            order_id,
            message_id,
            request,
            birth,
            root,
            counted,
            traffic,
            sender: "",
            sender_number,
            carrier,
            route,
            segments,
            requested,
            accepted,
            handed_off,
            delivered,
            attempts,
            copies,
            truth,
            observed,
            cost,
            cause: "",
            place,
        }
    }

    /// The id that names the message everywhere: `BX-<order>-<16 hex>`.
    #[must_use]
    pub fn bx_message_id(&self) -> String {
        format!("BX-{}-{:016x}", self.order_id, self.message_id)
    }
}

/// What came of a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// The route it went by.
    pub(super) route: u16,
    pub(super) truth: Truth,
    pub(super) observed: Observed,
    pub(super) message_id: u64,
    /// Charged and not refunded, in 10⁻⁹ of a unit.
    pub(super) cost: i128,
}

/// What a list of messages says of one.
pub(super) fn completed<'run>(
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
