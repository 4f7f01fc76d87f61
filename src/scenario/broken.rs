//! Lists, inline tables and long texts that are never closed: a parser notices lines further down,
//! at the first text that cannot be inside them; the slip is where they begin.

use super::{Diagnostic, DiagnosticKind, Place, Texts};

/// Points the first fault of syntax in something that is never closed at where that begins. Returns
/// the place from which on nothing that was read can be believed; faults behind it are gone.
pub(crate) fn never_closed(errors: &mut Vec<Diagnostic>, texts: &Texts) -> Option<Place> {
    /// More faults than this are not looked at.
    const MOST: usize = 100;
    let found = errors.iter().take(MOST).enumerate().find_map(|(index, error)| {
        let place = error.place.filter(|_| error.kind == DiagnosticKind::Syntax)?;
        let opening = opening(texts.text(place.source), place.start)?;
        Some((index, opening, place))
    });
    let (index, opening, fault) = found?;
    let place = Place::new(fault.source, opening.at, fault.start);
    errors.truncate(index + 1);
    if texts.line(place).0 == texts.line(fault).0 {
        // It is as clear, and its words may be closer to the slip: a quote that is missing.
        return Some(place);
    }
    let rest = texts.text(fault.source).get(fault.start..).unwrap_or_default();
    let end = match (opening.sort, rest.trim().is_empty()) {
        (Sort::Text, _) | (_, true) => "the end".to_owned(),
        _ => format!("line {}", texts.line(fault).0),
    };
    let (noun, close) = match opening.sort {
        Sort::List => ("list", "]"),
        Sort::Table => ("inline table", "}"),
        Sort::Text => ("text", opening.quote),
    };
    errors[index] =
        Diagnostic::new(DiagnosticKind::Syntax, place, format!("this {noun} is never closed"))
            .label(format!("expected `{close}` before {end}"));
    Some(place)
}

/// Something that is open.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Opening {
    at: usize,
    sort: Sort,
    quote: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sort {
    List,
    Table,
    Text,
}

/// The bracket or quote that is open at byte `fault` and never closed; `None` if there is none.
fn opening(text: &str, fault: usize) -> Option<Opening> {
    let line = text.get(..fault)?.rfind('\n').map_or(0, |at| at + 1);
    let mut scan = Scan { text, at: 0, open: Vec::new(), value: false };
    // Where the last step begins that is not behind the fault's line: only there what is open is
    // kept, which may be long.
    let mut last = 0;
    while scan.at < fault {
        if scan.at <= line {
            last = scan.at;
        }
        if let Some(quote) = scan.step() {
            return Some(quote);
        }
    }
    let mut before = Scan { text, at: 0, open: Vec::new(), value: false };
    while before.at < last {
        before.step();
    }
    let (last, depth) = (scan.open.last().copied()?, scan.open.len());
    let closed = match last.sort {
        _ if last.at >= line => scan.closes(depth),
        // No list holds a key.
        Sort::List if is_key(&text[line..]) => false,
        _ => before.closes(depth),
    };
    (!closed).then_some(last)
}

/// A text read just so far that it is known what is open.
#[derive(Clone)]
struct Scan<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Opening>,
    /// `true` behind this line's `=`.
    value: bool,
}

