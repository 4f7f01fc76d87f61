//! All errors of a scenario at once.

use super::texts::Columns;
use super::{Diagnostic, Texts, render};

/// Everything that is wrong with a scenario, in order of place.
#[derive(Debug, Clone)]
pub struct Errors {
    texts: Texts,
    diagnostics: Vec<Diagnostic>,
}

/// An error's place and words, for callers that don't want a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The text's name: the file, `command line`, or a data file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Message: what is wrong.
    pub message: String,
    /// The text under what is underlined: mostly what was expected. May be empty.
    pub expected: String,
    /// Ways out, a sentence each.
    pub hints: Vec<String>,
}

impl Errors {
    pub(crate) fn new(texts: Texts, mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by_key(|diagnostic| diagnostic.place);
        diagnostics.dedup();
        Self { texts, diagnostics }
    }

    /// The errors; never empty.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Each error's file, line, column and message.
    pub fn located(&self) -> Vec<Located> {
        // They are in order of place.
        let mut columns = Columns::new(&self.texts);
        self.diagnostics
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.place;
                let (line, column) = place.map_or((1, 1), |place| columns.of(place));
                Located {
                    file: self.texts.name(place.map_or(0, |place| place.source)).to_owned(),
                    line,
                    column,
                    message: diagnostic.message.clone(),
                    expected: diagnostic.label.clone(),
                    hints: diagnostic.help.clone(),
                }
            })
            .collect()
    }

    /// The errors as a person reads them, with or without colour.
    pub fn render(&self, colour: bool) -> String {
        render::render(&self.texts, &self.diagnostics, colour)
    }
}

impl std::fmt::Display for Errors {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.render(false))
    }
}

impl std::error::Error for Errors {}
