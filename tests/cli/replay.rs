use super::hunt::{HUNTS, hunt, json, log, session};
use super::session::Session;
use smschain::experiment::events_between;
use smschain::scenario::{Overrides, Source, load};

/// A bundle of the first scenario, not made smaller.
fn queue(session: &Session) -> String {
    let (scenario, when) = HUNTS[0];
    hunt(session, scenario, when, "--tries 0 --top 1")
}

/// The bundle with one line changed.
fn changed(session: &Session, bundle: &str, from: &str, to: &str) -> String {
    let text = session.read(bundle);
    assert!(text.contains(from), "{from}: {text}");
    session.file("changed.incident.toml", &text.replacen(from, to, 1));
    "changed.incident.toml".to_owned()
}

#[test]
fn a_changed_bundle_is_told_from_the_run_it_was_made_of() {
    let session = session("replay-changed");
    let bundle = queue(&session);
    let replay = |path: &str, code: i32| {
        let ended = session.run(&format!("replay {path} --no-files")).with(code);
        ended.out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    // The digest alone.
    let text = session.read(&bundle);
    let digest = text.split("digest = \"").nth(1).unwrap().get(..32).unwrap();
    let other = changed(&session, &bundle, digest, &"0".repeat(32));
    let said = replay(&other, 1);
    assert!(
        said.contains(&format!("Another run: digest {digest}, not {}", "0".repeat(32))),
        "{said}"
    );
    assert!(
        said.contains("Every event is the same: the digest in the bundle was changed"),
        "{said}"
    );
    // The version: the same run, made by another; and another run.
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    let other = changed(&session, &bundle, &version, "version = \"9.9.9\"");
    let said = replay(&other, 0);
    assert!(said.contains("Another version: the bundle was made by smschain 9.9.9"), "{said}");
    let other = changed(&session, &other, digest, &"0".repeat(32));
    let said = replay(&other, 1);
    assert!(said.contains("Another version: the bundle was made by smschain 9.9.9"), "{said}");
    // The scenario: the first event that differs is shown.
    let other = changed(&session, &bundle, "\nwindow = 8\n", "\nwindow = 4\n");
    let said = replay(&other, 1);
    assert!(said.contains("The scenario in the bundle was edited: fingerprint "), "{said}");
    let (number, event) = first_difference(&session, &[&bundle, &other]);
    let expected = format!(
        "The first event that differs from the bundle's run is event {number}, here: {event}"
    );
    assert!(said.contains(&expected), "{expected}\n{said}");
    assert!(number > 1 && event.contains("message BX-"), "{expected}");
    // The seed.
    let seed = text.split("\nseed = ").nth(1).unwrap().split('\n').next().unwrap();
    let other = changed(&session, &bundle, &format!("\nseed = {seed}\n"), "\nseed = 123456\n");
    let said = replay(&other, 1);
    assert!(said.contains("The first event that differs from the bundle's run is event 1, "));
}

/// The number of the first event in which the runs of two scenario files differ, and what the second
/// run makes of it: found by laying the events side by side.
fn first_difference(session: &Session, files: &[&str; 2]) -> (usize, String) {
    let [first, second] = files.map(|file| {
        let source = Source { name: file.to_owned(), text: session.read(file), base: "".into() };
        let spec = load(&source, &Overrides::default()).unwrap().spec;
        let events = events_between(&spec, spec.seed, 1, u64::MAX).unwrap();
        events.iter().map(|event| event.describe(&spec)).collect::<Vec<_>>()
    });
    let same = first.iter().zip(&second).take_while(|(one, two)| one == two).count();
    (same + 1, second[same].clone())
}

#[test]
fn a_changed_data_file_is_named() {
    let session = session("replay-data");
    let (scenario, when) = HUNTS[2];
    let bundle = hunt(&session, scenario, when, "--tries 0 --top 1");
    assert!(session.has("log.toml.out/data/log.csv"), "the data go with the bundle");
    session.run(&format!("replay {bundle} --no-files")).with(0);
    session.file("log.toml.out/data/log.csv", &log(101));
    let ended = session.run(&format!("replay {bundle} --no-files --format json")).with(1);
    let told = json(&ended.out);
    assert_eq!(told["same"], false);
    let reason = told["reasons"][0].as_str().unwrap();
    assert!(reason.starts_with("data file data/log.csv has changed: fingerprint "), "{reason}");
    assert!(told["first_difference"]["first_event"].as_u64().unwrap() > 1);
}

#[test]
fn without_an_effective_change_nothing_is_other() {
    let session = session("replay-same");
    let bundle = queue(&session);
    for change in ["provider.alpha.window=8", "scenario.summary=other"] {
        let line = format!("replay {bundle} --no-files --what-if {change}");
        let ended = session.run(&line).with(0);
        let said = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("no difference, in any message"), "{said}");
    }
}

