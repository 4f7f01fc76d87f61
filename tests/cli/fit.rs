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
        (&of("delivered")["headline"], &of("volume")["headline"]),
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
    assert!(line.contains("by how long what came over it waited"), "{line}");
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
    let told = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains(
            "Times that say no zone, and for which none is given, are taken as UTC; `--zone`"
        ),
        "{table}"
    );
    assert!(told.contains("they round both ends to 1 min."), "{table}");
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
        ("--zone dnoe=UTC", "no times `dnoe`, did you mean done?; expected [NAME=]"),
        ("--zone done=UTC --zone done=+01:00", "in another `--zone` already"),
        ("--resolution 1", "--resolution 1: "),
        ("--resolution 0s", "a clock tells from 1 ns to a day"),
        ("--resolution 25h", "a clock tells from 1 ns to a day"),
        ("--resolution dne=1ms", "no times `dne`, did you mean done?; expected [NAME=]DURATION"),
        ("--resolution status=1ms", "NAME is one of submitted, sent, done"),
        ("--resolution 1s --resolution 1ms", "in another `--resolution` already"),
        ("--resolution submitted=7min", "times of requests are no multiples of it: they show 1 s"),
        ("--shift carrier.a.latency=soon", "expected [PATH=]DURATION"),
        ("--shift 1s --shift fitted", "in another `--shift` already"),
        ("--hold-out 3", "hold-out 3"),
        ("--hold-out 95%", "at most 90 %"),
        ("--name a/b", "letters, digits"),
    ] {
        let ended = session.run(&format!("fit log.csv {arguments}")).with(2);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "");
    }
    session.run("fit nowhere.csv -o new/out").with(3);
    session.run("fit log.csv -o new/out --incident 20m..21m").with(2);
    assert!(!session.has("new"), "an empty folder is left");
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
fn a_shift_is_fitted_set_drawn_and_refused_in_words() {
    let session = Session::new("fit-shift");
    let moved = TRUE.replace("p95 = \"9s\" }", "p95 = \"9s\", shift = \"2s\" }");
    logged(&session, &moved.replace("\"1h\"", "\"20m\""), "");
    let path = "carrier.northwind.latency";
    let fit = |more: &str| session.run(&format!("fit log.csv --hold-out 0 -q {more}"));
    let asked = format!("--shift {path}=fitted");
    let shown = fit(&format!("{asked} --format json --force")).with(0).out;
    let [value, low, high] = parameter(&json(&shown), &format!("{path}.lognormal.shift"));
    assert!(low <= 2.0 && 2.0 <= high && high - low < 0.5, "{value} {low} {high}");
    let text = session.read("output/log/fit/log.toml");
    assert!(text.contains(", shift = \""), "{text}");
    // The other carrier has none, and runs draw the shift with the rest.
    assert_eq!(text.matches("shift = ").count(), 1, "{text}");
    let scenario = "output/log/fit/log.toml --input output/log/fit/fit.json";
    session.run(&format!("run {scenario} -n 4 --no-files -q")).with(0);
    assert!(fit("--no-files --shift 1s").with(2).err.contains("are shorter than the shift of 1 s"));
    let misplaced = fit("--no-files --shift carrier.nortwind.latency=1s").with(2).err;
    assert!(misplaced.contains("did you mean carrier.northwind.latency?"), "{misplaced}");
    assert!(misplaced.contains("provider.alpha.latency"), "{misplaced}");
    let known =
        fit(&format!("--no-files --shift {path}=2s --shift provider.alpha.latency=0s")).with(0);
    assert!(known.out.contains("latency.lognormal.shift"), "{}", known.out);
    assert!(known.out.contains(&format!("--shift {path}=2s")), "the command again");
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
    assert!(page.contains("parameters are drawn anew in every second replication"));
    // Nothing was kept out: whoever draws from it is told so, and so is who runs the scenario alone.
    assert!(page.contains("It says: Nothing was kept out: how well"));
    let known = "of a log (smschain); how well it predicts isn't known";
    assert!(session.run("run output/log/fit/log.toml --no-files -q").with(0).out.contains(known));
    assert!(session.read("output/log/fit/log.toml").starts_with("# Nothing was kept out: how"));
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
    // More replications make less what is chance, and nothing else.
    let half_widths = |n: u64| {
        let ended =
            session.run(&format!("run {scenario} -n {n} --format json --no-files -q")).with(0);
        let own = json(&ended.out)["input"]["intervals"]["latency.delivery.mean_s"].clone();
        ["half_width", "chance_half_width"].map(|key| own[key].as_f64().unwrap())
    };
    let ([few, chance_of_few], [many, chance_of_many]) = (half_widths(24), half_widths(96));
    assert!(many > 0.6 * few, "{few} {many}");
    assert!(chance_of_many < 0.7 * chance_of_few, "{chance_of_few} {chance_of_many}");
    let both = session.run(&format!("run {scenario} --precision 0.1 --no-files")).with(2);
    assert!(both.err.contains("don't go together"), "{}", both.err);
    let slo = "capacity SCENARIO --range 1..2 --tolerance 0.5 -n 5 --max-replications 10 --slo";
    let slo = slo.replace("SCENARIO", scenario);
    let ended = session.say(&format!("{slo} 'within.60s >= 50%' --format json --no-files -q"));
    assert_eq!(json(&ended.with(0).out)["input"]["fit"], "output/log/fit/fit.json");
    let one = session.run(&format!("run {scenario} --no-files")).with(2);
    assert!(one.err.contains("ask for four or more, like `-n 40`"), "{}", one.err);
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

/// `2026-03-02 09:00:00` and so many ms later, by a clock that tells multiples of `step` ms.
fn at(ms: u64, step: u64) -> String {
    let ms = ms / step * step;
    let (second, minute, hour) = (ms / 1_000 % 60, ms / 60_000 % 60, 9 + ms / 3_600_000);
    format!("2026-03-02 {hour:02}:{minute:02}:{second:02}.{:03}", ms % 1_000)
}

/// Requests every 500 ms and some: when each came, how long it took, ms.
fn requests(count: u64) -> impl Iterator<Item = (u64, u64, u64)> {
    (0..count).map(|n| (n, n * 500 + n * 7_919 % 500, 1_000 + n * 104_729 % 5_000))
}

#[test]
fn an_acceptance_that_has_no_time_of_its_own_takes_no_time() {
    let session = Session::new("fit-accepted");
    // As Kannel's access log has it: accepted when asked for.
    let rows = requests(600).map(|(n, from, took)| {
        let (from, done) = (at(from, 1_000), at(from + took, 1_000));
        format!("m{n},{from},{from},{done},delivered\n")
    });
    let rows: String = rows.collect();
    session.file("log.csv", &format!("id,submitted,sent,done,status\n{rows}"));
    let fit = json(&session.run("fit log.csv --format json --no-files -q").with(0).out);
    let paths = |fit: &Value| fit["parameters"].to_string();
    assert!(!paths(&fit).contains("provider.provider.latency"), "{}", paths(&fit));
    let why = fit["assumptions"].to_string();
    assert!(why.contains("doesn't say when a provider took a message"), "{why}");
    // As a provider's report has it that notes it of the odd message.
    let rows = requests(600).map(|(n, from, took)| {
        let sent = if n % 20 == 0 { at(from + 100, 1) } else { String::new() };
        format!("m{n},{},{sent},{},delivered\n", at(from, 1), at(from + took, 1))
    });
    let rows: String = rows.collect();
    session.file("odd.csv", &format!("id,submitted,sent,done,status\n{rows}"));
    let fit = json(&session.run("fit odd.csv --format json --no-files -q").with(0).out);
    assert!(!paths(&fit).contains("provider.provider.latency"), "{}", paths(&fit));
    assert!(paths(&fit).contains("carrier.carrier.latency"), "{}", paths(&fit));
}

#[test]
fn a_clock_that_rounds_makes_no_spells_and_hides_no_last_minute() {
    let session = Session::new("fit-rounded");
    // Accepted within 100 ms to 1.1 s by a clock of seconds.
    let rows = requests(1_740).map(|(n, from, took)| {
        let sent = from + 100 + n * n * 31 % 700 + if n / 60 % 5 == 0 { 300 } else { 0 };
        let times = [from, sent, sent + took].map(|ms| at(ms, 1_000));
        format!("m{n},{},delivered\n", times.join(","))
    });
    let rows: String = rows.collect();
    session.file("log.csv", &format!("id,submitted,sent,done,status\n{rows}"));
    session.run("fit log.csv -q").with(0);
    let scenario = session.read("output/log/fit/log.toml");
    assert!(!scenario.contains("degraded") && !scenario.contains("[[incident]]"), "{scenario}");
    // The last of fifteen minutes has as many requests as the others.
    let rows = requests(1_800).map(|(n, from, _)| format!("m{n},{},delivered\n", at(from, 60_000)));
    let rows: String = rows.collect();
    session.file("minutes.csv", &format!("id,submitted,status\n{rows}"));
    let fit = json(&session.run("fit minutes.csv --format json -q").with(0).out);
    let scenario = session.read("output/minutes/fit/minutes.toml");
    assert!(scenario.contains("duration = \"900s\""), "{scenario}");
    let held_out = fit["held_out"].as_array().unwrap();
    let volume = held_out.iter().find(|own| own["path"] == "volume").unwrap();
    assert!((volume["predicted"].as_f64().unwrap() - 360.0).abs() < 40.0, "{volume}");
}

#[test]
fn a_failure_reported_of_what_was_accepted_is_counted_once() {
    let session = Session::new("fit-once");
    let rows = requests(1_000).map(|(n, from, took)| {
        let (state, error) = match n % 10 {
            0 => ("EXPIRED", "EC_MESSAGE_VALIDITY_EXPIRED"),
            1 => ("UNDELIVERABLE", "EC_SYSTEM_FAILURE"),
            _ => ("DELIVERED", "NO_ERROR"),
        };
        format!(
            "{{\"messageId\":\"{n}\",\"sentAt\":\"{}Z\",\"doneAt\":\"{}Z\",\
             \"status\":{{\"groupName\":\"{state}\"}},\"error\":{{\"name\":\"{error}\"}}}}\n",
            at(from, 1).replace(' ', "T"),
            at(from + took, 1).replace(' ', "T"),
        )
    });
    session.file("log.json", &rows.collect::<String>());
    let fit = json(&session.run("fit log.json --format json --no-files -q").with(0).out);
    let held_out = fit["held_out"].as_array().unwrap();
    let delivered = held_out.iter().find(|own| own["path"] == "delivered").unwrap();
    assert!((delivered["predicted"].as_f64().unwrap() - 0.8).abs() < 0.03, "{delivered}");
    assert!(!fit["parameters"].to_string().contains("failures.transient"));
}

#[test]
fn what_a_log_has_besides_is_told_where_it_is_read() {
    let session = Session::new("fit-notes");
    let rows = requests(100)
        .map(|(n, from, took)| format!("{n},{},{},delivered,x\n", at(from, 1), at(from + took, 1)));
    let rows: String = rows.collect();
    session.file("log.csv", &format!("id,submitted,dlr_at,status,tenant\n{rows}"));
    let told = session.run("fit log.csv -q").with(0).out;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("Columns that were not used: dlr_at, tenant; `--map"), "{told}");
    assert!(told.contains("taken as UTC"), "{told}");
    assert!(session.read("output/log/fit/fit.html").contains("dlr_at, tenant"));
}

