use std::fmt::Write as _;

use super::session::Session;

const QUEUE: &str = include_str!("incidents/queue.toml");
const CRASH: &str = include_str!("incidents/crash.toml");
const LOG: &str = include_str!("incidents/log.toml");

/// A hundred requests, two seconds apart.
pub(crate) fn log(rows: u32) -> String {
    (0..rows).fold("time_s,chars\n".to_owned(), |mut log, row| {
        writeln!(log, "{},{}", row * 2, 60 + row % 40).unwrap();
        log
    })
}

/// A folder with the three scenarios in it.
pub(crate) fn session(name: &str) -> Session {
    let session = Session::new(name);
    for (file, text) in [("queue.toml", QUEUE), ("crash.toml", CRASH), ("log.toml", LOG)] {
        session.file(file, text);
    }
    session.file("log.csv", &log(100));
    session
}

/// The three hunts, and the bundles they leave in `out`.
pub(crate) const HUNTS: [(&str, &str); 3] = [
    ("queue.toml", "truth.expired_in_queue>20"),
    ("crash.toml", "duplicates.copies>=4"),
    ("log.toml", "divergence.api_vs_on_time>15%"),
];

pub(crate) fn hunt(session: &Session, scenario: &str, when: &str, more: &str) -> String {
    let line = format!("hunt {scenario} --when {when} --seeds 0..60 -o {scenario}.out {more}");
    session.run(&line).with(0);
    let found = json(&session.read(&format!("{scenario}.out/hunt.json")));
    format!("{scenario}.out/{}", found["bundle"].as_str().unwrap())
}

pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn it_finds_shrinks_and_the_bundle_still_holds() {
    let session = session("hunt-finds");
    for (scenario, when) in HUNTS {
        let bundle = hunt(&session, scenario, when, "--top 1");
        let found = json(&session.read(&format!("{scenario}.out/hunt.json")));
        assert_eq!(found["schema"], "smschain.hunt/1");
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let shrunk = &found["shrunk"];
        let of = |size: &str, what: &str| number(&shrunk[size][what]);
        for what in ["messages", "optional_parts"] {
            let (before, after) = (of("before", what), of("after", what));
            assert!(after <= before / 2.0, "{scenario}: {what} {before} → {after}");
        }
        assert!(!shrunk["removed"].as_array().unwrap().is_empty());
        // What is left is needed, each part of it.
        let kept = shrunk["kept"].as_array().unwrap();
        assert_eq!(kept.len() as f64, of("after", "optional_parts"));
        assert!(found["found"][0]["value"].as_f64().unwrap() >= 0.0);
        // The bundle is a scenario in whose run it still happens, and exactly so.
        // One run proves nothing of others, but it isn't a no.
        session.run(&format!("run {bundle} --no-files -q --slo-lenient --slo {when}")).with(0);
        session.run(&format!("check {bundle}")).with(0);
        let same = session.run(&format!("replay {bundle} --no-files")).with(0);
        assert!(same.out.contains("The same run: digest "), "{}", same.out);
    }
}

#[test]
fn threads_change_nothing() {
    let session = session("hunt-threads");
    let (scenario, when) = HUNTS[1];
    for top in ["", "--top 4"] {
        let mut outcomes = Vec::new();
        for threads in ["-j 1", "-j 3"] {
            let bundle = hunt(&session, scenario, when, &format!("{top} {threads} --tries 60"));
            let json = session.read(&format!("{scenario}.out/hunt.json"));
            outcomes.push((bundle.clone(), session.read(&bundle), json));
        }
        assert_eq!(outcomes[0], outcomes[1], "{top}");
    }
}

#[test]
fn all_seeds_are_ranked_and_counted() {
    let session = session("hunt-top");
    let (scenario, when) = (HUNTS[1].0, "duplicates.copies>=8");
    let line = format!("hunt {scenario} --when {when} --seeds 0..60 --top 3 --tries 0 --no-files");
    let ended = session.run(&format!("{line} --format json -q")).with(0);
    let found = json(&ended.out);
    let (hits, share) = (found["hits"].as_u64().unwrap(), found["share"].as_f64().unwrap());
    assert_eq!(
        (found["searched"].as_u64(), found["method"].as_str()),
        (Some(60), Some("clopper-pearson"))
    );
    assert!(hits > 3 && hits < 60 && share == hits as f64 / 60.0, "{hits}");
    let interval: Vec<f64> =
        found["interval"].as_array().unwrap().iter().map(|end| end.as_f64().unwrap()).collect();
    assert!(interval[0] < share && share < interval[1]);
    let ranked = found["found"].as_array().unwrap();
    let values: Vec<f64> = ranked.iter().map(|hit| hit["value"].as_f64().unwrap()).collect();
    assert!(values.len() == 3 && values.is_sorted_by(|a, b| a >= b), "{values:?}");
    // It wrote nothing, made nothing smaller, and says so.
    assert!(found["bundle"].is_null() && found["shrunk"].is_null());
    assert!(!session.has("output"));
    // Each one is what a run of its seed says.
    for hit in ranked {
        let run = session
            .run(&format!("run {scenario} --seed {} --no-files -q --format json", hit["seed"]));
        let report = json(&run.with(0).out);
        assert_eq!(
            report["duplicates"]["copies"],
            hit["figures"]["duplicates.copies"].as_f64().unwrap() as u64
        );
    }
    let table = session.run(&line).with(0);
    assert!(table.out.contains("(95 %: 1 in "), "{}", table.out);
    let csv = session.run(&format!("{line} --format csv")).with(0);
    assert!(csv.out.starts_with("seed,value,duplicates.copies\n"), "{}", csv.out);
    assert_eq!(csv.out.lines().count(), 4);
}

