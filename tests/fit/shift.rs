//! A shift that is added to every duration: known, found, or not there.

use crate::drawn::{Clock, EXACT, Uniform, seen};
use smschain::fit::{
    Choice, Collector, Distribution, Family, Sample, Setting, Shift, Unfit, best_with,
};

/// A clock of milliseconds at either end.
const MILLISECONDS: Clock = Clock { start: 1e-3, end: 1e-3, ..EXACT };

const TRUTHS: [Distribution; 4] = [
    Distribution::LogNormal { median: 1.0, p95: 4.0 },
    Distribution::Gamma { mean: 1.5, shape: 3.0 },
    Distribution::Weibull { scale: 1.5, shape: 1.4 },
    Distribution::Exponential { mean: 1.5 },
];

/// Durations of a sample.
const ROWS: usize = 2_000;

fn shifted(truth: &Distribution, shift: f64, clock: Clock, seed: u64) -> Sample {
    let variate = truth.variate().unwrap();
    let mut draws = Uniform::new(seed);
    let mut collector = Collector::new();
    for _ in 0..ROWS {
        let start = draws.next().unwrap() * 3_600.0;
        let takes = shift + variate.quantile(draws.next().unwrap());
        collector.add(seen(start, takes, clock));
    }
    collector.finish()
}

fn chosen(sample: &Sample, shift: Shift) -> Choice {
    best_with(sample, Setting { shift, never: false }).unwrap()
}

#[test]
fn a_shift_is_found_with_its_family() {
    for truth in &TRUTHS {
        let (mut held, mut family) = (0, 0);
        for seed in 0..3 {
            let choice = chosen(&shifted(truth, 0.8, MILLISECONDS, seed), Shift::Fitted);
            let shift = choice.fit().shift();
            assert!((shift.value / 0.8 - 1.0).abs() < 0.08, "{truth:?}: {shift:?}");
            held += i32::from(shift.low <= 0.8 && 0.8 <= shift.high);
            family += i32::from(choice.fit().family() == truth.family());
        }
        assert!(held >= 2 && family >= 2, "{truth:?}: {held} {family}");
    }
}

#[test]
fn where_the_density_jumps_the_shift_is_known_far_better_than_the_rest() {
    let sample = shifted(&TRUTHS[3], 0.8, MILLISECONDS, 7);
    let fit = chosen(&sample, Shift::Fitted).fit().clone();
    let (shift, median) = (fit.shift(), fit.quantile(0.5));
    assert_eq!(fit.family(), Family::Exponential);
    assert!(shift.high - shift.low < 0.006 && shift.high - shift.low > 1e-4, "{shift:?}");
    assert!(median.high - median.low > 0.05, "{median:?}");
    // Quantiles are of the whole duration.
    let truth = 0.8 + 1.5 * libm::log(2.0);
    assert!(median.low < truth && truth < median.high, "{median:?} {truth}");
}

#[test]
fn a_shift_that_is_not_there_is_not_found() {
    for (seed, truth) in TRUTHS.iter().enumerate() {
        let sample = shifted(truth, 0.0, MILLISECONDS, seed as u64);
        let found = chosen(&sample, Shift::Fitted);
        let without = chosen(&sample, Shift::Zero);
        assert_eq!(found.fit().shift().value, 0.0, "{truth:?}");
        assert_eq!(found.fit().quantile(0.5), without.fit().quantile(0.5));
    }
}

#[test]
fn a_known_shift_is_none_of_the_unknowns() {
    let truth = &TRUTHS[0];
    let sample = shifted(truth, 0.8, MILLISECONDS, 3);
    let (known, found) = (chosen(&sample, Shift::Known(0.8)), chosen(&sample, Shift::Fitted));
    let shift = known.fit().shift();
    assert_eq!([shift.value, shift.low, shift.high], [0.8; 3]);
    assert_eq!((known.fit().free(), found.fit().free()), (2, 3));
    let width = |choice: &Choice| {
        let (_, median) = choice.fit().parameters()[0];
        median.high - median.low
    };
    assert!(width(&known) < 0.9 * width(&found), "{} {}", width(&known), width(&found));
    let longer = best_with(
        &shifted(truth, 0.8, Clock { start: 1.0, end: 1.0, ..EXACT }, 3),
        Setting { shift: Shift::Known(2.5), never: false },
    );
    assert!(
        matches!(longer, Err(Unfit::BeyondMean { shift: 2.5, .. } | Unfit::Shorter { .. })),
        "{longer:?}"
    );
    let too_long = best_with(&sample, Setting { shift: Shift::Known(2.0), never: false });
    let Err(Unfit::Shorter { shift, rows }) = too_long else { panic!("{too_long:?}") };
    assert_eq!(shift, 2.0);
    // 57 % of the log-normal are below 1.2 s.
    assert!((1_070..1_230).contains(&rows), "{rows}");
    assert!(
        too_long.unwrap_err().to_string().ends_with("durations are shorter than the shift of 2 s")
    );
}
