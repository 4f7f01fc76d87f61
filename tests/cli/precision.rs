use super::session::Session;

fn report(out: &str) -> serde_json::Value {
    serde_json::from_str(out).unwrap()
}

#[test]
fn it_replicates_until_the_headline_is_precise() {
    let session = Session::new("precise");
    let asked = "run small.toml --set scenario.duration=2m --no-files --format json";
    let ended = session.run(&format!("{asked} --precision 1.2% -j 1")).with(0);
    let json = report(&ended.out);
    let made = json["replications"].as_u64().unwrap();
    assert!((30..1000).contains(&made), "{made}");
    assert_eq!(json["seeds"].as_array().unwrap().len() as u64, made);
    let estimate = &json["estimates"]["divergence.api_vs_on_time"];
    assert!(estimate["half_width"].as_f64().unwrap() < 0.012, "{estimate}");
    assert_eq!(estimate["n"], made);
    // The same with any number of threads, written as a share, and as many asked for beforehand.
    for same in ["--precision 1.2% -j 3", "--precision 0.012", &format!("-n {made}")] {
        assert_eq!(session.run(&format!("{asked} {same}")).with(0).out, ended.out, "{same}");
    }
    let table = session
        .run("run small.toml --set scenario.duration=2m --no-files --precision 1.2%")
        .with(0)
        .out;
    let again =
        format!("again: smschain run small.toml --seed 7 -n {made} --set scenario.duration=2m\n");
    assert!(table.contains(&again), "{table}");
}

#[test]
fn what_is_not_precise_enough_is_undecided_and_written() {
    let session = Session::new("undecided");
    let ended = session.run("run small.toml --precision 0.01% --max-replications 3").with(1);
    for said in [&ended.out, &ended.err] {
        let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("undecided: after 3 replications the 95 % half-width of"), "{said}");
        assert!(words.contains("not below 0.01 points"), "{said}");
        assert!(words.contains("allow more with --max-replications"), "{said}");
    }
    assert_eq!(report(&session.read("output/small/run/report.json"))["replications"], 3);
    let one = session.run("run small.toml --no-files --precision 5% --max-replications 1").with(1);
    assert!(one.err.contains("takes more than one replication"), "{}", one.err);
    // A fixed number of replications, precise enough.
    session.run("run small.toml --no-files --precision 20% --max-replications 2").with(0);
    let nothing = session
        .run("run small.toml --no-files --precision 5% --set traffic.otp.arrivals.poisson.rate=1/day")
        .with(1);
    assert!(nothing.err.contains("is not defined in each of 30 replications"), "{}", nothing.err);
}

#[test]
fn a_number_of_replications_is_the_least() {
    let session = Session::new("least");
    let asked = "run small.toml --set scenario.duration=2m --no-files --format json";
    let json = report(&session.run(&format!("{asked} --precision 50% -n 33")).with(0).out);
    assert_eq!(json["replications"], 33);
    let json = report(&session.run(&format!("{asked} --precision 50%")).with(0).out);
    assert_eq!(json["replications"], 30, "the rule looks at 30 first");
}

#[test]
fn messages_are_listed_of_the_replications_that_count() {
    let session = Session::new("listed");
    let asked = "run small.toml --set scenario.duration=90s --no-files --format json \
                 --precision 50% --messages";
    let listed = session.run(&format!("{asked} m.csv")).with(0).out;
    let rows = session.read("m.csv");
    assert!(rows.lines().next().unwrap().ends_with(",replication"));
    assert!(rows.lines().last().unwrap().ends_with(",29"));
    assert_eq!(session.run(&asked.replace(" --messages", "")).with(0).out, listed);
}

#[test]
fn mistakes_say_the_way_out() {
    let session = Session::new("precision-mistakes");
    for (asked, said) in [
        ("--precision 0", "expected a share above 0 such as 0.5% or 0.005"),
        ("--precision x", "expected a share above 0 such as 0.5% or 0.005"),
        ("--precision=-1%", "expected a share above 0"),
        ("--precision 3", "did you mean 3%?"),
        ("--precision 1% --max-replications 0", "expected a whole number from 1 to 1000000"),
        ("--max-replications 9", "`--max-replications` goes with `--precision`"),
        ("--precision 1% -n 9 --max-replications 8", "is the least number of replications"),
    ] {
        let ended = session.run(&format!("run small.toml {asked}")).with(2);
        assert!(ended.err.contains(said), "{asked}: {}", ended.err);
        assert!(ended.out.is_empty() && !session.has("output"), "{asked}");
    }
}
