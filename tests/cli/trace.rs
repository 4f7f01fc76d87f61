use super::session::Session;
use serde_json::Value;

/// What is set in `small.toml`, or added to it, to have messages end so.
const ENDS: [(&str, &str); 15] = [
    ("delivered_on_time", ""),
    ("delivered_late", "--set traffic.otp.deadline=1s"),
    ("filtered_silent", ""),
    ("filtered_explicit", "--set carrier.northwind.filter.spam.action=block"),
    ("rejected_by_provider", "--set provider.alpha.failures.permanent=5%"),
    ("retries_exhausted", "--set provider.alpha.failures.transient=60%"),
    ("discarded_by_queue", "--set queue.main.capacity=1 --set queue.main.overflow=fail"),
    ("expired_in_queue", "--set queue.main.ttl=2s"),
    (
        "lost_by_sender",
        "--set queue.main.crash={mean_time_between=\"5s\",restart=\"1s\",guarantee=\"at_most_once\"}",
    ),
    ("lost_by_provider", "--set provider.alpha.loss=5%"),
    (
        "throttled_out",
        "--set carrier.northwind.throttle.on_excess=reject --set carrier.northwind.throttle.rate=1/s",
    ),
    ("expired_at_carrier", ""),
    ("unknown_subscriber", ""),
    ("lost_by_carrier", "--set carrier.northwind.loss=5%"),
    ("unresolved", "--set scenario.drain=0s"),
];

/// `small.toml` with a queue that is a bottleneck where it has to be.
fn narrow(session: &Session) {
    let queue = "[[queue]]\nname = \"main\"\nworkers = 1\n";
    session.file("narrow.toml", &format!("{}\n{queue}", super::session::SMALL));
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The steps of a kind that are the message's own.
fn own<'a>(trace: &'a Value, kind: &str) -> Vec<&'a Value> {
    let steps = trace["steps"].as_array().unwrap().iter();
    steps.filter(|step| step["message"].is_null() && step["kind"] == kind).collect()
}

#[test]
fn it_opens_with_the_id_and_ends_with_truth_and_observed_state() {
    let session = Session::new("trace-ends");
    narrow(&session);
    for (truth, set) in ENDS {
        let file = if set.contains("queue.") { "narrow.toml" } else { "small.toml" };
        let command = format!("trace {file} --like truth={truth} --no-files -q {set}");
        let told = session.run(&command).with(0).out;
        let id = told.lines().next().unwrap();
        assert!(id.starts_with("BX-"), "{told}");
        let last = told.lines().last().unwrap();
        assert!(last.starts_with(&format!("truth: {truth}")), "{told}");
        let trace = json(&session.run(&format!("{command} --format json")).with(0).out);
        assert_eq!((&trace["truth"], &trace["message"]["id"]), (&truth.into(), &id.into()));
        let observed = trace["observed"].as_str().unwrap();
        assert!(last.ends_with(&format!("observed: {observed}")), "{told}");
        // What was seen last is what is seen at the end.
        let steps = trace["steps"].as_array().unwrap();
        let seen = steps.iter().rev().find(|step| step["message"].is_null()).unwrap();
        assert_eq!(seen["seen"], observed, "{told}");
        // So is what is true, from the step on that decided it.
        if truth != "unresolved" {
            assert_eq!(seen["truth"], truth, "{told}");
        }
        let times: Vec<f64> = steps.iter().map(|step| step["time_s"].as_f64().unwrap()).collect();
        assert!(times.is_sorted(), "{told}");
    }
}

#[test]
fn tracing_changes_nothing_and_shows_the_digest() {
    let session = Session::new("trace-digest");
    let report = json(&session.run("run small.toml --no-files --format json").with(0).out);
    let digest = report["digest"].as_str().unwrap();
    for what in ["--like truth=filtered_silent", "--request 17", "--perfetto p.json"] {
        let told = session.run(&format!("trace small.toml --no-files {what}")).with(0).out;
        assert!(told.contains(&format!("digest {digest}")), "{what}: {told}");
    }
}

