//! Those who wait for a token of each of several limits.
//!
//! Who waits for the same counts stands in one lane, in order of arrival. Only the first of a lane waits
//! in a limit's line, for the first of the list that holds it up, and in that line again by arrival.
//! When that one has tokens for the first in line, and all others have them too, it passes and takes
//! them together; if another has none, or somebody who came before waits there, it goes on waiting
//! there, and has taken none. So nobody is overtaken where he waits, and nobody waits for a count
//! that is none of his.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Among;
use crate::kernel::Nanos;

/// A count of a limit: which limit, and which of its counts.
pub(crate) type Spot = (u8, u32);

/// All who wait at a station.
#[derive(Debug)]
pub(super) struct Lines<T> {
    /// The number of the next who comes.
    next: u64,
    lanes: Vec<Lane<T>>,
    free: Vec<u32>,
    by_counts: BTreeMap<Among, u32>,
    lines: BTreeMap<Spot, Line>,
    /// Times at which a line's first is looked at.
    due: BTreeSet<(Nanos, Spot)>,
    /// Lines whose firsts are looked at now, each with the number of its first.
    awake: BTreeSet<(u64, Spot)>,
    waiting: usize,
}

#[derive(Debug)]
struct Lane<T> {
    among: Among,
    members: VecDeque<Member<T>>,
}

/// One who waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<T> {
    number: u64,
    pub(super) tokens: u16,
    pub(super) item: T,
}

/// The firsts of lanes that wait for a count, by their numbers.
#[derive(Debug, Default)]
struct Line {
    waiting: BTreeMap<u64, u32>,
    due: Option<Nanos>,
}

/// The first of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct First<T> {
    pub(super) spot: Spot,
    pub(super) number: u64,
    pub(super) among: Among,
    pub(super) tokens: u16,
    pub(super) item: T,
}

