//! The format of a log, told from its first lines.

use serde_json::Value;

use super::formats::{Format, Line, SHAPES, Shape};
use super::kind::{Kind, kind};
use super::lines::{self, Inside, Lines};
use super::meaning::{Meaning, Owned, is_plain, normal};
use super::stamp::Stamps;
use super::{Error, Options, json};

/// Meanings of times.
const TIMES: [Meaning; 3] = [Meaning::Submitted, Meaning::Sent, Meaning::Done];
/// Lines that are looked at.
const LOOKED: usize = 20;
/// Lines above a header, at most: a title, a date, the separator for a spreadsheet.
const ABOVE: usize = 10;

/// A log that was recognised.
pub(super) struct Recognised {
    pub(super) shape: &'static Shape,
    pub(super) framing: Framing,
    /// Meanings that the user gave columns, by their normal names.
    pub(super) mapped: Vec<(String, Meaning)>,
}

/// Layout of records in a log.
pub(super) enum Framing {
    /// A header and rows, after lines that are no part of them.
    Table { separator: u8, columns: Vec<Column>, above: usize },
    /// Objects, one a line or otherwise.
    Json { lines: bool },
    /// `name=value&name=value`, one a line.
    Form,
    /// Lines that the format reads itself.
    Text,
}

/// A column of a table.
pub(super) struct Column {
    pub(super) name: String,
    /// None: it is ignored.
    pub(super) meanings: Vec<Meaning>,
}

/// Tells a log's format and how its records lie from its first bytes, or takes the ones that were
/// asked for.
pub(super) fn recognise(name: &str, head: &[u8], options: &Options) -> Result<Recognised, Error> {
    let has_mark = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    if has_mark || matches!(head, [0, ..] | [_, 0, ..]) {
        return Err(Error::Utf16(name.to_owned()));
    }
    if let Some(Kind { what, way_out }) = kind(head) {
        return Err(Error::Kind { name: name.to_owned(), what, way_out });
    }
    let mapped: Vec<(String, Meaning)> =
        options.columns.iter().map(|(column, meaning)| (normal(column), *meaning)).collect();
    let wanted = options.format.map(Format::shape);
    let text = String::from_utf8_lossy(head);
    // Old Macs end lines so.
    let text = if text.contains('\n') { text } else { text.replace('\r', "\n").into() };
    let text = text.trim_start();
    if text.starts_with(['{', '[']) && !text.starts_with("[SMSC") {
        return objects(name, text, options, mapped);
    }
    let first = text.lines().next().unwrap_or_default();
    // CloudWatch writes a time before each.
    if first.split_once(" {").is_some_and(|(time, _)| Stamps::default().read(time).is_some()) {
        let text: String = text
            .lines()
            .filter_map(|line| line.find('{').map(|at| format!("{}\n", &line[at..])))
            .collect();
        return objects(name, &text, options, mapped);
    }
    if let Some(shape) = wanted.filter(|shape| shape.line.is_some()) {
        return Ok(Recognised { shape, framing: Framing::Text, mapped });
    }
    if let Some(names) = form(first) {
        let shape = wanted.or_else(|| marked(&names));
        let shape = shape.ok_or_else(|| unrecognised(name, &[]))?;
        return Ok(Recognised { shape, framing: Framing::Form, mapped });
    }
    let above = above(text, wanted, &mapped);
    let first = heads(text).nth(above).unwrap_or(first);
    let separator = separator(first);
    let names = header(first, separator);
    let plain: Vec<String> = names.iter().map(|name| normal(name)).collect();
    let shape = wanted.or_else(|| marked(&plain));
    let shape = match shape {
        Some(shape) => shape,
        None => {
            if let Some(shape) = lines_of(text) {
                return Ok(Recognised { shape, framing: Framing::Text, mapped });
            }
            let common = Format::Csv.shape();
            let known = |name: &String| {
                common.meanings(name).next().is_some()
                    || mapped.iter().any(|(column, _)| column == name)
            };
            if !plain.iter().any(known) && is_a_row(&names) {
                return Err(without_header(name));
            }
            if !plain.iter().any(known) && mapped.is_empty() {
                return Err(unrecognised(name, &names));
            }
            common
        }
    };
    let columns = columns(name, &names, shape, options)?;
    Ok(Recognised { shape, framing: Framing::Table { separator, columns, above }, mapped })
}

/// Lines that may be a table's header.
fn heads(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty()).take(1 + ABOVE)
}

