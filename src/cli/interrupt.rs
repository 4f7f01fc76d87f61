//! Ctrl-C and its kin: nothing half-written stays, and the exit code says why it ended.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The things that an interruption has to know.
#[derive(Default)]
struct Open {
    /// Files that are growing, and folders of such: removed if the run is interrupted.
    growing: Vec<PathBuf>,
    /// Folders of results that were made for this run, each before those in it: removed if they are
    /// empty at an interruption or a failure.
    made: Vec<PathBuf>,
    /// The file in which finished runs are kept, and their number.
    kept: Option<(PathBuf, u64)>,
}

static OPEN: Mutex<Open> = Mutex::new(Open { growing: Vec::new(), made: Vec::new(), kept: None });

/// `true` once results have taken the place of earlier ones; locked while they do.
static WRITTEN: Mutex<bool> = Mutex::new(false);

fn open() -> MutexGuard<'static, Open> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn written() -> MutexGuard<'static, bool> {
    WRITTEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// This file is being written.
pub(super) fn begun(path: &Path) {
    open().growing.push(path.to_owned());
}

/// It is no longer.
pub(super) fn ended(path: &Path) {
    open().growing.retain(|other| other != path);
}

/// Makes a folder of results, and those on the way to it.
pub(super) fn make(folder: &Path) -> std::io::Result<()> {
    let missing =
        folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists());
    let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
    missing.reverse();
    open().made.extend(missing);
    std::fs::create_dir_all(folder)
}

/// Removes the folders that were made for a command that failed, if nothing is in them.
pub(super) fn leave_no_empty_folder() {
    open().leave_no_empty_folder();
}

/// Finished runs are kept in this file, so many already.
pub(super) fn keeps(path: &Path, runs: u64) {
    open().kept = Some((path.to_owned(), runs));
}

/// One more is.
pub(super) fn kept_one() {
    if let Some((_, runs)) = &mut open().kept {
        *runs += 1;
    }
}

/// They are not needed any longer.
pub(super) fn keeps_no_more() {
    open().kept = None;
}

/// Lets files, complete where they grew, take their places: all of them before an interruption is
/// heeded, so that no folder is half of one run and half of another.
pub(super) fn all_or_none<T>(finish: impl FnOnce() -> T) -> T {
    let mut written = written();
    let done = finish();
    *written = true;
    done
}

/// From now on an interruption ends the program with 128 + the signal's number. Where the system
/// has no such signals, or gives no thread to wait for them, its own way of ending stays.
pub(super) fn heed() {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGINT, SIGTERM};
        let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else {
            return;
        };
        let wait = move || {
            if let Some(signal) = signals.forever().next() {
                let (written, open) = (written(), open());
                for path in &open.growing {
                    if path.is_dir() {
                        drop(std::fs::remove_dir_all(path));
                    } else {
                        drop(std::fs::remove_file(path));
                    }
                }
                open.leave_no_empty_folder();
                super::terminal::note(&format!("\ninterrupted: {}\n", open.state(*written)));
                std::process::exit(128 + signal);
            }
        };
        drop(std::thread::Builder::new().name("signals".to_owned()).spawn(wait));
    }
}

impl Open {
    /// Removes the folders that were made and are empty.
    fn leave_no_empty_folder(&self) {
        for folder in self.made.iter().rev() {
            drop(std::fs::remove_dir(folder));
        }
    }

    /// The state of the results now.
    #[cfg_attr(not(unix), allow(dead_code, reason = "only signals ask"))]
    fn state(&self, written: bool) -> String {
        match &self.kept {
            _ if written => "the results were written before".to_owned(),
            Some((path, runs)) if *runs > 0 => format!(
                "earlier results are as they were; {runs} finished {} kept in {}, and the same \
                 command goes on from there",
                if *runs == 1 { "run is" } else { "runs are" },
                path.display()
            ),
            _ => "earlier results are as they were".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_is_there() {
        let mut open = Open::default();
        assert_eq!(open.state(false), "earlier results are as they were");
        open.kept = Some((PathBuf::from("out/finished.runs"), 0));
        assert_eq!(open.state(false), "earlier results are as they were");
        open.kept = Some((PathBuf::from("out/finished.runs"), 1));
        assert!(open.state(false).contains("1 finished run is kept in out/finished.runs"));
        assert_eq!(open.state(true), "the results were written before");
    }
}
