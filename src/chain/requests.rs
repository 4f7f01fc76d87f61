//! Requests come: those of the streams, and those of persons who ask again.

use super::arrivals::Next;
use super::certain::Coming;
use super::client::Work;
use super::event::{Event, Order, What};
use super::message::{NEVER, Origin, Person, Recipient, Request, RequestFacts, UNCOUNTED};
use super::observer::Listener;
use super::outcome::Rejection;
use super::purpose::{RESEND, RESEND_ROLE, SENDER};
use super::slab::NONE;
use super::spec::{self, Pick, Spec};
use super::story::{ClientStep, Draw, Whose};
use super::together::TOGETHER;
use super::traits::happens;
use super::world::Chain;
use crate::kernel::{Nanos, Scheduler};
use crate::random::{Key, Owner};

/// What a new request is made of.
#[derive(Debug, Clone, Copy)]
struct Wish {
    key: Key,
    origin: Origin,
    stream: u16,
    sender: u32,
    row: u32,
    repeat: u32,
    /// The chain of resends it belongs to.
    person: u32,
}

/// Whether requests may be made ahead of their time: nothing that happens between a request and the
/// end of the API's work on it has to do with another one.
pub(super) fn independent(spec: &Spec, client_guarded: bool) -> bool {
    /// More streams would take longer to choose from than an event each takes.
    const STREAMS_AT_MOST: usize = 8;
    let asked_again = spec.traffic.iter().any(|stream| stream.resend.is_some());
    spec.traffic.len() <= STREAMS_AT_MOST
        && spec.api.rate_limit.is_none()
        && spec.client.timeout.is_none()
        && !client_guarded
        && !asked_again
}

