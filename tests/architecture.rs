//! The rooms of the source keep to their order, and to what each may do.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up: a room may use those before it.
const ROOMS: [&str; 14] = [
    "special",
    "kernel",
    "random",
    "stats",
    "chain",
    "logs",
    "scenario",
    "expression",
    "experiment",
    "theory",
    "fit",
    "report",
    "cli",
    "python",
];

/// Inside the chain, from the ground up. The model comes before the engines: it can't name one.
const CHAIN: [&str; 8] =
    ["spec", "draws", "records", "books", "trace", "stations", "model", "engine"];

/// Rooms that compute and do nothing else.
const PURE: [&str; 5] = ["special", "kernel", "random", "stats", "chain"];

/// What computing needs none of.
const OUTSIDE: [&str; 14] = [
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::time",
    "serde",
    "toml::",
    "csv::",
    "println!",
    "eprintln!",
    "print!",
    "dbg!",
];

const LONGEST: usize = 800;

/// A file of a room.
struct File {
    path: PathBuf,
    room: String,
    /// Its lines without comments, numbered from 1.
    lines: Vec<(usize, String)>,
    length: usize,
    /// It begins with a `//!`.
    says_what_it_holds: bool,
}

#[test]
fn rooms_use_only_what_is_below_them() {
    let mut wrong = Vec::new();
    for file in files() {
        let own = place(&file.room);
        for (number, room) in uses(&file.lines) {
            match ROOMS.iter().position(|&known| known == room) {
                Some(used) if used <= own => {}
                Some(_) => wrong.push(format!(
                    "{}:{number}: {} is below {room} and may not use it",
                    file.path.display(),
                    file.room
                )),
                None => wrong.push(format!("{}:{number}: no room {room}", file.path.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn folders_of_the_chain_use_only_what_is_below_them() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.room == "chain") {
        let inside: Vec<&str> = file.path.iter().filter_map(|part| part.to_str()).collect();
        let [_, _, folder, _, ..] = inside[..] else {
            assert_eq!(inside.last(), Some(&"mod.rs"), "{} is in no folder", file.path.display());
            continue;
        };
        let place = |name: &str| CHAIN.iter().position(|&known| known == name);
        let own = place(folder).unwrap_or_else(|| panic!("no folder {folder}"));
        for (number, used) in paths(&file.lines, "crate::chain::") {
            if place(&used).is_none_or(|used| used > own) {
                wrong.push(format!("{}:{number}: {folder} uses {used}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A station decides, and brings nothing about: these belong to who asks it.
const NOT_A_STATIONS: [&str; 8] = [
    "chain::books",
    "chain::model",
    "chain::engine",
    "records::event",
    "observer",
    "Ledger",
    "Scheduler",
    "Chain<",
];

#[test]
fn stations_only_decide() {
    let mut wrong = Vec::new();
    for file in stations() {
        for (number, line) in &file.lines {
            if let Some(what) = NOT_A_STATIONS.iter().find(|what| line.contains(*what)) {
                wrong.push(format!("{}:{number}: {what}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What others may look into is a value, copied to them; what has a state keeps it to itself.
#[test]
fn what_stations_remember_is_private() {
    let mut wrong = Vec::new();
    for file in stations() {
        for (number, name) in open_states(&file.lines) {
            wrong.push(format!("{}:{number}: {name} is no value", file.path.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The files of the chain's stations, without their tests.
fn stations() -> Vec<File> {
    let mut files = files();
    files.retain(|file| {
        file.path.starts_with("src/chain/stations") && !file.path.ends_with("tests.rs")
    });
    assert!(files.len() > 20, "the stations are somewhere else");
    for file in &mut files {
        let tests = file.lines.iter().position(|(_, line)| line.starts_with("#[cfg(test)]"));
        file.lines.truncate(tests.unwrap_or(usize::MAX));
    }
    files
}

/// The fields that can be seen from outside, of structs that aren't `Copy`.
fn open_states(lines: &[(usize, String)]) -> Vec<(usize, String)> {
    let (mut found, mut copy, mut inside) = (Vec::new(), false, None);
    for (number, line) in lines {
        let line = line.trim_end();
        if line.starts_with("#[derive(") {
            copy = line.contains("Copy");
        } else if let Some(name) = line.split_once("struct ").map(|(_, rest)| rest) {
            inside = line.ends_with('{').then(|| name.to_owned());
        } else if line == "}" {
            (inside, copy) = (None, false);
        } else if let Some(name) = &inside
            && !copy
            && line.trim_start().starts_with("pub")
        {
            found.push((*number, name.trim_end_matches(" {").to_owned()));
        }
    }
    found
}

#[test]
fn open_states_are_found() {
    let text = "#[derive(Debug, Clone, Copy)]\nstruct Value {\n    pub a: u8,\n}\n#[derive(Debug)]\n\
                struct State {\n    pub(super) b: u8,\n    c: u8,\n}\nimpl State {\n    pub fn d() {}\n}";
    assert_eq!(open_states(&code(text)), [(7, "State".to_owned())]);
}

/// The model has a `Scheduler`, which tells the time and takes events; the set behind it is the engines'.
#[test]
fn the_model_only_schedules() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.path.starts_with("src/chain/model")) {
        for (number, line) in &file.lines {
            if line.contains("EventSet") || line.contains("Scheduler =") {
                wrong.push(format!("{}:{number}: {line}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A doc comment opens with the thing it is about: no "What is …", "Whether …", "Is it …?". Those of
/// arguments and of the scenario's keys are texts for users.
#[test]
fn doc_comments_open_with_their_noun() {
    const QUESTIONS: [&str; 20] = [
        "What", "Who", "Whom", "Whose", "Which", "When", "Where", "Whether", "Why", "How", "Is",
        "Are", "Was", "Does", "Do", "Has", "May", "Can", "Will", "Would",
    ];
    const FOR_USERS: [&str; 3] =
        ["src/cli/arguments", "src/scenario/schema", "src/scenario/policies"];
    let mut wrong = Vec::new();
    let for_users = |file: &File| FOR_USERS.iter().any(|folder| file.path.starts_with(folder));
    for file in files().iter().filter(|file| !for_users(file)) {
        let text =
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file.path)).unwrap();
        let mut before = false;
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim_start();
            let doc = line.strip_prefix("/// ").or_else(|| line.strip_prefix("//! "));
            let first = doc.and_then(|doc| doc.split_whitespace().next()).unwrap_or("");
            if !before && QUESTIONS.contains(&first) {
                wrong.push(format!("{}:{number}: {line}", file.path.display()));
            }
            before = line.starts_with("///") || line.starts_with("//!");
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_of_the_chain_says_what_it_holds() {
    let silent: Vec<String> = files()
        .iter()
        .filter(|file| file.room == "chain" && !file.says_what_it_holds)
        .map(|file| file.path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no //! in\n{}", silent.join("\n"));
}

#[test]
fn computing_rooms_only_compute() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| PURE.contains(&file.room.as_str())) {
        for (number, line) in &file.lines {
            if let Some(what) = OUTSIDE.iter().find(|what| line.contains(*what)) {
                wrong.push(format!("{}:{number}: {what}", file.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.length > LONGEST) {
        wrong.push(format!("{}: {} lines, at most {LONGEST}", file.path.display(), file.length));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_is_a_room() {
    let mut found: Vec<String> = files().into_iter().map(|file| file.room).collect();
    found.sort();
    found.dedup();
    let mut rooms = ROOMS.to_vec();
    rooms.sort_unstable();
    assert_eq!(found, rooms);
}

fn place(room: &str) -> usize {
    ROOMS.iter().position(|&known| known == room).unwrap_or_else(|| panic!("no room {room}"))
}

/// Every file of every room. `lib.rs` and `main.rs` only put the rooms together.
fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(root.join("src")).unwrap();
            let Some(room) = inside.parent().and_then(|folder| folder.iter().next()) else {
                continue;
            };
            let text = fs::read_to_string(&path).unwrap();
            files.push(File {
                room: room.to_str().unwrap().to_owned(),
                path: path.strip_prefix(root).unwrap().to_owned(),
                lines: code(&text),
                length: text.lines().count(),
                says_what_it_holds: text.starts_with("//! "),
            });
        }
    }
    assert!(files.len() > 50, "the source is somewhere else");
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The lines of a text without comments.
fn code(text: &str) -> Vec<(usize, String)> {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or("").to_owned());
    (1..).zip(lines).filter(|(_, line)| !line.trim().is_empty()).collect()
}

/// The rooms named after `crate::`, with the line; `crate::{a, b::c}` names several.
fn uses(lines: &[(usize, String)]) -> Vec<(usize, String)> {
    paths(lines, "crate::")
}

/// What is named after a path's `beginning`, with the line.
fn paths(lines: &[(usize, String)], beginning: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut text, mut starts) = (String::new(), Vec::new());
    for (number, line) in lines {
        starts.push((text.len(), *number));
        text.push_str(line);
        text.push('\n');
    }
    for (at, path) in text.match_indices(beginning) {
        let number = starts[starts.partition_point(|&(start, _)| start <= at) - 1].1;
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        for room in heads(&text[at + path.len()..]) {
            found.push((number, room));
        }
    }
    found
}

/// The first segments of a path, or of each path of a group.
fn heads(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![name(rest)];
    };
    let (mut depth, mut start, mut heads) = (0_usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.push(name(&group[start..at]));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

#[test]
fn paths_are_found() {
    let text = "use crate::stats::{A, B}; // crate::cli\nuse crate::{kernel::{X, Y},\n    random};\n\
                pub(crate) fn f() -> crate::report::Value {}\nmycrate::cli::f();";
    let found = uses(&code(text));
    let expected = [(1, "stats"), (2, "kernel"), (2, "random"), (4, "report")];
    assert_eq!(found, expected.map(|(line, room)| (line, room.to_owned())));
}