#[test]
fn all_figures_are_listed_or_counted_and_only_what_matters_of_assumptions() {
    let session = Session::new("fit-listed");
    let rows = requests(900)
        .map(|(n, from, took)| format!("{n},{},{},delivered\n", at(from, 1), at(from + took, 1)));
    let rows: String = rows.collect();
    session.file("log.csv", &format!("id,submitted,done,status\n{rows}"));
    let told = session.run("fit log.csv -q").with(0).out;
    let fit = json(&session.read("output/log/fit/fit.json"));
    let figures = fit["held_out"].as_array().unwrap();
    let after = told.split("  Kept out ").nth(1).unwrap().split("\n  Wasserstein").next().unwrap();
    let path = |own: &Value| own["path"].as_str().unwrap().to_owned();
    let listed = figures.iter().filter(|own| after.contains(&format!("\n  {} ", path(own))));
    let listed = listed.count();
    let more = format!("{} more agree (pieces of the volume)", figures.len() - listed);
    assert!(listed < figures.len() && after.contains(&more), "{listed} {told}");
    assert!(after.contains("latency.p95_s") && after.contains("\n  volume "), "{told}");
    // What changes nothing is named once.
    assert!(!told.contains("+0.00 ± 0.00"), "{told}");
    let one = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let still = one.split("Without influence on the headline").nth(1).unwrap();
    assert!(still.contains("scenario.deadline=60s"), "{told}");
    assert!(one.contains("With carrier.carrier.loss=0.01 the headline moves"), "{told}");
}

/// The fit of a log with these columns, of which `cells` makes a row of a number, a request's time and its end's;
/// and how `--require` ends.
fn columns(
    session: &Session,
    head: &str,
    cells: impl Fn(u64, [String; 2]) -> String,
) -> (Value, Option<i32>) {
    let rows =
        requests(800).map(|(n, from, took)| cells(n, [at(from, 1), at(from + took, 1)]) + "\n");
    let rows: String = rows.collect();
    session.file("log.csv", &format!("{head}\n{rows}"));
    let ended = session.run("fit log.csv -q --format json --force --require");
    (json(&ended.out), ended.code)
}

