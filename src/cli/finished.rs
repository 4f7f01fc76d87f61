//! Finished runs of a command that isn't done yet, kept in its folder, so that the same command
//! goes on where it was stopped.
//!
//! A file of lines that only ever grows; a run is known by the fingerprint of what was run and by
//! its own seed. It goes when the command has written its results.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::ending::{Ending, Exit};
use super::folder::ResultFolder;
use super::interrupt;
use super::terminal::Terminal;
use crate::chain::Results;
use crate::experiment::Digest;
use crate::report::{Finished, Heading, Kept};
use crate::scenario::{open_regular, what_it_is};

/// The file, in the command's folder.
pub(super) const NAME: &str = "finished.runs";

/// Bytes of a heading, at most.
const HEADING: u64 = 1 << 20;

/// A keeper of finished runs.
pub(super) trait Runs: Sync {
    /// The figures of a run that is known, if they are believed.
    fn recall(
        &self,
        fingerprint: &str,
        seed: u64,
        believed: &dyn Fn(&[Option<f64>]) -> bool,
    ) -> Option<Vec<Option<f64>>>;

    /// Keeps a run.
    fn keep(&self, fingerprint: &str, seed: u64, figures: &[Option<f64>]);

    /// The number of runs that were not made, because they are known.
    fn recalled(&self) -> u64;
}

/// The finished runs of one command.
pub(super) struct Store {
    path: PathBuf,
    heading: Heading,
    /// The beginnings and lengths of the lines of known runs.
    known: BTreeMap<(String, u64), (u64, usize)>,
    file: Mutex<Growing>,
    recalled: AtomicU64,
    /// Kept runs that can't be any.
    doubted: AtomicU64,
}

struct Growing {
    file: File,
    /// The first write that failed: from then on nothing is kept.
    failed: Option<io::Error>,
}

impl Store {
    /// The store of a command's folder; `what` its lines hold. Says what is in it and can't be used.
    pub(super) fn open(
        folder: &ResultFolder,
        heading: Heading,
        terminal: Terminal,
    ) -> Result<Store, Ending> {
        let path = folder.path().join(NAME);
        if let Some(what) = not_a_store(&path, folder) {
            if !folder.forced() {
                return Err(in_the_way(&path, what));
            }
            fs::remove_file(&path).map_err(|error| Ending::io("replace", &path, &error))?;
        }
        let cant = |error: io::Error| Ending::io("keep runs in", &path, &error);
        let is_new = folder.begins(NAME, heading.line()).map_err(cant)?;
        folder.consumes(NAME);
        let open = || -> io::Result<(Kept, File)> {
            let mut file = opened(&path)?;
            let found = Kept::read(BufReader::new(&mut file), &heading)?;
            if !is_new {
                // After a line that was torn off a new one begins.
                let start = if found.torn { "\n" } else { "" };
                file.write_all(format!("{start}{}\n", heading.line()).as_bytes())?;
            }
            Ok((found, file))
        };
        let (found, file) = open().map_err(cant)?;
        let shown = path.display();
        if found.damaged > 0 {
            let lines = if found.damaged == 1 { "line" } else { "lines" };
            terminal.remark(&format!(
                "{shown}: {} damaged {lines} left out; those runs are made again",
                found.damaged
            ));
        }
        for other in &found.foreign {
            terminal.remark(&format!("{shown}: runs of another question are left out: {other}"));
        }
        if found.more_foreign {
            terminal.remark(&format!("{shown}: runs of further questions are left out"));
        }
        let kept = found.known.len() as u64;
        interrupt::keeps(&path, kept);
        let file = Mutex::new(Growing { file, failed: None });
        Ok(Store {
            path,
            heading,
            known: found.known,
            file,
            recalled: AtomicU64::new(0),
            doubted: AtomicU64::new(0),
        })
    }

    /// The command's results are written: nothing has to be kept any longer.
    pub(super) fn done(self, terminal: Terminal) {
        interrupt::keeps_no_more();
        let Growing { file, failed } =
            self.file.into_inner().unwrap_or_else(PoisonError::into_inner);
        drop(file);
        let shown = self.path.display();
        let doubted = self.doubted.into_inner();
        if doubted > 0 {
            let (runs, were) = if doubted == 1 { ("run", "was") } else { ("runs", "were") };
            terminal.remark(&format!(
                "{shown}: {doubted} kept {runs} can't be of this scenario, and {were} made again"
            ));
        }
        if let Some(error) = failed {
            terminal.remark(&format!("not all finished runs could be kept in {shown}: {error}"));
        }
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            terminal.remark(&format!("can't remove {shown}, which is needed no more: {error}"));
        }
    }

    fn growing(&self) -> MutexGuard<'_, Growing> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runs for Store {
    fn recall(
        &self,
        fingerprint: &str,
        seed: u64,
        believed: &dyn Fn(&[Option<f64>]) -> bool,
    ) -> Option<Vec<Option<f64>>> {
        let &place = self.known.get(&(fingerprint.to_owned(), seed))?;
        let run = Finished::at(&mut self.growing().file, place, &self.heading)?;
        if !believed(&run.figures) {
            self.doubted.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        self.recalled.fetch_add(1, Ordering::Relaxed);
        Some(run.figures)
    }

    /// That it can't be kept is told at the end: the run itself is as good.
    fn keep(&self, fingerprint: &str, seed: u64, figures: &[Option<f64>]) {
        let (fingerprint, figures) = (fingerprint.to_owned(), figures.to_vec());
        let line = Finished { fingerprint, seed, figures }.to_line(&self.heading) + "\n";
        let mut growing = self.growing();
        if growing.failed.is_none() {
            growing.failed = growing.file.write_all(line.as_bytes()).err();
            if growing.failed.is_none() {
                interrupt::kept_one();
            }
        }
    }

    fn recalled(&self) -> u64 {
        self.recalled.load(Ordering::Relaxed)
    }
}

