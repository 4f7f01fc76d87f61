//! The future event set under the hold model: take the first event, schedule another one.
//!
//! `cargo bench --bench event_set`; std's binary heap beside it.

use smschain::kernel::EventSet;
use smschain::random::{Chance, Key, Owner, Purpose, open01};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Holds in one sample.
const HOLDS: u64 = 200_000;
const PENDING: [u64; 3] = [500, 5_000, 500_000];

fn main() {
    divan::main();
}

/// Delays as a chain has them: milliseconds, seconds, now and then minutes.
fn delay(number: u64) -> u64 {
    let bits = Chance::new(1).block(Key(number), Owner::NONE, Purpose(0), 0).first();
    let mean = [50e6, 200e6, 4e9, 2e9, 60e9][(number % 5) as usize];
    (-libm::log(open01(bits)) * mean) as u64
}

#[divan::bench(args = PENDING, sample_count = 10)]
fn radix_wheel(bencher: divan::Bencher, pending: u64) {
    let mut set = EventSet::new();
    for number in 0..pending {
        set.schedule(delay(number), number, number);
    }
    bencher.counter(divan::counter::ItemsCount::new(HOLDS)).bench_local(|| {
        for _ in 0..HOLDS {
            if let Some((now, number)) = set.take(u64::MAX) {
                let number = number + pending;
                set.schedule(now + delay(number), number, number);
            }
        }
    });
}

#[divan::bench(args = PENDING, sample_count = 10)]
fn std_binary_heap(bencher: divan::Bencher, pending: u64) {
    let mut heap = BinaryHeap::new();
    for number in 0..pending {
        heap.push(Reverse((delay(number), number, number)));
    }
    bencher.counter(divan::counter::ItemsCount::new(HOLDS)).bench_local(|| {
        for _ in 0..HOLDS {
            if let Some(Reverse((now, number, _))) = heap.pop() {
                let number = number + pending;
                heap.push(Reverse((now + delay(number), number, number)));
            }
        }
    });
}
