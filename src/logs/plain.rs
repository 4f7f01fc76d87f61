//! Inputs without their compression, and in UTF-8.

use std::io::{self, BufReader, Chain, Cursor, Read};

use flate2::read::MultiGzDecoder;

use super::utf16::Utf16;

/// An input without its compression, or in UTF-8 where it is in UTF-16, which its first bytes tell.
pub(crate) fn plain<R: Read>(mut input: R) -> io::Result<Plain<R>> {
    let mut head = [0; 2];
    let mut length = 0;
    while length < head.len() {
        match input.read(&mut head[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if matches!(head, [0xff, 0xfe] | [0xfe, 0xff]) {
        return Ok(Plain::Utf16(Utf16::new(input, head[0] == 0xff)));
    }
    let whole = Cursor::new(head[..length].to_vec()).chain(input);
    Ok(if head == [0x1f, 0x8b] {
        Plain::Gzip(Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole))))
    } else {
        Plain::Text(whole)
    })
}

type Whole<R> = Chain<Cursor<Vec<u8>>, R>;

/// An input, its compression taken off.
pub(crate) enum Plain<R> {
    Text(Whole<R>),
    Utf16(Utf16<R>),
    Gzip(Box<MultiGzDecoder<BufReader<Whole<R>>>>),
}

impl<R: Read> Read for Plain<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Plain::Text(input) => input.read(into),
            Plain::Utf16(input) => input.read(into),
            Plain::Gzip(input) => input.read(into),
        }
    }
}

/// `true` if a compressed input is broken off or damaged.
pub(super) fn is_cut(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | InvalidData | InvalidInput)
}
