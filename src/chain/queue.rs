//! Queues and their workers.

use super::course::Course;
use super::delay::delay;
use super::event::{DETAIL_MAX, Event, Order, What};
use super::incident;
use super::message::{At, NEVER};
use super::messages::Messages;
use super::observer::Listener;
use super::outcome::Stage;
use super::outcome::{Observed, Truth};
use super::provider::{Provider, observed};
use super::purpose::{CRASH, OVERHEAD};
use super::slab::NONE;
use super::spec::{Delay, Discipline, Dispatch, Guarantee, Overflow, Spec};
use super::story::QueueStep;
use super::world::Chain;
use crate::kernel::{Nanos, Scheduler};
use crate::random::{Key, Owner, open01};
use crate::stats::TimeWeighted;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A reference to a message that is void once it has moved.
pub(super) type Ticket = (u32, u32);

/// One queue with its workers.
#[derive(Debug)]
pub(super) struct Queue {
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
    pub(super) depth: TimeWeighted,
    pub(super) busy: TimeWeighted,
    /// Its workers have no overhead, and don't crash.
    at_once: bool,
    crash: Option<Crashes>,
    /// The share of its workers that incidents take, and how many that is now.
    pub(super) loss: Option<Course>,
    pub(super) lost: u64,
}

/// Messages that wait for the same thing.
#[derive(Debug)]
struct Lane {
    waiting: Waiting,
    /// How many there are; `waiting` has entries of some that left, too.
    depth: u64,
}

/// Who waits, in the order of the discipline. Entries of messages that left are void.
#[derive(Debug)]
enum Waiting {
    Fifo(VecDeque<Ticket>),
    Priority([VecDeque<Ticket>; PRIORITIES]),
    /// (deadline, order of arrival, ticket)
    Deadline(BinaryHeap<Reverse<(Nanos, u64, Ticket)>>, u64),
}

const PRIORITIES: usize = 4;

impl Waiting {
    fn new(discipline: Discipline) -> Waiting {
        match discipline {
            Discipline::Fifo => Waiting::Fifo(VecDeque::new()),
            Discipline::Priority => Waiting::Priority(Default::default()),
            Discipline::Deadline => Waiting::Deadline(BinaryHeap::new(), 0),
        }
    }

    fn push(&mut self, ticket: Ticket, priority: u8, deadline: Nanos) {
        match self {
            Waiting::Fifo(line) => line.push_back(ticket),
            Waiting::Priority(lines) => {
                lines[usize::from(priority).min(PRIORITIES - 1)].push_back(ticket);
            }
            Waiting::Deadline(heap, arrivals) => {
                heap.push(Reverse((deadline, *arrivals, ticket)));
                *arrivals += 1;
            }
        }
    }

    fn pop(&mut self) -> Option<Ticket> {
        match self {
            Waiting::Fifo(line) => line.pop_front(),
            Waiting::Priority(lines) => lines.iter_mut().rev().find_map(VecDeque::pop_front),
            Waiting::Deadline(heap, _) => heap.pop().map(|Reverse((_, _, ticket))| ticket),
        }
    }

    /// The one that would be popped.
    fn first(&self) -> Option<Ticket> {
        match self {
            Waiting::Fifo(line) => line.front().copied(),
            Waiting::Priority(lines) => lines.iter().rev().find_map(|line| line.front().copied()),
            Waiting::Deadline(heap, _) => heap.peek().map(|Reverse((_, _, ticket))| *ticket),
        }
    }

    fn len(&self) -> usize {
        match self {
            Waiting::Fifo(line) => line.len(),
            Waiting::Priority(lines) => lines.iter().map(VecDeque::len).sum(),
            Waiting::Deadline(heap, _) => heap.len(),
        }
    }

    /// Forgets void entries when they are most of all, wherever they are: one that is never served
    /// would else stay for ever behind those that are.
    fn trim(&mut self, waiting: u64, messages: &Messages) {
        const FEW: usize = 64;
        if self.len() < FEW || (self.len() as u64) / 2 < waiting {
            return;
        }
        let valid = |&(slot, stamp): &Ticket| messages[slot].stamp == stamp;
        match self {
            Waiting::Fifo(line) => line.retain(valid),
            Waiting::Priority(lines) => lines.iter_mut().for_each(|line| line.retain(valid)),
            Waiting::Deadline(heap, _) => heap.retain(|Reverse((_, _, ticket))| valid(ticket)),
        }
    }
}

