use super::session::Session;

#[test]
fn the_same_bytes_twice_and_with_any_number_of_threads() {
    let session = Session::new("same");
    let once = session.run("run small.toml --no-files --format json -n 5 -j 1").with(0).out;
    for threads in ["-j 1", "-j 2", "--threads 3"] {
        let again = session.run(&format!("run small.toml --no-files --format json -n 5 {threads}"));
        assert_eq!(again.with(0).out, once);
    }
    assert!(once.contains("\"replications\": 5,"));
}

#[test]
fn a_replication_is_repeated_by_its_seed() {
    let session = Session::new("seeds");
    let both: serde_json::Value = serde_json::from_str(
        &session.run("run small.toml --no-files --format json -n 2").with(0).out,
    )
    .unwrap();
    let mut accepted = 0;
    for seed in both["seeds"].as_array().unwrap() {
        let one = session.run(&format!("run small.toml --no-files --format json --seed {seed}"));
        let one: serde_json::Value = serde_json::from_str(&one.with(0).out).unwrap();
        accepted += one["layers"]["api_success"].as_u64().unwrap();
    }
    assert_eq!(both["layers"]["api_success"], accepted);
    let estimate = &both["estimates"]["divergence.api_vs_on_time"];
    assert_eq!((&estimate["method"], &estimate["n"]), (&"replications".into(), &2.into()));
}

#[test]
fn what_is_printed_is_what_is_written() {
    let session = Session::new("files");
    let json = session.run("run small.toml --format json").with(0).out;
    assert_eq!(session.read("output/small/run/report.json"), json);
    let csv = session.run("run small.toml --format csv").with(0).out;
    assert_eq!(session.read("output/small/run/summary.csv"), csv);
    let table = session.run("run small.toml -o here").with(0).out;
    assert!(table.contains("again: smschain run small.toml --seed 7\n"), "{table}");
    assert_eq!(session.read("here/report.json"), json);
    assert!(session.has("here/timeseries.csv"));
    // The resolved scenario is the same run.
    let resolved =
        session.run("run here/scenario.resolved.toml --no-files --format json").with(0).out;
    assert_eq!(resolved, json);
}

#[test]
fn no_files_means_none() {
    let session = Session::new("none");
    session.run("run small.toml --no-files").with(0);
    assert!(!session.has("output"));
}

#[test]
fn only_its_own_stale_files_go() {
    let session = Session::new("stale");
    session.run("compare small.toml --policies none,fixed -n 2 -o o").with(0);
    assert!(session.has("o/charts/policies.svg"));
    for name in ["o/notes.txt", "o/charts/old.svg"] {
        session.file(name, "mine");
    }
    let page = session.read("o/report.html");
    session.run("run small.toml -o o").with(0);
    assert!(session.read("o/report.html") != page && !session.has("o/charts/policies.svg"));
    for name in ["o/notes.txt", "o/charts/old.svg"] {
        assert_eq!(session.read(name), "mine");
    }
    assert!(session.read("o/report.json").starts_with("{\n"));
}

#[test]
fn changes_seed_and_scale_are_followed_and_repeated() {
    let session = Session::new("changes");
    let table = session
        .run("run small.toml --no-files --seed 9 --scale 2 --set provider.alpha.window=5 --unset api")
        .with(0)
        .out;
    assert!(table.contains("seed 9 · load × 2"), "{table}");
    let again = "again: smschain run small.toml --seed 9 --scale 2 --unset api \
                 --set provider.alpha.window=5\n";
    assert!(table.contains(again), "{table}");
    let same = again.trim().trim_start_matches("again: smschain ");
    assert_eq!(session.run(&format!("{same} --no-files")).with(0).out, table);
}

#[test]
fn a_row_an_accepted_message() {
    let session = Session::new("messages");
    let run = session.run("run small.toml --no-files --format json --messages m.csv").with(0);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let text = session.read("m.csv");
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    assert!(header.starts_with(
        "bx_message_id,order_id,traffic,sender,carrier,route_id,provider,segments,requested_s,\
         accepted_s,handed_off_s,delivered_s,attempts,copies,truth,observed,cause"
    ));
    let counted = lines.clone().filter(|line| line.ends_with(",true")).count();
    assert_eq!(report["layers"]["api_success"], counted);
    let on_time = |line: &&str| line.ends_with(",true") && line.contains(",delivered_on_time,");
    assert_eq!(report["layers"]["outcome_on_time"], lines.clone().filter(on_time).count());
    // Listing changes nothing.
    let plain = session.run("run small.toml --no-files --format json").with(0);
    assert_eq!(plain.out, run.out);

    session.run("run small.toml --no-files -n 2 --messages m.csv").with(0);
    let text = session.read("m.csv");
    assert!(text.lines().next().unwrap().ends_with(",replication"));
    assert!(text.lines().last().unwrap().ends_with(",1"));
}

