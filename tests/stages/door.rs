//! What a provider refuses for its rate is over before it began, unless something stands in its way:
//! with the same results as step by step.

use crate::support::{SMALLEST, scenario};
use smschain::chain::{AttemptResult, NoObserver, StepByStep, simulate};
use smschain::kernel::Unwatched;

/// A throttle that refuses two thirds of what it is asked for.
const RATE: &str = "provider.p.throttle={ rate = '3/s', burst = 2, on_excess = 'refuse' }";

/// Refused submits of a run, which is the same step by step.
fn refused(more: &str, set: &[&str]) -> u64 {
    let ten_a_second = "traffic.t.arrivals={ poisson = { rate = '10/s' } }";
    let set: Vec<&str> = [ten_a_second, RATE].iter().chain(set).copied().collect();
    let spec = scenario(&format!("{SMALLEST}\n{more}"), &set).spec;
    let stepped = simulate(&spec, spec.seed, &mut StepByStep, &mut Unwatched).unwrap();
    let mut plain = simulate(&spec, spec.seed, &mut NoObserver, &mut Unwatched).unwrap();
    plain.events = stepped.events;
    assert!(plain == stepped, "{set:?}");
    let refused = |results: &[u64]| results[AttemptResult::Throttled as usize];
    let refused = stepped.providers.iter().map(|provider| refused(&provider.results)).sum();
    assert!(refused > 100, "{set:?}: {refused}");
    refused
}

const EAGER: &str = "retry={ policy = 'fixed', max_attempts = 6 }";

#[test]
fn refused_at_once_is_refused_all_the_same() {
    let all = refused("", &[EAGER]);
    assert_eq!(refused("", &[EAGER, "provider.p.window=1000"]), all);
    refused("", &["retry.policy='none'"]);
    refused("", &["retry.policy='immediate'", "scenario.warmup='5s'"]);
    refused("", &["retry.policy='jasmin'", "provider.p.throttle.retry_after='700ms'"]);
}

#[test]
fn what_stands_at_the_door_is_seen_to() {
    let slow = "provider.p.latency='400ms'";
    // A window that is often full, a pause of the link after each refusal, few workers that crash.
    refused("", &[EAGER, slow, "provider.p.window=2"]);
    refused("", &["retry.policy='kannel'", slow]);
    let crash = "crash = { mean_time_between = '3s', restart = '1s', guarantee = 'at_most_once' }";
    let workers = format!("queue=[{{ name = 'main', workers = 3, overhead = '5ms', {crash} }}]");
    refused("", &[EAGER, slow, &workers]);
    // A budget, a breaker, hedges.
    let budget = "retry={ policy = 'fixed', budget = { ratio = { share = 0.5, ttl = '10s' } } }";
    refused("", &[budget]);
    let breaker = "retry={ policy = 'fixed', breaker = { window = '10s', failure_share = 0.9, min_calls = 5, open_for = '500ms', probes = 2 } }";
    refused("", &[breaker]);
}

#[test]
fn refused_submits_count_for_their_provider() {
    // A provider's n-th submit of a message has a draw of its own, however the ones before it ended.
    let other = "\
[[route]]\nid = 2\ncarriers = [\"c\"]\nprovider = \"q\"\nrank = 2\n\
[[provider]]\nname = \"q\"\n";
    let fails = "provider.q.failures.transient=0.6";
    let slow = "provider.p.latency={ exponential = { mean = '300ms' } }";
    let failover = "retry={ policy = 'fixed', max_attempts = 9, failover = { attempts = 2 } }";
    refused(other, &[failover, fails, slow]);
    let rate = "provider.q.throttle={ rate = '1/s', burst = 1, on_excess = 'refuse' }";
    refused(other, &[failover, fails, slow, rate]);
}

#[test]
fn incidents_open_and_shut_it() {
    let incidents = "\
[[incident]]\nname = \"gone\"\nat = \"10s\"\nfor = \"3s\"\ntarget = \"provider.p\"\noutage = true\n\
[[incident]]\nname = \"slow\"\nat = \"20s\"\nfor = \"8s\"\nramp = \"2s\"\ntarget = \"provider.p\"\nthrottle_factor = 0.2\n";
    refused(incidents, &[EAGER, "provider.p.submit_timeout='2s'"]);
}
