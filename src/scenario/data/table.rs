//! A CSV file with a header.

use csv::{Reader, ReaderBuilder, StringRecord};

use crate::scenario::units::short;
use crate::scenario::{Diagnostic, Place, Trouble};

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

/// The header and the rows of a file whose text is `text`, source `source`, its cells separated by
/// `separator`; `row` is called with each and may complain.
pub(super) fn read<T>(
    text: &str,
    source: usize,
    separator: u8,
    errors: &mut Vec<Diagnostic>,
    header: impl FnOnce(&[String], Place) -> Result<T, Vec<Diagnostic>>,
    mut row: impl FnMut(&T, Line) -> Result<(), Diagnostic>,
) {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let body = text.get(start..).unwrap_or_default();
    let mut reader: Reader<&[u8]> =
        ReaderBuilder::new().flexible(true).delimiter(separator).from_reader(body.as_bytes());
    let first = Place::new(source, start, line_end(text, start));
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(|name| name.trim().to_owned()).collect(),
        Err(error) => {
            errors.push(fault(&error, first));
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
    let most = errors.len() + ENOUGH;
    let mut cells = StringRecord::new();
    loop {
        let at = start + usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let place = Place::new(source, at.min(text.len()), line_end(text, at));
        match reader.read_record(&mut cells) {
            Ok(false) => return,
            Ok(true) => {
                let at = cells
                    .position()
                    .and_then(|position| usize::try_from(position.byte()).ok())
                    .map_or(place.start, |byte| start + byte);
                let place = Place::new(source, at.min(text.len()), line_end(text, at));
                if let Err(error) = row(&columns, Line { cells: cells.clone(), place }) {
                    errors.push(error);
                }
            }
            Err(error) => errors.push(fault(&error, place)),
        }
        if errors.len() >= most {
            return;
        }
    }
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
    Diagnostic::new(Trouble::Data, place, "this is no CSV").label(error.to_string())
}

/// The complaint about a cell.
pub(super) fn cell(place: Place, column: &str, cell: &str, expected: &str) -> Diagnostic {
    Diagnostic::new(Trouble::Data, place, format!("`{}` in column {column}", short(cell)))
        .label(format!("expected {expected}"))
}
