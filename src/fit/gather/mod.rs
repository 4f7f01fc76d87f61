//! A log in counts, gathered in one pass and in memory that doesn't grow with it: durations in
//! bins, counts by ticks, all of it by slices of time, so that a part of the log can be left out
//! afterwards.

mod attempts;
mod durations;
mod ending;
mod ends;
mod kept;
mod names;
mod slice;
mod ticks;
mod unnamed;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::AddAssign;

use attempts::Parts;
pub(crate) use durations::{Clocks, Durations, seconds};
use ending::{OnStep, Tick};
use ends::failed_at_submit;
pub(crate) use ends::{End, Fate};
pub(crate) use kept::{Kept, is_slow};
pub(crate) use names::{Names, OTHERS};
pub(crate) use slice::{ATTEMPTS, Cell, Slice, Stream, WAITS};
use slice::{count, tell};
pub(crate) use ticks::Ticks;
use unnamed::Unnamed;

use crate::kernel::SECOND;
use crate::logs::{Failure, Row, Status};

/// Names that are told apart.
const PROVIDERS: usize = 16;
const CARRIERS: usize = 32;
const SENDERS: usize = 17;
/// Names of what a log doesn't name.
const PROVIDER: &str = "provider";
const CARRIER: &str = "carrier";
const SENDER: &str = "messages";
/// Slices that are kept, and bins beyond which fewer are.
const SLICES: usize = 128;
const FEWEST_SLICES: usize = 32;
const BINS: usize = 3 << 20;
/// Ticks of a second for paces, longer ones for what changes slowly.
const FINE: usize = 1 << 17;
const COARSE: usize = 1 << 12;
/// Ticks for what comes to a station.
const LINES: usize = 1 << 15;
/// Messages without a final state whose times are kept: the latest.
const PENDING: usize = 1 << 16;

/// Zones lie so far apart, ns.
const LATE: i64 = 900 * SECOND as i64;

/// Time of the request, provider, carrier, time of acceptance.
type Waiting = (i64, u16, u16, Option<i64>);

/// A log, gathered.
pub struct Gathered {
    /// `true` if it is to be fitted, and not only to be compared.
    is_fitted: bool,
    pub(crate) providers: Names,
    pub(crate) carriers: Names,
    pub(crate) senders: Names,
    unnamed: Unnamed,
    width: i64,
    /// By their numbers, ascending.
    slices: Vec<(i64, Slice)>,
    /// The slice of the last row: the next one mostly lies in it, too.
    at: usize,
    bins: usize,
    /// Messages by the time of their request, by sender.
    pub(crate) arrivals: Vec<Ticks<u32>>,
    /// Segments by the time of acceptance, by provider.
    pub(crate) accepted: Vec<Ticks<u32>>,
    /// Segments by the time of delivery, by carrier.
    pub(crate) delivered: Vec<Ticks<u32>>,
    /// Segments that came, to a provider at the request and to a carrier.
    pub(crate) to_providers: Vec<Ticks<f64>>,
    pub(crate) to_carriers: Vec<Ticks<f64>>,
    /// Attempts by the time of the request, by provider.
    pub(crate) attempts: Vec<Ticks<f64>>,
    /// Submits that begin and end, by provider.
    pub(crate) under_way: Vec<Ticks<i32>>,
    pub(crate) of_providers: Vec<Signals>,
    pub(crate) of_carriers: Vec<Signals>,
    /// Times to acceptance at the first attempt, by provider, and times from there to the handset, by carrier.
    pub(crate) kept_of_providers: Vec<Kept>,
    pub(crate) kept_of_carriers: Vec<Kept>,
    /// The latest messages without a final state: time of the request, provider, carrier, whether a
    /// provider had it and when.
    pending: BinaryHeap<Reverse<Waiting>>,
    first: Option<i64>,
    last: Option<i64>,
    latest: Option<i64>,
    /// The unit of which all times are multiples.
    tick: Tick,
    on_step: OnStep,
    /// Rows that have a time.
    pub(crate) rows: u64,
    /// Rows that have no time at all.
    pub(crate) timeless: u64,
    /// Rows with times of request and acceptance, of request and end, in this order.
    pub(crate) with_sent: u64,
    pub(crate) with_done: u64,
    /// Rows that were accepted later than they were requested.
    waited: u64,
    /// Delivered rows with times of request and end, and those with a time of acceptance, too.
    delivered_timed: u64,
    delivered_sent: u64,
    pub(crate) with_attempts: u64,
    parts: Parts,
    /// Rows that end before they begin.
    pub(crate) backwards: u64,
    /// `true` unless the log has no word for what became of messages.
    pub(crate) states: bool,
    /// The resolution of the times of receipts, ns, if it has them.
    pub(crate) receipts: Option<i64>,
}

