//! Tests of arrival processes: counts, gaps and times against what each process promises.

use super::*;

const HOUR: Nanos = 3600 * SECOND;

fn times(arrivals: &spec::Arrivals, scale: f64, start: Nanos, until: Nanos) -> Vec<Nanos> {
    let chance = Chance::new(11);
    let stream = Key::named("traffic.t");
    let mut process = Arrivals::of(arrivals, None, stream, scale, start, until, &chance);
    let mut times = Vec::new();
    while let Some(next) = process.next(&chance) {
        if next.time >= until {
            break;
        }
        times.push(next.time);
    }
    assert!(times.is_sorted());
    times
}

/// Within 4.5 standard deviations of a Poisson count.
fn about(count: usize, expected: f64) {
    let off = (count as f64 - expected) / expected.sqrt();
    assert!(off.abs() < 4.5, "{count} for {expected}");
}

#[test]
fn poisson_gaps_are_exponential() {
    let times = times(&spec::Arrivals::Poisson { rate: 50.0 }, 2.0, 0, HOUR);
    about(times.len(), 360_000.0);
    let gaps: Vec<f64> = times.windows(2).map(|pair| (pair[1] - pair[0]) as f64).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let variance =
        gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum::<f64>() / gaps.len() as f64;
    assert!((variance.sqrt() / mean - 1.0).abs() < 0.01);
}

#[test]
fn constant_comes_at_exact_multiples() {
    let times = times(&spec::Arrivals::Constant { rate: 4.0 }, 2.0, 0, SECOND);
    assert_eq!(times, (0..8).map(|i| i * 125_000_000).collect::<Vec<_>>());
}

#[test]
fn scale_makes_the_same_requests_earlier() {
    let one = times(&spec::Arrivals::Poisson { rate: 10.0 }, 1.0, 0, HOUR);
    let four = times(&spec::Arrivals::Poisson { rate: 10.0 }, 4.0, 0, HOUR);
    for (slow, fast) in one.iter().zip(&four) {
        assert!(slow.abs_diff(fast * 4) <= 4);
    }
}

#[test]
fn a_linear_profile_has_its_area_in_every_part() {
    let profile = spec::Arrivals::Profile {
        points: vec![(0, 0.0), (HOUR, 100.0), (2 * HOUR, 0.0)],
        clock: false,
        daily: false,
        step: false,
    };
    let times = times(&profile, 1.0, 0, 4 * HOUR);
    let within =
        |from: Nanos, to: Nanos| times.iter().filter(|&&time| time >= from && time < to).count();
    about(within(0, HOUR / 2), 100.0 * 3600.0 / 8.0);
    about(within(HOUR / 2, HOUR), 100.0 * 3600.0 * 3.0 / 8.0);
    about(within(HOUR, 2 * HOUR), 100.0 * 3600.0 / 2.0);
    assert_eq!(within(2 * HOUR, 4 * HOUR), 0);
}

#[test]
fn a_daily_profile_starts_at_the_time_of_day_and_repeats() {
    let profile = spec::Arrivals::Profile {
        points: vec![(6 * HOUR, 1.0), (18 * HOUR, 3.0)],
        clock: true,
        daily: true,
        step: true,
    };
    let times = times(&profile, 1.0, 17 * HOUR, 49 * HOUR);
    let hours = |from: u64, to: u64| {
        times.iter().filter(|&&time| time >= from * HOUR && time < to * HOUR).count()
    };
    about(hours(0, 1), 3600.0);
    about(hours(1, 13), 12.0 * 3600.0 * 3.0);
    about(hours(13, 25), 12.0 * 3600.0);
    about(hours(25, 37), 12.0 * 3600.0 * 3.0);
}

#[test]
fn a_linear_daily_profile_is_linear_across_midnight() {
    let profile = spec::Arrivals::Profile {
        points: vec![(6 * HOUR, 0.0), (18 * HOUR, 12.0)],
        clock: true,
        daily: true,
        step: false,
    };
    let times = times(&profile, 1.0, 0, 24 * HOUR);
    let hours = |from: u64, to: u64| {
        times.iter().filter(|&&time| time >= from * HOUR && time < to * HOUR).count()
    };
    about(hours(0, 6), 6.0 * 3600.0 * 3.0);
    about(hours(6, 18), 12.0 * 3600.0 * 6.0);
    about(hours(18, 24), 6.0 * 3600.0 * 9.0);
}

#[test]
fn a_daily_profile_of_nothing_ends() {
    let nothing = spec::Arrivals::Profile {
        points: vec![(6 * HOUR, 0.0)],
        clock: true,
        daily: true,
        step: false,
    };
    assert!(times(&nothing, 1.0, 0, 1000 * HOUR).is_empty());
}

#[test]
fn on_off_spends_its_time_by_the_dwells() {
    let on_off = spec::Arrivals::OnOff {
        high: 10.0,
        low: 0.0,
        mean_high: 20 * SECOND,
        mean_low: 60 * SECOND,
    };
    let count = times(&on_off, 1.0, 0, 1000 * HOUR).len() as f64;
    // 45,000 cycles: the share of time in `high` has a relative deviation of about 0.7 %.
    let expected = 1000.0 * 3600.0 * 10.0 / 4.0;
    assert!((count / expected - 1.0).abs() < 0.025, "{count}");
}

#[test]
fn a_campaign_is_spread_evenly() {
    let campaign = spec::Arrivals::Campaign { count: 3, at: 10, over: 6 };
    assert_eq!(times(&campaign, 1.0, 0, HOUR), [10, 12, 14]);
    assert_eq!(times(&campaign, 2.0, 0, HOUR), [10, 11, 12, 13, 14, 15]);
}

#[test]
fn a_trace_is_repeated_or_thinned() {
    let row = |row: u64| spec::TraceRow {
        time: row * SECOND,
        row,
        sender: None,
        carrier: None,
        chars: None,
        ucs2: None,
        spam_score: None,
        deadline: None,
        recipient: None,
    };
    let trace = spec::Arrivals::Trace { rows: (0..3000).map(row).collect() };
    assert_eq!(times(&trace, 1.0, 0, HOUR).len(), 3000);
    assert_eq!(times(&trace, 3.0, 0, HOUR).len(), 9000);
    let some = times(&trace, 0.25, 0, HOUR).len();
    about(some, 750.0);
    assert_eq!(times(&trace, 2.25, 0, HOUR).len(), 6000 + some);
    let one = spec::Arrivals::Trace { rows: vec![row(0)] };
    assert_eq!(times(&one, 100_000.0, 0, HOUR).len(), 100_000);
}
