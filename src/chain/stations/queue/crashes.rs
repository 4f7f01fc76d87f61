//! Workers that crash, and the messages they hold.

use crate::chain::draws::site;
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::messages::Worker;
use crate::chain::spec::{self, Guarantee};
use crate::kernel::Nanos;
use crate::random::{DrawSource, Key, open01};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The effects of a worker's crash.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crashed {
    /// The message it held.
    pub(crate) held: Option<Id<Message>>,
    /// The time until it is back.
    pub(crate) restart: Nanos,
    pub(crate) guarantee: Guarantee,
}

/// Workers that crash, one by one.
#[derive(Debug)]
pub(super) struct Crashes<'run> {
    settings: &'run spec::Crash,
    key: Key,
    /// The state of each worker.
    workers: Vec<State>,
    /// Idle ones, lowest first, and some that have crashed since, of which the first is none: to look
    /// for a worker that crashes would take as long as there are workers.
    idle: BinaryHeap<Reverse<u32>>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// The message it holds.
    holds: Option<Id<Message>>,
    crashes: u32,
    /// It is among the idle ones.
    listed: bool,
    /// It has crashed and isn't back.
    down: bool,
}

impl<'run> Crashes<'run> {
    pub(super) fn new(settings: &'run spec::Crash, key: Key, workers: u32) -> Crashes<'run> {
        let worker = State { holds: None, crashes: 0, listed: true, down: false };
        Crashes {
            settings,
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
    pub(super) fn first_idle_takes(&mut self, message: Id<Message>) -> Option<Id<Worker>> {
        let Reverse(worker) = self.idle.pop()?;
        let state = &mut self.workers[worker as usize];
        (state.holds, state.listed) = (Some(message), false);
        self.drop_crashed();
        Some(Id::nth(worker))
    }

    /// A worker is at the next message of its batch.
    pub(super) fn turns_to(&mut self, worker: Id<Worker>, message: Id<Message>) {
        self.workers[worker.number() as usize].holds = Some(message);
    }

    /// A worker holds nothing any more.
    #[inline(never)]
    pub(super) fn is_idle(&mut self, worker: Id<Worker>) {
        self.workers[worker.number() as usize].holds = None;
        self.list(worker.number());
    }

    /// The number of workers.
    pub(super) fn workers(&self) -> u32 {
        self.workers.len() as u32
    }

    /// The time until a worker's next crash.
    pub(super) fn next_crash(&mut self, worker: u32, chance: &impl DrawSource) -> Nanos {
        let number = &mut self.workers[worker as usize].crashes;
        let key = self.key.child(u64::from(worker));
        let word = chance.block(site::crash(key, *number)).first();
        *number += 1;
        (-libm::log(open01(word)) * self.settings.mean_time_between as f64).round() as Nanos
    }

    /// A worker crashes.
    pub(super) fn crashes(&mut self, worker: u32) -> Crashed {
        let state = &mut self.workers[worker as usize];
        debug_assert!(!state.down, "a worker that is down crashes");
        state.down = true;
        let held = state.holds.take();
        self.drop_crashed();
        Crashed { held, restart: self.settings.restart, guarantee: self.settings.guarantee }
    }

    /// A crashed worker is back.
    pub(super) fn returns(&mut self, worker: u32) {
        debug_assert!(self.workers[worker as usize].down, "a worker that never crashed is back");
        self.workers[worker as usize].down = false;
        self.list(worker);
    }
}
