//! The lines and objects of an input, of which only one at a time is in memory.

use std::io::{self, Read};
use std::ops::Range;

use memchr::memchr;

/// Bytes of the longest line, record or object.
pub(super) const LONGEST: usize = 1 << 20;
/// Bytes that are read at once.
const CHUNK: usize = 1 << 16;
/// Bytes of a record with line breaks in its quotes: a quote that is never closed would take all.
const LONGEST_QUOTED: usize = 1 << 16;

/// Quotes that are never closed, after which no more lines are looked at for the end of one: it would
/// be looked for from each line anew.
const UNCLOSED: u32 = 1_000;

/// An input, read as it is asked for.
pub(super) struct Lines<R> {
    input: R,
    bytes: Vec<u8>,
    /// Bytes that were read and not yet taken.
    left: Range<usize>,
    ended: bool,
    /// The failure of a look ahead, told when what comes after it is wanted.
    failed: Option<io::Error>,
    /// The number of the line that comes next, from 1.
    pub(super) line: u64,
    /// The byte that ends a line: of old Macs a carriage return.
    end: u8,
    /// Quotes that were never closed.
    unclosed: u32,
}

/// A line or object that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Place among [`Lines::bytes`], and the number of its first line.
    At(Range<usize>, u64),
    /// One that is too long, left out.
    TooLong(u64),
}

impl<R: Read> Lines<R> {
    /// Begins to read; a byte order mark is left out.
    pub(super) fn new(input: R) -> io::Result<Self> {
        let mut lines = Lines {
            input,
            bytes: Vec::new(),
            left: 0..0,
            ended: false,
            failed: None,
            line: 1,
            end: b'\n',
            unclosed: 0,
        };
        lines.more()?;
        if lines.rest().starts_with(b"\xef\xbb\xbf") {
            lines.left.start += 3;
        }
        if !lines.rest().contains(&b'\n') && lines.rest().contains(&b'\r') {
            lines.end = b'\r';
        }
        Ok(lines)
    }

