//! Spam scores.

use super::Arrival;
use crate::chain::trace::story::Sight;
use crate::random::DrawSource;

/// Finds bodies with a spam score of `threshold` or more.
#[derive(Debug)]
pub(super) struct Content {
    threshold: f64,
}

impl Content {
    pub(super) fn new(threshold: f64) -> Content {
        Content { threshold }
    }

    pub(super) fn looks(&self, it: &Arrival<'_>, chance: &impl DrawSource) -> (Sight, bool) {
        let score = it.people.spam_score(chance, it.message.root, it.extra.row);
        (Sight::Score(score), score >= self.threshold)
    }
}
