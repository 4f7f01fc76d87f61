use crate::support::{N, mean, near, result, run, share_is, truth};
use smschain::chain::{AttemptResult, Observed, Stage, Truth};

#[test]
fn every_result_by_its_share() {
    let set = [
        "provider.p.failures={ throttled = 0.10, queue_full = 0.08, transient = 0.06, \
         permanent = 0.04, timeout = 0.02 }",
        "provider.p.submit_timeout=10s",
        "provider.p.latency=1s",
    ];
    let results = run(&set);
    share_is(result(&results, AttemptResult::Throttled), N, 0.10);
    share_is(result(&results, AttemptResult::QueueFull), N, 0.08);
    share_is(result(&results, AttemptResult::Transient), N, 0.06);
    share_is(result(&results, AttemptResult::Permanent), N, 0.04);
    share_is(result(&results, AttemptResult::Timeout), N, 0.02);
    share_is(result(&results, AttemptResult::Accepted), N, 0.70);
    assert_eq!(
        truth(&results, Truth::RejectedByProvider),
        result(&results, AttemptResult::Permanent)
    );
    // A timeout comes after 10 s, all others take the latency, refusals too.
    let timeouts = result(&results, AttemptResult::Timeout) as f64;
    let n = N as f64;
    near(mean(&results, Stage::Submit), (n + 9.0 * timeouts) / n, 1e-9);
    // Unless they have one of their own.
    let results = run(&[&set[..], &["provider.p.refusal_latency=200ms"]].concat());
    let refused =
        result(&results, AttemptResult::QueueFull) + result(&results, AttemptResult::Throttled);
    near(mean(&results, Stage::Submit), (n + 9.0 * timeouts - 0.8 * refused as f64) / n, 1e-9);
}

#[test]
fn a_timeout_by_share_may_have_been_accepted() {
    let set = [
        "provider.p.failures.timeout=100%",
        "provider.p.submit_timeout=10s",
        "provider.p.timeout_accepted=60%",
        "provider.p.latency=1s",
    ];
    let results = run(&set);
    let delivered = truth(&results, Truth::DeliveredOnTime);
    share_is(delivered, N, 0.6);
    assert_eq!(mean(&results, Stage::HandOff), 10.0);
    // Its receipt overrides what the sender believed.
    let seen = results.observed[Truth::DeliveredOnTime as usize];
    assert_eq!(seen[Observed::Delivered as usize], delivered);
    let exhausted = results.observed[Truth::RetriesExhausted as usize];
    assert_eq!(exhausted[Observed::Failed as usize], N - delivered);
}

#[test]
fn retrying_an_accepted_timeout_makes_duplicates() {
    let set = [
        "provider.p.failures.timeout=30%",
        "provider.p.submit_timeout=10s",
        "provider.p.timeout_accepted=100%",
        "retry.max_attempts=2",
    ];
    let results = run(&set);
    // Every timed out first attempt was accepted, and so is the second, seen or not.
    share_is(results.duplicate_copies, N, 0.3);
    assert_eq!(results.duplicate_copies, results.delivered_twice);
}

#[test]
fn a_submit_too_slow_is_accepted_behind_the_senders_back() {
    let results = run(&["provider.p.latency=12s", "provider.p.submit_timeout=10s"]);
    assert_eq!(result(&results, AttemptResult::Timeout), N);
    assert_eq!((mean(&results, Stage::Submit), mean(&results, Stage::HandOff)), (10.0, 12.0));
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N);
    let just = run(&["provider.p.latency=10s", "provider.p.submit_timeout=10s"]);
    assert_eq!(result(&just, AttemptResult::Timeout), N);
    let refused = ["provider.p.failures.transient=100%", "provider.p.submit_timeout=10s"];
    let slow = run(&[&refused[..], &["provider.p.latency=12s"]].concat());
    assert_eq!(truth(&slow, Truth::RetriesExhausted), N);
}

#[test]
fn the_window_limits_what_is_outstanding() {
    // 100 a second, 1 s each, at most 50 at once: half of the load.
    let results = run(&["provider.p.window=50", "provider.p.latency=1s", "scenario.drain=100d"]);
    assert_eq!(results.providers[0].outstanding.max, 50);
    // The last of 100,000 is submitted at 1999 s, having come at 999.99 s.
    near(mean(&results, Stage::WindowWait), 499.75, 0.002);
    assert_eq!(mean(&results, Stage::QueueWait), 0.0);
}

#[test]
fn a_paced_sender_waits_for_its_tokens() {
    let set = ["provider.p.throttle={ rate = \"50/s\", burst = 10 }", "scenario.drain=100d"];
    let results = run(&set);
    // Message i comes at i/100 s and passes at (i − 9)/50 s.
    let expected: f64 =
        (0..N).map(|i| ((i as f64 - 9.0) / 50.0 - i as f64 / 100.0).max(0.0)).sum::<f64>();
    near(mean(&results, Stage::WindowWait), expected / N as f64, 1e-6);
    let segments = run(&[set[0], set[1], "traffic.t.body.chars=161"]);
    near(mean(&segments, Stage::WindowWait) / mean(&results, Stage::WindowWait), 3.0, 0.01);
    assert_eq!(results.happened.peak_segments, 59);
}

