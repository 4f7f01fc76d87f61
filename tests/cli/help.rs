use super::session::Session;

#[test]
fn alone_it_says_what_to_do_next() {
    let ended = Session::new("alone-help").run("").with(2);
    assert_eq!(ended.out, "");
    assert!(ended.err.contains("smschain run SCENARIO.toml"), "{}", ended.err);
}

#[test]
fn help_and_version_are_results() {
    let session = Session::new("help");
    assert!(session.run("--version").with(0).out.starts_with("smschain "));
    let help = session.run("run --help").with(0).out;
    let last = help.trim_end().lines().last().unwrap();
    assert!(last.trim().starts_with("smschain run "), "{last}");
}

#[test]
fn wrong_usage_is_told_from_bad_input() {
    let session = Session::new("usage");
    for arguments in [
        "run",
        "walk",
        "run small.toml --sed 3",
        "run small.toml --seed 9007199254740992",
        "run small.toml --seed -1",
        "run small.toml --scale 0",
        "run small.toml -n 0",
        "run small.toml --threads 0",
        "run small.toml --format xml",
        "run small.toml --set nothing.here=1",
        "run small.toml --set provider.alpha.window",
        "check",
        "check small.toml --format csv",
        "check small.toml --resolved --format json",
    ] {
        let ended = session.run(arguments).with(2);
        assert!(ended.err.contains("error"), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "", "{arguments}");
    }
}