#[test]
fn nothing_found_is_an_answer() {
    let session = session("hunt-none");
    let ended =
        session.run("hunt crash.toml --when duplicates.copies>1e6 --seeds 3..9 -o out").with(1);
    assert!(ended.out.contains("In none of 6 seeds."), "{}", ended.out);
    let found = json(&session.read("out/hunt.json"));
    assert_eq!(found["found"], serde_json::json!([]));
    assert!(found["bundle"].is_null());
    // What isn't known isn't true.
    session.run("hunt crash.toml --when incidents_are<1 --seeds 0..2").with(2);
    session
        .run(
            "hunt crash.toml --when providers.alpha.throttle_utilisation<1 --seeds 0..2 --no-files",
        )
        .with(1);
}

#[test]
fn what_was_not_tried_is_not_said_to_be_needed() {
    let session = session("hunt-short");
    let line = "hunt queue.toml --when truth.expired_in_queue>20 --seeds 0..60 --no-files";
    let short = session.run(&format!("{line} --tries 3")).with(0).out;
    assert!(
        short.contains("Left, not all of it tried: ") && !short.contains("It takes"),
        "{short}"
    );
    assert!(short.contains("Ended after 3 tries; --tries allows more."), "{short}");
    let whole = session.run(line).with(0).out;
    assert!(whole.contains("It takes: ") && whole.contains("nothing more can go"), "{whole}");
}

#[test]
fn an_old_bundle_makes_way() {
    let session = session("hunt-stale");
    session
        .run("hunt crash.toml --when duplicates.copies>=0 --seeds 5..6 -o out --tries 0")
        .with(0);
    session.file("out/mine-1.incident.toml", "");
    session.file("out/crash-x.incident.toml", "");
    session
        .run("hunt crash.toml --when duplicates.copies>=0 --seeds 6..7 -o out --tries 0")
        .with(0);
    assert!(!session.has("out/crash-5.incident.toml") && session.has("out/crash-6.incident.toml"));
    assert!(session.has("out/mine-1.incident.toml") && session.has("out/crash-x.incident.toml"));
}

#[test]
fn mistakes_are_told_with_the_way_out() {
    let session = session("hunt-mistakes");
    for (arguments, said) in [
        ("--seeds 0..9", "--when <EXPR>"),
        ("--when duplicates.copies>1", "--seeds <A..B>"),
        ("--when duplicates.copies>1 --seeds 9..9", "there is no seed in it; expected A..B"),
        ("--when duplicates.copies>1 --seeds 9", "expected A..B such as 0..1000"),
        ("--when duplicates.copies>1 --seeds 0..1e3", "expected A..B such as 0..1000"),
        ("--when duplicate.copies>1 --seeds 0..9", "did you mean `duplicates.copies`?"),
        ("--when duplicates.copies> --seeds 0..9", "expected a path"),
        ("--when duplicates.copies>1 --seeds 0..9 --seed 4", "--seeds"),
        (
            "--when duplicates.copies>1 --seeds 0..9 --set queue.man.workers=4",
            "did you mean `main`?",
        ),
    ] {
        let ended = session.run(&format!("hunt crash.toml {arguments}")).with(2);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "");
    }
}

#[test]
fn it_says_how_to_keep_a_hit_large_and_that_works() {
    let session = Session::new("hunt-large");
    let hunt = |when: &str| {
        session
            .say(&format!("hunt small.toml --when '{when}' --seeds 0..3 --tries 60 --no-files -q"))
    };
    let left = |out: &str| -> u64 {
        let row = out.lines().find(|line| line.trim_start().starts_with("messages ")).unwrap();
        row.split_whitespace().last().unwrap().replace(',', "").parse().unwrap()
    };
    let small = hunt("attempts.mean > 1.01").with(0).out;
    let words = small.split_whitespace().collect::<Vec<_>>().join(" ");
    let way = "--when 'attempts.mean > 1.01 and messages.accepted >= N'";
    assert!(words.contains(way) && words.contains("--tries 0 keeps it whole"), "{small}");
    assert!(left(&small) < 1000, "{small}");
    let large = hunt("attempts.mean > 1.01 and messages.accepted >= 1000").with(0).out;
    assert!(left(&large) >= 1000, "{large}");
}
