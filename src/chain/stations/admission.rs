//! Admission: what the API makes of a recipient's message, as far as facts, settings and draws decide
//! it. Nothing is remembered, so that it may be asked when the API's work ends, or as soon as the
//! request is made.

use crate::chain::draws::site;
use crate::chain::records::id::Id;
use crate::chain::records::names::Identity;
use crate::chain::spec::{Nanounits, Pick, Senders, Spec, TraceRow};
use crate::chain::stations::arrivals::Next;
use crate::chain::stations::population::Population;
use crate::chain::stations::routing::{Routing, Sent};
use crate::chain::trace::story::Refusal;
use crate::kernel::Nanos;
use crate::random::{DrawSource, Key};

/// A recipient's message that the API is asked to accept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) key: Key,
    pub(crate) root: Key,
    pub(crate) stream: u16,
    pub(crate) row: Option<Id<TraceRow>>,
    pub(crate) repeat: u32,
    /// The sender of the request, unless the recipient chooses.
    pub(crate) sender: u32,
    /// The end of the API's work.
    pub(crate) at: Nanos,
}

/// A valid message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Valid {
    pub(crate) segments: u16,
    pub(crate) carrier: u16,
    pub(crate) route: u16,
}

/// A message that can't be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unfit {
    /// Number, consent or length.
    Invalid { segments: u16 },
    /// The recipient opted out in the course of the run.
    OptedOut { since: Nanos },
    /// No route serves its carrier, or none that does takes it.
    NoRoute { carrier: u16 },
}

/// Validates a message and chooses its route, round those that are blocked where there is a way.
/// `blocked`: whether breakers block a route, where there are any.
#[inline(always)]
pub(crate) fn admit(
    spec: &Spec,
    (people, identity): (&Population, &Identity),
    routing: &Routing,
    asked: &Asked,
    blocked: Option<impl Fn(u16) -> bool>,
    chance: &impl DrawSource,
) -> Result<Valid, Unfit> {
    let &Asked { key, root, row, repeat, at, stream, .. } = asked;
    let segments = people.segments(chance, root, row);
    let too_long = spec.api.max_segments.is_some_and(|most| u32::from(segments) > most);
    if !people.may_send(chance, root) || too_long {
        return Err(Unfit::Invalid { segments });
    }
    if people.loses_people() {
        let since = people.opted_out_at(chance, root, row, repeat);
        if since <= at {
            return Err(Unfit::OptedOut { since });
        }
    }
    let carrier = people.carrier(chance, root, row);
    let sender = match routing.asks_senders() {
        true => sender(spec, people, identity, asked, chance),
        false => asked.sender,
    };
    let sent = Sent { key, carrier, stream, sender };
    let open = blocked.and_then(|blocked| routing.pick_open(chance, sent, |route| !blocked(route)));
    let route = open.or_else(|| routing.pick(chance, sent));
    Ok(Valid { segments, carrier, route: route.ok_or(Unfit::NoRoute { carrier })? })
}

/// The reason for which a message of so many segments is invalid.
pub(crate) fn invalid(
    spec: &Spec,
    people: &Population,
    root: Key,
    segments: u16,
    chance: &impl DrawSource,
) -> Refusal {
    let [number, opted_out] = people.standing(chance, root);
    match (number.happened(), opted_out.happened()) {
        (true, _) => Refusal::Number(number),
        (false, true) => Refusal::OptedOut(opted_out),
        (false, false) => Refusal::TooLong {
            segments: u32::from(segments),
            most: spec.api.max_segments.unwrap_or(u32::MAX),
        },
    }
}

/// The sender of a message: of its request, or the one that its recipient always has.
#[inline]
pub(crate) fn sender(
    spec: &Spec,
    people: &Population,
    identity: &Identity,
    asked: &Asked,
    chance: &impl DrawSource,
) -> u32 {
    match &spec.traffic[usize::from(asked.stream)].senders {
        Senders::Pool { pick: Pick::Sticky, .. } => {
            let person = people.recipient(chance, asked.root, asked.row, asked.repeat);
            let index = (u128::from(person.child(0).0) * identity.senders.len() as u128) >> 64;
            identity.senders.at(index as usize)
        }
        _ => asked.sender,
    }
}

/// The sender of a stream's request, unless its recipient chooses.
#[inline(always)]
pub(crate) fn request_sender(
    spec: &Spec,
    identity: &Identity,
    stream: u16,
    next: &Next,
    chance: &impl DrawSource,
) -> u32 {
    if let Some(row) = next.row
        && let Some(&Some(own)) = identity.row_senders.get(row.number() as usize)
    {
        return own;
    }
    let pool = identity.senders.len() as u64;
    let pick = match &spec.traffic[usize::from(stream)].senders {
        Senders::One(_) => 0,
        Senders::Pool { pick, .. } => match pick {
            Pick::RoundRobin => next.index % pool,
            Pick::Random => {
                let word = chance.block(site::sender(next.key)).first();
                ((u128::from(word) * u128::from(pool)) >> 64) as u64
            }
            // By recipient, once the recipient is known.
            Pick::Sticky => 0,
        },
    };
    identity.senders.at(pick as usize)
}

/// The price of so many segments by a route.
#[inline]
pub(crate) fn price(spec: &Spec, route: u16, segments: u16) -> Nanounits {
    spec.routes[usize::from(route)].price.saturating_mul(Nanounits::from(segments))
}

/// The part of a price that is charged at accept.
#[inline]
pub(crate) fn due_at_accept(spec: &Spec, price: Nanounits) -> Nanounits {
    let share = spec.charge_at_accept;
    if share >= 1.0 { price } else { (price as f64 * share).round() as Nanounits }
}
