//! Staging folders: where results are written before they take their places, and what is left of
//! them by a process that was killed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::interrupt;
use crate::cli::system::{Lock, identity, writable};

/// The part of their names that tells them.
const SIGN: &str = ".smschain-";
/// The file in one that its process has locked.
const LOCK: &str = "lock";
/// Names that are tried for one.
const NAMES: u32 = 1_000;

/// A staging folder; it goes when it is dropped.
#[derive(Debug)]
pub(super) struct Staging {
    root: PathBuf,
    /// It lies beside the folder of results, not in it.
    pub(super) beside: bool,
    /// Something is in it that isn't smschain's to remove.
    keep: bool,
    _lock: Option<Lock>,
}

impl Staging {
    /// Makes one beside the folder where that can be exchanged for it, else in it.
    pub(super) fn begin(folder: &Path) -> io::Result<Staging> {
        if let Some(start) = beside(folder)
            && let Ok(staging) = Staging::make(&start, true)
        {
            return Ok(staging);
        }
        Staging::make(&folder.join(SIGN), false)
    }

    fn make(start: &Path, beside: bool) -> io::Result<Staging> {
        let process = std::process::id();
        for number in 0..NAMES {
            let mut name = start.as_os_str().to_owned();
            name.push(format!("{process}-{number}"));
            let root = PathBuf::from(name);
            match fs::create_dir(&root) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                made => made?,
            }
            interrupt::begun(&root);
            let mut staging = Staging { root, beside, keep: false, _lock: None };
            let lock = staging.root.join(LOCK);
            File::create_new(&lock)?;
            staging._lock = Lock::take(&lock)?;
            fs::create_dir(staging.new_files())?;
            fs::create_dir(staging.old_files())?;
            return Ok(staging);
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Those of processes that are no more; they are locked while they are held, and kept until they
    /// are said to be done with.
    pub(super) fn left(folder: &Path) -> Vec<Staging> {
        let mut starts = vec![(folder.join(SIGN), false)];
        starts.extend(beside_name(folder).map(|start| (start, true)));
        let mut left = Vec::new();
        for (start, beside) in starts {
            let (Some(parent), Some(sign)) = (start.parent(), start.file_name()) else {
                continue;
            };
            let sign = sign.to_string_lossy();
            for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
                let name = entry.file_name();
                let is_one = name.to_string_lossy().strip_prefix(&*sign).is_some_and(|rest| {
                    let (process, number) = rest.split_once('-').unwrap_or_default();
                    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                    !number.is_empty() && digits(process) && digits(number)
                });
                // A link by such a name has no type of a folder.
                if is_one && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    left.extend(Staging::of_the_dead(entry.path(), beside));
                }
            }
        }
        left
    }

    fn of_the_dead(root: PathBuf, beside: bool) -> Option<Staging> {
        let lock = match Lock::take(&root.join(LOCK)) {
            Ok(Some(lock)) => Some(lock),
            // It is made and locked while its folder is locked, where folders can be.
            Err(error) if error.kind() == io::ErrorKind::NotFound && cfg!(unix) => None,
            _ => return None,
        };
        Some(Staging { root, beside, keep: true, _lock: lock })
    }

    /// `true` if it is one of this user's, with nothing in it that a staging folder hasn't: only such a one
    /// is touched.
    pub(super) fn is_whole(&self) -> bool {
        if identity(&self.root).is_none() {
            return false;
        }
        let Ok(entries) = fs::read_dir(&self.root) else {
            return false;
        };
        entries.flatten().all(|entry| {
            let name = entry.file_name();
            let is = |wanted: &str| name == wanted;
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => {
                    (is("new") || is("old")) && identity(&entry.path()).is_some()
                }
                Ok(kind) if kind.is_file() => is(LOCK) || is("plan.json") || is("plan.part"),
                _ => false,
            }
        })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of what is written.
    pub(super) fn new_files(&self) -> PathBuf {
        self.root.join("new")
    }

    /// The folder of what was set aside.
    pub(super) fn old_files(&self) -> PathBuf {
        self.root.join("old")
    }

    /// Leaves it where it is.
    pub(super) fn keep(&mut self) {
        self.keep = true;
    }

    /// Nothing in it is needed any longer.
    pub(super) fn done_with(&mut self) {
        self.keep = false;
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.keep {
            drop(fs::remove_dir_all(&self.root));
        }
        interrupt::ended(&self.root);
    }
}

/// The beginning of the names of a folder's staging folders beside it.
fn beside_name(folder: &Path) -> Option<PathBuf> {
    let name = folder.file_name()?.to_string_lossy().into_owned();
    Some(folder.with_file_name(format!(".{name}{SIGN}")))
}

/// The same, if a folder made there can be exchanged for this one: not if somebody stands in it
/// (this process does, with `--out .`), it is a file system of its own, or may not be moved.
fn beside(folder: &Path) -> Option<PathBuf> {
    let parent = folder.parent()?;
    let here = std::env::current_dir().and_then(fs::canonicalize).ok()?;
    let may = !here.starts_with(folder) && writable(parent).is_ok() && same_device(folder, parent);
    may.then(|| beside_name(folder)).flatten()
}

#[cfg(unix)]
fn same_device(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let device = |path: &Path| fs::metadata(path).map(|there| there.dev());
    matches!((device(one), device(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(not(unix))]
fn same_device(_one: &Path, _other: &Path) -> bool {
    false
}
