use super::session::{Ended, Session};
use serde_json::Value;

/// Two workers and a provider that takes 0.1 s: 20 messages a second, and half of that today.
/// Nothing is random.
const EXACT: &str = r#"
[scenario]
name = "exact"
duration = "60s"
deadline = "1s"
within = ["1s"]

[[traffic]]
name = "t"
sender = "12345"
arrivals.constant = { rate = "10/s" }

[[queue]]
name = "main"
workers = 2

[[route]]
id = 1
provider = "p"
queue = "main"

[[provider]]
name = "p"
latency = "100ms"

[[carrier]]
name = "c"
"#;

/// The same with chance in arrivals and service.
fn random() -> String {
    EXACT
        .replace("name = \"exact\"", "name = \"random\"")
        .replace("constant", "poisson")
        .replace("duration = \"60s\"", "duration = \"3m\"")
        .replace("latency = \"100ms\"", "latency.exponential = { mean = \"100ms\" }")
}

fn session(name: &str) -> Session {
    let session = Session::new(name);
    session.file("exact.toml", EXACT);
    session.file("random.toml", &random());
    session
}

/// A command, and objectives with spaces in them.
fn asked(session: &Session, arguments: &str, slo: &[&str]) -> Ended {
    let mut command = session.command(arguments);
    for slo in slo {
        command.args(["--slo", slo]);
    }
    Ended::new(command.output().unwrap())
}

const ON_TIME: &str = "divergence.api_vs_on_time <= 1%";

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.out).unwrap()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_load_is_found_with_all_that_belongs_to_it() {
    let session = session("capacity-load");
    let ended = asked(&session, "capacity exact.toml", &[ON_TIME]).with(0);
    let said = words(&ended.out);
    for part in [
        "Keeps the objective up to 2.0",
        "today’s load (bracket 2.0",
        "beyond it queue main’s workers (9",
        "Headroom: 10",
        "limits, fullest first",
        "again: smschain capacity exact.toml --slo 'divergence.api_vs_on_time <= 1%' --seed 1",
    ] {
        assert!(said.contains(part), "{part}: {}", ended.out);
    }
    assert!(
        ended.out.lines().all(|line| line.starts_with("  again: ") || line.chars().count() <= 100)
    );
    let found: Value =
        serde_json::from_str(&session.read("output/exact/capacity/capacity.json")).unwrap();
    assert_eq!(found["schema"], "smschain.capacity/1");
    assert_eq!((&found["verdict"], &found["path"]), (&"found".into(), &"scale".into()));
    assert_eq!(found["slo"], ON_TIME);
    let ends = [0, 1].map(|end| found["bracket"][end].as_f64().unwrap());
    // 20/s, and what a minute bears beyond that within a second.
    assert!(ends[0] >= 2.0 && ends[0] < 2.05, "{ends:?}");
    assert!(ends[1] > ends[0] && ends[1] <= 1.0101 * ends[0], "{ends:?}");
    assert_eq!(found["answer"], found["bracket"][0]);
    assert!((found["headroom"].as_f64().unwrap() - (ends[0] - 1.0)).abs() < 1e-12);
    let binding = &found["binding"];
    assert_eq!((&binding["station"], &binding["limit"]), (&"queue.main".into(), &"workers".into()));
    assert!(binding["utilisation"].as_f64().unwrap() > 0.95, "{binding}");
    let cells = found["cells"].as_array().unwrap();
    let value = |cell: &Value| cell["at"]["scale"].as_f64().unwrap();
    assert!(cells.windows(2).all(|pair| value(&pair[0]) < value(&pair[1])));
    for cell in cells {
        let kept = value(cell) <= ends[0];
        assert_eq!(cell["verdict"], if kept { "met" } else { "missed" }, "{cell}");
        let margin = &cell["margins"][0];
        assert_eq!(
            (&margin["path"], &margin["limit"]),
            (&"divergence.api_vs_on_time".into(), &0.01.into())
        );
        assert_eq!(margin["mean"], cell["metrics"]["divergence.api_vs_on_time"]["mean"]);
        assert_eq!((&cell["replications"], &margin["half_width"]), (&10.into(), &0.0.into()));
    }
    let csv = session.read("output/exact/capacity/cells.csv");
    assert!(csv.starts_with("scale,path,mean,half_width,n\n"), "{}", &csv[..80]);
    assert!(session.has("output/exact/capacity") && !session.has("output/exact/run"));
}

