//! The future event set: a monotone radix wheel with a sorted front.
//!
//! An event far ahead lies unsorted in one of 256 buckets of a level; level l has buckets 256ˡ ns
//! wide, and the level is the highest byte in which the event's time differs from the wheel's base
//! (a hierarchical timing wheel, Varghese & Lauck 1987; seen from the other side, a radix heap in
//! base 256, Ahuja, Mehlhorn, Orlin & Tarjan 1990). When the clock gets there, a bucket of few events
//! that is not too wide for their present rate is sorted into the *front*, with those after it while
//! all are small; any other is spread over the levels below. So no width has to be tuned: an event is
//! moved two or three times in its life, whatever the number pending. A handful of events never leaves
//! the front at all. Only the front is ever compared, and the order it gives is exact: by time, then
//! by rank.

use super::Nanos;
use super::lists::{List, Lists};
use std::cmp::Reverse;

const DIGIT_BITS: u32 = 8;
const BUCKETS: usize = 1 << DIGIT_BITS;
const LEVELS: usize = (u64::BITS / DIGIT_BITS) as usize;
/// Buckets up to this size are sorted; larger ones are spread over the level below.
const SORT_AT_MOST: usize = 128;
/// Buckets up to this many mean gaps between events wide are sorted. In a wider one most of what
/// happens is yet to be scheduled, and would all have to be put in its place in the front.
const SORT_GAPS_AT_MOST: u64 = 256;
/// Small buckets are sorted together up to so many events.
const GATHER_AT_MOST: usize = 32;
/// The mean gap is that of about the last 2⁶ events.
const GAP_BITS: u32 = 6;
/// The distance from the front's end within which an event scheduled into it is put in its place there.
const NEAR: usize = 32;
/// With an empty wheel, the front takes what is scheduled as long as it is no longer than this.
const HANDFUL: usize = 24;

#[derive(Debug, Clone, Copy)]
struct Entry<E> {
    time: Nanos,
    rank: u64,
    event: E,
}

impl<E> Entry<E> {
    fn key(&self) -> u128 {
        (u128::from(self.time) << 64) | u128::from(self.rank)
    }
}

/// Events to come, taken in the order of (time, rank).
///
/// Monotone: an event can't be scheduled before the last one taken. Two events of the same time
/// and rank come in an unspecified (but reproducible) order.
#[derive(Debug, Clone)]
pub struct EventSet<E> {
    /// Time and rank of the last event taken.
    now: Nanos,
    rank: u64,
    /// The least event scheduled for this very instant: most are taken next, without a search.
    hand: Option<Entry<E>>,
    /// The opened bucket, latest first.
    front: Vec<Entry<E>>,
    /// A binary heap of events scheduled far into the front's span after it was sorted.
    late: Vec<Entry<E>>,
    /// The front's span ends here (exclusive), unless it is the end of time.
    front_end: Nanos,
    /// The number of events in the buckets.
    in_wheel: usize,
    /// Start of the last opened bucket: what levels are measured from.
    base: Nanos,
    buckets: Lists<Entry<E>, { LEVELS * BUCKETS }>,
    /// A bit a bucket: is anything in it?
    occupied: [[u64; BUCKETS / 64]; LEVELS],
    /// The keys that are sorted instead of a bucket's events.
    words: Vec<u64>,
    /// A running mean of the time between events, in 2⁻⁶ ns.
    gap: u64,
    /// Buckets sorted into the front so far.
    opened: u64,
    /// Events taken so far.
    taken: u64,
}

impl<E: Copy> Default for EventSet<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Copy> EventSet<E> {
    /// An empty set at time 0.
    #[must_use]
    pub fn new() -> Self {
        EventSet {
            now: 0,
            rank: 0,
            hand: None,
            front: Vec::new(),
            late: Vec::new(),
            front_end: 0,
            in_wheel: 0,
            base: 0,
            buckets: Lists::new(),
            occupied: [[0; BUCKETS / 64]; LEVELS],
            words: Vec::new(),
            gap: 0,
            opened: 0,
            taken: 0,
        }
    }

