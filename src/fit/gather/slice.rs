//! Counts of the rows of one span of time.

use std::collections::{BTreeMap, BTreeSet};

use super::durations::Durations;
use super::ends::Ends;
use crate::logs::{Failure, MOST_ATTEMPTS, Status};

/// Attempts that are told apart: as many as a row may have.
pub(crate) const ATTEMPTS: usize = MOST_ATTEMPTS as usize;
/// Attempts whose times to acceptance are told apart.
pub(crate) const WAITS: usize = 8;
/// Characters or segments that are told apart.
const LONGEST: u32 = 2_000;
/// Halvings of an interval after which nothing is left of it.
const HALVINGS: usize = 60;

/// Messages by one provider to one carrier.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    /// By [`Status`].
    pub(crate) statuses: [u64; Status::COUNT],
    /// Of those that failed with a kind, by [`Failure`].
    pub(crate) failures: [u64; Failure::COUNT],
    /// Those that weren't delivered, by what the log says of each.
    pub(crate) ends: Ends,
    /// Those for which no receipt was asked.
    pub(crate) unasked: u64,
    /// Messages by attempts made.
    pub(crate) attempts: Vec<u64>,
    /// Messages whose further attempts came after an acceptance, and are none of those.
    pub(crate) resent: u64,
    /// Of messages that failed at their last attempt, by attempts made.
    pub(crate) exhausted: Vec<u64>,
    /// From the request to the provider's acceptance, by attempts made.
    pub(crate) to_sent: Vec<Durations>,
    /// From there to the handset.
    pub(crate) to_done: Durations,
    /// From the request to the handset.
    pub(crate) cycle: Durations,
    /// From the handset to the receipt, of deliveries; and deliveries whose receipt never came.
    pub(crate) receipts: Durations,
    pub(crate) unreceived: u64,
    /// From the request to the end of those that expired.
    pub(crate) expiry: Durations,
    /// From the request to the end of those that failed since their handset was away.
    pub(crate) away: Durations,
    /// From the request to the end of those that failed for other reasons.
    pub(crate) failed: Durations,
    /// Messages by their segments.
    pub(crate) segments: BTreeMap<u32, u64>,
    /// Price, and the segments it is for.
    pub(crate) price: f64,
    pub(crate) priced: u64,
}

impl Cell {
    pub(crate) fn rows(&self) -> u64 {
        self.statuses.iter().sum()
    }

    pub(crate) fn status(&self, status: Status) -> u64 {
        self.statuses[status as usize]
    }

    /// Rows of which the log tells whether they were delivered, and when: one of a delivered message's times may
    /// be missing.
    pub(crate) fn timed(&self) -> u64 {
        let untimed = self.status(Status::Delivered).saturating_sub(self.cycle.count());
        self.rows().saturating_sub(untimed)
    }

    pub(crate) fn failure(&self, failure: Failure) -> u64 {
        self.failures[failure as usize]
    }

    pub(crate) fn merge(&mut self, other: &Cell) {
        let add = |own: &mut u64, other: &u64| *own += other;
        self.statuses.iter_mut().zip(&other.statuses).for_each(|(own, other)| add(own, other));
        self.failures.iter_mut().zip(&other.failures).for_each(|(own, other)| add(own, other));
        self.ends.merge(&other.ends);
        self.unasked += other.unasked;
        self.resent += other.resent;
        sum(&mut self.attempts, &other.attempts);
        sum(&mut self.exhausted, &other.exhausted);
        if self.to_sent.len() < other.to_sent.len() {
            self.to_sent.resize_with(other.to_sent.len(), Durations::default);
        }
        self.to_sent.iter_mut().zip(&other.to_sent).for_each(|(own, other)| own.merge(other));
        self.to_done.merge(&other.to_done);
        self.cycle.merge(&other.cycle);
        self.receipts.merge(&other.receipts);
        self.unreceived += other.unreceived;
        self.expiry.merge(&other.expiry);
        self.away.merge(&other.away);
        self.failed.merge(&other.failed);
        other
            .segments
            .iter()
            .for_each(|(&key, count)| *self.segments.entry(key).or_default() += count);
        self.price += other.price;
        self.priced += other.priced;
    }

    /// The loss of a segment, p, where a share of the messages is lost: of those of n segments 1 − (1 − p)ⁿ.
    pub(crate) fn loss_of_a_segment(&self, share: f64) -> f64 {
        let all: u64 = self.segments.values().sum();
        let of_messages = |loss: f64| {
            let own = |(&segments, &count): (&u32, &u64)| {
                count as f64 * (1.0 - libm::pow(1.0 - loss, f64::from(segments)))
            };
            self.segments.iter().map(own).sum::<f64>() / all.max(1) as f64
        };
        // No segment is lost more often than its message.
        let (mut low, mut high) = (0.0, share);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            *if of_messages(middle) < share { &mut low } else { &mut high } = middle;
        }
        high
    }

    /// Adds so many times as many failures that came by receipts as there are, from what has no end.
    fn unheard(&mut self, odds: f64) {
        for status in [Status::Undelivered, Status::Rejected, Status::Expired] {
            let more = self.ends.unheard(status, odds);
            let more = more.min(self.status(Status::Pending));
            self.statuses[Status::Pending as usize] -= more;
            self.statuses[status as usize] += more;
        }
    }

    /// From the request to acceptance at the first attempt.
    pub(crate) fn first_sent(&self) -> Option<&Durations> {
        self.to_sent.first()
    }
}

