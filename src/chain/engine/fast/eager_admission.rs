//! Requests whose acceptance is certain when they are made.
//!
//! Where nothing that happens meanwhile can have the API refuse a request, what it makes of one is decided by
//! draws that are keyed already. Then its message is made together with the request, which needs no record
//! of its own, and joins its queue when the API's work is done. All that chance has to do with it until then, and
//! with its first attempt, is drawn side by side with that of the requests after it.

use super::{Fast, Reordered};
use crate::chain::draws::delay::delays;
use crate::chain::draws::site;
use crate::chain::draws::together::TOGETHER;
use crate::chain::model::Chain;
use crate::chain::model::attempt::AttemptDraw;
use crate::chain::records::event::{Event, EventKind, Order, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Birth;
use crate::chain::records::message::Message;
use crate::chain::records::outcome::Stage;
use crate::chain::stations::admission::{Asked, Valid};
use crate::chain::stations::api::{CallOutcome, Work};
use crate::chain::stations::arrivals::Next;
use crate::chain::stations::population::Population;
use crate::kernel::{EventSet, Nanos};
use crate::random::{Block, Chance, DrawSource, Key, Owner, Site};

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
    fn block(&self, site: Site) -> Block {
        let drawn = if site == site::person(self.key) {
            self.person
        } else if site == site::route(self.key) {
            self.route
        } else {
            None
        };
        drawn.unwrap_or_else(|| self.chance.block(site))
    }

    #[inline]
    fn ahead(&self) -> Option<&Chance> {
        Some(self.chance)
    }
}

/// A stream's request that is about to come, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arriving {
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

impl Arriving {
    pub(super) fn new(stream: u16, next: Next) -> Arriving {
        Arriving {
            stream,
            next,
            work: None,
            certain: false,
            accepted: 0,
            sender: 0,
            valid: Valid { segments: 0, carrier: 0, route: 0 },
            provider: 0,
            asks: Owner::NONE,
        }
    }
}

