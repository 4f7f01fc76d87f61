//! What is fitted is what was drawn from, whatever the clock does.

use crate::drawn::{Clock, EXACT, log};
use smschain::fit::{Distribution, Family, Hidden, Quantity, best, fit, hidden};

/// A carrier's latency, as in docs/fitting.md.
const LATENCY: Distribution = Distribution::LogNormal { median: 3.0, p95: 9.0 };

fn truths() -> [Distribution; 3] {
    [
        LATENCY,
        Distribution::Gamma { mean: 4.0, shape: 3.0 },
        Distribution::Weibull { scale: 4.0, shape: 1.6 },
    ]
}

/// How far median and p95 are off over logs of 20,000 rows: root mean square, and mean.
fn off(clock: Clock, logs: u64) -> [(f64, f64); 2] {
    [(0.5, 3.0), (0.95, 9.0)].map(|(share, truth)| {
        let off = (0..logs).map(|seed| {
            let sample = log(&LATENCY, 20_000, clock, seed);
            fit(Family::LogNormal, &sample).unwrap().quantile(share).value / truth - 1.0
        });
        let (sum, squares) = off.fold((0.0, 0.0), |(a, b), x| (a + x, b + x * x));
        (libm::sqrt(squares / logs as f64), sum / logs as f64)
    })
}

#[test]
fn an_export_soon_after_the_first_request_misleads_nobody() {
    for (error, mean) in off(Clock { export: 10.0, ..EXACT }, 8) {
        assert!(error < 0.01 && mean.abs() < 0.006, "{error} {mean}");
    }
}

#[test]
fn a_receipt_in_seconds_costs_nothing() {
    for (error, mean) in off(Clock { end: 1.0, ..EXACT }, 3) {
        assert!(error < 0.01 && mean.abs() < 0.01, "{error} {mean}");
    }
    for (error, mean) in off(Clock { start: 1.0, end: 1.0, ..EXACT }, 8) {
        assert!(error < 0.01 && mean.abs() < 0.005, "{error} {mean}");
    }
}

/// The least standard error of the logarithms of median and p95 that any unbiased estimate from so many rows
/// can have, ends rounded to ticks (Cramér and Rao): by the Fisher information of a row.
fn least_errors(rows: f64, tick: f64) -> [f64; 2] {
    const PHASES: usize = 200;
    const H: f64 = 1e-4;
    let at = |median: f64, p95: f64| Distribution::LogNormal {
        median: 3.0 * libm::exp(median),
        p95: 9.0 * libm::exp(p95),
    };
    let truths = [at(0.0, 0.0), at(H, 0.0), at(-H, 0.0), at(0.0, H), at(0.0, -H)];
    let (mut a, mut b, mut c) = (0.0, 0.0, 0.0);
    for phase in 0..PHASES {
        let first = tick * (phase as f64 + 0.5) / PHASES as f64;
        let mut before = [0.0; 5];
        for end in 0..10 {
            let end = first + tick * f64::from(end);
            let up_to = truths.each_ref().map(|truth| truth.cdf(end));
            let [share, more, less, above, below] = std::array::from_fn(|i| up_to[i] - before[i]);
            before = up_to;
            if share > 1e-12 {
                let [median, p95] = [more - less, above - below].map(|by| by / (2.0 * H));
                a += median * median / share;
                b += median * p95 / share;
                c += p95 * p95 / share;
            }
        }
    }
    let information = rows / PHASES as f64;
    [c, a].map(|own| libm::sqrt(own / (a * c - b * b) / information))
}

