use super::session::Session;

#[test]
fn commands_to_come_say_so() {
    let session = Session::new("later");
    for arguments in [
        "sweep small.toml --scale 1,10 --vary retry.policy=none,fixed",
        "capacity small.toml --slo within.5s>=97%",
        "hunt small.toml --when x>1 --seeds 0..10 --top 3",
        "replay a.incident.toml --at 5m",
        "trace small.toml --message BX-1-2",
        "plan sweep small.toml --scale 1,2",
        "task 3",
        "merge",
        "fit log.csv",
        "init",
        "schema",
        "explain provider.window",
        "completions bash",
    ] {
        let ended = session.run(arguments).with(2);
        let command = arguments.split(' ').next().unwrap();
        let said = format!(
            "not yet: `{command}` is planned; this version has `run`, `check`, `compare`, `chart`, `policies` and `validate`"
        );
        assert!(ended.err.contains(&said), "{}", ended.err);
        assert_eq!(ended.out, "");
    }
}