#[test]
fn a_refusal_for_the_rate_takes_its_time() {
    let set = ["provider.p.throttle={ rate = \"40/s\", burst = 1, on_excess = \"refuse\" }"];
    near(mean(&run(&[set[0], "provider.p.latency=3s"]), Stage::Submit), 3.0, 1e-9);
    let results = run(&[set[0], "provider.p.latency=3s", "provider.p.refusal_latency=0s"]);
    // One of 2.5 passes, at the first message after each token.
    let accepted = result(&results, AttemptResult::Accepted);
    let throttled = result(&results, AttemptResult::Throttled);
    assert_eq!(accepted + throttled, N);
    near(accepted as f64, N as f64 / 3.0, 0.001);
    near(mean(&results, Stage::Submit), 3.0 * accepted as f64 / N as f64, 1e-9);
}

#[test]
fn a_throttle_has_a_bucket_for_each_of_its_scope() {
    let set = |scope: &str| {
        let throttle = format!(
            "provider.p.throttle={{ rate = \"20/s\", scope = \"{scope}\", on_excess = \"refuse\" }}"
        );
        let text = crate::support::SMALLEST.replace(
            "sender = \"12345\"",
            "senders = { count = 5, pick = \"round_robin\" }\nbrand = \"b\"\ncampaign = \"k\"",
        );
        result(&crate::support::run_text(&text, &[&throttle]), AttemptResult::Accepted)
    };
    // Five senders make 20 a second each.
    assert_eq!(set("sender"), N);
    for one in ["provider", "brand", "campaign"] {
        assert_eq!(set(one), N / 5, "{one}");
    }
}

#[test]
fn servers_have_a_backlog_that_timeouts_do_not_cancel() {
    // 100 a second into 50 servers of 1 s: the backlog grows by 50 a second.
    let base = ["provider.p.servers=50", "provider.p.latency=1s", "scenario.drain=100d"];
    let results = run(&base);
    assert_eq!(truth(&results, Truth::DeliveredOnTime), N);
    assert_eq!(results.providers[0].serving.max, 50);
    near(results.providers[0].backlog.max as f64, 50_000.0, 0.01);
    near(mean(&results, Stage::Submit), 500.0, 0.01);
    // With a time-out of 2 s the sender gives up on nearly all, and all arrive.
    let impatient = run(&[&base[..], &["provider.p.submit_timeout=2s"]].concat());
    assert!(result(&impatient, AttemptResult::Timeout) > N * 99 / 100);
    assert_eq!(truth(&impatient, Truth::DeliveredOnTime), N);
    near(mean(&impatient, Stage::HandOff), 500.0, 0.01);
    // And if it tries again, the provider does everything twice.
    let retry = ["provider.p.submit_timeout=2s", "retry.max_attempts=2"];
    let stubborn = run(&[&base[..], &retry[..]].concat());
    assert!(stubborn.duplicate_copies > N * 99 / 100);
}

#[test]
fn a_full_backlog_refuses() {
    let set = ["provider.p.servers=50", "provider.p.latency=1s", "provider.p.queue_capacity=20"];
    let results = run(&set);
    assert_eq!(results.providers[0].backlog.max, 20);
    assert_eq!(result(&results, AttemptResult::QueueFull), N - 50 * 1000 - 20);
}

#[test]
fn spells_of_degradation_take_their_share_of_time() {
    let degraded = "provider.p.degraded={ mean_up = \"60s\", mean_down = \"20s\", \
                    latency_factor = 6, failures = { transient = 0.4 } }";
    let set = [
        "scenario.duration=200000s",
        "traffic.t.arrivals.constant.rate=5/s",
        "provider.p.latency=1s",
        "provider.p.failures.transient=10%",
        degraded,
    ];
    let results = run(&set);
    let n = results.providers[0].submits as f64;
    let share = result(&results, AttemptResult::Transient) as f64 / n;
    // A quarter of the time, 1 − 0.9 × 0.6 instead of 0.1; 2,500 spells.
    near(share, 0.75 * 0.1 + 0.25 * 0.46, 0.05);
    near(mean(&results, Stage::Submit), 0.75 + 0.25 * 6.0, 0.05);
}

#[test]
fn relay_takes_its_time_and_loses_its_share() {
    let results = run(&["provider.p.relay=7s", "provider.p.loss=23%"]);
    share_is(truth(&results, Truth::LostByProvider), N, 0.23);
    assert_eq!(mean(&results, Stage::Delivery), 7.0);
    let seen = results.observed[Truth::LostByProvider as usize][Observed::Sent as usize];
    assert_eq!(seen, results.providers[0].lost);
}

/// Time-outs that answers overtook are forgotten when they are most of what is pending: that a run
/// does so can't be told from its results.
#[test]
fn forgotten_timers_change_nothing() {
    let busy = ["provider.p.servers=1", "provider.p.latency.exponential={ mean = \"9ms\" }"];
    let patient = run(&[busy[0], busy[1], "provider.p.submit_timeout=1h"]);
    let without = run(&busy);
    assert_eq!(patient.digest, without.digest);
    assert_eq!(patient.ended_at, without.ended_at);
    // Their events would come an hour later; most of 100,000 submits waited, so had one.
    assert_eq!(patient.events, without.events);
}
