//! Words of a log for what a scenario can't tell apart: what the fit took for one thing may have several.

use crate::fit::gather::{Cell, End, Fate};
use crate::logs::{Failure, Status};

/// Words of a log for each fate of a message, each as often as the part that was fitted has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Words {
    words: Vec<Word>,
    /// The share of messages for which no receipt was asked, of those a provider took.
    unasked: f64,
}

/// A state with its kind.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Word {
    fate: Fate,
    status: Status,
    kind: Option<Failure>,
    count: f64,
}

impl Words {
    /// Those of the part that was fitted; of what never comes to an end so many were `lost`, by the fit.
    pub(crate) fn of(cell: &Cell, failed_before: bool, lost: f64) -> Words {
        let never = cell
            .ends
            .iter()
            .filter(|(end, _)| matches!(end.status, Status::Unknown | Status::Cancelled));
        let never: u64 = never.map(|(_, count)| count).sum();
        let word = |(end, count): (End, u64)| {
            // Of those that are pending some are under way.
            let count = match end.status {
                Status::Pending => (lost - never as f64).clamp(0.0, count as f64),
                _ => count as f64,
            };
            let fate = end.fate(failed_before)?;
            Some(Word { fate, status: end.status, kind: end.kind, count })
        };
        let words = cell.ends.iter().filter_map(word).filter(|word| word.count > 0.0).collect();
        let at_submit =
            cell.ends.of(Fate::Refused, failed_before) + cell.ends.of(Fate::GivenUp, failed_before);
        let taken = cell.rows().saturating_sub(at_submit).max(1);
        Words { words, unasked: cell.unasked as f64 / taken as f64 }
    }

    /// The log's word for the fate of a message, the same for the same message; `None` if it has none.
    pub(crate) fn word(&self, fate: Fate, message: u64) -> Option<(Status, Option<Failure>)> {
        let own = || self.words.iter().filter(|word| word.fate == fate);
        let all: f64 = own().map(|word| word.count).sum();
        let mut left = share(message, 1) * all;
        let mut found = None;
        for word in own() {
            found = Some((word.status, word.kind));
            left -= word.count;
            if left < 0.0 {
                break;
            }
        }
        found
    }

    /// `true` if no receipt was asked for a message.
    pub(crate) fn is_unasked(&self, message: u64) -> bool {
        self.unasked > 0.0 && share(message, 2) < self.unasked
    }
}

/// One of several things, the same for the same message.
pub(super) fn chosen<T>(all: &[T], message: u64) -> Option<&T> {
    all.get((share(message, 3) * all.len() as f64) as usize)
}

/// A number in [0, 1) that is a message's own, for each use another one.
fn share(message: u64, of: u64) -> f64 {
    // SplitMix64's finish.
    let mut z = message.wrapping_add(of.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