/// Workers that crash, one by one.
#[derive(Debug)]
struct Crashes {
    mean_time_between: Nanos,
    restart: Nanos,
    guarantee: Guarantee,
    key: Key,
    /// What each worker does.
    workers: Vec<Worker>,
    /// Idle ones, lowest first.
    idle: BinaryHeap<Reverse<u32>>,
}

#[derive(Debug, Clone, Copy)]
struct Worker {
    /// The message it holds.
    holds: u32,
    crashes: u32,
}

impl Crashes {
    /// The idle worker that takes a message; [`NONE`] if there is none.
    #[inline(never)]
    fn first_idle_takes(&mut self, message: u32) -> u32 {
        let Some(Reverse(worker)) = self.idle.pop() else {
            return NONE;
        };
        self.workers[worker as usize].holds = message;
        worker
    }

    /// A worker, if it is one, holds nothing any more.
    #[inline(never)]
    fn is_idle(&mut self, worker: u32) {
        if let Some(state) = self.workers.get_mut(worker as usize) {
            state.holds = NONE;
            self.idle.push(Reverse(worker));
        }
    }
}

/// What a queue does with a message that asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// A worker is free.
    Worker,
    /// It can wait.
    Waiting,
    /// Neither.
    None,
}

impl Lane {
    /// The first that waits; entries of those that left before it are forgotten.
    fn first(&mut self, messages: &Messages) -> Option<u32> {
        while let Some((slot, stamp)) = self.waiting.first() {
            if messages[slot].stamp == stamp {
                return Some(slot);
            }
            self.waiting.pop();
        }
        None
    }
}

impl Queue {
    pub(super) fn new(index: usize, spec: &Spec, providers: &[Provider]) -> Queue {
        let (queue, from, to) = (&spec.queues[index], spec.warmup, spec.duration);
        let workers = queue.workers.map_or(u64::MAX, u64::from);
        let crash = queue.crash.as_ref().map(|crash| Crashes {
            mean_time_between: crash.mean_time_between,
            restart: crash.restart,
            guarantee: crash.guarantee,
            key: Key::named(&format!("queue.{}", queue.name)),
            workers: vec![Worker { holds: NONE, crashes: 0 }; workers as usize],
            idle: (0..workers as u32).map(Reverse).collect(),
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
            loss: incident::workers_lost(spec, index),
            lost: 0,
        }
    }

    /// Do its workers crash?
    pub(super) fn crashes(&self) -> bool {
        self.crash.is_some()
    }

    #[inline]
    fn has_idle_worker(&self) -> bool {
        self.busy.level() < self.workers.saturating_sub(self.lost)
            && self.crash.as_ref().is_none_or(|crash| !crash.idle.is_empty())
    }

    /// The place of one that waits, from 1, among those that `waits` knows to be still there.
    pub(super) fn place(&self, one: Ticket, lane: usize, waits: impl Fn(Ticket) -> bool) -> u64 {
        let there = |line: &VecDeque<Ticket>| -> u64 {
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
                let key = |entry: &Reverse<(Nanos, u64, Ticket)>| (entry.0.0, entry.0.1);
                let own = heap.iter().find(|entry| entry.0.2 == one).map(key);
                let ahead = |entry: &&Reverse<_>| Some(key(entry)) < own && waits(entry.0.2);
                heap.iter().filter(ahead).count() as u64
            }
        };
        before + 1
    }

    /// Would a message that comes now have a worker, and he ask its provider at once?
    #[inline]
    pub(super) fn asks_at_once(&self) -> bool {
        self.at_once && self.takes_at_once()
    }

    /// Would a worker take a message that comes now?
    #[inline]
    fn takes_at_once(&self) -> bool {
        self.has_idle_worker() && self.depth.level() == 0
    }

    /// Do messages wait here for their providers?
    #[inline]
    pub(super) fn waits_for_provider(&self) -> bool {
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

/// A message in the eyes of its queue: what it goes by and takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passage {
    pub(super) route: u16,
    pub(super) stream: u16,
    pub(super) sender: u32,
    pub(super) segments: u16,
}

impl<L: Listener> Chain<'_, L> {
    #[inline]
    pub(super) fn queue_of(&self, message: u32) -> usize {
        self.spec.queue_by(self.messages.via(message))
    }