#[test]
fn the_smallest_count_that_does_is_exact() {
    let session = session("capacity-find");
    let line =
        "capacity exact.toml --no-files --format json --scale 4 --find queue.main.workers=1..64";
    let found = json(&asked(&session, line, &[ON_TIME]).with(0));
    assert_eq!((&found["path"], &found["answer"]), (&"queue.main.workers".into(), &4.into()));
    assert_eq!(found["bracket"], serde_json::json!([4, 3]));
    assert_eq!((&found["today"], &found["headroom"]), (&2.into(), &Value::Null));
    let table = asked(&session, &line.replace("--format json", ""), &[ON_TIME]).with(0);
    let said = words(&table.out);
    assert!(said.contains("4 workers are the fewest that keep the objective (3 do not)"));
    assert!(said.contains("Today it is 2, 0.5× of that: too little."), "{}", table.out);
    // A duration is written as one.
    let line = "capacity exact.toml --no-files --format json --find scenario.deadline=50ms..4s";
    let found = json(&asked(&session, line, &[ON_TIME]).with(0));
    assert_eq!((&found["verdict"], &found["unit"]), (&"found".into(), &"s".into()));
    let answer = found["answer"].as_str().unwrap();
    let millis: f64 = answer.trim_end_matches("ms").parse().unwrap();
    assert!((100.0..102.0).contains(&millis), "{answer}");
}

#[test]
fn no_and_everywhere_and_undecided_are_answers_too() {
    let session = session("capacity-ends");
    let run = |more: &str, slo: &str, code: i32| {
        let line = format!("capacity exact.toml --no-files --format json {more}");
        let ended = asked(&session, &line, &[slo]).with(code);
        (json(&ended), ended.err)
    };
    let (none, said) = run("--find queue.main.workers=1..3 --scale 9", ON_TIME, 1);
    assert_eq!((&none["verdict"], &none["answer"]), (&"none".into(), &Value::Null));
    assert_eq!(none["bracket"], serde_json::json!([null, 3]));
    assert!(
        said.contains(
            "No value that was tried keeps the objective, not even 3 workers: there, queue"
        )
    );
    let (all, _) = run("--range 0.5..1.5", ON_TIME, 0);
    assert_eq!((&all["verdict"], &all["answer"]), (&"all".into(), &1.5.into()));
    assert_eq!(all["bracket"], serde_json::json!([1.5, null]));
    // Nobody sees a failure: there is no such share.
    let (open, said) = run("", "divergence.client_error_vs_outcome < 1%", 1);
    assert_eq!((&open["verdict"], &open["answer"]), (&"undecided".into(), &Value::Null));
    assert!(said.contains("Undecided: no value is known"), "{said}");
    assert!(said.contains("divergence.client_error_vs_outcome is not defined"), "{said}");
    // Too close to tell with so few.
    let line = "capacity random.toml --no-files --format json --range 0.5..3 --max-replications 10";
    let ended = asked(&session, line, &["latency.queue_wait.mean_s < 0.1"]).with(0);
    let open = json(&ended);
    assert_eq!((&open["verdict"], &open["answer"]), (&"enough".into(), &open["bracket"][0]));
    assert!(open["bracket"][0].as_f64().unwrap() < open["bracket"][1].as_f64().unwrap());
    let text = open["text"].as_str().unwrap();
    assert!(text.contains("it is too close to tell with 10 replications."), "{text}");
    // What is known to make no difference is at the limit, and takes no more replications.
    let line = "capacity random.toml --no-files --format json --range 0.5..3 --indifference 40ms";
    let near = json(&asked(&session, line, &["latency.queue_wait.mean_s < 0.1"]).with(0));
    assert_eq!(near["indifference"], serde_json::json!([0.04]));
    let cells = near["cells"].as_array().unwrap();
    let at_limit: Vec<&Value> = cells.iter().filter(|cell| cell["verdict"] == "at_limit").collect();
    assert!(!at_limit.is_empty(), "{near}");
    for cell in &at_limit {
        assert!(cell["replications"].as_u64().unwrap() < 320, "{cell}");
        assert!((cell["margins"][0]["mean"].as_f64().unwrap() - 0.1).abs() < 0.04, "{cell}");
    }
    let text = near["text"].as_str().unwrap();
    assert!(text.contains("it is at the limit, within 0.04 s of 0.1 s."), "{text}");
    let wrong = "capacity random.toml --no-files --indifference 1%";
    let ended = asked(&session, wrong, &["latency.queue_wait.mean_s < 0.1"]).with(2);
    assert!(ended.err.contains("`--indifference 1%`: expected a duration"), "{}", ended.err);
}

