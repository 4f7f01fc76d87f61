//! A browser, driven over a pipe: the DevTools protocol, JSON with a NUL at the end.

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// A machine that is busy takes its time.
const PATIENCE: Duration = Duration::from_secs(60);
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A running browser; it ends with this value, and its folder goes.
pub(crate) struct Browser {
    child: Child,
    commands: ChildStdin,
    messages: Receiver<Value>,
    /// Told while something else was waited for.
    events: VecDeque<Value>,
    calls: u64,
    folder: PathBuf,
}

impl Browser {
    /// A browser, if there is one.
    pub(crate) fn start(name: &str) -> Option<Browser> {
        let Some(program) = found() else {
            let required = std::env::var("SMSCHAIN_BROWSER").is_ok_and(|value| value == "required");
            assert!(!required, "SMSCHAIN_BROWSER=required, and there is no browser: CHROMIUM=PATH");
            eprintln!("skipped: no browser. Put chromium on PATH, or set CHROMIUM=PATH.");
            return None;
        };
        let own = format!("smschain-browser-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(own);
        std::fs::create_dir_all(&folder).unwrap();
        // The browser reads its commands from 3 and answers on 4.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null", "sh"])
            .arg(program)
            .args(["--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu"])
            .args(["--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync", "--disable-extensions"])
            .args(["--force-color-profile=srgb", "--window-size=1280,900"])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .arg("about:blank")
            // What it leaves in a home stays in the folder.
            .env("HOME", &folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let commands = child.stdin.take().unwrap();
        let mut answers = child.stdout.take().unwrap();
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let (mut buffer, mut text) = ([0; 65536], Vec::new());
            while let Ok(read @ 1..) = answers.read(&mut buffer) {
                for &byte in &buffer[..read] {
                    if byte != 0 {
                        text.push(byte);
                    } else if sender.send(serde_json::from_slice(&text).unwrap()).is_err() {
                        return;
                    } else {
                        text.clear();
                    }
                }
            }
        });
        let events = VecDeque::new();
        Some(Browser { child, commands, messages, events, calls: 0, folder })
    }

    /// Calls a method, of a page if a session is given, and gives its result.
    #[track_caller]
    pub(crate) fn call(&mut self, session: Option<&str>, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        self.commands.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let answer = self.read(method);
            if answer["id"] == self.calls {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.push_back(answer);
        }
    }

    /// Waits for an event and gives its parameters.
    #[track_caller]
    pub(crate) fn wait(&mut self, event: &str) -> Value {
        if let Some(place) = self.events.iter().position(|told| told["method"] == event) {
            return self.events.remove(place).unwrap()["params"].clone();
        }
        loop {
            let told = self.read(event);
            if told["method"] == event {
                return told["params"].clone();
            }
            self.events.push_back(told);
        }
    }

    /// What was told so far and not waited for.
    pub(crate) fn told(&mut self) -> Vec<Value> {
        self.events.extend(self.messages.try_iter());
        self.events.drain(..).collect()
    }

    #[track_caller]
    fn read(&self, what: &str) -> Value {
        match self.messages.recv_timeout(PATIENCE) {
            Ok(message) => message,
            Err(error) => panic!("the browser says nothing to {what}: {error}"),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The whole group: a browser is many processes.
        let group = format!("-{}", self.child.id());
        drop(Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status());
        drop(self.child.kill());
        drop(self.child.wait());
        // Those of the group may be a moment behind.
        for _ in 0..50 {
            if std::fs::remove_dir_all(&self.folder).is_ok() || !self.folder.exists() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// By `CHROMIUM`, or on `PATH`.
fn found() -> Option<PathBuf> {
    if let Some(own) = std::env::var_os("CHROMIUM").filter(|own| !own.is_empty()) {
        return Some(own.into());
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}
