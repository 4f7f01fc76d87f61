use super::session::{SMALL, Session};
use serde_json::Value;
use std::collections::BTreeMap;

/// A short run with retries, hedges, crashes, duplicates, repeated calls and an incident.
fn busy(session: &Session) {
    let scenario = SMALL.replace("duration = \"10m\"", "duration = \"2m\"");
    let scenario = scenario.replace("warmup = \"1m\"", "warmup = \"0s\"");
    let scenario =
        scenario.replace("jitter = \"full\"", "jitter = \"full\"\nhedge = { after = \"300ms\" }");
    let more = "
        [client]
        timeout = \"100ms\"
        retry = { max_attempts = 2, backoff.fixed = { delay = \"50ms\" } }
        [[queue]]
        name = \"main\"
        workers = 3
        crash = { mean_time_between = \"10s\", restart = \"1s\", guarantee = \"at_least_once\", visibility_timeout = \"2s\" }
        [[route]]
        id = 6
        carriers = [\"northwind\"]
        provider = \"beta\"
        rank = 2
        [[provider]]
        name = \"beta\"
        throttle = { rate = \"3/s\", burst = 1 }
        latency = \"400ms\"
        [[incident]]
        name = \"slow-alpha\"
        at = \"30s\"
        for = \"20s\"
        target = \"provider.alpha\"
        latency_factor = 3
        [[incident]]
        name = \"more\"
        at = \"40s\"
        for = \"1h\"
        target = \"traffic.otp\"
        traffic_factor = 2
    ";
    session.file("busy.toml", &format!("{scenario}\n{more}"));
}

/// Reads a file of trace events and holds it to the format: every `b` has its `e`, nested by id,
/// times in order, numbers finite.
fn checked(text: &str) -> Value {
    let trace: Value = serde_json::from_str(text).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let mut open: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut last = 0.0;
    for event in events {
        let time = event["ts"].as_f64().unwrap();
        assert!(time >= last, "{event} after {last}");
        last = time;
        let of = |key: &str| event[key].as_str().unwrap().to_owned();
        assert!(event["pid"].is_u64(), "{event}");
        match of("ph").as_str() {
            "b" => open.entry((of("cat"), of("id"))).or_default().push(of("name")),
            "e" => {
                let stack = open.get_mut(&(of("cat"), of("id"))).unwrap();
                assert_eq!(stack.pop(), Some(of("name")), "{event}");
            }
            "C" => assert!(event["args"]["value"].as_f64().unwrap().is_finite(), "{event}"),
            "X" => assert!(event["dur"].as_f64().unwrap() > 0.0, "{event}"),
            "M" => assert!(event["args"]["name"].is_string(), "{event}"),
            other => panic!("{other}: {event}"),
        }
    }
    let left: Vec<_> = open.iter().filter(|(_, stack)| !stack.is_empty()).collect();
    assert!(left.is_empty(), "{left:?}");
    trace
}

fn count(trace: &Value, phase: &str, name: &str) -> usize {
    let events = trace["traceEvents"].as_array().unwrap().iter();
    events.filter(|event| event["ph"] == phase && event["name"] == name).count()
}

#[test]
fn a_run_is_a_sound_file_of_trace_events() {
    let session = Session::new("perfetto");
    busy(&session);
    let said = session.run("trace busy.toml --perfetto p.json -q").with(0).out;
    let trace = checked(&session.read("p.json"));
    let events = trace["traceEvents"].as_array().unwrap();
    assert!(said.starts_with(&format!("p.json: {} trace events", events.len())), "{said}");
    for stage in [
        "api",
        "queue",
        "wait for window",
        "wait for retry",
        "submit",
        "carrier",
        "handset",
        "receipt",
    ] {
        assert!(count(&trace, "b", stage) > 0, "{stage}");
    }
    for counter in [
        "in_flight",
        "queue.main.depth",
        "provider.alpha.outstanding",
        "provider.beta.tokens",
        "carrier.northwind.tokens",
    ] {
        assert!(count(&trace, "C", counter) > 100, "{counter}");
    }
    for (incident, target, effects) in
        [("slow-alpha", "provider.alpha", "latency × 3"), ("more", "traffic.otp", "traffic × 2")]
    {
        assert_eq!(count(&trace, "X", incident), 1);
        let slice = events.iter().find(|event| event["ph"] == "X" && event["name"] == incident);
        let args = &slice.unwrap()["args"];
        assert_eq!((&args["target"], &args["effects"]), (&target.into(), &effects.into()));
    }
    // Every accepted message is one span that says how it ended.
    let run = session.run("run busy.toml --no-files --format json -q").with(0).out;
    let report: Value = serde_json::from_str(&run).unwrap();
    let ended = |truth: &str| {
        let of = |event: &&Value| event["args"]["truth"] == truth;
        events.iter().filter(of).count() as u64
    };
    for (truth, messages) in report["truth"].as_object().unwrap() {
        assert_eq!(ended(truth), messages.as_u64().unwrap(), "{truth}");
    }
    let submits: u64 = ["alpha", "beta"]
        .iter()
        .map(|provider| report["providers"][provider]["submits"].as_u64().unwrap())
        .sum();
    assert_eq!(count(&trace, "b", "submit") as u64, submits);
    assert_eq!(trace["otherData"]["digest"], report["digest"]);
}

#[test]
fn a_stretch_is_cut_at_its_edges() {
    let session = Session::new("perfetto-edges");
    busy(&session);
    session.run("trace busy.toml --perfetto whole.json -q").with(0);
    let whole = checked(&session.read("whole.json"));
    let said = session.run("trace busy.toml --perfetto p.json --from 35s --to 45s -q").with(0).out;
    assert!(said.contains("35 s to 45 s of small"), "{said}");
    let trace = checked(&session.read("p.json"));
    let events = trace["traceEvents"].as_array().unwrap();
    for event in events {
        let time = event["ts"].as_f64().unwrap();
        assert!((35e6..=45e6).contains(&time), "{event}");
    }
    let slice = |name: &str| events.iter().find(|e| e["ph"] == "X" && e["name"] == name).unwrap();
    assert_eq!(
        (&slice("slow-alpha")["ts"], &slice("slow-alpha")["dur"]),
        (&35_000_000.into(), &10_000_000.into())
    );
    assert_eq!(
        (&slice("more")["ts"], &slice("more")["dur"]),
        (&40_000_000.into(), &5_000_000.into())
    );
    // Inside it is what the whole run has.
    let inside = |trace: &Value| -> Vec<Value> {
        let within = |event: &&Value| {
            let time = event["ts"].as_f64().unwrap();
            35e6 < time && time < 45e6 && event["ph"] != "M" && event["ph"] != "X"
        };
        trace["traceEvents"].as_array().unwrap().iter().filter(within).cloned().collect()
    };
    // Lanes are given by what is open, so those inside are the same.
    assert_eq!(inside(&trace), inside(&whole));
    assert!(count(&trace, "b", "submit") > 10);
}

#[test]
fn it_goes_with_a_story_and_leaves_nothing_half_written() {
    let session = Session::new("perfetto-both");
    let told = session.run("trace small.toml --request 5 --perfetto p.json --no-files").with(0);
    assert!(told.out.starts_with("BX-"), "{}", told.out);
    assert!(told.err.contains("p.json: "), "{}", told.err);
    checked(&session.read("p.json"));
    session.file("p.json", "old");
    // No such message: the file stays.
    session.run("trace small.toml --message BX-1-0123456789abcdef --perfetto p.json").with(1);
    assert_eq!(session.read("p.json"), "old");
}
