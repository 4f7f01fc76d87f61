//! What was asked for comes first: refused requests are in headline, stream table and objectives;
//! rates are of what happens; nothing is on time where there is no deadline.

use super::session::{Ended, Session};
use serde_json::Value;

/// The API passes 100 requests a second, and 100 more at once, and 50 a second come today. Nothing is
/// random, so that a search needs few replications.
const LIMITED: &str = r#"
[scenario]
name = "limited"
duration = "1m"
deadline = "30s"
[[traffic]]
name = "t"
arrivals.constant = { rate = "50/s" }
[api]
rate_limit = { rate = "100/s", burst = 100 }
[[queue]]
name = "main"
workers = 20
[[route]]
id = 1
provider = "smsc"
[[provider]]
name = "smsc"
latency = "100ms"
[[carrier]]
name = "mno"
"#;

/// 400 messages a second before a window that lets 250 through. No deadline.
const WINDOWED: &str = r#"
[scenario]
name = "windowed"
duration = "2m"
warmup = "30s"
[[traffic]]
name = "t"
arrivals.constant = { rate = "400/s" }
[[route]]
id = 1
provider = "smsc"
[[provider]]
name = "smsc"
window = 50
latency = "200ms"
[[carrier]]
name = "mno"
"#;

fn session(name: &str) -> Session {
    let session = Session::new(name);
    session.file("limited.toml", LIMITED);
    session.file("windowed.toml", WINDOWED);
    session
}

fn with(session: &Session, arguments: &str, slo: &[&str]) -> Ended {
    let mut command = session.command(arguments);
    for slo in slo {
        command.args(["--slo", slo]);
    }
    Ended::new(command.output().unwrap())
}

