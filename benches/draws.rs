//! What chance costs: a block, a key, and a value of each distribution.
//!
//! `cargo bench --bench draws`; every figure is of a thousand draws.

use std::hint::black_box;

use divan::Bencher;
use smschain::random::{Block, Chance, Key, Owner, ParameterError, Purpose, Site, Variate, open01};

/// Draws of one sample.
const DRAWS: u64 = 1000;

fn main() {
    divan::main();
}

fn each(bencher: Bencher, draw: impl Fn(u64) -> u64 + Sync) {
    let once = || (0..DRAWS).fold(0, |all, number| all ^ black_box(draw(black_box(number))));
    bencher.counter(divan::counter::ItemsCount::new(DRAWS)).bench(once);
}

fn site(thing: u64) -> Site {
    Site { thing: Key(thing), owner: Owner::NONE, purpose: Purpose(1), ordinal: 0 }
}

/// A block of two words, by Philox4x32-10.
#[divan::bench]
fn block(bencher: Bencher) {
    let chance = Chance::new(1);
    each(bencher, |number| chance.block(site(number)).first());
}

/// First words of blocks, a hundred side by side.
#[divan::bench]
fn side_by_side(bencher: Bencher) {
    const AT_ONCE: u64 = 100;
    let chance = Chance::new(1);
    let things: Vec<u64> = (0..AT_ONCE).collect();
    let mut words = vec![0; AT_ONCE as usize];
    bencher.counter(divan::counter::ItemsCount::new(DRAWS)).bench_local(|| {
        for _ in 0..DRAWS / AT_ONCE {
            let things = black_box(&things[..]);
            chance.draw_all(things, |&thing| site(thing), &mut words, Block::first);
            black_box(&mut words);
        }
    });
}

/// The key of a thing's child.
#[divan::bench]
fn child_key(bencher: Bencher) {
    let parent = Key::named("traffic.codes");
    each(bencher, |number| parent.child(number).0);
}

type Make = fn() -> Result<Variate, ParameterError>;

const LAWS: [(&str, Make); 13] = [
    ("constant", || Variate::constant(1.0)),
    ("exponential", || Variate::exponential(1.0)),
    ("lognormal", || Variate::lognormal_median_p95(1.0, 3.0)),
    ("gamma", || Variate::gamma(1.0, 2.5)),
    ("weibull", || Variate::weibull(1.0, 1.5)),
    ("pareto", || Variate::pareto(1.0, 2.5)),
    ("uniform", || Variate::uniform(0.0, 1.0)),
    ("triangular", || Variate::triangular(0.0, 0.3, 1.0)),
    ("normal", || Variate::normal(10.0, 1.0)),
    ("beta", || Variate::beta(2.0, 5.0)),
    ("hyperexponential", || Variate::hyperexponential(&[0.9, 0.1], &[0.5, 5.5])),
    ("mixture", || {
        let parts = vec![(0.8, Variate::exponential(1.0)?), (0.2, Variate::uniform(1.0, 2.0)?)];
        Variate::mixture(parts)
    }),
    ("empirical", || Variate::empirical((1..=100).map(f64::from).collect())),
];

/// A value from a word: the uniform number and the inverse distribution function.
#[divan::bench(args = LAWS.map(|(name, _)| name))]
fn value(bencher: Bencher, name: &str) {
    let make = LAWS.iter().find(|(law, _)| *law == name).map(|&(_, make)| make);
    let law = make.and_then(|make| make().ok()).expect("every law has its parameters");
    // Words that are spread as a block's.
    each(bencher, |number| law.quantile(open01(Key(number).child(0).0)).to_bits());
}