#[test]
fn the_answer_is_confirmed_by_run_on_other_seeds() {
    let session = session("capacity-confirmed");
    let slo = "latency.queue_wait.mean_s < 0.1";
    let line = "capacity random.toml --no-files --format json --tolerance 5% --max-replications 80";
    let once = asked(&session, &format!("{line} -j 1"), &[slo]);
    let again = asked(&session, &format!("{line} -j 3"), &[slo]);
    assert_eq!(once.out, again.out, "the same with any number of threads");
    let found = json(&once);
    let [kept, missed] = [0, 1].map(|end| found["bracket"][end].as_f64().unwrap());
    assert!(kept < missed, "{found}");
    for seed in [101, 102] {
        let run = |scale: f64, code: i32| {
            let line = format!("run random.toml --no-files -n 20 --seed {seed} --scale {scale}");
            asked(&session, &line, &[slo]).with(code)
        };
        run(0.9 * kept, 0);
        run(1.15 * missed, 1);
    }
}

#[test]
fn several_objectives_have_to_hold_together() {
    let session = session("capacity-several");
    let line = "capacity exact.toml --no-files --format json";
    let found = json(&asked(&session, line, &[ON_TIME, "queues.main.utilisation < 0.6"]).with(0));
    assert_eq!(
        found["slo"],
        "(divergence.api_vs_on_time <= 1%) and (queues.main.utilisation < 0.6)"
    );
    let answer = found["answer"].as_f64().unwrap();
    assert!((1.18..1.22).contains(&answer), "{answer}");
    assert_eq!(found["cells"][0]["margins"].as_array().unwrap().len(), 2);
}

#[test]
fn mistakes_are_told_before_anything_runs() {
    let session = session("capacity-mistakes");
    for (arguments, slo, said) in [
        ("", None, "capacity for what? Name an objective"),
        ("", Some("wihtin.1s > 1"), "did you mean `within.1s`?"),
        ("", Some("1 < 2"), "names no figure of the report"),
        ("--find queue.main.discipline=a..b", Some(ON_TIME), "is not a number"),
        ("--find queue.main.workers=5", Some(ON_TIME), "expected a range of numbers"),
        ("--find queue.main.workers=1..9:3", Some(ON_TIME), "a search has no steps"),
        ("--find queue.main.workers=9..1", Some(ON_TIME), "did you mean `1..9`?"),
        ("--find queue.main.wrokers=1..9", Some(ON_TIME), "did you mean `workers`?"),
        ("--find scenario.scale=1..9", Some(ON_TIME), "`--range` says where"),
        ("--find scenario.duration=1s..9999d", Some(ON_TIME), "--find scenario.duration"),
        ("--range 4..1", Some(ON_TIME), "did you mean 1..4?"),
        ("--range 1..1e9", Some(ON_TIME), "the scale is out of range"),
        ("--range 1..2 --find queue.main.workers=1..9", Some(ON_TIME), "cannot be used with"),
        ("--precision 1%", Some(ON_TIME), "`--precision` belongs to `run`"),
        ("-n 50 --max-replications 20", Some(ON_TIME), "is less than the 50 before the first look"),
    ] {
        let line = format!("capacity exact.toml {arguments}");
        let ended = asked(&session, &line, slo.as_slice()).with(2);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "");
    }
    assert!(!session.has("output"));
}

#[test]
fn only_its_own_stale_files_go() {
    let session = session("capacity-stale");
    session.run("run exact.toml -q -o out").with(0);
    assert!(session.has("out/charts/funnel.svg"));
    let page = session.read("out/report.html");
    session.file("out/mine.txt", "x");
    session.file("out/charts/old.svg", "x");
    let line = "capacity exact.toml --range 1..1.5 -o out --format csv";
    let ended = asked(&session, line, &[ON_TIME]).with(0);
    assert_eq!(ended.out, session.read("out/cells.csv"));
    assert!(session.has("out/mine.txt") && session.has("out/charts/old.svg"));
    assert!(!session.has("out/charts/funnel.svg") && session.read("out/report.html") != page);
}

#[test]
fn a_throttle_by_sender_is_as_full_as_its_busiest_bucket() {
    let session = Session::new("capacity-senders");
    let other =
        "[[traffic]]\nname = \"u\"\nsender = \"67890\"\narrivals.constant = { rate = \"1/s\" }\n";
    let throttle = "throttle = { rate = \"20/s\", burst = 1, scope = \"sender\" }\n";
    let scenario = EXACT
        .replace("workers = 2", "workers = 20")
        .replace("[[queue]]", &format!("{other}\n[[queue]]"));
    session.file("senders.toml", &format!("{scenario}{throttle}"));
    let asks = "capacity senders.toml --format json";
    let found = json(&asked(&session, asks, &[ON_TIME]).with(0));
    let carrier = found["stations"].as_array().unwrap().iter();
    let carrier = carrier.clone().find(|own| own["station"] == "carrier.c").unwrap();
    // 20 messages a second of t's fill its own bucket; u's is nearly empty.
    assert!(carrier["utilisation"].as_f64().unwrap() > 0.95, "{found:#}");
    assert_eq!(found["binding"]["station"], "carrier.c", "{found:#}");
}
