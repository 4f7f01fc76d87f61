//! Ends that messages came to by a log's states and kinds, and what a scenario makes of each.

use std::collections::BTreeMap;

use super::{failed_before_a_carrier, kind};
use crate::logs::{Failure, Row, Status};

/// The end of a message as a log tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    pub(crate) status: Status,
    pub(crate) kind: Option<Failure>,
    /// `true` if it came to no carrier, as far as its row tells.
    before: bool,
}

/// Fate of a message that isn't delivered, in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// Nobody has the number.
    UnknownSubscriber,
    /// A carrier's filters that codes tell apart.
    Filtered,
    OptedOut,
    Permanent,
    /// The handset stayed away.
    Away,
    /// A carrier's filter that stands for whatever it was.
    Unexplained,
    /// The provider refuses it for good.
    Refused,
    /// The provider's failures of other kinds, until nobody tries any more.
    GivenUp,
    /// No receipt ever comes.
    Lost,
}

impl End {
    fn of(row: &Row<'_>, tells_accepted: bool) -> End {
        End { status: row.status, kind: kind(row), before: failed_at_submit(row, tells_accepted) }
    }

    /// The fate that the fit counts it as; `failed_before`: those that failed never came to a carrier.
    pub(crate) fn fate(self, failed_before: bool) -> Option<Fate> {
        use Failure::{
            Absent, Filtered, OptedOut, Other, Permanent, QueueFull, Throttled, Timeout, Transient,
            UnknownSubscriber,
        };
        match (self.status, self.kind) {
            (Status::Delivered, _) => None,
            (Status::Pending | Status::Unknown | Status::Cancelled, _) => Some(Fate::Lost),
            (Status::Expired, _) => Some(Fate::Away),
            (_, Some(Throttled | QueueFull | Transient | Timeout)) => Some(Fate::GivenUp),
            _ if failed_before && self.before => Some(Fate::Refused),
            (_, Some(UnknownSubscriber)) => Some(Fate::UnknownSubscriber),
            (_, Some(Filtered)) => Some(Fate::Filtered),
            (_, Some(OptedOut)) => Some(Fate::OptedOut),
            (_, Some(Permanent)) => Some(Fate::Permanent),
            (_, Some(Absent)) => Some(Fate::Away),
            (_, Some(Other) | None) => Some(Fate::Unexplained),
        }
    }
}

/// `true` if a message failed when it was submitted: its code says so, or, in a log that tells which messages a
/// provider took, none took it.
pub(super) fn failed_at_submit(row: &Row<'_>, tells_accepted: bool) -> bool {
    let refused = matches!(row.status, Status::Failed | Status::Rejected) && row.sent.is_none();
    failed_before_a_carrier(row) || refused && tells_accepted
}

/// Counts of ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ends(BTreeMap<End, u64>);

impl Ends {
    pub(super) fn add(&mut self, row: &Row<'_>, tells_accepted: bool) {
        if row.status != Status::Delivered && !row.unasked {
            *self.0.entry(End::of(row, tells_accepted)).or_default() += 1;
        }
    }

    pub(super) fn merge(&mut self, other: &Ends) {
        other.0.iter().for_each(|(&end, count)| *self.0.entry(end).or_default() += count);
    }

    /// Adds so many times as many of a state as receipts told of, from those that have no end: how many.
    pub(super) fn unheard(&mut self, status: Status, odds: f64) -> u64 {
        let told = |end: &End| end.status == status && !end.before;
        let mut left = self.count(|end| end.status == Status::Pending);
        let mut all = 0;
        for (_, count) in self.0.iter_mut().filter(|(end, _)| told(end)) {
            let more = ((odds * *count as f64).round() as u64).min(left);
            (*count, left, all) = (*count + more, left - more, all + more);
        }
        let mut taken = all;
        for (_, count) in self.0.iter_mut().filter(|(end, _)| end.status == Status::Pending) {
            let own = taken.min(*count);
            (*count, taken) = (*count - own, taken - own);
        }
        all
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (End, u64)> {
        self.0.iter().map(|(&end, &count)| (end, count))
    }

    /// Messages of which a scenario makes this.
    pub(crate) fn of(&self, fate: Fate, failed_before: bool) -> u64 {
        self.count(|end| end.fate(failed_before) == Some(fate))
    }

    /// The same of one state of the log's.
    pub(crate) fn of_state(&self, status: Status, fate: Fate, failed_before: bool) -> u64 {
        self.count(|end| end.status == status && end.fate(failed_before) == Some(fate))
    }

    fn count(&self, is: impl Fn(&End) -> bool) -> u64 {
        self.0.iter().filter(|(end, _)| is(end)).map(|(_, count)| count).sum()
    }
}
