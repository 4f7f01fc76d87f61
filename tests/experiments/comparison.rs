//! What common random numbers are worth when policies are compared.

use smschain::chain::Results;
use smschain::chain::spec::Spec;
use smschain::experiment::{
    Comparison, Decide, Indifference, Observation, Points, Silent, Until, Workers, compare,
};
use smschain::report::comparison::{Compared, Subject, comparison};
use smschain::report::{Value, metric_paths, metrics, to_json};
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

fn run(specs: &[Spec], threads: usize, until: Until) -> Comparison {
    let digest = |point: usize, results: Results| Observation {
        metrics: metrics(&specs[point], results),
        columns: Vec::new(),
    };
    let points = Points { specs, inputs: &[], seed: 11 };
    compare(&Workers::new(threads), points, 0, until, &Silent, &digest).unwrap()
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
    let compared = run(&specs, 2, Until::Replications(20));
    let differences: Vec<_> = compared.pairs[0].differences(0.05).collect();
    for path in ["divergence.api_vs_on_time", "latency.delivery.mean_s", "attempts.mean"] {
        let index = paths.iter().position(|other| other == path).unwrap();
        let alone = [0, 1]
            .map(|point| compared.cells[point].tallies()[index].known(0.05).half_width.unwrap());
        let paired = differences[index].half_width.unwrap();
        let ratio = unpaired(alone[0], alone[1]) / paired;
        assert!(ratio >= 3.0, "{path}: {ratio:.2} times as sharp");
    }
}

/// `compare.json` of three short runs.
fn json(threads: usize, until: Until, specs: &[Spec]) -> Value {
    let paths = metric_paths(&specs[0]);
    let compared = run(specs, threads, until);
    comparison(&Compared {
        spec: &specs[0],
        fingerprint: "f00d",
        seed: 11,
        policies: &["none", "fixed", "full"].map(str::to_owned),
        paths: &paths,
        subject: &Subject::of(&paths, None),
        comparison: &compared,
    })
}

fn short() -> Vec<Spec> {
    let policies = [
        "max_attempts = 1",
        "max_attempts = 6\nbackoff.fixed = { delay = \"2s\" }",
        "max_attempts = 6\nbackoff.exponential = { base = \"1s\", factor = 2 }\njitter = \"full\"",
    ];
    let short = |policy: &str| {
        let mut spec = spec(policy);
        (spec.duration, spec.warmup) = (60_000_000_000, 0);
        spec
    };
    policies.map(short).into()
}

#[test]
fn threads_change_no_byte() {
    let specs = short();
    let metric = metric_paths(&specs[0]).iter().position(|path| path == "attempts.mean").unwrap();
    let decide = Until::Decided(Decide {
        metric,
        higher_is_better: false,
        indifference: Indifference { zone: 0.001, error: 0.05, first_stage: 3 },
        at_most: 40,
    });
    for until in [Until::Replications(5), decide] {
        let once = to_json(&json(1, until, &specs));
        assert_eq!(to_json(&json(2, until, &specs)), once);
        assert_eq!(to_json(&json(3, until, &specs)), once);
    }
}

#[test]
fn every_pair_has_every_path() {
    let specs = short();
    let value = json(2, Until::Replications(12), &specs);
    assert_eq!(value.get("baseline"), Some(&Value::String("none".into())));
    let list = |key: &str| match value.get(key) {
        Some(Value::Array(items)) => items.clone(),
        other => panic!("{key}: {other:?}"),
    };
    let text = |value: &Value, key: &str| match value.get(key) {
        Some(Value::String(text)) => text.clone(),
        other => panic!("{key}: {other:?}"),
    };
    let number = |value: &Value, key: &str| match value.get(key) {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::Null) => None,
        other => panic!("{key}: {other:?}"),
    };
    let (cells, pairs) = (list("cells"), list("pairs"));
    let paths = metric_paths(&specs[0]);
    assert_eq!((cells.len(), pairs.len()), (3, 2 * paths.len()));
    let mut judged = 0;
    for (pair, path) in pairs.iter().zip(paths.iter().cycle()) {
        assert_eq!((&text(pair, "path"), text(pair, "against").as_str()), (path, "none"));
        let mean = |policy: &str| {
            let cell = cells.iter().find(|cell| text(cell, "policy") == policy).unwrap();
            number(cell.get("metrics").unwrap().get(path).unwrap(), "mean")
        };
        let difference = number(pair, "difference");
        let expected = mean(&text(pair, "policy")).zip(mean("none")).map(|(own, none)| own - none);
        assert_eq!(difference.is_some(), expected.is_some(), "{path}");
        let (Some(difference), Some(expected)) = (difference, expected) else {
            assert_eq!(text(pair, "verdict"), "undecided", "{path}");
            continue;
        };
        assert!((difference - expected).abs() < 1e-9 * expected.abs().max(1.0), "{path}");
        if text(pair, "verdict") != "undecided" {
            judged += 1;
            assert!(difference.abs() > number(pair, "half_width").unwrap(), "{path}");
        }
    }
    let verdict = |path: &str| {
        let pair = pairs.iter().find(|pair| text(pair, "path") == path).unwrap();
        text(pair, "verdict")
    };
    assert_eq!(verdict("attempts.mean"), "worse");
    assert_eq!(verdict("divergence.api_vs_outcome"), "better");
    assert_eq!(verdict("requests.total"), "undecided");
    assert!(judged > 10, "{judged}");
}