    /// A message in the eyes of its queue.
    fn passage(&self, message: u32) -> Passage {
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
    pub(super) fn room(&self, it: Passage, now: Nanos) -> Room {
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
    pub(super) fn room_for(&self, message: u32, now: Nanos) -> Room {
        self.room(self.passage(message), now)
    }

    /// The lane of its queue in which a message waits.
    fn lane_of(&self, it: Passage) -> usize {
        let queue = &self.queues[self.spec.queue_by(it.route)];
        let provider = self.spec.provider_by(it.route);
        queue.lanes_of.get(provider).map_or(0, |first| first + self.pace_bucket(it, provider))
    }

    /// The lane of its queue in which a message waits.
    pub(super) fn lane_of_message(&self, message: u32) -> usize {
        self.lane_of(self.passage(message))
    }

    /// The bucket of a provider's pace that a message takes its tokens from.
    fn pace_bucket(&self, it: Passage, provider: usize) -> usize {
        match &self.providers[provider].throttle {
            Some(throttle) if throttle.pace => self.bucket_of(it.stream, it.sender, provider),
            _ => 0,
        }
    }

    /// Where messages wait for their provider: is there a token and a slot for one that comes now, and nobody
    /// before it? Or does an open breaker send it elsewhere?
    #[inline(never)]
    fn goes_at_once(&self, it: Passage, now: Nanos) -> bool {
        let queue = &self.queues[self.spec.queue_by(it.route)];
        let index = self.spec.provider_by(it.route);
        let provider = &self.providers[index];
        let bucket = self.pace_bucket(it, index);
        let free = queue.lanes[self.lane_of(it)].depth == 0
            && provider.slot_line.is_empty()
            && provider.has_slot(now)
            && provider.paces(bucket, u64::from(it.segments), now);
        queue.has_idle_worker()
            && (free || self.policies.blocks(self.guard_on(it.stream, it.route)))
    }

    /// The API hands a message over, having seen that there is room or that it overflows in
    /// silence.
    pub(super) fn enqueue_new(&mut self, message: u32, room: Room, s: &mut Scheduler<Event>) {
        match room {
            Room::Worker | Room::Waiting => {
                if self.enqueue(message, s) {
                    self.asks_next(message, s);
                }
            }
            Room::None => {
                let queue = self.queue_of(message);
                if self.messages[message].counted() {
                    self.ledger.results.queues[queue].discarded += 1;
                }
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
    pub(super) fn rejoin(&mut self, message: u32, s: &mut Scheduler<Event>) {
        if !self.enqueue(message, s) {
            return;
        }
        let rank = self.messages[message].order.rank(What::WorkerReady, 0);
        if !L::ALL && s.take_at_once(rank) {
            self.begins(s.now(), rank);
            self.worker_ready(message, s);
        } else {
            self.asks_next(message, s);
        }
    }

    /// True: a worker has it, and it asks its provider at once, which is left to the caller.
    #[inline(always)]
    fn enqueue(&mut self, message: u32, s: &mut Scheduler<Event>) -> bool {
        let now = s.now();
        let index = self.queue_of(message);
        let validity_end = self.validity_end(message);
        self.messages[message].moves_to(At::Queue, now);
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
    fn asks_next(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let record = &self.messages[message];
        let ready = Event::new(What::WorkerReady, message, record.stamp & DETAIL_MAX);
        s.schedule(s.now(), record.order.rank(What::WorkerReady, 0), ready);
    }

    #[inline(never)]
    fn wait_in_queue(
        &mut self,
        message: u32,
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
            let rank = record.order.rank(What::QueueExpiry, 0);
            s.schedule(expiry, rank, Event::new(What::QueueExpiry, message, 0));
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
    pub(super) fn queue_expiry(&mut self, message: u32, s: &mut Scheduler<Event>) {
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
    pub(super) fn expires_in_queue_at(&self, message: u32, time: Nanos) -> bool {
        let record = &self.messages[message];
        if record.at != At::Queue || record.open == 0 {
            return false;
        }
        time == self.stay_ends(message)
    }

    /// The end of the stay in its queue of a message that waits there, or is with a worker.
    fn stay_ends(&self, message: u32) -> Nanos {
        let ttl = self.queues[self.queue_of(message)].ttl;
        let ttl_end = self.messages[message].since.saturating_add(ttl);
        ttl_end.min(self.validity_end(message))
    }

    /// The sender's last look at a message right before its submit: is it too late?
    #[inline]
    pub(super) fn too_late(&self, message: u32, now: Nanos) -> bool {
        self.stays_end && self.stay_has_ended(message, now)
    }

    #[inline(never)]
    fn stay_has_ended(&self, message: u32, now: Nanos) -> bool {
        self.queues[self.queue_of(message)].looks && self.stay_ends(message) <= now
    }

    /// A message with a worker is too late for its submit: it has waited so long for its provider.
    pub(super) fn expire_with_worker(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let record = &mut self.messages[message];
        let waited = now - record.since;
        record.moves_to(At::Aside, now);
        self.release_worker(message, s);
        self.expire_in_queue(message, waited, s);
    }

    fn expire_in_queue(&mut self, message: u32, waited: Nanos, s: &mut Scheduler<Event>) {
        let index = self.queue_of(message);
        if self.messages[message].counted() {
            self.ledger.results.queues[index].expired += 1;
        }
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
    fn take(&mut self, message: u32, index: usize, s: &mut Scheduler<Event>) -> bool {
        let overhead = self.taken(message, index, s.now());
        if overhead > 0 {
            let record = &self.messages[message];
            let ready = Event::new(What::WorkerReady, message, record.stamp & DETAIL_MAX);
            s.schedule(s.now() + overhead, record.order.rank(What::WorkerReady, 0), ready);
        }
        overhead == 0
    }

    /// A worker takes the message. Returns its overhead.
    #[inline(always)]
    fn taken(&mut self, message: u32, index: usize, now: Nanos) -> Nanos {
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
            self.chance.block(key, Owner::NONE, OVERHEAD, taken).first()
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

    /// A message leaves the queue in which it waited for its provider: it takes its token and its slot and goes
    /// out, after a worker's overhead, or an open breaker sends it elsewhere. Returns whether it goes out
    /// at this instant.
    #[inline(never)]
    fn departs(&mut self, message: u32, index: usize, s: &mut Scheduler<Event>) -> bool {
        let now = s.now();
        let passage = self.passage(message);
        let provider = self.spec.provider_by(passage.route);
        let guard = self.guard_on(passage.stream, passage.route);
        let overhead = self.taken(message, index, now);
        if self.policies.blocks(guard) {
            if self.turned_back(message, s) {
                self.rejoins_elsewhere(message, s);
            }
            return false;
        }
        let bucket = self.pace_bucket(passage, provider);
        let seen = observed(self.spec, now);
        if let Some(throttle) = &mut self.providers[provider].throttle
            && throttle.pace
        {
            throttle.take(bucket, u64::from(passage.segments), now, seen);
        }
        let at = now.saturating_add(overhead);
        let submit = self.new_submit(message, passage.route, guard, at);
        self.messages[message].submit = submit;
        self.submits[submit].paid = self.messages.take_paid(message);
        self.gets_slot(submit, provider, at, s);
        overhead == 0
    }

    /// A message whose provider's breaker is open has another route from the same queue, and waits there for that
    /// one's provider.
    pub(super) fn rejoins_elsewhere(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        self.messages[message].moves_to(At::Aside, now);
        self.release_worker(message, s);
        let rank = self.messages[message].order.rank(What::Rejoin, 0);
        s.schedule(now, rank, Event::new(What::Rejoin, message, 0));
    }

    /// A provider has a slot: of those who wait in queues for it and have a token, the next goes; in each queue by
    /// its discipline, among queues who has waited longest. Only one at an instant, unless its worker takes
    /// some time: its answer may pause the link.
    #[inline(never)]
    pub(super) fn dispatch(&mut self, provider: usize, s: &mut Scheduler<Event>) {
        while self.providers[provider].has_slot(s.now()) {
            let Some((index, lane, message)) = self.next_for(provider, s) else {
                return;
            };
            let queue = &mut self.queues[index];
            queue.lanes[lane].waiting.pop();
            queue.leaves(lane, s.now());
            if self.queues[index].ttl < NEVER || self.validity_end(message) < NEVER {
                self.overtaken += 1;
            }
            if self.too_late(message, s.now()) {
                let waited = s.now() - self.messages[message].since;
                self.expire_in_queue(message, waited, s);
            } else {
                // What an open breaker turns away gives its worker back at once, and the next is looked for
                // here: a call for each of a long queue would not fit on the stack.
                let outer = std::mem::replace(&mut self.dispatching, true);
                let goes_out = self.departs(message, index, s);
                self.dispatching = outer;
                if goes_out {
                    return;
                }
            }
        }
    }

    /// The next that waits in a queue for a provider and has a token: queue, lane, message.
    fn next_for(
        &mut self,
        provider: usize,
        s: &mut Scheduler<Event>,
    ) -> Option<(usize, usize, u32)> {
        let now = s.now();
        let mut next: Option<((Nanos, Order), _)> = None;
        for index in 0..self.queues.len() {
            let queue = &mut self.queues[index];
            let Some(&first) = queue.lanes_of.get(provider) else {
                continue;
            };
            if queue.depth.level() == 0 || !queue.has_idle_worker() {
                continue;
            }
            let mut best: Option<((u64, Nanos, Order), usize, u32)> = None;
            for bucket in 0..self.providers[provider].pace_buckets() {
                let Some(message) = queue.lanes[first + bucket].first(&self.messages) else {
                    continue;
                };
                let record = &self.messages[message];
                let segments = u64::from(record.segments);
                if !self.providers[provider].paces(bucket, segments, now) {
                    self.providers[provider].awaits_token(provider, bucket, segments, s);
                    continue;
                }
                let stream = usize::from(record.stream);
                let row = self.messages.row(message);
                let urgency = match self.spec.queues[index].discipline {
                    Discipline::Fifo => 0,
                    Discipline::Priority => {
                        PRIORITIES as u64 - u64::from(self.spec.traffic[stream].priority)
                    }
                    Discipline::Deadline => self.populations[stream]
                        .deadline(row)
                        .map_or(NEVER, |span| record.requested.saturating_add(span)),
                };
                let key = (urgency, record.since, record.order);
                if best.is_none_or(|(best, ..)| key < best) {
                    best = Some((key, first + bucket, message));
                }
            }
            if let Some(((_, since, order), lane, message)) = best
                && next.is_none_or(|(longest, _)| (since, order) < longest)
            {
                next = Some(((since, order), (index, lane, message)));
            }
        }
        next.map(|(_, next)| next)
    }

    /// The message's worker is free again.
    #[inline(always)]
    pub(super) fn release_worker(&mut self, message: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let index = self.queue_of(message);
        let queue = &mut self.queues[index];
        queue.busy.fall(now);
        if let Some(crash) = &mut queue.crash {
            let extra = self.messages.extra_mut(message);
            let worker = std::mem::replace(&mut extra.worker, NONE);
            crash.is_idle(worker);
        }
        self.serve_waiting(index, s);
    }

    #[inline]
    pub(super) fn serve_waiting(&mut self, index: usize, s: &mut Scheduler<Event>) {
        if self.queues[index].depth.level() > 0 {
            match self.queues[index].waits_for_provider() {
                false => self.serve_first(index, s),
                true => self.serve_providers(index, s),
            }
        }
    }

    /// A worker of a queue in which messages wait for their providers is free: each may have a next one.
    #[inline(never)]
    fn serve_providers(&mut self, index: usize, s: &mut Scheduler<Event>) {
        if self.queues[index].workers < u64::MAX && !self.dispatching {
            for provider in 0..self.providers.len() {
                self.grant_slot(provider, s);
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

    /// The first crash of every worker of queues that have them.
    pub(super) fn schedule_crashes(&mut self, s: &mut Scheduler<Event>) {
        self.schedule_crashes_but(&[], s);
    }

    /// A new time to crash for every worker but `these` (queue, worker).
    pub(super) fn schedule_crashes_but(&mut self, these: &[(u32, u32)], s: &mut Scheduler<Event>) {
        for index in 0..self.queues.len() {
            let workers = self.queues[index].crash.as_ref().map_or(0, |crash| crash.workers.len());
            for worker in 0..workers as u32 {
                if !these.contains(&(index as u32, worker)) {
                    self.schedule_crash(index, worker, s);
                }
            }
        }
    }

    fn schedule_crash(&mut self, index: usize, worker: u32, s: &mut Scheduler<Event>) {
        let Some(crash) = &mut self.queues[index].crash else {
            return;
        };
        let number = &mut crash.workers[worker as usize].crashes;
        let key = crash.key.child(u64::from(worker));
        let bits = self.chance.block(key, Owner::NONE, CRASH, *number).first();
        *number += 1;
        let up = -libm::log(open01(bits)) * crash.mean_time_between as f64;
        let at = s.now().saturating_add(up.round() as Nanos);
        let rank = Order::station(What::WorkerCrash, worker).rank(What::WorkerCrash, 0);
        if at <= self.end {
            s.schedule(at, rank, Event::new(What::WorkerCrash, index as u32, worker));
        }
    }

    /// A worker is gone for a while, and the message it held with it.
    pub(super) fn worker_crash(&mut self, index: usize, worker: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let Some(crash) = &mut self.queues[index].crash else {
            return;
        };
        let state = &mut crash.workers[worker as usize];
        let message = std::mem::replace(&mut state.holds, NONE);
        let (restart, guarantee) = (crash.restart, crash.guarantee);
        if message == NONE {
            crash.idle.retain(|&Reverse(idle)| idle != worker);
        }
        let rank = Order::station(What::WorkerRestart, worker).rank(What::WorkerRestart, 0);
        let back = Event::new(What::WorkerRestart, index as u32, worker);
        s.schedule(now.saturating_add(restart), rank, back);
        if message == NONE {
            return;
        }
        self.queues[index].busy.fall(now);
        self.messages.extra_mut(message).worker = NONE;
        self.tell(message, now, |chain| QueueStep::Crashes {
            queue: index,
            worker,
            back: match guarantee {
                Guarantee::AtLeastOnce { visibility_timeout } => {
                    Some(now.saturating_add(visibility_timeout))
                }
                Guarantee::AtMostOnce => None,
            },
            out: chain.has_submit_out(message),
        });
        self.abandon_submits(message, s);
        match guarantee {
            Guarantee::AtLeastOnce { visibility_timeout } => {
                let record = &mut self.messages[message];
                record.moves_to(At::Aside, now);
                let rank = record.order.rank(What::Rejoin, 0);
                let rejoin = Event::new(What::Rejoin, message, 0);
                s.schedule(now.saturating_add(visibility_timeout), rank, rejoin);
            }
            Guarantee::AtMostOnce => {
                let place = self.places.queue(index);
                self.sender_ends(message, Truth::LostBySender, place, s);
            }
        }
    }

    /// A crashed worker is back.
    pub(super) fn worker_restart(&mut self, index: usize, worker: u32, s: &mut Scheduler<Event>) {
        if let Some(crash) = &mut self.queues[index].crash {
            crash.idle.push(Reverse(worker));
        }
        self.schedule_crash(index, worker, s);
        self.serve_waiting(index, s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::message::Birth;

    #[test]
    fn entries_that_are_never_served_are_forgotten() {
        let birth = Birth {
            key: Key(0),
            root: Key(0),
            order: Order::new(0, 0),
            requested: 0,
            order_id: 1,
            sender: 0,
            stream: 0,
            carrier: 0,
            route: 0,
            segments: 1,
            batch: 0,
            stamp: 0,
        };
        for discipline in [Discipline::Fifo, Discipline::Priority, Discipline::Deadline] {
            let mut waiting = Waiting::new(discipline);
            let mut messages = Messages::new();
            for slot in 0..1000 {
                messages.insert(&birth, 0);
                waiting.push((slot, 0), 0, Nanos::from(slot));
            }
            // All but the first have left; it would hide them.
            for slot in 1..1000 {
                messages[slot].stamp = 1;
            }
            waiting.trim(1, &messages);
            assert_eq!(waiting.len(), 1, "{discipline:?}");
            assert_eq!(waiting.pop(), Some((0, 0)));
        }
    }
}