#[test]
fn a_verdict_does_not_say_yes_of_what_was_never_compared() {
    let session = Session::new("fit-untold");
    let paths = |fit: &Value| {
        let figures = fit["held_out"].as_array().unwrap().iter();
        figures.map(|own| own["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let undecided = |(fit, code): (Value, Option<i32>), said: &str| {
        assert!(fit["passes"].is_null() && code == Some(1), "{code:?} {}", fit["verdict"]);
        assert_eq!(fit["answer"], "How well it predicts isn't known.");
        let verdict = fit["verdict"].as_str().unwrap();
        assert!(verdict.starts_with("How well it predicts isn't known: "), "{verdict}");
        assert!(verdict.contains(said) && fit["not_known"].to_string().contains(said), "{verdict}");
        assert!(verdict.ends_with("figures that could be compared agree."), "{verdict}");
        // Where the scenario is read, too.
        let scenario = session.read("output/log/fit/log.toml").replace("\n# ", " ");
        assert!(scenario.contains(&format!("Not known: {said}")), "{scenario}");
        fit
    };
    // Without states, all have an end.
    let of = columns(&session, "id,submitted,done", |n, [from, done]| format!("{n},{from},{done}"));
    let fit = undecided(of, "the log has no states");
    let compared = paths(&fit);
    assert!(compared.iter().any(|own| own == "latency.p50_s"), "{compared:?}");
    assert!(!compared.iter().any(|own| own == "delivered" || own.starts_with("states")));
    assert_eq!(fit["log"]["states"], false);
    let loss = fit["assumptions"].as_array().unwrap().iter();
    let loss = loss.clone().find(|own| own["path"] == "carrier.loss").unwrap();
    assert!(loss["sensitivity"]["change"].as_f64().unwrap() > 0.02, "{loss}");
    // Without states and ends.
    let of = columns(&session, "id,submitted", |n, [from, _]| format!("{n},{from}"));
    let fit = undecided(of, "the log has no states");
    let is_count = |own: &String| own.starts_with("volume") || own == "busiest_minute";
    assert!(paths(&fit).iter().all(is_count), "{:?}", paths(&fit));
    // Without ends.
    let state = |n: u64| if n.is_multiple_of(20) { "undelivered" } else { "delivered" };
    let of =
        columns(&session, "id,submitted,status", |n, [from, _]| format!("{n},{from},{}", state(n)));
    let fit = undecided(of, "the log doesn't say when messages were delivered");
    let compared = paths(&fit);
    assert!(compared.iter().any(|own| own == "delivered"), "{compared:?}");
    assert!(!compared.iter().any(|own| own.starts_with("within")), "{compared:?}");
    // Never delivered, as far as it says.
    let of = columns(&session, "id,submitted,status", |n, [from, _]| format!("{n},{from},sent"));
    undecided(of, "no row of the log says that a message was delivered");
    // Without states, where the end tells what was delivered, that is an assumption and no more.
    let (fit, code) = columns(&session, "id,submitted,done", |n, [from, done]| {
        format!("{n},{from},{}", if n.is_multiple_of(20) { "" } else { &done })
    });
    assert_eq!((&fit["passes"], code), (&true.into(), Some(0)), "{}", fit["verdict"]);
    assert!(
        fit["assumptions"].to_string().contains("what has a time of its end is taken as delivered")
    );
}

#[test]
fn rows_left_out_are_part_of_the_verdict_where_they_are_many() {
    let session = Session::new("fit-left-out");
    // By chance, as a stream comes: SplitMix64.
    let chance = |n: u64| {
        let z = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) >> 20
    };
    let log = |wrong: u64, inbound: u64| {
        columns(&session, "id,submitted,done,status,direction", |n, _| {
            let (from, took) = (n * 500 + chance(n) % 20_000, 1_000 + chance(n + 10_000) % 5_000);
            let place = chance(n + 20_000) % 100;
            let done = at(from + took, 1);
            let from = if place < wrong { "soon".to_owned() } else { at(from, 1) };
            let way = if place >= 100 - inbound { "inbound" } else { "outbound" };
            format!("{n},{from},{done},delivered,{way}")
        })
    };
    let (fit, code) = log(3, 0);
    assert_eq!((&fit["passes"], code), (&true.into(), Some(0)), "{}", fit["verdict"]);
    assert_eq!(fit["not_known"], serde_json::json!([]));
    let (fit, code) = log(50, 0);
    assert!(fit["passes"].is_null() && code == Some(1), "{code:?} {}", fit["verdict"]);
    let verdict = fit["verdict"].as_str().unwrap();
    assert!(verdict.contains(" of the rows were left out ("), "{verdict}");
    assert!(verdict.contains(": a time can't be read)"), "{verdict}");
    assert!((fit["log"]["left_out"].as_f64().unwrap() - 0.5).abs() < 0.05);
    // What came in is no loss to what went out; but then three of what is left are many.
    let (fit, _) = log(0, 50);
    let told = (&fit["passes"], &fit["log"]["left_out"]);
    assert_eq!(told, (&true.into(), &0.0.into()), "{}", fit["verdict"]);
    let (fit, _) = log(3, 50);
    assert!(fit["verdict"].as_str().unwrap().contains(" of the rows were left out"), "{fit}");
}

#[test]
fn a_row_that_makes_no_sense_is_told_with_its_cell_and_the_way_out() {
    let session = Session::new("fit-senseless");
    let rows = requests(300).map(|(n, from, took)| {
        let (from, done) = (at(from, 1), at(from + took, 1));
        match n {
            7 => format!("{n},02.03.2026 9 Uhr,{done},delivered,1,447700900123\n"),
            // Somebody's number where a time should be, and a text where a state should be.
            8 => format!("{n},{from},+44 7700 900123,delivered,1,447700900123\n"),
            9 => format!("{n},{from},{done},geliefert,1,447700900123\n"),
            10 => format!("{n},{from},{done},delivered,zwei,447700900123\n"),
            11 => format!("{n},{done},{from},delivered,1,447700900123\n"),
            12 => format!("{n},{from},{done},delivered\n"),
            _ => format!("{n},{from},{done},delivered,1,447700900123\n"),
        }
    });
    let rows: String = rows.collect();
    session.file("log.csv", &format!("id,sent_at,dlr_at,state,parts,to\n{rows}"));
    let map = "--map sent_at=submitted --map dlr_at=done";
    let told = session.run(&format!("fit log.csv -q {map}")).with(0).out;
    let one = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "log.csv:9: a time can't be read: column `sent_at` has `02.03.2026 9 Uhr`. Expected a time like 2026-01-31T09:00:00Z",
        "`--map COLUMN=submitted` (or sent, done) takes another column",
        "one that is known: column `state` has `geliefert`. Expected a state such as delivered",
        "`--format` names the format whose words these are",
        "column `parts` has `zwei`. Expected a count up to",
        "log.csv:13: it was done before it was submitted: column `sent_at` has `2026-03-02 09:",
        ", column `dlr_at` has `2026-03-02 09:",
        "log.csv:14: it has more or fewer cells than the header. Expected as many cells",
    ] {
        assert!(one.contains(said), "{said}: {told}");
    }
    let fit = json(&session.read("output/log/fit/fit.json"));
    let first = &fit["log"]["rejected"][0];
    assert_eq!(
        (&first["count"], &first["cells"][0]["column"], &first["cells"][0]["value"]),
        (&2.into(), &"sent_at".into(), &"02.03.2026 9 Uhr".into())
    );
    // Alone it would be the first of its kind, and isn't shown.
    let head = "id,submitted,done,state\n";
    let number = "1,2026-03-02 09:00:00,+44 7700 900123,delivered\n";
    session.file("number.csv", &format!("{head}{number}"));
    let ended = session.run("fit number.csv --no-files").with(2);
    assert!(ended.err.contains("the log's one row can't be used"), "{}", ended.err);
    assert!(ended.err.contains("what `done` has isn't shown"), "{}", ended.err);
    for text in [&ended.err, &told, &session.read("output/log/fit/fit.html")] {
        assert!(!text.contains("7700"), "{text}");
    }
}

