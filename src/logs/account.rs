//! The account of a log, row by row.

use super::formats::Format;
use super::row::Time;
use super::told::Written;

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
    /// Resolution of the times of receipts, where it has them beside those.
    pub received: Option<i64>,
    /// In which zone its times are.
    pub zone: Zone,
    /// The shortest time from a request to its end, ns, where it is so long that the two columns may be of two
    /// zones.
    pub apart: Option<i64>,
    /// `true` if it has words for what became of messages.
    pub states: bool,
    /// Columns that were understood, each with the name of its meaning.
    pub understood: Vec<(String, &'static str)>,
    /// Columns that were not.
    pub ignored: Vec<String>,
    /// Assumptions made, a sentence each.
    pub notes: Vec<String>,
}

impl Account {
    /// A share of rows left out from which on nobody should speak for the log.
    const MANY: f64 = 0.05;

    /// The share of rows left out among those that should have been used: all but what a log is none the
    /// worse for lacking.
    #[must_use]
    pub fn left_out(&self) -> f64 {
        let of = |harmless: bool| {
            let own = self.rejected.iter().filter(|own| own.reason.is_harmless() == harmless);
            own.map(|own| own.count).sum::<u64>()
        };
        let wanted = self.rows.saturating_sub(of(true));
        if wanted == 0 { 0.0 } else { of(false) as f64 / wanted as f64 }
    }

    /// The doubt that is raised by so many rows left out that those used don't speak for the log.
    #[must_use]
    pub fn doubt(&self) -> Option<String> {
        let share = self.left_out();
        let harmful = self.rejected.iter().filter(|own| !own.reason.is_harmless());
        let reasons: Vec<String> =
            harmful.map(|own| format!("{}: {}", own.count, own.reason.text())).collect();
        (share >= Self::MANY).then(|| {
            format!("{:.0} % of the rows were left out ({})", 100.0 * share, reasons.join(", "))
        })
    }
}

impl Account {
    /// The doubt whether the times of requests and ends are of one clock, where all ends come late.
    #[must_use]
    pub fn two_clocks(&self) -> Option<String> {
        self.apart.map(|least| {
            format!(
                "whether requests and ends are by one clock isn't told, {} apart at least as they are: `--zone \
                 done=\u{2026}` names the zone of a column",
                in_minutes(least)
            )
        })
    }
}

/// Rows not used for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The reason.
    pub reason: Reason,
    /// Number of rows.
    pub count: u64,
    /// The file of the first, from 0.
    pub file: usize,
    /// The line of the first, from 1.
    pub line: u64,
    /// The cells of the first for which it wasn't used, where there are such; of words for states that aren't
    /// known, the first few.
    pub cells: Vec<Written>,
}

impl Rejected {
    /// The fault of the first of them, what was expected and the way out, without the place and the last full
    /// stop.
    #[must_use]
    pub fn told(&self) -> String {
        let mut told = self.reason.text().to_owned();
        let cells = Written::told(&self.cells);
        if !cells.is_empty() {
            told.push_str(&format!(": {}", cells.join(", ")));
        }
        told.push_str(&format!(". Expected {}", self.reason.expected()));
        if let Some(way_out) = self.reason.way_out() {
            told.push_str(&format!("; {way_out}"));
        }
        told
    }
}

impl Written {
    /// Texts of cells, those that aren't shown together at the end.
    fn told(cells: &[Written]) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        let mut column = None;
        for own in cells {
            let Some(value) = &own.value else { continue };
            match told.last_mut().filter(|_| column == Some(&own.column)) {
                Some(before) => before.push_str(&format!(", `{value}`")),
                None => told.push(format!("column `{}` has `{value}`", own.column)),
            }
            column = Some(&own.column);
        }
        let hidden = cells.iter().filter(|own| own.value.is_none());
        let hidden: Vec<String> = hidden.map(|own| format!("`{}`", own.column)).collect();
        if !hidden.is_empty() {
            told.push(format!(
                "what {} has isn't shown, for it may be somebody's number or text",
                hidden.join(" or ")
            ));
        }
        told
    }
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
    /// A date whose day and month may be the other way round.
    UnclearDate,
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
    /// A receipt in a table of messages.
    Receipt,
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
            Reason::UnclearDate => "which of a date's numbers is the month can't be told",
            Reason::SkippedTime => "its time is one that the zone's clocks skip",
            Reason::DoubledTime => "its time is one that the zone's clocks show twice",
            Reason::DoneBeforeSubmitted => "it was done before it was submitted",
            Reason::NoStatus => "it has no state",
            Reason::UnknownStatus => "its state isn't one that is known",
            Reason::BadNumber => "a count or a price isn't one",
            Reason::Inbound => "the message came in",
            Reason::Receipt => "it is a receipt in a table of messages",
            Reason::NotSms => "it is no text message",
            Reason::DuplicateId => "an earlier row has its id",
            Reason::NoPartner => "it is a receipt whose message isn't in the log",
            Reason::AfterTheEnd => "it tells of a message that had ended",
            Reason::OtherReplication => "it is of a further replication",
        }
    }
}

