//! Texts of other people go where they go as texts: nothing obeys them.

use super::session::{Ended, LOGGED, SMALL, Session};

/// It clears the screen.
const CLEAR: &str = "\u{1b}[2J";
/// What comes after it is shown from right to left.
const TURN: &str = "\u{202e}";

fn run(session: &Session, arguments: &[&str]) -> Ended {
    Ended::new(session.command("").args(arguments).output().unwrap())
}

/// Nothing that a terminal obeys was written, but what was said is there, spelt out.
#[track_caller]
fn is_spelt_out(ended: &Ended, spelt: &str) {
    let all = format!("{}{}", ended.out, ended.err);
    assert!(all.contains(spelt), "{ended:?}");
    let obeyed = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!all.contains(obeyed), "{ended:?}");
}

#[test]
fn a_list_of_messages_is_no_sheet_of_formulas() {
    let session = Session::new("formulas");
    let senders = ["=cmd|' /C calc'!A0", "@SUM(1)", "+1-2", "-1", "'=q", "'tis", "+447700900123"];
    let quoted = |sender: &&str| format!("1,\"{sender}\"\n");
    session.file("log.toml", LOGGED);
    let rows: String = senders.iter().map(quoted).collect();
    session.file("log.csv", &format!("time_s,sender\n{rows}"));
    let sent = |list: &str| {
        session.run(&format!("run log.toml --no-files --messages {list}")).with(0);
        let text = session.read(list);
        let mut sent: Vec<String> =
            text.lines().skip(1).map(|row| row.split(',').nth(3).unwrap().to_owned()).collect();
        sent.sort();
        sent
    };
    let first = sent("first.csv");
    let mut expected =
        ["'=cmd|' /C calc'!A0", "'@SUM(1)", "'+1-2", "-1", "'=q", "'tis", "+447700900123"];
    expected.sort_unstable();
    assert_eq!(first, expected);
    // Our own reader takes them for what they were.
    std::fs::rename(session.folder.join("first.csv"), session.folder.join("log.csv")).unwrap();
    assert_eq!(sent("second.csv"), first);
}

#[test]
fn names_in_a_data_file_follow_the_rules_of_names() {
    let session = Session::new("names-in-data");
    session.file("log.toml", LOGGED);
    for (cell, spelt) in [(CLEAR, "␛[2J"), (TURN, "�"), (&*"x".repeat(201), "xxx")] {
        for column in ["sender", "recipient"] {
            session.file("log.csv", &format!("time_s,{column}\n1,a\n2,b{cell}\n"));
            let ended = session.run("check log.toml").with(2);
            assert!(ended.err.contains("log.csv:3:"), "{}", ended.err);
            assert!(ended.err.contains(&format!("in column {column}")), "{}", ended.err);
            assert!(ended.err.contains("expected 1 to 200 characters"), "{}", ended.err);
            is_spelt_out(&ended, spelt);
        }
    }
    // In the scenario itself it is the same.
    let own = SMALL.replace("name = \"otp\"", "name = \"otp\"\nsender = \"a\\u202Eb\"");
    session.file("own.toml", &own);
    let ended = session.run("check own.toml").with(2);
    assert!(ended.err.contains("expected 1 to 200 characters"), "{}", ended.err);
}

#[test]
fn a_sender_is_what_it_looks_like() {
    let session = Session::new("lookalikes");
    session.file("log.toml", LOGGED);
    for cell in ["a\u{200b}b", "a\u{feff}", "a\u{a0}b", "＝SUM(A1)", "＋447", "ａcme", "x\u{2028}y"]
    {
        session.file("log.csv", &format!("time_s,sender\n1,a\n2,{cell}\n3,b\n"));
        let ended = session.run("check log.toml").with(2);
        assert!(ended.err.contains("log.csv:3:"), "{cell:?}: {}", ended.err);
        assert!(ended.err.contains("none without width or of full width"), "{}", ended.err);
        let own = SMALL.replace("name = \"otp\"", &format!("name = \"otp\"\nsender = \"{cell}\""));
        session.file("own.toml", &own);
        session.run("check own.toml").with(2);
    }
    session
        .file("log.csv", "time_s,sender\n1,+44 20 7946 0000\n2,Café & Co.\n3,株式会社\n4,A-b_c\n");
    session.run("check log.toml --strict").with(0);
}

