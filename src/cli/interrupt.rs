//! Ctrl-C and its kin: nothing half-written stays, and the exit code says why it ended.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Files that are growing: removed if the run is interrupted.
static GROWING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn growing() -> MutexGuard<'static, Vec<PathBuf>> {
    GROWING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// This file is being written.
pub(super) fn begun(path: &Path) {
    growing().push(path.to_owned());
}

/// It is no longer.
pub(super) fn ended(path: &Path) {
    growing().retain(|other| other != path);
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
                for path in growing().iter() {
                    drop(std::fs::remove_file(path));
                }
                super::terminal::note("\ninterrupted: earlier results are as they were\n");
                std::process::exit(128 + signal);
            }
        };
        drop(std::thread::Builder::new().name("signals".to_owned()).spawn(wait));
    }
}
