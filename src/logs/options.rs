//! Options of reading a log.

use jiff::tz::TimeZone;

use super::formats::Format;
use super::meaning::Meaning;
use super::row::Status;

/// Options of reading a log.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Format, if it isn't to be told from the log.
    pub format: Option<Format>,
    /// Meanings of columns, by their names in the log.
    pub columns: Vec<(String, Meaning)>,
    /// Zones of columns of times that don't say theirs, each with its column, or with none for all others.
    pub zones: Vec<(Option<Meaning>, TimeZone)>,
    /// Resolutions of columns of times, ns, each with its column, or with none for all others.
    pub resolutions: Vec<(Option<Meaning>, i64)>,
    /// Orders of day and month in columns of times, each with its column, or with none for all others.
    pub dates: Vec<(Option<Meaning>, Dates)>,
    /// Words of the log for states, besides those that are known, whatever their case.
    pub states: Vec<(String, Status)>,
}

/// The order of day and month in a date of numbers whose year is the last: `31/01/2026`, `1/31/2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dates {
    /// The day first.
    Dmy,
    /// The month first.
    Mdy,
}

impl Dates {
    /// Both, by their names.
    pub const NAMED: [(&'static str, Dates); 2] = [("dmy", Dates::Dmy), ("mdy", Dates::Mdy)];

    /// Name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Dates::Dmy => "dmy",
            Dates::Mdy => "mdy",
        }
    }
}

impl Options {
    /// The resolution that was given for a column of times, ns.
    pub(super) fn resolution(&self, of: Meaning) -> Option<i64> {
        given(&self.resolutions, of).map(|ns| (*ns).max(1))
    }

    /// The place of a word for a state among those that were given.
    pub(super) fn state(&self, word: &str) -> Option<usize> {
        self.states.iter().position(|(own, _)| own.to_lowercase() == word.to_lowercase())
    }

    /// The order of day and month that was given for a column of times.
    pub(super) fn dates(&self, of: Meaning) -> Option<Dates> {
        given(&self.dates, of).copied()
    }

    /// The zone that was given for a column of times.
    #[must_use]
    pub fn zone(&self, of: Meaning) -> Option<&TimeZone> {
        given(&self.zones, of)
    }
}

/// The value that was given for a column, or else for all others.
fn given<T>(all: &[(Option<Meaning>, T)], of: Meaning) -> Option<&T> {
    let find = |column| all.iter().find(|(own, _)| *own == column);
    find(Some(of)).or_else(|| find(None)).map(|(_, value)| value)
}
