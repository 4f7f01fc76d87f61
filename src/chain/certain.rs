//! Requests whose acceptance is certain when they are made.
//!
//! Where nothing that happens meanwhile can have the API refuse a request, what it makes of one is decided by
//! draws that are keyed already. Then its message is made together with the request, which needs no record
//! of its own, and joins its queue when the API's work is done. All that chance has to do with it until then, and
//! with its first attempt, is drawn side by side with that of the requests after it.

use super::api::Valid;
use super::arrivals::Next;
use super::client::Work;
use super::delay::delays;
use super::event::{Event, Order, What};
use super::first_attempts::FirstAttempt;
use super::incident::{latency_factor, trouble_at};
use super::message::Birth;
use super::observer::Listener;
use super::outcome::Stage;
use super::purpose::{ATTEMPT, CALL, PERSON, ROUTE};
use super::retry::Policies;
use super::slab::NONE;
use super::spec::{Overflow, Spec};
use super::together::TOGETHER;
use super::traits::{Population, happens};
use super::world::Chain;
use crate::kernel::{Nanos, Scheduler};
use crate::random::{Block, Chance, DrawSource, Key, Owner, Purpose};

/// Whether no state of the chain makes the API refuse a request: neither balance (only one can be frozen), nor breakers,
/// nor a full queue.
pub(super) fn nothing_refuses(spec: &Spec, policies: &Policies<'_>) -> bool {
    spec.account.is_none()
        && !policies.breaks
        && spec
            .queues
            .iter()
            .all(|queue| queue.capacity.is_none() || queue.overflow != Overflow::Reject)
}

/// The draws of one request's message, of which some are made already.
#[derive(Debug)]
struct Foredrawn<'run> {
    chance: &'run Chance,
    key: Key,
    person: Option<Block>,
    route: Option<Block>,
}

impl DrawSource for Foredrawn<'_> {
    #[inline(always)]
    fn block(&self, thing: Key, owner: Owner, purpose: Purpose, ordinal: u32) -> Block {
        let drawn = match purpose {
            PERSON if thing == self.key => self.person,
            ROUTE if thing == self.key => self.route,
            _ => None,
        };
        drawn.unwrap_or_else(|| self.chance.block(thing, owner, purpose, ordinal))
    }

    #[inline]
    fn ahead(&self) -> Option<&Chance> {
        Some(self.chance)
    }
}

/// A stream's request that is about to come, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coming {
    stream: u16,
    next: Next,
    /// The API's work on it.
    work: Option<Work>,
    /// Its message, if that is certain to be accepted: then and from that sender.
    certain: bool,
    accepted: Nanos,
    sender: u32,
    valid: Valid,
    provider: u32,
    /// Its provider, if that is asked when the API has done, as it looks now, and chance has a part in what
    /// it says.
    asks: Owner,
}

impl Coming {
    pub(super) fn new(stream: u16, next: Next) -> Coming {
        Coming {
            stream,
            next,
            work: None,
            certain: false,
            accepted: 0,
            sender: NONE,
            valid: Valid { segments: 0, carrier: 0, route: 0 },
            provider: 0,
            asks: Owner::NONE,
        }
    }
}

