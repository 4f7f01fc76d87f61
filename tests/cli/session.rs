//! A folder of its own, and the program run in it.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The scenario of the sessions.
pub(crate) const SMALL: &str = include_str!("small.toml");

/// A scenario whose messages stand in `log.csv`.
pub(crate) const LOGGED: &str = r#"
[scenario]
duration = "1h"
[[traffic]]
name = "log"
arrivals.trace = { file = "log.csv" }
[[route]]
id = 1
provider = "alpha"
[[provider]]
name = "alpha"
[[carrier]]
name = "northwind"
"#;

/// A folder that goes when the session ends.
pub(crate) struct Session {
    pub(crate) folder: PathBuf,
}

impl Session {
    /// A folder of its own with `small.toml` in it: two tests may give the same name at the same time.
    pub(crate) fn new(name: &str) -> Session {
        static OPENED: AtomicUsize = AtomicUsize::new(0);
        let opened = OPENED.fetch_add(1, Ordering::Relaxed);
        let own = format!("smschain-{name}-{}-{opened}", std::process::id());
        let folder = std::env::temp_dir().join(own);
        std::fs::create_dir_all(&folder).unwrap();
        let session = Session { folder };
        session.file("small.toml", SMALL);
        session
    }

    pub(crate) fn file(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.folder.join(name).exists()
    }

    /// Whether a folder of it holds hidden files other than a marker.
    pub(crate) fn hidden(&self, folder: &str) -> bool {
        let entries = std::fs::read_dir(self.folder.join(folder)).unwrap().flatten();
        let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.any(|name| name.starts_with('.') && name != ".smschain.json")
    }

    /// Waits until there is a file whose name begins so.
    pub(crate) fn wait_for(&self, start: &str) {
        for _ in 0..2000 {
            let mut there = std::fs::read_dir(&self.folder).unwrap().flatten();
            if there.any(|entry| entry.file_name().to_string_lossy().starts_with(start)) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    /// The program, to be run here.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_smschain"));
        command.args(arguments.split_whitespace()).current_dir(&self.folder);
        command.env_remove("NO_COLOR").stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Ended {
        Ended::new(self.command(arguments).output().unwrap())
    }

    /// Runs a command line as a shell reads it, as far as 'single quotes' go.
    pub(crate) fn say(&self, line: &str) -> Ended {
        let mut command = self.command("");
        for (index, part) in line.split('\'').enumerate() {
            if index % 2 == 0 {
                command.args(part.split_whitespace());
            } else {
                command.arg(part);
            }
        }
        Ended::new(command.output().unwrap())
    }

    /// Runs with a text on standard input.
    pub(crate) fn feed(&self, arguments: &str, input: &str) -> Ended {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ended::new(child.wait_with_output().unwrap())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// A command line in words, as a shell sees it: quotes, and lines that go on after a backslash.
pub(crate) fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.replace("\\\n", " ").chars() {
        match quote {
            Some(mark) if c == mark => quote = None,
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn new(output: Output) -> Ended {
        Ended {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// It ended with this code and without a panic.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Ended {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        self
    }
}