#[test]
fn what_is_written_of_a_scenario_turns_nothing_round() {
    let session = Session::new("turned-files");
    let summary = format!("Ten minutes {TURN}txt.exe");
    session.file("turned.toml", &SMALL.replace("Ten minutes", &summary));
    session.run("run turned.toml -q --out o").with(0);
    let name = format!("a{TURN}b.toml");
    std::fs::rename(session.folder.join("turned.toml"), session.folder.join(&name)).unwrap();
    session.run(&format!("hunt {name} --when requests.total>=1 --seeds 0..1 -q --out h")).with(0);
    for (file, spelt) in [
        ("o/scenario.resolved.toml", "\\u202Etxt.exe"),
        ("h/small-0.incident.toml", "\\u202Etxt.exe"),
        ("h/small-0.incident.toml", "a\\u202eb.toml"),
    ] {
        let text = session.read(file);
        assert!(text.contains(spelt) && !text.contains(TURN), "{file}: {text}");
    }
    // It is the same text still.
    let ended = session.run("check h/small-0.incident.toml --resolved").with(0);
    assert!(ended.out.contains("\\u202Etxt.exe"), "{}", ended.out);
    session.run("replay h/small-0.incident.toml --no-files").with(0);
}

#[test]
fn a_summary_does_not_turn_the_terminal_round() {
    let session = Session::new("turned");
    let summary = format!("Ten minutes {TURN}txt.exe");
    session.file("turned.toml", &SMALL.replace("Ten minutes", &summary));
    for rest in ["", " --color always"] {
        let ended = session.run(&format!("run turned.toml --out o{rest}")).with(0);
        assert!(ended.out.contains("\\u202etxt.exe"), "{}", ended.out);
        assert!(!format!("{}{}", ended.out, ended.err).contains(TURN), "{ended:?}");
    }
    let page = session.read("o/report.html");
    assert!(!page.contains(TURN));
}

#[test]
fn a_strangers_bundle_says_what_it_says_as_text() {
    let session = Session::new("strangers");
    session.run("hunt small.toml --when 'requests.total' --seeds 0..1 --no-files");
    let head = "version = \"9\\u001B[2J\"\nseed = 7\nfault = \"it \\u001B[2J\\u202Ebroke\"\n\
                fingerprint = \"0000000000000000\"\n";
    session.file("odd.toml", &format!("{head}{SMALL}"));
    let ended = session.run("replay odd.toml --no-files");
    is_spelt_out(&ended, "\\u001b[2J");
    // A file's name, a key, a message's number.
    let name = format!("a{CLEAR}\nb.toml");
    session.file(&name, &SMALL.replace("window = 20", "windw = 20"));
    is_spelt_out(&run(&session, &["check", &name]), "\\u001b[2J\\u000ab.toml");
    is_spelt_out(&run(&session, &["run", &format!("gone{CLEAR}.toml")]), "\\u001b[2J");
    is_spelt_out(&run(&session, &["explain", &format!("provider{CLEAR}")]), "\\u001b[2J");
    is_spelt_out(&run(&session, &["init", &format!("in{CLEAR}")]), "\\u001b[2J");
    is_spelt_out(&run(&session, &["trace", "small.toml", "--message", CLEAR]), "\\u001b[2J");
    is_spelt_out(&run(&session, &["replay", &format!("gone{CLEAR}")]), "\\u001b[2J");
    let set = format!("provider.alpha.window={CLEAR}");
    // Pictures of lines have signs of their own for it.
    is_spelt_out(&run(&session, &["check", "small.toml", "--set", &set]), "␛[2J");
    is_spelt_out(&run(&session, &[&format!("r{CLEAR}")]), "unrecognized subcommand 'r'");
}

#[test]
fn a_bundle_does_not_tell_where_it_was_made() {
    let session = Session::new("where");
    let path = session.folder.join("small.toml");
    let elsewhere = std::env::temp_dir();
    let out = session.folder.join("o");
    let (path, out) = (path.to_str().unwrap(), out.to_str().unwrap());
    let when = "requests.total > 0";
    let hunt = ["hunt", path, "--when", when, "--seeds", "0..5", "--out", out, "--tries", "0"];
    let mut command = session.command("");
    let ended = command.args(hunt).current_dir(&session.folder).output().unwrap();
    assert_eq!(Ended::new(ended).with(0).code, Some(0));
    let bundle = session.read("o/small-0.incident.toml");
    assert!(bundle.contains("smschain hunt small.toml "), "{bundle}");
    assert!(!bundle.contains(elsewhere.to_str().unwrap()), "{bundle}");
}
