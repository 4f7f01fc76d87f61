//! The cells of a plan, which were run elsewhere, as finished runs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Work;
use super::file::{self, Lines};
use crate::cli::ending::{Ending, Exit};
use crate::cli::finished::Runs;
use crate::experiment::Seeds;
use crate::report::Heading;
use crate::scenario::{open_regular, spelt_out_in_line};

/// The file of a task, with the lines of its cells.
pub(super) struct Done {
    pub(super) path: PathBuf,
    pub(super) heading: Heading,
    pub(super) lines: Lines,
}

/// A cell's line.
struct LineAt {
    file: u32,
    length: u32,
    start: u64,
}

/// All cells of a plan.
pub(in crate::cli) struct Merged {
    files: Vec<(PathBuf, Heading)>,
    cells: Vec<LineAt>,
    /// The first point of each fingerprint.
    points: BTreeMap<String, u64>,
    width: u64,
    seeds: Seeds,
    /// The replications by their seeds, where those don't follow one another.
    replications: BTreeMap<u64, u64>,
    recalled: AtomicU64,
    made: AtomicU64,
    /// A file that isn't what it was when it was looked at.
    lost: Mutex<Option<PathBuf>>,
}

impl Merged {
    /// Of the files of all tasks, in their order.
    pub(super) fn new(work: &Work<'_>, done: Vec<Done>) -> Merged {
        let (mut files, mut cells) = (Vec::new(), Vec::new());
        for (number, done) in (0_u32..).zip(done) {
            files.push((done.path, done.heading));
            // A line is below 64 MiB.
            let place = |(start, length)| LineAt { file: number, length: length as u32, start };
            cells.extend(done.lines.into_iter().map(place));
        }
        let mut points = BTreeMap::new();
        for (point, fingerprint) in (0..).zip(&work.fingerprints) {
            points.entry(fingerprint.clone()).or_insert(point);
        }
        let replications = match work.seeds {
            Seeds::Of(_) => (0..work.each).map(|number| (work.seeds.of(number), number)).collect(),
            Seeds::From(_) => BTreeMap::new(),
        };
        let (width, seeds) = (work.width(), work.seeds);
        let (recalled, made) = (AtomicU64::new(0), AtomicU64::new(0));
        let lost = Mutex::default();
        Merged { files, cells, points, width, seeds, replications, recalled, made, lost }
    }

    /// Runs that are none of the cells, and were made here.
    pub(super) fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// Refuses what was made of files that changed meanwhile.
    pub(in crate::cli) fn sound(&self) -> Result<(), Ending> {
        let lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(path) = &*lost else { return Ok(()) };
        let name = spelt_out_in_line(&path.display().to_string());
        Err(Ending::new(Exit::Io, format!("{name} changed while it was read: merge again")))
    }

    fn place(&self, fingerprint: &str, seed: u64) -> Option<&LineAt> {
        let point = self.points.get(fingerprint)?;
        let replication = match self.seeds {
            Seeds::Of(_) => *self.replications.get(&seed)?,
            Seeds::From(first) => seed.checked_sub(first)?,
        };
        let cell = replication.checked_mul(self.width)?.checked_add(*point)?;
        self.cells.get(usize::try_from(cell).ok()?)
    }
}

impl Runs for Merged {
    fn recall(
        &self,
        fingerprint: &str,
        seed: u64,
        _believed: &dyn Fn(&[Option<f64>]) -> bool,
    ) -> Option<Vec<Option<f64>>> {
        let place = self.place(fingerprint, seed)?;
        let (path, heading) = self.files.get(place.file as usize)?;
        let read = open_regular(path, true).ok().and_then(|mut file| {
            file::at(&mut file, (place.start, place.length as usize), heading)
        });
        // The line is the one that was looked at, by its check, and its figures were believed then.
        let Some(figures) = read else {
            *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.clone());
            return None;
        };
        self.recalled.fetch_add(1, Ordering::Relaxed);
        Some(figures)
    }

    fn keep(&self, _fingerprint: &str, _seed: u64, _figures: &[Option<f64>]) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    fn recalled(&self) -> u64 {
        self.recalled.load(Ordering::Relaxed)
    }
}
