use super::session::{Ended, Session};

/// A run with this objective.
fn asked(session: &Session, more: &str, slo: &[&str]) -> Ended {
    let mut command = session.command(&format!("run small.toml {more}"));
    for slo in slo {
        command.args(["--slo", slo]);
    }
    Ended::new(command.output().unwrap())
}

#[test]
fn an_objective_that_is_met_changes_nothing_else() {
    let session = Session::new("slo-met");
    let plain = session.run("run small.toml --no-files --format json").with(0);
    let slo = ["within.5s >= 0% and requests.total > 1", "not truth.delivered_on_time<1"];
    let ended = asked(&session, "--no-files --format json", &slo).with(0);
    assert_eq!(ended.out, plain.out);
    let said = "objective met: within.5s >= 0% and requests.total > 1 (within.5s = 0.";
    assert!(ended.err.contains(said), "{}", ended.err);
    assert!(ended.err.contains("objective met: not truth.delivered_on_time < 1"), "{}", ended.err);
    let table = asked(&session, "-n 2 --no-files", &slo).with(0).out;
    let words = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(said), "{table}");
    let again = "again: smschain run small.toml --seed 7 -n 2 --slo 'within.5s >= 0% and \
                 requests.total > 1' --slo 'not truth.delivered_on_time<1'\n";
    assert!(table.contains(again), "{table}");
}

#[test]
fn one_that_is_not_met_or_unknown_is_a_no() {
    let session = Session::new("slo-missed");
    let ended = asked(&session, "", &["requests.total > 1", "within.5s > 100%"]).with(1);
    assert!(ended.err.contains("objective met: requests.total"), "{}", ended.err);
    assert!(ended.err.contains("objective not met: within.5s > 100% (within"), "{}", ended.err);
    // The report is there all the same.
    assert!(session.has("output/small/run/report.json"));
    let unknown = "latency.delivery.p95_s < 30";
    // Nobody gets anything.
    let nothing = "--no-files --set carrier.northwind.unknown_subscriber=1";
    let ended = asked(&session, nothing, &[unknown]).with(1);
    let said =
        format!("objective unknown, and so not met: {unknown} (latency.delivery.p95_s = null)");
    assert!(ended.err.contains(&said), "{}", ended.err);
    let decided = format!("{unknown} or requests.total > 1");
    asked(&session, nothing, &[&decided]).with(0);
}

#[test]
fn bad_ones_are_shown_before_the_run() {
    let session = Session::new("slo-bad");
    let slo = ["within.5s >= 97% an 1 < 2", "wihtin.5s > 1 and p95_s < 3s", "elephants > 1"];
    let ended = asked(&session, "", &slo).with(2);
    assert_eq!(ended.out, "");
    for said in [
        "command line:1:24",
        "--slo within.5s >= 97% an 1 < 2",
        "expected `and`, `or` or the end",
        "the report has no number `wihtin.5s`",
        "did you mean `within.5s`?",
        "the report has no number `p95_s`",
        ".p95_s`?",
        "the report has no number `elephants`",
        "paths are those of the numbers in report.json",
    ] {
        assert!(ended.err.contains(said), "{said}: {}", ended.err);
    }
    assert!(!session.has("output"));
}
