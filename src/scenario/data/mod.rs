//! Data files a scenario names: logs to replay, data to draw from. The only input besides the
//! scenario itself.

mod empirical;
mod lines;
mod log;
mod memory;
mod shelf;
mod table;
mod trace;

pub(crate) use empirical::inline;
pub(crate) use memory::{Memory, printed};
pub use shelf::{Held, Shelf};
pub(crate) use trace::{Log, date_time, read as trace};

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::checked::Value;
use super::fingerprint::Hash;
use super::regular::open_regular;
use super::units::short;
use super::{Diagnostic, DiagnosticKind, Place, Texts};
use crate::logs;

/// The largest data file, in bytes.
const LARGEST: u64 = 2 << 30;

/// Bytes of a log's row: itself, its texts, and its place in the run's list.
const ROW: u64 = 240;
/// Bytes of a value to draw from: as it was read, as it is drawn, and in the resolved scenario.
const VALUE: u64 = 30;

fn bytecount(text: &str) -> u64 {
    text.bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1
}

/// A data file that a scenario read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// The path as the scenario has it, relative to the scenario's folder.
    pub path: String,
    /// 64-bit hash of its contents, 16 hexadecimal digits.
    pub fingerprint: String,
    /// Index of its text among the scenario's.
    pub(crate) text: usize,
    /// The remark on what was made of a log that is no trace.
    pub(crate) told: Option<String>,
}

/// The folder of the data files, and those read so far.
pub(crate) struct Files<'a> {
    pub(crate) base: PathBuf,
    pub(crate) texts: &'a mut Texts,
    pub(crate) read: Vec<DataFile>,
    /// Every file read, by its path: one that is named often is read once.
    pub(crate) known: Vec<DataFile>,
    /// The columns read, each by its file's path, its name and its unit.
    pub(crate) columns: BTreeMap<(String, String, Option<u64>), Value>,
    /// The memory that the data takes, and may take.
    pub(crate) memory: Memory,
    /// Files that are at hand.
    pub(crate) shelf: Option<&'a Shelf>,
}

impl Files<'_> {
    /// Reads a file named at `place`; returns the index of its text.
    pub(crate) fn open(&mut self, path: &str, place: Place) -> Result<usize, Diagnostic> {
        self.open_as(path, place, false)
    }

    /// Reads a log named at `place`: the text is a trace, whatever the log is, and what was done to
    /// make it one is returned with its index.
    pub(crate) fn open_log(
        &mut self,
        path: &str,
        place: Place,
    ) -> Result<(usize, Option<String>), Diagnostic> {
        let index = self.open_as(path, place, true)?;
        let file = self.known.iter().find(|known| known.text == index);
        Ok((index, file.and_then(|file| file.told.clone())))
    }

    fn open_as(&mut self, path: &str, place: Place, is_log: bool) -> Result<usize, Diagnostic> {
        let known = self.known.iter().find(|known| known.path == path).cloned();
        let file = match known {
            Some(known) => known,
            None => self.read_in(path, place, is_log)?,
        };
        let index = file.text;
        if !self.read.iter().any(|known| known.path == file.path) {
            self.read.push(file);
        }
        Ok(index)
    }

    /// The rows of a log whose text is `source` will be in memory.
    pub(crate) fn hold_rows(&mut self, source: usize, place: Place) -> Result<(), Diagnostic> {
        self.hold(source, ROW, place)
    }

    /// The values of a column will be, and what is written of them.
    pub(crate) fn hold_values(&mut self, source: usize, place: Place) -> Result<(), Diagnostic> {
        self.hold(source, VALUE, place)
    }

    fn hold(&mut self, source: usize, bytes: u64, place: Place) -> Result<(), Diagnostic> {
        let lines = bytecount(self.texts.text(source));
        self.memory.hold(lines.saturating_mul(bytes)).map_err(|too_much| {
            let name = short(self.texts.name(source));
            let message = format!("`{name}` has {lines} lines: too much for the memory");
            Diagnostic::new(DiagnosticKind::Data, place, message)
                .label(too_much)
                .help("raise the limit by --max-memory, or take fewer rows")
        })
    }

    fn read_in(&mut self, path: &str, place: Place, is_log: bool) -> Result<DataFile, Diagnostic> {
        let full = self.base.join(path);
        let fail = |why: String| {
            Diagnostic::new(DiagnosticKind::Data, place, format!("can't read `{}`", short(path)))
                .label(why)
                .help("data files are looked for from the scenario's folder")
        };
        let Held { text, told } = match self.shelf.map(|shelf| (shelf, shelf.take(path))) {
            Some((_, Some(held))) => held,
            Some((shelf, None)) if shelf.is_complete() => {
                return Err(fail("expected one of the data files that came with it".to_owned()));
            }
            at_hand => {
                let read = from_disk(&full, is_log).map_err(fail)?;
                if let Some((shelf, None)) = at_hand {
                    shelf.put(path, read.clone());
                }
                read
            }
        };
        self.memory.hold(text.len() as u64).map_err(fail)?;
        let mut hash = Hash::new();
        hash.write(text.as_bytes());
        let index = self.texts.add(path, text);
        let file = DataFile { path: path.to_owned(), fingerprint: hash.hex(), text: index, told };
        self.known.push(file.clone());
        Ok(file)
    }
}

/// Reads a file; of a log that is no trace, the trace made of it.
fn from_disk(path: &Path, is_log: bool) -> Result<Held, String> {
    let file = open_regular(path, true).map_err(|error| error.to_string())?;
    if !is_log {
        return lines::read(file, LARGEST).map(|text| Held { text, told: None });
    }
    let plain = logs::plain(file).map_err(|error| error.to_string())?;
    let text = lines::read(BufReader::new(plain), LARGEST)?;
    Ok(match log::demand(&text).transpose()? {
        Some(demand) => Held { text: demand.text, told: Some(demand.told) },
        None => Held { text, told: None },
    })
}