/// Messages of one stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stream {
    pub(crate) rows: u64,
    /// Of these, those that were delivered, and from the request to the handset.
    pub(crate) delivered: u64,
    pub(crate) cycle: Durations,
    pub(crate) segments: BTreeMap<u32, u64>,
    pub(crate) chars: BTreeMap<u32, u64>,
    /// By the carrier's number.
    pub(crate) carriers: BTreeMap<u16, u64>,
}

impl Stream {
    pub(crate) fn merge(&mut self, other: &Stream) {
        self.rows += other.rows;
        self.delivered += other.delivered;
        self.cycle.merge(&other.cycle);
        for (own, other) in [(&mut self.segments, &other.segments), (&mut self.chars, &other.chars)]
        {
            other.iter().for_each(|(&key, count)| *own.entry(key).or_default() += count);
        }
        for (&carrier, count) in &other.carriers {
            *self.carriers.entry(carrier).or_default() += count;
        }
    }
}

impl Stream {
    /// Rows by carrier without those of a part of it.
    pub(crate) fn less(&self, part: &Stream) -> Stream {
        let mut left = Stream { rows: self.rows.saturating_sub(part.rows), ..Stream::default() };
        for (&carrier, &count) in &self.carriers {
            let own = count.saturating_sub(part.carriers.get(&carrier).copied().unwrap_or(0));
            left.carriers.insert(carrier, own);
        }
        left
    }
}

/// Counts of a span of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Slice {
    /// By the numbers of provider and carrier.
    pub(crate) cells: BTreeMap<(u16, u16), Cell>,
    /// By the sender's number.
    pub(crate) streams: BTreeMap<u16, Stream>,
}

impl Slice {
    pub(crate) fn merge(&mut self, other: &Slice) {
        for (&key, cell) in &other.cells {
            self.cells.entry(key).or_default().merge(cell);
        }
        for (&key, stream) in &other.streams {
            self.streams.entry(key).or_default().merge(stream);
        }
    }

    /// Bins that its durations have.
    pub(super) fn bins(&self) -> usize {
        let cells = self.cells.values().map(|cell| cell.to_done.size() + cell.cycle.size());
        let streams = self.streams.values().map(|stream| stream.cycle.size());
        cells.chain(streams).sum()
    }

    /// The cells of a provider, a carrier, both or neither, together.
    pub(crate) fn of(&self, provider: Option<u16>, carrier: Option<u16>) -> Cell {
        let mut all = Cell::default();
        for (&(own_provider, own_carrier), cell) in &self.cells {
            if provider.is_none_or(|wanted| wanted == own_provider)
                && carrier.is_none_or(|wanted| wanted == own_carrier)
            {
                all.merge(cell);
            }
        }
        all
    }

    /// Counts with the failures of which nobody heard, in a log that knows of deliveries alone beside receipts: of
    /// each provider's messages without an end as many as its receipts are lost.
    pub(crate) fn with_unheard(mut self) -> Slice {
        let providers: BTreeSet<u16> = self.cells.keys().map(|&(provider, _)| provider).collect();
        for provider in providers {
            let all = self.of(Some(provider), None);
            let heard = all.status(Status::Delivered).saturating_sub(all.unreceived);
            // A log with times of receipts has what became of the others, too.
            if all.unreceived > 0 && heard > 0 && all.receipts.count() == 0 {
                let odds = all.unreceived as f64 / heard as f64;
                let own = self.cells.iter_mut().filter(|((of, _), _)| *of == provider);
                own.for_each(|(_, cell)| cell.unheard(odds));
            }
        }
        self
    }

    pub(crate) fn rows(&self) -> u64 {
        self.streams.values().map(|stream| stream.rows).sum()
    }
}

/// Counts one more at a place of a list that grows to it.
pub(crate) fn count(list: &mut Vec<u64>, place: usize) {
    if list.len() <= place {
        list.resize(place + 1, 0);
    }
    if let Some(count) = list.get_mut(place) {
        *count += 1;
    }
}

/// Counts a number of characters or segments; what is longer than any text that is sent goes together.
pub(crate) fn tell(lengths: &mut BTreeMap<u32, u64>, length: u32) {
    *lengths.entry(length.min(LONGEST)).or_default() += 1;
}

fn sum(own: &mut Vec<u64>, other: &[u64]) {
    if own.len() < other.len() {
        own.resize(other.len(), 0);
    }
    own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
}
