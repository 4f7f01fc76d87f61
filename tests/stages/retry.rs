use crate::support::{N, mean, near, run, share_is, truth};
use smschain::chain::{AttemptResult, Stage, Truth};

#[test]
fn k_attempts_leave_a_share_of_p_to_the_k() {
    let (p, k) = (0.4_f64, 4);
    for backoff in [
        "retry.backoff.immediate={}",
        "retry.backoff.fixed={ delay = \"3s\" }",
        "retry.backoff.linear={ step = \"2s\", cap = \"5s\" }",
        "retry.backoff.exponential={ base = \"1s\", factor = 2, cap = \"5m\" }",
        "retry.backoff.decorrelated={ base = \"1s\", cap = \"20s\" }",
        "retry.backoff.schedule={ waits = [\"1s\", \"10s\"] }",
    ] {
        let results = run(&["provider.p.failures.transient=40%", "retry.max_attempts=4", backoff]);
        share_is(truth(&results, Truth::RetriesExhausted), N, p.powi(k));
        let submits = results.providers[0].submits as f64 / N as f64;
        near(submits, (1.0 - p.powi(k)) / (1.0 - p), 0.01);
        let attempts: u64 = results.attempts.iter().zip(0..).map(|(n, k)| n * k).sum();
        assert_eq!(attempts, results.providers[0].submits, "{backoff}");
    }
}

/// Every attempt but the last of each message fails, so the waits add up exactly.
fn hand_off_after(failing: &[&str]) -> f64 {
    let mut set = vec!["provider.p.failures.transient=100%", "retry.max_attempts=4"];
    set.extend(failing);
    let results = run(&set);
    assert_eq!(truth(&results, Truth::RetriesExhausted), N);
    results.ended_at as f64 / 1e9 - 999.99
}

#[test]
fn waits_add_up_to_their_formulas() {
    let after = |backoff: &str| hand_off_after(&[backoff]);
    let exact = |backoff: &str, seconds: f64| {
        assert!((after(backoff) - seconds).abs() < 1e-9, "{backoff}");
    };
    exact("retry.backoff.immediate={}", 0.0);
    exact("retry.backoff.fixed={ delay = \"3s\" }", 9.0);
    exact("retry.backoff.linear={ step = \"2s\", cap = \"5s\" }", 2.0 + 4.0 + 5.0);
    exact("retry.backoff.exponential={ base = \"1s\", factor = 3, cap = \"5s\" }", 9.0);
    exact("retry.backoff.schedule={ waits = [\"1s\", \"10s\"] }", 21.0);
}

#[test]
fn retries_stop_at_their_instants() {
    let submits = |give_up: &str, ends: &str| {
        let backoff = "retry.backoff.fixed={ delay = \"10s\" }";
        let set = [
            "provider.p.failures.transient=100%",
            "retry.max_attempts=100",
            ends,
            give_up,
            backoff,
        ];
        run(&set).providers[0].submits / N
    };
    assert_eq!(submits("retry.give_up=deadline", "traffic.t.deadline=20s"), 2);
    assert_eq!(submits("retry.give_up=validity", "traffic.t.validity=35s"), 4);
    assert_eq!(submits("retry.give_up=50001ms", "traffic.t.deadline=20s"), 6);
    assert_eq!(submits("retry.give_up=50s", "traffic.t.deadline=20s"), 5);
    // Without one, the fourth retry finds its validity over when it rejoins the queue.
    let never = ["provider.p.failures.transient=100%", "retry.max_attempts=100"];
    let fixed = ["retry.backoff.fixed={ delay = \"10s\" }", "traffic.t.validity=35s"];
    let results = run(&[never, fixed].concat());
    assert_eq!(results.providers[0].submits, 4 * N);
    assert_eq!(truth(&results, Truth::ExpiredInQueue), N);
}

#[test]
fn only_what_it_is_told_to_retry() {
    let base = ["provider.p.failures.permanent=50%", "retry.max_attempts=3"];
    assert_eq!(run(&base).providers[0].submits, N);
    let results = run(&[base[0], base[1], "retry.on=[\"permanent\"]"]);
    share_is(truth(&results, Truth::RejectedByProvider), N, 0.125);
}

#[test]
fn a_stream_goes_before_its_queue_and_the_queue_before_the_scenario() {
    let failing = "provider.p.failures.transient=100%";
    let submits = |set: &[&str]| {
        let mut all = vec![failing, "retry.max_attempts=2"];
        all.extend(set);
        run(&all).providers[0].submits / N
    };
    assert_eq!(submits(&[]), 2);
    assert_eq!(submits(&["queue.main.retry.max_attempts=3"]), 3);
    assert_eq!(submits(&["queue.main.retry.max_attempts=3", "traffic.t.retry.max_attempts=4"]), 4);
}

#[test]
fn jitter_spreads_the_wait() {
    let base = [
        "provider.p.failures.transient=50%",
        "retry.max_attempts=2",
        "retry.backoff.fixed={ delay = \"8s\" }",
    ];
    let wait = |jitter: &str| {
        let results = run(&[base[0], base[1], base[2], jitter]);
        // Half are handed off at once, a quarter after the wait: a third of those handed off.
        mean(&results, Stage::HandOff) * 3.0
    };
    near(wait("retry.jitter=none"), 8.0, 0.02);
    near(wait("retry.jitter=full"), 4.0, 0.03);
    near(wait("retry.jitter=equal"), 6.0, 0.03);
}

#[test]
fn a_retry_after_is_honoured() {
    let waited = |after: &str, wait: &str| {
        let results = run(&[
            after,
            wait,
            "retry.max_attempts=2",
            "traffic.t.arrivals.campaign={ count = 2, at = \"0s\", over = \"0s\" }",
        ]);
        assert_eq!(results.providers[0].results[AttemptResult::Throttled as usize], 1);
        results.ended_at as f64 / 1e9
    };
    let throttle =
        "provider.p.throttle={ rate = \"1/s\", on_excess = \"refuse\", retry_after = \"5s\" }";
    assert_eq!(waited(throttle, "retry.backoff.fixed={ delay = \"3s\" }"), 5.0);
    assert_eq!(waited(throttle, "retry.backoff.fixed={ delay = \"7s\" }"), 7.0);
}