#[test]
fn odd_names_become_names_of_a_scenario() {
    let session = Session::new("fit-odd");
    let odd =
        ["a\"\"b", "two\nlines", "=cmd()", "\u{202e}gnp", "\u{200b}", "<b>", &"x".repeat(300)];
    let rows = requests(700).map(|(n, from, took)| {
        let name = odd[n as usize % odd.len()];
        let (from, done) = (at(from, 1), at(from + took, 1));
        format!("{n},{from},{done},delivered,\"{name}\",\"{name}\",\"{name}\"\n")
    });
    let rows: String = rows.collect();
    let name = "n".repeat(64);
    session.file("log.csv", &format!("id,submitted,done,status,carrier,provider,sender\n{rows}"));
    let span = "2026-03-02T09:01..2026-03-02T09:03";
    session.run(&format!("fit log.csv -q --name {name} --out fit --incident {span}")).with(0);
    session.run(&format!("check fit/{name}.toml fit/{}-incident.toml", &name[..55])).with(0);
    assert!(!session.read("fit/fit.html").contains("<b>"));
}

#[test]
fn what_can_not_be_fitted_is_refused_in_words() {
    let session = Session::new("fit-refused");
    let row = |n: u64, year: u64| {
        format!("{n},{year}-03-02T09:00:0{n}Z,{year}-03-02T09:01:0{n}Z,delivered\n")
    };
    let header = "id,submitted,done,status\n";
    let rows: String = (0..9).map(|n| row(n, 2026)).collect();
    session.file("log.csv", &format!("{header}{rows}"));
    session.file("header.csv", header);
    session.file("stray.csv", &format!("{header}{}{rows}", row(9, 1970)));
    for (arguments, said) in [
        ("header.csv", "no rows, but a header"),
        ("stray.csv", "of 1970-03-02 to 2026-03-02, and a scenario lasts 10 years at most"),
        ("log.csv --map done=sent --map done=submitted", "is in another `--map` already"),
        ("log.csv --map done=sent --map submitted=sent", "is in another `--map` already"),
        ("log.csv --zone +2000000000:00", "no time zone `+2000000000:00`"),
        ("log.csv --zone +-2:00", "no time zone"),
        ("log.csv --hold-out nonsense", "expected a share, like 20% or 0.2"),
        ("log.csv --incident 5m..5m", "it ends when it begins"),
    ] {
        let ended = session.run(&format!("fit {arguments} --out fit")).with(2);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
    }
    let ended = session.run("fit log.csv --no-files -q --hold-out 0").with(0);
    assert!(ended.out.contains("9 rows, 9 used"), "{}", ended.out);
}

#[test]
fn an_edited_fit_is_refused_by_the_name_of_its_entry() {
    let session = Session::new("fit-edited");
    logged(&session, TRUE, "");
    session.run("fit log.csv -q").with(0);
    let fit = json(&session.read("output/log/fit/fit.json"));
    let place = |fit: &Value| {
        let own = fit["uncertain"].as_array().unwrap().iter();
        own.map(|own| &own["path"]).position(|path| path == "carrier.northwind.latency").unwrap()
    };
    let place = place(&fit);
    for (key, value, said) in [
        ("covariance", serde_json::json!([[-1.0, 0.0], [0.0, 1.0]]), "(carrier.northwind.latency)"),
        ("covariance", serde_json::json!([[1.0, 2.0], [2.0, 1.0]]), "(carrier.northwind.latency)"),
        ("covariance", Value::Null, "(carrier.northwind.latency)"),
        ("path", "carrier.nobody.latency".into(), "`--input edited.json` sets this"),
    ] {
        let mut edited = fit.clone();
        edited["uncertain"][place][key] = value;
        session.file("edited.json", &edited.to_string());
        let run = "run output/log/fit/log.toml -n 4 -q --no-files --input edited.json";
        let ended = session.run(run).with(2);
        assert!(ended.err.contains(said), "{key}: {}", ended.err);
    }
    let mut edited = fit;
    edited["uncertain"] = serde_json::json!([]);
    session.file("edited.json", &edited.to_string());
    let ended = session.run("run output/log/fit/log.toml -n 4 --input edited.json").with(2);
    assert!(ended.err.contains("no parameter with an interval to draw from"), "{}", ended.err);
}

/// A figure of what was kept out.
fn figure<'a>(fit: &'a Value, path: &str) -> &'a Value {
    let all = fit["held_out"].as_array().unwrap();
    let found = all.iter().find(|own| own["path"] == path);
    found.unwrap_or_else(|| panic!("no {path} in {}", fit["held_out"]))
}

