//! Refusals take time, and what that does to those who are refused.

use crate::support::{as_step_by_step, scenario};
use smschain::chain::{AttemptResult, NoObserver, Results, Stage, simulate};
use smschain::kernel::Unwatched;

/// A campaign into an SMSC that refuses what is over 5 a second.
const CAMPAIGN: &str = r#"
[scenario]
duration = "30m"
[[traffic]]
name = "camp"
arrivals.campaign = { count = 6000 }
[[queue]]
name = "main"
workers = 4
[[route]]
id = 1
provider = "smsc"
[policy.requeue60]
max_attempts = 60
backoff.fixed = { delay = "60s" }
on = ["throttled"]
[[provider]]
name = "smsc"
window = 4
throttle = { rate = "5/s", burst = 10, on_excess = "refuse" }
latency = "100ms"
[[carrier]]
name = "mno"
"#;

fn delivered(results: &Results) -> (u64, u64) {
    (results.total().layers.delivered, results.providers[0].submits)
}

#[test]
fn a_refusal_that_takes_time_turns_a_verdict_round() {
    let requeue = "retry.policy=requeue60";
    let (results, _) = as_step_by_step(CAMPAIGN, &[requeue]);
    assert_eq!(delivered(&results), (6_000, 39_512));
    // An SMSC that refuses at once is asked for all the others in no time, in every round.
    let (results, _) = as_step_by_step(CAMPAIGN, &[requeue, "provider.smsc.refusal_latency=0s"]);
    assert_eq!(delivered(&results), (660, 340_530));
    let (results, _) = as_step_by_step(CAMPAIGN, &["retry.policy=jasmin"]);
    assert!(results.total().layers.delivered >= 5_998);
}

#[test]
fn a_refusal_holds_its_slot_and_its_worker() {
    let (results, _) = as_step_by_step(CAMPAIGN, &["retry.policy=requeue60"]);
    // Every submit takes 100 ms, refused or not: together that is the slots' and the workers' time.
    let busy = u128::from(results.providers[0].submits) * 100_000_000;
    assert_eq!(results.providers[0].outstanding.area, busy);
    assert_eq!(results.queues[0].busy.area, busy);
    assert_eq!(results.total().latency[Stage::Submit as usize].count(), 39_512);
}

/// Calls at once into an API with a rate limit, over some seeds: requests accepted on average.
fn accepted(set: &[&str]) -> f64 {
    let text = CAMPAIGN.replace("count = 6000", "count = 2000");
    let limit = "api.rate_limit={ rate = '100/s', burst = 100 }";
    let retry = "client.retry={ policy = 'full-jitter', max_attempts = 5 }";
    let spec = scenario(&text, &[&[limit, retry], set].concat()).spec;
    let runs = 100;
    let accepted = (0..runs).map(|seed| {
        let results = simulate(&spec, seed, &mut NoObserver, &mut Unwatched).unwrap();
        results.requests.accepted
    });
    accepted.sum::<u64>() as f64 / runs as f64
}

#[test]
fn the_api_takes_as_long_to_refuse_as_to_accept() {
    // The means of an independent simulator; the standard error of a hundred runs is about 2.
    for (latency, mean) in [("0ms", 1_326.0), ("50ms", 1_345.0), ("200ms", 1_402.0)] {
        let got = accepted(&[&format!("api.latency={latency}")]);
        assert!((got - mean).abs() < 8.0, "{latency}: {got}");
    }
    // One that refuses at once, whatever it takes to accept.
    let at_once = accepted(&["api.latency=200ms", "api.refusal_latency=0s"]);
    assert!((at_once - 1_326.0).abs() < 8.0, "{at_once}");
}

#[test]
fn the_client_waits_as_long_as_the_api_asks_for() {
    let text = CAMPAIGN.replace("count = 6000", "count = 200");
    let set = [
        "api.rate_limit={ rate = '1/s', burst = 1 }",
        "client.retry={ max_attempts = 2, backoff.fixed = { delay = '1s' } }",
        "api.retry_after=150s",
    ];
    // 150 s after the first call, full to its burst, the bucket lets one through again.
    let (results, _) = as_step_by_step(&text, &set);
    assert_eq!(results.requests.accepted, 2);
    let longest = &results.total().latency[Stage::Api as usize];
    assert_eq!(longest.max_s(), Some(150.0));
}

#[test]
fn a_client_without_patience_hears_no_refusal() {
    let text = CAMPAIGN.replace("count = 6000", "count = 100");
    let set = ["api={ rate_limit = { rate = '1/s' }, latency = '1s' }", "client.timeout=500ms"];
    let (results, _) = as_step_by_step(&text, &set);
    assert_eq!(results.requests.client_timeouts, 100);
    assert_eq!((results.requests.accepted, results.requests.rejected.iter().sum::<u64>()), (1, 99));
}

#[test]
fn a_refusal_later_than_the_sender_waits_is_a_time_out() {
    let set = ["provider.smsc.submit_timeout=5s", "provider.smsc.refusal_latency=5s"];
    let (results, _) = as_step_by_step(CAMPAIGN, &set);
    let of = |result: AttemptResult| results.providers[0].results[result as usize];
    assert_eq!(of(AttemptResult::Throttled), 0);
    assert_eq!(of(AttemptResult::Accepted) + of(AttemptResult::Timeout), 6_000);
    // Nothing of it was accepted.
    assert_eq!(results.total().layers.executed, of(AttemptResult::Accepted));
}

#[test]
fn spells_and_incidents_make_refusals_slower() {
    let text = format!(
        "{CAMPAIGN}[[incident]]\nname = 'slow'\nat = '0s'\nfor = '30m'\n\
         target = 'provider.smsc'\nlatency_factor = 3\n"
    );
    let (results, _) = as_step_by_step(&text, &["provider.smsc.refusal_latency=200ms"]);
    let submit = &results.total().latency[Stage::Submit as usize];
    assert_eq!(submit.max_s(), Some(0.6));
}
