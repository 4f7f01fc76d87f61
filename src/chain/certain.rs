//! Requests whose acceptance is certain when they are made.
//!
//! Where nothing that happens meanwhile can have the API refuse a request, what it makes of one is decided by
//! draws that are keyed already. Then its message is made together with the request, which needs no record
//! of its own, and joins its queue when the API's work is done.

use super::client::Work;
use super::event::{Event, Order, What};
use super::incident::{latency_factor, trouble_at};
use super::message::Birth;
use super::observer::Listener;
use super::outcome::Stage;
use super::purpose::{PERSON, ROUTE};
use super::requests::Asked;
use super::retry::Policies;
use super::spec::{Overflow, Spec};
use super::traits::happens;
use super::world::Chain;
use crate::kernel::Scheduler;
use crate::random::{Block, Chance, DrawSource, Key, Owner, Purpose};

/// Whether no state of the chain makes the API refuse a request: neither balance, nor breakers, nor a full queue.
pub(super) fn nothing_refuses(spec: &Spec, policies: &Policies<'_>) -> bool {
    spec.account.is_none()
        && !policies.breaks
        && spec.incidents.iter().all(|incident| !incident.effects.freeze_balance)
        && spec
            .queues
            .iter()
            .all(|queue| queue.capacity.is_none() || queue.overflow != Overflow::Reject)
}

/// What chance gives a request and its message at the API, where that is drawn already.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Given {
    pub(super) work: Option<Work>,
    pub(super) person: Option<Block>,
    pub(super) route: Option<Block>,
}

/// The draws of one request's message, of which some are made already.
#[derive(Debug)]
struct Foredrawn<'run> {
    chance: &'run Chance,
    given: &'run Given,
}

impl DrawSource for Foredrawn<'_> {
    #[inline(always)]
    fn block(&self, thing: Key, owner: Owner, purpose: Purpose, ordinal: u32) -> Block {
        let drawn = match purpose {
            PERSON => self.given.person,
            ROUTE => self.given.route,
            _ => None,
        };
        drawn.unwrap_or_else(|| self.chance.block(thing, owner, purpose, ordinal))
    }

    #[inline]
    fn ahead(&self) -> Option<&Chance> {
        Some(self.chance)
    }
}

impl<L: Listener> Chain<'_, L> {
    /// A request is made, and accepted, if nothing speaks against it. False: it has to be seen when its time comes.
    #[inline(always)]
    pub(super) fn accepted_ahead(
        &mut self,
        asked: &Asked,
        given: &Given,
        s: &mut Scheduler<Event>,
    ) -> bool {
        let &Asked { key, stream, sender, row, repeat, now } = asked;
        let (Some(chance), Some(work)) = (self.chance.ahead(), given.work) else {
            return false;
        };
        let trouble = trouble_at(&self.trouble, now);
        let latency = work.lasts(latency_factor(trouble, now));
        let at = now + latency;
        if self.spec.traffic[usize::from(stream)].per_request != 1
            || at > self.end
            || trouble.is_some_and(|trouble| trouble.outage(now))
            || self.spec.api.errors > 0.0 && happens(self.spec.api.errors, work.error)
        {
            return false;
        }
        let draws = Foredrawn { chance, given };
        let Ok(valid) = self.valid(&draws, key, key, stream, row) else {
            return false;
        };
        let sender = self.sender(&draws, stream, sender, key, row, repeat);
        let order = Order::new(self.next_ordinal, 0);
        self.next_ordinal += 1;
        let batch = self.ledger.batch(now);
        self.ledger.requested(now, batch, stream, 1);
        self.ledger.latency(batch, Stage::Api, latency);
        self.ledger.settled(at, batch, stream, None, false);
        let birth = Birth {
            key,
            root: key,
            order,
            requested: now,
            order_id: if L::MESSAGES { self.order_id(key) } else { 0 },
            sender,
            stream,
            carrier: valid.carrier,
            route: valid.route,
            segments: valid.segments,
            batch,
            stamp: self.messages.next_stamp(),
        };
        let message = self.is_born(&birth, key, (row, repeat), at);
        self.at_api += 1;
        s.schedule(at, order.rank(What::CallEnd, 0), Event::new(What::Enqueue, message, 0));
        true
    }

    /// The API has done with a request that was accepted when it was made.
    pub(super) fn accepted_joins(&mut self, message: u32, s: &mut Scheduler<Event>) {
        self.at_api -= 1;
        let queue = self.queue_of(message);
        let room = self.queues[queue].room();
        self.enqueue_new(message, room, s);
    }
}