#[test]
fn a_log_in_which_all_was_over_is_judged_fairly() {
    let session = Session::new("fit-drained");
    // People ask again after the load has ended, receipts are lost, handsets stay away beyond the validity.
    let scenario = TRUE
        .replace("\"1h\"", "\"20m\"")
        .replace("\"3/s\" }", "\"12/s\" }\nvalidity = \"8m\"\ndeadline = \"30s\"\nresend = { after = \"45s\", probability = 0.5, max = 1 }")
        .replace(
            "loss = 0.02\n",
            "loss = 0.01\nabsent = { probability = 0.06, returns.exponential = { mean = \"20m\" }, alert = 0.6 }\n\
             retry_schedule = [\"1m\", \"5m\"]\n",
        )
        .replace("failures = {", "receipts.loss = 0.01\nfailures = {");
    logged(&session, &scenario, "");
    let fit = json(&session.run("fit log.csv --format json -q").with(0).out);
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
    let scenario = session.read("output/log/fit/log.toml");
    let duration = scenario.lines().find_map(|line| line.strip_prefix("duration = \"")).unwrap();
    let duration: f64 = duration.split('s').next().unwrap().parse().unwrap();
    assert!(
        (duration - 1_200.0).abs() <= 2.0,
        "the load ended then, stragglers or not: {duration}"
    );
    for path in ["volume", "delivered", "states.expired", "within.5m"] {
        assert_eq!(figure(&fit, path)["agrees"], true, "{}", figure(&fit, path));
    }
    let seen = figure(&fit, "states.expired")["seen"].as_f64().unwrap();
    assert!(seen > 0.01, "{seen}");
    // The same, cut by an export while hundreds are under way.
    let rows = session.read("log.csv");
    let mut lines = rows.lines();
    let head = lines.next().unwrap();
    let place = |name: &str| head.split(',').position(|own| own == name).unwrap();
    let (requested, delivered, observed) =
        (place("requested_s"), place("delivered_s"), place("observed"));
    let cut = lines.filter_map(|line| {
        let mut cells: Vec<&str> = line.split(',').collect();
        let at = |cell: &str| cell.parse::<f64>().ok();
        if at(cells[requested])? > 1_000.0 {
            return None;
        }
        let late = match cells[observed] {
            "delivered" | "sent" => at(cells[delivered]).is_none_or(|at| at > 1_000.0),
            "expired" => at(cells[requested])? + 480.0 > 1_000.0,
            _ => false,
        };
        if late {
            (cells[delivered], cells[observed]) = ("", "sent");
        }
        Some(cells.join(",") + "\n")
    });
    session.file("cut.csv", &format!("{head}\n{}", cut.collect::<String>()));
    let fit = json(&session.run("fit cut.csv --format json --no-files -q").with(0).out);
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
    for path in ["volume", "latency.p50_s", "within.10s", "states.pending"] {
        assert_eq!(figure(&fit, path)["agrees"], true, "{}", figure(&fit, path));
    }
    // None of those under way had been for its validity.
    let expired = fit["held_out"].as_array().unwrap().iter();
    let mut expired = expired.filter(|own| own["path"] == "states.expired");
    assert!(expired.all(|own| own["agrees"] == true), "{}", fit["held_out"]);
    let [mean, ..] = parameter(&fit, "carrier.acme.latency.gamma.mean");
    assert!((mean / 4.0 - 1.0).abs() < 0.05, "{mean}");
}

#[test]
fn submits_that_nobody_answered_are_told_from_refusals() {
    let session = Session::new("fit-unanswered");
    let scenario = TRUE.replace(
        "failures = { transient = 0.05 }",
        "submit_timeout = \"10s\"\nfailures = { transient = 0.03, timeout = 0.01 }",
    );
    logged(&session, &scenario, "");
    let fit = json(&session.run("fit log.csv --format json -q").with(0).out);
    let [after, low, high] = parameter(&fit, "provider.alpha.submit_timeout");
    assert!((after / 10.0 - 1.0).abs() < 0.02 && low <= after && after <= high, "{after}");
    for (kind, wanted) in [("timeout", 0.01), ("transient", 0.03)] {
        let [share, low, high] = parameter(&fit, &format!("provider.alpha.failures.{kind}"));
        assert!((share / wanted - 1.0).abs() < 0.25 && low < high, "{kind}: {share}");
    }
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
    session.run("check --strict output/log/fit/log.toml").with(0);
}

#[test]
fn handsets_that_are_away_return_as_they_did() {
    let session = Session::new("fit-away");
    let away = "absent = { probability = 0.1, returns.exponential = { mean = \"30m\" }, alert = 0.4 }\n\
                retry_schedule = [\"2m\", \"10m\", \"20m\", \"40m\"]\n";
    let scenario =
        TRUE.replace("\"1h\"", "\"2h\"").replace("loss = 0.02\n", &format!("loss = 0.02\n{away}"));
    logged(&session, &scenario, "");
    let fit = json(&session.run("fit log.csv --format json -q").with(0).out);
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
    let near = |key: &str, wanted: f64, most: f64| {
        let [value, low, high] = parameter(&fit, &format!("carrier.northwind.absent.{key}"));
        assert!((value / wanted - 1.0).abs() < most, "{key}: {value}, not {wanted}");
        assert!(low < value && value < high, "{key}: {low} {value} {high}");
    };
    near("probability", 0.1, 0.1);
    near("returns.exponential.mean", 1_800.0, 0.1);
    near("alert", 0.4, 0.15);
    let scenario = session.read("output/log/fit/log.toml");
    let schedule = "retry_schedule = [\"120s\", \"600s\", \"1200s\", \"2400s\"";
    assert!(scenario.contains(schedule), "{scenario}");
    session.run("check --strict output/log/fit/log.toml").with(0);
}

#[test]
fn a_throttle_that_presses_for_most_of_a_log_is_found() {
    let session = Session::new("fit-pressed");
    // 1.8 a second come, 1.2 go: fewer than two a tick of a second.
    let throttle =
        "loss = 0.02\nthrottle = { rate = \"1.2/s\", burst = 3, on_excess = \"queue\" }\n";
    logged(&session, &TRUE.replace("loss = 0.02\n", throttle), "");
    let fit = json(&session.run("fit log.csv --format json --no-files -q").with(0).out);
    let [rate, ..] = parameter(&fit, "carrier.northwind.throttle.rate");
    assert!((rate / 1.2 - 1.0).abs() < 0.05, "{rate}");
    // The wait before it is the throttle's, and is not in the latency as well.
    for path in ["latency.p50_s", "latency.p95_s", "within.10s"] {
        assert_eq!(figure(&fit, path)["agrees"], true, "{}", figure(&fit, path));
    }
    assert!(fit["assumptions"].to_string().contains("the shortest are taken as nothing"));
    // What comes evenly is no throttle's.
    let even = TRUE
        .replace("arrivals.poisson = { rate = \"3/s\" }", "arrivals.constant = { rate = \"3/s\" }");
    logged(&session, &even, "");
    let fit = json(&session.run("fit log.csv --format json --no-files -q").with(0).out);
    assert!(!fit["parameters"].to_string().contains("throttle"), "{}", fit["parameters"]);
}

