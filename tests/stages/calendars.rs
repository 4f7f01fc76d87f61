//! What comes by time of day and weekday: incidents that repeat, quiet hours, latencies of the day; exactly where
//! arithmetic gives it, and as step by step.

use crate::support::{SMALLEST, as_step_by_step, mean, near, rejected};
use smschain::chain::{Rejection, Results, Stage};

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
