//! Daily caps of carriers: what counts, and what is held over them until they start anew.

use crate::chain::records::id::Id;
use crate::chain::records::message::Message;
use crate::chain::records::names::{Names, scope_size};
use crate::chain::records::paged::Paged;
use crate::chain::spec::{self, CapExcess};
use crate::kernel::Nanos;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A daily cap's decision on a copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Capped {
    /// Segments of the day, with it if it passes.
    pub(crate) used: u64,
    pub(crate) limit: u64,
    pub(crate) fate: Fate,
}

/// The fate of a copy at a daily cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Passes,
    Fails,
    /// It is held.
    Held,
}

/// A copy that a daily cap holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OverCap {
    pub(crate) message: Id<Message>,
    pub(crate) copy: u32,
    pub(crate) scope: usize,
    pub(crate) segments: u16,
    /// The end of its validity.
    pub(crate) ends: Nanos,
}

impl OverCap {
    fn which(&self) -> Which {
        (self.message.place(), self.copy)
    }
}

/// A copy, by its message's place and its number.
type Which = (u32, u32);

/// The length of a copy's hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holding {
    /// At least until the count starts anew, then.
    Until {
        at: Nanos,
        /// Nobody else has scheduled that.
        first: bool,
    },
    /// Its validity ends before.
    Expires,
}

/// The fate of one that was held when the count starts anew.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Leaving {
    /// It goes on, and is counted.
    Goes(OverCap),
    /// Its validity ends before the next time.
    Expires(OverCap),
}

/// Segments of the day, by scope.
#[derive(Debug)]
pub(crate) struct Cap {
    limit: u64,
    /// (day, segments)
    used: Paged<(u64, u64)>,
    /// Nanoseconds from the reset before t = 0 to t = 0.
    offset: Nanos,
    holds: bool,
    /// Those who are held, by scope, in order.
    lines: BTreeMap<usize, VecDeque<OverCap>>,
    in_line: usize,
    /// Those who are held until their validity ends.
    expiring: BTreeSet<Which>,
    /// Those who went on and are counted, before they are asked for again.
    released: BTreeSet<Which>,
    /// Those for whom the count that has just started anew decides.
    leaving: VecDeque<Leaving>,
    /// The count's next new start is scheduled.
    scheduled: bool,
}

const DAY: Nanos = 86_400 * 1_000_000_000;

impl Cap {
    pub(crate) fn new(cap: &spec::DailyCap, start: Nanos, names: &Names) -> Cap {
        Cap {
            limit: cap.limit,
            used: Paged::new((0, 0), scope_size(cap.scope, names, 1)),
            offset: (start + DAY - cap.resets_at % DAY) % DAY,
            holds: cap.on_excess == CapExcess::Hold,
            lines: BTreeMap::new(),
            in_line: 0,
            expiring: BTreeSet::new(),
            released: BTreeSet::new(),
            leaving: VecDeque::new(),
            scheduled: false,
        }
    }

    fn resets_after(&self, now: Nanos) -> Nanos {
        ((now + self.offset) / DAY + 1) * DAY - self.offset
    }

    /// Counts the segments if the day's limit allows them. `None`: they are counted already.
    pub(crate) fn counts(
        &mut self,
        (message, copy): (Id<Message>, u32),
        now: Nanos,
        scope: usize,
        segments: u64,
    ) -> Option<Capped> {
        if self.holds && self.released.remove(&(message.place(), copy)) {
            return None;
        }
        let waits = self.holds && self.lines.contains_key(&scope);
        let (used, fits) = self.fits(now, scope, segments, waits);
        let fate = match (fits, self.holds) {
            (true, _) => Fate::Passes,
            (false, false) => Fate::Fails,
            (false, true) => Fate::Held,
        };
        Some(Capped { used, limit: self.limit, fate })
    }

    /// Counts the segments if they fit, and nobody waits before them.
    fn fits(&mut self, now: Nanos, scope: usize, segments: u64, waits: bool) -> (u64, bool) {
        let today = (now + self.offset) / DAY;
        let (day, used) = &mut self.used[scope];
        if *day != today {
            (*day, *used) = (today, 0);
        }
        // What is held would wait for ever for more than there ever is: a whole day's count does for it.
        let whole = self.holds && *used == 0 && segments > self.limit && self.limit > 0;
        let fits = !waits && (*used + segments <= self.limit || whole);
        *used += if fits { segments } else { 0 };
        (*used, fits)
    }

    /// A copy is held.
    pub(crate) fn holds(&mut self, held: OverCap, now: Nanos) -> Holding {
        let at = self.resets_after(now);
        if held.ends <= at {
            self.expiring.insert(held.which());
            return Holding::Expires;
        }
        self.lines.entry(held.scope).or_default().push_back(held);
        self.in_line += 1;
        let first = !std::mem::replace(&mut self.scheduled, true);
        Holding::Until { at, first }
    }

