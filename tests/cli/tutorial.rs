//! docs/tutorial.md, docs/your-own-log.md and docs/scale.md, word for word: their commands run in order, end as they
//! say and print what they quote. `SMSCHAIN_BLESS=1` writes the quotes anew.
//!
//! A comment before a command says what a reader sees anyhow: `<!-- exit=1 shows=1-3,7 from=err -->`
//! is the exit code, the paragraphs that are quoted (all, if it doesn't say; `~2` is the last but one)
//! and where they stand.

use super::session::{Ended, Session, words};

/// What a comment says of the next command.
#[derive(Clone)]
struct Said {
    exit: i32,
    shows: Option<String>,
    from_err: bool,
}

const NOTHING: Said = Said { exit: 0, shows: None, from_err: false };

#[test]
fn the_tutorial_is_true_word_for_word() {
    is_true("tutorial", (8, 7));
}

#[test]
fn from_one_s_own_log_to_a_capacity_word_for_word() {
    is_true("your-own-log", (8, 4));
}

#[test]
fn beyond_one_machine_word_for_word() {
    is_true("scale", (9, 5));
}

/// Runs a page of `docs/` that has at least so many commands and quotes.
fn is_true(name: &str, (least_commands, least_quotes): (usize, usize)) {
    let path = format!("{}/docs/{name}.md", env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(&path).unwrap();
    let session = Session::new(name);
    let (mut said, mut last) = (NOTHING, None::<Ended>);
    let (mut written, mut commands, mut quotes) = (String::new(), 0, 0);
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        written.push_str(&format!("{line}\n"));
        if let Some(comment) = line.strip_prefix("<!-- ") {
            said = directions(comment.strip_suffix(" -->").unwrap());
        }
        let sort = line.strip_prefix("```").unwrap_or_default();
        if !["sh", "text"].contains(&sort) {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if sort == "sh" {
            last = Some(run(&session, &block.join("\n"), &said));
            written.push_str(&format!("{}\n```\n", block.join("\n")));
            commands += 1;
        } else {
            let ended = last.as_ref().unwrap();
            let shown = quote(if said.from_err { &ended.err } else { &ended.out }, &said);
            if std::env::var_os("SMSCHAIN_BLESS").is_none() {
                assert_eq!(block.join("\n"), shown, "docs/{name}.md, or SMSCHAIN_BLESS=1");
            }
            written.push_str(&format!("{shown}\n```\n"));
            said = NOTHING;
            quotes += 1;
        }
    }
    let enough = commands >= least_commands && quotes >= least_quotes;
    assert!(enough, "{commands} commands, {quotes} quotes");
    if std::env::var_os("SMSCHAIN_BLESS").is_some() {
        std::fs::write(path, written).unwrap();
    }
}

fn directions(comment: &str) -> Said {
    let mut said = NOTHING;
    for word in comment.split(' ') {
        match word.split_once('=').unwrap() {
            ("exit", code) => said.exit = code.parse().unwrap(),
            ("shows", list) => said.shows = Some(list.to_owned()),
            ("from", "err") => said.from_err = true,
            other => panic!("{other:?}"),
        }
    }
    said
}

fn run(session: &Session, command: &str, said: &Said) -> Ended {
    let (command, file) = match command.split_once(" > ") {
        Some((command, file)) => (command, Some(file)),
        None => (command, None),
    };
    let words = words(command);
    assert_eq!(words[0], "smschain", "{command}");
    let mut process = session.command("");
    let ended = Ended::new(process.args(&words[1..]).output().unwrap()).with(said.exit);
    if let Some(file) = file {
        session.file(file, &ended.out);
    }
    ended
}

/// The paragraphs that are shown, with a mark where some are left out.
fn quote(output: &str, said: &Said) -> String {
    let output = output.trim_end().trim_start_matches('\n');
    let Some(list) = &said.shows else {
        return output.to_owned();
    };
    let paragraphs: Vec<&str> = output.split("\n\n").collect();
    let (mut shown, mut next) = (Vec::new(), 1);
    for part in list.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let count = |text: &str| match text.strip_prefix('~') {
            Some(back) => paragraphs.len() + 1 - back.parse::<usize>().unwrap(),
            None => text.parse().unwrap(),
        };
        let (from, to) = (count(from), count(to));
        if from > next {
            shown.push("…");
        }
        shown.extend(&paragraphs[from - 1..to]);
        next = to + 1;
    }
    if next <= paragraphs.len() {
        shown.push("…");
    }
    shown.join("\n\n")
}
