//! Delivery logs as people have them, read row by row into one form.
//!
//! [`read`] tells the format from the first lines, calls back with each message, and returns an
//! [`Account`] of what it made of the rows. One record at a time is in memory, and of formats whose
//! rows have to be put together what is in flight. No body and no number of a person leaves a row:
//! of a body its length is taken, of a recipient a hash whose key is drawn anew in each process, so
//! that only whether two are equal can be used.

mod account;
mod beside;
mod clock;
mod dated;
mod dates;
mod detect;
mod error;
mod formats;
mod join;
mod json;
mod kind;
mod lines;
mod loose;
mod meaning;
mod names;
mod options;
mod plain;
mod receipt;
mod rounding;
mod row;
mod rows;
mod seen;
mod stamp;
mod status;
mod told;
mod utf16;

use std::borrow::Cow;
use std::io::{self, Read};

use self::account::Tally;
pub use self::account::{Account, Reason, Rejected, Zone, resolution};
pub use self::beside::read_beside;
use self::clock::Clock;
use self::detect::{Framing, Recognised};
pub use self::error::Error;
pub use self::formats::Format;
use self::formats::{Line, Shape};
use self::join::{Join, Joined};
use self::lines::{Found, Inside, Lines};
pub use self::meaning::Meaning;
pub(crate) use self::meaning::is_plain;
use self::meaning::{Cells, Owned};
pub use self::names::carrier_name;
pub use self::options::{Dates, Options};
use self::plain::is_cut;
pub(crate) use self::plain::plain;
use self::rounding::Rounding;
pub use self::row::{Failure, Row, Status, Time};
pub(crate) use self::rows::MOST_ATTEMPTS;
use self::rows::Rows;
use self::seen::Seen;
pub use self::told::Written;

/// Shortest time from a request to its end, of all, from which on the two columns may be of two zones, ns: zones lie
/// quarters of an hour apart.
const APART: i64 = 15 * 60 * 1_000_000_000;

