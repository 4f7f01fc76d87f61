//! A text of lines, read as far as it is one.

use std::io::{BufRead, BufReader, Read};

/// The longest line, in bytes.
const LONGEST: usize = 1 << 20;

/// Reads a text of at most so many bytes whose lines are no longer than a line may be, unless it is JSON, which
/// may be all one line, or says what is wrong with it. What is no text of lines, a disk's image or a file full of nothing, is refused before
/// it fills the memory.
pub(super) fn read(file: impl Read, most: u64) -> Result<String, String> {
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut bytes = Vec::new();
    let (mut line, mut length) = (1_u64, 0_usize);
    let mut is_json = false;
    loop {
        let part = reader.fill_buf().map_err(|error| error.to_string())?;
        if part.is_empty() {
            break;
        }
        if bytes.is_empty() {
            let first = part.iter().find(|byte| !byte.is_ascii_whitespace());
            is_json = first.is_some_and(|byte| matches!(byte, b'[' | b'{'));
        }
        for byte in part {
            if matches!(byte, b'\n' | b'\r') {
                // Both together end one line.
                line += u64::from(*byte == b'\n' || length > 0);
                length = 0;
            } else {
                length += 1;
            }
            if length > LONGEST && !is_json {
                return Err(format!("line {line} is longer than 1 MiB: expected a CSV file"));
            }
        }
        bytes.extend_from_slice(part);
        let read = part.len();
        reader.consume(read);
        if bytes.len() as u64 > most {
            return Err(format!("expected a file of at most {} GB", most >> 30));
        }
    }
    String::from_utf8(bytes).map_err(|error| format!("it is no UTF-8 text: {}", error.utf8_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_of_lines_is_read() {
        assert_eq!(read(&b"a,b\r\n1,2\n"[..], 100).as_deref(), Ok("a,b\r\n1,2\n"));
        // It would never end.
        let zeros = read(std::io::repeat(0), u64::MAX).unwrap_err();
        assert_eq!(zeros, "line 1 is longer than 1 MiB: expected a CSV file");
        let second = b"a\n".chain(std::io::repeat(b'x'));
        assert!(read(second, u64::MAX).unwrap_err().starts_with("line 2 "));
        let json = format!("[{}1]", "1, ".repeat(LONGEST));
        assert_eq!(read(json.as_bytes(), u64::MAX).as_ref(), Ok(&json));
        let endless = read(std::io::repeat(b'\n'), 1 << 30).unwrap_err();
        assert_eq!(endless, "expected a file of at most 1 GB");
        assert!(read(&b"\xff\n"[..], 100).unwrap_err().starts_with("it is no UTF-8 text"));
    }
}
