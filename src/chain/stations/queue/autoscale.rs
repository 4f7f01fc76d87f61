//! Autoscaling: how many workers a queue has, by what waits in it.

use crate::chain::spec::{Autoscale, ScaleTarget};
use crate::kernel::Nanos;
use crate::stats::TimeWeighted;
use std::cmp::Ordering;
use std::collections::VecDeque;

/// A queue's autoscaler and its workers.
#[derive(Debug)]
pub(super) struct Autoscaler<'run> {
    rule: &'run Autoscale,
    /// Those that take messages.
    active: u32,
    /// Times at which the next of those added will have started, and their number then; the first is the soonest.
    starting: VecDeque<(Nanos, u32)>,
    /// Those that are there: that take messages, or finish what they have.
    there: TimeWeighted,
    /// The same with those that are starting.
    paid: TimeWeighted,
    next_look: Nanos,
}

/// The outcome of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scaled {
    /// As many as before.
    Stays,
    /// So many more, from then on.
    More(u32, Nanos),
    /// So many fewer.
    Fewer(u32),
}

/// A queue in the eyes of its autoscaler.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) depth: u64,
    pub(super) age: Nanos,
    /// Workers that hold a message.
    pub(super) busy: u64,
}

impl<'run> Autoscaler<'run> {
    /// `level`: one of 0 workers.
    pub(super) fn new(rule: &'run Autoscale, workers: u32, level: TimeWeighted) -> Self {
        let mut there = level;
        (0..workers).for_each(|_| there.rise(0));
        let paid = there;
        let starting = VecDeque::new();
        Autoscaler { rule, active: workers, starting, there, paid, next_look: rule.every }
    }

    pub(super) fn rule(&self) -> &'run Autoscale {
        self.rule
    }

    pub(super) fn next_look(&self) -> Nanos {
        self.next_look
    }

    /// Those that take messages.
    pub(super) fn active(&self) -> u64 {
        u64::from(self.active)
    }

    /// Those that are there, over time.
    pub(super) fn there(&self) -> &TimeWeighted {
        &self.there
    }

    /// Those that are there or starting, over time.
    pub(super) fn paid(&self) -> &TimeWeighted {
        &self.paid
    }

    /// Those that have been added and have not started.
    fn ordered(&self) -> u32 {
        self.starting.iter().map(|&(_, count)| count).sum()
    }

    /// Looks at the queue.
    pub(super) fn looks(&mut self, seen: Seen, now: Nanos) -> Scaled {
        self.next_look = now.saturating_add(self.rule.every);
        let wanted = self.active + self.ordered();
        let measured = match self.rule.target {
            ScaleTarget::Depth(target) => seen.depth.cmp(&target),
            ScaleTarget::Age(target) => seen.age.cmp(&target),
        };
        match measured {
            Ordering::Greater => {
                let more = self.rule.step.min(self.rule.max.saturating_sub(wanted));
                self.adds(more, now)
            }
            Ordering::Less => {
                let fewer = self.rule.step.min(wanted.saturating_sub(self.rule.min));
                self.takes_away(fewer, seen.busy, now)
            }
            Ordering::Equal => Scaled::Stays,
        }
    }

    fn adds(&mut self, more: u32, now: Nanos) -> Scaled {
        if more == 0 {
            return Scaled::Stays;
        }
        let at = now.saturating_add(self.rule.delay);
        (0..more).for_each(|_| self.paid.rise(now));
        self.starting.push_back((at, more));
        Scaled::More(more, at)
    }

    /// First those that have not started, the last of them first.
    fn takes_away(&mut self, fewer: u32, busy: u64, now: Nanos) -> Scaled {
        if fewer == 0 {
            return Scaled::Stays;
        }
        let mut left = fewer;
        while let Some((_, count)) = self.starting.back_mut()
            && left > 0
        {
            let some = left.min(*count);
            (*count, left) = (*count - some, left - some);
            (0..some).for_each(|_| self.paid.fall(now));
            if *count == 0 {
                self.starting.pop_back();
            }
        }
        self.active -= left;
        self.leave(busy, now);
        Scaled::Fewer(fewer)
    }

    /// Those added whose start is over are there.
    pub(super) fn start(&mut self, busy: u64, now: Nanos) {
        while let Some(&(at, count)) = self.starting.front()
            && at <= now
        {
            self.starting.pop_front();
            self.active += count;
        }
        // Those that were to leave and have not may stay instead.
        while self.there.level() < self.active().max(busy) {
            self.there.rise(now);
        }
        self.pays(now);
    }

    /// So many hold a message: others that are too many are gone.
    pub(super) fn leave(&mut self, busy: u64, now: Nanos) {
        while self.there.level() > self.active().max(busy) {
            self.there.fall(now);
        }
        self.pays(now);
    }

    /// Workers that are paid for: those that are there and those that are starting.
    fn pays(&mut self, now: Nanos) {
        let level = self.there.level() + u64::from(self.ordered());
        while self.paid.level() > level {
            self.paid.fall(now);
        }
        while self.paid.level() < level {
            self.paid.rise(now);
        }
    }

    /// The run is over before `end`: the looks from then on find nothing.
    pub(super) fn winds_down(&mut self, end: Nanos) {
        loop {
            let start = self.starting.front().map_or(Nanos::MAX, |&(at, _)| at);
            let next = start.min(self.next_look);
            if next >= end {
                return;
            }
            match start <= self.next_look {
                true => self.start(0, next),
                false => {
                    self.looks(Seen::default(), next);
                }
            }
        }
    }
}
