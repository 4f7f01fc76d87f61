//! What is fitted is what was drawn from, whatever the clock does.

use crate::drawn::{Clock, EXACT, log};
use smschain::fit::{Distribution, best, goodness, hidden};

const LATENCY: Distribution = Distribution::LogNormal { median: 3.0, p95: 9.0 };

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
            let sample = log(&LATENCY, 20_000, clock, seed);
            let t = std::time::Instant::now();
            let choice = best(&sample).unwrap();
            println!(
                "{} {} {}: {:?} {:.2?} obs {}",
                clock.start,
                clock.end,
                clock.export,
                choice.fit().family(),
                t.elapsed(),
                sample.observations().len()
            );
            println!(
                "   {:.4?} {:.4?} {:?}",
                choice.fit().quantile(0.5),
                choice.fit().quantile(0.95),
                choice.goodness()
            );
            for (f, g) in choice.fits().iter().map(|f| (f, goodness(f, &sample, choice.curve()))) {
                println!(
                    "      {:?} {:.1} p {:.3} d {:.4} df {} t {:.1}",
                    f.family(),
                    f.bic(),
                    g.p_value,
                    g.distance,
                    g.freedom,
                    g.statistic
                );
            }
            println!("   {:?} {:?}", hidden(choice.fit(), &sample), choice.unfit());
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
        let right = (0..20)
            .filter(|&seed| {
                let choice = best(&log(&truth, 2000, EXACT, seed)).unwrap();
                choice.fit().family() == truth.family()
            })
            .count();
        println!("{truth:?} {right}");
    }
}
