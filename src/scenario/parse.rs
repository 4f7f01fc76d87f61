//! Text → tree, with every syntax error.

use toml::de::{DeTable, DeValue};
use toml::{Spanned, de::Error};

use super::texts::floor;
use super::tree::{Entry, Node, Raw};
use super::{Diagnostic, DiagnosticKind, Place};

/// Dotted keys may nest this deep; deeper ones would exhaust the stack, and nothing here has
/// more than ten.
const DEEPEST: usize = 32;
/// The largest scenario, in bytes: reading takes up to a hundred times as much memory.
pub(crate) const LARGEST: usize = 16 << 20;
/// So many faults of syntax are looked at.
const FAULTS: usize = 1_000;
/// Bytes that are tried first, of a text that may be long and no scenario at all.
const FIRST: usize = 256 << 10;

/// Reads a document; what can be understood of a broken one is returned too.
pub(crate) fn document(text: &str, source: usize, errors: &mut Vec<Diagnostic>) -> Node {
    let whole = Place::new(source, 0, 0);
    if text.len() > LARGEST {
        errors.push(
            Diagnostic::new(DiagnosticKind::Syntax, whole, "the scenario is larger than 16 MiB").label(
                "expected a file of settings; data is named in it: `arrivals.trace`, `empirical`",
            ),
        );
        return Node::table(whole);
    }
    if let Some(at) = too_deep(text) {
        let place = Place::new(source, at, at + 1);
        errors.push(
            Diagnostic::new(DiagnosticKind::Syntax, place, "keys nest too deep")
                .label("expected a key of at most 32 parts"),
        );
        return Node::table(whole);
    }
    let (table, faults, read) = recovered(text);
    let faults = faults.iter().map(|fault| syntax(fault, source, read.len())).collect();
    errors.extend(slips(faults, read));
    if read.len() < text.len() {
        let place = Place::new(source, read.len(), read.len());
        errors.push(
            Diagnostic::new(
                DiagnosticKind::Syntax,
                place,
                format!("more than {FAULTS} mistakes above"),
            )
            .label("from here on the file isn't read"),
        );
    }
    let mut node = Node { place: whole, raw: self::table(table.get_ref(), source) };
    node.place = whole;
    node
}

/// The table of a text with its faults, and what was read of it: a text of nothing but faults would
/// fill the memory with them, so a long one is read from its beginning on, twice as much each time,
/// until there are too many.
fn recovered(text: &str) -> (Spanned<DeTable<'_>>, Vec<Error>, &str) {
    let mut length = FIRST;
    loop {
        let read = &text[..floor(text, length)];
        let (table, mut faults) = DeTable::parse_recoverable(read);
        if read.len() == text.len() || faults.len() > FAULTS {
            faults.sort_by_key(|fault| fault.span().map_or(usize::MAX, |span| span.start));
            faults.truncate(FAULTS);
            return (table, faults, read);
        }
        length *= 2;
    }
}

/// Reads one value, which stands at byte `offset` of its source.
pub(crate) fn value(
    text: &str,
    source: usize,
    offset: usize,
    errors: &mut Vec<Diagnostic>,
) -> Option<Node> {
    if let Some(at) = too_deep(text) {
        let place = Place::new(source, offset + at, offset + at + 1);
        errors.push(Diagnostic::new(DiagnosticKind::Syntax, place, "keys nest too deep"));
        return None;
    }
    let (value, faults) = DeValue::parse_recoverable(text);
    if faults.is_empty() {
        let mut node = self::node(&value, source);
        shift(&mut node, offset);
        return Some(node);
    }
    for fault in &faults {
        let mut error = syntax(fault, source, text.len());
        if let Some(place) = &mut error.place {
            *place = Place::new(source, place.start + offset, place.end + offset);
        }
        errors.push(error);
    }
    None
}

