//! UTF-16, as spreadsheets write it, as UTF-8.

use std::io::{self, Read};

/// Bytes that are read at once.
const CHUNK: usize = 1 << 14;

/// An input in UTF-16, after its mark of the byte order, as UTF-8. Halves of characters without their other half
/// become U+FFFD.
pub(crate) struct Utf16<R> {
    input: R,
    little: bool,
    /// Bytes that were read and make no whole character yet.
    open: Vec<u8>,
    /// The text, and how much of it was handed over.
    text: String,
    given: usize,
    ended: bool,
}

impl<R: Read> Utf16<R> {
    pub(super) fn new(input: R, little: bool) -> Self {
        let (open, text) = (Vec::new(), String::new());
        Utf16 { input, little, open, text, given: 0, ended: false }
    }

    /// Reads on until there is text, or nothing more.
    fn more(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.ended {
            let before = self.open.len();
            self.open.resize(before + CHUNK, 0);
            let read = match self.input.read(&mut self.open[before..]) {
                Ok(read) => read,
                Err(error) => {
                    self.open.truncate(before);
                    return Err(error);
                }
            };
            self.open.truncate(before + read);
            self.ended = read == 0;
            self.decode();
        }
        Ok(())
    }

    fn decode(&mut self) {
        let pair = |pair: &[u8; 2]| match self.little {
            true => u16::from_le_bytes(*pair),
            false => u16::from_be_bytes(*pair),
        };
        let (pairs, odd) = self.open.as_chunks::<2>();
        // The other half of the last one may be still to come.
        let is_half = |pair: u16| (0xd800..0xdc00).contains(&pair);
        let waits = !self.ended && pairs.last().is_some_and(|last| is_half(pair(last)));
        let whole = pairs.len() - usize::from(waits);
        let units = pairs[..whole].iter().map(pair);
        let decoded = char::decode_utf16(units);
        self.text.extend(decoded.map(|own| own.unwrap_or(char::REPLACEMENT_CHARACTER)));
        if self.ended && !odd.is_empty() {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
        self.open.drain(..2 * whole);
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.more()?;
        }
        let left = self.text.as_bytes().get(self.given..).unwrap_or_default();
        let length = left.len().min(into.len());
        into[..length].copy_from_slice(&left[..length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An input that gives so many bytes at once.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(into.len());
            self.0.read(&mut into[..most])
        }
    }

    #[test]
    fn text_is_the_same_however_it_comes() {
        let text = "id;Größe\r\n1;\u{1f600}x€\n".repeat(2_000);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for most in [1, 3, 4_096, 1 << 20] {
            for (bytes, is_little) in [(&little, true), (&big, false)] {
                let mut read = String::new();
                let mut input = Utf16::new(Slow(bytes, most), is_little);
                input.read_to_string(&mut read).unwrap();
                assert!(read == text, "{most} at once");
            }
        }
        let mut read = String::new();
        Utf16::new(&b"a\0\x3d\xd8b\0\x3d\xd8c"[..], true).read_to_string(&mut read).unwrap();
        assert_eq!(read, "a\u{fffd}b\u{fffd}\u{fffd}");
    }
}
