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
    let fit = json(&session.run("fit log.csv --no-files -q --format json").with(0).out);
    let verdict = fit["verdict"].as_str().unwrap();
    // Headline figures are named first, with what was predicted and seen.
    let off = verdict.split_once("outside their intervals: ").unwrap().1;
    let named = |path: &str| off.contains(&format!("{path} (predicted "));
    assert!(named("within.10s") || named("latency.p50_s"), "{verdict}");
    let figures = fit["held_out"].as_array().unwrap();
    let of = |path: &str| figures.iter().find(|own| own["path"] == path).unwrap();
    assert_eq!(
        (&of("delivered")["required"], &of("volume")["required"]),
        (&true.into(), &false.into())
    );
    let seen = of("latency.p95_s")["seen"].as_f64().unwrap();
    assert!(
        verdict.contains(&format!("seen {}", (seen * 10.0).trunc() / 10.0)),
        "{seen} {verdict}"
    );
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
fn a_throttle_that_is_overloaded_is_fitted_and_said() {
    let session = Session::new("fit-throttle");
    let pressed = TRUE.replace(
        "[[route]]",
        "[[traffic]]\nname = \"news\"\ncarriers = { northwind = 1 }\n\
         arrivals.campaign = { count = 4000, at = \"10m\", over = \"5m\" }\n[[route]]",
    );
    let throttle = "loss = 0.02\nthrottle = { rate = \"6/s\", burst = 6, on_excess = \"queue\" }\n";
    logged(&session, &pressed.replace("loss = 0.02\n", throttle), "");
    let ended = session.run("fit log.csv -q").with(0);
    let [rate, low, high] = parameter(
        &json(&session.read("output/log/fit/fit.json")),
        "carrier.northwind.throttle.rate",
    );
    assert!((rate / 6.0 - 1.0).abs() < 0.03 && low < rate && rate < high, "{low} {rate} {high}");
    let scenario = session.read("output/log/fit/log.toml");
    let line = scenario.lines().find(|line| line.starts_with("throttle = ")).unwrap();
    assert!(line.contains(" ticks of ") && !line.contains(" rows"), "{line}");
    // An overload is a warning and no error, and it is said where the fit is read.
    session.run("check output/log/fit/log.toml").with(0);
    session.run("check --strict output/log/fit/log.toml").with(2);
    let said = "warns of the fitted scenario";
    assert!(ended.out.contains(said), "{}", ended.out);
    assert!(session.read("output/log/fit/fit.html").contains(said));
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
    let table = session.run("fit minutes.csv --no-files -q").with(0).out;
    assert!(table.contains("Times without a zone: none given: taken as UTC."), "{table}");
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
    for (path, said) in
        [("/dev/null", "it is a device, and no regular file"), (".", "it is a folder")]
    {
        let ended = session.run(&format!("fit {path} --name own --no-files")).with(3);
        assert!(ended.err.contains(said), "{path}: {}", ended.err);
    }
    let ended = session.feed("fit - --no-files", "a,b\n1,2\n").with(2);
    assert!(ended.err.contains("--map COLUMN=NAME"), "{}", ended.err);
}

