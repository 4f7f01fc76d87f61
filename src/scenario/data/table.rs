//! A CSV file with a header.

use csv::{Reader, ReaderBuilder, StringRecord};

pub(super) use crate::logs::is_plain;
use crate::scenario::units::short;
use crate::scenario::{Diagnostic, DiagnosticKind, Place};

/// A file with so many errors isn't read further.
const ENOUGH: usize = 20;

/// One row: its cells and its place.
pub(super) struct Line {
    pub(super) cells: StringRecord,
    pub(super) place: Place,
}

impl Line {
    /// The cell of a column, unless it is empty or there is none.
    pub(super) fn cell(&self, column: Option<usize>) -> Option<&str> {
        self.cells.get(column?).map(str::trim).filter(|cell| !cell.is_empty())
    }
}

/// A file's text, which source it is, and where the scenario names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'text> {
    pub(super) text: &'text str,
    pub(super) source: usize,
    pub(super) at: Place,
}

/// The header and the rows of a file, its cells separated by `separator`; `row` is called with each
/// and may complain. Nothing is shown of a file of which not even half can be read: a stranger's
/// scenario may name a file of anything.
pub(super) fn read<T>(
    file: Named<'_>,
    separator: u8,
    errors: &mut Vec<Diagnostic>,
    header: impl FnOnce(&[String], Place) -> Result<T, Vec<Diagnostic>>,
    mut row: impl FnMut(&T, Line) -> Result<(), Diagnostic>,
) {
    let Named { text, source, at: named } = file;
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let body = text.get(start..).unwrap_or_default();
    let mut reader: Reader<&[u8]> =
        ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(body.as_bytes());
    let first = Place::new(source, start, line_end(text, start));
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(|name| name.trim().to_owned()).collect(),
        Err(error) => {
            errors.push(Diagnostic { place: Some(named), ..fault(&error, first) });
            return;
        }
    };
    let columns = match header(&names, first) {
        Ok(columns) => columns,
        Err(more) => {
            errors.extend(more);
            return;
        }
    };
    let before = errors.len();
    let most = before + ENOUGH;
    let mut read_well = 0_usize;
    let mut first_bad = 0;
    let mut cells = StringRecord::new();
    loop {
        let at = start + usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let place = Place::new(source, at.min(text.len()), line_end(text, at));
        let known = errors.len();
        match reader.read_record(&mut cells) {
            Ok(false) => break,
            Ok(true) => {
                let at = cells
                    .position()
                    .and_then(|position| usize::try_from(position.byte()).ok())
                    .map_or(place.start, |byte| start + byte);
                // After a carriage return the reader stands before its line feed.
                let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
                let at = at.min(text.len());
                let at = at + text.as_bytes()[at..].iter().take_while(|byte| ends(byte)).count();
                let place = Place::new(source, at, line_end(text, at));
                match row(&columns, Line { cells: cells.clone(), place }) {
                    Ok(()) => read_well += 1,
                    Err(error) => errors.push(error),
                }
            }
            Err(error) => errors.push(fault(&error, place)),
        }
        if known == before && errors.len() > before {
            first_bad = cells.position().map_or(0, csv::Position::line);
        }
        if errors.len() >= most {
            break;
        }
    }
    if errors.len() > before && read_well < errors.len() - before {
        let rest = errors.split_off(before);
        let expected = rest.into_iter().next().map(|error| error.label).unwrap_or_default();
        let message = if read_well == 0 {
            "no row of the file can be read".to_owned()
        } else {
            format!("most rows of the file can't be read, the first in line {first_bad}")
        };
        errors.push(Diagnostic::new(DiagnosticKind::Data, named, message).label(expected));
    }
}

/// `true` if a text is a table with a header of names, and rows of as many cells with a number in the
/// same place: then its header may be shown.
pub(super) fn is_table(text: &str, separator: char) -> bool {
    /// So many rows are looked at.
    const ROWS: usize = 100;
    let cells = |line: &str| -> Vec<String> {
        line.split(separator).map(|cell| cell.trim().trim_matches('"').to_owned()).collect()
    };
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let Some(header) = lines.next().map(cells).filter(|header| are_plain(header)) else {
        return false;
    };
    let mut numbers = vec![true; header.len()];
    let mut rows = 0;
    for row in lines.take(ROWS).map(cells) {
        if row.len() != header.len() {
            return false;
        }
        rows += 1;
        let is_number = |cell: &String| cell.is_empty() || cell.parse::<f64>().is_ok();
        numbers.iter_mut().zip(&row).for_each(|(all, cell)| *all &= is_number(cell));
        if rows == 1 {
            // A column of nothing is no column of numbers.
            numbers.iter_mut().zip(&row).for_each(|(all, cell)| *all &= !cell.is_empty());
        }
    }
    rows > 0 && numbers.contains(&true)
}

/// True if these are all names of columns: of a header with others none is shown.
pub(super) fn are_plain(names: &[String]) -> bool {
    names.iter().all(|name| name.is_empty() || is_plain(name))
}

/// The end of the line that holds byte `at`. A line ends as rows do, at a line feed or a carriage
/// return: in a file of old Macs a search for the next line feed would go to its end, from each row.
fn line_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r');
    bytes[at..].iter().position(ends).map_or(bytes.len(), |end| at + end)
}

fn fault(error: &csv::Error, place: Place) -> Diagnostic {
    Diagnostic::new(DiagnosticKind::Data, place, "this is no CSV").label(error.to_string())
}

/// A cell that is a text: without the apostrophe that our own lists put before one that a spreadsheet
/// would take for a formula.
pub(super) fn text(cell: &str) -> &str {
    let formula =
        |rest: &str| rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']);
    cell.strip_prefix('\'').filter(|rest| formula(rest)).unwrap_or(cell)
}

/// The complaint about a cell.
pub(super) fn cell(place: Place, column: &str, cell: &str, expected: &str) -> Diagnostic {
    Diagnostic::new(DiagnosticKind::Data, place, format!("`{}` in column {column}", short(cell)))
        .label(format!("expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_and_tokens_are_none() {
        for name in ["time_s", "Submitted At", "p95", "latency.p999_s", "from-number2", "ts"] {
            assert!(is_plain(name), "{name}");
        }
        for name in [
            "",
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "+447700900123",
            "KEY=x",
            "root:x:0:0",
            "[default]",
            "abcdefghijklmnopqrstuvwxyz",
        ] {
            assert!(!is_plain(name), "{name}");
        }
    }

    #[test]
    fn a_table_has_names_and_then_a_number() {
        assert!(is_table("seconds,count\n1.5,2\n", ','));
        assert!(is_table("\u{feff}wait\r\n2\r\n", ','));
        assert!(is_table("seconds,name\n1,a\n,b\n2,c\n", ','));
        for text in [
            "",
            "alice,hunter\n",
            "alice,hunter\nbob,secret\n",
            "a,b\n1\n",
            "1,2\n3,4\n",
            "alice,hunter\n1,a\nb,2\n",
            "hunter\n12345\nsecret\n",
        ] {
            assert!(!is_table(text, ','), "{text:?}");
        }
    }
}
