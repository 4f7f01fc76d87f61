//! Values with units, read from text and written back exactly.

pub(crate) mod clock;
pub(crate) mod duration;
pub(crate) mod money;
pub(crate) mod rate;
pub(crate) mod share;
pub(crate) mod tokens;

use super::{Diagnostic, DiagnosticKind, Place};

/// Reason why a text isn't a value of its kind; the reader adds the place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Complaint {
    pub(crate) kind: DiagnosticKind,
    /// Message: what is wrong.
    pub(crate) message: String,
    /// Label: what was expected.
    pub(crate) label: String,
    /// The fix, if one can be guessed.
    pub(crate) help: Option<String>,
}

impl Complaint {
    pub(crate) fn new(
        kind: DiagnosticKind,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Self {
        Self { kind, message: message.into(), label: label.into(), help: None }
    }

    /// A value beyond its bounds: `5` is below 0.
    pub(crate) fn beyond(text: &str, is: &str, expected: impl Into<String>) -> Self {
        Self::new(DiagnosticKind::OutOfRange, format!("`{}` is {is}", short(text)), expected)
    }

    /// A text that is no value of its kind: `x` is not a rate.
    pub(crate) fn wrong(text: &str, noun: &str, expected: impl Into<String>) -> Self {
        Self::new(DiagnosticKind::WrongType, format!("`{}` is not {noun}", short(text)), expected)
    }

    /// The error about a value that was written there.
    pub(crate) fn at(self, place: Place) -> Diagnostic {
        let mut error = Diagnostic::new(self.kind, place, self.message).label(self.label);
        error.help.extend(self.help);
        error
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A text cut to a length that fits in a sentence.
pub(crate) fn short(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        text.to_owned()
    } else {
        text.chars().take(LONGEST).chain(['…']).collect()
    }
}
