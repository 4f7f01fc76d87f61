//! A log that its export cuts in the tail of what it times: what is under way and what is lost are told apart by
//! one likelihood.

use smschain::fit::{
    Collector, Distribution, Family, Observation, Sample, Setting, Shift, best, best_with,
};

use crate::drawn::Uniform;
use crate::twenty_minutes::{fitted_to, found};

/// Median and p95 of a latency, s, whose tail is longer than most of the log.
const LATENCY: Distribution = Distribution::LogNormal { median: 300.0, p95: 2000.0 };

/// Rows of an hour and how long each took, `None` of those that are lost.
fn hour(loss: f64, rows: usize, seed: u64) -> Vec<(f64, Option<f64>)> {
    let variate = LATENCY.variate().unwrap();
    let mut draws = Uniform::new(seed);
    let mut draw = move || draws.next().unwrap();
    let row = |_| {
        let (at, takes, lost) = (3_600.0 * draw(), variate.quantile(draw()), draw() < loss);
        (at, (!lost).then_some(takes))
    };
    (0..rows).map(row).collect()
}

fn sample(rows: &[(f64, Option<f64>)]) -> Sample {
    let mut collector = Collector::new();
    for &(at, takes) in rows {
        let left = 3_600.0 - at;
        collector.add(match takes {
            Some(takes) if takes <= left => Observation::exact(takes),
            _ => Observation::pending(left, 0.0),
        });
    }
    collector.finish()
}

#[test]
fn the_share_that_never_ends_and_the_tail_are_found_together() {
    let (mut loss, mut median, mut p95) = (0, 0, 0);
    for seed in 0..40 {
        let sample = sample(&hour(0.03, 6_000, seed));
        let choice = best_with(&sample, Setting { never: true, shift: Shift::Zero }).unwrap();
        let fit = choice.fit();
        let inside = |own: smschain::fit::Interval, truth: f64| {
            i32::from(own.low <= truth && truth <= own.high)
        };
        loss += inside(fit.never(), 0.03);
        median += inside(fit.quantile(0.5), 300.0);
        p95 += inside(fit.quantile(0.95), 2_000.0);
    }
    // Of 40 intervals of 95 %, one in a thousand series has fewer than 33.
    assert!(loss >= 33 && median >= 33 && p95 >= 33, "{loss} {median} {p95}");
    // As if all would end, the tail stands for what is lost.
    let all = best(&sample(&hour(0.03, 6_000, 1))).unwrap();
    assert!(all.fit().quantile(0.95).low > 2_000.0, "{:?}", all.fit().quantile(0.95));
}

#[test]
fn where_all_ends_no_share_is_made_up() {
    let found = (0..10).filter(|&seed| {
        let sample = sample(&hour(0.0, 6_000, seed));
        let choice = best_with(&sample, Setting { never: true, shift: Shift::Zero }).unwrap();
        assert_eq!(choice.fit().family(), Family::LogNormal);
        choice.fit().never().low > 0.002
    });
    assert!(found.count() <= 1);
}

/// The log of an hour, in which a share of the lost rows are said to be.
fn log(loss: f64, said: usize) -> String {
    let mut log = "id,submitted,done,status\n".to_owned();
    let stamp = |at: f64| {
        let ms = (at * 1e3) as u64;
        let (h, m, s) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
        format!("2026-03-02T{:02}:{m:02}:{s:02}.{:03}Z", 9 + h, ms % 1_000)
    };
    let mut rows = hour(loss, 9_000, 5);
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (number, (at, takes)) in rows.into_iter().enumerate() {
        let done = takes.map(|takes| at + takes).filter(|&done| done <= 3_600.0);
        let is_said = takes.is_none() && number % 10 < said;
        let none = if is_said { "unknown" } else { "sent" };
        let (done, status) = done.map_or((String::new(), none), |at| (stamp(at), "delivered"));
        log.push_str(&format!("m{number},{},{done},{status}\n", stamp(at)));
    }
    log
}

#[test]
fn a_scenario_has_both_and_draws_them_together() {
    let fit = fitted_to(log(0.03, 0).as_bytes());
    for (path, truth) in [
        ("carrier.carrier.loss", 0.03),
        ("carrier.carrier.latency.lognormal.median", 300.0),
        ("carrier.carrier.latency.lognormal.p95", 2_000.0),
    ] {
        let [value, low, high] =
            found(&fit, path).unwrap_or_else(|| panic!("{path}: {}", fit.text));
        assert!(low <= truth && truth <= high, "{path}: {value} {low} {high}");
    }
    let drawn = |path: &str| fit.uncertain.iter().filter(|own| own.path == path).count();
    assert_eq!(drawn("carrier.carrier.loss"), 0, "it is drawn with the latency");
    let latency = fit.uncertain.iter().find(|own| own.path == "carrier.carrier.latency").unwrap();
    assert_eq!(latency.also[0].0, "carrier.carrier.loss");
    // More loss leaves less for the tail.
    let of = |i: usize, j: usize| latency.covariance[i][j];
    let correlation = of(1, 2) / (of(1, 1) * of(2, 2)).sqrt();
    assert!(correlation < -0.3, "{correlation}");
    let set = smschain::fit::drawn(std::slice::from_ref(latency), 1, 1);
    assert!(set[1].starts_with("carrier.carrier.loss=0.0"), "{set:?}");
}

#[test]
fn what_the_log_calls_lost_is_counted_once() {
    let lost = hour(0.06, 9_000, 5).iter().filter(|(_, takes)| takes.is_none()).count() as f64;
    for said in [5, 10] {
        let fit = fitted_to(log(0.06, said).as_bytes());
        let [value, ..] = found(&fit, "carrier.carrier.loss").unwrap();
        // Counted among the pending, too, they would come to 1.7 times as many.
        assert!((value / (lost / 9_000.0) - 1.0).abs() < 0.15, "{said}: {value} {lost}");
        let [p95, low, high] = found(&fit, "carrier.carrier.latency.lognormal.p95").unwrap();
        assert!(low <= 2_000.0 && 2_000.0 <= high, "{said}: {p95} {low} {high}");
    }
}