#[test]
fn what_is_not_known_of_parameters_is_part_of_intervals() {
    let session = Session::new("fit-input");
    let short = TRUE.replace("\"1h\"", "\"10m\"");
    logged(&session, &short, "");
    session.run("fit log.csv -q --hold-out 0").with(0);
    let scenario = "output/log/fit/log.toml --input output/log/fit/fit.json";
    let arguments = format!("run {scenario} -n 12 --format json --no-files -q");
    let ended = session.run(&arguments).with(0);
    let report = json(&ended.out);
    assert_eq!(session.run(&format!("{arguments} -j 1")).with(0).out, ended.out, "keyed draws");
    assert!(report["input"]["parameters"].as_u64().unwrap() >= 6, "{}", report["input"]);
    // A rate that rests on some 1,800 rows is known to within 5 %: chance is not all of it.
    let of = |path: &str| report["input"]["intervals"][path]["share_of_input"].as_f64().unwrap();
    let shares = ["latency.carrier.mean_s", "latency.delivery.mean_s", "latency.delivery.p50_s"];
    let known = shares.into_iter().filter(|path| report["input"]["intervals"].get(path).is_some());
    let known: Vec<f64> = known.map(of).collect();
    assert!(known.iter().any(|share| *share > 0.2), "{known:?} {}", report["input"]);
    session.run(&format!("run {scenario} -n 12 -q --out drawn")).with(0);
    let page = session.read("drawn/report.html");
    assert!(page.contains("parameters are drawn anew in each replication"));
    assert!(page.contains("of its variance is what the log leaves open"));
    assert!(page.contains("latency.delivery.p50_s") && page.contains("by chance"));
    let plain =
        session.run("run output/log/fit/log.toml -n 12 --format json --no-files -q").with(0);
    assert_ne!(json(&plain.out)["digest"], report["digest"]);
    assert!(json(&plain.out).get("input").is_none());
    for command in ["sweep -n 2 --scale 1,2", "compare -n 2 --policies none,fixed"] {
        let (name, more) = command.split_once(' ').unwrap();
        let ended = session.run(&format!("{name} {scenario} {more} --format json --no-files -q"));
        assert_eq!(json(&ended.with(0).out)["input"]["fit"], "output/log/fit/fit.json");
    }
    let slo = "capacity SCENARIO --range 1..2 --tolerance 0.5 -n 5 --max-replications 10 --slo";
    let slo = slo.replace("SCENARIO", scenario);
    let ended = session.say(&format!("{slo} 'within.60s >= 50%' --format json --no-files -q"));
    assert_eq!(json(&ended.with(0).out)["input"]["fit"], "output/log/fit/fit.json");
    let one = session.run(&format!("run {scenario} --no-files")).with(2);
    assert!(one.err.contains("ask for several, like `-n 20`"), "{}", one.err);
    session.file("odd.json", "{\"schema\": \"smschain.fit/1\", \"uncertain\": [{}]}");
    let odd = session.run("run output/log/fit/log.toml -n 2 --input odd.json --no-files").with(2);
    assert!(odd.err.contains("that can't be drawn from, number 1"), "{}", odd.err);
    let no = session.run("run output/log/fit/log.toml -n 2 --input log.csv --no-files").with(2);
    assert!(no.err.contains("expected the fit.json that `smschain fit` writes"), "{}", no.err);
}

#[test]
fn a_span_of_a_log_is_replayed_with_what_went_wrong() {
    let session = Session::new("fit-span");
    let browned = format!(
        "{TRUE}[[incident]]\nname = \"brown\"\nat = \"20m\"\nfor = \"6m\"\n\
         target = \"provider.alpha\"\nfailures = {{ transient = 0.5 }}\n"
    );
    logged(&session, &browned, "");
    let ended = session.run("fit log.csv --incident 15m..30m").with(0);
    assert!(ended.err.contains("one incident was found in that span"), "{}", ended.err);
    let trace = session.read("output/log/fit/log-incident.csv");
    assert!(trace.starts_with("time_s,sender,carrier,chars\n"), "{}", &trace[..60]);
    let rows = trace.lines().count() - 1;
    assert!((rows as f64 / 2_700.0 - 1.0).abs() < 0.1, "{rows}");
    let scenario = session.read("output/log/fit/log-incident.toml");
    let at = scenario.split("[[incident]]").nth(1).unwrap().split("at = \"").nth(1).unwrap();
    let at: f64 = at.split('s').next().unwrap().parse().unwrap();
    assert!((at - 300.0).abs() < 45.0, "{at}: its time within the span");
    session.run("check --strict output/log/fit/log-incident.toml").with(0);
    let bundle = "output/log/fit/log-incident-1.incident.toml";
    session.run(&format!("replay {bundle} --no-files")).with(0);
    let what_if = format!("replay {bundle} --no-files --what-if retry.policy=none");
    assert!(session.run(&what_if).with(0).out.contains("With retry.policy=none"));
    for (span, said) in [
        ("30m..15m", "it ends before it begins"),
        ("15m", "it has no `..`"),
        ("a..b", "`a` is no time"),
        ("5h..6h", "no request of the log lies in the span"),
    ] {
        let ended = session.run(&format!("fit log.csv -q --incident {span} --out no")).with(2);
        assert!(ended.err.contains(said), "{}", ended.err);
    }
}

#[test]
fn every_format_becomes_a_scenario() {
    let session = Session::new("fit-formats");
    let logs = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/logs");
    let mut count = 0;
    for log in std::fs::read_dir(logs).unwrap().flatten() {
        let path = log.path().display().to_string();
        let ended = session.run(&format!("fit {path} --name own --out own -q")).with(0);
        assert!(
            ended.out.contains("How well it predicts isn't known") || ended.out.contains("Nothing")
        );
        session.run("check --strict own/own.toml").with(0);
        let written = session.read("own/fit.json") + &session.read("own/own.toml");
        for private in ["Your code", "77009001", "7700 9001", "15005550001", "15005550002"] {
            assert!(!written.contains(private), "{path}: {private}");
        }
        count += 1;
    }
    assert!(count >= 20, "{count}");
}