impl<L: Reordered> Chain<'_, Fast<L>> {
    /// The first of the streams' next requests is scheduled, or, where they don't come together, each.
    pub(super) fn schedule_streams(&mut self, s: &mut EventSet<Event>) {
        if self.engine.plan.requests_ahead {
            self.schedule_first(s);
        } else {
            for stream in 0..self.arrivals.len() {
                self.schedule_arrival(stream as u16, s);
            }
        }
    }

    /// A stream's next request comes; with it, where requests are independent, those of all streams
    /// up to the next sample, or the next few: one after the other they take less time than with
    /// other events between, and what chance makes of the API's work on them is drawn side by side.
    pub(super) fn requests_arrive(&mut self, stream: u16, s: &mut EventSet<Event>) {
        if !self.engine.plan.requests_ahead {
            self.next_arrival(stream, s);
            if self.open_streams == 0 {
                self.batch_arrives(s);
            }
            return;
        }
        let mut arriving = std::mem::take(&mut self.engine.arriving);
        while arriving.len() < TOGETHER
            && let Some((stream, next)) = self.first_upcoming()
            && next.time < self.next_sample
        {
            self.look_up(stream);
            arriving.push(Arriving::new(stream, next));
        }
        self.arrive_together(&mut arriving, s);
        arriving.clear();
        self.engine.arriving = arriving;
        if self.open_streams == 0 {
            self.batch_arrives(s);
        }
        self.schedule_first(s);
    }

    /// The first of the streams' next requests.
    #[inline]
    fn first_upcoming(&self) -> Option<(u16, Next)> {
        if let [only] = self.upcoming[..] {
            return Some((0, only?));
        }
        let next = (0..).zip(&self.upcoming).filter_map(|(stream, &next)| Some((stream, next?)));
        next.min_by_key(|&(stream, next)| (next.time, stream))
    }

    fn schedule_first(&mut self, s: &mut EventSet<Event>) {
        if let Some((stream, _)) = self.first_upcoming() {
            self.schedule_arrival(stream, s);
        }
    }

    /// Requests come together, and are accepted if nothing speaks against it.
    pub(super) fn arrive_together(&mut self, arriving: &mut [Arriving], s: &mut EventSet<Event>) {
        let mut draws = [Block::UNUSED; TOGETHER];
        let mut latencies = [0; TOGETHER];
        if let Some(chance) = self.chance.ahead() {
            if self.api.work_is_drawn() {
                let call = |one: &Arriving| site::call(one.next.key);
                chance.draw_all(arriving, call, &mut draws, |draw| draw);
            }
            for (one, &draw) in arriving.iter_mut().zip(&draws) {
                one.work = Some(self.api.work(draw));
            }
            if self.engine.plan.eager_admission {
                self.look_at_all(arriving, chance);
            }
            if arriving.iter().any(|one| one.asks != Owner::NONE) {
                let first = |one: &Arriving| site::attempt(one.next.key, one.asks, 1);
                chance.draw_all(arriving, first, &mut draws, |draw| draw);
                let law = |one: &Arriving| &self.spec.providers[one.provider as usize].latency;
                delays(arriving, law, |index| draws[index].second(), &mut latencies);
            }
        }
        for ((one, draw), &latency) in arriving.iter().zip(&draws).zip(&latencies) {
            if !one.certain {
                self.request(one.stream, &one.next, one.work, s);
                continue;
            }
            let message = self.accepted_ahead(one, s);
            if one.asks != Owner::NONE {
                let attempt = AttemptDraw { judged: draw.first(), latency };
                self.engine.first_attempts.keep(message, one.next.key, one.asks, attempt);
            }
        }
    }

    /// Marks those that are certain to be accepted.
    #[inline(always)]
    fn look_at_all(&self, arriving: &mut [Arriving], chance: &Chance) {
        let (mut people, mut routes) = ([Block::UNUSED; TOGETHER], [Block::UNUSED; TOGETHER]);
        let choose_carriers = self.populations.iter().any(Population::draws_carrier);
        if choose_carriers {
            chance.draw_all(arriving, |one| site::person(one.next.key), &mut people, |draw| draw);
        }
        let choose_routes = self.routing.draws();
        if choose_routes {
            chance.draw_all(arriving, |one| site::route(one.next.key), &mut routes, |draw| draw);
        }
        for ((one, &person), &route) in arriving.iter_mut().zip(&people).zip(&routes) {
            let draws = Foredrawn {
                chance,
                key: one.next.key,
                person: choose_carriers.then_some(person),
                route: choose_routes.then_some(route),
            };
            self.look_at(one, &draws);
        }
    }

    /// Marks it if it is certain to be accepted.
    #[inline(always)]
    fn look_at(&self, one: &mut Arriving, draws: &Foredrawn<'_>) {
        let Arriving { stream, work: Some(work), .. } = *one else {
            return;
        };
        let Next { key, row, repeat, time: now, .. } = one.next;
        let worked = self.api.works(now, work);
        one.accepted = now + worked.latency;
        if self.spec.traffic[usize::from(stream)].per_request != 1
            || one.accepted > self.end
            || worked.outcome != CallOutcome::Judged
        {
            return;
        }
        let sender = self.sender_of_request(stream, &one.next);
        let asked = Asked { key, root: key, stream, row, repeat, sender, at: one.accepted };
        let Ok(valid) = self.admit(&asked, draws) else {
            return;
        };
        one.sender = self.sender(&asked, draws);
        one.valid = valid;
        one.certain = true;
        let provider = self.spec.provider_by(valid.route);
        one.provider = provider as u32;
        if self.providers[provider].draws()
            && self.queues[self.spec.queue_by(valid.route)].asks_at_once()
        {
            one.asks = self.providers[provider].owner();
        }
    }

    /// A request is made, and accepted.
    #[inline(always)]
    fn accepted_ahead(&mut self, one: &Arriving, s: &mut EventSet<Event>) -> Id<Message> {
        let Arriving { stream, accepted, sender, .. } = *one;
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
        self.engine.at_api += 1;
        s.happens(accepted, order, 0, Event::new(EventKind::Enqueue, message, 0));
        message
    }

    /// The API has done with a request that was accepted when it was made.
    pub(super) fn accepted_joins(&mut self, message: Id<Message>, s: &mut EventSet<Event>) {
        let room = self.room_for(message, s.now());
        self.enqueue_new(message, room, s);
    }
}
