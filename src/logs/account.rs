//! The account of a log, row by row.

use super::formats::Format;
use super::row::Time;

/// Result of reading a log: `rows = used + joined + rejected`.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// The format it was read as.
    pub format: Format,
    /// Rows: lines, records or events, whatever the format has.
    pub rows: u64,
    /// Messages given to the caller.
    pub used: u64,
    /// Rows that went into the message of another row: earlier events, receipts.
    pub joined: u64,
    /// Rows that were not used, by why, the first of each kind with its place.
    pub rejected: Vec<Rejected>,
    /// The earliest time.
    pub from: Option<Time>,
    /// The latest time: the export was made then or later.
    pub to: Option<Time>,
    /// Resolution of the times of submission, ns; `None` if the log has none.
    pub submitted: Option<i64>,
    /// Resolution of the times when a provider took a message.
    pub sent: Option<i64>,
    /// Resolution of the times of the last state.
    pub done: Option<i64>,
    /// In which zone its times are.
    pub zone: Zone,
    /// Columns that were understood, each with the name of its meaning.
    pub understood: Vec<(String, &'static str)>,
    /// Columns that were not.
    pub ignored: Vec<String>,
    /// Assumptions made, a sentence each.
    pub notes: Vec<String>,
}

/// Rows not used for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The reason.
    pub reason: Reason,
    /// Number of rows.
    pub count: u64,
    /// The file of the first, from 0.
    pub file: usize,
    /// The line of the first, from 1.
    pub line: u64,
}

/// The zone of a log's times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Every time says its own, or counts from 1970.
    InData,
    /// The format says UTC.
    Format,
    /// The one that was given.
    Given(String),
    /// Nobody says: taken as UTC.
    AssumedUtc,
    /// Times count from t = 0 of a run.
    Relative,
}

/// The reason for which a row was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Bytes that are no UTF-8.
    NotText,
    /// A line or record beyond what is read.
    TooLong,
    /// A quote that isn't closed.
    Unclosed,
    /// More or fewer cells than the header.
    WrongCells,
    /// A line or object that is none of the format's.
    NotARecord,
    /// No time at all.
    NoTime,
    /// A time that can't be read.
    BadTime,
    /// A local time that the zone's clocks skip.
    SkippedTime,
    /// A local time that the zone's clocks show twice.
    DoubledTime,
    /// It was done before it was submitted.
    DoneBeforeSubmitted,
    /// No word of the state.
    NoStatus,
    /// A word for a state that isn't known.
    UnknownStatus,
    /// A number of segments, characters or attempts, or a price, that is none.
    BadNumber,
    /// A message that came in.
    Inbound,
    /// Something else than a text message.
    NotSms,
    /// The id of an earlier row.
    DuplicateId,
    /// A receipt whose message isn't in the log.
    NoPartner,
    /// An event of a message that had ended.
    AfterTheEnd,
    /// A row of a further replication.
    OtherReplication,
}

impl Reason {
    /// The reason in words, of one row.
    pub fn text(self) -> &'static str {
        match self {
            Reason::NotText => "it isn't UTF-8 text",
            Reason::TooLong => "it is longer than a record may be (1 MiB)",
            Reason::Unclosed => "a quote isn't closed",
            Reason::WrongCells => "it has more or fewer cells than the header",
            Reason::NotARecord => "it is no record of this format",
            Reason::NoTime => "it has no time",
            Reason::BadTime => "a time can't be read",
            Reason::SkippedTime => "its time is one that the zone's clocks skip",
            Reason::DoubledTime => "its time is one that the zone's clocks show twice",
            Reason::DoneBeforeSubmitted => "it was done before it was submitted",
            Reason::NoStatus => "it has no state",
            Reason::UnknownStatus => "its state isn't one that is known",
            Reason::BadNumber => "a count or a price isn't one",
            Reason::Inbound => "the message came in",
            Reason::NotSms => "it is no text message",
            Reason::DuplicateId => "an earlier row has its id",
            Reason::NoPartner => "it is a receipt whose message isn't in the log",
            Reason::AfterTheEnd => "it tells of a message that had ended",
            Reason::OtherReplication => "it is of a further replication",
        }
    }
}

/// A resolution in words: `1 ms`, `1 min`.
pub fn resolution(ns: i64) -> String {
    const UNITS: [(i64, &str); 7] = [
        (86_400_000_000_000, "d"),
        (3_600_000_000_000, "h"),
        (60_000_000_000, "min"),
        (1_000_000_000, "s"),
        (1_000_000, "ms"),
        (1_000, "µs"),
        (1, "ns"),
    ];
    let unit = UNITS.into_iter().find(|(unit, _)| ns >= *unit && ns % unit == 0);
    unit.map_or_else(|| format!("{ns} ns"), |(unit, name)| format!("{} {name}", ns / unit))
}

/// Counts of rows while a log is read.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) rows: u64,
    pub(super) used: u64,
    pub(super) joined: u64,
    pub(super) rejected: Vec<Rejected>,
}

impl Tally {
    pub(super) fn reject(&mut self, reason: Reason, (file, line): (usize, u64)) {
        match self.rejected.iter_mut().find(|rejected| rejected.reason == reason) {
            Some(rejected) => rejected.count += 1,
            None => self.rejected.push(Rejected { reason, count: 1, file, line }),
        }
    }
}