/// Those that are slips of their own: what stands in a line that has one already, or goes on being
/// strange behind a bracket or quote that isn't closed, follows from it.
fn slips(mut faults: Vec<Diagnostic>, text: &str) -> Vec<Diagnostic> {
    /// Lines without a fault between two of the same slip: comments, headers, empty ones.
    const NEAR: usize = 3;
    faults.sort_by_key(|fault| fault.place);
    let (mut last, mut inside) = (None, false);
    let (mut line, mut counted) = (0, 0);
    faults.retain(|fault| {
        let start = fault.place.map_or(0, |place| place.start).clamp(counted, text.len());
        line += text.as_bytes()[counted..start].iter().filter(|byte| **byte == b'\n').count();
        counted = start;
        let near = last.is_some_and(|last| line - last <= NEAR);
        let follows = near && (last == Some(line) || inside || is_inside(&fault.message));
        inside = is_inside(&fault.message) || (follows && inside);
        last = Some(line);
        !follows
    });
    faults
}

/// `true` if a fault is about something within brackets or quotes, or follows from a lost header.
fn is_inside(message: &str) -> bool {
    let within = ["array element", "in array", "inline table", "key-value pairs", "multi-line"];
    within.iter().any(|part| message.contains(part)) || message == DUPLICATE
}

/// The parser's message about a key that has a value already.
const DUPLICATE: &str = "duplicate key";

fn syntax(fault: &Error, source: usize, length: usize) -> Diagnostic {
    let span = fault.span().unwrap_or(length..length);
    let place = Place::new(source, span.start.min(length), span.end.min(length));
    let message = fault.message();
    match message.split_once(", expected ") {
        Some((what, expected)) => Diagnostic::new(DiagnosticKind::Syntax, place, what)
            .label(format!("expected {}", expected.replace(['\n', '\r'], " "))),
        None if message == DUPLICATE => Diagnostic::new(DiagnosticKind::Syntax, place, message)
            .label("it is there already")
            .help("a table of many, like [[provider]], takes two brackets; its keys come below it"),
        None => Diagnostic::new(DiagnosticKind::Syntax, place, message),
    }
}

fn table(table: &DeTable<'_>, source: usize) -> Raw {
    let entries = table.iter().map(|(key, value)| Entry {
        key: key.get_ref().to_string(),
        place: Place::new(source, key.span().start, key.span().end),
        node: node(value, source),
    });
    Raw::Table(entries.collect())
}

fn node(value: &Spanned<DeValue<'_>>, source: usize) -> Node {
    let raw = match value.get_ref() {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Integer(number) => Raw::Integer(
            i128::from_str_radix(number.as_str(), number.radix()).ok(),
            number.to_string(),
        ),
        DeValue::Float(number) => {
            Raw::Float(number.as_str().parse().unwrap_or(f64::NAN), number.as_str().to_owned())
        }
        DeValue::Boolean(flag) => Raw::Flag(*flag),
        DeValue::Datetime(time) => Raw::Datetime(time.to_string()),
        DeValue::Array(items) => Raw::Array(items.iter().map(|item| node(item, source)).collect()),
        DeValue::Table(inner) => table(inner, source),
    };
    Node { place: Place::new(source, value.span().start, value.span().end), raw }
}

fn shift(node: &mut Node, offset: usize) {
    node.place.start += offset;
    node.place.end += offset;
    match &mut node.raw {
        Raw::Array(items) => items.iter_mut().for_each(|item| shift(item, offset)),
        Raw::Table(entries) => {
            for entry in entries {
                entry.place.start += offset;
                entry.place.end += offset;
                shift(&mut entry.node, offset);
            }
        }
        _ => {}
    }
}

/// Place of a run of more than [`DEEPEST`] dots outside texts and comments.
fn too_deep(text: &str) -> Option<usize> {
    let mut dots = 0;
    let mut quote: Option<u8> = None;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        match quote {
            _ if byte == b'\n' => {
                quote = None;
                dots = 0;
            }
            Some(b'#') => {}
            Some(b'"') if byte == b'\\' => at += 1,
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            // The quotes of a long text: its lines are looked at like any others.
            None if bytes[at..].starts_with(b"\"\"\"") || bytes[at..].starts_with(b"'''") => {
                at += 2;
            }
            None => match byte {
                b'"' | b'\'' | b'#' => quote = Some(byte),
                b',' | b'=' | b'{' | b'[' => dots = 0,
                b'.' => {
                    dots += 1;
                    if dots > DEEPEST {
                        return Some(at);
                    }
                }
                _ => {}
            },
        }
        at += 1;
    }
    None
}
