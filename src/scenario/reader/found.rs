//! Mistakes as they are found: the first of them as they are told, of the others the number.

use crate::scenario::{Diagnostic, DiagnosticKind, Place};

/// So many are kept: a file may hold a million.
const KEPT: usize = 1_000;

/// Errors that were found.
#[derive(Debug, Default)]
pub(super) struct Found {
    kept: Vec<Diagnostic>,
    /// Those beyond, and where the first of them is.
    more: usize,
    from: Option<Place>,
}

impl Found {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.kept.push(diagnostic);
            return;
        }
        self.from = self.from.or(diagnostic.place);
        self.more += 1;
    }

    /// True if further ones are only counted.
    pub(super) fn is_full(&self) -> bool {
        self.kept.len() >= KEPT
    }

    /// The number of them.
    pub(super) fn len(&self) -> usize {
        self.kept.len() + self.more
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Diagnostic> {
        self.kept.get_mut(index)
    }

    /// The last one, unless it was only counted.
    pub(super) fn last_mut(&mut self) -> Option<&mut Diagnostic> {
        if self.more > 0 { None } else { self.kept.last_mut() }
    }

    /// Forgets those after the first `length`.
    pub(super) fn truncate(&mut self, length: usize) {
        self.kept.truncate(length);
        self.more = length.saturating_sub(self.kept.len());
        if self.more == 0 {
            self.from = None;
        }
    }

    /// Those that were kept, and one about the others.
    pub(super) fn told(mut self) -> Vec<Diagnostic> {
        if let (Some(place), 1..) = (self.from, self.more) {
            let mistakes = if self.more == 1 { "mistake" } else { "mistakes" };
            let message = format!("{} more {mistakes} in the file", self.more);
            self.kept.push(
                Diagnostic::new(DiagnosticKind::TooMany, place, message)
                    .label(format!("the first {KEPT} that were found are told")),
            );
        }
        self.kept
    }
}
