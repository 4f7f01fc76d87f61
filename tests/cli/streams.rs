use super::session::{SMALL, Session};
use std::io::Read as _;
use std::process::Stdio;

#[test]
fn standard_input_is_a_scenario() {
    let session = Session::new("stdin");
    let file = session.run("run small.toml --no-files --format json").with(0).out;
    assert_eq!(session.feed("run - --no-files --format json", SMALL).with(0).out, file);
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let session = Session::new("pipe");
    for arguments in ["run small.toml --no-files", "run small.toml --no-files --format json"] {
        let mut child = session
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{err}");
        assert!(!err.contains("error") && !err.contains("panic"), "{err}");
    }
}

#[test]
fn stdout_is_the_result_alone() {
    let session = Session::new("alone");
    let run = session.run("run small.toml --no-files").with(0);
    assert!(run.out.starts_with("small · "), "{}", run.out);
    assert!(run.err.contains("events"), "{}", run.err);
    let quiet = session.run("run small.toml --no-files --quiet --no-progress").with(0);
    assert_eq!((quiet.out, quiet.err.as_str()), (run.out, ""));
}

#[test]
fn colour_only_when_asked() {
    let session = Session::new("colour");
    let run = |arguments| session.run(arguments).with(0).out;
    assert!(!run("run small.toml --no-files").contains('\u{1b}'));
    assert!(run("run small.toml --no-files --color always").contains('\u{1b}'));
    let mut command = session.command("run small.toml --no-files --color never");
    let out = command.env("CLICOLOR_FORCE", "1").output().unwrap().stdout;
    assert!(!out.contains(&0x1b));
}

#[test]
fn what_cannot_be_read_or_written_is_named() {
    let session = Session::new("io");
    let missing = session.run("run nowhere.toml").with(3);
    assert!(missing.err.contains("can't read nowhere.toml"), "{}", missing.err);
    session.file("file", "");
    let out = session.run("run small.toml -o file/x").with(3);
    assert!(out.err.contains("file/x"), "{}", out.err);
    let messages = session.run("run small.toml --no-files --messages no/m.csv").with(3);
    assert!(messages.err.contains("no/m.csv"), "{}", messages.err);
    session.run("run . --no-files").with(3);
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_earlier_results() {
    let session = Session::new("interrupted");
    session.run("run small.toml").with(0);
    session.file("m.csv", "old");
    let before = session.read("output/small/run/report.json");
    let long = "run small.toml --set scenario.duration=20d --messages m.csv";
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let mut child = session.command(long).stderr(Stdio::piped()).spawn().unwrap();
        session.wait_for(".m.csv.");
        let pid = child.id().to_string();
        let killed = std::process::Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(killed.success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert_eq!(session.read("output/small/run/report.json"), before);
        assert_eq!(session.read("m.csv"), "old");
        let left = std::fs::read_dir(&session.folder).unwrap().count();
        assert_eq!(left, 3, "scenario, messages and output");
    }
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_no_empty_folder() {
    let session = Session::new("made");
    std::fs::create_dir(session.folder.join("mine")).unwrap();
    let long = "run small.toml --set scenario.duration=20d --messages m.csv -o";
    for out in ["new/results", "mine"] {
        let long = format!("{long} {out}");
        let mut child = session.command(&long).stderr(Stdio::piped()).spawn().unwrap();
        session.wait_for(".m.csv.");
        let pid = child.id().to_string();
        let killed = std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap();
        assert!(killed.success());
        assert_eq!(child.wait().unwrap().code(), Some(130));
    }
    // What was there before stays.
    assert!(!session.has("new") && session.has("mine"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_output_failure() {
    let session = Session::new("full");
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status =
        session.command("run small.toml --no-files -q").stdout(full()).output().unwrap().status;
    assert_eq!(status.code(), Some(3));
    session.run("run small.toml --no-files --messages /dev/full").with(3);
    session.run("run small.toml --no-files --messages /dev/null").with(0);
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
}
