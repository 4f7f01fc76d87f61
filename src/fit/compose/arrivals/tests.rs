//! Processes from counts that are made by others.

use super::profile::rates_of_days;
use super::*;
use crate::fit::compose::parameter::Kind;

const S: i64 = SECOND as i64;

fn window(to: i64) -> Window {
    Window { origin: 0, from: 0, to: to * S, end: to * S, zone: 0, turn: None, gap: None, tick: S }
}

/// A Poisson process by a small generator of its own.
fn poisson(ticks: &mut Ticks<u32>, from: f64, to: f64, rate: impl Fn(f64) -> f64, most: f64) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut at = from;
    loop {
        at -= libm::log(1.0 - uniform()) / most;
        if at >= to {
            break;
        }
        if uniform() * most < rate(at) {
            ticks.add((at * S as f64) as i64, 1);
        }
    }
}

fn keys(found: &[Arrivals]) -> Vec<&str> {
    found.iter().map(|one| one.key).collect()
}

#[test]
fn a_poisson_process_is_told_with_an_interval_that_holds_its_rate() {
    let mut ticks = Ticks::new(1 << 17);
    poisson(&mut ticks, 0.0, 3_600.0, |_| 20.0, 20.0);
    let found = arrivals(&ticks, window(3_600), "traffic.a");
    assert_eq!(keys(&found), ["poisson"]);
    let rate = &found[0].parameters[0];
    assert!(rate.low < 20.0 && 20.0 < rate.high && rate.high - rate.low < 0.6, "{rate:?}");
}

#[test]
fn every_third_of_requests_by_chance_is_more_even_and_not_evenly_spaced() {
    let mut all = Ticks::new(1 << 17);
    poisson(&mut all, 0.0, 7_200.0, |_| 12.0, 12.0);
    let mut number = 0;
    let mut ticks = Ticks::new(1 << 17);
    for (at, count) in all.over(0, 7_200 * S) {
        let before = number / 3;
        number += count;
        ticks.add(at, number / 3 - before);
    }
    let found = arrivals(&ticks, window(7_200), "traffic.a");
    assert_eq!(keys(&found), ["poisson"]);
    let rate = &found[0].parameters[0];
    // The root of a third of a Poisson process's error.
    let error = 1.96 * (4.0_f64 / 3.0 / 7_200.0).sqrt();
    assert!((0.5 * (rate.high - rate.low) / error - 1.0).abs() < 0.15, "{rate:?}");
    let [even] = &found[0].assumptions[..] else { panic!("{:?}", found[0].assumptions) };
    assert!(even.why.contains("more evenly than by chance"), "{even:?}");
    // By chance alone nothing is said.
    let found = arrivals(&all, window(7_200), "traffic.a");
    assert_eq!((keys(&found), found[0].assumptions.len()), (vec!["poisson"], 0));
}

#[test]
fn even_spacing_is_constant_and_for_a_while_a_campaign() {
    let mut ticks = Ticks::new(1 << 17);
    (0..3_600 * 4).for_each(|i| ticks.add(i * S / 4, 1));
    assert_eq!(keys(&arrivals(&ticks, window(3_600), "traffic.a")), ["constant"]);
    let mut ticks = Ticks::new(1 << 17);
    (0..6_000).for_each(|i| ticks.add(600 * S + i * S / 10, 1));
    let found = arrivals(&ticks, window(3_600), "traffic.a");
    assert_eq!(keys(&found), ["campaign"]);
    assert_eq!(found[0].value, "{ count = 6000, at = \"600s\", over = \"600s\" }");
}

#[test]
fn a_campaign_on_top_of_a_stream_is_told_from_it() {
    let mut ticks = Ticks::new(1 << 17);
    poisson(&mut ticks, 0.0, 3_600.0, |_| 10.0, 10.0);
    (0..20_000).for_each(|i| ticks.add(900 * S + i * S / 100, 1));
    let found = arrivals(&ticks, window(3_600), "traffic.a");
    assert_eq!(keys(&found), ["poisson", "campaign"]);
    let rate = &found[0].parameters[0];
    assert!(rate.low < 10.0 && 10.0 < rate.high, "{rate:?}");
    let count = &found[1].parameters[0];
    assert!((count.value / 20_000.0 - 1.0).abs() < 0.02, "{found:?}");
    assert!(count.low < 20_000.0 && 20_000.0 < count.high, "{count:?}");
    assert!(count.high - count.low < 1_000.0, "{count:?}");
}

