//! What a user reads after a slip, word for word: sessions with the text that a person has judged.
//!
//! A file of `transcripts/` has one session after another:
//!
//! ```text
//! # a remark
//! - a line of small.toml
//! + what takes its place
//! $ smschain run small.toml
//! what it says on stderr, then on stdout
//! [exit 2]
//! ```
//! A `+` without a `-` before it is added at the end. `SMSCHAIN_BLESS=1` writes the texts anew: read
//! them before they are committed.

use std::fmt::Write as _;
use std::path::Path;

use super::session::{SMALL, Session};

/// Holds every session of a file against what the program says now.
fn holds(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/transcripts").join(name);
    let expected = std::fs::read_to_string(&path).unwrap();
    let session = Session::new(&format!("transcripts-{name}"));
    let now = replayed(&session, &expected);
    if std::env::var_os("SMSCHAIN_BLESS").is_some() {
        std::fs::write(&path, now).unwrap();
        return;
    }
    let differs = expected.lines().zip(now.lines()).position(|(old, new)| old != new);
    if expected != now {
        let line = differs.unwrap_or(0);
        let from = |text: &str| -> String {
            let lines: Vec<&str> = text.lines().skip(line.saturating_sub(6)).take(16).collect();
            lines.join("\n")
        };
        panic!("{name}:{}: expected\n{}\n\nand found\n{}", line + 1, from(&expected), from(&now));
    }
}

/// The file with what the program says now.
fn replayed(session: &Session, expected: &str) -> String {
    let (mut now, mut scenario) = (String::new(), SMALL.to_owned());
    let (mut taken, mut said) = (None, false);
    for line in expected.lines() {
        // What was said before is left out.
        if said {
            said = !line.starts_with("[exit");
            continue;
        }
        writeln!(now, "{line}").unwrap();
        if let Some(old) = line.strip_prefix("- ") {
            assert_eq!(scenario.matches(old).count(), 1, "`{old}` in small.toml");
            taken = Some(old);
        } else if let Some(new) = line.strip_prefix("+ ") {
            match taken.take() {
                Some(old) => scenario = scenario.replacen(old, new, 1),
                None => writeln!(scenario, "{new}").unwrap(),
            }
        } else if let Some(arguments) = line.strip_prefix("$ smschain ") {
            session.file("small.toml", &scenario);
            let ended = session.say(arguments);
            write!(now, "{}{}", ended.err, ended.out).unwrap();
            writeln!(now, "[exit {}]", ended.code.unwrap()).unwrap();
            scenario = SMALL.to_owned();
            said = true;
        }
    }
    now
}

#[test]
fn slips_in_a_scenario() {
    holds("scenario.txt");
}

#[test]
fn scenarios_that_are_odd() {
    holds("warnings.txt");
}

#[test]
fn slips_on_the_command_line() {
    holds("usage.txt");
}
