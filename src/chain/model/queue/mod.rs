//! Queues and their workers.

mod crashes;
mod for_provider;
mod waiting;

pub(crate) use for_provider::Passage;

use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crashes::Crashes;
use waiting::{Lane, Waiting};

use crate::chain::draws::delay::delay;
use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::model::faults;
use crate::chain::model::faults::piecewise::PiecewiseLinear;
use crate::chain::model::provider::Provider;
use crate::chain::records::event::{DETAIL_MAX, Event, EventKind, Schedule as _};
use crate::chain::records::message::{MessageState, NEVER};
use crate::chain::records::messages::Messages;
use crate::chain::records::outcome::Stage;
use crate::chain::records::outcome::{Observed, Truth};
use crate::chain::spec::{Delay, Dispatch, Overflow, Spec};
use crate::chain::trace::story::QueueStep;
use crate::kernel::{Nanos, Scheduler};
use crate::random::{DrawSource, Key};
use crate::stats::TimeWeighted;
use std::cmp::Reverse;
use std::collections::VecDeque;

/// A reference to a message that is void once it has moved.
pub(crate) type Ticket<T> = (Id<T>, u32);

/// One queue with its workers.
#[derive(Debug)]
pub(crate) struct Queue {
    /// By lane: messages that wait for the same thing. Where a worker takes them there is one.
    lanes: Vec<Lane>,
    /// Where messages wait for their providers: the first of each one's lanes, of which it has one a bucket
    /// of its pace. Empty where they wait for workers.
    lanes_of: Vec<usize>,
    capacity: u64,
    workers: u64,
    ttl: Nanos,
    /// The sender looks at ttl and validity once more right before a submit.
    looks: bool,
    pub(crate) depth: TimeWeighted,
    pub(crate) busy: TimeWeighted,
    /// Its workers have no overhead, and don't crash.
    at_once: bool,
    crash: Option<Crashes>,
    /// The share of its workers that incidents take, and how many that is now.
    pub(crate) loss: Option<PiecewiseLinear>,
    pub(crate) lost: u64,
}

/// What a queue does with a message that asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// A worker is free.
    Worker,
    /// It can wait.
    Waiting,
    /// Neither.
    None,
}

impl Queue {
    pub(crate) fn new(index: usize, spec: &Spec, providers: &[Provider]) -> Queue {
        let (queue, from, to) = (&spec.queues[index], spec.warmup, spec.duration);
        let workers = queue.workers.map_or(u64::MAX, u64::from);
        let crash = queue.crash.as_ref().map(|crash| {
            Crashes::new(crash, Key::named(&format!("queue.{}", queue.name)), workers as u32)
        });
        let lane = || Lane { waiting: Waiting::new(queue.discipline), depth: 0 };
        let (mut lanes, mut lanes_of) = (Vec::new(), Vec::new());
        match queue.dispatch {
            Dispatch::Workers => lanes.push(lane()),
            Dispatch::Provider => {
                for provider in providers {
                    lanes_of.push(lanes.len());
                    lanes.extend((0..provider.pace_buckets()).map(|_| lane()));
                }
            }
        }
        Queue {
            lanes,
            lanes_of,
            capacity: queue.capacity.unwrap_or(u64::MAX),
            workers,
            ttl: queue.ttl.unwrap_or(NEVER),
            looks: queue.expire_at_submit,
            depth: TimeWeighted::new(from, to),
            busy: TimeWeighted::new(from, to),
            at_once: queue.overhead == Delay::Constant(0)
                && crash.is_none()
                && queue.dispatch == Dispatch::Workers,
            crash,
            loss: faults::workers_lost(spec, index),
            lost: 0,
        }
    }

    /// Do its workers crash?
    pub(crate) fn crashes(&self) -> bool {
        self.crash.is_some()
    }

    #[inline]
    fn has_idle_worker(&self) -> bool {
        self.busy.level() < self.workers.saturating_sub(self.lost)
            && self.crash.as_ref().is_none_or(Crashes::has_idle)
    }

    /// The place of one that waits, from 1, among those that `waits` knows to be still there.
    pub(crate) fn place(
        &self,
        one: Ticket<Message>,
        lane: usize,
        waits: impl Fn(Ticket<Message>) -> bool,
    ) -> u64 {
        let there = |line: &VecDeque<Ticket<Message>>| -> u64 {
            let before = line.iter().take_while(|&&ticket| ticket != one);
            before.filter(|&&ticket| waits(ticket)).count() as u64
        };
        let before = match &self.lanes[lane].waiting {
            Waiting::Fifo(line) => there(line),
            Waiting::Priority(lines) => {
                let own = lines.iter().position(|line| line.contains(&one)).unwrap_or(0);
                lines[own..].iter().map(there).sum()
            }
            Waiting::Deadline(heap, _) => {
                let key = |entry: &Reverse<(Nanos, u64, Ticket<Message>)>| (entry.0.0, entry.0.1);
                let own = heap.iter().find(|entry| entry.0.2 == one).map(key);
                let ahead = |entry: &&Reverse<_>| Some(key(entry)) < own && waits(entry.0.2);
                heap.iter().filter(ahead).count() as u64
            }
        };
        before + 1
    }