impl<L: Listener> Chain<'_, L> {
    /// Sets the streams going.
    pub(super) fn start_streams(&mut self, s: &mut Scheduler<Event>) {
        for stream in 0..self.arrivals.len() {
            self.look_up(stream as u16);
        }
        if self.requests_ahead {
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
    pub(super) fn arrival(&mut self, stream: u16, s: &mut Scheduler<Event>) {
        if !self.requests_ahead {
            if let Some(next) = self.upcoming[usize::from(stream)] {
                self.look_up(stream);
                self.schedule_arrival(stream, s);
                self.request(stream, &next, None, s);
                if self.open_streams == 0 {
                    self.convoy_arrives(s);
                }
            }
            return;
        }
        let mut coming = std::mem::take(&mut self.coming);
        while coming.len() < TOGETHER
            && let Some((stream, next)) = self.first_upcoming()
            && next.time < self.next_sample
        {
            self.look_up(stream);
            coming.push(Coming::new(stream, next));
        }
        self.come_together(&mut coming, s);
        coming.clear();
        self.coming = coming;
        if self.open_streams == 0 {
            self.convoy_arrives(s);
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

    fn schedule_first(&mut self, s: &mut Scheduler<Event>) {
        if let Some((stream, _)) = self.first_upcoming() {
            self.schedule_arrival(stream, s);
        }
    }

    /// Schedules the stream's next request.
    fn schedule_arrival(&mut self, stream: u16, s: &mut Scheduler<Event>) {
        if let Some(next) = &self.upcoming[usize::from(stream)] {
            let number = u32::from(stream);
            let rank = Order::station(What::Arrival, number).rank(What::Arrival, 0);
            s.schedule(next.time, rank, Event::new(What::Arrival, number, 0));
        }
    }

    /// Looks up the stream's next request; the stream closes when there is none within the run.
    fn look_up(&mut self, stream: u16) {
        let index = usize::from(stream);
        let next = self.arrivals[index].next(&self.chance);
        let next = next.filter(|next| next.time < self.spec.duration);
        self.open_streams -= usize::from(self.upcoming[index].is_some());
        self.open_streams += usize::from(next.is_some());
        self.upcoming[index] = next;
    }

    /// A stream's request comes.
    pub(super) fn request(
        &mut self,
        stream: u16,
        next: &Next,
        work: Option<Work>,
        s: &mut Scheduler<Event>,
    ) {
        let &Next { key, row, repeat, time: now, .. } = next;
        let sender = self.sender_of_request(stream, next);
        let wish = Wish { key, origin: Origin::Root, stream, sender, row, repeat, person: NONE };
        self.open_request(wish, work, now, s);
    }

    /// Who sends a stream's request, unless its recipient chooses.
    #[inline]
    pub(super) fn sender_of_request(&self, stream: u16, next: &Next) -> u32 {
        let index = usize::from(stream);
        let identity = &self.identities[index];
        if let Some(&own) = identity.row_senders.get(next.row as usize)
            && own != NONE
        {
            return own;
        }
        let pool = identity.senders.len() as u64;
        let pick = match &self.spec.traffic[index].senders {
            spec::Senders::One(_) => 0,
            spec::Senders::Pool { pick, .. } => match pick {
                Pick::RoundRobin => next.index % pool,
                Pick::Random => {
                    let word = self.chance.block(next.key, Owner::NONE, SENDER, 0).first();
                    ((u128::from(word) * u128::from(pool)) >> 64) as u64
                }
                // By recipient, once the recipient is known.
                Pick::Sticky => 0,
            },
        };
        identity.senders.at(pick as usize)
    }

    fn open_request(
        &mut self,
        wish: Wish,
        work: Option<Work>,
        now: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        let ordinal = self.next_ordinal;
        self.next_ordinal += 1;
        let batch = self.ledger.batch(now);
        let recipients = self.recipients_of(wish.origin, wish.stream);
        self.ledger.requested(now, batch, wish.stream, recipients);
        if batch != UNCOUNTED && wish.origin != Origin::Root {
            self.ledger.results.requests.resends += 1;
        }
        let request = self.requests.insert(Request {
            key: wish.key,
            origin: wish.origin,
            ordinal,
            first_call: now,
            stream: wish.stream,
            batch,
            settled: false,
            sender: wish.sender,
            row: wish.row,
            repeat: wish.repeat,
            calls: 0,
            calls_open: 0,
            waiting: NONE,
            answered_by: NONE,
            working: NONE,
            works_for: NONE,
            working_ends: 0,
            client_done: false,
            client_saw_success: false,
            probe: false,
            paid: None,
            accepted: false,
            delivered: false,
            refusal: Rejection::Internal,
            refused_call: 0,
            births: 0,
            messages: 0,
            recipients: NONE,
        });
        if self.keeps_recipients[usize::from(wish.stream)] {
            self.open_recipients(request, recipients, wish.person, now, s);
        }
        self.call(request, work, now, s);
    }

    #[inline]
    pub(super) fn recipients_of(&self, origin: Origin, stream: u16) -> u32 {
        match origin {
            Origin::Root => self.spec.traffic[usize::from(stream)].per_request,
            Origin::Resend { .. } => 1,
        }
    }

    /// Records of the request's recipients, and when they will look for their message.
    fn open_recipients(
        &mut self,
        request: u32,
        count: u32,
        person: u32,
        now: Nanos,
        s: &mut Scheduler<Event>,
    ) {
        let record = &self.requests[request];
        let stream = &self.spec.traffic[usize::from(record.stream)];
        let mut next = NONE;
        // Backwards, so that the list begins with the first.
        for recipient in (0..count).rev() {
            let record = &self.requests[request];
            let (root, content) = record.root(recipient);
            let order = Order::new(record.ordinal, recipient);
            let request_facts = RequestFacts {
                stream: record.stream,
                batch: record.batch,
                sender: record.sender,
                row: record.row,
                repeat: record.repeat,
            };
            let mut users = 1;
            let mut of = person;
            if let Some(resend) = &stream.resend {
                if of == NONE {
                    let new =
                        Person { has_copy_since: NEVER, resends: 0, absent_since: NEVER, users: 0 };
                    of = self.people.insert(new);
                }
                self.people[of].users += 1;
                users += 1;
                let at = now.saturating_add(resend.after);
                // The slot isn't known before the insertion below; it is the next one.
                let slot = self.recipients.next_slot();
                let rank = order.rank(What::ResendCheck, 0);
                s.schedule(at, rank, Event::new(What::ResendCheck, slot, 0));
            }
            next = self.recipients.insert(Recipient {
                root,
                content,
                request: request_facts,
                next,
                person: of,
                users,
                copies: 0,
                arrived: 0,
                messages: 0,
                soonest: NEVER,
                on_time: false,
                absent_since: NEVER,
            });
        }
        self.requests[request].recipients = next;
    }

    /// A person looks for their message, and may ask again.
    pub(super) fn resend_check(&mut self, recipient: u32, s: &mut Scheduler<Event>) {
        let record = &self.recipients[recipient];
        let (root, content, facts, person) =
            (record.root, record.content, record.request, record.person);
        let stream = &self.spec.traffic[usize::from(facts.stream)];
        if L::ALL {
            self.tell_resend_check(recipient, s.now());
        }
        let state = &self.people[person];
        if let Some(resend) = &stream.resend
            && state.has_copy_since > s.now()
            && state.resends < resend.max
        {
            let number = state.resends + 1;
            let key = root.role(RESEND_ROLE).child(u64::from(number));
            let draw = self.chance.block(key, Owner::NONE, RESEND, 0);
            if resend.probability > 0.0 && happens(resend.probability, draw.first()) {
                self.people[person].resends = number;
                let wish = Wish {
                    key,
                    origin: Origin::Resend { root, content },
                    stream: facts.stream,
                    sender: facts.sender,
                    row: facts.row,
                    repeat: facts.repeat,
                    person,
                };
                self.open_request(wish, None, s.now(), s);
            }
        }
        self.leave_recipient(recipient);
    }

    /// Tells what [`Chain::resend_check`] is about to find.
    fn tell_resend_check(&mut self, recipient: u32, now: Nanos) {
        let record = &self.recipients[recipient];
        let (root, state) = (record.root, &self.people[record.person]);
        let Some(resend) = &self.spec.traffic[usize::from(record.request.stream)].resend else {
            return;
        };
        if state.has_copy_since <= now {
            return;
        }
        let (number, after) = (state.resends + 1, resend.after);
        let key = root.role(RESEND_ROLE).child(u64::from(number));
        let bits = self.chance.block(key, Owner::NONE, RESEND, 0).first();
        let draw = Draw::of(resend.probability, bits).filter(|_| number <= resend.max);
        match draw.filter(|draw| draw.happened()) {
            Some(draw) => {
                let whose = Whose { request: self.next_ordinal, root };
                let asks = ClientStep::AsksAgain { number, after, draw };
                self.tell_person(whose, key, now, |_| asks);
            }
            None => {
                let whose = Whose { request: 0, root };
                self.tell_person(whose, root, now, |_| ClientStep::Leaves { after, draw });
            }
        }
    }
}
