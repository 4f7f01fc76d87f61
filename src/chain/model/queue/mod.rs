//! A message's way through its queue.

mod autoscale;
mod crashes;
mod for_limits;
mod for_provider;
mod lease;
mod opted_out;
mod prefetch;
mod quiet;

pub(crate) use for_provider::Passage;

use crate::chain::draws::delay::delay;
use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::batch::Batch;
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Scheduler as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, MessageState, NEVER};
use crate::chain::records::messages::Worker;
use crate::chain::records::outcome::{Observed, Stage, Truth};
use crate::chain::records::parts::Parts;
use crate::chain::spec::{self, Overflow, Requeue};
use crate::chain::stations::queue::{Rank, Room};
use crate::chain::trace::story::QueueStep;
use crate::kernel::Nanos;
use crate::random::DrawSource as _;

/// True if a message goes before those of its queue that have not come back.
fn goes_ahead(queue: &spec::Queue, message: &Message) -> bool {
    queue.requeue == Requeue::Head && message.taken > 0
}

/// The worker that holds a message, where it matters which one.
#[derive(Debug, Clone, Copy)]
struct Hand {
    /// The worker, where they crash.
    worker: Option<Id<Worker>>,
    /// The messages that it has fetched beside.
    batch: Option<Id<Batch>>,
}

