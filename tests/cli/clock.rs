//! Times of day: in a scenario, on the command line, in what is written.

use super::session::Session;
use serde_json::Value;

/// An hour from nine o'clock on, with an incident and a campaign by the clock.
const MORNING: &str = r#"
[scenario]
start = "09:00"
duration = "1h"
sample_every = "5m"
[[traffic]]
name = "steady"
arrivals.constant = { rate = "1/s" }
[[traffic]]
name = "offers"
arrivals.campaign = { count = 300, at = "09:30", over = "5m" }
[[route]]
id = 1
provider = "alpha"
[[provider]]
name = "alpha"
latency = "100ms"
[[carrier]]
name = "mno"
[[incident]]
name = "slow"
at = "09:20"
for = "6m"
target = "provider.alpha"
latency_factor = 8
"#;

fn session(name: &str) -> Session {
    let session = Session::new(name);
    session.file("morning.toml", MORNING);
    session
}

fn report(session: &Session, rest: &str) -> Value {
    let run = format!("run morning.toml --no-files --format json {rest}");
    serde_json::from_str(&session.run(&run).with(0).out).unwrap()
}

#[test]
fn an_incident_and_a_campaign_begin_by_the_clock() {
    let session = session("clock-at");
    let span = |report: &Value| {
        let slow = &report["incidents"]["slow"];
        (slow["from_s"].as_f64().unwrap(), slow["to_s"].as_f64().unwrap())
    };
    let by_clock = report(&session, "");
    assert_eq!(span(&by_clock), (1200.0, 1560.0));
    // The same as by durations, message by message.
    let durations = "--set incident.slow.at=20m --set traffic.offers.arrivals.campaign.at=30m";
    assert_eq!(by_clock["digest"], report(&session, durations)["digest"]);
    // The clock is the scenario's: at midnight it is later, and at the start at once.
    let dated = report(&session, "--set scenario.start=00:00 --set scenario.duration=10h");
    assert_eq!(span(&dated).0, 33_600.0);
    assert_eq!(span(&report(&session, "--set incident.slow.at=09:00")).0, 0.0);
    // Resolved it says the same, in the same words.
    let resolved = session.run("check morning.toml --resolved").with(0).out;
    assert!(resolved.contains("at = \"09:20\""), "{resolved}");
    session.file("resolved.toml", &resolved);
    let run = session.run("run resolved.toml --no-files --format json").with(0).out;
    assert_eq!(serde_json::from_str::<Value>(&run).unwrap()["digest"], by_clock["digest"]);
}

#[test]
fn a_time_of_day_before_the_start_is_tomorrow_s() {
    let session = session("clock-tomorrow");
    let warned = session.run("check morning.toml --set incident.slow.at=08:59").with(0).err;
    assert!(warned.contains("the incident begins after the last request"), "{warned}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "comes 23h59m after the start at 09:00";
    assert!(words(&warned).contains(said), "{warned}");
    let wrong = session.run("check morning.toml --set incident.slow.at=25:00").with(2).err;
    assert!(wrong.contains("expected a time of day from"), "{wrong}");
}

#[test]
fn the_clock_stands_beside_the_seconds() {
    let session = session("clock-files");
    session.run("run morning.toml -q").with(0);
    let csv = session.read("output/morning/run/timeseries.csv");
    let column = |line: usize, from_end: usize| {
        csv.lines().nth(line).unwrap().rsplit(',').nth(from_end).unwrap().to_owned()
    };
    assert_eq!((column(0, 0), column(0, 1)), ("clock".to_owned(), "incidents".to_owned()));
    assert!(csv.lines().nth(5).unwrap().starts_with("1200,"), "{csv}");
    assert_eq!((column(5, 0), column(5, 1)), ("09:20:00".to_owned(), "slow".to_owned()));
    let course = session.read("output/morning/run/charts/course.svg");
    for said in ["20 min", "09:20", "beginning, and the clock"] {
        assert!(course.contains(said), "{said}");
    }
    // Without a start there is no clock to show.
    session.run("run morning.toml -q --set scenario.start=00:00").with(0);
    let plain = std::fs::read_dir(session.folder.join("output/morning")).unwrap().flatten();
    let plain = plain.map(|entry| entry.path()).find(|path| !path.ends_with("run")).unwrap();
    let csv = std::fs::read_to_string(plain.join("timeseries.csv")).unwrap();
    assert!(csv.lines().next().unwrap().ends_with(",incidents"), "{csv}");
    let course = std::fs::read_to_string(plain.join("charts/course.svg")).unwrap();
    assert!(!course.contains("the clock"), "{course}");
}

#[test]
fn a_message_is_found_by_when_it_was_asked_for() {
    let session = session("clock-like");
    let trace =
        |rest: &str| session.run(&format!("trace morning.toml --no-files -q --format json {rest}"));
    let first = |rest: &str| -> f64 {
        let story: Value = serde_json::from_str(&trace(rest).with(0).out).unwrap();
        story["steps"][0]["time_s"].as_f64().unwrap()
    };
    let like = "--like truth=delivered_on_time --like traffic=steady";
    assert_eq!(first(like), 0.0);
    assert_eq!(first(&format!("{like} --from 20m")), 1200.0);
    assert_eq!(first(&format!("{like} --from 09:20 --to 09:20:01")), 1200.0);
    assert_eq!(first(&format!("{like} --to 30s")), 0.0);
    // The campaign's are from half past nine on.
    let none = trace("--like traffic=offers --to 09:30").with(1).err;
    assert!(none.contains("no message with traffic=offers requested before 09:30"), "{none}");
    let useless = trace("--request 3 --from 20m").with(2).err;
    assert!(useless.contains("`--from` goes with `--like`"), "{useless}");
    let turned = trace(&format!("{like} --from 20m --to 09:10")).with(2).err;
    assert!(turned.contains("`--from` is not before `--to`"), "{turned}");
}
