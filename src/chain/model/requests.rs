//! Requests come: those of the streams, and those of persons who ask again.

use crate::chain::draws::happens;
use crate::chain::draws::{key, site};
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Order, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::{NEVER, Origin, Person, Recipient, Request, RequestFacts};
use crate::chain::records::outcome::Rejection;
use crate::chain::spec::TraceRow;

use crate::chain::stations::admission;
use crate::chain::stations::api::Work;
use crate::chain::stations::arrivals::Next;
use crate::chain::stations::quiet::Hours;
use crate::chain::trace::observer::Listener as _;
use crate::chain::trace::story::{ClientStep, Draw, Whose};
use crate::kernel::Nanos;
use crate::random::{DrawSource as _, Key};

/// A request that quiet hours hold, and when it was due.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due(Wish, Nanos);

/// A request to be made.
#[derive(Debug, Clone, Copy)]
struct Wish {
    key: Key,
    origin: Origin,
    stream: u16,
    sender: u32,
    row: Option<Id<TraceRow>>,
    repeat: u32,
    /// The chain of resends it belongs to.
    person: Option<Id<Person>>,
}

impl<E: Engine> Chain<'_, E> {
    /// Sets the streams going.
    pub(crate) fn start_streams(&mut self, s: &mut E::Scheduler) {
        for stream in 0..self.arrivals.len() {
            self.look_up(stream as u16);
        }
        E::streams_start(self, s);
    }

    /// A stream's next request comes.
    pub(crate) fn next_arrival(&mut self, stream: u16, s: &mut E::Scheduler) {
        if let Some(next) = self.upcoming[usize::from(stream)] {
            self.look_up(stream);
            self.schedule_arrival(stream, s);
            self.request(stream, &next, None, s);
        }
    }

    /// Schedules the stream's next request.
    pub(crate) fn schedule_arrival(&mut self, stream: u16, s: &mut E::Scheduler) {
        if let Some(next) = &self.upcoming[usize::from(stream)] {
            let number = u32::from(stream);
            s.station(next.time, number, Event::new(EventKind::Arrival, number, 0));
        }
    }

    /// Looks up the stream's next request; the stream closes when there is none within the run.
    pub(crate) fn look_up(&mut self, stream: u16) {
        let index = usize::from(stream);
        let next = self.arrivals[index].next(&self.chance);
        let next = next.filter(|next| next.time < self.spec.duration);
        self.open_streams -= usize::from(self.upcoming[index].is_some());
        self.open_streams += usize::from(next.is_some());
        self.upcoming[index] = next;
    }

    /// A stream's request comes.
    pub(crate) fn request(
        &mut self,
        stream: u16,
        next: &Next,
        work: Option<Work>,
        s: &mut E::Scheduler,
    ) {
        let &Next { key, row, repeat, time: now, .. } = next;
        let sender = self.sender_of_request(stream, next);
        let wish = Wish { key, origin: Origin::Root, stream, sender, row, repeat, person: None };
        self.wishes(wish, work, now, s);
    }

    /// The sender of a stream's request, unless its recipient chooses.
    #[inline]
    pub(crate) fn sender_of_request(&self, stream: u16, next: &Next) -> u32 {
        let identity = &self.identities[usize::from(stream)];
        admission::request_sender(self.spec, identity, stream, next, &self.chance)
    }

    /// A request is due: it is made at once, or held in the stream's quiet hours.
    #[inline(always)]
    fn wishes(&mut self, wish: Wish, work: Option<Work>, now: Nanos, s: &mut E::Scheduler) {
        match self.held[usize::from(wish.stream)].at(now) {
            Some(Hours::Held { until }) => self.holds_request(wish, now, until, s),
            _ => self.open_request(wish, work, (now, now), s),
        }
    }

    /// A request is held until then; one that would be made after the run's end never is.
    #[inline(never)]
    fn holds_request(&mut self, wish: Wish, now: Nanos, until: Nanos, s: &mut E::Scheduler) {
        let batch = self.ledger.batch(now);
        self.ledger.of_stream(batch, wish.stream, |stream| stream.quiet_held += 1);
        if until > self.end {
            return;
        }
        if let Some(person) = wish.person {
            self.people[person].users += 1;
        }
        if self.held[usize::from(wish.stream)].holds(Due(wish, now)) {
            let stream = u32::from(wish.stream);
            s.station(until, stream, Event::new(EventKind::QuietEnd, stream, 0));
        }
    }

    /// A stream's quiet hours end: the requests that they held are made, in the order in which they were due.
    pub(crate) fn quiet_hours_end(&mut self, stream: u16, s: &mut E::Scheduler) {
        let now = s.now();
        for Due(wish, since) in self.held[usize::from(stream)].end() {
            self.open_request(wish, None, (now, since), s);
            if let Some(person) = wish.person {
                self.people[person].users -= 1;
            }
        }
    }

    /// A request is made `now`, which was due at `since`.
    fn open_request(
        &mut self,
        wish: Wish,
        work: Option<Work>,
        (now, since): (Nanos, Nanos),
        s: &mut E::Scheduler,
    ) {
        let ordinal = self.next_ordinal;
        self.next_ordinal += 1;
        let batch = self.ledger.batch(now);
        let recipients = self.recipients_of(wish.origin, wish.stream);
        self.ledger.requested(now, batch, wish.stream, recipients);
        if wish.origin != Origin::Root {
            self.ledger.of_requests(batch, |requests| requests.resends += 1);
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
            waiting: None,
            answered_by: None,
            working: None,
            works_for: None,
            working_ends: 0,
            client_done: false,
            client_saw_success: false,
            probe: false,
            paid: None,
            accepted: false,
            delivered: false,
            refusal: Rejection::Internal,
            refused_call: Id::nth(0),
            births: 0,
            messages: 0,
            recipients: None,
        });
        if self.keeps_recipients[usize::from(wish.stream)] {
            self.open_recipients(request, recipients, wish.person, now, s);
        }
        if since < now {
            self.tell_call(request, Id::nth(0), now, |_| ClientStep::WasQuiet { since });
        }
        self.call(request, work, now, s);
    }

    #[inline]
    pub(crate) fn recipients_of(&self, origin: Origin, stream: u16) -> u32 {
        match origin {
            Origin::Root => self.spec.traffic[usize::from(stream)].per_request,
            Origin::Resend { .. } => 1,
        }
    }

    /// Records of the request's recipients, and when they will look for their message.
    fn open_recipients(
        &mut self,
        request: Id<Request>,
        count: u32,
        person: Option<Id<Person>>,
        now: Nanos,
        s: &mut E::Scheduler,
    ) {
        let record = &self.requests[request];
        let stream = &self.spec.traffic[usize::from(record.stream)];
        let mut next = None;
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
                let person = of.unwrap_or_else(|| {
                    let new =
                        Person { has_copy_since: NEVER, resends: 0, absent_since: NEVER, users: 0 };
                    self.people.insert(new)
                });
                of = Some(person);
                self.people[person].users += 1;
                users += 1;
                let at = now.saturating_add(resend.after);
                // The one that is inserted below.
                let slot = self.recipients.next();
                s.happens(at, order, 0, Event::new(EventKind::ResendCheck, slot, 0));
            }
            next = Some(self.recipients.insert(Recipient {
                root,
                content,
                request: request_facts,
                next,
                person: of,
                users,
                copies: 0,
                handed_off: false,
                arrived: 0,
                messages: 0,
                soonest: NEVER,
                on_time: false,
                absent_since: NEVER,
            }));
        }
        self.requests[request].recipients = next;
    }

    /// A person looks for their message, and may ask again.
    pub(crate) fn resend_check(&mut self, recipient: Id<Recipient>, s: &mut E::Scheduler) {
        let record = &self.recipients[recipient];
        let (root, content, facts, person) =
            (record.root, record.content, record.request, record.person);
        let stream = &self.spec.traffic[usize::from(facts.stream)];
        if E::Listener::STORIES {
            self.tell_resend_check(recipient, s.now());
        }
        debug_assert!(person.is_some(), "who looks for a message is a person");
        if let Some((person, resend)) = person.zip(stream.resend.as_ref())
            && let state = &self.people[person]
            && state.has_copy_since > s.now()
            && state.resends < resend.max
        {
            let number = state.resends + 1;
            let key = key::resend(root, number);
            let draw = self.chance.block(site::resend(key));
            if resend.probability > 0.0 && happens(resend.probability, draw.first()) {
                self.people[person].resends = number;
                let wish = Wish {
                    key,
                    origin: Origin::Resend { root, content },
                    stream: facts.stream,
                    sender: facts.sender,
                    row: facts.row,
                    repeat: facts.repeat,
                    person: Some(person),
                };
                self.wishes(wish, None, s.now(), s);
            }
        }
        self.leave_recipient(recipient);
    }

    /// Tells what [`Chain::resend_check`] is about to find.
    fn tell_resend_check(&mut self, recipient: Id<Recipient>, now: Nanos) {
        let record = &self.recipients[recipient];
        let root = record.root;
        let resend = &self.spec.traffic[usize::from(record.request.stream)].resend;
        let Some((person, resend)) = record.person.zip(resend.as_ref()) else {
            return;
        };
        let state = &self.people[person];
        if state.has_copy_since <= now {
            return;
        }
        let (number, after) = (state.resends + 1, resend.after);
        let key = key::resend(root, number);
        let bits = self.chance.block(site::resend(key)).first();
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
