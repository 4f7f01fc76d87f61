use super::session::Session;
use serde_json::Value;

/// A provider that refuses what is above its rate, and two policies of the scenario's own.
const POLICIES: &str = r#"
[policy.patient]
max_attempts = 6
backoff.exponential = { base = "1s", factor = 2, cap = "1m" }
jitter = "full"

[policy.steady]
max_attempts = 6
backoff.exponential = { base = "1s", factor = 2, cap = "1m" }
jitter = "equal"
"#;

/// A session with `small.toml` and policies in it.
fn session(name: &str) -> Session {
    let session = Session::new(name);
    session.file("policies.toml", &format!("{}\n{POLICIES}", super::session::SMALL));
    session
}

fn json(session: &Session, arguments: &str, code: i32) -> Value {
    serde_json::from_str(&session.run(arguments).with(code).out).unwrap()
}

const BOTH: &str = "compare policies.toml --policies none,patient,steady --no-files";

#[test]
fn the_same_bytes_with_any_number_of_threads() {
    let session = session("compare-same");
    for rest in ["-n 4", "-n 3 --decide attempts.mean --indifference 0.001 --max-replications 9"] {
        let run = |threads: u32| {
            let arguments = format!("{BOTH} --format json {rest} -j {threads}");
            session.run(&arguments)
        };
        let once = run(1);
        assert!(once.out.contains("smschain.compare/1"), "{once:?}");
        assert_eq!(run(2).out, once.out);
        assert_eq!(run(3).out, once.out);
    }
}

#[test]
fn every_pair_has_every_path() {
    let session = session("compare-paths");
    let compared = json(&session, &format!("{BOTH} --format json -n 4 --baseline steady"), 0);
    assert_eq!(compared["schema"], "smschain.compare/1");
    assert_eq!(compared["baseline"], "steady");
    let cells = compared["cells"].as_array().unwrap();
    let names: Vec<&Value> = cells.iter().map(|cell| &cell["policy"]).collect();
    assert_eq!(names, ["none", "patient", "steady"]);
    let paths: Vec<&String> = cells[0]["metrics"].as_object().unwrap().keys().collect();
    let pairs = compared["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 2 * paths.len());
    for pair in pairs {
        assert!(pair["policy"] != "steady" && pair["against"] == "steady");
        let cell = |policy: &Value| {
            let cell = cells.iter().find(|cell| cell["policy"] == *policy).unwrap();
            cell["metrics"][pair["path"].as_str().unwrap()]["mean"].as_f64()
        };
        let (own, other) = (cell(&pair["policy"]), cell(&pair["against"]));
        assert_eq!(pair["difference"].is_null(), own.is_none() || other.is_none(), "{pair}");
        if let (Some(own), Some(other), Some(found)) = (own, other, pair["difference"].as_f64()) {
            let scale = own.abs().max(other.abs()).max(1.0);
            assert!((own - other - found).abs() < 1e-9 * scale, "{pair}");
            let verdict = pair["verdict"].as_str().unwrap();
            let certain = found.abs() > pair["half_width"].as_f64().unwrap();
            assert!(certain || verdict == "undecided", "{pair}");
        }
    }
    let none = |path: &str, what: &str| cells[0]["metrics"][path][what].as_f64().unwrap();
    assert_eq!((none("attempts.mean", "mean"), none("attempts.mean", "n")), (1.0, 4.0));
}

#[test]
fn a_cell_is_what_run_says() {
    let session = session("compare-run");
    let compared = json(&session, &format!("{BOTH} --format json -n 2"), 0);
    let path = "divergence.api_vs_on_time";
    let values: Vec<f64> = compared["seeds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|seed| {
            let run = format!(
                "run policies.toml --set retry.policy=patient --seed {seed} --no-files --format json"
            );
            json(&session, &run, 0)["divergence"]["api_vs_on_time"].as_f64().unwrap()
        })
        .collect();
    let mean = compared["cells"][1]["metrics"][path]["mean"].as_f64().unwrap();
    assert!((mean - (values[0] + values[1]) / 2.0).abs() < 1e-12, "{mean} {values:?}");
}

