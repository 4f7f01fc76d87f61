//! Queues and their workers.

mod autoscale;
mod crashes;
mod prefetch;
mod waiting;

pub(crate) use autoscale::Scaled;
pub(crate) use crashes::Crashed;
pub(crate) use waiting::{PRIORITIES, Rank};

use autoscale::{Autoscaler, Seen};
use crashes::Crashes;
use prefetch::Batches;
use waiting::{Lane, Waiting};

use crate::chain::draws::delay::times;
use crate::chain::records::attempt::Ticket;
use crate::chain::records::batch::Batch;
use crate::chain::records::id::Id;
use crate::chain::records::message::{Message, NEVER};
use crate::chain::records::messages::{Messages, Worker};
use crate::chain::spec::{self, Delay, Dispatch, ScaleTarget, Spec};
use crate::chain::stations::faults;
use crate::chain::stations::faults::piecewise::PiecewiseLinear;
use crate::chain::stations::quiet::{Calendar, Hours};
use crate::kernel::Nanos;
use crate::random::{DrawSource, Key};
use crate::stats::TimeWeighted;
use std::cmp::Reverse;
use std::collections::VecDeque;

/// One queue with its workers.
#[derive(Debug)]
pub(crate) struct Queue<'run> {
    settings: &'run spec::Queue,
    /// By lane: messages that wait for the same thing. Where a worker takes them there is one.
    lanes: Vec<Lane>,
    /// Of a queue where messages wait for their providers: the first of each one's lanes, of which it has one a bucket
    /// of its pace. Empty where they wait for workers.
    lanes_of: Vec<usize>,
    capacity: u64,
    workers: u64,
    ttl: Nanos,
    depth: TimeWeighted,
    busy: TimeWeighted,
    /// Its workers have no overhead, and don't crash.
    at_once: bool,
    crash: Option<Crashes<'run>>,
    /// Its workers take several messages at once.
    batches: Option<Batches>,
    /// It matters which of its workers has a message, or since when.
    keeps_track: bool,
    /// The share of its workers that incidents take, and how many that is now.
    loss: Option<PiecewiseLinear>,
    lost: u64,
    /// The factor by which incidents multiply its overhead.
    overhead: Option<PiecewiseLinear>,
    calendar: Option<Calendar>,
    /// The quiet hours that it is in.
    hours: Option<Hours>,
    /// Workers that may be busy now: all but those that incidents have taken, and none in quiet hours.
    available: u64,
    /// The time at which that changes next, if nothing else comes between.
    next_loss: Option<Nanos>,
    /// A rule says how many workers there are.
    scaler: Option<Autoscaler<'run>>,
}

/// The room in a queue for one more message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// A worker is free.
    Worker,
    /// It can wait.
    Waiting,
    /// Neither.
    None,
}

impl<'run> Queue<'run> {
    /// A queue; `pace_lanes` has in how many lanes messages wait for each provider's pace.
    pub(crate) fn new(index: usize, spec: &'run Spec, pace_lanes: &[usize]) -> Queue<'run> {
        let (settings, from, to) = (&spec.queues[index], spec.warmup, spec.duration);
        let workers = settings.workers.map_or(u64::MAX, u64::from);
        let crash = settings.crash.as_ref().map(|crash| {
            Crashes::new(crash, Key::named(&format!("queue.{}", settings.name)), workers as u32)
        });
        let lane = || Lane::new(settings.discipline, settings.requeue);
        let (mut lanes, mut lanes_of) = (Vec::new(), Vec::new());
        match settings.dispatch {
            Dispatch::Workers => lanes.push(lane()),
            Dispatch::Provider => {
                for &count in pace_lanes {
                    lanes_of.push(lanes.len());
                    lanes.extend((0..count).map(|_| lane()));
                }
            }
        }
        Queue {
            settings,
            lanes,
            lanes_of,
            capacity: settings.capacity.unwrap_or(u64::MAX),
            workers,
            ttl: settings.ttl.unwrap_or(NEVER),
            depth: TimeWeighted::new(from, to),
            busy: TimeWeighted::new(from, to),
            at_once: settings.overhead == Delay::Constant(0)
                && crash.is_none()
                && settings.dispatch == Dispatch::Workers,
            keeps_track: crash.is_some()
                || settings.lease.is_some()
                || settings.prefetch > 1
                || settings.autoscale.is_some(),
            batches: (settings.prefetch > 1)
                .then(|| Batches::new(settings.prefetch, TimeWeighted::new(from, to))),
            crash,
            loss: faults::workers_lost(spec, index),
            lost: 0,
            overhead: faults::overhead(spec, index),
            calendar: Calendar::new(&settings.quiet, spec.since_monday()),
            hours: None,
            available: workers,
            next_loss: None,
            scaler: settings
                .autoscale
                .as_ref()
                .map(|rule| Autoscaler::new(rule, workers as u32, TimeWeighted::new(from, to))),
        }
    }

    #[inline]
    pub(crate) fn settings(&self) -> &'run spec::Queue {
        self.settings
    }

