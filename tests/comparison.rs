//! What common random numbers are worth when policies are compared.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and its own arithmetic is no result"
)]

use smschain::chain::spec::Spec;
use smschain::experiment::{Observation, Points, Silent, Until, Workers, compare};
use smschain::report::{metric_paths, metrics};
use smschain::scenario::{Overrides, Source, load};

/// A provider that refuses what is over its rate, a little more often than not.
const THROTTLED: &str = r#"
[scenario]
name = "throttled-provider"
seed = 11
duration = "10m"
warmup = "1m"
deadline = "30s"
within = ["10s", "30s"]

[[traffic]]
name = "otp"
sender = "12345"
arrivals.onoff = { high = "14/s", low = "6/s", mean_high = "20s", mean_low = "40s" }
validity = "10m"

[[route]]
id = 1
provider = "alpha"
price = 0.0079

[[provider]]
name = "alpha"
throttle = { rate = "10/s", burst = 10, on_excess = "refuse" }
latency.lognormal = { median = "90ms", p95 = "450ms" }
failures = { transient = 0.02 }

[[carrier]]
name = "northwind"
latency.lognormal = { median = "3s", p95 = "9s" }
"#;

fn spec(retry: &str) -> Spec {
    let source = Source {
        name: "throttled.toml".into(),
        text: format!("{THROTTLED}\n[retry]\n{retry}\n"),
        base: ".".into(),
    };
    load(&source, &Overrides::default()).unwrap_or_else(|errors| panic!("{errors}")).spec
}

/// Half-width of a difference of independent means, Welch (1947).
fn unpaired(own: f64, other: f64) -> f64 {
    (own * own + other * other).sqrt()
}

#[test]
fn pairs_are_at_least_three_times_as_sharp() {
    let exponential = "backoff.exponential = { base = \"1s\", factor = 2, cap = \"1m\" }";
    let specs = ["full", "equal"]
        .map(|jitter| spec(&format!("max_attempts = 6\n{exponential}\njitter = \"{jitter}\"")));
    let paths = metric_paths(&specs[0]);
    let compared = compare(
        &Workers::new(2),
        Points { specs: &specs, seed: 11 },
        0,
        Until::Replications(20),
        &Silent,
        |point, results| Observation {
            metrics: metrics(&specs[point], results),
            columns: Vec::new(),
        },
    )
    .unwrap();
    let differences: Vec<_> = compared.pairs[0].differences(0.05).collect();
    for path in ["divergence.api_vs_on_time", "latency.delivery.mean_s", "attempts.mean"] {
        let index = paths.iter().position(|other| other == path).unwrap();
        let alone = [0, 1]
            .map(|point| compared.cells[point].tallies()[index].known(0.05).half_width.unwrap());
        let paired = differences[index].half_width.unwrap();
        let ratio = unpaired(alone[0], alone[1]) / paired;
        println!("{path}: {ratio:.1} {:?}", differences[index]);
        assert!(ratio >= 3.0, "{path}: {ratio:.2} times as sharp");
    }
}