/// The sort of thing that goes by the store's name and isn't one; a store is a regular file of its own that
/// the folder's marker lists, and that begins as it says there, or is empty still.
fn not_a_store(path: &Path, folder: &ResultFolder) -> Option<&'static str> {
    let there = path.symlink_metadata().ok()?;
    if !there.is_file() {
        return Some(what_it_is(there.file_type()));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if there.nlink() > 1 {
            return Some("a file that has other names, too");
        }
    }
    let mut start = Vec::new();
    let read = open_regular(path, false)
        .and_then(|file| BufReader::new(file.take(HEADING)).read_until(b'\n', &mut start));
    let start = String::from_utf8_lossy(&start);
    let start = start.trim_end_matches('\n');
    if read.is_err() || !(start.is_empty() || Heading::is_one(start)) {
        return Some("no file of finished runs");
    }
    (!folder.has_begun(NAME, start)).then_some("a file that smschain didn't write there")
}

fn in_the_way(path: &Path, what: &str) -> Ending {
    let text = format!(
        "finished runs would be kept in {}, which is {what}\nName another folder with `--out DIR`, \
         or replace it with `--force`.",
        path.display()
    );
    Ending::new(Exit::Io, text)
}

/// Opens the store's file, made if it isn't there; no link is followed.
fn opened(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).append(true);
    match options.clone().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made,
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok(file)
}

/// Digests runs to figures and makes of those what a command keeps; with a store, each run once.
pub(super) struct Keeping<'run, Figures, Believed, Made> {
    pub(super) store: Option<&'run dyn Runs>,
    /// Of the design points.
    pub(super) fingerprints: &'run [String],
    /// A run's figures.
    pub(super) figures: Figures,
    /// Test of figures that were kept: they can be those of a run.
    pub(super) believed: Believed,
    /// Maker of what is kept of them.
    pub(super) made: Made,
}

impl<Figures, Believed, Made, Kept> Digest for Keeping<'_, Figures, Believed, Made>
where
    Figures: Fn(usize, Results) -> Vec<Option<f64>> + Sync,
    Believed: Fn(usize, &[Option<f64>]) -> bool + Sync,
    Made: Fn(usize, Vec<Option<f64>>) -> Kept + Sync,
    Kept: Send,
{
    type Kept = Kept;

    fn known(&self, point: usize, seed: u64) -> Option<Kept> {
        let believed = |figures: &[Option<f64>]| (self.believed)(point, figures);
        let figures = self.store?.recall(self.fingerprints.get(point)?, seed, &believed)?;
        Some((self.made)(point, figures))
    }

    fn digest(&self, point: usize, seed: u64, results: Results) -> Kept {
        let figures = (self.figures)(point, results);
        if let (Some(store), Some(fingerprint)) = (self.store, self.fingerprints.get(point)) {
            store.keep(fingerprint, seed, &figures);
        }
        (self.made)(point, figures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_known_and_what_is_damaged_or_foreign_is_not() {
        let folder = std::env::temp_dir().join(format!("smschain-runs-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let claim = || ResultFolder::claim(&folder, &[], [], false).unwrap();
        let open = |heading| Store::open(&claim(), heading, Terminal::default()).unwrap();
        let figures = |value: f64| vec![Some(value), None];
        let store = open(Heading::metrics());
        assert_eq!(store.recall("a", 1, &|_| true), None);
        store.keep("a", 1, &figures(0.1));
        store.keep("a", 2, &figures(0.2));
        store.keep("b", 1, &figures(0.3));
        drop(store);
        let other = open(Heading::of(["x"]));
        assert_eq!(other.recall("a", 1, &|_| true), None, "another question");
        other.keep("a", 1, &[Some(9.0)]);
        drop(other);
        // One line is changed, the last is torn.
        let path = folder.join(NAME);
        let text = fs::read_to_string(&path).unwrap().replacen("a 2 2e-1", "a 2 3e-1", 1);
        fs::write(&path, &text[..text.len() - 4]).unwrap();
        let file = BufReader::new(opened(&path).unwrap());
        let found = Kept::read(file, &Heading::metrics()).unwrap();
        assert_eq!((found.damaged, found.torn, found.known.len()), (1, true, 2));
        assert_eq!(found.foreign, [Heading::of(["x"]).line()]);
        let store = open(Heading::metrics());
        assert_eq!(store.recall("a", 1, &|_| true), Some(figures(0.1)));
        assert_eq!(
            (store.recall("a", 2, &|_| true), store.recall("b", 2, &|_| true)),
            (None, None)
        );
        store.keep("a", 2, &figures(0.2));
        assert_eq!(store.recalled(), 1);
        drop(store);
        let store = open(Heading::metrics());
        assert_eq!(store.recall("a", 2, &|_| true), Some(figures(0.2)));
        store.done(Terminal::default());
        assert!(!path.exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