#[test]
fn what_comes_again_and_again_is_among_the_fitted() {
    let session = Session::new("fit-degraded");
    let degraded = "failures = { transient = 0.02 }\ndegraded = { mean_up = \"6m\", mean_down = \"2m\", \
                    latency_factor = 8, failures = { transient = 0.5 } }\n";
    let scenario = TRUE.replace("failures = { transient = 0.05 }\n", degraded);
    logged(&session, &scenario, "");
    let ended = session.run("fit log.csv -q").with(0);
    let fit = json(&session.read("output/log/fit/fit.json"));
    let [up, low, high] = parameter(&fit, "provider.alpha.degraded.mean_up");
    assert!((100.0..1_000.0).contains(&up) && low < up && up < high, "{low} {up} {high}");
    let [failures, ..] = parameter(&fit, "provider.alpha.degraded.failures.transient");
    assert!((failures - 0.5).abs() < 0.2, "{failures}");
    // A station's parameters stand below its name.
    let of_alpha = ended.out.split("\n  provider.alpha\n").nth(1).unwrap();
    let of_alpha = of_alpha.lines().take_while(|line| line.starts_with("    "));
    assert!(of_alpha.into_iter().any(|own| own.contains(" degraded.mean_down ")), "{}", ended.out);
    let scenario = session.read("output/log/fit/log.toml");
    assert!(scenario.contains("degraded = { mean_up = "), "{scenario}");
    session.run("check output/log/fit/log.toml").with(0);
    let page = session.read("output/log/fit/fit.html");
    assert!(page.contains("<code>--map COLUMN=NAME</code>") && !page.contains("`--map"));
}

#[test]
fn clocks_and_names_of_a_log_are_heeded() {
    let session = Session::new("fit-heeded");
    // Minutes at both ends, and states that no filter's receipt has.
    let rows = requests(3_000).map(|(n, from, took)| {
        let state = if n % 40 == 0 { "undelivered,6" } else { "delivered,0" };
        let carrier = if n % 3 == 0 { "North & West" } else { "North - West" };
        format!("m{n},{},{},{state},{carrier}\n", at(from, 60_000), at(from + 20 * took, 60_000))
    });
    let rows: String = rows.collect();
    session.file(
        "log.csv",
        &format!("message_id,date_received,date_finalized,status,error_code,network\n{rows}"),
    );
    let ended = session.run("fit log.csv --format vonage-reports --format json -q").with(0);
    let fit = json(&ended.out);
    for share in ["p50_s", "p90_s"] {
        let own = figure(&fit, &format!("latency.{share}"));
        assert!(own["half_width"].as_f64().unwrap() >= 60.0, "no less than a tick: {own}");
        let seen = own["seen_half_width"].as_f64().unwrap();
        assert!((60.0..90.0).contains(&seen), "both clocks leave a minute open: {own}");
    }
    let pieces = fit["held_out"].as_array().unwrap().iter();
    let pieces: Vec<&str> =
        pieces.filter_map(|own| own["path"].as_str()?.strip_prefix("volume.")).collect();
    assert!(
        pieces.len() >= 3 && pieces.iter().all(|clock| clock.len() == 16),
        "whole minutes: {pieces:?}"
    );
    let held_out = fit["held_out"].to_string();
    assert!(!held_out.contains("states.rejected"), "the log has no such state: {held_out}");
    assert_eq!(figure(&fit, "states.undelivered")["agrees"], true);
    // Two names that a scenario writes alike are two carriers, and it is said.
    let [share, ..] = parameter(&fit, "traffic.messages.carriers.North---West");
    let [other, ..] = parameter(&fit, "traffic.messages.carriers.North---West-2");
    assert!(
        (share - 1.0 / 3.0).abs() < 0.01 && (other - 2.0 / 3.0).abs() < 0.01,
        "{share} {other}"
    );
    let said = fit["assumptions"].to_string();
    assert!(
        said.contains("the log has another name that a scenario writes as North---West"),
        "{said}"
    );
    session.run("check output/log/fit/log.toml").with(0);
}

/// Uniform draws by Knuth's linear congruential generator.
fn uniform() -> impl FnMut() -> f64 {
    let mut state = 1_u64;
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A log-normal latency, ms.
fn took(uniform: &mut impl FnMut() -> f64) -> f64 {
    let normal = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
    2_700.0 * (0.6 * normal).exp()
}

#[test]
fn a_job_on_the_minute_is_told_from_a_clock_of_minutes() {
    let session = Session::new("fit-on-the-minute");
    let mut uniform = uniform();
    let rows = requests(3_600).map(|(n, from, _)| {
        let from = from / 60_000 * 60_000;
        let done = from + took(&mut uniform) as u64;
        format!("m{n},{},{},delivered\n", at(from, 1), at(done, 1))
    });
    let rows: String = rows.collect();
    session.file("log.csv", &format!("id,submitted,done,status\n{rows}"));
    let table = session.run("fit log.csv --no-files -q").with(0).out;
    let table = table.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "submitted to 1 ms, done to 1 ms",
        "predicts the part of the log that was kept out",
        "are multiples of 1 min: taken as exact, for what comes after them lies unevenly in 1 min",
        "traffic.arrivals (spread over 60 s): all requests come at multiples of 60 s",
    ] {
        assert!(table.contains(said), "{said}: {table}");
    }
    let options = "--resolution submitted=1min --resolution sent=1s";
    let fit = json(&session.run(&format!("fit log.csv -q --format json {options}")).with(0).out);
    assert_eq!(fit["log"]["resolution"]["submitted"], "1 min");
    let notes = fit["log"]["notes"].to_string();
    assert!(notes.contains("`--resolution submitted=1min` changes nothing"), "{notes}");
    assert!(notes.contains("`--resolution sent=1s` has no effect"), "{notes}");
    let page = session.read("output/log/fit/fit.html");
    assert!(page.contains(options), "the command that makes it again");
}

/// A log in which of each hundred messages `ends` are of another state than delivered: their state, and a code.
fn log_of(ends: [(usize, &str, &str); 2], code: &str) -> String {
    let mut rows = "id,carrier,submitted,done,status,error\n".to_owned();
    let mut uniform = uniform();
    for number in 0..6_000_usize {
        let place = (uniform() * 100.0) as usize;
        let at = number * 200 + (uniform() * 200.0) as usize;
        let took = took(&mut uniform);
        let [first, second] = ends;
        let end = match place {
            place if place < first.0 => Some(first),
            place if place < first.0 + second.0 => Some(second),
            _ => None,
        };
        let time = |ms: usize| {
            format!(
                "2026-01-20T{:02}:{:02}:{:02}.{:03}Z",
                9 + ms / 3_600_000,
                ms / 60_000 % 60,
                ms / 1_000 % 60,
                ms % 1_000
            )
        };
        let done = if end.is_none() { time(at + took as usize) } else { String::new() };
        let (_, state, own) = end.unwrap_or((0, "delivered", code));
        rows += &format!("{number},acme,{},{done},{state},{own}\n", time(at));
    }
    rows
}

