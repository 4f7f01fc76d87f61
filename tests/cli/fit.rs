//! `fit`: a scenario from a log, what it says of what a log can't tell, and how it ends.

use serde_json::Value;

use super::session::Session;

/// A chain with known parameters.
const TRUE: &str = r#"
[scenario]
name = "true"
seed = 11
duration = "1h"
[[traffic]]
name = "otp"
sender = "12345"
arrivals.poisson = { rate = "3/s" }
carriers = { northwind = 0.6, acme = 0.4 }
[[route]]
id = 1
carriers = ["northwind", "acme"]
provider = "alpha"
[retry]
max_attempts = 4
backoff.fixed = { delay = "2s" }
[[provider]]
name = "alpha"
latency.lognormal = { median = "90ms", p95 = "450ms" }
failures = { transient = 0.05 }
[[carrier]]
name = "northwind"
latency.lognormal = { median = "3s", p95 = "9s" }
loss = 0.02
[[carrier]]
name = "acme"
latency.gamma = { mean = "4s", shape = 2 }
"#;

/// The list of messages of a scenario.
fn logged(session: &Session, scenario: &str, more: &str) {
    session.file("true.toml", scenario);
    session.run(&format!("run true.toml --no-files -q --messages log.csv {more}")).with(0);
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Value and interval of a parameter.
fn parameter(fit: &Value, path: &str) -> [f64; 3] {
    let all = fit["parameters"].as_array().unwrap();
    let own = all.iter().find(|own| own["path"] == path).unwrap_or_else(|| {
        let paths: Vec<&Value> = all.iter().map(|own| &own["path"]).collect();
        panic!("no {path} in {paths:?}")
    });
    ["value", "low", "high"].map(|key| own[key].as_f64().unwrap())
}

#[test]
fn what_a_log_was_made_with_is_found_again() {
    let session = Session::new("fit-found");
    logged(&session, TRUE, "");
    let ended = session.run("fit log.csv --format json -q").with(0);
    let fit = json(&ended.out);
    assert_eq!(session.read("output/log/fit/fit.json"), ended.out);
    assert_eq!(
        (&fit["schema"], &fit["log"]["format"]),
        (&"smschain.fit/1".into(), &"smschain".into())
    );
    let known = [
        ("traffic.12345.arrivals.poisson.rate", 3.0),
        ("traffic.12345.carriers.northwind", 0.6),
        ("provider.alpha.latency.lognormal.median", 0.09),
        ("provider.alpha.latency.lognormal.p95", 0.45),
        ("provider.alpha.failures.transient", 0.05),
        ("carrier.northwind.latency.lognormal.median", 3.0),
        ("carrier.northwind.latency.lognormal.p95", 9.0),
        ("carrier.northwind.loss", 0.02),
        ("carrier.acme.latency.gamma.mean", 4.0),
        ("carrier.acme.latency.gamma.shape", 2.0),
    ];
    let mut outside = Vec::new();
    for (path, wanted) in known {
        let [value, low, high] = parameter(&fit, path);
        assert!((value / wanted - 1.0).abs() < 0.15, "{path}: {value}, not {wanted}");
        if !(low..=high).contains(&wanted) {
            outside.push((path, value));
        }
    }
    assert!(outside.len() <= 2, "of ten intervals of 95 %: {outside:?}");
    let [wait, ..] = parameter(&fit, "retry.waits.1");
    assert!((wait - 2.0).abs() < 0.1, "{wait}");
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
    let scenario = session.read("output/log/fit/log.toml");
    assert!(scenario.contains("backoff.fixed = { delay = \"2"), "{scenario}");
    session.run("check --strict output/log/fit/log.toml").with(0);
    assert!(session.read("output/log/fit/fit.html").contains("What had to be assumed"));
    for chart in ["delivery", "volume", "quantiles"] {
        assert!(session.has(&format!("output/log/fit/charts/{chart}.svg")), "{chart}");
    }
    // The charts are made of the result file.
    let before = session.read("output/log/fit/charts/delivery.svg");
    session.run("chart output/log/fit").with(0);
    assert_eq!(session.read("output/log/fit/charts/delivery.svg"), before);
    let again = session.run("fit log.csv --format json -q -j 1 --out other").with(0);
    assert_eq!(again.out, ended.out, "with any number of threads");
}

#[test]
fn a_scenario_that_fails_on_what_it_has_not_seen_ends_with_1_if_that_is_required() {
    let session = Session::new("fit-require");
    let changed = format!(
        "{TRUE}[[incident]]\nname = \"slow\"\nat = \"50m\"\nfor = \"10m\"\n\
         target = \"carrier.northwind\"\nlatency_factor = 4\n"
    );
    logged(&session, &changed, "");
    let ended = session.run("fit log.csv --no-files -q").with(0);
    assert!(ended.out.contains("does not predict"), "{}", ended.out);
    session.run("fit log.csv --no-files -q --require").with(1);
    // Without anything kept out nothing is known of it.
    let ended = session.run("fit log.csv --no-files -q --hold-out 0 --require").with(1);
    assert!(ended.out.contains("Nothing was kept out"), "{}", ended.out);
}

#[test]
fn an_incident_is_found_at_its_time() {
    let session = Session::new("fit-incident");
    let browned = format!(
        "{TRUE}[[incident]]\nname = \"brown\"\nat = \"20m\"\nfor = \"6m\"\n\
         target = \"provider.alpha\"\nlatency_factor = 6\nfailures = {{ transient = 0.4 }}\n"
    );
    logged(&session, &browned, "");
    let fit = json(&session.run("fit log.csv --format json --no-files -q").with(0).out);
    let of = |key: &str| parameter(&fit, &format!("incident.provider-alpha-1.{key}"))[0];
    assert!((of("at") - 1_200.0).abs() < 30.0 && (of("for") - 360.0).abs() < 45.0);
    assert!((of("failures") - 0.4).abs() < 0.08, "{}", of("failures"));
    assert!((4.0..8.0).contains(&of("latency_factor")), "{}", of("latency_factor"));
    // What is usual is told without it.
    let [_, low, high] = parameter(&fit, "provider.alpha.latency.lognormal.median");
    assert!(low < 0.0925 && 0.0875 < high, "{low} {high}");
}

#[test]
fn what_the_clock_does_not_tell_is_said() {
    let session = Session::new("fit-clock");
    // One time a row.
    let rows: String = (0..400)
        .map(|n| {
            let (minute, second) = (n / 20 % 60, n * 3 % 60);
            let status = if n % 25 == 0 { "undelivered" } else { "delivered" };
            format!(
                "12345,4917000{n:05},hi,{status},2026-01-31T12:{minute:02}:{second:02}Z,2010-04-01,1,,AC1,\
                 SM{n:06},outbound-api,-0.0075,USD\n"
            )
        })
        .collect();
    let head = "From,To,Body,Status,SentDate,ApiVersion,NumSegments,ErrorCode,AccountSid,Sid,\
                Direction,Price,PriceUnit\n";
    session.file("twilio.csv", &format!("{head}{rows}"));
    let fit = json(&session.run("fit twilio.csv --format json --no-files -q").with(0).out);
    let said = fit["assumptions"].to_string();
    assert!(said.contains("one time a row") && said.contains("no latency can be fitted"), "{said}");
    let paths = fit["parameters"].as_array().unwrap().iter().map(|own| own["path"].to_string());
    assert!(!paths.into_iter().any(|path| path.contains("latency")), "no latency is invented");
    // Minutes at both ends.
    let clock =
        |seconds: u64| format!("2026-01-31 {:02}:{:02}", 10 + seconds / 3600, seconds / 60 % 60);
    let rows: String = (0..3_000_u64)
        .map(|n| {
            let latency = [1, 2, 2, 3, 3, 3, 4, 5, 7, 10][n as usize % 10];
            format!("m{n},{},{},delivered\n", clock(n), clock(n + latency))
        })
        .collect();
    session.file("minutes.csv", &format!("id,submitted,done,status\n{rows}"));
    let fit = json(&session.run("fit minutes.csv --format json --no-files -q").with(0).out);
    let said = fit["assumptions"].to_string();
    assert!(said.contains("no p95 can be told"), "{said}");
    assert_eq!(fit["log"]["resolution"]["done"], "1 min");
}

#[test]
fn what_is_asked_wrongly_names_the_way_out() {
    let session = Session::new("fit-asked");
    session.file(
        "log.csv",
        "id,submitted,done,status\nm1,2026-01-31 10:00:00,2026-01-31 10:00:03,delivered\n",
    );
    for (arguments, said) in [
        ("--format twilio-consol", "did you mean twilio-console"),
        ("--map a", "expected COLUMN=NAME"),
        ("--map a=submited", "did you mean submitted"),
        ("--zone Mars/Olympus", "no time zone `Mars/Olympus`"),
        ("--hold-out 3", "hold-out 3"),
        ("--hold-out 95%", "at most 90 %"),
        ("--name a/b", "letters, digits"),
    ] {
        let ended = session.run(&format!("fit log.csv {arguments}")).with(2);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "");
    }
    session.run("fit nowhere.csv").with(3);
    let ended = session.feed("fit - --no-files", "a,b\n1,2\n").with(2);
    assert!(ended.err.contains("--map COLUMN=NAME"), "{}", ended.err);
}