/// On one line, as it would be without a terminal's width.
fn unbroken(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn refused_requests_are_in_the_headline() {
    let session = session("asked-refused");
    let ended = session.run("run limited.toml --scale 8 --out output/limited/run").with(0);
    let told = unbroken(&ended.out);
    let report: Value =
        serde_json::from_str(&session.read("output/limited/run/report.json")).unwrap();
    let number = |path: &str| report.pointer(path).unwrap().as_f64().unwrap();
    let (asked, accepted) = (number("/layers/requested"), number("/layers/api_success"));
    assert!((number("/of_requested/accepted") - accepted / asked).abs() < 1e-12);
    assert_eq!(number("/of_requested/on_time"), number("/of_requested/accepted"));
    assert_eq!(number("/of_requested/within/30s"), number("/of_requested/accepted"));
    assert_eq!(number("/traffic/t/of_requested/on_time"), number("/of_requested/on_time"));
    let refused = format!("the API refused {:.1} %", 100.0 * (1.0 - accepted / asked));
    assert!(told.contains(&refused), "{told}");
    // The first figures are those that were asked for, the shares below are of them.
    let [first, second] = ["asked for", "API success"].map(|row| told.find(row).unwrap());
    assert!(
        first < second && told.contains(&format!("{:.1} %", 100.0 * accepted / asked)),
        "{told}"
    );
    let page = session.read("output/limited/run/report.html");
    assert!(
        page.contains("messages were asked for: the API") && page.contains(" more were refused<"),
        "{page}"
    );
    let summary = session.read("output/limited/run/summary.csv");
    assert!(summary.contains("\nof_requested.within.30s,0.2"), "{summary}");
}

#[test]
fn an_objective_kept_by_refusing_is_said_to_be() {
    let session = session("asked-slo");
    let gate = "run limited.toml --scale 8 --no-files --format json";
    let ended = with(&session, gate, &["within.30s >= 97%"]).with(0);
    assert!(ended.err.contains("objective met: within.30s >= 97%"), "{}", ended.err);
    assert!(ended.err.contains("but by refusing 7"), "{}", ended.err);
    assert!(ended.err.contains(": of_requested.within.30s >= 97% is not met"), "{}", ended.err);
    with(&session, gate, &["of_requested.within.30s >= 97%"]).with(1);
    // Enough for everybody: not a word.
    let enough = with(&session, "run limited.toml --no-files", &["within.30s >= 97%"]).with(0);
    assert!(!enough.out.contains("refus"), "{}", enough.out);
    let swept =
        with(&session, "sweep limited.toml --scale 1,8 -n 2", &["within.30s >= 97%"]).with(0);
    let told = unbroken(&swept.out);
    assert!(told.contains("met by refusing"), "{told}");
    assert!(told.contains("The API accepts 100 % and 25.4 % of what is asked for."), "{told}");
    let json: Value =
        serde_json::from_str(&session.read("output/limited/sweep/sweep.json")).unwrap();
    let refusing = [0, 1].map(|cell| json["cells"][cell]["slo"][0]["by_refusing"].clone());
    assert_eq!(refusing, [Value::Bool(false), Value::Bool(true)]);
}

#[test]
fn the_capacity_of_what_is_asked_for_is_where_refusals_begin() {
    let session = session("asked-capacity");
    let search = "capacity limited.toml --range 1..8 -n 5";
    let ended = with(&session, search, &["within.30s >= 97%"]).with(0);
    let told = unbroken(&ended.out);
    assert!(told.contains("But it is kept there by refusing 7"), "{told}");
    assert!(
        told.contains(
            "of what is asked for. Of all that is asked for it is kept at 2×, and no longer at 4×"
        ),
        "{told}"
    );
    assert!(told.contains("--slo 'of_requested.within.30s >= 97%'"), "{told}");
    let found = || -> Value {
        serde_json::from_str(&session.read("output/limited/capacity/capacity.json")).unwrap()
    };
    let by_refusing = &found()["by_refusing"];
    assert_eq!(by_refusing["of_requested"], "of_requested.within.30s >= 97%");
    assert_eq!(
        (by_refusing["kept"].as_f64(), by_refusing["from"].as_f64()),
        (Some(2.0), Some(4.0))
    );
    let page = session.read("output/limited/capacity/report.html");
    assert!(page.contains("by refusing 7"), "{page}");
    with(&session, search, &["of_requested.within.30s >= 97%"]).with(0);
    let found = found();
    // 6,100 pass, which is 97 % of 2.096 × 3,000.
    let answer = found["answer"].as_f64().unwrap();
    assert!((2.05..2.1).contains(&answer), "{answer}");
    assert_eq!(found["by_refusing"], Value::Null);
}

#[test]
fn a_rate_is_of_what_happens() {
    let session = session("asked-rate");
    let report = session.run("run windowed.toml --no-files --format json").with(0).out;
    let report: Value = serde_json::from_str(&report).unwrap();
    let rates = &report["throughput"];
    for (key, rate) in [("offered", 400.0), ("accepted", 400.0), ("delivered", 250.0)] {
        assert_eq!(rates[format!("{key}_per_s")].as_f64(), Some(rate), "{key}");
    }
    let search = "capacity windowed.toml --find provider.smsc.window=10..200 -n 5 --no-files \
                  --format json";
    let found = with(&session, search, &["throughput.delivered_per_s >= 399"]).with(0).out;
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["answer"].as_u64(), Some(80));
}

#[test]
fn without_a_deadline_nothing_is_on_time() {
    let session = session("asked-deadline");
    let words = |set: &str| {
        let ended =
            session.run(&format!("run windowed.toml {set} --out output/windowed/run")).with(0);
        let folder = "output/windowed/run";
        let charts = ["funnel", "course", "observed"]
            .map(|chart| session.read(&format!("{folder}/charts/{chart}.svg")));
        let page = session.read(&format!("{folder}/report.html"));
        (unbroken(&ended.out), format!("{page}{}", charts.join("")))
    };
    let (told, drawn) = words("");
    assert!(told.contains("the API accepted them all, and all were delivered."), "{told}");
    for word in ["on time", "on time", "deadline"] {
        assert!(!told.contains(word), "{word}: {told}");
        assert!(!drawn.contains(word), "{word}: {drawn}");
    }
    let (told, _) = words("--set scenario.deadline=60s");
    assert!(told.contains("arrived on time") && told.contains("on time, 1 min"), "{told}");
    // What is under way when the run ends is not what never arrives.
    let (told, drawn) = words("--set scenario.drain=20s");
    assert!(told.contains("% were delivered and"), "{told}");
    assert!(told.contains("% were still on their way when the run ended"), "{told}");
    assert!(!told.contains("never arrived"), "{told}");
    assert!(drawn.contains("still on their way when the run ended"));
}