    /// Would a message that comes now have a worker, and he ask its provider at once?
    #[inline]
    pub(crate) fn asks_at_once(&self) -> bool {
        self.at_once && self.takes_at_once()
    }

    /// Would a worker take a message that comes now?
    #[inline]
    fn takes_at_once(&self) -> bool {
        self.has_idle_worker() && self.depth.level() == 0
    }

    /// Do messages wait here for their providers?
    #[inline]
    pub(crate) fn waits_for_provider(&self) -> bool {
        !self.lanes_of.is_empty()
    }

    /// One message fewer waits in a lane.
    fn leaves(&mut self, lane: usize, now: Nanos) {
        self.depth.fall(now);
        self.lanes[lane].depth -= 1;
    }

    /// Forgets entries of those that left a lane, when they are most of it.
    fn trim(&mut self, lane: usize, messages: &Messages) {
        let Lane { waiting, depth } = &mut self.lanes[lane];
        waiting.trim(*depth, messages);
    }
}

impl<E: Engine> Chain<'_, E> {
    #[inline]
    pub(crate) fn queue_of(&self, message: Id<Message>) -> usize {
        self.spec.queue_by(self.messages.via(message))
    }

    /// A message in the eyes of its queue.
    fn passage(&self, message: Id<Message>) -> Passage {
        let record = &self.messages[message];
        Passage {
            route: self.messages.via(message),
            stream: record.stream,
            sender: record.sender,
            segments: record.segments,
        }
    }

    /// What a message that comes now finds in its queue.
    #[inline]
    pub(crate) fn room(&self, it: Passage, now: Nanos) -> Room {
        let queue = &self.queues[self.spec.queue_by(it.route)];
        let goes = match queue.waits_for_provider() {
            false => queue.takes_at_once(),
            true => self.goes_at_once(it, now),
        };
        if goes {
            Room::Worker
        } else if queue.depth.level() < queue.capacity {
            Room::Waiting
        } else {
            Room::None
        }
    }

    /// What a message accepted before finds in its queue.
    pub(crate) fn room_for(&self, message: Id<Message>, now: Nanos) -> Room {
        self.room(self.passage(message), now)
    }

    /// The API hands a message over, having seen that there is room or that it overflows in
    /// silence.
    pub(crate) fn enqueue_new(
        &mut self,
        message: Id<Message>,
        room: Room,
        s: &mut Scheduler<Event>,
    ) {
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
                    waiting: chain.queues[queue].depth.level(),
                    how: chain.spec.queues[queue].overflow,
                });
                let place = self.places.queue(queue);
                self.sender_ends(message, Truth::DiscardedByQueue, place, s);
            }
        }
    }

    /// A retry, or a message that outlived its worker, is back at the tail. It always finds room.
    #[inline(never)]
    pub(crate) fn rejoin(&mut self, message: Id<Message>, s: &mut Scheduler<Event>) {
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
    fn enqueue(&mut self, message: Id<Message>, s: &mut Scheduler<Event>) -> bool {
        let now = s.now();
        let index = self.queue_of(message);
        let validity_end = self.validity_end(message);
        self.messages[message].moves_to(MessageState::Queue, now);
        let queue = &self.queues[index];
        if validity_end <= now {
            self.expire_in_queue(message, 0, s);
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
    fn asks_next(&mut self, message: Id<Message>, s: &mut Scheduler<Event>) {
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
        s: &mut Scheduler<Event>,
    ) {
        let now = s.now();
        let deadline = self.deadline_of(message);
        let passage = self.passage(message);
        let lane = self.lane_of(passage);
        let record = &self.messages[message];
        let queue = &mut self.queues[index];
        let expiry = now.saturating_add(queue.ttl).min(validity_end);
        let priority = self.spec.traffic[usize::from(record.stream)].priority;
        let Lane { waiting, depth } = &mut queue.lanes[lane];
        waiting.push((message, record.stamp), priority, deadline);
        *depth += 1;
        let first = *depth == 1;
        queue.depth.rise(now);
        if first && queue.waits_for_provider() {
            let provider = self.spec.provider_by(passage.route);
            let bucket = self.pace_bucket(passage, provider);
            self.providers[provider].awaits_token(provider, bucket, u64::from(passage.segments), s);
        }
        let record = &self.messages[message];
        if expiry < NEVER {
            s.happens(expiry, record.order, 0, Event::new(EventKind::QueueExpiry, message, 0));
        }
        self.tell(message, now, |chain| QueueStep::Waits {
            queue: index,
            place: chain.place_in_queue(message),
            depth: chain.queues[index].depth.level(),
            busy: chain.queues[index].busy.level(),
            until: (expiry < NEVER).then_some(expiry),
        });
    }

    /// The end of a stay in the queue, if it is still that stay.
    pub(crate) fn queue_expiry(&mut self, message: Id<Message>, s: &mut Scheduler<Event>) {
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

    /// Is the message waiting in a queue that it leaves unserved at `time`?
    pub(crate) fn expires_in_queue_at(&self, message: Id<Message>, time: Nanos) -> bool {
        let record = &self.messages[message];
        if record.at != MessageState::Queue || record.open == 0 {
            return false;
        }
        time == self.stay_ends(message)
    }

    /// The end of the stay in its queue of a message that waits there, or is with a worker.
    fn stay_ends(&self, message: Id<Message>) -> Nanos {
        let ttl = self.queues[self.queue_of(message)].ttl;
        let ttl_end = self.messages[message].since.saturating_add(ttl);
        ttl_end.min(self.validity_end(message))
    }

    /// The sender's last look at a message right before its submit: is it too late?
    #[inline]
    pub(crate) fn too_late(&self, message: Id<Message>, now: Nanos) -> bool {
        self.stays_end && self.stay_has_ended(message, now)
    }

    #[inline(never)]
    fn stay_has_ended(&self, message: Id<Message>, now: Nanos) -> bool {
        self.queues[self.queue_of(message)].looks && self.stay_ends(message) <= now
    }

    /// A message with a worker is too late for its submit: it has waited so long for its provider.
    pub(crate) fn expire_with_worker(&mut self, message: Id<Message>, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &mut self.messages[message];
        let waited = now - record.since;
        record.moves_to(MessageState::Aside, now);
        self.release_worker(message, s);
        self.expire_in_queue(message, waited, s);
    }

    fn expire_in_queue(&mut self, message: Id<Message>, waited: Nanos, s: &mut Scheduler<Event>) {
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
    fn take(&mut self, message: Id<Message>, index: usize, s: &mut Scheduler<Event>) -> bool {
        let overhead = self.taken(message, index, s.now());
        if overhead > 0 {
            let record = &self.messages[message];
            let ready = Event::new(EventKind::WorkerReady, message, record.stamp & DETAIL_MAX);
            s.happens(s.now() + overhead, record.order, 0, ready);
        }
        overhead == 0
    }

    /// A worker takes the message. Returns its overhead.
    #[inline(always)]
    fn taken(&mut self, message: Id<Message>, index: usize, now: Nanos) -> Nanos {
        let record = &mut self.messages[message];
        let waited = now - record.since;
        record.taken += 1;
        if record.taken == 1 {
            self.ledger.latency(record.batch, Stage::QueueWait, waited);
        }
        record.is_taken();
        let queue = &mut self.queues[index];
        queue.busy.rise(now);
        let (key, taken) = (record.key, record.taken);
        let overhead = delay(&self.spec.queues[index].overhead, || {
            self.chance.block(site::overhead(key, taken)).first()
        });
        if let Some(crash) = &mut queue.crash {
            self.messages.extra_mut(message).worker = crash.first_idle_takes(message);
        }
        self.tell(message, now, |chain| QueueStep::Taken {
            queue: index,
            waited,
            times: taken,
            busy: chain.queues[index].busy.level(),
            overhead,
        });
        overhead
    }

    /// The message's worker is free again.
    #[inline(always)]
    pub(crate) fn release_worker(&mut self, message: Id<Message>, s: &mut Scheduler<Event>) {
        let now = s.now();
        let index = self.queue_of(message);
        let queue = &mut self.queues[index];
        queue.busy.fall(now);
        if let Some(crash) = &mut queue.crash {
            let extra = self.messages.extra_mut(message);
            if let Some(worker) = extra.worker.take() {
                crash.is_idle(worker);
            }
        }
        self.serve_waiting(index, s);
    }

    #[inline]
    pub(crate) fn serve_waiting(&mut self, index: usize, s: &mut Scheduler<Event>) {
        if self.queues[index].depth.level() > 0 {
            match self.queues[index].waits_for_provider() {
                false => self.serve_first(index, s),
                true => self.serve_providers(index, s),
            }
        }
    }

    #[inline(never)]
    fn serve_first(&mut self, index: usize, s: &mut Scheduler<Event>) {
        while self.queues[index].depth.level() > 0 && self.queues[index].has_idle_worker() {
            let Some((message, stamp)) = self.queues[index].lanes[0].waiting.pop() else {
                return;
            };
            if self.messages[message].stamp != stamp {
                continue;
            }
            if self.queues[index].ttl < NEVER || self.validity_end(message) < NEVER {
                self.overtaken += 1;
            }
            self.queues[index].leaves(0, s.now());
            if self.take(message, index, s) {
                self.asks_next(message, s);
            }
        }
    }
}
