//! Waiting messages of a queue, in the order of its discipline.

use crate::chain::records::attempt::Ticket;
use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::messages::Messages;
use crate::chain::spec::{Discipline, Requeue};
use crate::kernel::Nanos;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Messages that wait for the same thing.
#[derive(Debug)]
pub(super) struct Lane {
    waiting: Waiting,
    /// The number of them; `waiting` has entries of some that left, too.
    depth: u64,
}

impl Lane {
    pub(super) fn new(discipline: Discipline, requeue: Requeue) -> Lane {
        Lane { waiting: Waiting::new(discipline, requeue), depth: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.depth == 0
    }

    pub(super) fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    /// One more waits. True: it is the only one.
    pub(super) fn push(&mut self, ticket: Ticket<Message>, rank: Rank) -> bool {
        self.waiting.push(ticket, rank);
        self.depth += 1;
        self.depth == 1
    }

    /// The first that waits; entries of those that left before it are forgotten.
    pub(super) fn first(&mut self, messages: &Messages) -> Option<Id<Message>> {
        while let Some((message, stamp)) = self.waiting.first() {
            if messages[message].stamp == stamp {
                return Some(message);
            }
            self.waiting.pop();
        }
        None
    }

    /// The same, with no entry forgotten.
    pub(super) fn peek(&self, messages: &Messages) -> Option<Id<Message>> {
        self.waiting.first_of(messages).map(|(message, _)| message)
    }

    /// The first that waits leaves.
    pub(super) fn next(&mut self, messages: &Messages) -> Option<Id<Message>> {
        while let Some((message, stamp)) = self.waiting.pop() {
            if messages[message].stamp == stamp {
                self.one_left();
                return Some(message);
            }
        }
        None
    }

    /// The arrival of the one that has waited longest.
    pub(super) fn oldest(&self, messages: &Messages) -> Option<Nanos> {
        let since = |&(message, stamp): &Ticket<Message>| {
            let record = &messages[message];
            (record.stamp == stamp).then_some(record.since)
        };
        let first = |line: &VecDeque<Ticket<Message>>| line.iter().find_map(since);
        match &self.waiting {
            Waiting::Fifo(line) => first(line),
            Waiting::Priority(lines) => lines.iter().filter_map(first).min(),
            Waiting::Ahead(lines) => lines.iter().filter_map(first).min(),
            Waiting::Deadline(heap, _) => {
                heap.iter().filter_map(|Reverse((_, _, ticket))| since(ticket)).min()
            }
        }
    }

    /// One fewer waits; its entry is void.
    pub(super) fn one_left(&mut self) {
        debug_assert!(self.depth > 0, "nobody waits that could leave");
        self.depth -= 1;
    }

    /// Forgets void entries when they are most of all.
    pub(super) fn trim(&mut self, messages: &Messages) {
        self.waiting.trim(self.depth, messages);
    }
}

/// The facts of a message that its place goes by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rank {
    pub(crate) priority: u8,
    pub(crate) deadline: Nanos,
    /// It comes back, and goes before those that don't.
    pub(crate) ahead: bool,
}

/// Tickets in the order of the discipline. Entries of messages that left are void.
#[derive(Debug)]
pub(super) enum Waiting {
    Fifo(VecDeque<Ticket<Message>>),
    Priority([VecDeque<Ticket<Message>>; PRIORITIES]),
    /// By priority, and of each those that came back after those that did not.
    Ahead(Box<[VecDeque<Ticket<Message>>; 2 * PRIORITIES]>),
    /// (deadline, order of arrival, ticket)
    Deadline(BinaryHeap<Reverse<(Nanos, u64, Ticket<Message>)>>, u64),
}

/// The number of priorities.
pub(crate) const PRIORITIES: usize = 4;

impl Waiting {
    pub(super) fn new(discipline: Discipline, requeue: Requeue) -> Waiting {
        match (discipline, requeue) {
            (Discipline::Fifo, Requeue::Tail) => Waiting::Fifo(VecDeque::new()),
            (Discipline::Priority, Requeue::Tail) => Waiting::Priority(Default::default()),
            (Discipline::Fifo | Discipline::Priority, Requeue::Head) => {
                Waiting::Ahead(Default::default())
            }
            (Discipline::Deadline, _) => Waiting::Deadline(BinaryHeap::new(), 0),
        }
    }

