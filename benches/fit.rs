//! What it takes to fit a large log, and, over many logs, what fits are worth.
//!
//! `cargo bench --bench fit`; `cargo bench --bench fit -- coverage` for the second.

#![allow(clippy::print_stdout, reason = "a bench prints what it finds")]

use divan::Bencher;
use smschain::fit::{Collector, Distribution, Family, Observation, Sample, best, fit};
use smschain::random::{Chance, Key, Owner, Purpose, open01};

fn main() {
    if std::env::args().any(|argument| argument == "coverage") {
        coverage();
    }
    divan::main();
}

const LATENCY: Distribution = Distribution::LogNormal { median: 3.0, p95: 9.0 };

/// Durations of a log, the end rounded down to `tick`, whatever is pending after `export` cut off.
fn log(truth: &Distribution, rows: usize, tick: f64, export: f64, seed: u64) -> Option<Sample> {
    use rand::Rng;
    let mut draws = Chance::new(seed).stream(Key::named("fit"), Owner::NONE, Purpose(1));
    let variate = truth.variate().ok()?;
    let mut collector = Collector::new();
    for _ in 0..rows {
        let mut waited = export * open01(draws.next_u64());
        let x = variate.quantile(open01(draws.next_u64()));
        let phase = tick * open01(draws.next_u64());
        if tick > 0.0 {
            // The export is as if made when the clock's last tick began.
            waited = ((waited + phase) / tick).floor() * tick - phase;
        }
        collector.add(if x > waited {
            Observation::pending(waited, 0.0)
        } else if tick > 0.0 {
            Observation::rounded(((x + phase) / tick).floor() * tick - phase, 0.0, tick)
        } else {
            Observation::exact(x)
        });
    }
    Some(collector.finish())
}

/// How often 95 % intervals of median and p95 cover, over 5000 logs of each family.
fn coverage() {
    const LOGS: u64 = 5000;
    let truths = [
        LATENCY,
        Distribution::Gamma { mean: 4.0, shape: 3.0 },
        Distribution::Weibull { scale: 4.0, shape: 1.6 },
    ];
    for truth in truths {
        for tick in [0.0, 1.0, 60.0] {
            let rows = if tick == 60.0 { 4000 } else { 300 };
            let logs = if tick == 60.0 { LOGS / 10 } else { LOGS };
            let (mut fitted, mut covered) = (0, [0; 2]);
            for seed in 0..logs {
                let Some(sample) = log(&truth, rows, tick, 30.0 + 10.0 * tick, seed) else {
                    return;
                };
                let Ok(fit) = fit(truth.family(), &sample) else { continue };
                fitted += 1;
                for (count, share) in covered.iter_mut().zip([0.5, 0.95]) {
                    let interval = fit.quantile(share);
                    let exact = truth.quantile(share);
                    *count += i32::from(interval.low <= exact && exact <= interval.high);
                }
            }
            let share = covered.map(|count| 100.0 * f64::from(count) / f64::from(fitted));
            let [median, p95] = share;
            let family: Family = truth.family();
            println!(
                "{:<12} tick {tick:>2} s: median {median:.1} %, p95 {p95:.1} % of {fitted}",
                family.key()
            );
        }
    }
}

/// Collecting a million durations.
#[divan::bench(args = [0.0, 1.0, 60.0], sample_count = 5)]
fn collecting_a_million(bencher: Bencher<'_, '_>, tick: f64) {
    bencher.bench(|| log(&LATENCY, 1_000_000, tick, 1e4, 1).map(|sample| sample.rows()));
}

/// The choice among families for a million durations.
#[divan::bench(args = [0.0, 1.0, 60.0], sample_count = 5)]
fn choosing_for_a_million(bencher: Bencher<'_, '_>, tick: f64) {
    let sample = log(&LATENCY, 1_000_000, tick, 1e4, 1).unwrap_or_default();
    bencher.bench(|| best(&sample).map(|choice| choice.fit().bic()));
}