/// The number of lines above a table's header, where the first isn't one and a later one plainly is.
fn above(text: &str, wanted: Option<&Shape>, mapped: &[(String, Meaning)]) -> usize {
    let is_head = |(at, line): (usize, &str)| {
        let names = header(line, separator(line));
        let plain: Vec<String> = names.iter().map(|name| normal(name)).collect();
        let own = wanted.unwrap_or(Format::Csv.shape());
        let meaning = |name: &String| {
            let given = mapped.iter().find(|(column, _)| column == name);
            given.map(|own| own.1).or_else(|| own.meanings(name).next().map(|own| own.1))
        };
        let known: Vec<Meaning> = plain.iter().filter_map(meaning).collect();
        let has_time = known.iter().any(|own| TIMES.contains(own) || *own == Meaning::Day);
        let is_marked = wanted.is_none() && marked(&plain).is_some();
        is_header(&names) && (is_marked || has_time && (at == 0 || known.len() > 1))
    };
    let found = heads(text).enumerate().position(is_head).unwrap_or(0);
    // The lines of a gateway are not a table's, whatever stands among them.
    if found > 0 && wanted.is_none() && lines_of(text).is_some() { 0 } else { found }
}

/// The first format that has all columns of one of its marks.
fn marked(names: &[String]) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.is_marked_by(names)).copied()
}

/// The format of lines of text, most of which it can read.
fn lines_of(text: &str) -> Option<&'static Shape> {
    let mut texts = Owned::default();
    let mut best = None;
    let mut most = 0;
    for shape in SHAPES.iter().filter(|shape| shape.line.is_some()) {
        let Some(read) = shape.line else { continue };
        let read = |line: &&str| {
            texts.clear();
            let told = read(line, &mut texts);
            matches!(told, Line::Message | Line::Retried | Line::Receipt)
        };
        let count = text.lines().take(LOOKED).filter(read).count();
        if count > most {
            (best, most) = (Some(*shape), count);
        }
    }
    best
}

fn objects(
    name: &str,
    text: &str,
    options: &Options,
    mapped: Vec<(String, Meaning)>,
) -> Result<Recognised, Error> {
    let by_line = text.starts_with('{') && {
        let whole = |line: &&str| {
            let value: Option<Value> = serde_json::from_str(line).ok();
            value.is_some_and(|value| value.is_object() && !holds_list(&value))
        };
        let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED);
        // Damaged lines among them, and one that is cut off by the end of what is looked at.
        lines().filter(whole).count() * 2 >= lines().count()
    };
    let framing = Framing::Json { lines: by_line };
    if let Some(format) = options.format {
        return Ok(Recognised { shape: format.shape(), framing, mapped });
    }
    // What the first objects have among them.
    let mut names = Vec::new();
    let mut look = |bytes: &[u8]| {
        if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
            json::names(json::unwrapped(&value), "", &mut names);
        }
    };
    if by_line {
        text.lines().take(LOOKED).for_each(|line| look(line.as_bytes()));
    } else if let Ok(mut lines) = Lines::new(text.as_bytes()) {
        let mut inside = Inside::default();
        for _ in 0..LOOKED {
            match lines.object(&mut inside, &json::LISTS) {
                Ok(Some(lines::Found::At(range, _))) => look(lines.bytes(&range)),
                _ => break,
            }
        }
    }
    let has_time = |shape: &Shape| {
        let is_time = |own: &Meaning| TIMES.contains(own);
        names.iter().any(|name| shape.meanings(name).any(|(_, own)| is_time(&own)))
            || mapped.iter().any(|(_, own)| is_time(own))
    };
    let common = Format::Csv.shape();
    match marked(&names).or_else(|| has_time(common).then_some(common)) {
        Some(shape) => Ok(Recognised { shape, framing, mapped }),
        None => Err(unrecognised(name, &[])),
    }
}

fn holds_list(value: &Value) -> bool {
    json::LISTS.iter().any(|list| value.get(list).is_some_and(Value::is_array))
}

/// The names in a line of a form.
fn form(line: &str) -> Option<Vec<String>> {
    let pairs: Option<Vec<String>> = line
        .trim()
        .split('&')
        .map(|pair| Some(normal(&json::decoded(pair.split_once('=')?.0)?)))
        .collect();
    pairs.filter(|pairs| pairs.len() > 2)
}

