//! Future event sets under the hold model: take the first event, schedule another one.
//!
//! `cargo bench --bench event_set`: the kernel's own beside others, with 100, 10,000 and a million
//! events pending, for exponential delays of one mean and for delays as a chain has them. All give
//! the same order, by (time, rank): each is checked against the kernel's before it is timed.

mod binary_heap;
mod calendar;
mod four_ary;

use binary_heap::Binary;
use calendar::Calendar;
use four_ary::FourAry;
use smschain::kernel::EventSet;
use smschain::random::{Chance, Key, Owner, Purpose, Site, open01};

/// Holds in one sample.
const HOLDS: u64 = 200_000;
const PENDING: [u64; 3] = [100, 10_000, 1_000_000];

fn main() {
    for delays in [exponential, of_a_chain] {
        let expected = order::<EventSet<u64>>(delays);
        assert!(order::<Binary>(delays) == expected, "the binary heap disagrees");
        assert!(order::<FourAry>(delays) == expected, "the 4-ary heap disagrees");
        assert!(order::<Calendar>(delays) == expected, "the calendar queue disagrees");
    }
    divan::main();
}

/// What a run asks of its events to come.
pub(crate) trait FutureEvents {
    /// An empty set for about so many events, whose mean delay is known to those who can use it.
    fn with(pending: u64, mean_delay: u64) -> Self;

    /// Adds an event, at or after the time of the last one taken.
    fn schedule(&mut self, time: u64, rank: u64, event: u64);

    /// The first event by (time, rank).
    fn take(&mut self) -> Option<(u64, u64)>;
}

impl FutureEvents for EventSet<u64> {
    fn with(_pending: u64, _mean_delay: u64) -> Self {
        EventSet::new()
    }

    fn schedule(&mut self, time: u64, rank: u64, event: u64) {
        EventSet::schedule(self, time, rank, event);
    }

    fn take(&mut self) -> Option<(u64, u64)> {
        EventSet::take(self, u64::MAX)
    }
}

fn uniform(number: u64) -> f64 {
    open01(
        Chance::new(1)
            .block(Site { thing: Key(number), owner: Owner::NONE, purpose: Purpose(0), ordinal: 0 })
            .first(),
    )
}

/// A mean of a second.
fn exponential(number: u64) -> u64 {
    (-libm::log(uniform(number)) * 1e9) as u64
}

/// Delays as a chain has them: milliseconds, seconds, now and then minutes; a mean of 13 s.
fn of_a_chain(number: u64) -> u64 {
    let mean = [50e6, 200e6, 4e9, 2e9, 60e9][(number % 5) as usize];
    (-libm::log(uniform(number)) * mean) as u64
}

fn mean_of(delay: fn(u64) -> u64) -> u64 {
    (0..10_000).map(delay).sum::<u64>() / 10_000
}

fn filled<S: FutureEvents>(pending: u64, delay: fn(u64) -> u64) -> S {
    let mut set = S::with(pending, mean_of(delay));
    for number in 0..pending {
        set.schedule(delay(number), number, number);
    }
    set
}

/// One event out, one in, so many times.
fn hold<S: FutureEvents>(set: &mut S, pending: u64, delay: fn(u64) -> u64, seen: impl FnMut(u64)) {
    let mut seen = seen;
    for _ in 0..HOLDS {
        if let Some((now, number)) = set.take() {
            seen(number);
            let number = number + pending;
            set.schedule(now + delay(number), number, number);
        }
    }
}

fn order<S: FutureEvents>(delay: fn(u64) -> u64) -> Vec<u64> {
    let mut taken = Vec::new();
    hold(&mut filled::<S>(1000, delay), 1000, delay, |number| taken.push(number));
    taken
}

#[divan::bench(types = [EventSet<u64>, FourAry, Binary, Calendar], args = PENDING, sample_count = 10)]
fn exponential_delays<S: FutureEvents>(bencher: divan::Bencher, pending: u64) {
    let mut set = filled::<S>(pending, exponential);
    let count = divan::counter::ItemsCount::new(HOLDS);
    bencher.counter(count).bench_local(|| hold(&mut set, pending, exponential, |_| ()));
}

#[divan::bench(types = [EventSet<u64>, FourAry, Binary, Calendar], args = PENDING, sample_count = 10)]
fn delays_of_a_chain<S: FutureEvents>(bencher: divan::Bencher, pending: u64) {
    let mut set = filled::<S>(pending, of_a_chain);
    let count = divan::counter::ItemsCount::new(HOLDS);
    bencher.counter(count).bench_local(|| hold(&mut set, pending, of_a_chain, |_| ()));
}