/// Signals of a station over time, messages by the time of their request.
pub(crate) type Signals = Ticks<Signal>;

/// Signals of a station.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Signal {
    /// Messages, and those among them that failed here.
    pub(crate) rows: u32,
    pub(crate) failed: u32,
    /// Those that never got a final state, or have none yet.
    pub(crate) silent: u32,
    /// Of those that failed, those that were tried again and accepted.
    pub(crate) again: u32,
    /// Times that it took: how many, the sums of their logarithms and of their squares.
    pub(crate) timed: u32,
    pub(crate) logs: f64,
    pub(crate) squares: f64,
}

impl Signal {
    /// A message, how long it took, if that is known, ns.
    fn of(failed: bool, took: Option<u64>) -> Signal {
        let signal = Signal { rows: 1, failed: u32::from(failed), ..Signal::default() };
        let Some(ns) = took else { return signal };
        // No less than a millisecond: below that it is the log's clock that speaks.
        let log = libm::log(seconds(ns).max(1e-3));
        Signal { timed: 1, logs: log, squares: log * log, ..signal }
    }
}

impl AddAssign for Signal {
    fn add_assign(&mut self, other: Signal) {
        self.rows += other.rows;
        self.failed += other.failed;
        self.silent += other.silent;
        self.again += other.again;
        self.timed += other.timed;
        self.logs += other.logs;
        self.squares += other.squares;
    }
}

impl Default for Gathered {
    fn default() -> Gathered {
        Gathered::new()
    }
}

impl Gathered {
    /// Nothing yet.
    pub fn new() -> Gathered {
        Gathered {
            is_fitted: true,
            providers: Names::plain(PROVIDERS, PROVIDER),
            unnamed: Unnamed::default(),
            carriers: Names::plain(CARRIERS, CARRIER),
            senders: Names::new(SENDERS, SENDER),
            width: SECOND as i64,
            slices: Vec::new(),
            at: 0,
            bins: 0,
            arrivals: Vec::new(),
            accepted: Vec::new(),
            delivered: Vec::new(),
            to_providers: Vec::new(),
            to_carriers: Vec::new(),
            attempts: Vec::new(),
            under_way: Vec::new(),
            of_providers: Vec::new(),
            of_carriers: Vec::new(),
            kept_of_providers: Vec::new(),
            kept_of_carriers: Vec::new(),
            pending: BinaryHeap::new(),
            first: None,
            last: None,
            latest: None,
            tick: Tick::default(),
            on_step: OnStep::default(),
            rows: 0,
            timeless: 0,
            with_sent: 0,
            with_done: 0,
            waited: 0,
            delivered_timed: 0,
            delivered_sent: 0,
            with_attempts: 0,
            parts: Parts::default(),
            backwards: 0,
            states: true,
            receipts: None,
        }
    }

    /// Notes the resolution of the times of receipts, ns.
    pub fn receipts_by(&mut self, resolution: Option<i64>) {
        self.receipts = resolution;
    }

    /// Notes that the log has no states: what has an end was delivered, as far as it tells.
    pub fn without_states(&mut self) {
        self.states = false;
    }