    /// Bytes in memory and not yet taken: at the beginning some kilobytes of the input.
    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[self.left.clone()]
    }

    pub(super) fn bytes(&self, range: &Range<usize>) -> &[u8] {
        &self.bytes[range.clone()]
    }

    /// The first cell of what comes next, if it is short and in memory.
    pub(super) fn next_cell(&self, separator: u8) -> Option<&[u8]> {
        let rest = self.rest();
        let head = rest.get(..64).unwrap_or(rest);
        memchr(separator, head).map(|end| &head[..end])
    }

    /// Reads ahead until so many bytes are in memory; false if there aren't so many.
    pub(super) fn ahead(&mut self, bytes: usize) -> bool {
        while self.left.len() < bytes {
            match self.more() {
                Ok(true) => {}
                Ok(false) => return false,
                Err(error) => {
                    self.failed = Some(error);
                    return false;
                }
            }
        }
        true
    }

    /// Reads on; false at the end.
    fn more(&mut self) -> io::Result<bool> {
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        if self.ended {
            return Ok(false);
        }
        if self.left.start > 0 {
            self.bytes.copy_within(self.left.clone(), 0);
            self.left = 0..self.left.len();
        }
        let before = self.left.end;
        self.bytes.resize(before + CHUNK, 0);
        // A decoder gives little at a time: the first look should see some lines.
        while self.left.end < self.bytes.len() {
            match self.input.read(&mut self.bytes[self.left.end..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(read) => self.left.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.left.end > before)
    }

    /// The place of a byte from `from` on, counted from what is left; reads on for it.
    fn find(&mut self, wanted: u8, from: usize) -> io::Result<Option<usize>> {
        let mut looked = from;
        loop {
            let rest = self.rest();
            if let Some(at) = rest.get(looked..).and_then(|rest| memchr(wanted, rest)) {
                return Ok(Some(looked + at));
            }
            looked = rest.len();
            if looked > LONGEST || !self.more()? {
                return Ok(None);
            }
        }
    }

    /// The next line, without its end.
    pub(super) fn line(&mut self) -> io::Result<Option<Found>> {
        let number = self.line;
        match self.find(self.end, 0)? {
            Some(at) => Ok(Some(self.take(at, at + 1, number))),
            None if self.left.len() > LONGEST => {
                self.skip_line()?;
                Ok(Some(Found::TooLong(number)))
            }
            None if self.left.is_empty() => Ok(None),
            None => {
                let all = self.left.len();
                Ok(Some(self.take(all, all, number)))
            }
        }
    }

    fn take(&mut self, length: usize, with_end: usize, number: u64) -> Found {
        let start = self.left.start;
        let mut end = start + length;
        if end > start && self.bytes[end - 1] == b'\r' {
            end -= 1;
        }
        self.left.start += with_end;
        self.line += 1;
        Found::At(start..end, number)
    }

    /// Leaves out the rest of a line.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(at) = memchr(self.end, self.rest()) {
                self.left.start += at + 1;
                break;
            }
            self.left.start = self.left.end;
            if !self.more()? {
                break;
            }
        }
        self.line += 1;
        Ok(())
    }

    /// The next record of a table, which may have line breaks in quotes, and whether its quotes are
    /// closed; one whose aren't ends with its first line.
    pub(super) fn record(&mut self, separator: u8) -> io::Result<Option<(Found, bool)>> {
        let Some(first) = self.find(self.end, 0)? else {
            let line = self.line()?;
            let closed = match &line {
                Some(Found::At(range, _)) => is_closed(self.bytes(range), separator),
                _ => true,
            };
            return Ok(line.map(|line| (line, closed)));
        };
        let number = self.line;
        let mut quotes = Quotes::default();
        if quotes.after(&self.rest()[..first], separator) {
            return Ok(Some((self.take(first, first + 1, number), true)));
        }
        let mut at = first;
        let mut lines = 1;
        while self.unclosed < UNCLOSED {
            let next = self.find(self.end, at + 1)?;
            let end = next.unwrap_or(self.left.len());
            if at >= end || end > LONGEST_QUOTED {
                break;
            }
            lines += 1;
            if quotes.after(&self.rest()[at..end], separator) {
                let with_end = if next.is_some() { end + 1 } else { end };
                let found = self.take(end, with_end, number);
                self.line = number + lines;
                return Ok(Some((found, true)));
            }
            if next.is_none() {
                break;
            }
            at = end;
        }
        self.unclosed += 1;
        Ok(Some((self.take(first, first + 1, number), false)))
    }

    /// Gives back all but the first line of a record that was the last thing taken.
    pub(super) fn give_back(&mut self, record: &Range<usize>, number: u64) {
        if let Some(at) = memchr(self.end, self.bytes(record)) {
            self.left.start = record.start + at + 1;
            self.line = number + 1;
        }
    }

    /// The next object of a text of JSON: one at the top, an element of an array at the top, or an
    /// element of the array that an object at the top holds under one of `lists`.
    pub(super) fn object(
        &mut self,
        place: &mut Inside,
        lists: &[&str],
    ) -> io::Result<Option<Found>> {
        let mut scan = Scan::new(*place);
        loop {
            let Some(&byte) = self.rest().get(scan.at) else {
                if scan.at <= LONGEST && self.more()? {
                    continue;
                }
                let start = self.left.start + scan.start;
                let range = start..self.left.end;
                self.left.start = self.left.end;
                // One that isn't finished is told as it is.
                return Ok(match scan.line {
                    None => None,
                    Some(line) if range.len() > LONGEST => {
                        *place = Inside::Top;
                        Some(Found::TooLong(line))
                    }
                    Some(line) => Some(Found::At(range, line)),
                });
            };
            self.line += u64::from(byte == b'\n');
            match scan.take(byte, self.line) {
                Step::On => {}
                Step::Array => {
                    let name = self.bytes.get(self.left.start + scan.name.start..);
                    let name = name.and_then(|bytes| bytes.get(..scan.name.len()));
                    if *place == Inside::Top
                        && lists.iter().any(|list| Some(list.as_bytes()) == name)
                    {
                        *place = Inside::List;
                        self.left.start += scan.at;
                        scan = Scan::new(*place);
                    }
                }
                Step::ListEnded => {
                    *place = Inside::Tail;
                    self.left.start += scan.at;
                    scan = Scan::new(*place);
                }
                Step::TailEnded => {
                    *place = Inside::Top;
                    self.left.start += scan.at;
                    scan = Scan::new(*place);
                }
                Step::Object => {
                    let range = self.left.start + scan.start..self.left.start + scan.at;
                    self.left.start += scan.at;
                    return Ok(Some(Found::At(range, scan.line.unwrap_or(self.line))));
                }
            }
            // Between objects nothing is kept.
            if scan.line.is_none() && scan.at >= CHUNK {
                self.left.start += scan.at;
                scan.at = 0;
            }
        }
    }
}

/// The part of a text of JSON in which the next object is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Inside {
    /// At the top, or in an array there.
    #[default]
    Top,
    /// In the list that an object holds.
    List,
    /// In what follows that list.
    Tail,
}