#[test]
fn what_is_printed_is_what_is_written() {
    let session = session("compare-files");
    let arguments = "compare policies.toml --policies none,patient -n 3 --scale 0.5";
    let csv = session.run(&format!("{arguments} --format csv")).with(0).out;
    assert_eq!(session.read("output/small/compare-scale=0.5/cells.csv"), csv);
    assert!(csv.starts_with("policy,path,mean,half_width,n\nnone,requests.total,"), "{csv}");
    let json = session.run(&format!("{arguments} --format json")).with(0).out;
    assert_eq!(session.read("output/small/compare-scale=0.5/compare.json"), json);
    let table = session.run(arguments).with(0).out;
    let again = "again: smschain compare policies.toml --policies none,patient --seed 7 -n 3 \
                 --scale 0.5\n";
    assert!(table.ends_with(again), "{table}");
    assert!(table.contains("Against none") && table.contains('★'), "{table}");
    assert!(table.contains("patient delivers most on time"), "{table}");
    let same = again.trim().trim_start_matches("again: smschain ");
    assert_eq!(session.run(same).with(0).out, table);
}

#[test]
fn the_best_is_decided_or_the_answer_is_no() {
    let session = session("compare-decide");
    let decide = |rest: &str, code| {
        let arguments = format!("{BOTH} --format json --decide divergence.api_vs_on_time {rest}");
        json(&session, &arguments, code)["decision"].clone()
    };
    let found = decide("--indifference 2%", 0);
    assert!(found["best"] != "none" && found["best"].is_string(), "{found}");
    assert_eq!(
        (&found["path"], &found["indifference"]),
        (&"divergence.api_vs_on_time".into(), &0.02.into())
    );
    let out = &found["eliminated"][0];
    assert_eq!(out["policy"], "none", "{found}");
    assert!(out["after"].as_u64() <= found["replications"].as_u64());
    let open = decide("--indifference 0.0001% --max-replications 11", 1);
    assert_eq!((&open["best"], &open["replications"]), (&Value::Null, &11.into()));
    let table = session.run(&format!(
        "{BOTH} --decide divergence.api_vs_on_time --indifference 0.0001% --max-replications 11"
    ));
    let table = table.with(1);
    for said in [table.out, table.err] {
        assert!(said.contains("Undecided after 11 replications"), "{said}");
    }
}

#[test]
fn the_scenario_s_own_retry_has_a_name() {
    let session = session("compare-own");
    let own = json(&session, "compare small.toml --policies none,scenario -n 2 --format json", 0);
    let attempts = |cell: usize| own["cells"][cell]["metrics"]["attempts.mean"]["mean"].as_f64();
    assert!(attempts(0) == Some(1.0) && attempts(1) > Some(1.0));
    // What has a retry of its own is named.
    let retry = "--set queue.main.retry.max_attempts=2";
    let queue = format!("{}\n[[queue]]\nname = \"main\"\n", super::session::SMALL);
    session.file("queue.toml", &queue);
    let run = format!("compare queue.toml --policies none,scenario -n 2 --no-files {retry}");
    let ended = session.run(&run).with(0);
    assert!(ended.err.contains("queue.main has a retry of its own"), "{}", ended.err);
}