    /// Nothing yet of a run that is compared with a log: what only a fit looks at isn't kept.
    pub(crate) fn of_a_run() -> Gathered {
        // All names that a scenario has, that of the others among them.
        let providers = Names::plain(PROVIDERS + 1, PROVIDER);
        let carriers = Names::plain(CARRIERS + 1, CARRIER);
        let senders = Names::new(SENDERS + 1, SENDER);
        Gathered { is_fitted: false, providers, carriers, senders, ..Gathered::new() }
    }

    /// Adds a row.
    pub fn add(&mut self, row: &Row<'_>) {
        // Whatever its sender knows of it, it was delivered.
        let known = Row { status: Status::Delivered, ..*row };
        let row = if row.unreceived { &known } else { row };
        let time = |time: Option<crate::logs::Time>| time.map(|time| time.0);
        let (sent, done) = (time(row.sent), time(row.done));
        // Where nobody says when a message was asked for, it was when a provider took it.
        let submitted = time(row.submitted).or(sent);
        let Some(at) = submitted.or(done) else {
            self.timeless += 1;
            return;
        };
        self.tick.note([Some(at), sent, done]);
        self.on_step.note(at);
        // A receipt that comes long after what it tells of is by another clock, perhaps.
        let received = time(row.received).zip(done).filter(|&(at, done)| at - done < LATE);
        let received = received.map(|(at, _)| at);
        let latest = [Some(at), sent, done, received].into_iter().flatten().max();
        self.latest = self.latest.max(latest);
        self.rows += 1;
        let (provider, sender, carrier) = self.numbers(row);
        self.note_names(row, (provider, sender, carrier));
        let attempts = self.parts.attempts(row);
        self.with_attempts += u64::from(attempts.is_some());
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.last = Some(self.last.map_or(at, |last| last.max(at)));
        let segments = row.segments.unwrap_or(1).max(1);
        let to_sent = submitted.and(sent).map(|sent| sent - at);
        let to_done = sent.and(done).zip(sent).map(|(done, sent)| done - sent);
        let cycle = submitted.and(done).map(|done| done - at);
        let backwards = [to_sent, cycle].into_iter().flatten().any(|span| span < 0);
        self.backwards += u64::from(backwards);
        let differences = (to_sent, to_done, cycle);
        let span = |span: Option<i64>| span.map(|span| u64::try_from(span).unwrap_or(0));
        let (to_sent, to_done, cycle) = (span(to_sent), span(to_done), span(cycle));
        self.with_sent += u64::from(to_sent.is_some());
        self.with_done += u64::from(cycle.is_some());
        self.waited += u64::from(to_sent.is_some_and(|ns| ns > 0));
        let timed = row.status == Status::Delivered && cycle.is_some();
        self.delivered_timed += u64::from(timed);
        self.delivered_sent += u64::from(timed && to_done.is_some());
        of(&mut self.arrivals, sender, || Ticks::new(FINE)).add(at, 1);
        if self.is_fitted {
            let row = Row { attempts, ..*row };
            self.count_over_time(&row, at, (provider, carrier), (to_sent, to_done, cycle));
        }
        let before = self.slices.len();
        let slice = slice_of(&mut self.slices, &mut self.at, at.div_euclid(self.width));
        let stream = slice.streams.entry(sender).or_default();
        stream.rows += 1;
        if row.status == Status::Delivered {
            let size = stream.cycle.size();
            stream.delivered += 1;
            cycle.into_iter().for_each(|ns| stream.cycle.add(ns));
            self.bins += stream.cycle.size() - size;
        }
        tell(&mut stream.segments, segments);
        row.chars.into_iter().for_each(|chars| tell(&mut stream.chars, chars));
        *stream.carriers.entry(carrier).or_default() += 1;
        let cell = slice.cells.entry((provider, carrier)).or_default();
        let size = cell.to_done.size() + cell.cycle.size();
        cell.statuses[row.status as usize] += 1;
        tell(&mut cell.segments, segments);
        let failure = kind(row);
        if let Some(failure) = failure {
            cell.failures[failure as usize] += 1;
        }
        cell.ends.add(row, self.with_sent > 0);
        cell.unasked += u64::from(row.unasked);
        if let Some(attempts) = attempts {
            let place = (attempts as usize).min(ATTEMPTS);
            count(&mut cell.attempts, place);
            if failed_at_submit(row, self.with_sent > 0) {
                count(&mut cell.exhausted, place);
            }
        }
        if let Some(price) = row.price.filter(|price| price.is_finite()) {
            cell.price += price.abs();
            cell.priced += u64::from(segments);
        }
        let (to_sent, to_done, cycle) = differences;
        let fitted = |difference: Option<i64>| difference.filter(|_| self.is_fitted);
        let (to_sent, to_done) = (fitted(to_sent), fitted(to_done));
        if let Some(ns) = to_sent {
            let place = (attempts.unwrap_or(1).max(1) as usize - 1).min(WAITS - 1);
            if cell.to_sent.len() <= place {
                cell.to_sent.resize_with(place + 1, Durations::default);
            }
            if let Some(durations) = cell.to_sent.get_mut(place) {
                durations.add_difference(ns);
            }
        }
        match row.status {
            Status::Delivered => {
                to_done.into_iter().for_each(|ns| cell.to_done.add_difference(ns));
                cycle.into_iter().for_each(|ns| cell.cycle.add_difference(ns));
                let late = row.received.zip(row.done).map(|(came, done)| came.0 - done.0);
                fitted(late).into_iter().for_each(|ns| cell.receipts.add_difference(ns));
                cell.unreceived += u64::from(row.unreceived);
            }
            Status::Expired => cycle.into_iter().for_each(|ns| cell.expiry.add_difference(ns)),
            Status::Pending if self.is_fitted => {
                self.pending.push(Reverse((at, provider, carrier, sent)));
                if self.pending.len() > PENDING {
                    self.pending.pop();
                }
            }
            _ if failure == Some(Failure::Absent) => {
                cycle.into_iter().for_each(|ns| cell.away.add_difference(ns));
            }
            Status::Undelivered | Status::Rejected | Status::Failed
                if !failed_at_submit(row, self.with_sent > 0) =>
            {
                fitted(cycle).into_iter().for_each(|ns| cell.failed.add_difference(ns));
            }
            _ => {}
        }
        self.bins += cell.to_done.size() + cell.cycle.size() - size;
        if self.slices.len() > before {
            self.fewer();
        }
    }