#[test]
fn more_window_saves_what_died_in_the_queue() {
    let session = session("replay-window");
    let bundle = queue(&session);
    let line = format!("replay {bundle} -o out --what-if provider.alpha.window=100");
    let ended = session.run(&line).with(0);
    let said = ended.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("The incident does not happen."), "{said}");
    let told = json(&session.read("out/replay.json"));
    let what_if = &told["what_if"];
    assert_eq!((&told["same"], &what_if["same"]), (&true.into(), &false.into()));
    assert_eq!(what_if["holds"], serde_json::json!({ "without": true, "with": false }));
    let ends = what_if["ends"].as_array().unwrap();
    let saved: u64 = ends
        .iter()
        .filter(|end| end["without"] == "expired_in_queue")
        .filter(|end| end["with"].as_str().unwrap().starts_with("delivered_"))
        .map(|end| end["count"].as_u64().unwrap())
        .sum();
    assert!(saved > 15, "{ends:?}");
    let number = |class: &str| what_if["changed"][class]["count"].as_u64().unwrap();
    assert!(number("saved") >= saved);
    assert_eq!((number("new"), number("gone")), (0, 0), "the same people ask for the same");
    // The example is the one that `--messages` says died in the queue.
    session.run(&format!("run {bundle} --no-files -q --messages messages.csv")).with(0);
    let example = what_if["changed"]["saved"]["examples"][0].as_str().unwrap();
    let messages = session.read("messages.csv");
    let row = messages.lines().find(|row| row.starts_with(example)).unwrap();
    assert!(!row.contains(",delivered_"), "{row}");
}

#[test]
fn the_state_at_a_time_is_that_of_the_run() {
    let session = session("replay-at");
    let bundle = queue(&session);
    let at = |time: &str| {
        let line = format!("replay {bundle} --no-files --format json --at {time}");
        json(&session.run(&line).with(0).out)["at"].clone()
    };
    let (start, middle, end) = (at("0s"), at("5m"), at("10h"));
    assert_eq!(start["in_flight"]["messages"], 0);
    assert!(start["ended_at_s"].is_null() && end["ended_at_s"].as_f64().unwrap() > 600.0);
    assert_eq!((&end["in_flight"]["messages"], &end["requests"]), (&0.into(), &0.into()));
    // The time series says the same of the same instant.
    session.run(&format!("run {bundle} -q -o run")).with(0);
    let series = session.read("run/timeseries.csv");
    let mut lines = series.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let columns = lines.next().unwrap();
    let column = |name: &str| columns.iter().position(|own| *own == name).unwrap();
    // Gauges are those at the end of a sample.
    let rows: Vec<_> = lines.collect();
    let every: f64 = rows[1][column("time_s")].parse::<f64>().unwrap();
    let row = rows
        .iter()
        .find(|row| row[column("time_s")].parse::<f64>().unwrap() + every == 300.0)
        .unwrap();
    for (name, found) in [
        ("in_flight", &middle["in_flight"]["messages"]),
        ("queue.main.depth", &middle["queues"]["main"]["depth"]),
        ("queue.main.busy", &middle["queues"]["main"]["busy_workers"]),
        ("provider.alpha.outstanding", &middle["providers"]["alpha"]["outstanding"]),
    ] {
        assert_eq!(row[column(name)].parse::<u64>().unwrap(), found.as_u64().unwrap(), "{name}");
    }
    let table = session.run(&format!("replay {bundle} --no-files --at 5m")).with(0);
    assert!(table.out.contains("At 5 min: "), "{}", table.out);
    // The run starts at midnight: the clock says the same.
    let clock = session.run(&format!("replay {bundle} --no-files --at 00:05")).with(0);
    assert!(clock.out.contains("At 5 min: "), "{}", clock.out);
    let wrong = session.run(&format!("replay {bundle} --at 5")).with(2);
    assert!(
        wrong.err.contains("`--at 5`") && wrong.err.contains("such as 21m30s"),
        "{}",
        wrong.err
    );
}

