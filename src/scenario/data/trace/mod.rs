//! A log to replay: a trace, or what can be read as one.

mod columns;
mod instant;

pub(crate) use instant::date_time;

use std::collections::BTreeMap;

use self::columns::{Columns, columns};
use self::instant::{Form, SPAN};
use super::empirical::time;
use super::table::{self, Line};
use crate::chain::spec::TraceRow;
use crate::kernel::Nanos;
use crate::scenario::reader::{LABEL, is_label};
use crate::scenario::units::duration::SECOND;
use crate::scenario::{Diagnostic, DiagnosticKind, Place};

/// The longest text of a log, in characters.
const LONGEST: u32 = 1_000_000;
/// Characters of a message of one segment, and of each of several: GSM-7.
pub(super) const ALONE: u32 = 160;
pub(super) const OF_SEVERAL: u32 = 153;

/// A log, in order of time.
pub(crate) struct Log {
    /// Their carriers are places in [`Log::carriers`] still.
    pub(crate) rows: Vec<TraceRow>,
    /// The names of carriers, each where it comes first.
    pub(crate) carriers: Vec<(String, Place)>,
    /// Remarks on how it was read as a trace; none about one that is.
    pub(crate) done: Vec<String>,
    /// Its times count from t = 0; else they are points in time.
    pub(crate) is_relative: bool,
    /// Rows before the point in time that is t = 0; they are left out.
    pub(crate) early: u64,
}

/// Reads a log that is named at `named`. Points in time count from `origin`, in nanoseconds since
/// 1970, or from the first.
pub(crate) fn read(
    text: &str,
    source: usize,
    named: Place,
    origin: Option<Nanos>,
    errors: &mut Vec<Diagnostic>,
) -> Log {
    let mut reading = Reading { separator: separator(text), ..Reading::default() };
    table::read(
        table::Named { text, source, at: named },
        reading.separator,
        errors,
        |names, first| columns(names, first, named),
        |columns, line| reading.row(columns, &line),
    );
    reading.log(origin, errors)
}

