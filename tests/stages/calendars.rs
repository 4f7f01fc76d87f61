//! What comes by time of day and weekday: incidents that repeat, quiet hours, latencies of the day; exactly where
//! arithmetic gives it, and as step by step.

use crate::support::{SMALLEST, as_step_by_step, mean, near, rejected};
use smschain::chain::{AttemptResult, Rejection, Results, Stage};

/// [`SMALLEST`] with more tables over `days` days, 1 message a minute from midnight of a Monday on.
fn over_days(more: &str, days: u32, set: &[&str]) -> Results {
    let duration = format!("scenario.duration={days}d");
    let mut all = vec![duration.as_str(), "traffic.t.arrivals.constant.rate=1/min"];
    all.extend(set);
    as_step_by_step(&format!("{SMALLEST}\n{more}"), &all).0
}

fn incident(when: &str, target: &str, effect: &str) -> String {
    format!("[[incident]]\nname = \"i\"\n{when}\ntarget = \"{target}\"\n{effect}\n")
}

#[test]
fn an_incident_comes_again_every_day_or_week() {
    let when = "at = \"1h\"\nfor = \"30m\"\nrepeat = \"daily\"";
    let results = over_days(&incident(when, "api", "outage = true"), 3, &[]);
    assert_eq!(rejected(&results, Rejection::Internal), 3 * 30);
    let told = &results.incidents[0];
    assert_eq!((told.before.requested, told.during.requested, told.during.on_time), (60, 90, 0));
    // Windows of recovery are those after the first time.
    let after: u64 = told.after.iter().map(|window| window.requested).sum();
    assert_eq!((after, told.recovery()), (24 * 60 - 30, Some(0)));
    // From Tuesday midnight on: on the 2nd, 9th, 16th day.
    let when = "at = \"1d\"\nfor = \"1h\"\nrepeat = \"weekly\"";
    let results = over_days(&incident(when, "api", "outage = true"), 17, &[]);
    assert_eq!(rejected(&results, Rejection::Internal), 3 * 60);
}

#[test]
fn ramps_and_throttles_repeat_too() {
    // 12 h a day, of which 2 × 3 h are ramps of half the size.
    let when = "at = \"6h\"\nfor = \"12h\"\nramp = \"3h\"\nrepeat = \"daily\"";
    let slow = incident(when, "api", "latency_factor = 5");
    let results = over_days(&slow, 4, &["api.latency=1s"]);
    near(mean(&results, Stage::Api), (12.0 + 6.0 * 5.0 + 6.0 * 3.0) / 24.0, 1e-9);
    // Half the rate for half of the day: of 60 an hour, 30 are refused in it.
    let narrow = incident(when, "api", "throttle_factor = 0.5").replace("ramp = \"3h\"\n", "");
    let limit = ["api.rate_limit={ rate = \"60/h\", burst = 1 }"];
    let refused = rejected(&over_days(&narrow, 4, &limit), Rejection::RateLimited);
    assert!(refused.abs_diff(4 * 12 * 30) <= 4, "{refused}");
}

/// Factors from 1 at midnight in a straight line to 3 at noon, and back: 2 on average.
const NOON: &str = "latency_by_day=[[\"00:00\", 1.0], [\"12:00\", 3.0]]";

#[test]
fn latencies_follow_the_time_of_day() {
    let provider = format!("provider.p.{NOON}");
    let results = over_days("", 2, &["provider.p.latency=10s", &provider]);
    near(mean(&results, Stage::Submit), 20.0, 1e-9);
    near(results.total().latency[Stage::Submit as usize].max_s().unwrap(), 30.0, 1e-9);
    // Six hours from noon on: from 3 to 2.
    let set = ["provider.p.latency=10s", &provider, "scenario.start=12:00"];
    let six = [&set[..], &["scenario.duration=6h"]].concat();
    let results = over_days("", 1, &six);
    let factor = |minute: f64| 3.0 - 2.0 * minute / 720.0;
    let sum: f64 = (0..360).map(|minute| factor(f64::from(minute))).sum();
    near(mean(&results, Stage::Submit), 10.0 * sum / 360.0, 1e-9);
    let carrier = format!("carrier.c.{NOON}");
    let results = over_days("", 2, &["carrier.c.latency=10s", &carrier]);
    near(mean(&results, Stage::Delivery), 20.0, 1e-9);
    // An incident's factor goes on top.
    let slow = incident("at = \"0s\"\nfor = \"2d\"", "carrier.c", "latency_factor = 2");
    let results = over_days(&slow, 2, &["carrier.c.latency=10s", &carrier]);
    near(mean(&results, Stage::Delivery), 40.0, 1e-9);
    // A refusal takes as long, too.
    let set = ["provider.p.failures.throttled=100%", "provider.p.refusal_latency=10s", &provider];
    near(mean(&over_days("", 2, &set), Stage::Submit), 20.0, 1e-9);
}

#[test]
fn failure_shares_follow_the_time_of_day() {
    // From nothing at midnight to every one at noon: half of them, and of the first six hours a quarter.
    let day = "provider.p.failures_by_day=[[\"00:00\", 0], [\"12:00\", 2.0]]";
    let set = ["provider.p.failures.transient=50%", day, "traffic.t.arrivals.constant.rate=10/min"];
    let failed = |days: u32, more: &[&str]| {
        let results = over_days("", days, &[&set[..], more].concat());
        results.providers[0].results[AttemptResult::Transient as usize] as f64
    };
    let (days, quarter) = (failed(1, &[]), failed(1, &["scenario.duration=6h"]));
    // Σ p(1 − p) is n/6, and n/6 for p from 0 to 1/2 likewise.
    assert!((days - 7_200.0).abs() < 3.29 * f64::sqrt(14_400.0 / 6.0), "{days}");
    assert!((quarter - 900.0).abs() < 3.29 * f64::sqrt(3_600.0 / 6.0), "{quarter}");
}
