//! Workers that crash, and the messages they held.

use crate::chain::draws::site;
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, EventKind, Schedule as _};
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::message::MessageState;
use crate::chain::records::messages;
use crate::chain::records::outcome::Truth;
use crate::chain::spec::{self, Guarantee};
use crate::chain::trace::story::QueueStep;
use crate::kernel::{Nanos, Scheduler};
use crate::random::{DrawSource, Key, open01};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Workers that crash, one by one.
#[derive(Debug)]
pub(super) struct Crashes {
    mean_time_between: Nanos,
    restart: Nanos,
    guarantee: Guarantee,
    key: Key,
    /// What each worker does.
    workers: Vec<Worker>,
    /// Idle ones, lowest first, and some that have crashed since, of which the first is none: to look
    /// for a worker that crashes would take as long as there are workers.
    idle: BinaryHeap<Reverse<u32>>,
}

#[derive(Debug, Clone, Copy)]
struct Worker {
    /// The message it holds.
    holds: Option<Id<Message>>,
    crashes: u32,
    /// It is among the idle ones.
    listed: bool,
    /// It has crashed and isn't back.
    down: bool,
}

impl Crashes {
    pub(super) fn new(crash: &spec::Crash, key: Key, workers: u32) -> Crashes {
        let worker = Worker { holds: None, crashes: 0, listed: true, down: false };
        Crashes {
            mean_time_between: crash.mean_time_between,
            restart: crash.restart,
            guarantee: crash.guarantee,
            key,
            workers: vec![worker; workers as usize],
            idle: (0..workers).map(Reverse).collect(),
        }
    }

    pub(super) fn has_idle(&self) -> bool {
        !self.idle.is_empty()
    }

    /// A worker is among the idle ones, if it isn't yet.
    fn list(&mut self, worker: u32) {
        let state = &mut self.workers[worker as usize];
        if !std::mem::replace(&mut state.listed, true) {
            self.idle.push(Reverse(worker));
        }
    }

    /// The first that is listed is idle, if any is.
    fn drop_crashed(&mut self) {
        while let Some(&Reverse(first)) = self.idle.peek()
            && self.workers[first as usize].down
        {
            self.idle.pop();
            self.workers[first as usize].listed = false;
        }
    }

    /// The idle worker that takes a message, if there is one.
    #[inline(never)]
    pub(super) fn first_idle_takes(
        &mut self,
        message: Id<Message>,
    ) -> Option<Id<messages::Worker>> {
        let Reverse(worker) = self.idle.pop()?;
        let state = &mut self.workers[worker as usize];
        (state.holds, state.listed) = (Some(message), false);
        self.drop_crashed();
        Some(Id::nth(worker))
    }

    /// A worker holds nothing any more.
    #[inline(never)]
    pub(super) fn is_idle(&mut self, worker: Id<messages::Worker>) {
        self.workers[worker.number() as usize].holds = None;
        self.list(worker.number());
    }
}

impl<E: Engine> Chain<'_, E> {
    /// The first crash of every worker of queues that have them.
    pub(crate) fn schedule_crashes(&mut self, s: &mut Scheduler<Event>) {
        self.schedule_crashes_but(&[], s);
    }

    /// A new time to crash for every worker but `these` (queue, worker).
    pub(crate) fn schedule_crashes_but(&mut self, these: &[(u32, u32)], s: &mut Scheduler<Event>) {
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
        let bits = self.chance.block(site::crash(key, *number)).first();
        *number += 1;
        let up = -libm::log(open01(bits)) * crash.mean_time_between as f64;
        let at = s.now().saturating_add(up.round() as Nanos);
        if at <= self.end {
            s.station(at, worker, Event::new(EventKind::WorkerCrash, index as u32, worker));
        }
    }

    /// A worker is gone for a while, and the message it held with it.
    pub(crate) fn worker_crash(&mut self, index: usize, worker: u32, s: &mut Scheduler<Event>) {
        let now = s.now();
        let Some(crash) = &mut self.queues[index].crash else {
            return;
        };
        let state = &mut crash.workers[worker as usize];
        let message = state.holds.take();
        state.down = true;
        let (restart, guarantee) = (crash.restart, crash.guarantee);
        crash.drop_crashed();
        let back = Event::new(EventKind::WorkerRestart, index as u32, worker);
        s.station(now.saturating_add(restart), worker, back);
        let Some(message) = message else {
            return;
        };
        self.queues[index].busy.fall(now);
        self.messages.extra_mut(message).worker = None;
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
                record.moves_to(MessageState::Aside, now);
                let rejoin = Event::new(EventKind::Rejoin, message, 0);
                s.happens(now.saturating_add(visibility_timeout), record.order, 0, rejoin);
            }
            Guarantee::AtMostOnce => {
                let place = self.places.queue(index);
                self.sender_ends(message, Truth::LostBySender, place, s);
            }
        }
    }

    /// A crashed worker is back.
    pub(crate) fn worker_restart(&mut self, index: usize, worker: u32, s: &mut Scheduler<Event>) {
        if let Some(crash) = &mut self.queues[index].crash {
            crash.workers[worker as usize].down = false;
            crash.list(worker);
        }
        self.schedule_crash(index, worker, s);
        self.serve_waiting(index, s);
    }
}
