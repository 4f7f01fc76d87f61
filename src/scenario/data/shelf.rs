//! Data files that are at hand: kept as they are read, or handed in where there are no files.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A data file's text, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The text; of a log that is no trace, the trace made of it.
    pub text: String,
    /// The remark on what was made of such a log.
    pub told: Option<String>,
}

/// Data files by the paths that scenarios name them by.
#[derive(Debug, Default)]
pub struct Shelf {
    held: Mutex<BTreeMap<String, Held>>,
    /// There are no others.
    complete: bool,
}

impl Shelf {
    /// These and no others: nothing is read from disk.
    #[must_use]
    pub fn of(held: BTreeMap<String, Held>) -> Shelf {
        Shelf { held: Mutex::new(held), complete: true }
    }

    /// The files on it, each with its path.
    #[must_use]
    pub fn held(&self) -> BTreeMap<String, Held> {
        self.lock().clone()
    }

    pub(super) fn take(&self, path: &str) -> Option<Held> {
        self.lock().get(path).cloned()
    }

    pub(super) fn put(&self, path: &str, file: Held) {
        self.lock().insert(path.to_owned(), file);
    }

    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
