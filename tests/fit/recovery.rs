//! What is fitted is what was drawn from, whatever the clock does.

use crate::drawn::{Clock, EXACT, log};
use smschain::fit::{Distribution, Family, best, fit};

const LATENCY: Distribution = Distribution::LogNormal { median: 3.0, p95: 9.0 };

fn off(clock: Clock, seed: u64) -> (f64, f64) {
    let sample = log(&LATENCY, 20_000, clock, seed);
    let fit = fit(Family::LogNormal, &sample).unwrap();
    (fit.quantile(0.5).value / 3.0 - 1.0, fit.quantile(0.95).value / 9.0 - 1.0)
}

#[test]
fn table() {
    for seed in 1..4 {
        for clock in [
            EXACT,
            Clock { export: 10.0, ..EXACT },
            Clock { end: 60.0, ..EXACT },
            Clock { end: 1.0, ..EXACT },
            Clock { start: 1.0, end: 1.0, ..EXACT },
            Clock { start: 60.0, end: 60.0, ..EXACT },
        ] {
            let (a, b) = off(clock, seed);
            println!("{} {} {}: {:.4} {:.4}", clock.start, clock.end, clock.export, a, b);
        }
    }
}

#[test]
fn right_family() {
    for truth in [
        LATENCY,
        Distribution::Gamma { mean: 4.0, shape: 3.0 },
        Distribution::Weibull { scale: 4.0, shape: 1.6 },
    ] {
        let right = (0..50)
            .filter(|&seed| {
                let choice = best(&log(&truth, 2000, EXACT, seed)).unwrap();
                choice.fit().family() == truth.family()
            })
            .count();
        println!("{truth:?} {right}");
    }
}