    /// The longest stay in it; [`NEVER`]: for as long as it takes.
    #[inline]
    pub(crate) fn ttl(&self) -> Nanos {
        self.ttl
    }

    #[inline]
    pub(crate) fn has_idle_worker(&self) -> bool {
        self.busy.level() < self.available && self.crash.as_ref().is_none_or(Crashes::has_idle)
    }

    /// The overhead of a worker that begins at `now`, which is so long without incidents.
    #[inline]
    pub(crate) fn overhead(&self, plain: Nanos, now: Nanos) -> Nanos {
        self.overhead.as_ref().map_or(plain, |factor| times(plain, factor.at(now)))
    }

    /// True if its workers are limited.
    pub(crate) fn workers_are_few(&self) -> bool {
        self.workers < u64::MAX
    }

    /// True if a message that comes now has a worker that asks its provider at once.
    #[inline]
    pub(crate) fn asks_at_once(&self) -> bool {
        self.at_once && self.takes_at_once()
    }

    /// True if a worker takes a message that comes now.
    #[inline]
    pub(crate) fn takes_at_once(&self) -> bool {
        self.has_idle_worker() && self.depth.level() == 0
    }

    /// True if messages wait here for their providers.
    #[inline]
    pub(crate) fn waits_for_provider(&self) -> bool {
        !self.lanes_of.is_empty()
    }

    /// The room for a message that `goes` at once, or else has to wait.
    #[inline]
    pub(crate) fn room(&self, goes: bool) -> Room {
        if goes {
            Room::Worker
        } else if self.depth.level() < self.capacity || self.refuses() {
            Room::Waiting
        } else {
            Room::None
        }
    }

    /// The lane in which messages wait for a bucket of a provider's pace.
    pub(crate) fn lane(&self, provider: usize, bucket: usize) -> usize {
        self.lanes_of.get(provider).map_or(0, |first| first + bucket)
    }

    pub(crate) fn lane_is_empty(&self, lane: usize) -> bool {
        self.lanes[lane].is_empty()
    }

    /// A message waits in a lane. True: it is the first there.
    pub(crate) fn waits(
        &mut self,
        lane: usize,
        ticket: Ticket<Message>,
        rank: Rank,
        now: Nanos,
    ) -> bool {
        self.depth.rise(now);
        self.lanes[lane].push(ticket, rank)
    }

    /// The first that waits in a lane.
    pub(crate) fn first(&mut self, lane: usize, messages: &Messages) -> Option<Id<Message>> {
        self.lanes[lane].first(messages)
    }

    /// The first that waits in each of so many lanes for a provider, and its lane.
    pub(crate) fn firsts(
        &self,
        provider: usize,
        lanes: usize,
        messages: &Messages,
    ) -> impl Iterator<Item = (usize, Id<Message>)> {
        let first = self.lane(provider, 0);
        let lanes = (first..).zip(&self.lanes[first..first + lanes]);
        lanes.filter_map(|(index, lane)| Some((index, lane.peek(messages)?)))
    }

    /// The first that waits in a lane leaves it.
    pub(crate) fn next(
        &mut self,
        lane: usize,
        messages: &Messages,
        now: Nanos,
    ) -> Option<Id<Message>> {
        let next = self.lanes[lane].next(messages)?;
        self.depth.fall(now);
        Some(next)
    }