#[test]
fn it_grows_certain_as_it_unfolds() {
    let session = session("replay-pivot");
    let bundle = queue(&session);
    let line = format!("replay {bundle} --no-files --format json --pivot --redraws 8");
    let one = session.run(&format!("{line} -j 1")).with(0).out;
    assert_eq!(one, session.run(&format!("{line} -j 3")).with(0).out, "threads change nothing");
    let pivot = &json(&one)["pivot"];
    let points = pivot["points"].as_array().unwrap();
    assert!(points.len() >= 13);
    let share = |point: &serde_json::Value| point["share"].as_f64().unwrap();
    assert!(share(&points[0]) < 1.0 && share(&points[points.len() - 1]) == 1.0, "{points:?}");
    let unavoidable = pivot["unavoidable_s"].as_f64().unwrap();
    for point in points {
        let (at, certain) = (point["at_s"].as_f64().unwrap(), share(point) == 1.0);
        assert!(certain || at < unavoidable, "{point}");
        let ends = point["interval"].as_array().unwrap();
        assert!(
            ends[0].as_f64().unwrap() <= share(point) && share(point) <= ends[1].as_f64().unwrap()
        );
    }
    let table = session.run(&format!("replay {bundle} -o out --pivot --redraws 4")).with(0);
    assert!(table.out.contains("4 times from each time on"), "{}", table.out);
    // The curve is drawn, and drawn again from the folder.
    let svg = session.read("out/charts/pivot.svg");
    assert!(svg.contains("drawn anew (4 times)") && svg.contains("truth.expired_in_queue"));
    session.run("chart out -o again").with(0);
    assert_eq!(session.read("again/pivot.svg"), svg);
    // What belongs to another replay goes.
    session.run(&format!("replay {bundle} -o out")).with(0);
    assert!(!session.has("out/charts"));
    session.run("chart out").with(1);
}

#[test]
fn a_bundle_is_replayed_as_it_is() {
    let session = session("replay-as-is");
    let bundle = queue(&session);
    for (arguments, said) in [
        ("--seed 5", "without `--seed`"),
        ("--set provider.alpha.window=5", "use --what-if PATH=VALUE"),
        ("--unset retry", "use --what-if PATH=VALUE"),
        ("--scale 2", "use --what-if PATH=VALUE"),
        ("--what-if provider.alph.window=5", "did you mean `alpha`?"),
        ("--what-if provider.alpha.windows=5", "did you mean `window`?"),
        ("--pivot --at 5m", "cannot be used with"),
        ("--format csv", "table or json"),
    ] {
        let ended = session.run(&format!("replay {bundle} {arguments}")).with(2);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
    }
    let ended = session.run("replay queue.toml").with(2);
    assert!(ended.err.contains("no incident bundle") && ended.err.contains("smschain hunt"));
    let other = changed(&session, &bundle, "digest = \"", "digest = \"x");
    let ended = session.run(&format!("replay {other}")).with(2);
    assert!(ended.err.contains("expected 32 hexadecimal digits"), "{}", ended.err);
    let other = changed(&session, &bundle, "fingerprint = ", "fingerprints = ");
    let ended = session.run(&format!("replay {other}")).with(2);
    assert!(ended.err.contains("unknown key `fingerprints`"), "{}", ended.err);
}

#[test]
fn whatever_takes_a_scenario_takes_a_bundle() {
    let session = session("replay-scenario");
    let bundle = queue(&session);
    let replayed =
        json(&session.run(&format!("replay {bundle} --no-files --format json")).with(0).out);
    let (digest, seed) = (replayed["digest"].as_str().unwrap(), &replayed["seed"]);
    let run = session.run(&format!("run {bundle} --no-files -q --format json")).with(0);
    assert_eq!((&json(&run.out)["digest"], &json(&run.out)["seed"]), (&digest.into(), seed));
    // Without the bundle's keys it is a scenario of the same run.
    let text = session.read(&bundle);
    let tables = &text[text.find("\n[scenario]").unwrap()..text.find("\n[trail]").unwrap()];
    session.file("plain.toml", tables);
    let plain = session.run("run plain.toml --no-files -q --format json").with(0);
    assert_eq!(json(&plain.out)["digest"], digest);
    let told = session.run(&format!("trace {bundle} --request 9 --no-files -q")).with(0).out;
    assert!(told.contains(&format!("digest {digest}")), "{told}");
    for line in [
        format!("check {bundle} --resolved"),
        format!("compare {bundle} --policies none,fixed -n 2 --no-files -q"),
        format!("sweep {bundle} --scale 1,2 --no-files -q"),
        format!(
            "hunt {bundle} --when truth.expired_in_queue>20 --seeds 0..2 --tries 0 --no-files -q"
        ),
    ] {
        let ended = session.run(&line);
        assert!(ended.code.is_some_and(|code| code < 2), "{line}: {}", ended.err);
    }
}

#[test]
fn a_run_that_broke_down_once_and_no_more_says_so() {
    let session = session("replay-fault");
    let bundle = queue(&session);
    let text = session.read(&bundle);
    let start = text.find("digest = ").unwrap();
    let end = start + text[start..].find('\n').unwrap();
    let fault = text.replacen(&text[start..end], "fault = \"the books don't balance\"", 1);
    session.file("fault.incident.toml", &fault);
    let ended = session.run("replay fault.incident.toml --no-files").with(1);
    assert!(ended.err.contains("broke down when the bundle was made (the books don't balance)"));
}
