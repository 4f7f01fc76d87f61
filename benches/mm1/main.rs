//! The kernel alone: customers a second of an M/M/1 queue.
//!
//! `cargo bench --bench mm1`; beside it the same queue as a hand-written loop without kernel,
//! events or keyed draws, which is as fast as it gets: the ratio of the two is what can be compared
//! between machines. `benches/peers/mm1` compares it with another kernel, too.

mod models;

use divan::counter::ItemsCount;

/// Customers of one sample.
const CUSTOMERS: u64 = 1_000_000;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 20)]
fn kernel(bencher: divan::Bencher) {
    bencher.counter(ItemsCount::new(CUSTOMERS)).bench_local(|| models::on_the_kernel(CUSTOMERS));
}

#[divan::bench(sample_count = 20)]
fn hand_written(bencher: divan::Bencher) {
    bencher.counter(ItemsCount::new(CUSTOMERS)).bench_local(|| models::by_hand(CUSTOMERS));
}