#[test]
fn without_names_the_scenario_s_own_are_compared() {
    let session = session("compare-default");
    let names = |file: &str| -> Vec<String> {
        let compared = json(&session, &format!("compare {file} -n 2 --format json --no-files"), 0);
        let cells = compared["cells"].as_array().unwrap();
        assert_eq!(compared["baseline"], cells[0]["policy"]);
        cells.iter().map(|cell| cell["policy"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("policies.toml"), ["scenario", "patient", "steady"]);
    // [retry] is one of them: once is enough.
    let named = session.read("policies.toml").replace(
        "[retry]\nmax_attempts = 3\nbackoff.exponential = { base = \"1s\", factor = 2, cap = \"1m\" }\njitter = \"full\"\n",
        "[retry]\npolicy = \"steady\"\n",
    );
    session.file("named.toml", &named);
    assert_eq!(names("named.toml"), ["steady", "patient"]);
    let only = named.split("[policy.patient]").next().unwrap().replace("steady", "only");
    session.file("only.toml", &(only + "[policy.only]\nmax_attempts = 2\n"));
    let ended = session.run("compare only.toml --no-files").with(2);
    assert!(ended.err.contains("`--policies only,full-jitter`"), "{}", ended.err);
    let table = session.run("compare policies.toml -n 2 --no-files").with(0);
    assert!(table.out.contains("--policies scenario,patient,steady"), "{}", table.out);
    // A policy with the word's own name would be neither.
    session.file(
        "word.toml",
        &format!("{}\n[policy.scenario]\nmax_attempts = 2\n", super::session::SMALL),
    );
    for rest in ["", "--policies scenario,none"] {
        let ended = session.run(&format!("compare word.toml --no-files {rest}")).with(2);
        assert!(ended.err.contains("rename that table"), "{}", ended.err);
    }
}

#[test]
fn what_may_surprise_is_said() {
    let session = session("compare-notes");
    let fleeing = "[policy.fleeing]\nmax_attempts = 3\nfailover.attempts = 1\n";
    session.file("policies.toml", &(session.read("policies.toml") + fleeing));
    for (arguments, said) in [
        ("--policies none,patient --set retry.max_attempts=9", "changes nothing here"),
        ("--policies none,fixed --unset retry", "`--unset retry` changes nothing here"),
        (
            "--policies none,scenario --set retry.policy=none",
            "none and scenario are the same policy",
        ),
        (
            "--policies none,patient --set traffic.otp.retry.max_attempts=2",
            "traffic.otp has a retry",
        ),
        ("--policies none,fleeing", "`failover` has nowhere to go"),
    ] {
        let ended = session.run(&format!("compare policies.toml -n 2 --no-files {arguments}"));
        let ended = ended.with(0);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
    }
    let plain = "compare policies.toml --policies none,patient -n 2 --no-files --no-progress";
    let quiet = session.run(plain).with(0).err;
    assert!(!quiet.contains("note:") && !quiet.contains("warning"), "{quiet}");
}

#[test]
fn wrong_usage_says_what_to_do() {
    let session = Session::new("compare-usage");
    for (arguments, said) in [
        ("", "`--policies none,fixed,full-jitter`"),
        ("--policies none", "at least two"),
        ("--policies none,,patient", "empty between the commas"),
        ("--policies none,patient,none", "`none` is named twice"),
        ("--policies none,patient --baseline patint", "did you mean `patient`?"),
        ("--policies none,patient -n 1", "expected a whole number from 2"),
        ("--policies none,patient --precision 1%", "`--precision` belongs to `run`"),
        ("--policies none,patient --decide within.5s", "--indifference"),
        ("--policies none,patient --indifference 1%", "--decide"),
        ("--policies none,patient --max-replications 9", "--decide"),
        (
            "--policies none,patient --decide divergence.api_vs_ontime --indifference 1%",
            "did you mean `divergence.api_vs_on_time`?",
        ),
        (
            "--policies none,patient --decide account.balance --indifference 1",
            "neither more nor less of it is better",
        ),
        (
            "--policies none,patient --decide latency.delivery.p95_s --indifference 1%",
            "expected a duration",
        ),
        (
            "--policies none,patient --decide within.5s --indifference 1% --max-replications 4 -n 8",
            "less than the 8 before the first judgement",
        ),
    ] {
        let ended = session.run(&format!("compare small.toml --no-files {arguments}")).with(2);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "", "{arguments}");
    }
}

#[test]
fn unknown_policies_are_named_all_at_once() {
    let session = session("compare-unknown");
    let ended = session.run("compare policies.toml --policies none,patien,stedy").with(2);
    assert!(ended.err.contains("patient") && ended.err.contains("steady"), "{}", ended.err);
    assert!(!session.has("output"));
}

const PEAK: &str = "[scenario]\nname = \"peak\"\nduration = \"2m\"\ndeadline = \"5s\"\n\
     [[traffic]]\nname = \"day\"\narrivals.profile = { points = [[\"0s\", \"40/s\"], \
     [\"30s\", \"96/s\"], [\"90s\", \"96/s\"], [\"120s\", \"40/s\"]] }\n\
     [[queue]]\nname = \"main\"\nworkers = 64\n[[route]]\nid = 1\nprovider = \"smsc\"\n\
     [[provider]]\nname = \"smsc\"\nthrottle = { rate = \"80/s\" }\nlatency = \"100ms\"\n\
     failures = { transient = 0.02 }\n[[carrier]]\nname = \"mno\"\n";

#[test]
fn where_no_policy_helps_what_is_too_much_is_named() {
    let session = Session::new("compare-peak");
    session.file("peak.toml", PEAK);
    let line = "compare peak.toml --policies none,fixed,full-jitter -n 3";
    let table = session.run(line).with(0).out;
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "No policy helps: the peak of 96/s is over provider smsc’s throttle of 80/s.";
    assert!(words(&table).contains(said), "{table}");
    // The page and the JSON say the same, word for word.
    let json: Value =
        serde_json::from_str(&session.read("output/peak/compare/compare.json")).unwrap();
    let verdict = &json["verdict"];
    let text = verdict["text"].as_str().unwrap();
    assert!(words(&table).contains(&words(text)), "{text}");
    assert!(session.read("output/peak/compare/report.html").replace('\u{a0}', " ").contains(text));
    assert_eq!(verdict["overload"], "the peak of 96/s is over provider smsc’s throttle of 80/s");
    // Without the peak being too much, retries help.
    let more = format!("{line} --set provider.smsc.throttle.rate=120/s --no-files --format json");
    let json: Value = serde_json::from_str(&session.run(&more).with(0).out).unwrap();
    let verdict = &json["verdict"];
    assert_eq!((&verdict["overload"], &verdict["matters"]), (&Value::Null, &true.into()));
    assert!(!verdict["text"].as_str().unwrap().contains("No policy helps"), "{verdict}");
    // What was decided is on the page, too.
    let decide = "compare peak.toml --policies none,fixed --decide within.5s --indifference 2% \
                  --set provider.smsc.throttle.rate=120/s -n 5 -o decided";
    session.run(decide).with(0);
    let page = session.read("decided/report.html").replace('\u{a0}', " ");
    assert!(page.contains("Decided after 5 replications: nothing is better than"), "{page}");
    assert!(!page.contains("certain"), "{page}");
}

#[test]
fn the_best_by_next_to_nothing_is_said_to_be_that() {
    let session = Session::new("compare-next-to-nothing");
    session.file("camp.toml", CAMP);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let both = words(&session.run("compare camp.toml --policies jasmin,kannel -n 3").with(0).out);
    let said = "It is the best, with 95 % confidence, but by less than anyone would act on.";
    assert!(both.contains(said), "{both}");
    assert_eq!(both.matches("anyone would act on").count(), 1, "{both}");
}

/// A campaign whose refusals take as long as other answers: every policy that is patient delivers it.
const CAMP: &str = "[scenario]\nname = \"camp\"\nduration = \"30m\"\n\
     [[traffic]]\nname = \"camp\"\narrivals.campaign = { count = 6000 }\n\
     [[queue]]\nname = \"main\"\nworkers = 4\n[[route]]\nid = 1\nprovider = \"smsc\"\n\
     [[provider]]\nname = \"smsc\"\nwindow = 4\n\
     throttle = { rate = \"5/s\", burst = 10, on_excess = \"refuse\" }\nlatency = \"100ms\"\n\
     [[carrier]]\nname = \"mno\"\n";

#[test]
fn where_nothing_is_accepted_there_is_nothing_to_compare() {
    let session = session("compare-nothing");
    let refused = format!("{BOTH} -n 2 --set traffic.otp.invalid=1");
    let table = session.run(&refused).with(0).out;
    let said = "No message was accepted, so there is no share of them to compare.";
    assert!(table.contains(said), "{table}");
    assert!(table.contains("undefined") && !table.contains("the same under"), "{table}");
    let compared = json(&session, &format!("{refused} --format json"), 0);
    assert_eq!(compared["verdict"]["sureness"], "undefined");
    // What none of the policies changes is a sentence, too.
    let same = "compare policies.toml --policies none,patient --no-files -n 2 \
                --set provider.alpha.failures={permanent=1}";
    let table = session.run(same).with(0).out;
    assert!(table.contains("  What arrives on time is the same under all policies."), "{table}");
}

/// Rules for acting on receipts and for slow routes stand beside policies for retries, each in the place of its own
/// table.
#[test]
fn rules_of_every_kind_are_compared() {
    let session = Session::new("compare-kinds");
    let more = "[[route]]\nid = 99\nprovider = \"alpha\"\n";
    session.file("kinds.toml", &format!("{}\n{more}", super::session::SMALL));
    let list = "scenario,full-jitter,va-notify,on_receipt.none,gov-uk-notify,slow.none";
    let compared = json(
        &session,
        &format!("compare kinds.toml --policies {list} -n 2 --no-files --format json"),
        0,
    );
    let metric = |path: &str| -> Vec<Value> {
        let cells = compared["cells"].as_array().unwrap();
        cells.iter().map(|cell| cell["metrics"][path]["mean"].clone()).collect()
    };
    assert_eq!(compared["cells"].as_array().unwrap().len(), 6);
    let watched: Vec<bool> = metric("routes.99.slowed").iter().map(Value::is_number).collect();
    assert_eq!(watched, [false, false, false, false, true, false], "{compared}");
    let one = session.run("compare small.toml --policies scenario,gov-uk-notify").with(2).err;
    assert!(one.contains("no two routes of this scenario share their traffic"), "{one}");
    let wrong = session.run("compare kinds.toml --policies scenario,slow.gov-uk-notfy").with(2).err;
    assert!(wrong.contains("did you mean \"gov-uk-notify\"?"), "{wrong}");
}