    fn count_over_time(
        &mut self,
        row: &Row<'_>,
        at: i64,
        (provider, carrier): (u16, u16),
        (to_sent, to_done, cycle): (Option<u64>, Option<u64>, Option<u64>),
    ) {
        let segments = row.segments.unwrap_or(1).max(1);
        if let (Some(sent), Some(ns)) = (row.sent, to_sent) {
            of(&mut self.accepted, provider, || Ticks::new(FINE)).add(sent.0, segments);
            let under_way = of(&mut self.under_way, provider, || Ticks::new(FINE));
            under_way.add(sent.0 - ns as i64, 1);
            under_way.add(sent.0, -1);
        }
        let delivered = row.status == Status::Delivered;
        if let Some(done) = row.done.filter(|_| delivered && cycle.is_some()) {
            of(&mut self.delivered, carrier, || Ticks::new(FINE)).add(done.0, segments);
        }
        let tries = row.attempts.unwrap_or(1).max(1);
        let again = tries > 1;
        let refused = failed_at_submit(row, self.with_sent > 0);
        of(&mut self.to_providers, provider, || Ticks::new(LINES)).add(at, f64::from(segments));
        of(&mut self.attempts, provider, || Ticks::new(COARSE)).add(at, f64::from(tries));
        // What has no time of acceptance in a log that has them didn't come to a carrier.
        if !refused && (row.sent.is_some() || self.with_sent == 0) {
            let begun = row.sent.map_or(at, |sent| sent.0);
            of(&mut self.to_carriers, carrier, || Ticks::new(LINES))
                .add(begun, f64::from(segments));
        }
        let first = to_sent.filter(|_| !again);
        let signal = Signal::of(again || refused, first);
        let signal = Signal { again: u32::from(again && !refused), ..signal };
        of(&mut self.of_providers, provider, || Ticks::new(COARSE)).add(at, signal);
        first
            .into_iter()
            .for_each(|ns| of(&mut self.kept_of_providers, provider, Kept::new).add(at, ns));
        if row.unasked {
            return;
        }
        // What expired before a provider took it failed at no carrier.
        let came = row.sent.is_some() || self.with_sent == 0;
        let at_it = !refused && !delivered && came;
        let silent = matches!(row.status, Status::Pending | Status::Unknown | Status::Cancelled);
        let took = to_done.or(cycle).filter(|_| delivered);
        let signal = Signal::of(at_it && !silent, took);
        let signal = Signal { silent: u32::from(at_it && silent), ..signal };
        of(&mut self.of_carriers, carrier, || Ticks::new(COARSE)).add(at, signal);
        if let Some(ns) = took {
            let begun = row.sent.filter(|_| to_done.is_some()).map_or(at, |sent| sent.0);
            of(&mut self.kept_of_carriers, carrier, Kept::new).add(begun, ns);
        }
    }