/// The byte between the cells of a header.
fn separator(header: &str) -> u8 {
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    // Of equals the comma.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

fn header(line: &str, separator: u8) -> Vec<String> {
    let (mut plain, mut ranges) = (Vec::new(), Vec::new());
    let base = lines::cells(line.as_bytes(), separator, &mut plain, &mut ranges);
    let text = |range: &std::ops::Range<usize>| String::from_utf8_lossy(&base[range.clone()]);
    ranges.iter().map(|range| text(range).trim().to_owned()).collect()
}

/// Meanings of the columns of a table: what the user says, then what the format says; of several with
/// one meaning the first of the format.
fn columns(
    name: &str,
    names: &[String],
    shape: &Shape,
    options: &Options,
) -> Result<Vec<Column>, Error> {
    let mut columns: Vec<Column> =
        names.iter().map(|name| Column { name: name.clone(), meanings: Vec::new() }).collect();
    let mut taken: Vec<Meaning> = Vec::new();
    for (column, meaning) in &options.columns {
        let exact = names.iter().position(|name| name == column);
        let at = exact.or_else(|| names.iter().position(|name| normal(name) == normal(column)));
        let Some(column) = at.and_then(|at| columns.get_mut(at)) else {
            if is_a_row(names) {
                return Err(without_header(name));
            }
            let hint = hint(names);
            return Err(Error::NoColumn { name: name.to_owned(), column: column.clone(), hint });
        };
        column.meanings.push(*meaning);
        taken.push(*meaning);
    }
    for (field, meaning) in shape.fields {
        let at = names.iter().position(|name| normal(name) == *field);
        let Some(column) = at.and_then(|at| columns.get_mut(at)) else { continue };
        // A column that the user gave a meaning has no other.
        let is_mapped =
            column.meanings.iter().any(|own| options.columns.iter().any(|o| o.1 == *own));
        if !taken.contains(meaning) && !is_mapped {
            column.meanings.push(*meaning);
            taken.push(*meaning);
        }
    }
    // A day is of use alone, or to a time of day.
    let is_given = |own: Meaning| options.columns.iter().any(|column| column.1 == own);
    let is_timed =
        |own: &Column| own.meanings.contains(&Meaning::Submitted) && normal(&own.name) != "time";
    if columns.iter().any(is_timed) && !is_given(Meaning::Submitted) && !is_given(Meaning::Day) {
        columns.iter_mut().for_each(|own| own.meanings.retain(|meaning| *meaning != Meaning::Day));
    }
    if !taken.iter().any(|own| TIMES.contains(own) || *own == Meaning::Day) {
        if is_a_row(names) {
            return Err(without_header(name));
        }
        return Err(Error::NoTimes { name: name.to_owned(), hint: hint(names) });
    }
    Ok(columns)
}

/// Columns by name, if they may be shown: a log without a header begins with somebody's data.
fn hint(names: &[String]) -> String {
    const NAMED: usize = 12;
    let is_known = |name: &String| {
        let name = normal(name);
        SHAPES.iter().any(|shape| shape.meanings(&name).next().is_some())
    };
    if !is_header(names) || !names.iter().any(is_known) {
        return String::new();
    }
    let more = if names.len() > NAMED { ", …" } else { "" };
    let told: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    format!(" (it has {}{more})", told.join(", "))
}

/// `true` if what should be names are cells of a row: a time is among them, or somebody's number.
fn is_a_row(names: &[String]) -> bool {
    /// Digits that no column's name has.
    const DIGITS: usize = 8;
    let is_number = |name: &str| {
        name.bytes().all(|byte| byte.is_ascii_digit() || b"+-. ".contains(&byte))
            && name.bytes().filter(u8::is_ascii_digit).count() >= DIGITS
    };
    let is_time = |name: &str| Stamps::default().read(name).is_some();
    names.len() > 1 && names.iter().any(|name| is_number(name) || is_time(name))
}

/// `true` if names are those of a header: words throughout, and no data.
pub(super) fn is_header(names: &[String]) -> bool {
    let is_name = |name: &String| {
        let has_number = name.split(' ').any(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        name.is_empty() || is_shown(name) && !has_number && name.split(' ').count() <= 4
    };
    names.iter().all(is_name)
}

/// `true` if a column's name is plain, a word in capitals within it being a word of its own.
pub(super) fn is_shown(name: &str) -> bool {
    let mut words = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_uppercase() && words.ends_with(|last: char| last.is_ascii_lowercase()) {
            words.push('.');
        }
        words.push(c);
    }
    name.len() <= 60 && words.split('.').all(is_plain)
}

fn without_header(name: &str) -> Error {
    Error::NoHeader { name: name.to_owned(), names: all_names() }
}

/// All names of meanings.
fn all_names() -> String {
    let names: Vec<&str> = Meaning::NAMED.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

fn unrecognised(name: &str, columns: &[String]) -> Error {
    let formats: Vec<&str> = SHAPES.iter().map(|shape| shape.name).collect();
    Error::Unrecognised {
        name: name.to_owned(),
        hint: hint(columns),
        formats: formats.join(", "),
        names: all_names(),
    }
}
