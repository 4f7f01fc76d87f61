use super::session::Session;

#[test]
fn commands_to_come_say_so() {
    let session = Session::new("later");
    for arguments in [
        "optimise small.toml --goal divergence.api_vs_on_time",
        "watch small.toml --plain",
        "serve --help",
        "diff a.toml b.toml",
    ] {
        let ended = session.run(arguments).with(2);
        let command = arguments.split(' ').next().unwrap();
        let said = format!(
            "not yet: `{command}` is planned; `smschain --help` lists what this version has"
        );
        assert!(ended.err.contains(&said), "{}", ended.err);
        assert_eq!(ended.out, "");
    }
}

#[test]
fn commands_to_come_are_not_offered() {
    let session = Session::new("later-hidden");
    let listed = |arguments: &str| session.run(arguments).with(0).out;
    let (help, page) = (listed("--help"), listed("man"));
    session.run("man --out pages").with(0);
    for command in ["optimise", "watch", "serve", "diff"] {
        let entry = |line: &str| line.split_whitespace().next() == Some(command);
        assert!(!help.lines().any(entry), "{help}");
        assert!(!page.contains(&format!("smschain\\-{command}(1)")), "{page}");
        assert!(!session.has(&format!("pages/smschain-{command}.1")), "{command}");
        for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
            let script = listed(&format!("completions {shell}"));
            for offered in [format!("smschain__subcmd__{command}"), format!("smschain;{command}")] {
                assert!(!script.contains(&offered), "{shell}: {offered}");
            }
        }
    }
    assert!(help.lines().any(|line| line.split_whitespace().next() == Some("explain")), "{help}");
}