#[test]
fn what_ends_in_several_ways_is_counted_once() {
    let session = Session::new("fit-ends");
    let share = |fit: &Value, path: &str| {
        let all = fit["parameters"].as_array().unwrap();
        let found = all.iter().find(|own| own["path"] == path);
        found.map_or(0.0, |own| own["value"].as_f64().unwrap())
    };
    let fitted = |rows: &str| {
        session.file("log.csv", rows);
        json(&session.run("fit log.csv --format json -q --force").with(0).out)
    };
    // Whatever code those have that expired.
    for code in ["", "1", "30003", "E1"] {
        let rows = log_of([(4, "expired", code), (0, "", "")], "0");
        let seen = rows.lines().skip(1).take(4_800).filter(|row| row.contains("expired")).count();
        let seen = seen as f64 / 4_800.0;
        let fit = fitted(&rows);
        assert_eq!(fit["passes"], true, "{code}: {}", fit["verdict"]);
        let absent = share(&fit, "carrier.acme.absent.probability");
        assert!(seen > 0.02 && (absent / seen - 1.0).abs() < 0.05, "{code}: {absent} {seen}");
        let filters = ["permanent", "opted-out", "unexplained"];
        let filters = filters.map(|own| format!("carrier.acme.filter.{own}.probability"));
        for path in filters.into_iter().chain(["carrier.acme.loss".to_owned()]) {
            assert!(share(&fit, &path) < 1e-9, "{code}: {path}");
        }
    }
    // What failed beside what a carrier reported.
    let rows = log_of([(2, "failed", ""), (3, "undelivered", "")], "");
    let seen =
        |state: &str| rows.lines().skip(1).take(4_800).filter(|row| row.contains(state)).count();
    let (failed, reported) = (seen("failed") as f64, seen("undelivered") as f64);
    let fit = fitted(&rows);
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
    let of_filter = share(&fit, "carrier.acme.filter.unexplained.probability");
    let wanted = reported / (4_800.0 - failed);
    assert!(wanted > 0.02 && (of_filter / wanted - 1.0).abs() < 0.05, "{of_filter} {wanted}");
    let own =
        fit["parameters"].as_array().unwrap().iter().find(|own| {
            own["path"].as_str().is_some_and(|path| path.ends_with(".failures.permanent"))
        });
    let own = own.map_or(0.0, |own| own["value"].as_f64().unwrap());
    let wanted = failed / 4_800.0;
    assert!(wanted > 0.01 && (own / wanted - 1.0).abs() < 0.05, "{own} {wanted}");
    // The same by codes: what failed for good, or for a reason that no code tells, never came to a carrier.
    for (code, other, path) in [
        ("69", "11", "carrier.acme.unknown_subscriber"),
        ("", "4711", "carrier.acme.filter.unexplained.probability"),
    ] {
        let rows = log_of([(2, "failed", code), (3, "undelivered", other)], "0");
        let fit = fitted(&rows);
        assert_eq!(fit["passes"], true, "{code}: {}", fit["verdict"]);
        let of_provider = share(&fit, "provider.provider.failures.permanent");
        assert!((of_provider / wanted - 1.0).abs() < 0.05, "{code}: {of_provider} {wanted}");
        let of_carrier = share(&fit, path);
        let wanted = reported / (4_800.0 - failed);
        assert!((of_carrier / wanted - 1.0).abs() < 0.05, "{path}: {of_carrier} {wanted}");
        assert!(share(&fit, "carrier.acme.filter.permanent.probability") < 1e-9, "{code}");
    }
}

/// A log of a carrier that rejects, fails and delivers; `time` writes a row's times.
fn with_states(time: impl Fn(u64, String, String) -> (String, String)) -> String {
    let mut log = "id,submitted,done,status,carrier\n".to_owned();
    let (mut word, mut at) = (1_u64, 1_767_571_200.0);
    let mut next = || {
        word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (word >> 11) as f64 / (1_u64 << 53) as f64
    };
    for id in 0..6_000 {
        at -= (1.0 - next()).ln() / 2.0;
        let status = match next() {
            share if share < 0.95 => "delivered",
            share if share < 0.97 => "undelivered",
            _ => "rejected",
        };
        let done = at - 3.0 * (1.0 - next()).ln();
        let (submitted, done) = (format!("{at:.3}"), format!("{done:.3}"));
        let kept =
            if status == "delivered" { time(id, submitted, done) } else { (submitted, done) };
        log.push_str(&format!("{id},{},{},{status},acme\n", kept.0, kept.1));
    }
    log
}

#[test]
fn states_beside_each_other_and_rows_without_a_time_are_no_reason_for_a_no() {
    let session = Session::new("fit-states");
    session.file("whole.csv", &with_states(|_, submitted, done| (submitted, done)));
    let never = |id: u64| id.is_multiple_of(8);
    let lacking = |id, submitted, done| (submitted, if never(id) { String::new() } else { done });
    session.file("done.csv", &with_states(lacking));
    for name in ["whole", "done"] {
        let fit = session.run(&format!("fit {name}.csv -q --require --no-files --format json"));
        let fit: Value = serde_json::from_str(&fit.with(0).out).unwrap();
        let held_out = fit["held_out"].as_array().unwrap();
        let seen =
            |path: &str| held_out.iter().find(|own| own["path"] == path).unwrap()["seen"].clone();
        assert!(seen("within.1h").as_f64().unwrap() > 0.93, "{name}: {fit}");
        for (filter, share) in [("unexplained-rejected", 0.03), ("unexplained", 0.02)] {
            let path = format!("carrier.acme.filter.{filter}.probability");
            let parameters = fit["parameters"].as_array().unwrap();
            let own = parameters.iter().find(|own| own["path"] == path).unwrap();
            let value = own["value"].as_f64().unwrap();
            assert!((value / share - 1.0).abs() < 0.25, "{name}: {own}");
        }
    }
}

