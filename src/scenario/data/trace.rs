//! A log to replay.

use super::empirical::time;
use super::table::{self, Line};
use crate::kernel::Nanos;
use crate::scenario::nearest::nearest;
use crate::scenario::units::duration::SECOND;
use crate::scenario::units::short;
use crate::scenario::{Diagnostic, Place, Trouble};

/// The columns a log may have.
const COLUMNS: [&str; 8] =
    ["time_s", "sender", "carrier", "chars", "ucs2", "spam_score", "deadline_s", "recipient"];
/// The longest text of a log, in characters.
const LONGEST: u32 = 1_000_000;

/// A row of a log; the carrier is still a name.
pub(crate) struct Row {
    pub(crate) place: Place,
    /// Its number in the file, from 0.
    pub(crate) number: u64,
    pub(crate) time: Nanos,
    pub(crate) sender: Option<String>,
    pub(crate) carrier: Option<String>,
    pub(crate) chars: Option<u32>,
    pub(crate) ucs2: Option<bool>,
    pub(crate) spam_score: Option<f64>,
    pub(crate) deadline: Option<Nanos>,
    pub(crate) recipient: Option<String>,
}

/// Reads a log, in order of time.
pub(crate) fn read(text: &str, source: usize, errors: &mut Vec<Diagnostic>) -> Vec<Row> {
    let mut rows = Vec::new();
    table::read(text, source, errors, columns, |columns, line| {
        rows.push(row(columns, &line, rows.len() as u64)?);
        Ok(())
    });
    rows.sort_by_key(|row: &Row| row.time);
    rows
}

/// Where each of [`COLUMNS`] is.
fn columns(names: &[String], first: Place) -> Result<[Option<usize>; 8], Vec<Diagnostic>> {
    let mut found = [None; 8];
    let mut errors = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let Some(known) = COLUMNS.iter().position(|column| column == name) else {
            let error =
                Diagnostic::new(Trouble::Data, first, format!("unknown column `{}`", short(name)));
            let free = COLUMNS.iter().copied().filter(|column| !names.iter().any(|n| n == column));
            errors.push(match nearest(name, free) {
                Some(near) => error.label(format!("did you mean `{near}`?")),
                None => error.label(format!("expected some of {}", COLUMNS.join(", "))),
            });
            continue;
        };
        if found[known].is_some() {
            errors.push(
                Diagnostic::new(Trouble::Data, first, format!("two columns `{name}`"))
                    .label("expected each column once"),
            );
        }
        found[known] = Some(index);
    }
    if found[0].is_none() && errors.is_empty() {
        errors.push(
            Diagnostic::new(Trouble::Data, first, "there is no column `time_s`")
                .label("expected a header with time_s"),
        );
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

fn row(columns: &[Option<usize>; 8], line: &Line, number: u64) -> Result<Row, Diagnostic> {
    let [when, sender, carrier, chars, ucs2, spam_score, deadline, recipient] =
        columns.map(|column| line.cell(column));
    let place = line.place;
    let bad = |column: &str, cell: &str, expected: &str| table::cell(place, column, cell, expected);
    let when = when.unwrap_or_default();
    let at = time(when, SECOND).ok_or_else(|| bad("time_s", when, "seconds from t = 0 on"))?;
    let chars = chars
        .map(|cell| {
            cell.parse()
                .ok()
                .filter(|chars: &u32| *chars <= LONGEST)
                .ok_or_else(|| bad("chars", cell, "a whole number up to 1000000"))
        })
        .transpose()?;
    let ucs2 = ucs2
        .map(|cell| match cell {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(bad("ucs2", cell, "true or false")),
        })
        .transpose()?;
    let spam_score = spam_score
        .map(|cell| {
            cell.parse()
                .ok()
                .filter(|score: &f64| (0.0..=1.0).contains(score))
                .ok_or_else(|| bad("spam_score", cell, "a number from 0 to 1"))
        })
        .transpose()?;
    let deadline = deadline
        .map(|cell| {
            time(cell, SECOND)
                .filter(|nanos| *nanos > 0)
                .ok_or_else(|| bad("deadline_s", cell, "seconds above 0"))
        })
        .transpose()?;
    Ok(Row {
        place,
        number,
        time: at,
        sender: sender.map(str::to_owned),
        carrier: carrier.map(str::to_owned),
        chars,
        ucs2,
        spam_score,
        deadline,
        recipient: recipient.map(str::to_owned),
    })
}
