//! Calls that wait in a crowd are refused without events while nobody can have a token: with the same
//! results as step by step.

use crate::support::{SMALLEST, as_step_by_step};

/// Asked for three times what the API lets through.
const CROWDED: [&str; 3] = [
    "scenario.duration='100s'",
    "traffic.t.arrivals={ poisson = { rate = '30/s' } }",
    "api={ rate_limit = { rate = '10/s', burst = 3 }, latency = { exponential = { mean = '200ms' } } }",
];

/// A run with many repeated calls is the same step by step.
fn repeats(more: &str, set: &[&str]) {
    let set: Vec<&str> = CROWDED.iter().chain(set).copied().collect();
    let (results, _) = as_step_by_step(&format!("{SMALLEST}\n{more}"), &set);
    let repeats = results.requests.client_retries;
    assert!(repeats > 1000, "{set:?}: {repeats}");
}

fn retry(how: &str) -> String {
    format!("client.retry={{ max_attempts = 40, {how} }}")
}

#[test]
fn waits_short_and_long() {
    // At once, within a slot (a fifth of a second), some slots ahead, beyond all slots (13 minutes).
    for wait in ["immediate = {}", "fixed = { delay = '3ms' }", "fixed = { delay = '7s' }"] {
        repeats("", &[&retry(&format!("backoff.{wait}"))]);
        repeats("", &[&retry(&format!("backoff.{wait}, jitter = 'equal'"))]);
    }
    let long = "fixed = { delay = { uniform = { low = '1s', high = '30m' } } }";
    repeats("", &[&retry(&format!("backoff.{long}")), "scenario.drain='10h'"]);
    repeats("", &[&retry("backoff.exponential = { base = '10ms', factor = 3, cap = '20s' }")]);
    repeats("", &[&retry("backoff.decorrelated = { base = '10ms', cap = '9s' }")]);
}

#[test]
fn ties() {
    // Requests, calls and tokens all on a grid of milliseconds.
    let even = "traffic.t.arrivals={ constant = { rate = '40/s' } }";
    for wait in ["25ms", "100ms", "2s"] {
        let fixed = retry(&format!("backoff.fixed = {{ delay = '{wait}' }}"));
        repeats("", &[even, &fixed]);
        repeats("", &[even, &fixed, "api.latency='100ms'", "client.timeout='50ms'"]);
    }
}

#[test]
fn clients_stop() {
    let often = |more: &str| retry(&format!("backoff.fixed = {{ delay = '2s' }}, {more}"));
    let few =
        "client.retry={ max_attempts = 3, backoff.fixed = { delay = '2s' }, jitter = 'full' }";
    repeats("", &[few]);
    repeats("", &[&often("give_up = 'deadline'"), "scenario.deadline='9s'"]);
    repeats("", &[&often("give_up = 'validity'"), "traffic.t.validity='11s'"]);
    repeats("", &[&often("give_up = '10s', jitter = 'full'")]);
    // The run ends while many wait.
    repeats("", &[&often("jitter = 'full'"), "scenario.drain='5s'"]);
}

#[test]
fn calls_that_the_api_is_still_at() {
    let often = retry("backoff.fixed = { delay = '300ms' }, jitter = 'full'");
    let patience = "client.timeout='150ms'";
    repeats("", &[&often, patience]);
    repeats("", &[&often, patience, "client.idempotency=true"]);
    // What a request that is still open at the end was refused for last.
    repeats("", &[&often, patience, "api.errors=0.4", "scenario.drain='1s'"]);
    let resend = "traffic.t.resend={ after = '3s', probability = 0.5, max = 2 }";
    repeats("", &[&often, patience, resend]);
    repeats("", &[&often, patience, "traffic.t.per_request=3", "api.errors=0.2"]);
}

#[test]
fn samples_warm_up_and_incidents() {
    let often = retry("backoff.fixed = { delay = '2s' }, jitter = 'full'");
    repeats("", &[&often, "scenario.sample_every='50ms'", "scenario.warmup='33s'"]);
    let incidents = "\
[[incident]]\nname = \"slow\"\nat = \"20s\"\nfor = \"30s\"\nramp = \"7s\"\ntarget = \"api\"\n\
latency_factor = 9\nthrottle_factor = 0.1\n\
[[incident]]\nname = \"gone\"\nat = \"40s\"\nfor = \"20s\"\ntarget = \"api\"\noutage = true\n";
    repeats(incidents, &[&often, "client.timeout='1s'"]);
    let none = "\
[[incident]]\nname = \"shut\"\nat = \"20s\"\nfor = \"30s\"\ntarget = \"api\"\nthrottle_factor = 0\n";
    repeats(none, &[&often]);
}

#[test]
fn where_a_budget_or_breaker_stands_there_is_no_crowd() {
    let often = "backoff.fixed = { delay = '500ms' }, jitter = 'full'";
    repeats(
        "",
        &[&retry(&format!("{often}, budget = {{ ratio = {{ share = 1, ttl = '10s' }} }}"))],
    );
    let breaker =
        "{ window = '10s', failure_share = 0.9, min_calls = 5, open_for = '500ms', probes = 9 }";
    repeats("", &[&retry(&format!("{often}, breaker = {breaker}"))]);
}