    /// The count starts anew, and what becomes of those who were held is decided. Returns the next time, if
    /// somebody is still held.
    pub(crate) fn starts_anew(&mut self, now: Nanos) -> Option<Nanos> {
        let next = self.resets_after(now);
        let scopes: Vec<usize> = self.lines.keys().copied().collect();
        for scope in scopes {
            let Some(mut line) = self.lines.remove(&scope) else {
                continue;
            };
            while let Some(&first) = line.front() {
                // In an outage the new start comes late.
                if first.ends > now {
                    if !self.fits(now, scope, u64::from(first.segments), false).1 {
                        break;
                    }
                    self.released.insert(first.which());
                    self.leaving.push_back(Leaving::Goes(first));
                } else {
                    self.ends_held(first);
                }
                line.pop_front();
            }
            let (stay, expire): (VecDeque<OverCap>, VecDeque<OverCap>) =
                line.into_iter().partition(|held| held.ends > next);
            expire.into_iter().for_each(|held| self.ends_held(held));
            if !stay.is_empty() {
                self.lines.insert(scope, stay);
            }
        }
        self.in_line = self.lines.values().map(VecDeque::len).sum();
        self.scheduled = self.in_line > 0;
        self.scheduled.then_some(next)
    }

    fn ends_held(&mut self, held: OverCap) {
        self.expiring.insert(held.which());
        self.leaving.push_back(Leaving::Expires(held));
    }

    /// The next that the new start has decided about.
    pub(crate) fn leaves(&mut self) -> Option<Leaving> {
        self.leaving.pop_front()
    }

    /// True if it held a copy until its validity ended, as it does now.
    pub(crate) fn lets_go(&mut self, (message, copy): (Id<Message>, u32)) -> bool {
        self.holds && self.expiring.remove(&(message.place(), copy))
    }

    /// Copies that wait for the count to start anew.
    pub(crate) fn in_line(&self) -> usize {
        self.in_line
    }

    /// Copies that it holds.
    pub(crate) fn held(&self) -> u64 {
        (self.in_line + self.expiring.len()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Nanos = DAY / 24;

    fn cap(on_excess: CapExcess) -> Cap {
        let scope = spec::Scope::Carrier;
        let spec = spec::DailyCap { limit: 10, scope, resets_at: 2 * HOUR, on_excess };
        // t = 0 is 09:00: the reset is 17 hours later.
        Cap::new(&spec, 9 * HOUR, &Names::default())
    }

    fn copy(number: u32, segments: u16, ends: Nanos) -> OverCap {
        OverCap { message: Id::at(number), copy: 0, scope: 0, segments, ends }
    }

    fn asks(cap: &mut Cap, now: Nanos, segments: u64) -> Fate {
        cap.counts((Id::at(99), 0), now, 0, segments).map_or(Fate::Passes, |capped| capped.fate)
    }

    #[test]
    fn a_cap_counts_anew_at_its_time_of_day() {
        let mut cap = cap(CapExcess::Fail);
        let fates = [
            (0, 9, Fate::Passes),
            (HOUR, 2, Fate::Fails),
            (HOUR, 1, Fate::Passes),
            (17 * HOUR - 1, 1, Fate::Fails),
            (17 * HOUR, 10, Fate::Passes),
            (17 * HOUR, 1, Fate::Fails),
            (41 * HOUR, 1, Fate::Passes),
        ];
        for (now, segments, fate) in fates {
            assert_eq!(asks(&mut cap, now, segments), fate, "{now} {segments}");
        }
    }

    #[test]
    fn what_is_held_goes_on_in_order_as_far_as_the_new_count_goes() {
        let mut cap = cap(CapExcess::Hold);
        assert_eq!(asks(&mut cap, 0, 10), Fate::Passes);
        let reset = 17 * HOUR;
        for (number, segments, ends) in [(1, 6, Nanos::MAX), (2, 3, HOUR), (3, 5, Nanos::MAX)] {
            assert_eq!(asks(&mut cap, 1, u64::from(segments)), Fate::Held);
            let holding = match (number, ends) {
                (2, _) => Holding::Expires,
                (number, _) => Holding::Until { at: reset, first: number == 1 },
            };
            assert_eq!(cap.holds(copy(number, segments, ends), 1), holding);
        }
        assert_eq!((cap.held(), cap.in_line()), (3, 2));
        assert!(cap.lets_go((Id::at(2), 0)) && !cap.lets_go((Id::at(2), 0)));
        assert_eq!(cap.starts_anew(reset), Some(41 * HOUR));
        assert!(matches!(cap.leaves(), Some(Leaving::Goes(held)) if held.which() == (1, 0)));
        assert!(cap.leaves().is_none());
        // It is counted already; and nobody overtakes who is held, though there would be room.
        assert!(cap.counts((Id::at(1), 0), reset, 0, 6).is_none());
        assert_eq!(asks(&mut cap, reset, 1), Fate::Held);
        assert_eq!(cap.starts_anew(41 * HOUR), None);
        assert!(matches!(cap.leaves(), Some(Leaving::Goes(held)) if held.which() == (3, 0)));
    }

    #[test]
    fn more_than_a_day_passes_as_a_whole_day() {
        let mut cap = cap(CapExcess::Hold);
        assert_eq!(asks(&mut cap, 0, 30), Fate::Passes);
        assert_eq!(asks(&mut cap, 0, 1), Fate::Held);
    }
}
