//! Whole runs: messages a second through a chain with everything on that a report needs.
//!
//! `cargo bench --bench chain`; benches/peers compares the first one with SimPy.

#![allow(clippy::panic, reason = "a bench that cannot read its scenario has nothing to say")]

use smschain::chain::{NoObserver, simulate};
use smschain::kernel::Unwatched;
use smschain::scenario::{Overrides, Scenario, Source, load};

/// The chain of benches/peers, and shipped scenarios.
const SCENARIOS: [&str; 4] = [
    "benches/peers/chain.toml",
    "scenarios/baseline.toml",
    "scenarios/marketing-blast.toml",
    "scenarios/otp-resend-storm.toml",
];

fn main() {
    divan::main();
}

fn scenario(path: &str, duration: Option<&str>) -> Scenario {
    let text = std::fs::read_to_string(path).expect("a bench runs at the repository's root");
    let base = std::path::Path::new(path).parent().map(Into::into).unwrap_or_default();
    let set = duration.map(|duration| format!("scenario.duration={duration}"));
    let overrides = Overrides { set: set.into_iter().collect(), ..Overrides::default() };
    load(&Source { name: path.into(), text, base }, &overrides)
        .unwrap_or_else(|errors| panic!("{}", errors.render(false)))
}

/// One replication on one core, its messages as the unit of throughput.
fn run(bencher: divan::Bencher, scenario: &Scenario) {
    let once = || {
        simulate(&scenario.spec, scenario.spec.seed, &mut NoObserver, &mut Unwatched)
            .expect("the books balance")
    };
    let messages = once().simulated;
    bencher.counter(divan::counter::ItemsCount::new(messages)).bench(once);
}

#[divan::bench(args = SCENARIOS, sample_count = 5)]
fn shipped(bencher: divan::Bencher, path: &str) {
    run(bencher, &scenario(path, None));
}

/// The same chain for longer: time and memory follow the messages and what is in flight.
#[divan::bench(args = ["100s", "1000s"], sample_count = 5)]
fn longer(bencher: divan::Bencher, duration: &str) {
    run(bencher, &scenario("benches/peers/chain.toml", Some(duration)));
}
