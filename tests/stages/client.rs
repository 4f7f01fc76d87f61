use crate::support::{N, mean, rejected, run, share_is};
use smschain::chain::{Rejection, Stage};

const SLOW: &str = "api.latency=3s";
const PATIENCE: &str = "client.timeout=2s";

#[test]
fn an_impatient_client_sees_errors_of_messages_that_arrive() {
    let results = run(&[SLOW, PATIENCE]);
    assert_eq!((results.requests.client_timeouts, results.requests.accepted), (N, N));
    let layers = results.total().layers;
    assert_eq!((layers.client_failed, layers.client_failed_delivered), (N, N));
    let patient = run(&[SLOW, "client.timeout=3s"]);
    assert_eq!((patient.requests.client_timeouts, patient.total().layers.client_failed), (0, 0));
}

#[test]
fn without_idempotency_every_repeat_is_another_message() {
    let retry = "client.retry={ max_attempts = 3, backoff.fixed = { delay = \"500ms\" } }";
    let results = run(&[SLOW, PATIENCE, retry]);
    assert_eq!((results.requests.accepted, results.requests.client_retries), (N, 2 * N));
    assert_eq!(results.total().layers.accepted, 3 * N);
    assert_eq!((results.duplicate_copies, results.delivered_twice), (2 * N, N));
}

#[test]
fn with_idempotency_a_repeat_gets_the_answer_of_the_first() {
    let retry = "client.retry={ max_attempts = 3, backoff.fixed = { delay = \"500ms\" } }";
    let results = run(&[SLOW, PATIENCE, retry, "client.idempotency=true"]);
    assert_eq!(results.total().layers.accepted, N);
    // The second call, at 2.5 s, is answered at 3 s.
    assert_eq!((results.requests.client_retries, results.duplicate_copies), (N, 0));
    assert_eq!(results.total().layers.client_failed, 0);
    assert_eq!(mean(&results, Stage::Api), 3.0);
}

/// A call every 2 s, each given up after 1 s; the first call's work ends at 3 s, as the second
/// call comes.
const AT_ONCE: [&str; 4] = [
    "api.latency=3s",
    "client.timeout=1s",
    "client.idempotency=true",
    "client.retry={ max_attempts = 3, backoff.fixed = { delay = \"2s\" } }",
];

#[test]
fn a_repeat_at_the_very_end_of_the_work_gets_its_answer() {
    let refused = run(&[&AT_ONCE[..], &["api.errors=100%"]].concat());
    assert_eq!(rejected(&refused, Rejection::Internal), N);
    assert_eq!(refused.total().layers.client_failed, N);
    // The second call hears of the first one's error at 3 s; the third, at 5 s, is given up.
    assert_eq!((refused.requests.client_retries, refused.requests.client_timeouts), (2 * N, 2 * N));
    let accepted = run(&AT_ONCE);
    assert_eq!((accepted.requests.accepted, accepted.requests.client_retries), (N, N));
    assert_eq!(accepted.total().layers.client_failed, 0);
}

#[test]
fn a_recognised_repeat_is_refused_as_the_call_at_work_is() {
    // Calls at 0 s (works until 3.5 s), 1 s (no token) and 3 s (recognised).
    let results = run(&[
        "traffic.t.arrivals.campaign={ count = 1, at = \"0s\", over = \"0s\" }",
        "api.latency=3500ms",
        "api.errors=100%",
        "api.rate_limit={ rate = \"0.5/s\", burst = 1 }",
        "client.timeout=900ms",
        "client.idempotency=true",
        "client.retry={ max_attempts = 3, backoff.schedule = { waits = [\"100ms\", \"2s\"] } }",
    ]);
    assert_eq!(results.requests.client_retries, 2);
    assert_eq!(rejected(&results, Rejection::RateLimited), 0);
    assert_eq!(rejected(&results, Rejection::Internal), 1);
}

#[test]
fn repeats_are_counted_from_the_first_call() {
    // Each call fails with 30 %; up to three calls a second apart.
    let retry = "client.retry={ max_attempts = 3, backoff.fixed = { delay = \"1s\" } }";
    let results = run(&["api.errors=30%", retry]);
    share_is(rejected(&results, Rejection::Internal), N, 0.3_f64.powi(3));
    let api = &results.total().latency[Stage::Api as usize];
    // Accepted on call 1, 2, 3 after 0, 1, 2 s.
    let expected = (0.7 * 0.3 + 2.0 * 0.7 * 0.09) / (1.0 - 0.027);
    assert!((api.mean_s().unwrap() - expected).abs() < 0.01);
    share_is(results.requests.client_retries, 2 * N, (0.3 + 0.09) / 2.0);
}

#[test]
fn the_client_calls_again_only_on_what_it_is_told() {
    let retry = "client.retry={ max_attempts = 3, on = [\"timeout\"] }";
    let results = run(&["api.errors=30%", retry]);
    assert_eq!(results.requests.client_retries, 0);
}

#[test]
fn the_client_gives_up_in_time() {
    let retry = "client.retry={ max_attempts = 9, give_up = \"2500ms\", \
                 backoff.fixed = { delay = \"1s\" } }";
    // Calls at 0, 1 and 2 s.
    assert_eq!(run(&["api.errors=100%", retry]).requests.client_retries, 2 * N);
}