impl Scan<'_> {
    /// Goes on by a character, a text in quotes or a comment; a long text without an end is returned.
    fn step(&mut self) -> Option<Opening> {
        let rest = &self.text.as_bytes()[self.at..];
        // Asked for only where it matters: a line may be long.
        let line = || rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        // A short text ends where its quote or its line does, whichever comes first.
        let quoted = |quote: u8| {
            let mut at = 1;
            while at < rest.len() && rest[at] != b'\n' {
                if rest[at] == quote {
                    return at + 1;
                }
                at += if rest[at] == b'\\' && quote == b'"' { 2 } else { 1 };
            }
            at.min(line())
        };
        for quote in ["\"\"\"", "'''"] {
            if rest.starts_with(quote.as_bytes()) {
                let Some(end) = end_of(&rest[3..], quote) else {
                    return Some(Opening { at: self.at, sort: Sort::Text, quote });
                };
                self.at += 3 + end;
                return None;
            }
        }
        self.at += match rest[0] {
            b'#' => line(),
            b'"' => quoted(b'"'),
            b'\'' => quoted(b'\''),
            // A header.
            b'[' if self.open.is_empty() && !self.value => line(),
            byte => {
                self.character(byte);
                1
            }
        };
        None
    }

    fn character(&mut self, byte: u8) {
        let top = self.open.last().map(|open| open.sort);
        match byte {
            b'\n' | b'=' if self.open.is_empty() => self.value = byte == b'=',
            b'[' => self.open.push(Opening { at: self.at, sort: Sort::List, quote: "" }),
            b'{' => self.open.push(Opening { at: self.at, sort: Sort::Table, quote: "" }),
            b']' if top == Some(Sort::List) => drop(self.open.pop()),
            b'}' if top == Some(Sort::Table) => drop(self.open.pop()),
            _ => {}
        }
    }

    /// `true` if what is open at that depth is closed before a header or the end.
    fn closes(mut self, depth: usize) -> bool {
        while self.at < self.text.len() && self.open.len() >= depth {
            let bytes = self.text.as_bytes();
            if bytes[self.at] == b'[' && is_header(&self.text[self.at..]) {
                let indent = bytes[..self.at].trim_ascii_end().len();
                if bytes[indent..self.at].contains(&b'\n') {
                    return false;
                }
            }
            if self.step().is_some() {
                return false;
            }
        }
        self.open.len() < depth
    }
}

/// The byte behind the closing quote.
fn end_of(bytes: &[u8], quote: &str) -> Option<usize> {
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(quote.as_bytes()) {
            return Some(at + quote.len());
        }
        at += if bytes[at] == b'\\' && quote.starts_with('"') { 2 } else { 1 };
    }
    None
}

/// True if a line begins with a key and its `=`.
fn is_key(line: &str) -> bool {
    let rest = line
        .trim_start()
        .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    rest.len() < line.trim_start().len() && rest.trim_start().starts_with('=')
}

/// True if a line begins with a table's header, `[api]` or `[[provider]]`.
fn is_header(line: &str) -> bool {
    let inside = line.strip_prefix("[[").or_else(|| line.strip_prefix('['));
    inside.is_some_and(|inside| {
        // Read no further than a name goes: there may be many brackets.
        let rest = inside.trim_start_matches(|c: char| {
            c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
        });
        inside.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.starts_with(']')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str, fault: &str) -> Option<String> {
        let fault = text.find(fault).expect("a fault");
        opening(text, fault).map(|opening| text[opening.at..].chars().take(3).collect())
    }

    #[test]
    fn what_is_open_where_a_line_makes_no_sense() {
        let list = "[api]\na = [ # ]\n  \"]\", ']', [1],\nb = 2\nc = [3]\n";
        assert_eq!(open(list, "b = "), Some("[ #".to_owned()));
        let table = "a = { b = 2, c = [1]\n[[route]]\nid = { d = 1 }\n";
        assert_eq!(open(table, "[[route"), Some("{ b".to_owned()));
        assert_eq!(open("a = [1, \"b\nc = 2\n", "\nc"), Some("[1,".to_owned()));
        assert_eq!(opening("x = [\n  1,\n", 11).map(|open| open.at), Some(4));
        assert_eq!(open("x = \"\"\"a\\\"\"\"\ny = 1\n", "y = "), Some("\"\"\"".to_owned()));
    }

    #[test]
    fn what_is_closed_further_down_has_another_fault() {
        assert_eq!(open("a = [\n  [\"x\"]\n  [\"y\"],\n]\n[[b]]", "[\"y"), None);
        assert_eq!(open("a = {\n  b = 1\n  c = 2\n}\n[[d]]", "c = "), None);
        assert_eq!(open("a = \"\"\"\n\\q\n\"\"\"\n", "\\q"), None);
    }
}
