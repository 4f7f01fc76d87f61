//! What is large is told before it hurts, or takes no longer than it is long.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::session::{Ended, LOGGED, SMALL, Session};

/// Far more than it takes when it is linear, far less than when it is quadratic.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs it, in time.
#[track_caller]
fn in_time(session: &Session, arguments: &str) -> Ended {
    let began = Instant::now();
    let ended = session.run(arguments);
    let took = began.elapsed();
    assert!(took < PATIENCE, "{arguments}: {took:?}");
    ended
}

/// Runs it in so many KiB of memory, in time.
#[track_caller]
fn in_memory(session: &Session, most: u64, arguments: &str) -> Ended {
    let script = format!("ulimit -v {most} && exec \"$0\" {arguments}");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_smschain")]).current_dir(&session.folder);
    let began = Instant::now();
    let ended = Ended::new(shell.output().unwrap());
    assert!(began.elapsed() < PATIENCE, "{arguments}: {:?}", began.elapsed());
    ended
}

fn many(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn many_mistakes_take_as_long_as_they_are_many() {
    let session = Session::new("many-mistakes");
    let many_lines = [
        ("keys", many(20_000, |index| format!("bogus{index} = 1\n"))),
        ("tables", many(20_000, |index| format!("[[provider]]\nname = \"p{index}\"\nwindw = 1\n"))),
        ("syntax", many(20_000, |index| format!("x{index} = = 1\n\n\n\n\n"))),
        ("one-line", format!("x = [{}]\n", many(20_000, |_| "= , ".to_owned()))),
        ("twice", format!("x = {{{}}}\n", many(20_000, |_| "c = 1, ".to_owned()))),
        ("texts", format!("x = [{}]\nx = 1\n", many(20_000, |_| "\"a\", ".to_owned()))),
        ("open", format!("x = {}\n", "{a = [".repeat(20_000))),
    ];
    for (name, lines) in many_lines {
        session.file("many.toml", &format!("{SMALL}{lines}"));
        let ended = in_time(&session, "check many.toml");
        assert_eq!(ended.code, Some(2), "{name}");
    }
}

#[test]
fn many_warnings_in_one_line_take_as_long_as_they_are_many() {
    let session = Session::new("many-warnings");
    let providers = many(10_000, |index| format!("{{ name = \"p{index}\" }}, "));
    let rest = LOGGED.replace("[[provider]]\nname = \"alpha\"\n", "");
    let rest = rest.replace("trace = { file = \"log.csv\" }", "poisson = { rate = \"1/s\" }");
    let scenario = format!("provider = [{providers}{{ name = \"alpha\" }}]\n{rest}");
    session.file("wide.toml", &scenario);
    let ended = in_time(&session, "check wide.toml").with(0);
    assert!(ended.out.contains("10000 warnings"), "{}", ended.out);
}

#[test]
fn a_scenario_has_a_largest_size_and_its_mistakes_a_largest_number() {
    let session = Session::new("largest");
    session.file("large.toml", &"# nothing\n".repeat((16 << 20) / 10 + 1));
    let ended = in_time(&session, "check large.toml").with(2);
    assert!(ended.err.contains("large.toml is larger than 16 MiB"), "{}", ended.err);
    let faults = many(200_000, |index| format!("x{index} = = 1\n\n\n\n\n"));
    let keys = many(200_000, |index| format!("bogus{index} = 1\n"));
    for (text, beyond) in [(faults, "from here on"), (keys, "more mistakes in the file")] {
        session.file("many.toml", &format!("{SMALL}{text}"));
        // In memory that a text for each mistake would not fit into.
        let ended = in_memory(&session, 500_000, "check many.toml --format json").with(2);
        let found: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
        let errors = found["files"][0]["errors"].as_array().unwrap();
        assert!((900..=1_010).contains(&errors.len()), "{}", errors.len());
        let last = errors.last().unwrap()["message"].as_str().unwrap();
        let told = ["more than 1000 mistakes above", beyond].iter().any(|told| last.contains(told));
        assert!(told, "{last}");
    }
}

#[test]
fn a_long_line_is_shown_around_its_mistakes() {
    let session = Session::new("long-line");
    let values = "\"x\", ".repeat(200_000);
    let law = format!("empirical = {{ values = [\"1s\", {values}\"1s\"] }} #");
    session.file("long.toml", &SMALL.replacen("lognormal = {", &law, 1));
    let ended = in_time(&session, "check long.toml").with(2);
    let line = 1 + SMALL[..SMALL.find("lognormal").unwrap()].matches('\n').count();
    let line = format!("long.toml:{line}:");
    assert!(ended.err.matches(&line).count() == 100, "{}", &ended.err[..3_000]);
    assert!(ended.err.contains("… and 901 more"), "{}", &ended.err[..3_000]);
    assert!(ended.err.lines().all(|line| line.chars().count() < 200), "{}", &ended.err[..3_000]);
}

/// Thousands of names, and as many that are wrong.
#[test]
fn many_names_take_as_long_as_they_are_many() {
    let session = Session::new("many-names");
    let carriers = many(10_000, |index| format!("[[carrier]]\nname = \"c{index}\"\n"));
    session.file("named.toml", &format!("{SMALL}{carriers}"));
    in_time(&session, "check named.toml").with(0);
    let wrong = many(10_000, |index| {
        format!(
            "[[route]]\nid = {}\nprovider = \"alpha\"\ncarriers = [\"d{index}\"]\n",
            index + 100
        )
    });
    session.file("named.toml", &format!("{SMALL}{carriers}{wrong}"));
    let ended = in_time(&session, "check named.toml").with(2);
    assert!(ended.err.contains("there is no carrier `d0`"), "{}", ended.err);
}

#[test]
fn a_result_that_is_too_large_is_not_read() {
    let session = Session::new("large-results");
    session.run("run small.toml -q -o out").with(0);
    for name in ["timeseries.csv", "latency.csv", "report.json"] {
        let path = session.folder.join("out").join(name);
        let before = std::fs::read(&path).unwrap();
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_len(1 << 30).unwrap();
        let ended = in_memory(&session, 1_000_000, "chart out -o charts").with(2);
        let told = format!("out/{name} is larger than 128 MiB: expected what smschain wrote");
        assert!(ended.err.contains(&told), "{}", ended.err);
        std::fs::write(&path, before).unwrap();
    }
    session.run("chart out -o charts").with(0);
}

#[test]
fn rows_that_end_in_carriage_returns_are_rows() {
    let session = Session::new("carriage-returns");
    session.file("log.toml", LOGGED);
    let rows = many(50_000, |index| format!("{index},a sender with a name of its own\r"));
    session.file("log.csv", &format!("time_s,sender\r{rows}"));
    in_time(&session, "check log.toml").with(0);
}

#[test]
fn a_file_of_nothing_is_no_log() {
    let session = Session::new("sparse");
    session.file("log.toml", LOGGED);
    let file = std::fs::File::create(session.folder.join("log.csv")).unwrap();
    file.set_len(1 << 30).unwrap();
    let ended = in_time(&session, "check log.toml").with(2);
    assert!(ended.err.contains("line 1 is longer than 1 MiB"), "{}", ended.err);
}

#[test]
fn what_a_run_needs_is_refused_beyond_a_limit_that_a_flag_raises() {
    let session = Session::new("memory");
    session.file("log.toml", LOGGED);
    let rows = many(10_000, |index| format!("{index},a\n"));
    session.file("log.csv", &format!("time_s,sender\n{rows}"));
    let ended = session.run("check log.toml --max-memory 1MB").with(2);
    let expected = "about 2.4 MiB would be needed, and at most 977 KiB may be";
    assert!(ended.err.contains(expected), "{}", ended.err);
    assert!(ended.err.contains("--max-memory"), "{}", ended.err);
    session.run("check log.toml --max-memory 10MB").with(0);
    // More comes than one worker takes: messages wait.
    let slow = "--set traffic.otp.arrivals.poisson.rate=1000000/s --set scenario.duration=1h \
                --set provider.alpha.window=1 --set provider.alpha.latency=1s";
    let ended = session.run(&format!("run small.toml {slow}")).with(2);
    assert!(ended.err.contains("a run would take about "), "{}", ended.err);
    assert!(ended.err.contains("for messages that wait"), "{}", ended.err);
    assert!(ended.err.contains("expected at most 4 GiB"), "{}", ended.err);
    session.run(&format!("check small.toml {slow} --max-memory 1TB")).with(0);
    for command in [
        "sweep small.toml --scale 1,2",
        "capacity small.toml --slo within.5s>=20% --range 1..2",
        "hunt small.toml --when duplicates.copies>=1e9 --seeds 0..4",
    ] {
        let ended = session.run(&format!("{command} --no-files {slow}")).with(2);
        assert!(ended.err.contains("expected at most 4 GiB"), "{command}: {}", ended.err);
    }
    let ended = session.run("check small.toml --max-memory 4").with(2);
    assert!(ended.err.contains("expected an amount of memory such as 16GiB"), "{}", ended.err);
}

#[test]
fn a_run_of_more_than_a_minute_is_told_before_it_begins() {
    let session = Session::new("long");
    let set = "--set traffic.otp.arrivals.poisson.rate=100000/s --set scenario.duration=1h \
               --unset provider.alpha.window --unset carrier.northwind.throttle";
    for (command, which, time) in [
        ("run small.toml", "", "30 min"),
        ("sweep small.toml --scale 1,0.5 -n 2", " in the largest run", "90 min"),
        ("compare small.toml --policies none,fixed -n 2", " in each run", "2 h"),
        ("capacity small.toml --slo within.5s>=20% --range 1..2 -n 6", " in each run", "3 h"),
        ("hunt small.toml --when duplicates.copies>=1e9 --seeds 0..4", " in each run", "2 h"),
    ] {
        let mut command = session.command(&format!("{command} --no-files -j 1 {set}"));
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let told = lines.map_while(Result::ok).find(|line| line.contains("messages are expected"));
        child.kill().unwrap();
        child.wait().unwrap();
        let expected = format!(
            "about 360,000,000 messages are expected{which}: up to {time} (traffic.otp.arrivals)"
        );
        assert_eq!(told, Some(expected));
    }
}

#[test]
fn millions_of_senders_take_what_those_take_who_send() {
    let session = Session::new("senders");
    let pool = "senders = { count = 10000000, pick = \"random\" }";
    let throttle = "throttle = { rate = \"1/s\", burst = 1, scope = \"sender\" }";
    let carrier = format!("{SMALL}\n[[carrier]]\nname = \"x\"\n{throttle}\n");
    let provider = carrier.replace("window = 20", &format!("window = 20\n{throttle}"));
    session.file("pool.toml", &provider.replace("sender = \"12345\"", pool));
    // In a gigabyte: a bucket and a line for each would take four.
    in_memory(&session, 1_000_000, "run pool.toml --no-files -j 1").with(0);
}

#[test]
fn a_worker_that_crashes_is_not_looked_for() {
    let session = Session::new("crashes");
    let queue = "\n[[queue]]\nname = \"main\"\nworkers = 100000\n\
                 crash = { mean_time_between = \"10m\", restart = \"1s\", guarantee = \"at_least_once\" }\n";
    session.file("crash.toml", &format!("{SMALL}{queue}"));
    in_time(&session, "run crash.toml --no-files --set scenario.duration=5m").with(0);
}

#[test]
fn a_hundred_thousand_times_are_too_many() {
    let session = Session::new("within");
    let times = many(100_000, |index| format!("\"{}ms\", ", index + 1));
    let within = format!("within = [{times}]");
    session.file("within.toml", &SMALL.replace("within = [\"5s\", \"1m\"]", &within));
    let ended = in_time(&session, "check within.toml").with(2);
    assert!(ended.err.contains("`within` has 100000 times"), "{}", ended.err);
    assert!(ended.err.contains("expected at most 1000"), "{}", ended.err);
}

#[test]
fn a_rate_that_makes_no_token_has_no_utilisation() {
    let session = Session::new("no-token");
    let set = "--set provider.alpha.throttle.burst=5 --set provider.alpha.throttle.rate";
    let of = |rate: &str| {
        let run = format!("run small.toml --no-files --format json {set}={rate}");
        let report: serde_json::Value = serde_json::from_str(&session.run(&run).out).unwrap();
        report["providers"]["alpha"]["throttle_utilisation"].clone()
    };
    assert_eq!(of("0.000001/s"), serde_json::Value::Null);
    assert!(of("2/s").as_f64().unwrap() <= 1.5);
}