/// A walk over JSON, byte by byte.
struct Scan {
    inside: Inside,
    at: usize,
    /// Place where the object begins, and its line; there is none yet without a line.
    start: usize,
    line: Option<u64>,
    /// Brackets that are open.
    depth: u32,
    string: bool,
    escaped: bool,
    /// The last string of the object itself.
    name: Range<usize>,
}

enum Step {
    On,
    /// An array began in the object itself.
    Array,
    Object,
    ListEnded,
    TailEnded,
}

impl Scan {
    fn new(inside: Inside) -> Self {
        let depth = u32::from(inside == Inside::Tail);
        let (string, escaped) = (false, false);
        Scan { inside, at: 0, start: 0, line: None, depth, string, escaped, name: 0..0 }
    }

    fn take(&mut self, byte: u8, line: u64) -> Step {
        self.at += 1;
        if self.string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.string = false;
                    self.name.end = self.at - 1;
                }
                _ => {}
            }
            return Step::On;
        }
        match byte {
            b'"' if self.depth > 0 => {
                self.string = true;
                if self.depth == 1 {
                    self.name = self.at..self.at;
                }
            }
            b'{' if self.depth == 0 => {
                (self.start, self.line, self.depth) = (self.at - 1, Some(line), 1);
            }
            b'{' | b'[' if self.depth > 0 => {
                self.depth += 1;
                if byte == b'[' && self.depth == 2 && self.inside == Inside::Top {
                    return Step::Array;
                }
            }
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                if self.depth == 0 {
                    return if self.inside == Inside::Tail {
                        Step::TailEnded
                    } else {
                        Step::Object
                    };
                }
            }
            b']' if self.inside == Inside::List => return Step::ListEnded,
            _ => {}
        }
        Step::On
    }
}

/// The quotes of a record that may go over several lines.
#[derive(Default)]
struct Quotes {
    open: bool,
}

impl Quotes {
    /// `true` if they are closed after a further part.
    fn after(&mut self, part: &[u8], separator: u8) -> bool {
        if !self.open && memchr(b'"', part).is_none() {
            return true;
        }
        let mut begins = true;
        let mut bytes = part.iter().peekable();
        while let Some(&byte) = bytes.next() {
            if self.open {
                if byte == b'"' {
                    if bytes.peek() == Some(&&b'"') {
                        bytes.next();
                    } else {
                        self.open = false;
                        begins = false;
                    }
                }
            } else if byte == b'"' && begins {
                self.open = true;
            } else {
                begins = byte == separator;
            }
        }
        !self.open
    }
}

fn is_closed(record: &[u8], separator: u8) -> bool {
    Quotes::default().after(record, separator)
}

/// The cells of a record that is closed, as ranges of `line`, or of `plain` where cells had quotes
/// within quotes: whichever of the two is returned.
pub(super) fn cells<'a>(
    line: &'a [u8],
    separator: u8,
    plain: &'a mut Vec<u8>,
    cells: &mut Vec<Range<usize>>,
) -> &'a [u8] {
    cells.clear();
    if memchr(b'"', line).is_none() {
        split(line, separator, cells);
        return line;
    }
    plain.clear();
    let (mut start, mut begins, mut open) = (0, true, false);
    let mut bytes = line.iter().peekable();
    while let Some(&byte) = bytes.next() {
        if open {
            if byte != b'"' {
                plain.push(byte);
            } else if bytes.peek() == Some(&&b'"') {
                bytes.next();
                plain.push(byte);
            } else {
                open = false;
            }
        } else if byte == b'"' && begins {
            (open, begins) = (true, false);
        } else if byte == separator {
            cells.push(start..plain.len());
            (start, begins) = (plain.len(), true);
        } else {
            plain.push(byte);
            begins = false;
        }
    }
    cells.push(start..plain.len());
    plain
}

/// The cells of a record without quotes. They are short: a search for each separator would take longer
/// than a look at every byte, of which a processor takes many at a time.
fn split(line: &[u8], separator: u8, cells: &mut Vec<Range<usize>>) {
    let (blocks, rest) = line.as_chunks::<64>();
    let mut start = 0;
    let mut take = |base: usize, mut found: u64| {
        while found > 0 {
            let at = base + found.trailing_zeros() as usize;
            cells.push(start..at);
            start = at + 1;
            found &= found - 1;
        }
    };
    for (number, block) in blocks.iter().enumerate() {
        take(64 * number, places(block, separator));
    }
    let mut last = [0; 64];
    last[..rest.len()].copy_from_slice(rest);
    // Of a separator that is 0 there may be more than are read.
    take(64 * blocks.len(), places(&last, separator) & !(u64::MAX << rest.len()));
    cells.push(start..line.len());
}

