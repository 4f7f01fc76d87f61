//! Reasons for which a log can't be read at all.

use std::io;

/// The reason for which a log can't be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An input failed.
    #[error("can't read `{name}`: {source}")]
    Io {
        /// Its name.
        name: String,
        /// The failure.
        source: io::Error,
    },
    /// There is nothing in it.
    #[error("`{0}` is empty: expected a delivery log")]
    Empty(String),
    /// UTF-32, or UTF-16 without a mark of its byte order or compressed.
    #[error(
        "`{0}` is text of two or four bytes a character: expected UTF-8, such as `iconv -f UTF-16 -t UTF-8` makes of \
         it, or UTF-16 with its byte order mark"
    )]
    Utf16(String),
    /// Something else than text, or no log of any kind.
    #[error("`{name}` is {what}: expected a log as text, compressed by gzip or not; {way_out}")]
    Kind {
        /// The input's name.
        name: String,
        /// The kind of file that it is.
        what: &'static str,
        /// Another way to read what is in it.
        way_out: &'static str,
    },
    /// No format has such lines.
    #[error(
        "`{name}` is no log of a format that is known{hint}: expected lines of a gateway, objects of JSON, or a \
         table that begins with its columns' names; name the format by --format ({formats}), or say what the \
         columns mean by --map COLUMN=NAME ({names})"
    )]
    Unrecognised {
        /// The input's name.
        name: String,
        /// Columns that may be shown.
        hint: String,
        /// All formats.
        formats: String,
        /// All names of meanings.
        names: String,
    },
    /// A table that begins with a row.
    #[error(
        "`{name}` has no header: its first line holds a time or a number where names of columns are expected. \
         Put a first line before it that names them, such as `id,submitted,done,status` (all names: {names}); \
         columns by other names are told by --map COLUMN=NAME"
    )]
    NoHeader {
        /// The input's name.
        name: String,
        /// All names of meanings.
        names: String,
    },
    /// Nothing says when.
    #[error(
        "`{name}` has no column of times that is known{hint}: say which it is by --map \
         COLUMN=submitted, and COLUMN=done"
    )]
    NoTimes {
        /// The input's name.
        name: String,
        /// Columns that may be shown.
        hint: String,
    },
    /// A column to be mapped isn't there.
    #[error("`{name}` has no column `{column}`{hint}")]
    NoColumn {
        /// The input's name.
        name: String,
        /// The column.
        column: String,
        /// Columns that may be shown.
        hint: String,
    },
    /// A resolution that times aren't multiples of.
    #[error(
        "--resolution {column}={given}: {times} are no multiples of it: they show {shown}; expected that, or \
         what it is a multiple of"
    )]
    Resolution {
        /// The column's name.
        column: &'static str,
        /// The times that it holds.
        times: &'static str,
        /// The resolution that was given.
        given: String,
        /// The one that they show.
        shown: String,
    },
    /// Inputs of several formats.
    #[error("`{name}` is of format {other}, and those before it of {format}: read them apart")]
    Mixed {
        /// The input's name.
        name: String,
        /// Its format.
        other: &'static str,
        /// The format of the others.
        format: &'static str,
    },
}
