//! Data files a scenario names: logs to replay, data to draw from. The only input besides the
//! scenario itself.

mod empirical;
mod table;
mod trace;

pub(crate) use empirical::inline;
pub(crate) use trace::{Log, date_time, read as trace};

use std::io::Read as _;
use std::path::PathBuf;

use super::fingerprint::Hash;
use super::regular::open_regular;
use super::units::short;
use super::{Diagnostic, Place, Texts, Trouble};

/// The largest data file, in bytes.
const LARGEST: u64 = 2 << 30;

/// A data file that a scenario read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// The path as the scenario has it, relative to the scenario's folder.
    pub path: String,
    /// 64-bit hash of its contents, 16 hexadecimal digits.
    pub fingerprint: String,
    /// Index of its text among the scenario's.
    pub(crate) text: usize,
}

/// The folder of the data files, and those read so far.
pub(crate) struct Files<'a> {
    pub(crate) base: PathBuf,
    pub(crate) texts: &'a mut Texts,
    pub(crate) read: Vec<DataFile>,
}

impl Files<'_> {
    /// Reads a file named at `place`; returns the index of its text.
    pub(crate) fn open(&mut self, path: &str, place: Place) -> Result<usize, Diagnostic> {
        let full = self.base.join(path);
        let fail = |why: String| {
            Diagnostic::new(Trouble::Data, place, format!("can't read `{}`", short(path)))
                .label(why)
                .help("data files are looked for from the scenario's folder")
        };
        let mut bytes = Vec::new();
        open_regular(&full, true)
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
            .map_err(|error| fail(error.to_string()))?;
        if bytes.len() as u64 > LARGEST {
            return Err(fail("expected a file of at most 2 GB".to_owned()));
        }
        let text = String::from_utf8(bytes)
            .map_err(|error| fail(format!("it is no UTF-8 text: {}", error.utf8_error())))?;
        let mut hash = Hash::new();
        hash.write(text.as_bytes());
        let index = self.texts.add(path, text);
        let file = DataFile { path: path.to_owned(), fingerprint: hash.hex(), text: index };
        if !self.read.iter().any(|known| known.path == file.path) {
            self.read.push(file);
        }
        Ok(index)
    }
}
