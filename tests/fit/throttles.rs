//! Throttles at work: each is found once, as what it is, and what it makes isn't put down to anything else.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use smschain::fit::{Composed, Gathered, Plan, Resolution, compose};
use smschain::logs::{Options, read};

/// Twenty minutes of 3 messages a second and a campaign of more from the fifth minute on.
fn campaign(count: u32, seconds: u32) -> String {
    format!(
        "[[traffic]]\nname = \"codes\"\nsender = \"A\"\narrivals.poisson = {{ rate = \"3/s\" }}\n\
         [[traffic]]\nname = \"news\"\nsender = \"B\"\n\
         arrivals.campaign = {{ count = {count}, at = \"5m\", over = \"{seconds}s\" }}\n"
    )
}

/// So many messages a second for twenty minutes.
fn steady(rate: f64) -> String {
    format!(
        "[[traffic]]\nname = \"codes\"\nsender = \"A\"\narrivals.poisson = {{ rate = \"{rate}/s\" }}\n"
    )
}

/// The fit of the messages of a run, with more about its retries, its provider and its carrier.
fn fitted(traffic: &str, retry: &str, provider: &str, carrier: &str) -> Composed {
    static RUN: AtomicUsize = AtomicUsize::new(0);
    let own = format!("{}-{}", std::process::id(), RUN.fetch_add(1, Ordering::Relaxed));
    let folder = std::env::temp_dir().join(format!("smschain-throttles-{own}"));
    std::fs::create_dir_all(&folder).unwrap();
    let scenario = format!(
        "[scenario]\nname = \"true\"\nseed = 5\nduration = \"20m\"\n{traffic}\
         [[route]]\nid = 1\nprovider = \"alpha\"\n{retry}\n\
         [[provider]]\nname = \"alpha\"\n\
         latency.lognormal = {{ median = \"150ms\", p95 = \"500ms\" }}\n{provider}\n\
         [[carrier]]\nname = \"north\"\n\
         latency.lognormal = {{ median = \"3s\", p95 = \"9s\" }}\n{carrier}\n"
    );
    std::fs::write(folder.join("true.toml"), scenario).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_smschain"))
        .args(["run", "true.toml", "--no-files", "-q", "--messages", "log.csv"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let bytes = std::fs::read(folder.join("log.csv")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let mut log = Gathered::new();
    let inputs = [("log".to_owned(), Ok(&bytes[..]))];
    let account = read(inputs, &Options::default(), &mut |row| log.add(row)).unwrap();
    let resolution =
        Resolution { submitted: account.submitted, sent: account.sent, done: account.done };
    let plan = Plan {
        name: "fitted".to_owned(),
        summary: "Fitted".to_owned(),
        seed: 1,
        hold_out: 0.0,
        zone: 0,
        resolution,
    };
    compose(&log, &plan).unwrap()
}

/// Value and interval of a parameter; `None` of one that isn't there.
fn found(fit: &Composed, path: &str) -> Option<[f64; 3]> {
    let own = fit.parameters.iter().find(|own| own.path == path)?;
    Some([own.value, own.low, own.high])
}

#[track_caller]
fn near(fit: &Composed, path: &str, truth: f64, off: f64) {
    let [value, low, high] = found(fit, path).unwrap_or_else(|| panic!("{path}: {}", fit.text));
    assert!((value / truth - 1.0).abs() <= off, "{path}: {value} for {truth}\n{}", fit.text);
    assert!(low <= value && value <= high, "{path}: {low} {value} {high}");
}

const PACE: &str = "throttle = { rate = \"10/s\", burst = 10, on_excess = \"pace\" }";
const QUEUE: &str = "throttle = { rate = \"10/s\", burst = 10, on_excess = \"queue\" }";
const REFUSE: &str = "throttle = { rate = \"10/s\", burst = 10, on_excess = \"refuse\" }";
const FIXED: &str = "[retry]\nmax_attempts = 60\nbackoff.fixed = { delay = \"20s\" }";

#[test]
fn what_waits_is_the_throttles_alone_from_its_limit_to_five_times_that() {
    for traffic in [steady(10.0), campaign(9_600, 200)] {
        let provider = fitted(&traffic, "", PACE, "");
        near(&provider, "provider.alpha.throttle.rate", 10.0, 0.01);
        near(&provider, "carrier.north.latency.lognormal.median", 3.0, 0.03);
        // What it evens out is no throttle of the carrier behind it.
        assert_eq!(found(&provider, "carrier.north.throttle.rate"), None, "{}", provider.text);
        let carrier = fitted(&traffic, "", "", QUEUE);
        near(&carrier, "carrier.north.throttle.rate", 10.0, 0.01);
        near(&carrier, "provider.alpha.latency.lognormal.median", 0.15, 0.03);
        assert_eq!(found(&carrier, "provider.alpha.throttle.rate"), None, "{}", carrier.text);
        for own in [provider, carrier] {
            assert!(own.incidents.is_empty(), "{}", own.text);
        }
    }
}

#[test]
fn latencies_are_those_of_quiet_times_where_there_are_some() {
    let fit = fitted(&campaign(3_000, 240), "", "", QUEUE);
    near(&fit, "carrier.north.latency.lognormal.median", 3.0, 0.06);
    near(&fit, "carrier.north.latency.lognormal.p95", 9.0, 0.1);
    let fit = fitted(&campaign(3_000, 240), "", PACE, "");
    near(&fit, "provider.alpha.latency.lognormal.median", 0.15, 0.06);
}

#[test]
fn what_a_throttle_refuses_is_no_incident_and_no_failure_of_its_own() {
    for traffic in [campaign(3_000, 240), steady(13.0)] {
        let fit = fitted(&traffic, FIXED, REFUSE, "");
        near(&fit, "provider.alpha.throttle.rate", 10.0, 0.03);
        near(&fit, "retry.waits.1", 20.0, 0.01);
        near(&fit, "provider.alpha.latency.lognormal.median", 0.15, 0.06);
        assert!(fit.text.contains("on_excess = \"refuse\""), "{}", fit.text);
        assert!(fit.incidents.is_empty(), "{}", fit.text);
        assert_eq!(found(&fit, "provider.alpha.window"), None, "{}", fit.text);
        let failures = found(&fit, "provider.alpha.failures.transient");
        assert!(failures.is_none_or(|[share, ..]| share < 0.02), "{}", fit.text);
    }
}

#[test]
fn a_window_before_a_throttle_that_refuses_is_found_with_the_wait_between_attempts() {
    for traffic in [campaign(6_000, 240), steady(14.0)] {
        let fit = fitted(&traffic, FIXED, &format!("window = 10\n{REFUSE}"), "");
        near(&fit, "provider.alpha.window", 10.0, 0.2);
        near(&fit, "provider.alpha.throttle.rate", 10.0, 0.03);
        near(&fit, "retry.waits.1", 20.0, 0.05);
        assert!(fit.incidents.is_empty(), "{}", fit.text);
        let said = fit.assumptions.iter().any(|own| own.path == "retry.backoff");
        assert!(said, "{:?}", fit.assumptions);
    }
}

#[test]
fn what_fails_by_chance_before_a_throttle_that_paces_is_not_refused() {
    let retry = "[retry]\nmax_attempts = 6\nbackoff.fixed = { delay = \"2s\" }";
    let fit = fitted(&steady(9.0), retry, &format!("failures = {{ transient = 0.3 }}\n{PACE}"), "");
    assert!(fit.text.contains("on_excess = \"pace\""), "{}", fit.text);
    near(&fit, "provider.alpha.throttle.rate", 10.0, 0.05);
    near(&fit, "provider.alpha.failures.transient", 0.3, 0.05);
}

#[test]
fn what_a_carrier_rejects_over_its_rate_is_no_filters_doing() {
    let reject = "throttle = { rate = \"10/s\", burst = 10, on_excess = \"reject\" }";
    let fit = fitted(&campaign(4_800, 240), "", "", reject);
    near(&fit, "carrier.north.throttle.rate", 10.0, 0.04);
    assert!(fit.text.contains("on_excess = \"reject\""), "{}", fit.text);
    assert!(fit.incidents.is_empty() && !fit.text.contains("spell"), "{}", fit.text);
}

#[test]
fn that_no_throttle_was_seen_says_nothing_of_more_than_came() {
    let fit = fitted(&steady(6.0), "", PACE, "");
    assert!(!fit.text.contains("throttle = "), "{}", fit.text);
    let said = fit.assumptions.iter().find(|own| own.path == "throttle").unwrap();
    let tried = |station: &str| said.other.iter().any(|own| own.starts_with(station));
    assert!(tried("provider.alpha.throttle.rate=") && tried("carrier.north.throttle.rate="));
}
