//! The smallest scenario, what is added to it, and intervals.

use crate::stepped;
use smschain::chain::{AttemptResult, NoObserver, Rejection, Results, Stage, Truth, simulate};
use smschain::kernel::Unwatched;
use smschain::scenario::{Overrides, Scenario, Source, load};

/// 100,000 messages, 100 a second, through a chain in which nothing happens.
pub(crate) const SMALLEST: &str = r#"
[scenario]
name = "stage"
duration = "1000s"

[[traffic]]
name = "t"
sender = "12345"
arrivals.constant = { rate = "100/s" }
carriers = { c = 1 }

[[route]]
id = 1
carriers = ["c"]
provider = "p"

[[provider]]
name = "p"

[[carrier]]
name = "c"
"#;

/// Messages of [`SMALLEST`].
pub(crate) const N: u64 = 100_000;

pub(crate) fn scenario(text: &str, set: &[&str]) -> Scenario {
    let source = Source { name: "test".into(), text: text.into(), base: ".".into() };
    let set = set.iter().map(|&item| item.to_owned()).collect();
    let overrides = Overrides { set, ..Overrides::default() };
    match load(&source, &overrides) {
        Ok(scenario) => scenario,
        Err(errors) => panic!("{}", errors.render(false)),
    }
}

/// A run of `text` with `--set` of each of `set` comes to what it comes to step by step: gives that, and how many
/// events it takes with nobody listening.
pub(crate) fn as_step_by_step(text: &str, set: &[&str]) -> (Results, u64) {
    match stepped::as_step_by_step(&scenario(text, set).spec) {
        Ok(run) => run,
        Err(differs) => panic!("{set:?}: {differs}"),
    }
}

/// Runs `text` with `--set` of each of `set`.
pub(crate) fn run_text(text: &str, set: &[&str]) -> Results {
    let spec = scenario(text, set).spec;
    match simulate(&spec, spec.seed, &mut NoObserver, &mut Unwatched) {
        Ok(results) => results,
        Err(imbalance) => panic!("{imbalance}"),
    }
}

/// Runs [`SMALLEST`] with `--set` of each of `set`.
pub(crate) fn run(set: &[&str]) -> Results {
    run_text(SMALLEST, set)
}

/// Runs [`SMALLEST`] with more tables.
pub(crate) fn run_with(more: &str, set: &[&str]) -> Results {
    run_text(&format!("{SMALLEST}\n{more}"), set)
}

pub(crate) fn truth(results: &Results, truth: Truth) -> u64 {
    results.truth()[truth as usize]
}

pub(crate) fn rejected(results: &Results, why: Rejection) -> u64 {
    results.requests.rejected[why as usize]
}

pub(crate) fn result(results: &Results, result: AttemptResult) -> u64 {
    results.providers[0].results[result as usize]
}

/// Mean latency of a stage in seconds.
pub(crate) fn mean(results: &Results, stage: Stage) -> f64 {
    results.total().latency[stage as usize].mean_s().expect("the stage was passed")
}

pub(crate) fn quantile(results: &Results, stage: Stage, p: f64) -> f64 {
    results.total().latency[stage as usize].quantile_s(p).expect("the stage was passed")
}

/// A count of `n` independent trials with probability `p`: within its 99.9 % interval.
#[track_caller]
pub(crate) fn share_is(count: u64, n: u64, p: f64) {
    let deviation = (n as f64 * p * (1.0 - p)).sqrt();
    let off = count as f64 - n as f64 * p;
    assert!(off.abs() <= 3.2905 * deviation + 0.5, "{count} of {n}, expected a share of {p}");
}

/// Within `tolerance` of `expected`, relative.
#[track_caller]
pub(crate) fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value / expected - 1.0).abs() <= tolerance, "{value}, expected {expected}");
}