#[test]
fn a_story_agrees_with_its_row() {
    let session = Session::new("trace-rows");
    let set = "--set provider.alpha.failures.transient=30% --set provider.alpha.submit_timeout=1s \
               --set provider.alpha.timeout_accepted=0.5 --set provider.alpha.failures.timeout=10%";
    session.run(&format!("run small.toml --no-files -q --messages m.csv {set}")).with(0);
    let rows = session.read("m.csv");
    let header: Vec<&str> = rows.lines().next().unwrap().split(',').collect();
    let column = |row: &str, name: &str| {
        let at = header.iter().position(|&column| column == name).unwrap();
        row.split(',').nth(at).unwrap().to_owned()
    };
    // Of every number of attempts and copies and every end the first one.
    let mut kinds = std::collections::BTreeMap::new();
    for row in rows.lines().skip(1) {
        let kind = ["attempts", "copies", "truth"].map(|name| column(row, name));
        kinds.entry(kind).or_insert(row);
    }
    assert!(kinds.len() >= 8, "{kinds:?}");
    for row in kinds.into_values().take(12) {
        let id = column(row, "bx_message_id");
        let command = format!("trace small.toml --message {id} --no-files -q --format json {set}");
        let trace = json(&session.run(&command).with(0).out);
        for name in ["traffic", "sender", "carrier", "provider", "cause"] {
            assert_eq!(trace["message"][name], column(row, name).as_str(), "{row}");
        }
        for (name, kind) in [
            ("accepted_s", "api.accepts"),
            ("handed_off_s", "submit.accepted"),
            ("delivered_s", "handset.delivered"),
        ] {
            let time = own(&trace, kind).first().map_or(String::new(), |step| {
                step["time_s"].to_string().trim_end_matches(".0").to_owned()
            });
            assert_eq!(time, column(row, name), "{name}: {row}");
            let listed = &trace["message"][name];
            let listed = listed.as_f64().map_or(String::new(), |time| time.to_string());
            assert_eq!(listed, column(row, name), "{name}: {row}");
        }
        assert_eq!(own(&trace, "submit.goes_out").len().to_string(), column(row, "attempts"));
        assert_eq!(own(&trace, "submit.accepted").len().to_string(), column(row, "copies"));
        assert_eq!(trace["truth"], column(row, "truth").as_str());
        assert_eq!(trace["observed"], column(row, "observed").as_str());
    }
}

#[test]
fn a_false_receipt_is_seen_beside_the_truth() {
    let session = Session::new("trace-false");
    let command =
        "trace small.toml --like truth=filtered_silent --like observed=delivered --no-files -q";
    let trace = json(&session.run(&format!("{command} --format json")).with(0).out);
    let filtered = own(&trace, "carrier.filtered")[0];
    assert_eq!((&filtered["who"], &filtered["seen"]), (&"northwind/spam".into(), &"sent".into()));
    assert_eq!(filtered["truth"], "filtered_silent");
    let why = filtered["why"].as_str().unwrap();
    let score: f64 =
        why.strip_prefix("spam score ").unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(score >= 0.3 && why.contains("≥ 0.3"), "{why}");
    let receipt = own(&trace, "receipt.arrives")[0];
    assert_eq!(
        (&receipt["seen"], &receipt["truth"]),
        (&"delivered".into(), &"filtered_silent".into())
    );
    assert_eq!(receipt["why"], "it is not true");
    // Both worlds are side by side: what the sender reads, and what is so.
    let table = session.run(command).with(0).out;
    let receipt = table.lines().find(|line| line.contains("gets a receipt")).unwrap();
    let worlds: Vec<&str> = receipt.split_whitespace().skip(2).take(2).collect();
    assert_eq!(worlds, ["delivered", "filtered_silent"], "{table}");
    let answer = own(&trace, "api.answers")[0];
    let id = trace["message"]["id"].as_str().unwrap();
    assert_eq!(answer["what"], format!("answers success: {id}, status QUEUED"));
    assert_eq!(answer["seen"], "queued");
    assert_eq!(own(&trace, "client.calls")[0]["seen"], Value::Null);
}