    /// Makes slices longer while there are too many.
    fn fewer(&mut self) {
        while self.slices.len() > SLICES || self.slices.len() > FEWEST_SLICES && self.bins > BINS {
            let former = std::mem::take(&mut self.slices);
            self.width = self.width.saturating_mul(2);
            for (number, slice) in former {
                match self.slices.last_mut() {
                    Some((own, last)) if *own == number.div_euclid(2) => last.merge(&slice),
                    _ => self.slices.push((number.div_euclid(2), slice)),
                }
            }
            self.bins = self.slices.iter().map(|(_, slice)| slice.bins()).sum();
        }
    }

    /// The time that a receipt takes, on the mean, ns: what is under way may have ended that long ago.
    pub(crate) fn late(&self) -> u64 {
        let all = self.over(i64::MIN / 2, i64::MAX / 2, &[]).of(None, None);
        all.receipts.mean().unwrap_or(0)
    }

    /// From the first request to just after the last; `None` of a log without rows.
    pub(crate) fn span(&self) -> Option<(i64, i64)> {
        Some((self.first?, self.last?.saturating_add(1)))
    }

    /// `true` if the log says which messages a provider took: of all that came, and not of the odd one.
    pub(crate) fn tells_accepted(&self) -> bool {
        self.with_sent > 0 && 2 * self.delivered_sent >= self.delivered_timed
    }

    /// `true` if it says when, too: an acceptance always noted at the time of the request is no
    /// time of its own.
    pub(crate) fn times_accepted(&self) -> bool {
        self.tells_accepted() && self.waited > 0
    }

    /// `true` if those that failed never came to a carrier: the log says which a provider took, or `all` of it has
    /// another state for those that a carrier reported. A rejection is that only where no codes tell them apart.
    pub(crate) fn fails_before(&self, all: &Cell) -> bool {
        self.tells_accepted()
            || all.status(Status::Undelivered) > 0
            || all.status(Status::Rejected) > 0 && all.failures.iter().all(|&count| count == 0)
    }

    /// Messages of several parts of which submits of parts were counted as attempts.
    pub(crate) fn submits_of_parts(&self) -> u64 {
        self.parts.counted()
    }

    /// The beginning of the slice nearest to an instant.
    pub(crate) fn nearest_slice(&self, at: i64) -> i64 {
        (at.saturating_add(self.width / 2)).div_euclid(self.width) * self.width
    }