#[test]
fn bursts_are_two_rates_and_a_week_is_a_profile() {
    let mut ticks = Ticks::new(1 << 17);
    poisson(&mut ticks, 0.0, 7_200.0, |at| if at % 300.0 < 100.0 { 30.0 } else { 3.0 }, 30.0);
    let found = arrivals(&ticks, window(7_200), "traffic.a");
    assert_eq!(keys(&found), ["onoff"]);
    let values: Vec<f64> = found[0].parameters.iter().map(|own| own.value).collect();
    for (value, wanted) in values.iter().zip([30.0, 3.0, 100.0, 200.0]) {
        assert!((value / wanted - 1.0).abs() < 0.15, "{values:?}");
    }
    // Bins in which a rate ends have a part of the other: it isn't drawn to that.
    for (rate, wanted) in found[0].parameters.iter().zip([30.0, 3.0]) {
        assert!(rate.low < wanted && wanted < rate.high, "{rate:?}");
        assert!((rate.value / wanted - 1.0).abs() < 0.03, "{rate:?}");
    }
    let mut ticks = Ticks::new(1 << 17);
    let day = |at: f64| 0.5 + 0.4 * libm::sin(at / 86_400.0 * std::f64::consts::TAU);
    poisson(&mut ticks, 0.0, 7.0 * 86_400.0, day, 0.9);
    let found = arrivals(&ticks, window(7 * 86_400), "traffic.a");
    assert_eq!(keys(&found), ["profile"]);
    assert!(found[0].value.contains("[\"06:00\", \"0.8"), "{}", found[0].value);
    assert!(found[0].assumptions.is_empty(), "a whole week of days that are alike");
}

#[test]
fn weekdays_are_written_where_the_log_has_all_and_they_differ() {
    let mut ticks = Ticks::new(1 << 17);
    // From 1970-01-01, a Thursday: days 2 and 3 are a weekend.
    let rate = |at: f64| if matches!((at / 86_400.0) as i64 % 7, 2 | 3) { 0.02 } else { 0.1 };
    poisson(&mut ticks, 0.0, 14.0 * 86_400.0, rate, 0.1);
    let found = arrivals(&ticks, window(14 * 86_400), "traffic.a");
    assert_eq!(keys(&found), ["profile"]);
    let rates = rates_of_days(&found[0].uncertain[0].at);
    assert_eq!((rates.len(), found[0].uncertain[0].kind), (14 * 24, Kind::Days));
    let of_day = |day: usize| rates[day * 24..][..24].iter().sum::<f64>() / 24.0;
    for (day, wanted) in [(0, 0.1), (2, 0.02), (3, 0.02), (4, 0.1), (9, 0.02), (13, 0.1)] {
        assert!((of_day(day) / wanted - 1.0).abs() < 0.08, "{day}: {}", of_day(day));
    }
    assert!(found[0].value.contains("[\"335:00\", "), "{}", found[0].value);
    let few = arrivals(&ticks, window(5 * 86_400), "traffic.a");
    assert!(few[0].assumptions[0].why.contains("hasn't a whole week"), "{few:?}");
}

#[test]
fn a_campaign_is_told_from_a_profile() {
    let mut ticks = Ticks::new(1 << 20);
    let day = |at: f64| 0.05 + 0.04 * libm::sin(at / 86_400.0 * std::f64::consts::TAU);
    poisson(&mut ticks, 0.0, 5.0 * 86_400.0, day, 0.09);
    (0..3_000).for_each(|i| ticks.add((200_000 + i) * S, 1));
    let found = arrivals(&ticks, window(5 * 86_400), "traffic.a");
    assert_eq!(keys(&found), ["profile", "campaign"]);
    let [count, at, over] = &found[1].parameters[..] else { panic!("{found:?}") };
    assert!((count.value / 3_000.0 - 1.0).abs() < 0.05, "{count:?}");
    assert!((at.value - 200_000.0).abs() < 60.0 && (over.value - 3_000.0).abs() < 60.0);
    let rate = &found[0].parameters[0];
    assert!((rate.value / 0.05 - 1.0).abs() < 0.03, "without its campaign: {rate:?}");
}
