use super::session::Session;

#[test]
fn commands_to_come_say_so() {
    let session = Session::new("later");
    for arguments in ["plan sweep small.toml --scale 1,2", "task 3", "merge", "fit log.csv"] {
        let ended = session.run(arguments).with(2);
        let command = arguments.split(' ').next().unwrap();
        let said = format!(
            "not yet: `{command}` is planned; `smschain --help` lists what this version has"
        );
        assert!(ended.err.contains(&said), "{}", ended.err);
        assert_eq!(ended.out, "");
    }
}
