//! Throttles at work: each is found once, as what it is, and what it makes isn't put down to anything else.

use smschain::fit::Assumption;

use crate::twenty_minutes::{fitted, found, near, steady};

/// Twenty minutes of 3 messages a second and a campaign of more from the fifth minute on.
fn campaign(count: u32, seconds: u32) -> String {
    format!(
        "[[traffic]]\nname = \"codes\"\nsender = \"A\"\narrivals.poisson = {{ rate = \"3/s\" }}\n\
         [[traffic]]\nname = \"news\"\nsender = \"B\"\n\
         arrivals.campaign = {{ count = {count}, at = \"5m\", over = \"{seconds}s\" }}\n"
    )
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
    // Where half of the time somebody has his turn, those that come just after wait: the interval says so.
    let busy = campaign(2_000, 240).replace("3/s", "5/s");
    let fit = fitted(&busy, "", &PACE.replace("burst = 10", "burst = 1"), "");
    let own = |path: &str| path.starts_with("provider.alpha.latency.") && !path.contains("p95");
    let latency = fit.parameters.iter().find(|latency| own(&latency.path));
    let latency = latency.unwrap_or_else(|| panic!("{}", fit.text));
    assert!(latency.low < 0.15 && 0.15 < latency.value && latency.low > 0.09, "{latency:?}");
    let said = |own: &Assumption| {
        own.path == "provider.alpha.latency" && own.why.contains("just after another")
    };
    assert!(fit.assumptions.iter().any(said), "{:?}", fit.assumptions);
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