    /// The end of the slice in which the last instant before another lies.
    pub(crate) fn slice_ends(&self, before: i64) -> i64 {
        ((before - 1).div_euclid(self.width) + 1) * self.width
    }

    /// Counts of requests in `[from, to)`, but for slices that touch one of `without`.
    pub(crate) fn over(&self, from: i64, to: i64, without: &[(i64, i64)]) -> Slice {
        let mut all = Slice::default();
        for &(number, ref slice) in &self.slices {
            let (start, end) = (number * self.width, (number + 1) * self.width);
            let inside = start.max(from) < end.min(to)
                && (start + end) / 2 >= from
                && (start + end) / 2 < to;
            if inside && !without.iter().any(|&(a, b)| start < b && a < end) {
                all.merge(slice);
            }
        }
        // Two waits in one line are alike, however often a message is tried.
        let in_line = |provider: u16| {
            self.kept_of_providers.get(usize::from(provider)).is_some_and(Kept::are_slow)
        };
        all.without_resends(&in_line)
    }

    /// The requests of messages in `[from, to)` without a final state: how long each had been under
    /// way when the log was exported, ns, with its provider, its carrier and how long since a
    /// provider had it.
    pub(crate) fn pending(&self, from: i64, to: i64) -> Vec<Pending> {
        let exported = self.exported().unwrap_or(0);
        let age = |at: i64| u64::try_from(exported - at).unwrap_or(0);
        let within = self.pending.iter().filter(|Reverse((at, ..))| (from..to).contains(at));
        let pending = within.map(|&Reverse((at, provider, carrier, sent))| Pending {
            age: age(at),
            provider,
            carrier,
            since_sent: sent.map(age),
        });
        pending.collect()
    }
}

/// A message without a final state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) age: u64,
    pub(crate) provider: u16,
    pub(crate) carrier: u16,
    pub(crate) since_sent: Option<u64>,
}

/// The kind in which a message failed. What a provider does to submits is no kind of what was
/// accepted and then reported as undelivered: it would be counted at both. Whatever code one that expired
/// has, its state says already what became of it.
pub(crate) fn kind(row: &Row<'_>) -> Option<Failure> {
    let of_submits = [Failure::Throttled, Failure::QueueFull, Failure::Transient, Failure::Timeout];
    let has_kind = !matches!(row.status, Status::Delivered | Status::Expired);
    let kind = row.failure.filter(|_| has_kind)?;
    let elsewhere = row.status != Status::Failed && of_submits.contains(&kind);
    Some(if elsewhere { Failure::Other } else { kind })
}

/// `true` if a message came to no carrier.
pub(crate) fn failed_before_a_carrier(row: &Row<'_>) -> bool {
    let kinds = [
        Failure::Throttled,
        Failure::QueueFull,
        Failure::Transient,
        Failure::Permanent,
        Failure::Timeout,
    ];
    match kind(row) {
        Some(kind) if kind != Failure::Other => kinds.contains(&kind) && row.sent.is_none(),
        _ => row.status == Status::Failed && row.sent.is_none(),
    }
}

/// The slice of a number, in a list in order; `last` is the place that was asked for before.
fn slice_of<'a>(slices: &'a mut Vec<(i64, Slice)>, last: &mut usize, number: i64) -> &'a mut Slice {
    if slices.get(*last).is_none_or(|&(own, _)| own != number) {
        *last = match slices.binary_search_by_key(&number, |&(own, _)| own) {
            Ok(place) => place,
            Err(place) => {
                slices.insert(place, (number, Slice::default()));
                place
            }
        };
    }
    &mut slices[*last].1
}

/// The entry of a number in a list that grows to it.
fn of<T>(list: &mut Vec<T>, number: u16, new: impl Fn() -> T) -> &mut T {
    let place = usize::from(number);
    if list.len() <= place {
        list.resize_with(place + 1, new);
    }
    &mut list[place]
}
