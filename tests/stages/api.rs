use crate::support::{N, SMALLEST, mean, near, rejected, run, run_text, share_is};
use smschain::chain::{Rejection, Stage};

#[test]
fn internal_errors_by_share() {
    let results = run(&["api.errors=23%"]);
    share_is(rejected(&results, Rejection::Internal), N, 0.23);
    assert_eq!(results.requests.accepted, N - rejected(&results, Rejection::Internal));
}

#[test]
fn the_rate_limit_counts_requests() {
    // 100 calls a second into 40 tokens a second, 1000 tokens to begin with.
    let set = ["api.rate_limit={ rate = \"40/s\", burst = 1000 }", "traffic.t.per_request=2"];
    let results = run(&set);
    let expected = 1000 + 40 * 1000;
    assert!(results.requests.accepted.abs_diff(expected) <= 1, "{}", results.requests.accepted);
    assert_eq!(rejected(&results, Rejection::RateLimited), N - results.requests.accepted);
}

#[test]
fn latency_comes_before_the_queue() {
    let results = run(&["api.latency=250ms"]);
    assert_eq!(mean(&results, Stage::Api), 0.25);
    assert_eq!(mean(&results, Stage::HandOff), 0.25);
    let random = run(&["api.latency.lognormal={ mean = \"250ms\", cv = 0.5 }"]);
    near(mean(&random, Stage::Api), 0.25, 3.2905 * 0.5 / (N as f64).sqrt());
}

#[test]
fn too_many_segments_are_invalid() {
    let set = ["api.max_segments=2", "traffic.t.body.chars=307"];
    assert_eq!(rejected(&run(&set), Rejection::Invalid), N);
    assert_eq!(run(&["api.max_segments=3", "traffic.t.body.chars=307"]).requests.accepted, N);
}

#[test]
fn a_carrier_without_a_route() {
    let text = SMALLEST.replace("{ c = 1 }", "{ c = 3, d = 1 }");
    let results = run_text(&format!("{text}\n[[carrier]]\nname = \"d\"\n"), &[]);
    share_is(rejected(&results, Rejection::NoRoute), N, 0.25);
}

#[test]
fn routes_by_rank_and_weight() {
    let more = r#"
[[route]]
id = 2
carriers = ["c"]
provider = "q"
weight = 3
[[route]]
id = 3
carriers = ["c"]
provider = "r"
rank = 2
[[provider]]
name = "q"
[[provider]]
name = "r"
"#;
    let results = run_text(&format!("{SMALLEST}{more}"), &[]);
    share_is(results.providers[1].submits, N, 0.75);
    assert_eq!(results.providers[2].submits, 0);
}