impl Reason {
    /// The thing that would have been used.
    #[must_use]
    pub fn expected(self) -> &'static str {
        match self {
            Reason::NotText => "UTF-8",
            Reason::TooLong => "at most 1 MiB",
            Reason::Unclosed => "a `\"` at the end of what begins with one",
            Reason::WrongCells => "as many cells as the header has",
            Reason::NotARecord => "a record as the format has them",
            Reason::NoTime => "a time of the request, the acceptance or the end",
            Reason::BadTime => {
                "a time like 2026-01-31T09:00:00Z, 2026-01-31 09:00, 31.01.2026 09:00, 31 Jan 2026 09:00:00 \
                 +0000 or seconds since 1970"
            }
            Reason::UnclearDate => {
                "a date like 2026-01-31 or 31.01.2026, or one with a day above 12 among the first rows"
            }
            Reason::SkippedTime | Reason::DoubledTime => "a time that the zone's clocks show once",
            Reason::DoneBeforeSubmitted => "an end at or after the request",
            Reason::NoStatus => "a word for the state",
            Reason::UnknownStatus => {
                "a state such as delivered, undelivered, expired, rejected, failed or sent, or a word of \
                 the format's"
            }
            Reason::BadNumber => {
                "a count up to 1,000,000 (of attempts up to 1,000), or a price like 0.0075"
            }
            Reason::Inbound => "a message that goes out",
            Reason::Receipt => "a message",
            Reason::NotSms => "a text message",
            Reason::DuplicateId => "one row a message",
            Reason::NoPartner => "the message before its receipt",
            Reason::AfterTheEnd => "nothing after a message has ended",
            Reason::OtherReplication => "the first replication alone",
        }
    }

    /// The option that helps, or what else does; `None` where nothing has to be done.
    #[must_use]
    pub fn way_out(self) -> Option<&'static str> {
        Some(match self {
            Reason::NotText => "`iconv -f LATIN1 -t UTF-8` converts what Windows writes",
            Reason::TooLong => "leave out what isn't a line of the log",
            Reason::Unclosed => "a quote within quotes is written twice",
            Reason::WrongCells => "put a cell with a separator of its own into quotes",
            Reason::NotARecord => "`--format` names another format",
            Reason::NoTime => "`--map COLUMN=submitted` names another column of times",
            Reason::BadTime => {
                "`--map COLUMN=submitted` (or sent, done) takes another column, `--format` another format, \
                 `--dates` the other order of day and month; in a spreadsheet yyyy-mm-dd hh:mm:ss formats \
                 the column"
            }
            Reason::UnclearDate => {
                "`--dates dmy` says that the day stands first, `--dates mdy` that the month does"
            }
            Reason::SkippedTime | Reason::DoubledTime => {
                "`--zone` names the zone it was written in, or export times with their offset"
            }
            Reason::DoneBeforeSubmitted => {
                "`--map COLUMN=submitted` and `--map COLUMN=done` say which is which, `--zone done=…` that its \
                 times are of another zone"
            }
            Reason::NoStatus => "`--map COLUMN=status` names another column",
            Reason::UnknownStatus => {
                "`--state WORD=delivered` (or another of these) says what a word means, `--format` names the format \
                 whose words these are, `--map COLUMN=status` another column"
            }
            Reason::BadNumber => {
                "write counts as digits alone and prices without marks between thousands, or give that name \
                 to another column by `--map`"
            }
            Reason::DuplicateId => {
                "leave out what is there twice; `--map COLUMN=attempt` if each attempt has a row, \
                 `--map COLUMN=id` if another column tells messages apart"
            }
            Reason::NoPartner => "give the files in the order of time, the one before first",
            Reason::Inbound
            | Reason::Receipt
            | Reason::NotSms
            | Reason::AfterTheEnd
            | Reason::OtherReplication => {
                return None;
            }
        })
    }

    /// True if a log is none the worse for lacking such rows.
    #[must_use]
    pub fn is_harmless(self) -> bool {
        self.way_out().is_none()
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

/// A span in whole hours and minutes.
pub(super) fn in_minutes(ns: i64) -> String {
    let minutes = ns / (60 * 1_000_000_000);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Words for states that aren't known, of which each is told.
const WORDS: usize = 8;

/// Counts of rows while a log is read.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) rows: u64,
    pub(super) used: u64,
    pub(super) joined: u64,
    pub(super) rejected: Vec<Rejected>,
}

impl Tally {
    pub(super) fn reject(&mut self, reason: Reason, at: (usize, u64)) {
        self.reject_for(reason, at, Vec::new);
    }

    /// The same, with the cells that are the reason, which are looked for at the first of a kind.
    pub(super) fn reject_for(
        &mut self,
        reason: Reason,
        (file, line): (usize, u64),
        cells: impl FnOnce() -> Vec<Written>,
    ) {
        match self.rejected.iter_mut().find(|rejected| rejected.reason == reason) {
            Some(rejected) => {
                rejected.count += 1;
                // Of words that aren't known each has to be told what it means.
                if reason == Reason::UnknownStatus && rejected.cells.len() < WORDS {
                    let new = cells().into_iter().filter(|own| !rejected.cells.contains(own));
                    let new: Vec<Written> = new.collect();
                    rejected.cells.extend(new);
                }
            }
            None => {
                let cells = cells();
                self.rejected.push(Rejected { reason, count: 1, file, line, cells });
            }
        }
    }

    /// Gives the cells the columns' own names, by the names of their meanings.
    pub(super) fn name_columns(&mut self, understood: &[(String, &'static str)]) {
        for cell in self.rejected.iter_mut().flat_map(|own| &mut own.cells) {
            let own = understood.iter().filter(|(_, meaning)| *meaning == cell.column);
            let names: Vec<&str> = own.map(|(name, _)| name.as_str()).collect();
            if !names.is_empty() {
                cell.column = names.join("` or `");
            }
        }
    }
}
