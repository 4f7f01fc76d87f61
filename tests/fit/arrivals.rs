//! What counts tell about how requests come.

use crate::drawn::Uniform;
use smschain::fit::arrivals::{Counts, bursts, dispersion, expected_for, on_off, profile};

/// Counts of Poisson requests at `rate` a second (at most `most`) in bins of `bin_s`, over `bins`.
fn poisson(bins: usize, bin_s: f64, most: f64, seed: u64, rate: impl Fn(f64) -> f64) -> Counts {
    let mut draws = Uniform::new(seed);
    let mut draw = move || draws.next().unwrap();
    let mut counts = vec![0; bins];
    let mut at = 0.0;
    loop {
        at -= libm::log(draw()) / most;
        let bin = (at / bin_s) as usize;
        if bin >= bins {
            return Counts { from_s: 0.0, bin_s, turn: None, counts };
        }
        if draw() * most < rate(at) {
            counts[bin] += 1;
        }
    }
}

#[test]
fn poisson_requests_are_not_over_dispersed() {
    let counts = poisson(3600, 1.0, 5.0, 1, |_| 5.0);
    let scales = dispersion(&counts, &expected_for(&counts));
    assert!(scales.len() >= 7, "{scales:?}");
    for scale in scales {
        assert!(scale.p_value > 0.001, "{scale:?}");
        assert!(
            (scale.index - 1.0).abs() < 5.0 * libm::sqrt(2.0 * scale.bin_s / 3_600.0),
            "{scale:?}"
        );
    }
    assert_eq!(on_off(&counts, &expected_for(&counts)), None);
    assert_eq!(bursts(&counts, None, 1.0), []);
}

#[test]
fn on_and_off_is_told_from_chance() {
    // Spells of about 60 and 180 s, by turns, from exponential draws.
    let mut draws = Uniform::new(5);
    let mut turns = vec![0.0];
    while turns[turns.len() - 1] < 40_000.0 {
        let mean = if turns.len() % 2 == 1 { 180.0 } else { 60.0 };
        turns.push(turns[turns.len() - 1] - mean * libm::log(draws.next().unwrap()));
    }
    let on = |at: f64| turns.partition_point(|turn| *turn <= at) % 2 == 0;
    let counts = poisson(8_000, 5.0, 12.0, 6, |at| if on(at) { 12.0 } else { 2.0 });
    let expected = expected_for(&counts);
    let scales = dispersion(&counts, &expected);
    assert!(scales.iter().all(|scale| scale.p_value < 1e-6));
    assert!(scales[3].index > 2.0 * scales[0].index, "it grows with the scale: {scales:?}");
    let found = on_off(&counts, &expected).unwrap();
    assert!((found.high / 12.0 - 1.0).abs() < 0.03, "{found:?}");
    assert!((found.low / 2.0 - 1.0).abs() < 0.05, "{found:?}");
    assert!((found.mean_high / 60.0 - 1.0).abs() < 0.25, "{found:?}");
    assert!((found.mean_low / 180.0 - 1.0).abs() < 0.25, "{found:?}");
    assert!(found.gain > 10.0);
}

/// Counts in bins of `bin_s` of four hours, on at 10/s for 60 s and off at 1/s for 240 s, in the mean.
fn taking_turns(seed: u64, bin_s: f64) -> Counts {
    let mut draws = Uniform::new(seed);
    let mut turns = vec![0.0];
    while turns[turns.len() - 1] < 14_400.0 {
        let mean = if turns.len() % 2 == 1 { 240.0 } else { 60.0 };
        turns.push(turns[turns.len() - 1] - mean * libm::log(draws.next().unwrap()));
    }
    let on = |at: f64| turns.partition_point(|turn| *turn <= at) % 2 == 0;
    let bins = (14_400.0 / bin_s) as usize;
    poisson(bins, bin_s, 10.0, 1_000 + seed, |at| if on(at) { 10.0 } else { 1.0 })
}