#[test]
fn no_messages_look_sane() {
    let session = Session::new("empty");
    let run = session.run("run small.toml --no-files --set traffic.otp.invalid=1").with(0);
    assert!(run.out.contains("were asked for; the API refused them all."), "{}", run.out);
    assert!(!run.out.contains("NaN"));
    let json =
        session.run("run small.toml --no-files --format json --set traffic.otp.invalid=1").with(0);
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(report["divergence"]["api_vs_on_time"].is_null());
    assert!(report["within"]["5s"].is_null());
    assert_eq!(report["of_requested"]["within"]["5s"].as_f64(), Some(0.0));
}

#[test]
fn an_experiment_lies_beside_the_baseline() {
    let session = Session::new("run-beside");
    session.run("run small.toml -q --scale 0.1").with(0);
    session.run("run small.toml -q").with(0);
    let baseline = session.read("output/small/run/report.json");
    let set = "--set provider.alpha.window=5 --scale 4";
    let ended = session.run(&format!("run small.toml {set}")).with(0);
    let own = "output/small/run-provider.alpha.window=5-scale=4";
    assert!(ended.out.contains(own), "{}", ended.out);
    assert!(session.has(&format!("{own}/report.html")));
    assert_eq!(session.read("output/small/run/report.json"), baseline);
    assert!(session.has("output/small/run-scale=0.1/report.json"));
    session.run("run small.toml -q --unset api.latency --scale 0.1").with(0);
    assert!(session.has("output/small/run-unset=api.latency-scale=0.1/report.json"));
    // The same experiment again takes its own place; another seed is no other experiment.
    session.run(&format!("run small.toml -q --seed 9 {set}")).with(0);
    session.run("run small.toml -q --set provider.alpha.throttle.rate=50/s --scale 0.1").with(0);
    session.run("compare small.toml --policies none,fixed -n 2 --scale 0.1 -q").with(0);
    assert!(session.has("output/small/compare-scale=0.1/compare.json"));
    let folders = std::fs::read_dir(session.folder.join("output/small")).unwrap().flatten();
    let mut names: Vec<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names.len(), 6, "{names:?}");
    let rate = names.iter().find(|name| name.contains("rate=50_s-")).unwrap();
    assert!(rate.starts_with("run-provider.alpha.throttle.rate=50_s-"), "{rate}");
    // What is asked for outright goes where it is asked for.
    session.run(&format!("run small.toml -q -o mine {set}")).with(0);
    assert!(session.has("mine/report.json"));
}

#[test]
fn sums_over_replications_have_a_run_s_share_beside_them() {
    let session = Session::new("run-each");
    let table = session.run("run small.toml -n 4 --scale 0.2 -q").with(0).out;
    let json: serde_json::Value =
        serde_json::from_str(&session.read("output/small/run-scale=0.2/report.json")).unwrap();
    let number = |path: [&str; 2]| json[path[0]][path[1]].as_f64().unwrap();
    let success = number(["layers", "api_success"]);
    let each = (success / 4.0).round();
    let words = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(each > 100.0 && each < 1000.0, "{each}");
    let said = format!("API success {} {each}", grouped(success));
    assert!(words.contains(&said), "{said}\n{table}");
    let charged = number(["cost", "charged"]);
    let said = format!("charged {charged:.2} {:.2}", charged / 4.0);
    assert!(words.contains(&said), "{said}\n{table}");
    let submits = json["providers"]["alpha"]["submits"].as_f64().unwrap();
    let row = table.lines().find(|line| line.trim_start().starts_with("a run ")).unwrap();
    let shown = row.split_whitespace().nth(2).unwrap();
    assert_eq!(shown, format!("{}", (submits / 4.0).round()), "{row}");
    let page = session.read("output/small/run-scale=0.2/report.html");
    assert!(page.contains(&format!("{each} a run")), "{each}");
    assert!(page.contains(&format!("{:.2} a run", charged / 4.0)), "{charged}");
    // A single run has nothing to tell apart.
    let single = session.run("run small.toml --scale 0.2 -q").with(0).out;
    assert!(!single.contains("a run"), "{single}");
    assert!(!session.read("output/small/run-scale=0.2/report.html").contains(" a run<"));
}

/// `1234` as `1,234`.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    match digits.len() {
        4.. => format!("{},{}", &digits[..digits.len() - 3], &digits[digits.len() - 3..]),
        _ => digits,
    }
}