impl<T: Copy> Lines<T> {
    pub(super) fn new() -> Lines<T> {
        Lines {
            next: 0,
            lanes: Vec::new(),
            free: Vec::new(),
            by_counts: BTreeMap::new(),
            lines: BTreeMap::new(),
            due: BTreeSet::new(),
            awake: BTreeSet::new(),
            waiting: 0,
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// All who wait.
    pub(super) fn all(&self) -> impl Iterator<Item = T> {
        self.lanes.iter().flat_map(|lane| lane.members.iter().map(|member| member.item))
    }

    /// True if somebody waits there who came before that number.
    pub(super) fn is_before(&self, spot: Spot, number: u64) -> bool {
        self.waiting > 0
            && self
                .lines
                .get(&spot)
                .is_some_and(|line| line.waiting.range(..number).next().is_some())
    }

    /// One joins those who wait for the same, or is the first of them and waits at `spot`. Returns its
    /// place among them, from 1, and whether that line has a first to be timed.
    pub(super) fn joins(&mut self, item: T, among: Among, tokens: u16, spot: Spot) -> (u64, bool) {
        let member = Member { number: self.next, tokens, item };
        self.next += 1;
        self.waiting += 1;
        let lane = match self.by_counts.get(&among) {
            Some(&lane) => lane,
            None => {
                let fresh = Lane { among, members: VecDeque::new() };
                let lane = match self.free.pop() {
                    Some(lane) => {
                        self.lanes[lane as usize] = fresh;
                        lane
                    }
                    None => {
                        self.lanes.push(fresh);
                        (self.lanes.len() - 1) as u32
                    }
                };
                self.by_counts.insert(among, lane);
                lane
            }
        };
        let members = &mut self.lanes[lane as usize].members;
        members.push_back(member);
        let place = members.len() as u64;
        (place, place == 1 && self.stands(spot, member.number, lane))
    }

    /// The first of a lane stands in a line. True: it is the first there, too.
    fn stands(&mut self, spot: Spot, number: u64, lane: u32) -> bool {
        let line = self.lines.entry(spot).or_default();
        let before = line.waiting.first_key_value().map(|(&first, _)| first);
        line.waiting.insert(number, lane);
        let first = before.is_none_or(|before| number < before);
        if first
            && let Some(before) = before
            && self.awake.remove(&(before, spot))
        {
            self.awake.insert((number, spot));
            return false;
        }
        first
    }

    /// Sets the time at which a line's first is to be looked at.
    pub(super) fn is_due(&mut self, spot: Spot, at: Nanos) {
        debug_assert!(self.lines.contains_key(&spot), "a time for a line that nobody stands in");
        if let Some(line) = self.lines.get_mut(&spot) {
            if let Some(before) = line.due.replace(at) {
                self.due.remove(&(before, spot));
            }
            self.due.insert((at, spot));
        }
    }

    /// The next time at which a line's first is looked at.
    pub(super) fn next_due(&self) -> Option<Nanos> {
        self.due.first().map(|&(at, _)| at)
    }

    /// Those whose time has come are looked at.
    pub(super) fn wakes(&mut self, now: Nanos) {
        while let Some(&(at, spot)) = self.due.first()
            && at <= now
        {
            self.due.pop_first();
            if let Some(line) = self.lines.get_mut(&spot) {
                line.due = None;
                if let Some((&first, _)) = line.waiting.first_key_value() {
                    self.awake.insert((first, spot));
                }
            }
        }
    }

    /// Of the firsts that are looked at, the one who came first.
    pub(super) fn first_awake(&self) -> Option<First<T>> {
        let &(_, spot) = self.awake.first()?;
        self.first_at(spot)
    }

    /// The first in a line.
    pub(super) fn first_at(&self, spot: Spot) -> Option<First<T>> {
        let (&number, &lane) = self.lines.get(&spot)?.waiting.first_key_value()?;
        let lane = &self.lanes[lane as usize];
        let member = lane.members.front()?;
        debug_assert_eq!(member.number, number, "the first of a lane waits");
        Some(First { spot, number, among: lane.among, tokens: member.tokens, item: member.item })
    }

    /// The line is looked at no more.
    pub(super) fn sleeps(&mut self, first: &First<T>) {
        self.awake.remove(&(first.number, first.spot));
    }

    /// The first of a line that is looked at goes to another. True: it is the first there, and nobody
    /// is looking at that line.
    pub(super) fn moves(&mut self, first: &First<T>, to: Spot) -> bool {
        let lane = self.steps_out(first);
        self.looks_on(first.spot);
        match lane {
            Some(lane) => self.stands(to, first.number, lane),
            None => {
                debug_assert!(false, "who moves stood there");
                false
            }
        }
    }

    /// The first of a line that is looked at leaves; who stood behind it comes next there.
    pub(super) fn leaves(&mut self, first: &First<T>) {
        self.waiting -= 1;
        let lane = self.steps_out(first);
        debug_assert!(lane.is_some(), "who leaves stood there");
        if let Some(lane) = lane {
            let members = &mut self.lanes[lane as usize].members;
            members.pop_front();
            match members.front() {
                Some(next) => {
                    let number = next.number;
                    self.lines.entry(first.spot).or_default().waiting.insert(number, lane);
                }
                None => {
                    self.by_counts.remove(&first.among);
                    self.free.push(lane);
                }
            }
        }
        self.looks_on(first.spot);
    }

    fn steps_out(&mut self, first: &First<T>) -> Option<u32> {
        self.awake.remove(&(first.number, first.spot));
        self.lines.get_mut(&first.spot)?.waiting.remove(&first.number)
    }

    /// The next in a line is looked at; one that is empty is gone.
    fn looks_on(&mut self, spot: Spot) {
        let Some(line) = self.lines.get(&spot) else {
            debug_assert!(false, "a line that nobody stood in");
            return;
        };
        match line.waiting.first_key_value() {
            Some((&next, _)) => {
                self.awake.insert((next, spot));
            }
            None => {
                if let Some(due) = line.due {
                    self.due.remove(&(due, spot));
                }
                self.lines.remove(&spot);
            }
        }
    }
}
