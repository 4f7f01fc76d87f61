//! One thing that is wrong, or suspicious, in a scenario.

use super::nearest;

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

/// Kind of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiagnosticKind {
    /// Not TOML.
    Syntax,
    /// A key the table doesn't have.
    UnknownKey,
    /// A value of another type.
    WrongType,
    /// A bare number where a unit is needed.
    MissingUnit,
    /// A unit that doesn't exist, or doesn't fit.
    WrongUnit,
    /// A value beyond its bounds.
    OutOfRange,
    /// A word that isn't among the choices.
    UnknownWord,
    /// Two kinds of a choice, or two keys that exclude each other.
    Several,
    /// A required key, table or kind isn't there.
    Missing,
    /// Two entries of one name.
    Duplicate,
    /// A name with characters it may not have.
    BadName,
    /// A name nothing goes by.
    Dangling,
    /// Settings that don't fit together.
    Conflict,
    /// A data file can't be read or understood.
    Data,
    /// A `--set` or `--unset` that can't be followed.
    Override,
    /// A key that makes no sense where it stands.
    Senseless,
    /// More mistakes than are told.
    TooMany,
    /// Legal but suspicious.
    Suspicious,
}

/// One thing that is wrong (an error) or suspicious (a warning).
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Its sort; [`DiagnosticKind::Suspicious`] is a warning, every other an error.
    pub kind: DiagnosticKind,
    /// Message: what is wrong, one sentence without a full stop.
    pub message: String,
    /// Place; `None` when nothing was written that could be pointed at.
    pub place: Option<Place>,
    /// Label under the underlined text: usually what was expected.
    pub label: String,
    /// Other places that matter, each with its own label.
    pub also: Vec<(Place, String)>,
    /// The way out, a sentence each.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic at a place.
    pub(crate) fn new(kind: DiagnosticKind, place: Place, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            place: Some(place),
            label: String::new(),
            also: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Says what was expected, under the underlined text.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says, under the underlined text, which of the `known` names may be meant by one that isn't
    /// among them; else what was expected.
    pub(crate) fn meant<'name>(
        self,
        name: &str,
        known: impl IntoIterator<Item = &'name str>,
        expected: impl Into<String>,
    ) -> Self {
        match nearest(name, known) {
            Some(near) => self.label(format!("did you mean `{near}`?")),
            None => self.label(expected),
        }
    }

    /// Shows another place.
    pub(crate) fn also(mut self, place: Place, label: impl Into<String>) -> Self {
        self.also.push((place, label.into()));
        self
    }

    /// Adds a way out.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// `true` if this is only a warning.
    pub fn is_warning(&self) -> bool {
        self.kind == DiagnosticKind::Suspicious
    }
}