#[test]
fn rates_that_take_turns_lie_in_their_intervals() {
    // In the longer bins a third of those of a spell that is on have a switch in them.
    for bin_s in [4.0, 10.0] {
        let mut covered = [0; 4];
        let logs = 20;
        for seed in 0..logs {
            let counts = taking_turns(seed, bin_s);
            let own = on_off(&counts, &expected_for(&counts)).unwrap();
            let found = [own.high, own.low, own.mean_high, own.mean_low];
            let truths = [10.0, 1.0, 60.0, 240.0];
            for (place, (value, truth)) in found.into_iter().zip(truths).enumerate() {
                let off = libm::log(value / truth).abs() / own.errors.unwrap()[place];
                covered[place] += i32::from(off <= 1.96);
            }
            assert!((own.high / 10.0 - 1.0).abs() < 0.03, "{own:?}");
        }
        // Of twenty of 95 % sixteen or fewer do in one series of four hundred.
        assert!(covered.iter().all(|&covered| covered >= 16), "{bin_s} s: {covered:?}");
    }
}

#[test]
fn a_profile_has_the_rates_of_the_day_and_of_weekdays() {
    // Twelve days from a Tuesday at 6 on; weekends at half the rate.
    const HOUR: f64 = 3600.0;
    let rate = |at: f64| {
        let local = at + 30.0 * HOUR;
        let weekend = (local / (24.0 * HOUR)) as usize % 7 >= 5;
        let busy = (8..20).contains(&((local / HOUR) as usize % 24));
        let of_day = if busy { 0.2 } else { 0.05 };
        of_day * if weekend { 0.5 } else { 1.0 }
    };
    let counts = Counts { from_s: 30.0 * HOUR, ..poisson(12 * 96, 0.25 * HOUR, 0.2, 7, rate) };
    let found = profile(&counts, 24, true);
    assert_eq!(found.slots.len(), 24);
    assert!((found.dispersion - 1.0).abs() < 0.2, "{}", found.dispersion);
    // Mean over the days of the log: ten working days' worth and two halves, weighed.
    let ratio = found.slots[12].rate / found.slots[3].rate;
    assert!((ratio / 4.0 - 1.0).abs() < 0.15, "{ratio}");
    let [monday, .., saturday, sunday] = found.weekdays.map(Option::unwrap);
    for weekend in [saturday, sunday] {
        let ratio = weekend.value / monday.value;
        assert!((ratio - 0.5).abs() < 0.06, "{ratio}");
    }
    let scales = dispersion(&counts, &found.expected(&counts));
    assert!(scales[0].p_value > 0.001, "{scales:?}");
}

#[test]
fn a_campaign_is_found() {
    let campaign = |at: f64| (1_000.0..1_060.0).contains(&at);
    let counts = poisson(3_600, 1.0, 60.0, 8, |at| if campaign(at) { 60.0 } else { 6.0 });
    let tens = Counts {
        from_s: 0.0,
        bin_s: 10.0,
        turn: None,
        counts: counts.counts.chunks(10).map(|few| few.iter().sum()).collect(),
    };
    let found = bursts(&tens, None, 1.0);
    let [burst] = found[..] else { panic!("{found:?}") };
    assert_eq!((burst.from, burst.to), (100, 106));
    assert!((burst.count / (60.0 * 54.0) - 1.0).abs() < 0.05, "{burst:?}");
}

#[test]
fn little_and_nothing_are_no_trouble() {
    for counts in [vec![], vec![0; 5], vec![0; 100], vec![1], vec![u64::from(u32::MAX); 30]] {
        let counts = Counts { from_s: 0.0, bin_s: 1.0, turn: None, counts };
        let expected = expected_for(&counts);
        for scale in dispersion(&counts, &expected) {
            assert!(scale.index.is_finite() && scale.p_value.is_finite());
        }
        assert_eq!(on_off(&counts, &expected), None);
        assert_eq!(bursts(&counts, None, 1.0), []);
        let found = profile(&counts, 24, true);
        assert!(found.dispersion.is_finite());
        assert_eq!(found.expected(&counts).len(), counts.counts.len());
    }
}