/// The separator of the header's cells.
fn separator(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    // Of equals the comma.
    let marks = [b'\t', b';', b','];
    marks.into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

/// A log as far as it has been read.
#[derive(Default)]
struct Reading {
    separator: u8,
    rows: Vec<TraceRow>,
    carriers: Vec<(String, Place)>,
    /// The place of each carrier's name among them.
    carrier_places: BTreeMap<String, usize>,
    /// The row that comes last, and when.
    last: Option<(Nanos, Place)>,
    /// Rows read, those that are left out among them.
    read: u64,
    form: Option<Form>,
    /// Rows with more cells than the header.
    longer: u64,
    /// Rows of further replications.
    repeated: u64,
    /// The header's remarks; of the first row.
    header: Option<(Option<String>, Vec<String>)>,
    by_segments: bool,
}

impl Reading {
    fn row(&mut self, columns: &Columns, line: &Line) -> Result<(), Diagnostic> {
        let number = self.read;
        self.read += 1;
        if self.header.is_none() {
            self.header = Some((columns.time.clone(), columns.left_out.clone()));
            self.by_segments = columns.segments.is_some();
        }
        self.longer += u64::from(line.cells.len() > columns.count);
        if line.cell(columns.replication).is_some_and(|replication| replication != "0") {
            self.repeated += 1;
            return Ok(());
        }
        let [when, ..] = columns.at;
        let when = self.number(line.cell(when).unwrap_or_default());
        let form = self.form.or_else(|| Form::of(&when));
        let Some((form, time)) = form.and_then(|form| Some((form, form.read(&when)?))) else {
            let expected = match self.form {
                Some(form) if !form.is_relative() => format!("{}, as before it", form.name()),
                _ => "seconds from t = 0 on, or a point in time such as 2026-01-31T09:00:00Z"
                    .to_owned(),
            };
            let column = columns.time.as_deref().unwrap_or("time_s").trim_matches('`');
            return Err(table::cell(line.place, column, &when, &expected));
        };
        self.form = Some(form);
        let mut row = self.rest(columns, line, number, time)?;
        let [_, _, carrier, ..] = columns.at;
        row.carrier = line.cell(carrier).map(|cell| self.carrier(table::text(cell), line.place));
        if self.last.is_none_or(|(last, _)| time > last) {
            self.last = Some((time, line.place));
        }
        self.rows.push(row);
        Ok(())
    }

    /// The place of a carrier among the log's.
    fn carrier(&mut self, name: &str, at: Place) -> usize {
        if let Some(&place) = self.carrier_places.get(name) {
            return place;
        }
        let place = self.carriers.len();
        self.carriers.push((name.to_owned(), at));
        self.carrier_places.insert(name.to_owned(), place);
        place
    }

    /// A number as it is written here: with a decimal comma where commas don't separate.
    fn number(&self, cell: &str) -> String {
        if self.separator != b',' && cell.matches(',').count() == 1 && !cell.contains('.') {
            return cell.replace(',', ".");
        }
        cell.to_owned()
    }

    /// All of a row but its time.
    fn rest(
        &self,
        columns: &Columns,
        line: &Line,
        number: u64,
        at: Nanos,
    ) -> Result<TraceRow, Diagnostic> {
        let [_, sender, _, chars, ucs2, spam_score, deadline, recipient] =
            columns.at.map(|column| line.cell(column));
        let place = line.place;
        let bad =
            |column: &str, cell: &str, expected: &str| table::cell(place, column, cell, expected);
        let label = |column: &str, cell: Option<&str>| {
            let text = cell.map(table::text);
            match text.filter(|text| !is_label(text)) {
                Some(text) => Err(bad(column, text, LABEL)),
                None => Ok(text.map(Box::<str>::from)),
            }
        };
        let (sender, recipient) = (label("sender", sender)?, label("recipient", recipient)?);
        let whole = |column: &str, cell: &str, most: u32| {
            let number: Option<u32> = cell.parse().ok().filter(|number| *number <= most);
            number.ok_or_else(|| bad(column, cell, &format!("a whole number up to {most}")))
        };
        let mut chars = chars.map(|cell| whole("chars", cell, LONGEST)).transpose()?;
        let mut ucs2 = ucs2
            .map(|cell| match cell {
                "true" | "1" => Ok(true),
                "false" | "0" => Ok(false),
                _ => Err(bad("ucs2", cell, "true or false")),
            })
            .transpose()?;
        if let Some(cell) = line.cell(columns.segments) {
            let segments = whole("segments", cell, LONGEST / OF_SEVERAL)?;
            chars = Some(if segments <= 1 { segments * ALONE } else { segments * OF_SEVERAL });
            ucs2 = Some(false);
        }
        let spam_score = spam_score
            .map(|cell| {
                self.number(cell)
                    .parse()
                    .ok()
                    .filter(|score: &f64| (0.0..=1.0).contains(score))
                    .ok_or_else(|| bad("spam_score", cell, "a number from 0 to 1"))
            })
            .transpose()?;
        let deadline = deadline
            .map(|cell| {
                time(&self.number(cell), SECOND)
                    .filter(|nanos| *nanos > 0)
                    .ok_or_else(|| bad("deadline_s", cell, "seconds above 0"))
            })
            .transpose()?;
        Ok(TraceRow {
            row: number,
            time: at,
            sender,
            carrier: None,
            chars,
            ucs2,
            spam_score,
            deadline,
            recipient,
        })
    }

    /// The log, its points in time made times from t = 0.
    fn log(mut self, origin: Option<Nanos>, errors: &mut Vec<Diagnostic>) -> Log {
        let form = self.form.unwrap_or(Form::Seconds);
        let done = self.done(form, origin.is_some());
        let mut early = 0;
        if !form.is_relative() {
            let first = self.rows.iter().map(|row| row.time).min().unwrap_or_default();
            let zero = origin.unwrap_or(first);
            let before = self.rows.len();
            self.rows.retain(|row| row.time >= zero);
            early = (before - self.rows.len()) as u64;
            self.rows.iter_mut().for_each(|row| row.time -= zero);
            let late = self.last.filter(|(last, _)| last.saturating_sub(zero) > SPAN);
            if let Some((_, place)) = late {
                let message = "the row comes more than ten years after t = 0";
                errors.push(
                    Diagnostic::new(DiagnosticKind::Data, place, message)
                        .label(format!("expected {} of at most ten years", form.name())),
                );
            }
        }
        // Most logs are in order, and sorting takes room.
        if !self.rows.is_sorted_by_key(|row| row.time) {
            self.rows.sort_by_key(|row| row.time);
        }
        let carriers = self.carriers;
        Log { rows: self.rows, carriers, done, is_relative: form.is_relative(), early }
    }

    /// Remarks on how it was read, in the order of the file.
    fn done(&mut self, form: Form, has_origin: bool) -> Vec<String> {
        let mut done = Vec::new();
        match self.separator {
            b';' => done.push("cells are separated by `;`".to_owned()),
            b'\t' => done.push("cells are separated by tabs".to_owned()),
            _ => {}
        }
        let (column, left_out) = self.header.take().unwrap_or_default();
        // Who says what is t = 0 knows that times are points in time.
        let told = form.is_relative() || has_origin;
        match (column, told) {
            (Some(column), true) => {
                done.push(format!("times are those of column {column}, {}", form.name()));
            }
            (Some(column), false) => done.push(format!(
                "times are those of column {column}, {}: the first is t = 0",
                form.name()
            )),
            (None, false) => done.push(format!("times are {}: the first is t = 0", form.name())),
            (None, true) => {}
        }
        if self.by_segments {
            done.push("segments are full ones of GSM-7".to_owned());
        }
        done.extend(left_out);
        if self.longer > 0 {
            let rows = if self.longer == 1 { "row has" } else { "rows have" };
            done.push(format!(
                "{} {rows} more cells than the header, which are left out",
                self.longer
            ));
        }
        if self.repeated > 0 {
            done.push(format!("{} rows of further replications are left out", self.repeated));
        }
        done
    }
}