/// The places of a byte, a bit each.
fn places(block: &[u8; 64], wanted: u8) -> u64 {
    // In loops that compilers make one instruction for sixteen bytes of.
    let bit = |at: usize| if block[at] == wanted { 1_u8 << (at % 8) } else { 0 };
    let bits: [u8; 64] = std::array::from_fn(bit);
    let (eights, _) = bits.as_chunks::<8>();
    // The sum of eight bytes is in the upper one of a product.
    let together = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(u64::MAX / 255) >> 56;
    eights.iter().rev().fold(0, |places, eight| places << 8 | together(eight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(String, u64, bool)> {
        let mut lines = Lines::new(text.as_bytes()).unwrap();
        let mut all = Vec::new();
        while let Some((found, closed)) = lines.record(b',').unwrap() {
            let Found::At(range, line) = found else { panic!("too long") };
            all.push((String::from_utf8_lossy(lines.bytes(&range)).into_owned(), line, closed));
        }
        all
    }

    #[test]
    fn a_record_ends_where_its_quotes_are_closed() {
        let read = records("\u{feff}a,b\r\n1,\"two\nlines\"\n\n2,5\" pipe\n3,\"never closed\n4,x");
        let expected = [
            ("a,b", 1, true),
            ("1,\"two\nlines\"", 2, true),
            ("", 4, true),
            ("2,5\" pipe", 5, true),
            ("3,\"never closed", 6, false),
            ("4,x", 7, true),
        ];
        let own: Vec<_> = read.iter().map(|(text, line, ok)| (text.as_str(), *line, *ok)).collect();
        assert_eq!(own, expected);
        assert_eq!(records("a,b\r1,2\r").len(), 2, "old Macs");
        assert_eq!(records(""), []);
    }

    #[test]
    fn cells_are_those_of_rfc_4180() {
        let (mut plain, mut ranges) = (Vec::new(), Vec::new());
        let mut split = |line: &str| -> Vec<String> {
            let base = cells(line.as_bytes(), b',', &mut plain, &mut ranges);
            ranges.iter().map(|cell| String::from_utf8_lossy(&base[cell.clone()]).into()).collect()
        };
        assert_eq!(split("a,,b"), ["a", "", "b"]);
        assert_eq!(split("\"a,1\",\"say \"\"hi\"\"\",c"), ["a,1", "say \"hi\"", "c"]);
        assert_eq!(split(""), [""]);
        assert_eq!(split("a,5\" pipe,"), ["a", "5\" pipe", ""]);
        // Bytes that are separators but for a bit, and separators anywhere.
        let long = "é-,\u{ad},,\u{ac}\u{2c},\u{1}-,abcdefgh,12345678,,,,,,,,,\u{7f}x,-,+,";
        assert_eq!(split(long), long.split(',').collect::<Vec<_>>());
    }

    #[test]
    fn a_line_without_an_end_takes_no_memory() {
        let mut lines = Lines::new(io::repeat(b'x').take(40 << 20)).unwrap();
        assert_eq!(lines.line().unwrap(), Some(Found::TooLong(1)));
        assert_eq!(lines.line().unwrap(), None);
        assert!(lines.bytes.capacity() < 8 << 20);
    }

    fn objects(text: &str) -> Vec<(String, u64)> {
        let mut lines = Lines::new(text.as_bytes()).unwrap();
        let (mut place, mut all) = (Inside::default(), Vec::new());
        while let Some(found) = lines.object(&mut place, &["messages"]).unwrap() {
            let Found::At(range, line) = found else { panic!("too long") };
            all.push((String::from_utf8_lossy(lines.bytes(&range)).into_owned(), line));
        }
        all
    }

    #[test]
    fn objects_are_found_wherever_exports_put_them() {
        let one = |text: &str| (text.to_owned(), 1);
        assert_eq!(objects("[{\"a\":\"}\\\"\"},{}]"), [one("{\"a\":\"}\\\"\"}"), one("{}")]);
        let page = "{\"page\":[1],\"messages\":[{\"x\":[{}]},{}],\"tail\":{\"y\":[{}]}}\n{\"messages\":[{}]}";
        let found = objects(page);
        assert_eq!(found, [one("{\"x\":[{}]}"), one("{}"), ("{}".to_owned(), 2)]);
        assert_eq!(
            objects("{\"a\":1}\n{\"b\": [2]}"),
            [one("{\"a\":1}"), ("{\"b\": [2]}".to_owned(), 2)]
        );
        assert_eq!(objects("[{\"a\":1},{\"b\""), [one("{\"a\":1}"), one("{\"b\"")]);
    }
}
