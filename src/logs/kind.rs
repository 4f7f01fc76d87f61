//! Files that are no text, or no log of any kind, by how they begin.

/// A kind of file, and how the log in it can be read.
pub(super) struct Kind {
    pub(super) what: &'static str,
    pub(super) way_out: &'static str,
}

const CSV: &str = "save the sheet as CSV";

/// The kind that a file's first bytes show; `None` of what may be a log.
pub(super) fn kind(head: &[u8]) -> Option<Kind> {
    let has = |part: &[u8]| memchr::memmem::find(head, part).is_some();
    let (what, way_out) = match head {
        [b'P', b'K', 3, 4, ..] if has(b"[Content_Types].xml") || has(b"mimetypeapplication/") => {
            ("a spreadsheet", CSV)
        }
        [b'P', b'K', 3, 4, ..] => {
            ("a zip archive", "`unzip -p FILE | smschain fit -` reads what is in it")
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => ("a spreadsheet of old", CSV),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            ("compressed by zstd", "`zstd -dc FILE | smschain fit -` reads it")
        }
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => {
            ("compressed by bzip2", "`bzip2 -dc FILE | smschain fit -` reads it")
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => {
            ("compressed by xz", "`xz -dc FILE | smschain fit -` reads it")
        }
        [b'P', b'A', b'R', b'1', ..] => ("a Parquet file", "write its table as CSV"),
        _ if head.starts_with(b"SQLite format 3\0") => (
            "a database of SQLite",
            "`sqlite3 -csv -header FILE 'SELECT * FROM …' | smschain fit -` reads a table",
        ),
        _ if head.starts_with(b"%PDF-") => ("a PDF", "export the log as CSV or JSON"),
        _ if head.get(257..262) == Some(b"ustar") => {
            ("a tar archive", "`tar -xOf FILE | smschain fit -` reads what is in it")
        }
        _ => {
            let start = head.trim_ascii_start();
            let begins = |with: &[u8]| {
                start.get(..with.len()).is_some_and(|own| own.eq_ignore_ascii_case(with))
            };
            match () {
                () if begins(b"<!doctype html") || begins(b"<html") => {
                    ("a web page", "it may be that of a login: download the log itself")
                }
                () if begins(b"<?xml") => ("XML", "export the log as CSV or JSON"),
                () => return None,
            }
        }
    };
    Some(Kind { what, way_out })
}
