//! `fit` of logs whose columns mean more than they seem to: attempts that are no failures, losses of parts.

use serde_json::Value;

use super::session::Session;

const CHAIN: &str = r#"
[scenario]
seed = 7
duration = "10m"
[[traffic]]
name = "codes"
sender = "BANK"
arrivals.poisson = { rate = "3/s" }
body = { chars = 70 }
[[traffic]]
name = "notices"
sender = "BANK"
arrivals.poisson = { rate = "3/s" }
body = { chars = 400 }
[[route]]
id = 1
provider = "alpha"
rank = 1
[[route]]
id = 2
provider = "beta"
rank = 2
[retry]
max_attempts = 4
backoff.fixed = { delay = "2s" }
[[provider]]
name = "alpha"
latency.lognormal = { median = "90ms", p95 = "450ms" }
failures = { transient = 0.02 }
[[provider]]
name = "beta"
latency.lognormal = { median = "90ms", p95 = "450ms" }
[[carrier]]
name = "northwind"
latency.lognormal = { median = "3s", p95 = "9s" }
loss = 0.03
"#;

/// What is fitted to a run of a scenario.
fn fitted(name: &str, scenario: &str) -> Value {
    fitted_with(name, scenario, "")
}

fn fitted_with(name: &str, scenario: &str, options: &str) -> Value {
    let session = Session::new(name);
    session.file("true.toml", scenario);
    session.run("run true.toml --no-files -q --messages log.csv").with(0);
    let fit = format!("fit log.csv --format json --no-files -q {options}");
    serde_json::from_str(&session.run(&fit).with(0).out).unwrap()
}

/// The value of a parameter, if there is one.
fn value(fit: &Value, path: &str) -> Option<f64> {
    let all = fit["parameters"].as_array().unwrap();
    all.iter().find(|own| own["path"] == path).and_then(|own| own["value"].as_f64())
}

fn assumes(fit: &Value, path: &str) -> bool {
    fit["assumptions"].as_array().unwrap().iter().any(|own| own["path"] == path)
}

#[test]
fn submits_of_parts_are_no_failures() {
    let path = "provider.alpha.failures.transient";
    let each = CHAIN.replace("name = \"alpha\"\n", "name = \"alpha\"\nparts = \"each\"\n");
    let fit = fitted("fit-parts", &each);
    // One submit or three, each of which fails by 2 %.
    let failed = value(&fit, path).unwrap();
    assert!((failed / 0.039 - 1.0).abs() < 0.2, "{failed}");
    assert!(assumes(&fit, "provider.parts"), "{}", fit["assumptions"]);
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
    // A message of three parts that was tried three times has failed twice where attempts are its own.
    let fit = fitted("fit-wholes", CHAIN);
    let failed = value(&fit, path).unwrap();
    assert!((failed / 0.02 - 1.0).abs() < 0.2, "{failed}");
    assert!(!assumes(&fit, "provider.parts"), "{}", fit["assumptions"]);
}

#[test]
fn a_loss_is_that_of_a_segment() {
    let fit = fitted("fit-loss", CHAIN);
    let loss = value(&fit, "carrier.northwind.loss").unwrap();
    assert!((loss / 0.03 - 1.0).abs() < 0.15, "{loss}");
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
}

#[test]
fn what_is_sent_again_for_want_of_a_receipt_is_no_failure() {
    let policy = "[on_receipt]\non = [\"unknown\"]\nafter = \"60s\"\nroute = \"next\"\n\
                  retry = { max_attempts = 1 }\n[retry]\n";
    let accepted = CHAIN.replace("[retry]\n", policy).replace("transient = 0.02", "transient = 0");
    let again = accepted.replace("name = \"alpha\"\n", "name = \"alpha\"\nloss = \"6%\"\n");
    let fit = fitted("fit-resent", &again);
    assert_eq!(value(&fit, "provider.alpha.failures.transient"), None);
    assert_eq!(value(&fit, "retry.max_attempts"), None);
    assert!(assumes(&fit, "on_receipt"), "{}", fit["assumptions"]);
    // Beside failures: those stay, and how long it is waited after them.
    let both = again.replace("transient = 0 ", "transient = 0.04 ");
    let fit = fitted("fit-resent-too", &both);
    let failed = value(&fit, "provider.alpha.failures.transient").unwrap();
    assert!((failed / 0.04 - 1.0).abs() < 0.25, "{failed}");
    let waited = value(&fit, "retry.waits.1").unwrap();
    assert!((waited / 2.0 - 1.0).abs() < 0.1, "{waited}");
    assert!(assumes(&fit, "on_receipt"), "{}", fit["assumptions"]);
    // Attempts at once after failures are no resends.
    let at_once = CHAIN.replace("backoff.fixed = { delay = \"2s\" }", "backoff.immediate = {}");
    let fit = fitted("fit-at-once", &at_once);
    let failed = value(&fit, "provider.alpha.failures.transient").unwrap();
    assert!((failed / 0.02 - 1.0).abs() < 0.25, "{failed}");
    assert!(!assumes(&fit, "on_receipt"), "{}", fit["assumptions"]);
}

#[test]
fn who_is_alerted_is_told_from_the_tries_at_which_others_come() {
    let away = "loss = 0.01\nabsent = { probability = 0.06, alert = 0.6, \
                returns.exponential = { mean = \"20m\" } }\nretry_schedule = [\"1m\", \"5m\"]\n";
    let scenario = CHAIN
        .replace("loss = 0.03\n", away)
        .replace("\"10m\"", "\"20m\"")
        .replace("\"3/s\"", "\"4/s\"");
    // At later tries only a few come each, and at all together many.
    let fit = fitted_with("fit-alerted", &scenario, "--hold-out 0");
    let all = fit["parameters"].as_array().unwrap();
    let of = |path: &str| all.iter().find(|own| own["path"] == path).unwrap();
    let alert = of("carrier.northwind.absent.alert");
    let [value, low, high] = ["value", "low", "high"].map(|key| alert[key].as_f64().unwrap());
    assert!((value - 0.6).abs() < 0.05, "{alert}");
    assert!(low < 0.6 && 0.6 < high, "{alert}");
    let away = &of("carrier.northwind.absent.probability")["value"];
    assert!((away.as_f64().unwrap() / 0.06 - 1.0).abs() < 0.1, "{away}");
}

#[test]
fn a_delivery_at_the_time_of_its_request_takes_no_time_and_is_doubted() {
    let session = Session::new("fit-zero");
    let mut log = String::from("id,submitted,done,status\n");
    let mut state = 9_u64;
    let mut at = 1_767_600_000_000_u64;
    for id in 0..1_500 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        at += state >> 54;
        log.push_str(&format!("{id},{at},{at},delivered\n"));
    }
    session.file("log.csv", &log);
    let fit: Value =
        serde_json::from_str(&session.run("fit log.csv --format json -q").with(0).out).unwrap();
    let scenario = session.read("output/log/fit/log.toml");
    assert!(scenario.contains("latency = \"0s\""), "{scenario}");
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
    let told = fit["assumptions"].to_string();
    assert!(told.contains("both times are probably one"), "{told}");
}
