use super::session::Session;

/// Names and contents of the charts in a folder, in order.
fn charts(session: &Session, folder: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(session.folder.join(folder)).unwrap();
    let mut charts: Vec<(String, String)> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| (name.clone(), session.read(&format!("{folder}/{name}"))))
        .collect();
    charts.sort();
    charts
}

#[test]
fn a_redrawn_chart_is_the_same_bytes() {
    let session = Session::new("redrawn");
    session.run("run small.toml -n 2 -o run").with(0);
    session.run("compare small.toml --policies none,fixed -n 2 -o compare").with(0);
    for (folder, least) in [("run", 5), ("compare", 2)] {
        let drawn = charts(&session, &format!("{folder}/charts"));
        assert!(drawn.len() >= least, "{folder}: {drawn:?}");
        std::fs::remove_dir_all(session.folder.join(folder).join("charts")).unwrap();
        let said = session.run(&format!("chart {folder}")).with(0).out;
        assert_eq!(charts(&session, &format!("{folder}/charts")), drawn);
        assert_eq!(said.lines().count(), drawn.len());
        assert!(said.lines().all(|line| session.has(line)), "{said}");
    }
    // Elsewhere, from the file itself; what else is there stays.
    std::fs::create_dir(session.folder.join("pictures")).unwrap();
    session.file("pictures/policies.svg", "mine");
    session.run("chart run/report.json -o pictures").with(0);
    let both = charts(&session, "pictures");
    let names: Vec<&str> = both.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"policies.svg") && names.contains(&"funnel.svg"), "{names:?}");
    // Charts that another command wrote are its own.
    let ended = session.run("chart run/report.json -o compare/charts").with(3);
    assert!(ended.err.contains("compare/charts/spectrum.svg"), "{}", ended.err);
}

#[test]
fn stale_charts_go() {
    let session = Session::new("stale-charts");
    session.run("run small.toml -n 2 -o o").with(0);
    assert!(session.has("o/charts/spectrum.svg"));
    session.file("o/charts/mine.svg", "mine");
    // There is nothing left to draw that one from.
    std::fs::remove_file(session.folder.join("o/latency.csv")).unwrap();
    session.run("chart o").with(0);
    assert!(!session.has("o/charts/spectrum.svg") && session.has("o/charts/funnel.svg"));
    assert_eq!(session.read("o/charts/mine.svg"), "mine");
}

#[test]
fn runs_are_overlaid_where_they_are_asked_to() {
    let session = Session::new("overlay");
    session.run("run small.toml -o a").with(0);
    session.run("run small.toml -o b --seed 8").with(0);
    let ended = session.run("chart a b").with(2);
    assert!(ended.err.contains("`--out DIR`"), "{}", ended.err);
    assert_eq!(session.run("chart a b -o both").with(0).out, "both/spectrum.svg\n");
    let drawn = session.read("both/spectrum.svg");
    assert!(drawn.contains("small · seed 7\n") && drawn.contains("small · seed 8\n"), "{drawn}");
    std::fs::remove_file(session.folder.join("b/latency.csv")).unwrap();
    let ended = session.run("chart a b -o both").with(2);
    assert!(ended.err.contains("b has no latency.csv"), "{}", ended.err);
    let ended = session.run("chart b").with(0);
    assert!(ended.err.contains("no latency.csv in b"), "{}", ended.err);
    assert!(!session.has("b/charts/spectrum.svg") && session.has("b/charts/funnel.svg"));
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let session = Session::new("undrawn");
    for folder in ["empty", "other", "broken", "two", "bad", "latin", "cells"] {
        std::fs::create_dir_all(session.folder.join(folder)).unwrap();
    }
    session.file("other/report.json", "{\"schema\": \"smschain.report/9\"}");
    session.file("broken/report.json", "{\"schema\": ");
    session.file("two/report.json", "{}");
    session.file("two/sweep.json", "{}");
    session.file("bad/report.json", "{\"schema\": \"smschain.report/1\"}");
    session.file("cells/report.json", "{\"schema\": \"smschain.report/1\"}");
    for file in ["latin/report.json", "cells/latency.csv"] {
        std::fs::write(session.folder.join(file), b"\"z\xfcrich\"\n").unwrap();
    }
    for (arguments, code, said) in [
        ("chart nowhere", 3, "can't read nowhere"),
        ("chart empty", 2, "empty holds no results"),
        ("chart other", 2, "other/report.json has schema smschain.report/9"),
        ("chart broken", 2, "broken/report.json is no result file"),
        ("chart two", 2, "name one file, like two/report.json"),
        ("chart two/sweep.json", 2, "two/sweep.json has no schema"),
        ("chart latin", 2, "latin/report.json is not UTF-8 text"),
        ("chart cells", 2, "cells/latency.csv is not UTF-8 text"),
        ("chart bad", 1, "nothing in these results to draw"),
        ("chart", 2, "required"),
    ] {
        let ended = session.run(arguments).with(code);
        assert!(ended.err.contains(said), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "");
    }
    assert!(!session.has("bad/charts"));
}

#[test]
fn percentiles_are_those_of_the_report() {
    let session = Session::new("percentiles");
    session.run("run small.toml -n 2 -o o").with(0);
    let report: serde_json::Value = serde_json::from_str(&session.read("o/report.json")).unwrap();
    let table = session.read("o/latency.csv");
    let mut rows = 0;
    for (stage, latency) in report["latency"].as_object().unwrap() {
        let quantiles =
            [("50", "p50_s"), ("90", "p90_s"), ("95", "p95_s"), ("99", "p99_s"), ("100", "max_s")];
        for (percentile, name) in quantiles {
            let start = format!("{stage},{percentile},");
            let Some(row) = table.lines().find(|line| line.starts_with(&start)) else {
                assert!(latency["count"].as_u64() < Some(100), "{start}");
                continue;
            };
            let seconds: f64 = row[start.len()..].parse().unwrap();
            assert_eq!(Some(seconds), latency[name].as_f64(), "{row}");
            rows += 1;
        }
    }
    assert!(rows > 20, "{table}");
}
