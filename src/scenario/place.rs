//! Places at which something was written.

/// A span of one of the texts a scenario was read from: bytes `start..end` of text `source`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the text among the scenario's texts; 0 is the file itself.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Place {
    /// The span `start..end` of text `source`.
    pub const fn new(source: usize, start: usize, end: usize) -> Self {
        Self { source, start, end }
    }
}
