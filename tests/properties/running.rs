//! Runs a scenario's text and says what came out.

use std::collections::BTreeMap;

use proptest::test_runner::{Config, FileFailurePersistence, RngSeed};
use smschain::chain::{Completed, Observer, Truth, Wants};
use smschain::experiment::{Replications, Run, Silent, Workers, replicate, replicate_observed};
use smschain::report::{Facts, Value, report};
use smschain::scenario::{Overrides, Scenario, Source, load};

/// The same `cases` scenarios each time, unless the environment says otherwise.
pub(crate) fn config(cases: u32) -> Config {
    let mut config = Config {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        max_shrink_time: 60_000,
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config
}

pub(crate) fn read(text: &str) -> Scenario {
    let base = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/properties").into();
    let source = Source { name: "random".into(), text: text.into(), base };
    match load(&source, &Overrides::default()) {
        Ok(scenario) => scenario,
        Err(errors) => panic!("{}\n{text}", errors.render(false)),
    }
}

/// So many replications, done by so many threads.
pub(crate) fn run(scenario: &Scenario, count: u64, threads: usize) -> Run {
    let spec = &scenario.spec;
    let plan = Replications::of(spec, spec.seed, count);
    match replicate(&Workers::new(threads), &[plan], &Silent) {
        Ok(mut runs) => runs.remove(0),
        Err(failure) => panic!("{failure}"),
    }
}

pub(crate) fn reported(scenario: &Scenario, run: &Run) -> Value {
    let spec = &scenario.spec;
    report(&Facts::new(spec, &scenario.fingerprint, spec.seed, run))
}

/// Reads and runs it once.
pub(crate) fn outcome(text: &str) -> (Scenario, Run) {
    let scenario = read(text);
    let run = run(&scenario, 1, 1);
    (scenario, run)
}

/// A message's story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Story {
    /// Its request's number in order of arrival.
    pub(crate) request: u64,
    pub(crate) requested: u64,
    pub(crate) accepted: u64,
    pub(crate) handed_off: Option<u64>,
    pub(crate) delivered: Option<u64>,
    pub(crate) attempts: u32,
    pub(crate) truth: Truth,
}

#[derive(Default)]
struct Stories(BTreeMap<u64, Story>);

impl Observer for Stories {
    fn wants(&self) -> Wants {
        Wants::Messages
    }

    fn completed(&mut self, message: &Completed<'_>) {
        let story = Story {
            request: message.request,
            requested: message.requested,
            accepted: message.accepted,
            handed_off: message.handed_off,
            delivered: message.delivered,
            attempts: message.attempts,
            truth: message.truth,
        };
        let before = self.0.insert(message.message_id, story);
        assert_eq!(before, None, "a message ends once");
    }
}

/// Reads and runs it once; every accepted message by its id.
pub(crate) fn stories(text: &str) -> (Run, BTreeMap<u64, Story>) {
    let scenario = read(text);
    let plan = Replications::of(&scenario.spec, scenario.spec.seed, 1);
    let mut stories = Stories::default();
    match replicate_observed(plan, None, &mut stories, |_, _| (), &Silent) {
        Ok((run, _)) => (run, stories.0),
        Err(failure) => panic!("{failure}"),
    }
}