#[test]
fn a_step_is_a_line_and_the_files_are_what_is_printed() {
    let session = Session::new("trace-forms");
    let told = session.run("trace small.toml --like truth=delivered_on_time -q").with(0).out;
    let written = session.read("output/small/trace/trace.json");
    let trace = json(&written);
    assert_eq!(trace["schema"], "smschain.trace/1");
    let steps = trace["steps"].as_array().unwrap();
    for step in steps {
        let (clock, what) = (step["clock"].as_str().unwrap(), step["what"].as_str().unwrap());
        let line = told.lines().find(|line| line.contains(clock) && line.contains(what));
        assert!(line.is_some(), "{step}: {told}");
    }
    let id = trace["message"]["id"].as_str().unwrap();
    // The line that repeats it is on the page.
    let again = told.lines().find_map(|line| line.trim().strip_prefix("again: smschain "));
    assert_eq!(again, Some(format!("trace small.toml --message {id} --seed 7").as_str()));
    assert_eq!(session.run(&format!("{} --no-files -q", again.unwrap())).with(0).out, told);
    let printed =
        session.run(&format!("trace small.toml --message {id} --no-files -q --format json"));
    assert_eq!(printed.with(0).out, written);
    let csv = session.run(&format!("trace small.toml --message {id} --no-files -q --format csv"));
    let csv = csv.with(0).out;
    assert_eq!(csv.lines().count(), steps.len() + 1, "{csv}");
    assert!(csv.starts_with("time_s,since_request_s,message,kind,who,what,why,seen,truth\n"));
    let coloured =
        session.run(&format!("trace small.toml --message {id} --no-files -q --color always"));
    assert!(coloured.with(0).out.contains("\u{1b}[38;5;29mdelivered_on_time\u{1b}[0m"));
}

#[test]
fn a_request_without_a_message_has_a_story_too() {
    let session = Session::new("trace-refused");
    let set = "--set traffic.otp.invalid=1 --no-files -q";
    let told = session.run(&format!("trace small.toml --request 3 {set}")).with(0).out;
    assert!(told.starts_with("request 3 (no message)\n"), "{told}");
    assert!(told.contains("400 invalid") && told.contains("the number is invalid, u 0."), "{told}");
    assert!(told.ends_with("no message: the API accepted none of request 3\n"), "{told}");
    let trace = session.run(&format!("trace small.toml --request 3 {set} --format json")).with(0);
    let trace = json(&trace.out);
    assert_eq!((&trace["message"], &trace["truth"]), (&Value::Null, &Value::Null));
}

#[test]
fn what_is_not_there_and_what_is_not_meant_is_said() {
    let session = Session::new("trace-errors");
    for (arguments, code, said) in [
        ("", 2, "--message <ID>|--request <N>|--like <KEY=VALUE>|--perfetto <FILE>"),
        ("--message BX-1-2", 2, "is no message's id: expected BX-<order>-<16 hexadecimal digits>"),
        ("--message BX-1-0123456789abcdef", 1, "no message BX-1-0123456789abcdef among the "),
        ("--request 1000000000", 1, "there is no request 1000000000 in the run of seed 7"),
        ("--request 0", 2, "0 is not in 1.."),
        ("--request 1 --like truth=unresolved", 2, "cannot be used with"),
        ("--like truth=filtered_silently", 2, "did you mean `filtered_silent`?"),
        ("--like trooth=unresolved", 2, "did you mean `truth`?"),
        ("--like carrier=nortwind", 2, "did you mean `northwind`?"),
        ("--like truth=unresolved", 1, "no message with truth=unresolved among the "),
        ("--request 1 --from 10s", 2, "--perfetto"),
        ("--perfetto p.json --from 10s --to 5s", 2, "`--from` is not before `--to`"),
        ("--perfetto p.json --to 5", 2, "`--to 5`: "),
        ("--perfetto no/such/p.json", 3, "can't write no/such/p.json"),
    ] {
        let ended = session.run(&format!("trace small.toml {arguments}")).with(code);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "");
    }
    assert!(!session.has("p.json") && !session.has("output/small/trace/trace.json"));
}