/// Reads the inputs, one after the other, each opened when its turn comes, and calls `each` with every
/// message: at once, or when it has ended where several rows tell of it. Inputs may be compressed by
/// gzip.
///
/// # Errors
/// One can't be read, or what it has can't be told.
pub fn read<R: Read>(
    inputs: impl IntoIterator<Item = (String, io::Result<R>)>,
    options: &Options,
    each: &mut dyn FnMut(&Row<'_>),
) -> Result<Account, Error> {
    let mut reading: Option<Reading<'_>> = None;
    let mut empty = None;
    for (file, (name, input)) in inputs.into_iter().enumerate() {
        let io = |source| Error::Io { name: name.clone(), source };
        let input = input.and_then(plain).map_err(io)?;
        let mut lines = Lines::new(input).map_err(io)?;
        if lines.rest().trim_ascii().is_empty() {
            empty = Some(name);
            continue;
        }
        let recognised = detect::recognise(&name, lines.rest(), options)?;
        let shape = recognised.shape;
        if let Some(known) = &reading
            && known.shape.format != shape.format
        {
            let (other, format) = (shape.name, known.shape.name);
            return Err(Error::Mixed { name, other, format });
        }
        let reading = reading.get_or_insert_with(|| Reading::new(shape, options, &mut lines));
        reading.file = file;
        match reading.input(&mut lines, &recognised, each) {
            Ok(()) => {}
            Err(error) if is_cut(&error) => reading.cut(&name, lines.line),
            Err(source) => return Err(Error::Io { name, source }),
        }
    }
    match reading {
        Some(reading) => reading.finish(options, each),
        None => Err(Error::Empty(empty.unwrap_or_else(|| "-".to_owned()))),
    }
}

/// `true` if a text is a log of a provider or a gateway: of a format other than a table that has
/// columns by common names, or the list of messages of a run.
pub(crate) fn is_foreign(text: &[u8]) -> bool {
    let head = text.get(..1 << 16).unwrap_or(text);
    detect::recognise("", head, &Options::default()).is_ok_and(|recognised| {
        !matches!(recognised.shape.format, Format::Csv | Format::Smschain)
            || !matches!(recognised.framing, Framing::Table { .. })
    })
}

/// A log that is being read.
struct Reading<'o> {
    shape: &'static Shape,
    rows: Rows<'o>,
    tally: Tally,
    seen: Seen,
    join: Join,
    rounding: Rounding,
    file: usize,
    understood: Vec<(String, &'static str)>,
    ignored: Vec<String>,
    notes: Vec<String>,
}

impl<'o> Reading<'o> {
    fn new<R: Read>(shape: &'static Shape, options: &'o Options, lines: &mut Lines<R>) -> Self {
        let dates = dated::Dates::of(lines, shape, options);
        let notes = shape.note.into_iter().chain(dates.note());
        Reading {
            shape,
            rows: Rows::new(shape, dates == dated::Dates::Told, options),
            tally: Tally::default(),
            seen: Seen::new(seen::SLOTS),
            join: Join::new(shape.by_recipient),
            rounding: Rounding::new(),
            file: 0,
            understood: Vec::new(),
            ignored: Vec::new(),
            notes: notes.map(str::to_owned).collect(),
        }
    }

    fn input<R: Read>(
        &mut self,
        lines: &mut Lines<R>,
        recognised: &Recognised,
        each: &mut dyn FnMut(&Row<'_>),
    ) -> io::Result<()> {
        match &recognised.framing {
            Framing::Table { separator, columns, above } => {
                self.columns(columns);
                if *above > 0 {
                    let (lines, are) = if *above == 1 { ("line", "is") } else { ("lines", "are") };
                    self.notes
                        .push(format!("{above} {lines} above the header {are} no part of the log"));
                }
                let found = dates::find(lines.rest(), *separator, columns, &mut self.rows);
                self.notes.extend(found);
                self.table(lines, (*separator, *above), columns, each)
            }
            Framing::Json { lines: by_line } => self.json(lines, *by_line, recognised, each),
            Framing::Form => self.forms(lines, recognised, each),
            Framing::Text => self.texts(lines, each),
        }
    }

    /// Notes what was understood of a header.
    fn columns(&mut self, columns: &[detect::Column]) {
        let has = |wanted: &[Meaning]| {
            columns.iter().any(|column| column.meanings.iter().any(|own| wanted.contains(own)))
        };
        self.rows.has_status = has(&[Meaning::Status, Meaning::Receipt, Meaning::Mask]);
        self.rows.has_done = has(&[Meaning::Done, Meaning::DoneAfterMs]);
        self.rows.has_received = has(&[Meaning::Received]);
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let is_header = detect::is_header(&names);
        for column in columns {
            // In a header that has run into the first row somebody's data may be among the names.
            let is_understood = !column.meanings.is_empty();
            let name = if is_header || is_understood { &column.name } else { "" };
            let name = shown(name);
            match column.meanings.first() {
                Some(meaning) => {
                    let entry = (name, meaning.name());
                    if !self.understood.contains(&entry) {
                        self.understood.push(entry);
                    }
                }
                None if !column.name.is_empty() && !self.ignored.contains(&name) => {
                    self.ignored.push(name);
                }
                None => {}
            }
        }
    }

    fn table<R: Read>(
        &mut self,
        lines: &mut Lines<R>,
        (separator, mut above): (u8, usize),
        columns: &[detect::Column],
        each: &mut dyn FnMut(&Row<'_>),
    ) -> io::Result<()> {
        let taken: Vec<(usize, Meaning)> = columns
            .iter()
            .enumerate()
            .flat_map(|(at, column)| column.meanings.iter().map(move |meaning| (at, *meaning)))
            .collect();
        let begins_with_id = taken.first().is_some_and(|first| *first == (0, Meaning::Id));
        let (mut plain, mut ranges) = (Vec::new(), Vec::new());
        let mut is_header = true;
        while let Some((found, closed)) = lines.record(separator)? {
            let (range, line) = match found {
                Found::At(range, line) => (range, line),
                Found::TooLong(line) => {
                    self.reject(Reason::TooLong, line);
                    continue;
                }
            };
            if lines.bytes(&range).trim_ascii().is_empty() {
                continue;
            }
            if above > 0 {
                above -= 1;
                continue;
            }
            if std::mem::take(&mut is_header) {
                continue;
            }
            // The frame that databases draw.
            if separator == b'|' && lines.bytes(&range).iter().all(|byte| b"+-=| ".contains(byte)) {
                continue;
            }
            if !closed {
                self.reject(Reason::Unclosed, line);
                continue;
            }
            // What is fetched a row ahead isn't waited for.
            if begins_with_id && let Some(id) = lines.next_cell(separator) {
                self.seen.expect(seen::hash(id));
            }
            let base = lines::cells(lines.bytes(&range), separator, &mut plain, &mut ranges);
            let more = ranges.get(columns.len()..).unwrap_or_default();
            if ranges.len() < columns.len() || more.iter().any(|cell| !cell.is_empty()) {
                // A quote that was meant as one takes further lines with it: they are read again.
                let several = lines.line > line + 1;
                self.reject(if several { Reason::Unclosed } else { Reason::WrongCells }, line);
                if several {
                    lines.give_back(&range, line);
                }
                continue;
            }
            let mut cells = Cells::new();
            let mut is_text = true;
            // Most rows are text throughout.
            let whole = std::str::from_utf8(base).ok();
            for (at, meaning) in &taken {
                let range = ranges.get(*at).cloned().unwrap_or_default();
                let text = match whole {
                    Some(whole) => whole.get(range),
                    None => base.get(range).and_then(|cell| std::str::from_utf8(cell).ok()),
                };
                match text {
                    Some(text) => cells.set_cell(*meaning, text),
                    // Of a body only the length is wanted, and an old export may have it in Latin-1.
                    None => is_text &= *meaning == Meaning::Body,
                }
            }
            if is_text {
                self.row(&cells, Line::Message, line, each);
            } else {
                self.reject(Reason::NotText, line);
            }
        }
        Ok(())
    }

    fn json<R: Read>(
        &mut self,
        lines: &mut Lines<R>,
        by_line: bool,
        recognised: &Recognised,
        each: &mut dyn FnMut(&Row<'_>),
    ) -> io::Result<()> {
        let mut inside = Inside::default();
        let mut records = json::Records::new(self.shape, &recognised.mapped);
        loop {
            let found =
                if by_line { lines.line()? } else { lines.object(&mut inside, &json::LISTS)? };
            let (range, line) = match found {
                None => break,
                Some(Found::At(range, line)) => (range, line),
                Some(Found::TooLong(line)) => {
                    self.reject(Reason::TooLong, line);
                    continue;
                }
            };
            let bytes = lines.bytes(&range).trim_ascii();
            if bytes.is_empty() {
                continue;
            }
            // What stands before an object in its line is not of it: a time, mostly.
            let start = bytes.iter().position(|byte| *byte == b'{').unwrap_or(0);
            let bytes = &bytes[start..];
            if let Err(reason) =
                records.read(bytes, &mut |cells| self.row(cells, Line::Message, line, each))
            {
                self.reject(reason, line);
            }
        }
        self.names_columns(records.columns());
        Ok(())
    }

    /// Names the columns that were understood, and those that weren't.
    fn names_columns(&mut self, (understood, ignored): (Vec<(String, &'static str)>, Vec<String>)) {
        self.understood.extend(understood);
        self.ignored.extend(ignored.into_iter().map(|name| shown(&name)));
    }

    /// Lines of `name=value&name=value`.
    fn forms<R: Read>(
        &mut self,
        lines: &mut Lines<R>,
        recognised: &Recognised,
        each: &mut dyn FnMut(&Row<'_>),
    ) -> io::Result<()> {
        let mut records = json::Records::new(self.shape, &recognised.mapped);
        while let Some(found) = lines.line()? {
            let (range, line) = match found {
                Found::At(range, line) => (range, line),
                Found::TooLong(line) => {
                    self.reject(Reason::TooLong, line);
                    continue;
                }
            };
            let bytes = lines.bytes(&range).trim_ascii();
            if bytes.is_empty() {
                continue;
            }
            match records.form(bytes) {
                Ok(cells) => self.row(&cells, Line::Message, line, each),
                Err(reason) => self.reject(reason, line),
            }
        }
        self.names_columns(records.columns());
        Ok(())
    }

    fn texts<R: Read>(
        &mut self,
        lines: &mut Lines<R>,
        each: &mut dyn FnMut(&Row<'_>),
    ) -> io::Result<()> {
        let Some(read) = self.shape.line else { return Ok(()) };
        let mut texts = Owned::default();
        while let Some(found) = lines.line()? {
            let (range, line) = match found {
                Found::At(range, line) => (range, line),
                Found::TooLong(line) => {
                    self.reject(Reason::TooLong, line);
                    continue;
                }
            };
            let bytes = lines.bytes(&range);
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            // Of a body only the length is wanted, whatever its encoding.
            let text = String::from_utf8_lossy(bytes);
            texts.clear();
            match read(&text, &mut texts) {
                Line::Not(_) if matches!(text, Cow::Owned(_)) => self.reject(Reason::NotText, line),
                _ if matches!(text, Cow::Owned(_)) && texts.are_damaged() => {
                    self.reject(Reason::NotText, line);
                }
                Line::Other => {}
                Line::Not(reason) => self.reject(reason, line),
                told => self.row(&texts.cells(), told, line, each),
            }
        }
        Ok(())
    }

    /// Takes the texts of a record.
    fn row(&mut self, cells: &Cells<'_>, told: Line, line: u64, each: &mut dyn FnMut(&Row<'_>)) {
        let at = (self.file, line);
        let Reading { rows, tally, seen, join, rounding, shape, .. } = self;
        tally.rows += 1;
        let has_attempts = cells.get(Meaning::Attempt).is_some() && told == Line::Message;
        let told = if has_attempts { Line::Attempt } else { told };
        let joined = shape.joined || told == Line::Attempt;
        let id = cells.get(Meaning::Id).filter(|_| !joined);
        let id = id.map(|id| seen::hash(id.as_bytes()));
        if let Some(id) = id {
            seen.expect(id);
        }
        let steps = rows.clocks().map(Clock::step);
        let row = match rows.row(cells) {
            Ok(row) => row,
            Err(reason) => {
                return tally.reject_for(reason, at, || told::culprits(reason, cells, rows));
            }
        };
        let mut given = 0;
        let mut each = |row: &Row<'_>| {
            given += 1;
            rounding.note(row, steps);
            each(row);
        };
        if joined {
            let before = join.len();
            match join.take(&row, told, cells.get(Meaning::AttemptId), &mut each) {
                Joined::Rejected(reason) => tally.reject(reason, at),
                // What went into a message that another row began, or will end.
                Joined::Kept | Joined::Ended => {
                    let more = join.len() + given;
                    tally.joined += u64::from(more <= before);
                }
            }
        } else if id.is_some_and(|id| {
            let recipient = row.recipient.filter(|_| shape.by_recipient).unwrap_or(0);
            !seen.insert(id ^ recipient)
        }) {
            tally.reject(Reason::DuplicateId, at);
        } else {
            each(&row);
        }
        tally.used += given as u64;
    }

    fn reject(&mut self, reason: Reason, line: u64) {
        self.tally.rows += 1;
        self.tally.reject(reason, (self.file, line));
    }

    fn cut(&mut self, name: &str, line: u64) {
        self.notes.push(format!(
            "`{name}` is damaged or broken off: what comes after line {line} could not be read"
        ));
    }

    fn finish(
        mut self,
        options: &Options,
        each: &mut dyn FnMut(&Row<'_>),
    ) -> Result<Account, Error> {
        let Reading { rows, join, rounding, .. } = &mut self;
        let steps = rows.clocks().map(Clock::step);
        self.tally.used += join.finish(&mut |row| {
            rounding.note(row, steps);
            each(row);
        });
        let rows = &self.rows;
        let clocks = rows.clocks();
        let [submitted, sent, done] = self.rounding.finish(clocks, options, &mut self.notes)?;
        self.notes.extend(dates::unused(options, clocks));
        self.notes.extend(rows.unused_words());
        let received = dated::resolution(&rows.received)?;
        let clocks = clocks.into_iter().chain([&rows.received]).collect::<Vec<_>>();
        let local: u64 = clocks.iter().map(|clock| clock.local).sum();
        let unnamed = clocks.iter().any(|clock| clock.local > 0 && clock.zone().is_none());
        let named = clocks.iter().filter(|clock| clock.local > 0).find_map(|clock| clock.zone());
        let zone = match (named, self.shape) {
            (_, shape) if shape.relative => Zone::Relative,
            _ if local == 0 => Zone::InData,
            (Some(zone), _) if !unnamed => {
                Zone::Given(zone.iana_name().unwrap_or("given").to_owned())
            }
            (_, shape) if shape.utc => Zone::Format,
            _ => Zone::AssumedUtc,
        };
        if self.join.let_go > 0 {
            self.notes.push(format!(
                "{} message{} without an end let go early: no more than 100,000 are held",
                self.join.let_go,
                if self.join.let_go == 1 { "" } else { "s" }
            ));
        }
        if rows.unread > 0 {
            self.notes.push(format!(
                "{} of the times of receipts can't be read: those messages have none",
                rows.unread
            ));
        }
        let apart = rows.least_taken().filter(|ns| *ns >= APART && local > 0);
        if let Some(least) = apart {
            self.notes.push(format!(
                "no message has its end sooner than {} after its request: if one column is of another zone \
                 than the other, `--zone done=…` (or submitted, sent) names it",
                account::in_minutes(least)
            ));
        }
        if self.seen.forgotten() > 0 {
            self.notes.push(
                "ids are compared with those of the first 3,145,728 rows and some of the later ones"
                    .to_owned(),
            );
        }
        self.tally.name_columns(&self.understood);
        self.ignored.sort();
        self.ignored.dedup();
        let Tally { rows: count, used, joined, rejected } = self.tally;
        Ok(Account {
            format: self.shape.format,
            rows: count,
            used,
            joined,
            rejected,
            from: rows.from,
            apart,
            to: rows.to,
            submitted,
            // States on the way have their times in the same column as the last one.
            sent: sent.or(done.filter(|_| self.join.on_the_way)),
            done,
            received,
            zone,
            states: self.shape.line.is_some()
                || rows.has_status && self.understood.iter().any(|(_, own)| *own == "status"),
            understood: self.understood,
            ignored: self.ignored,
            notes: self.notes,
        })
    }
}

/// A column's name as it may be shown.
fn shown(name: &str) -> String {
    let is_shown = detect::is_shown(name);
    if is_shown { name.to_owned() } else { "(a name that isn't plain)".to_owned() }
}
