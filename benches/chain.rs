//! Whole runs: messages a second through a chain with everything on that a report needs, for the chain
//! of benches/peers (which compares it with SimPy) and every scenario in scenarios/.
//!
//! `cargo bench --bench chain`

#![allow(clippy::panic, reason = "a bench that cannot read its scenario has nothing to say")]

use smschain::chain::{NoObserver, simulate};
use smschain::kernel::Unwatched;
use smschain::scenario::{Overrides, Scenario, Source, load};

/// The chain of benches/peers, and the shipped scenarios.
fn scenarios() -> Vec<String> {
    let shipped = std::fs::read_dir("scenarios").expect("a bench runs at the repository's root");
    let mut paths: Vec<String> = shipped
        .filter_map(|file| file.ok()?.path().to_str().map(str::to_owned))
        .filter(|path| path.ends_with(".toml"))
        .collect();
    paths.sort();
    paths.insert(0, "benches/peers/chain.toml".to_owned());
    paths
}

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

#[divan::bench(args = scenarios(), sample_count = 5)]
fn shipped(bencher: divan::Bencher, path: &str) {
    run(bencher, &scenario(path, None));
}

/// The same chain for longer: time and memory follow the messages and what is in flight.
#[divan::bench(args = ["100s", "1000s"], sample_count = 5)]
fn longer(bencher: divan::Bencher, duration: &str) {
    run(bencher, &scenario("benches/peers/chain.toml", Some(duration)));
}