#[test]
fn what_a_provider_took_is_beside_what_the_sender_heard() {
    let session = session("asked-truly");
    let late = "run windowed.toml --set provider.smsc.submit_timeout=100ms --set \
                traffic.t.arrivals.constant.rate=10/s --no-files";
    let report = session.run(&format!("{late} --format json")).with(0).out;
    let report: Value = serde_json::from_str(&report).unwrap();
    let smsc = &report["providers"]["smsc"];
    assert_eq!((smsc["accepted"].as_u64(), smsc["timeout"].as_u64()), (Some(0), Some(900)));
    assert_eq!(smsc["truly_accepted"].as_u64(), Some(900));
    let told = unbroken(&session.run(late).with(0).out);
    assert!(told.contains("truly accepted: copies that the provider took"), "{told}");
}

#[test]
fn the_worst_stream_is_named_at_once() {
    let session = session("asked-worst");
    session.run("init x --template marketing").with(0);
    let told = session.run("run x.toml").with(0).out;
    let report: Value = serde_json::from_str(&session.read("output/x/run/report.json")).unwrap();
    let share = report["traffic"]["codes"]["of_requested"]["on_time"].as_f64().unwrap();
    let shown = format!("{:.1} %", 100.0 * share);
    let worst = format!("Worst off is codes: {shown} of its messages arrived on time.");
    let [said, section] = [&worst, "Where the rest went"].map(|text| told.find(text).unwrap());
    assert!(said < section, "{told}");
    let page = session.read("output/x/run/report.html");
    let page = page.replace('\u{a0}', " ");
    assert!(page.find(&worst).unwrap() < page.find("<section").unwrap(), "{page}");
}

#[test]
fn a_share_compared_with_97_is_an_error_that_says_97_percent() {
    let session = session("asked-97");
    let ended = with(&session, "run limited.toml", &["within.30s >= 97"]).with(2);
    assert!(ended.err.contains("error: a share is 0 to 1, and this is 97"), "{}", ended.err);
    assert!(ended.err.contains("command line:1:21"), "{}", ended.err);
    assert!(ended.err.contains("did you mean 97%?"), "{}", ended.err);
    assert!(!session.has("output"));
    with(&session, "capacity limited.toml", &["traffic.t.of_requested.on_time > 95.5"]).with(2);
    with(&session, "sweep limited.toml --scale 1,2", &["queues.main.utilisation < 80"]).with(2);
    let mut hunt = session.command("hunt limited.toml --seeds 0..2");
    let ended =
        Ended::new(hunt.args(["--when", "divergence.api_vs_outcome > 5"]).output().unwrap());
    assert!(ended.with(2).err.contains("did you mean 5%?"));
}

#[test]
fn sides_may_be_computed() {
    let session = session("asked-arithmetic");
    let gate = |slo: &str| with(&session, "run limited.toml --no-files", &[slo]);
    gate("layers.outcome_on_time / requests.total >= 97%").with(0);
    gate("layers.outcome_on_time / requests.total * 2 <= 1").with(1);
    // Nothing was invalid: what is divided by zero is null.
    let ended = gate("requests.total / requests.rejected.invalid > 1").with(1);
    assert!(ended.err.contains("objective unknown"), "{}", ended.err);
    let found = with(
        &session,
        "capacity limited.toml --range 1..8 -n 5 --no-files --format json",
        &["layers.outcome_on_time / layers.requested >= 97%"],
    );
    let found: Value = serde_json::from_str(&found.with(0).out).unwrap();
    assert!((2.05..2.1).contains(&found["answer"].as_f64().unwrap()), "{}", found["answer"]);
}