impl<E: Engine> Chain<'_, E> {
    #[inline]
    pub(crate) fn queue_of(&self, message: Id<Message>) -> usize {
        self.spec.queue_by(self.messages.via(message))
    }

    /// A message in the eyes of its queue.
    #[inline]
    fn passage(&self, message: Id<Message>) -> Passage {
        let record = &self.messages[message];
        let route = self.messages.via(message);
        Passage {
            route,
            stream: record.stream,
            sender: record.sender,
            segments: self.submitted_at_once(route, record.segments),
        }
    }

    /// Segments of a submit by a route, of a message of that many.
    #[inline]
    pub(crate) fn submitted_at_once(&self, route: u16, segments: u16) -> u16 {
        match self.takes_apart {
            false => segments,
            true => self.spec.providers[self.spec.provider_by(route)].submitted_at_once(segments),
        }
    }

    /// The room in its queue for a message that comes now.
    #[inline]
    pub(crate) fn room(&self, it: Passage, now: Nanos) -> Room {
        let queue = &self.queues[self.spec.queue_by(it.route)];
        let goes = match queue.waits_for_provider() {
            false => queue.takes_at_once(),
            true => self.goes_at_once(it, now),
        };
        queue.room(goes)
    }

    /// The room in its queue for a message that was accepted before.
    pub(crate) fn room_for(&self, message: Id<Message>, now: Nanos) -> Room {
        self.room(self.passage(message), now)
    }

    /// The API hands a message over, having seen that there is room or that it overflows in
    /// silence.
    pub(crate) fn enqueue_new(&mut self, message: Id<Message>, room: Room, s: &mut E::Scheduler) {
        match room {
            Room::Worker | Room::Waiting => {
                if self.enqueue(message, s) {
                    self.asks_next(message, s);
                }
            }
            Room::None => {
                let queue = self.queue_of(message);
                let batch = self.messages[message].batch;
                self.ledger.at_queue(batch, queue, |queue| queue.discarded += 1);
                if self.spec.queues[queue].overflow == Overflow::Fail {
                    self.observe(message, Observed::Failed, s.now());
                }
                self.tell(message, s.now(), |chain| QueueStep::Overflows {
                    queue,
                    waiting: chain.queues[queue].depth().level(),
                    how: chain.spec.queues[queue].overflow,
                });
                let place = self.places.queue(queue);
                self.sender_ends(message, Truth::DiscardedByQueue, place, s);
            }
        }
    }

    /// A retry, or a message that outlived its worker or its lease, is back. It always finds room.
    #[inline(never)]
    pub(crate) fn rejoin(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        if !self.enqueue(message, s) {
            return;
        }
        let rank = self.messages[message].order.rank(EventKind::WorkerReady, 0);
        if E::comes_next(self, rank, s) {
            self.worker_ready(message, s);
        } else {
            self.asks_next(message, s);
        }
    }

    /// True: a worker has it, and it asks its provider at once, which is left to the caller.
    #[inline(always)]
    fn enqueue(&mut self, message: Id<Message>, s: &mut E::Scheduler) -> bool {
        let now = s.now();
        let index = self.queue_of(message);
        let validity_end = self.validity_end(message);
        debug_assert!(
            self.messages[message].state != MessageState::Done,
            "the sender is done with it"
        );
        self.messages[message].moves_to(MessageState::Queue, now);
        let queue = &self.queues[index];
        if validity_end <= now {
            self.expire_in_queue(message, 0, s);
        } else if queue.refuses() {
            self.refused_in_quiet_hours(message, index, s);
        } else if queue.waits_for_provider() {
            if self.goes_at_once(self.passage(message), now) {
                self.departs(message, index, s);
            } else {
                self.wait_in_queue(message, index, validity_end, s);
            }
        } else if queue.takes_at_once() {
            return self.take(message, index, s);
        } else {
            self.wait_in_queue(message, index, validity_end, s);
        }
        false
    }

    /// A message whose worker has no overhead asks its provider, after what else there is to do at
    /// this instant before it.
    #[inline(always)]
    fn asks_next(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        let record = &self.messages[message];
        let ready = Event::new(EventKind::WorkerReady, message, record.stamp & DETAIL_MAX);
        s.happens(s.now(), record.order, 0, ready);
    }

    #[inline(never)]
    fn wait_in_queue(
        &mut self,
        message: Id<Message>,
        index: usize,
        validity_end: Nanos,
        s: &mut E::Scheduler,
    ) {
        let now = s.now();
        let deadline = self.deadline_of(message);
        let passage = self.passage(message);
        let lane = self.lane_of(passage);
        let record = &self.messages[message];
        let queue = &mut self.queues[index];
        let expiry = now.saturating_add(queue.ttl()).min(validity_end);
        let priority = self.spec.traffic[usize::from(record.stream)].priority;
        let rank = Rank { priority, deadline, ahead: goes_ahead(queue.settings(), record) };
        let first = queue.waits(lane, (message, record.stamp), rank, now);
        if first && queue.waits_for_provider() {
            let provider = self.spec.provider_by(passage.route);
            self.awaits_tokens(passage, provider, s);
            self.looks_at_once(provider, s);
        }
        let record = &self.messages[message];
        if expiry < NEVER {
            s.happens(expiry, record.order, 0, Event::new(EventKind::QueueExpiry, message, 0));
        }
        self.tell(message, now, |chain| QueueStep::Waits {
            queue: index,
            place: chain.place_in_queue(message),
            depth: chain.queues[index].depth().level(),
            busy: chain.queues[index].busy().level(),
            until: (expiry < NEVER).then_some(expiry),
        });
        self.waits_in_quiet_hours(message, index, now);
    }

    /// The end of a stay in the queue, if it is still that stay.
    pub(crate) fn queue_expiry(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        let now = s.now();
        if !self.expires_in_queue_at(message, now) {
            self.overtaken = self.overtaken.saturating_sub(1);
            return;
        }
        let index = self.queue_of(message);
        let lane = self.lane_of_message(message);
        self.queues[index].leaves(lane, now);
        let waited = now - self.messages[message].since;
        self.expire_in_queue(message, waited, s);
        self.queues[index].trim(lane, &self.messages);
    }

    /// True if the message waits in a queue that it leaves unserved at `time`.
    pub(crate) fn expires_in_queue_at(&self, message: Id<Message>, time: Nanos) -> bool {
        let record = &self.messages[message];
        if record.state != MessageState::Queue || record.open == 0 {
            return false;
        }
        time == self.stay_ends(message)
    }

    /// The end of the stay in its queue of a message that waits there, or is with a worker.
    #[inline(always)]
    fn stay_ends(&self, message: Id<Message>) -> Nanos {
        let ttl = self.queues[self.queue_of(message)].ttl();
        let ttl_end = self.messages[message].since.saturating_add(ttl);
        ttl_end.min(self.validity_end(message))
    }

    /// The sender's last look at a message right before its submit: is it too late?
    #[inline]
    pub(crate) fn too_late(&self, message: Id<Message>, now: Nanos) -> bool {
        self.looks_again && self.may_not_go(message, now)
    }

    /// True if its validity or stay has ended, or its recipient has opted out.
    #[inline(never)]
    fn may_not_go(&self, message: Id<Message>, now: Nanos) -> bool {
        if self.queues[self.queue_of(message)].settings().expire_at_submit {
            let in_round = || self.messages.parts(message).is_some_and(Parts::in_round);
            let ends = match self.takes_apart && in_round() {
                // Its stay in the queue ended with the first of them.
                true => self.validity_end(message),
                false => self.stay_ends(message),
            };
            if ends <= now {
                return true;
            }
        }
        self.people_opt_out && self.has_opted_out(message, now)
    }

    /// A message with a worker is too late for its submit: it has waited so long for its provider.
    pub(crate) fn expire_with_worker(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        let now = s.now();
        let record = &mut self.messages[message];
        let waited = now - record.since;
        record.moves_to(MessageState::Aside, now);
        self.release_worker(message, s);
        self.ends_unsent(message, waited, s);
    }

    /// A message is too late for its submit, or its recipient has opted out.
    fn ends_unsent(&mut self, message: Id<Message>, waited: Nanos, s: &mut E::Scheduler) {
        match self.has_opted_out(message, s.now()) {
            true => self.drops_opted_out(message, s),
            false => self.expire_in_queue(message, waited, s),
        }
    }

    fn expire_in_queue(&mut self, message: Id<Message>, waited: Nanos, s: &mut E::Scheduler) {
        let index = self.queue_of(message);
        let batch = self.messages[message].batch;
        self.ledger.at_queue(batch, index, |queue| queue.expired += 1);
        self.observe(message, Observed::Expired, s.now());
        self.tell(message, s.now(), |chain| QueueStep::Expires {
            queue: index,
            waited,
            validity: chain.validity_end(message) <= s.now(),
        });
        let place = self.places.queue(index);
        self.sender_ends(message, Truth::ExpiredInQueue, place, s);
    }

    /// A worker takes the message. True: without overhead, it asks its provider at once, which is left
    /// to the caller.
    #[inline(always)]
    fn take(&mut self, message: Id<Message>, index: usize, s: &mut E::Scheduler) -> bool {
        let overhead = self.taken(message, index, s);
        if overhead > 0 {
            let record = &self.messages[message];
            let ready = Event::new(EventKind::WorkerReady, message, record.stamp & DETAIL_MAX);
            s.happens(s.now() + overhead, record.order, 0, ready);
        }
        overhead == 0
    }

    /// A worker takes the message. Returns its overhead.
    #[inline(always)]
    fn taken(&mut self, message: Id<Message>, index: usize, s: &mut E::Scheduler) -> Nanos {
        let now = s.now();
        let record = &mut self.messages[message];
        let waited = now - record.since;
        record.taken += 1;
        if record.taken == 1 {
            self.ledger.latency(record.batch, Stage::QueueWait, waited);
        }
        record.is_taken();
        let (key, taken) = (record.key, record.taken);
        let overhead = delay(&self.spec.queues[index].overhead, || {
            self.chance.block(site::overhead(key, taken)).first()
        });
        let overhead = self.queues[index].overhead(overhead, now);
        self.queues[index].worker_takes(now);
        if self.queues[index].keeps_track() {
            self.held_by_worker(message, index, s);
        }
        self.tell(message, now, |chain| QueueStep::Taken {
            queue: index,
            waited,
            times: taken,
            busy: chain.queues[index].busy().level(),
            overhead,
        });
        overhead
    }

    /// The message's worker is free again.
    #[inline(always)]
    pub(crate) fn release_worker(&mut self, message: Id<Message>, s: &mut E::Scheduler) {
        let now = s.now();
        let index = self.queue_of(message);
        if self.queues[index].keeps_track() {
            if self.leased {
                self.lease_is_over(message);
            }
            let extra = self.messages.extra_mut(message);
            let hand = Hand { worker: extra.worker.take(), batch: extra.batch.take() };
            self.frees_worker(index, hand, s);
        } else {
            self.queues[index].worker_freed(now);
            self.serve_waiting(index, s);
        }
    }

    /// A worker holds its message no more.
    #[inline(never)]
    fn frees_worker(&mut self, index: usize, hand: Hand, s: &mut E::Scheduler) {
        if let Some(batch) = hand.batch
            && self.turns_to_next(index, batch, hand.worker, s)
        {
            return;
        }
        self.queues[index].worker_freed(s.now());
        self.queues[index].surplus_leaves(s.now());
        if let Some(worker) = hand.worker {
            self.queues[index].worker_is_idle(worker);
        }
        self.serve_waiting(index, s);
    }

    /// A worker has taken a message where it matters which one, or when.
    #[inline(never)]
    fn held_by_worker(&mut self, message: Id<Message>, index: usize, s: &mut E::Scheduler) {
        if let Some(worker) = self.queues[index].first_idle_takes(message) {
            self.messages.extra_mut(message).worker = Some(worker);
        }
        if self.leased {
            self.lease_begins(message, index, s);
        }
        if self.queues[index].fetches_more() > 0 {
            self.begins_at_last(message, s.now());
            self.fetches_along(message, index, s);
        }
    }

    #[inline]
    pub(crate) fn serve_waiting(&mut self, index: usize, s: &mut E::Scheduler) {
        if self.queues[index].depth().level() > 0 {
            match self.queues[index].waits_for_provider() {
                false => self.serve_first(index, s),
                true => self.serve_providers(index, s),
            }
        }
    }

    #[inline(never)]
    fn serve_first(&mut self, index: usize, s: &mut E::Scheduler) {
        while self.queues[index].has_idle_worker()
            && let Some(message) = self.queues[index].next(0, &self.messages, s.now())
        {
            if self.queues[index].ttl() < NEVER || self.validity_end(message) < NEVER {
                self.overtaken += 1;
            }
            if self.take(message, index, s) {
                self.asks_next(message, s);
            }
        }
    }
}
