//! Errors in an expression.

use std::fmt;
use std::ops::Range;

/// A mistake in the text of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// Its bytes in the text; empty where something is missing.
    pub range: Range<usize>,
    /// The error, one sentence without a full stop.
    pub message: String,
    /// The text that was expected there.
    pub expected: String,
    /// The way out, if one can be guessed.
    pub help: Option<String>,
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (at byte {}): {}", self.message, self.range.start, self.expected)?;
        self.help.iter().try_for_each(|help| write!(out, "; {help}"))
    }
}

impl std::error::Error for ExpressionError {}