    /// The number of events pending.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::from(self.hand.is_some()) + self.front.len() + self.late.len() + self.in_wheel
    }

    /// True when no event is pending.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Time of the last event taken.
    #[must_use]
    pub fn now(&self) -> Nanos {
        self.now
    }

    /// Adds an event at `time`, which is not before the last event taken (an earlier time is
    /// taken as that one).
    // What is far ahead, as most is, takes a short way: with no calls, but for one at its end, it needs
    // no registers saved, and with its parts one by one no memory.
    #[inline(never)]
    pub fn schedule(&mut self, time: Nanos, rank: u64, event: E) {
        debug_assert!(time >= self.now, "an event in the past");
        if self.in_wheel > 0 && time >= self.front_end {
            self.in_wheel += 1;
            let bucket = self.bucket_of(time);
            if !self.buckets.push_if_room(bucket, Entry { time, rank, event }) {
                self.lengthen_bucket(bucket, time, rank, event);
            }
        } else {
            self.schedule_near(time, rank, event);
        }
    }

    #[inline(never)]
    fn lengthen_bucket(&mut self, bucket: usize, time: Nanos, rank: u64, event: E) {
        self.buckets.push_into_new_piece(bucket, Entry { time, rank, event });
    }

    /// The same, if it may have a place in the hand or in the front.
    #[inline(never)]
    fn schedule_near(&mut self, time: Nanos, rank: u64, event: E) {
        let mut entry = Entry { time: time.max(self.now), rank, event };
        if entry.time == self.now {
            match &mut self.hand {
                None => {
                    self.hand = Some(entry);
                    return;
                }
                Some(held) if entry.key() < held.key() => std::mem::swap(held, &mut entry),
                Some(_) => {}
            }
        }
        if self.in_wheel == 0 && self.late.is_empty() {
            if self.front.len() < HANDFUL {
                self.front_end = self.front_end.max(entry.time.saturating_add(1));
                self.insert_into_front(entry);
                return;
            }
            // A longer front came out of the wheel: its span is a bucket's.
            if self.front.len() == HANDFUL {
                self.front_into_wheel();
            }
        }
        if entry.time >= self.front_end {
            self.put_into_wheel(entry);
            return;
        }
        let near = self.front.len().wrapping_sub(NEAR);
        match self.front.get(near) {
            Some(other) if entry.key() > other.key() => sift_up(&mut self.late, entry),
            _ => self.insert_into_front(entry),
        }
    }

    /// Puts an event where it belongs in the front, near its end.
    #[inline(always)]
    fn insert_into_front(&mut self, entry: Entry<E>) {
        let key = entry.key();
        let mut hole = self.front.len();
        self.front.push(entry);
        while hole > 0 && self.front[hole - 1].key() < key {
            self.front[hole] = self.front[hole - 1];
            hole -= 1;
        }
        self.front[hole] = entry;
    }

    /// A front that took everything has become too long: it goes into the empty wheel, but for what is
    /// of this instant, for nothing in the wheel may be.
    #[cold]
    #[inline(never)]
    fn front_into_wheel(&mut self) {
        (self.front_end, self.base) = (self.now.saturating_add(1), self.now);
        let later = self.front.iter().take_while(|entry| entry.time > self.now).count();
        let of_now = self.front.split_off(later);
        for entry in std::mem::replace(&mut self.front, of_now) {
            self.put_into_wheel(entry);
        }
    }

    #[inline]
    fn put_into_wheel(&mut self, entry: Entry<E>) {
        self.in_wheel += 1;
        let bucket = self.bucket_of(entry.time);
        self.buckets.push(bucket, entry);
    }

    /// The bucket of a time that is not before the base, in which something will be.
    #[inline(always)]
    fn bucket_of(&mut self, time: Nanos) -> usize {
        let differing = time ^ self.base;
        let level = ((63 - (differing | 1).leading_zeros()) / DIGIT_BITS) as usize;
        let digit = (time >> (level as u32 * DIGIT_BITS)) as usize & (BUCKETS - 1);
        self.occupied[level][digit / 64] |= 1 << (digit % 64);
        level * BUCKETS + digit
    }

    /// Takes the first event, unless it is later than `until`.
    #[inline]
    pub fn take(&mut self, until: Nanos) -> Option<(Nanos, E)> {
        if self.late.is_empty() {
            // Mostly there is nothing to choose from.
            match (self.hand, self.front.last()) {
                (Some(held), Some(sorted)) if sorted.time > held.time && held.time <= until => {
                    return Some((held.time, self.let_go(held)));
                }
                (None, Some(&first)) => {
                    if first.time > until {
                        return None;
                    }
                    self.front.pop();
                    return Some(self.turn_to(first));
                }
                _ => {}
            }
        }
        self.choose(until)
    }

    /// Takes the next event, if it was scheduled for this very instant at this instant, and is as
    /// `wanted`: what one event has brought about can be carried out with it.
    #[inline]
    pub fn take_now(&mut self, wanted: impl FnOnce(&E) -> bool) -> Option<E> {
        let held = self.hand?;
        (self.rest_is_after(held.rank) && wanted(&held.event)).then(|| self.let_go(held))
    }

    /// True if an event of this very instant and this rank would be the next. Then it counts as taken: what it
    /// would do can be done with what brings it about.
    #[inline]
    pub fn take_at_once(&mut self, rank: u64) -> bool {
        let next = self.hand.is_none_or(|held| held.rank > rank) && self.rest_is_after(rank);
        if next {
            self.rank = rank;
            self.taken += 1;
        }
        next
    }

    /// True if all but what the hand holds comes after something of this instant and that rank. (What is
    /// in the wheel does.)
    #[inline]
    fn rest_is_after(&self, rank: u64) -> bool {
        let after = |other: Option<&Entry<E>>| {
            other.is_none_or(|other| other.time > self.now || other.rank > rank)
        };
        after(self.front.last()) && after(self.late.first())
    }

    /// Takes the first event, if it comes before this time and rank.
    #[inline]
    pub fn take_before(&mut self, time: Nanos, rank: u64) -> Option<(Nanos, E)> {
        let before = (u128::from(time) << 64) | u128::from(rank);
        if self.first()? < before { self.take(time) } else { None }
    }

    /// The key of the first event.
    fn first(&mut self) -> Option<u128> {
        loop {
            let near = [self.hand.as_ref(), self.front.last(), self.late.first()];
            let first = near.into_iter().flatten().map(Entry::key).min();
            if first.is_some() || !self.open_next_bucket() {
                return first;
            }
        }
    }

    #[inline]
    fn let_go(&mut self, held: Entry<E>) -> E {
        self.hand = None;
        self.rank = held.rank;
        self.taken += 1;
        held.event
    }

    /// The clock moves on to an event.
    #[inline]
    fn turn_to(&mut self, first: Entry<E>) -> (Nanos, E) {
        let gap = first.time - self.now;
        self.gap = (self.gap - (self.gap >> GAP_BITS)).saturating_add(gap);
        (self.now, self.rank) = (first.time, first.rank);
        self.taken += 1;
        (first.time, first.event)
    }

    #[inline(never)]
    fn choose(&mut self, until: Nanos) -> Option<(Nanos, E)> {
        if let Some(held) = self.hand {
            // It is of this instant: whatever is in the wheel is later.
            let first = |other: Option<&Entry<E>>| other.is_none_or(|e| held.key() <= e.key());
            if held.time <= until && first(self.front.last()) && first(self.late.first()) {
                return Some((held.time, self.let_go(held)));
            }
        }
        loop {
            let from_late = match (self.front.last(), self.late.first()) {
                (Some(_), None) => false,
                (Some(sorted), Some(late)) => late.key() < sorted.key(),
                (None, Some(_)) => true,
                (None, None) => {
                    if self.hand.is_some() || !self.open_next_bucket() {
                        return None;
                    }
                    continue;
                }
            };
            let first = if from_late { self.late.first() } else { self.front.last() };
            let &first = first?;
            if first.time > until {
                return None;
            }
            if from_late {
                sift_down_first(&mut self.late);
            } else {
                self.front.pop();
            }
            return Some(self.turn_to(first));
        }
    }

    /// Fills the empty front from the first bucket, or from several that are small. False when nothing is
    /// left.
    #[inline(never)]
    fn open_next_bucket(&mut self) -> bool {
        loop {
            let Some((level, digit)) = self.first_bucket() else {
                return false;
            };
            let shift = level as u32 * DIGIT_BITS;
            // The bucket shares the base's digits above its level.
            let above = (self.base >> shift) & !(BUCKETS as u64 - 1);
            let start = |digit: usize| (above | digit as u64) << shift;
            let widest = (self.gap >> GAP_BITS).saturating_mul(SORT_GAPS_AT_MOST);
            let len = self.buckets.len(level * BUCKETS + digit);
            if level > 0 && (len > SORT_AT_MOST || 1 << shift > widest) {
                (self.base, self.front_end) = (start(digit), start(digit));
                self.spread(level, digit);
                continue;
            }
            let last = self.sort_into_front(start(digit), (level, digit), widest);
            self.base = start(last);
            self.front_end = self.base.saturating_add(1 << shift);
            self.opened += 1;
            return true;
        }
    }

    /// Puts what is in a bucket into those of the levels below.
    fn spread(&mut self, level: usize, digit: usize) {
        let mut bucket = self.detach(level, digit);
        while bucket.len() > 0 {
            for place in self.buckets.first_places(bucket) {
                self.put_into_wheel(self.buckets.at(place));
            }
            self.buckets.drop_first(&mut bucket);
        }
    }

    /// Fills the empty front, latest first, with a bucket that starts at `from`, and with those after it
    /// of its level while all are few and within `widest`. Returns the last of them.
    fn sort_into_front(
        &mut self,
        from: Nanos,
        (level, digit): (usize, usize),
        widest: Nanos,
    ) -> usize {
        let width: Nanos = 1 << (level as u32 * DIGIT_BITS);
        // Sorted are single words: how long after the start, and at which place.
        let place_bits = self.buckets.places().max(1).ilog2() + 1;
        let widest_word = 1 << (u64::BITS - place_bits);
        if width > widest_word {
            let mut bucket = self.detach(level, digit);
            while bucket.len() > 0 {
                let places = self.buckets.first_places(bucket);
                self.front.extend(places.map(|place| self.buckets.at(place)));
                self.buckets.drop_first(&mut bucket);
            }
            self.front.sort_unstable_by_key(|entry| Reverse(entry.key()));
            return digit;
        }
        self.words.clear();
        let mut last = digit;
        loop {
            let mut bucket = self.detach(level, last);
            while bucket.len() > 0 {
                let places = self.buckets.first_places(bucket);
                self.words.extend(places.map(|place| {
                    (self.buckets.at(place).time - from) << place_bits | place as u64
                }));
                self.buckets.drop_first(&mut bucket);
            }
            let Some(next) = self.after_in_level(level, last) else { break };
            let span = width.saturating_mul((next - digit + 1) as u64);
            let len = self.words.len() + self.buckets.len(level * BUCKETS + next);
            if len > GATHER_AT_MOST || span > widest.min(widest_word) {
                break;
            }
            last = next;
        }
        self.words.sort_unstable();
        let place = |word: u64| (word & ((1 << place_bits) - 1)) as usize;
        self.front.extend(self.words.iter().rev().map(|&word| self.buckets.at(place(word))));
        if self.words.windows(2).any(|pair| pair[0] >> place_bits == pair[1] >> place_bits) {
            // Those of one time come by rank.
            self.front.sort_unstable_by_key(|entry| Reverse(entry.key()));
        }
        last
    }

    /// Takes a bucket out of the wheel; its pieces are still to be given back.
    #[inline]
    fn detach(&mut self, level: usize, digit: usize) -> List {
        self.occupied[level][digit / 64] &= !(1 << (digit % 64));
        let bucket = self.buckets.detach(level * BUCKETS + digit);
        self.in_wheel -= bucket.len();
        bucket
    }

    /// The first bucket of a level that isn't empty after `digit`.
    #[inline]
    fn after_in_level(&self, level: usize, digit: usize) -> Option<usize> {
        let words = &self.occupied[level];
        let (index, bit) = ((digit + 1) / 64, (digit + 1) % 64);
        let rest = words.get(index)? & (u64::MAX << bit);
        let others = words.iter().copied().enumerate().skip(index + 1);
        let found = |&(_, word): &(usize, u64)| word != 0;
        let (index, word) = std::iter::once((index, rest)).chain(others).find(found)?;
        Some(index * 64 + word.trailing_zeros() as usize)
    }

    fn first_bucket(&self) -> Option<(usize, usize)> {
        for (level, words) in self.occupied.iter().enumerate() {
            for (index, &word) in words.iter().enumerate() {
                if word != 0 {
                    return Some((level, index * 64 + word.trailing_zeros() as usize));
                }
            }
        }
        None
    }

    /// The number of times the events that come next were taken from those further ahead.
    #[inline]
    #[must_use]
    pub fn opened(&self) -> u64 {
        self.opened
    }

    /// Rank of the last event taken.
    #[inline]
    #[must_use]
    pub fn rank(&self) -> u64 {
        self.rank
    }

    /// The number of events that have been taken.
    #[inline]
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// The events that come next, as far as they are in order already.
    pub fn coming_up(&self) -> impl Iterator<Item = E> {
        self.front.iter().rev().map(|entry| entry.event)
    }

    /// Forgets the events that `wanted` refuses: timers that were overtaken.
    pub fn retain(&mut self, mut wanted: impl FnMut(Nanos, &E) -> bool) {
        if self.hand.is_some_and(|held| !wanted(held.time, &held.event)) {
            self.hand = None;
        }
        self.front.retain(|entry| wanted(entry.time, &entry.event));
        let late = std::mem::take(&mut self.late);
        for entry in late.into_iter().filter(|entry| wanted(entry.time, &entry.event)) {
            sift_up(&mut self.late, entry);
        }
        self.in_wheel = 0;
        for index in 0..LEVELS * BUCKETS {
            let mut bucket = self.buckets.detach(index);
            while bucket.len() > 0 {
                for place in self.buckets.first_places(bucket) {
                    let entry = self.buckets.at(place);
                    if wanted(entry.time, &entry.event) {
                        self.buckets.push(index, entry);
                    }
                }
                self.buckets.drop_first(&mut bucket);
            }
            let left = self.buckets.len(index);
            self.in_wheel += left;
            if left == 0 {
                let (level, digit) = (index / BUCKETS, index % BUCKETS);
                self.occupied[level][digit / 64] &= !(1 << (digit % 64));
            }
        }
    }

    /// Every pending event with its time, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (Nanos, &E)> {
        let near = self.hand.iter().chain(&self.front).chain(&self.late);
        near.chain(self.buckets.iter()).map(|entry| (entry.time, &entry.event))
    }
}

fn sift_up<E: Copy>(heap: &mut Vec<Entry<E>>, entry: Entry<E>) {
    let mut hole = heap.len();
    heap.push(entry);
    while hole > 0 {
        let parent = (hole - 1) / 2;
        if heap[parent].key() <= entry.key() {
            break;
        }
        heap[hole] = heap[parent];
        hole = parent;
    }
    heap[hole] = entry;
}

fn sift_down_first<E: Copy>(heap: &mut Vec<Entry<E>>) {
    let Some(last) = heap.pop() else { return };
    if heap.is_empty() {
        return;
    }
    let mut hole = 0;
    loop {
        let mut child = 2 * hole + 1;
        if child >= heap.len() {
            break;
        }
        if child + 1 < heap.len() && heap[child + 1].key() < heap[child].key() {
            child += 1;
        }
        if last.key() <= heap[child].key() {
            break;
        }
        heap[hole] = heap[child];
        hole = child;
    }
    heap[hole] = last;
}

#[cfg(test)]
mod tests;