    pub(super) fn push(&mut self, ticket: Ticket<Message>, rank: Rank) {
        let priority = usize::from(rank.priority).min(PRIORITIES - 1);
        match self {
            Waiting::Fifo(line) => line.push_back(ticket),
            Waiting::Priority(lines) => lines[priority].push_back(ticket),
            Waiting::Ahead(lines) => {
                lines[2 * priority + usize::from(rank.ahead)].push_back(ticket);
            }
            Waiting::Deadline(heap, arrivals) => {
                // Of equals those that came back are before all others.
                let order = *arrivals | u64::from(!rank.ahead) << 63;
                heap.push(Reverse((rank.deadline, order, ticket)));
                *arrivals += 1;
            }
        }
    }

    pub(super) fn pop(&mut self) -> Option<Ticket<Message>> {
        match self {
            Waiting::Fifo(line) => line.pop_front(),
            Waiting::Priority(lines) => lines.iter_mut().rev().find_map(VecDeque::pop_front),
            Waiting::Ahead(lines) => lines.iter_mut().rev().find_map(VecDeque::pop_front),
            Waiting::Deadline(heap, _) => heap.pop().map(|Reverse((_, _, ticket))| ticket),
        }
    }

    /// The one that would be popped.
    pub(super) fn first(&self) -> Option<Ticket<Message>> {
        match self {
            Waiting::Fifo(line) => line.front().copied(),
            Waiting::Priority(lines) => lines.iter().rev().find_map(|line| line.front().copied()),
            Waiting::Ahead(lines) => lines.iter().rev().find_map(|line| line.front().copied()),
            Waiting::Deadline(heap, _) => heap.peek().map(|Reverse((_, _, ticket))| *ticket),
        }
    }

    /// The one that would be popped of those that still wait.
    fn first_of(&self, messages: &Messages) -> Option<Ticket<Message>> {
        let waits = |&&(slot, stamp): &&Ticket<Message>| messages[slot].stamp == stamp;
        match self {
            Waiting::Fifo(line) => line.iter().find(waits).copied(),
            Waiting::Priority(lines) => {
                lines.iter().rev().find_map(|line| line.iter().find(waits).copied())
            }
            Waiting::Ahead(lines) => {
                lines.iter().rev().find_map(|line| line.iter().find(waits).copied())
            }
            Waiting::Deadline(heap, _) => {
                let there = heap.iter().filter(|Reverse((_, _, ticket))| waits(&ticket));
                let first = there.min_by_key(|Reverse((deadline, nth, _))| (*deadline, *nth));
                first.map(|Reverse((_, _, ticket))| *ticket)
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Waiting::Fifo(line) => line.len(),
            Waiting::Priority(lines) => lines.iter().map(VecDeque::len).sum(),
            Waiting::Ahead(lines) => lines.iter().map(VecDeque::len).sum(),
            Waiting::Deadline(heap, _) => heap.len(),
        }
    }

    /// Forgets void entries when they are most of all, wherever they are: one that is never served
    /// stays for ever behind those that are, otherwise.
    pub(super) fn trim(&mut self, waiting: u64, messages: &Messages) {
        const FEW: usize = 64;
        if self.len() < FEW || (self.len() as u64) / 2 < waiting {
            return;
        }
        let valid = |&(slot, stamp): &Ticket<Message>| messages[slot].stamp == stamp;
        match self {
            Waiting::Fifo(line) => line.retain(valid),
            Waiting::Priority(lines) => lines.iter_mut().for_each(|line| line.retain(valid)),
            Waiting::Ahead(lines) => lines.iter_mut().for_each(|line| line.retain(valid)),
            Waiting::Deadline(heap, _) => heap.retain(|Reverse((_, _, ticket))| valid(ticket)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::records::event::Order;
    use crate::chain::records::message::Birth;
    use crate::random::Key;

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
        let of = |discipline| [Requeue::Tail, Requeue::Head].map(|requeue| (discipline, requeue));
        let all = [Discipline::Fifo, Discipline::Priority, Discipline::Deadline].map(of);
        for (discipline, requeue) in all.into_iter().flatten() {
            let mut waiting = Waiting::new(discipline, requeue);
            let mut messages = Messages::new();
            for number in 0..1000 {
                let message = messages.insert(&birth, 0);
                waiting.push(
                    (message, 0),
                    Rank { priority: 0, deadline: number, ahead: number % 2 == 1 },
                );
            }
            // All but the first have left; it would hide them.
            for number in 1..1000 {
                messages[Id::nth(number)].stamp = 1;
            }
            waiting.trim(1, &messages);
            assert_eq!(waiting.len(), 1, "{discipline:?}");
            assert_eq!(waiting.pop(), Some((Id::nth(0), 0)));
        }
    }
}
