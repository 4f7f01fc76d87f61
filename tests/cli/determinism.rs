use super::session::Session;

#[test]
fn all_is_done_twice_and_told_beside_the_result() {
    let session = Session::new("determinism");
    let plain = session.run("run small.toml --no-files --format json").with(0);
    let checked =
        session.run("run small.toml --no-files --format json --check-determinism").with(0);
    assert_eq!(checked.out, plain.out);
    let report: serde_json::Value = serde_json::from_str(&plain.out).unwrap();
    let digest = report["digest"].as_str().unwrap();
    for part in ["determinism: 2 runs, ", " events each", digest, "threads: 1, then 2\n"] {
        assert!(checked.err.contains(part), "{part}: {}", checked.err);
    }
    let quiet = session.run("run small.toml --no-files --check-determinism --quiet").with(0);
    assert_eq!(quiet.err, "");
}

#[test]
fn replications_are_run_on_another_number_of_threads() {
    let session = Session::new("determinism-threads");
    for (threads, said) in [("1", "threads: 1, then 2\n"), ("2", "threads: 2, then 1\n")] {
        let checked = session
            .run(&format!("run small.toml --no-files -n 3 -j {threads} --check-determinism"));
        let checked = checked.with(0);
        assert!(checked.err.contains("2 runs of 3 replications, "), "{}", checked.err);
        assert!(checked.err.contains(said), "{}", checked.err);
    }
}

#[test]
fn messages_are_listed_as_ever() {
    let session = Session::new("determinism-messages");
    session.run("run small.toml --no-files -n 2 --messages plain.csv").with(0);
    let checked =
        session.run("run small.toml --no-files -n 2 --messages m.csv --check-determinism").with(0);
    assert!(checked.err.contains("event by event the same"), "{}", checked.err);
    assert_eq!(session.read("m.csv"), session.read("plain.csv"));
}

#[test]
fn so_are_the_replications_that_a_precision_takes() {
    let session = Session::new("determinism-precision");
    let asked = "run small.toml --no-files --format json --precision 3% --max-replications 500";
    let plain = session.run(asked).with(0);
    let report: serde_json::Value = serde_json::from_str(&plain.out).unwrap();
    let replications = &report["replications"];
    for more in ["", " --messages m.csv"] {
        let checked = session.run(&format!("{asked} -j 2 --check-determinism{more}")).with(0);
        assert_eq!(checked.out, plain.out);
        let said = format!("determinism: 2 runs of {replications} replications, ");
        assert!(checked.err.contains(&said), "{}", checked.err);
    }
}