    /// One that waits in a lane leaves it, served by nobody.
    pub(crate) fn leaves(&mut self, lane: usize, now: Nanos) {
        self.depth.fall(now);
        self.lanes[lane].one_left();
    }

    /// Forgets entries of those that left a lane, when they are most of it.
    pub(crate) fn trim(&mut self, lane: usize, messages: &Messages) {
        self.lanes[lane].trim(messages);
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
        let before = match self.lanes[lane].waiting() {
            Waiting::Fifo(line) => there(line),
            Waiting::Ahead(lines) => {
                let own = lines.iter().position(|line| line.contains(&one)).unwrap_or(0);
                lines[own..].iter().map(there).sum()
            }
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

    /// A worker takes a message.
    #[inline]
    pub(crate) fn worker_takes(&mut self, now: Nanos) {
        self.busy.rise(now);
    }

    /// True if it matters which worker takes a message, or when.
    #[inline]
    pub(crate) fn keeps_track(&self) -> bool {
        self.keeps_track
    }

    /// The worker that takes a message, where they crash.
    #[inline]
    pub(crate) fn first_idle_takes(&mut self, message: Id<Message>) -> Option<Id<Worker>> {
        self.crash.as_mut()?.first_idle_takes(message)
    }

    /// Messages that a worker may fetch beside the one it takes.
    #[inline]
    pub(crate) fn fetches_more(&self) -> usize {
        self.batches.as_ref().map_or(0, Batches::more)
    }

    /// A worker has fetched these behind the one that it begins with.
    pub(crate) fn batch_begins(
        &mut self,
        rest: VecDeque<Id<Message>>,
        now: Nanos,
    ) -> Option<Id<Batch>> {
        Some(self.batches.as_mut()?.begins(rest, now))
    }

    /// The worker of a batch comes to the next, or has done.
    pub(crate) fn next_of_batch(&mut self, batch: Id<Batch>, now: Nanos) -> Option<Id<Message>> {
        self.batches.as_mut()?.next(batch, now)
    }

    /// Messages fetched that their workers have not come to, over time.
    pub(crate) fn behind(&self) -> Option<&TimeWeighted> {
        self.batches.as_ref().map(Batches::behind)
    }

    /// The worker is at another message, where they crash.
    pub(crate) fn worker_turns_to(&mut self, worker: Id<Worker>, message: Id<Message>) {
        if let Some(crash) = &mut self.crash {
            crash.turns_to(worker, message);
        }
    }

    /// A worker is free again.
    #[inline]
    pub(crate) fn worker_freed(&mut self, now: Nanos) {
        debug_assert!(self.busy.level() > 0, "a worker that held nothing is free");
        self.busy.fall(now);
    }

    /// The worker that is free again, where they crash.
    #[inline]
    pub(crate) fn worker_is_idle(&mut self, worker: Id<Worker>) {
        if let Some(crash) = &mut self.crash {
            crash.is_idle(worker);
        }
    }

    /// The number of its workers that crash.
    pub(crate) fn crashing_workers(&self) -> u32 {
        self.crash.as_ref().map_or(0, Crashes::workers)
    }

    /// The time until a worker's next crash, where they crash.
    pub(crate) fn next_crash(&mut self, worker: u32, chance: &impl DrawSource) -> Option<Nanos> {
        Some(self.crash.as_mut()?.next_crash(worker, chance))
    }

    /// A worker crashes.
    pub(crate) fn crashes_worker(&mut self, worker: u32, now: Nanos) -> Option<Crashed> {
        let crashed = self.crash.as_mut()?.crashes(worker);
        if crashed.held.is_some() {
            self.busy.fall(now);
        }
        Some(crashed)
    }

    /// A crashed worker is back.
    pub(crate) fn worker_returns(&mut self, worker: u32) {
        debug_assert!(self.crash.is_some(), "only workers that crash come back");
        if let Some(crash) = &mut self.crash {
            crash.returns(worker);
        }
    }

    /// Incidents take workers, or give them back: when they do so next.
    pub(crate) fn workers_change(&mut self, now: Nanos) -> Option<Nanos> {
        let loss = self.loss.as_ref()?;
        let workers = self.workers;
        self.lost = lost(loss.at(now), workers);
        self.available = self.able();
        self.next_loss = loss.next_change(now, |share| lost(share, workers));
        self.next_loss
    }

    /// True if that is due: the number of workers may have changed meanwhile.
    pub(crate) fn workers_change_at(&self, now: Nanos) -> bool {
        self.next_loss == Some(now)
    }

    /// The time of its autoscaler's next look; `None`: it has none.
    pub(crate) fn next_look(&self) -> Option<Nanos> {
        self.scaler.as_ref().map(Autoscaler::next_look)
    }

    /// Its autoscaler looks at it.
    pub(crate) fn scaler_looks(&mut self, messages: &Messages, now: Nanos) -> Option<Scaled> {
        let scaler = self.scaler.as_mut()?;
        let oldest = match scaler.rule().target {
            ScaleTarget::Depth(_) => None,
            ScaleTarget::Age(_) => self.lanes.iter().filter_map(|lane| lane.oldest(messages)).min(),
        };
        let age = oldest.map_or(0, |since| now - since);
        let seen = Seen { depth: self.depth.level(), age, busy: self.busy.level() };
        let scaled = scaler.looks(seen, now);
        self.workers = scaler.active();
        self.available = self.able();
        Some(scaled)
    }

    /// Workers that were added have started.
    pub(crate) fn workers_start(&mut self, now: Nanos) {
        if let Some(scaler) = &mut self.scaler {
            scaler.start(self.busy.level(), now);
            self.workers = scaler.active();
            self.available = self.able();
        }
    }

    /// A worker is free again: if it was one too many it is gone.
    #[inline]
    pub(crate) fn surplus_leaves(&mut self, now: Nanos) {
        if let Some(scaler) = &mut self.scaler {
            scaler.leave(self.busy.level(), now);
        }
    }

    /// The run is over: an autoscaler goes on until `end`.
    pub(crate) fn winds_down(&mut self, end: Nanos) {
        if let Some(scaler) = &mut self.scaler {
            scaler.winds_down(end);
        }
    }

    /// Workers that are there, and the same with those that are starting, over time; where a rule says how many.
    pub(crate) fn scaled(&self) -> Option<[&TimeWeighted; 2]> {
        self.scaler.as_ref().map(|scaler| [scaler.there(), scaler.paid()])
    }

    /// Workers that may be busy now.
    fn able(&self) -> u64 {
        if self.hours.is_some() { 0 } else { self.workers.saturating_sub(self.lost) }
    }

    /// Quiet hours begin or end: when they do so next; `None` without any.
    pub(crate) fn quiet_turns(&mut self, now: Nanos) -> Option<Nanos> {
        let calendar = self.calendar.as_ref()?;
        self.hours = calendar.at(now);
        let next = calendar.next_turn(now);
        self.available = self.able();
        Some(next)
    }

    /// The quiet hours that it is in.
    #[inline]
    pub(crate) fn quiet(&self) -> Option<Hours> {
        self.hours
    }

    /// True if it is in quiet hours that refuse what comes.
    #[inline]
    pub(crate) fn refuses(&self) -> bool {
        matches!(self.hours, Some(Hours::Refused { .. }))
    }

    /// The first that waits anywhere leaves, and its lane.
    pub(crate) fn next_of_all(&mut self, messages: &Messages, now: Nanos) -> Option<Id<Message>> {
        (0..self.lanes.len()).find_map(|lane| self.next(lane, messages, now))
    }

    /// Waiting messages, over time.
    #[inline]
    pub(crate) fn depth(&self) -> &TimeWeighted {
        &self.depth
    }

    /// Workers that hold a message, over time.
    #[inline]
    pub(crate) fn busy(&self) -> &TimeWeighted {
        &self.busy
    }

    /// Workers that incidents have taken.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }
}

/// The number of workers that are lost with a share of them.
fn lost(share: f64, workers: u64) -> u64 {
    (share * workers as f64 + 0.5) as u64
}