#[test]
fn a_receipt_in_minutes_costs_rows_and_not_truth() {
    // Two rows in seven tell anything: of 20,000 rows nobody can know either to better than 2.1 %.
    let least = least_errors(20_000.0, 60.0);
    assert!(least.iter().all(|own| (own - 0.021).abs() < 0.0005), "{least:?}");
    let clock = Clock { end: 60.0, ..EXACT };
    for ((error, mean), least) in off(clock, 4).into_iter().zip(least) {
        assert!(error < 1.65 * least && mean.abs() < least, "{error} {mean} {least}");
    }
    // And so well it is known.
    let fit = fit(Family::LogNormal, &log(&LATENCY, 20_000, clock, 4)).unwrap();
    for (share, least) in [0.5, 0.95].into_iter().zip(least) {
        let known = fit.quantile(share);
        let error = libm::log(known.high / known.low) / (2.0 * 1.96);
        assert!((error / least - 1.0).abs() < 0.15, "{error} {least}");
    }
}

#[test]
fn both_times_in_minutes_are_said_to_tell_nothing() {
    for seed in 0..4 {
        let sample = log(&LATENCY, 20_000, Clock { start: 60.0, end: 60.0, ..EXACT }, seed);
        let choice = best(&sample).unwrap();
        let hidden = hidden(choice.fit(), &sample);
        for quantity in Quantity::ALL {
            let why = hidden.iter().find(|(q, _)| *q == quantity).map(|(_, why)| why);
            assert!(matches!(why, Some(Hidden::Resolution { step: 60.0, .. })), "{hidden:?}");
        }
        // The mean is known all the same: 1.25 times the median here.
        let mean = choice.fit().mean();
        assert!(mean.low < LATENCY.mean() && LATENCY.mean() < mean.high, "{mean:?}");
    }
}

#[test]
fn nothing_is_hidden_in_seconds() {
    let sample = log(&LATENCY, 2_000, Clock { end: 1.0, ..EXACT }, 1);
    assert_eq!(hidden(best(&sample).unwrap().fit(), &sample), []);
    // The 99th percentile is 14 s, and nobody was waited for so long.
    let sample = log(&LATENCY, 2_000, Clock { export: 10.0, ..EXACT }, 1);
    let hidden = hidden(best(&sample).unwrap().fit(), &sample);
    assert!(matches!(hidden[..], [(Quantity::P99, Hidden::Export { .. })]), "{hidden:?}");
}

#[test]
fn the_right_family_has_the_smallest_bic() {
    for truth in truths() {
        let right = (0..200).filter(|&seed| {
            let sample = log(&truth, 2_000, EXACT, seed);
            let fits = Family::SIMPLE.map(|family| fit(family, &sample).unwrap());
            let best = fits.iter().min_by(|a, b| a.bic().total_cmp(&b.bic())).unwrap();
            best.family() == truth.family()
        });
        let right = right.count();
        assert!(right >= 198, "{truth:?}: {right} of 200");
    }
}

#[test]
fn the_far_tail_is_near() {
    for truth in truths() {
        let sample = log(&truth, 20_000, EXACT, 7);
        let p99 = best(&sample).unwrap().fit().quantile(0.99);
        assert!((p99.value / truth.quantile(0.99) - 1.0).abs() < 0.05, "{truth:?}: {p99:?}");
        let sample = log(&truth, 5_000, Clock { start: 1.0, end: 1.0, ..EXACT }, 7);
        let p99 = best(&sample).unwrap().fit().quantile(0.99);
        assert!((p99.value / truth.quantile(0.99) - 1.0).abs() < 0.05, "{truth:?}: {p99:?}");
    }
}

#[test]
fn intervals_cover() {
    const LOGS: u64 = 600;
    for truth in truths() {
        let mut covered = [0; 2];
        for seed in 0..LOGS {
            // A tenth to a fifth is pending.
            let sample = log(&truth, 200, Clock { export: 30.0, ..EXACT }, 1000 + seed);
            let fit = fit(truth.family(), &sample).unwrap();
            for (count, share) in covered.iter_mut().zip([0.5, 0.95]) {
                let interval = fit.quantile(share);
                let exact = truth.quantile(share);
                *count += u64::from(interval.low <= exact && exact <= interval.high);
            }
        }
        for count in covered {
            let share = count as f64 / LOGS as f64;
            assert!((0.93..=0.97).contains(&share), "{truth:?}: {share}");
        }
    }
}