#[test]
fn a_carrier_of_the_part_kept_out_alone_leaves_the_verdict_open() {
    let session = Session::new("fit-new-carrier");
    let log = with_states(|_, submitted, done| (submitted, done));
    let named = |(id, row): (usize, &str)| {
        let row = if id > 5_000 { row.replace(",acme", ",newcomer") } else { row.to_owned() };
        row + "\n"
    };
    session.file("log.csv", &log.lines().enumerate().map(named).collect::<String>());
    let out = session.run("fit log.csv -q --require --no-files --format json").with(1).out;
    let fit: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(fit["passes"], Value::Null, "{fit}");
    assert!(fit["not_known"].to_string().contains("of the carrier newcomer"), "{fit}");
}

#[test]
fn numbers_in_odd_places_are_not_shown() {
    let session = Session::new("fit-numbers");
    let senders = ["\"=\"\"491511234567\"\"\"", "tel:+491511234567", "4.91511234567E+11", "SHOP"];
    let mut log = "submitted,done,status,carrier,sender,price\n".to_owned();
    for id in 0..400_usize {
        let price = if id == 7 { "+491511234567" } else { "0.05" };
        let (minute, second) = (id / 60, id % 60);
        log.push_str(&format!(
            "2026-01-01T09:{minute:02}:{second:02}.123Z,2026-01-01T09:{minute:02}:{second:02}.{}Z,\
             delivered,acme,{},{price}\n",
            300 + id % 500,
            senders[id % 4],
        ));
    }
    session.file("log.csv", &log);
    let run = session.run("fit log.csv -q -o out").with(0);
    let toml = session.read("out/log.toml");
    let all = format!("{}{}{toml}{}", run.out, run.err, session.read("out/fit.json"));
    assert!(!all.contains("11234567") && !all.contains("1511234"), "{all}");
    assert!(toml.contains("SHOP") && toml.contains("price = 0.05"), "{toml}");
}

#[test]
fn columns_of_two_zones_are_noticed_and_told_apart() {
    let session = Session::new("fit-two-zones");
    let table = |hour: &str| {
        let rows = requests(300).map(|(n, from, took)| {
            let carrier = ["+491511234567", "acme"][n as usize % 2];
            let done = at(from + took, 1).replace(" 09:", hour);
            format!("{n},{},{done},delivered,{carrier}\n", at(from, 1))
        });
        format!("id,submitted,done,status,carrier\n{}", rows.collect::<String>())
    };
    let of = |options: &str| {
        let ended = session.run(&format!("fit log.csv -q --format json --no-files {options}"));
        json(&ended.with(0).out)
    };
    let median = |fit: &Value| {
        let held = fit["held_out"].as_array().unwrap().iter();
        held.clone().find(|own| own["path"] == "latency.p50_s").unwrap()["seen"].as_f64().unwrap()
    };
    session.file("log.csv", &table(" 09:"));
    let right = of("");
    assert!(!right["log"]["notes"].to_string().contains("sooner than"), "{}", right["log"]);
    session.file("log.csv", &table(" 11:"));
    let wrong = of("");
    let notes = wrong["log"]["notes"].to_string();
    assert!(notes.contains("no message has its end sooner than 2 h after its request"), "{notes}");
    assert!(median(&wrong) > 7_100.0);
    let told = of("--zone done=+02:00");
    assert_eq!(told["held_out"], right["held_out"]);
    // The clocks of a zone may change within a log.
    let autumn = table(" 09:").replace("2026-03-02 09:00", "2026-03-28 09:00");
    session.file("log.csv", &autumn);
    let notes = of("--zone Europe/Berlin")["log"]["notes"].to_string();
    assert!(!notes.contains("clocks change"), "{notes}");
    session.file("log.csv", &autumn.replace("2026-03-02 09:02", "2026-03-29 09:02"));
    let notes = of("--zone Europe/Berlin")["log"]["notes"].to_string();
    assert!(notes.contains("clocks change on 2026-03-29"), "{notes}");
    // What a carrier is called may be somebody's number.
    let text = right.to_string();
    assert!(text.contains("carriers.number-1.share") && !text.contains("1511234567"), "{text}");
    session.file("log.csv", &table(" 07:"));
    let refused = session.run("fit log.csv -q --no-files").with(2).err;
    assert!(refused.contains("`--zone done=…` that its times are of another zone"), "{refused}");
    assert_eq!(of("--zone done=-02:00")["held_out"], right["held_out"]);
}

#[test]
fn receipts_that_never_came_are_fitted_and_drawn_and_no_losses_of_the_carrier() {
    let session = Session::new("fit-receipts");
    let receipts = "latency.lognormal = { median = \"90ms\", p95 = \"450ms\" }\nreceipts = { delay = \"2s\", loss = 0.05 }";
    let latency = "latency.lognormal = { median = \"90ms\", p95 = \"450ms\" }";
    logged(&session, &TRUE.replace(latency, receipts).replace("1h", "25m"), "");
    let fit = json(&session.run("fit log.csv --format json -q").with(0).out);
    for (path, truth) in [("provider.alpha.receipts.loss", 0.05), ("carrier.northwind.loss", 0.02)]
    {
        let [value, low, high] = parameter(&fit, path);
        assert!((low..=high).contains(&truth), "{path}: {value} of {low} to {high}");
    }
    // The log has what was lost of both, and so have the runs it is judged by.
    assert_eq!(fit["passes"], true, "{}", fit["verdict"]);
    let pending = fit["held_out"].as_array().unwrap().iter();
    let pending = pending.clone().find(|own| own["path"] == "states.pending").unwrap();
    assert!(pending["seen"].as_f64().unwrap() < 0.03, "those that no handset had: {pending}");
    let scenario = session.read("output/log/fit/log.toml");
    assert!(scenario.contains("receipts.loss = 0.0") && !scenario.contains("receipts.delay"));
    session.run("check --strict output/log/fit/log.toml").with(0);
    let drawn = "run output/log/fit/log.toml --input output/log/fit/fit.json -n 4 --no-files -q";
    session.run(drawn).with(0);
    // Where a log has the times of its receipts, they are told with the others.
    let mut table = "id,submitted,done,received,status\n".to_owned();
    for n in 0..400_u32 {
        let (minute, second) = (n / 12, n % 12 * 5);
        let (done, received) = (second / 2, second / 2 + 1 + n % 7);
        table += &format!(
            "m{n},2026-03-02 09:{minute:02}:00,2026-03-02 09:{minute:02}:{done:02},2026-03-02 \
             09:{minute:02}:{received:02},delivered\n"
        );
    }
    session.file("table.csv", &table);
    let fit = json(&session.run("fit table.csv --no-files --format json -q").with(0).out);
    assert_eq!(fit["log"]["resolution"]["received"], "1 s");
    assert!(fit["parameters"].to_string().contains("provider.provider.receipts.delay."));
    let shown = session.run("fit table.csv --no-files --zone received=+00:00").with(0).out;
    assert!(shown.contains("done to 1 s, received to 1 s"), "{shown}");
}