impl<L: Listener> Chain<'_, L> {
    /// Requests come together, and are accepted if nothing speaks against it.
    pub(super) fn come_together(&mut self, coming: &mut [Coming], s: &mut Scheduler<Event>) {
        let mut draws = [Block::UNUSED; TOGETHER];
        let mut latencies = [0; TOGETHER];
        if let Some(chance) = self.chance.ahead() {
            let own = |one: &Coming| (one.next.key, Owner::NONE, 0);
            if self.work_is_drawn() {
                chance.draw_all(coming, own, CALL, &mut draws, |draw| draw);
            }
            for (one, &draw) in coming.iter_mut().zip(&draws) {
                one.work = Some(self.work(draw));
            }
            if self.accepts_ahead {
                self.look_at_all(coming, chance);
            }
            if coming.iter().any(|one| one.asks != Owner::NONE) {
                let first = |one: &Coming| (one.next.key, one.asks, 1);
                chance.draw_all(coming, first, ATTEMPT, &mut draws, |draw| draw);
                let law = |one: &Coming| &self.spec.providers[one.provider as usize].latency;
                delays(coming, law, |index| draws[index].second(), &mut latencies);
            }
        }
        for ((one, draw), &latency) in coming.iter().zip(&draws).zip(&latencies) {
            if !one.certain {
                self.request(one.stream, &one.next, one.work, s);
                continue;
            }
            let message = self.accepted_ahead(one, s);
            if one.asks != Owner::NONE {
                let (key, owner) = (one.next.key, one.asks);
                let attempt = FirstAttempt { key, owner, judged: draw.first(), latency };
                self.first_attempts.keep(message, attempt);
            }
        }
    }

    /// Which of them are certain to be accepted?
    #[inline(always)]
    fn look_at_all(&self, coming: &mut [Coming], chance: &Chance) {
        let own = |one: &Coming| (one.next.key, Owner::NONE, 0);
        let (mut people, mut routes) = ([Block::UNUSED; TOGETHER], [Block::UNUSED; TOGETHER]);
        let choose_carriers = self.populations.iter().any(Population::draws_carrier);
        if choose_carriers {
            chance.draw_all(coming, own, PERSON, &mut people, |draw| draw);
        }
        let choose_routes = self.routing.draws();
        if choose_routes {
            chance.draw_all(coming, own, ROUTE, &mut routes, |draw| draw);
        }
        for ((one, &person), &route) in coming.iter_mut().zip(&people).zip(&routes) {
            let draws = Foredrawn {
                chance,
                key: one.next.key,
                person: choose_carriers.then_some(person),
                route: choose_routes.then_some(route),
            };
            self.look_at(one, &draws);
        }
    }

    /// Is it certain to be accepted?
    #[inline(always)]
    fn look_at(&self, one: &mut Coming, draws: &Foredrawn<'_>) {
        let Coming { stream, work: Some(work), .. } = *one else {
            return;
        };
        let Next { key, row, repeat, time: now, .. } = one.next;
        let trouble = trouble_at(&self.trouble, now);
        one.accepted = now + work.lasts(latency_factor(trouble, now));
        if self.spec.traffic[usize::from(stream)].per_request != 1
            || one.accepted > self.end
            || trouble.is_some_and(|trouble| trouble.outage(now))
            || self.spec.api.errors > 0.0 && happens(self.spec.api.errors, work.error)
        {
            return;
        }
        let Ok(valid) = self.valid(draws, key, key, stream, row) else {
            return;
        };
        let sender = self.sender_of_request(stream, &one.next);
        one.sender = self.sender(draws, stream, sender, key, row, repeat);
        one.valid = valid;
        one.certain = true;
        let provider = self.spec.provider_by(valid.route);
        one.provider = provider as u32;
        let drawn =
            self.providers[provider].fails || self.spec.providers[provider].latency.is_random();
        if drawn && self.queues[self.spec.queue_by(valid.route)].asks_at_once() {
            one.asks = self.providers[provider].owner;
        }
    }

    /// A request is made, and accepted.
    #[inline(always)]
    fn accepted_ahead(&mut self, one: &Coming, s: &mut Scheduler<Event>) -> u32 {
        let Coming { stream, accepted, sender, .. } = *one;
        let Next { key, row, repeat, time: now, .. } = one.next;
        let Valid { segments, carrier, route } = one.valid;
        let order = Order::new(self.next_ordinal, 0);
        self.next_ordinal += 1;
        let batch = self.ledger.batch(now);
        self.ledger.requested(now, batch, stream, 1);
        self.ledger.latency(batch, Stage::Api, accepted - now);
        self.ledger.settled(accepted, batch, stream, None, false);
        let birth = Birth {
            key,
            root: key,
            order,
            requested: now,
            order_id: if L::MESSAGES { self.order_id(key) } else { 0 },
            sender,
            stream,
            carrier,
            route,
            segments,
            batch,
            stamp: self.messages.next_stamp(),
        };
        let message = self.is_born(&birth, key, (row, repeat), accepted);
        self.at_api += 1;
        let rank = order.rank(What::CallEnd, 0);
        s.schedule(accepted, rank, Event::new(What::Enqueue, message, 0));
        message
    }

    /// The API has done with a request that was accepted when it was made.
    pub(super) fn accepted_joins(&mut self, message: u32, s: &mut Scheduler<Event>) {
        self.at_api -= 1;
        let room = self.room_for(message, s.now());
        self.enqueue_new(message, room, s);
    }
}
