//! Attempts that are no failures: submits of a message's parts, and resends of what had been accepted.

use std::collections::BTreeSet;

use super::durations::Durations;
use super::slice::{Cell, Slice};
use crate::logs::{Row, Status};
use crate::stats::clopper_pearson;

/// Of messages of several parts so many times more took at least as many attempts as they have parts as took
/// fewer, where the log counts submits of parts.
const MORE: u64 = 10;
/// The share of first acceptances that is looked at, sooner than which two answers in a row are rare; and
/// larger ones, which tell more if what lies between is the same.
const SOON: f64 = 0.1;
const LATER: [f64; 5] = [0.95, 0.75, 0.5, 0.25, SOON];
/// The share of messages tried again that had been accepted at the first attempt must be surely above this:
/// what is below may be quick refusals beside slow acceptances.
const RESENT: f64 = 0.25;
/// Messages tried again without which it isn't told.
const LEAST: u64 = 20;

/// Messages of several parts, by what a log counts of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// Those that were accepted with fewer attempts than parts, and the others.
    fewer: u64,
    as_many: u64,
}

impl Parts {
    /// The attempts of a row at the whole message. Where a log counts submits of parts, no message of n parts
    /// is accepted with fewer than n; so the first that is tells that it doesn't.
    pub(super) fn attempts(&mut self, row: &Row<'_>) -> Option<u32> {
        let attempts = row.attempts?;
        let parts = row.segments.unwrap_or(1);
        if parts < 2 {
            return Some(attempts);
        }
        if row.status == Status::Delivered || row.sent.is_some() {
            let own = if attempts < parts { &mut self.fewer } else { &mut self.as_many };
            *own += 1;
        }
        Some(if self.counted() > 0 || self.fewer == 0 {
            attempts.saturating_sub(parts - 1).max(1)
        } else {
            attempts
        })
    }

    /// Messages of which submits of parts were counted; none where attempts are those at messages.
    pub(super) fn counted(self) -> u64 {
        if self.as_many > MORE * self.fewer { self.as_many } else { 0 }
    }
}

impl Slice {
    /// Counts of which resends of what had been accepted are no attempts. An attempt after a failure makes an
    /// acceptance later by another answer: two answers are both within the shortest q of first ones with a
    /// probability below q², and of messages that were accepted at the first attempt, and sent again for want
    /// of a receipt, q are. Of providers whose messages wait `in_line` nothing is told.
    pub(super) fn without_resends(mut self, in_line: &dyn Fn(u16) -> bool) -> Slice {
        if self.cells.values().all(|cell| cell.to_sent.len() < 2) {
            return self;
        }
        let providers: BTreeSet<u16> = self.cells.keys().map(|&(provider, _)| provider).collect();
        for provider in providers.into_iter().filter(|&own| !in_line(own)) {
            let all = self.of(Some(provider), None);
            let Some(first) = all.to_sent.first() else { continue };
            let shares: Vec<f64> = all.to_sent.iter().map(|again| resent(first, again)).collect();
            let own = self.cells.iter_mut().filter(|((of, _), _)| *of == provider);
            own.for_each(|(_, cell)| cell.resent(&shares, first));
        }
        self
    }
}

/// The share of those tried again that had been accepted at the first attempt.
fn resent(first: &Durations, again: &Durations) -> f64 {
    if again.count() < LEAST || first.count() < LEAST {
        return 0.0;
    }
    // By how many are as soon as a share of first ones: the share, and the ends of its interval.
    let by = |share: f64| {
        let until = first.quantile(share)?;
        let below = |of: &Durations| of.split(until).0.count();
        let usual = below(first) as f64 / first.count() as f64;
        let of = |share: f64| if usual > 0.0 { share / usual } else { 0.0 };
        let [least, most] = clopper_pearson(below(again), again.count());
        Some((of(below(again) as f64 / again.count() as f64), of(least), of(most)))
    };
    let Some((_, least, most)) = by(SOON).filter(|&(_, least, _)| least > RESENT) else {
        return 0.0;
    };
    let same = LATER.into_iter().filter_map(by).find(|own| (least..=most).contains(&own.0));
    // All of them, as far as chance lets it be told.
    same.map_or(0.0, |(share, _, most)| if most >= 1.0 { 1.0 } else { share })
}

impl Cell {
    /// `true` if most of those tried again had been accepted at the first attempt.
    pub(crate) fn mostly_resent(&self) -> bool {
        self.resent > self.attempts.iter().skip(2).sum()
    }

    /// Takes the shares of those tried twice, three times … as tried once: `shares` by attempts, of which the
    /// first says nothing.
    fn resent(&mut self, shares: &[f64], first: &Durations) {
        let again = self.to_sent.iter_mut().zip(shares).enumerate().skip(1);
        let mut taken = 0;
        for (place, (own, &share)) in again.filter(|(_, (_, share))| **share > 0.0) {
            let before = own.count();
            *own = match share {
                1.0 => Durations::default(),
                share => own.without(share * before as f64, first),
            };
            let mut left = before - own.count();
            // The last place has all that were tried as often or more.
            for count in self.attempts.iter_mut().skip(place + 1) {
                let part = left.min(*count);
                *count -= part;
                left -= part;
                taken += part;
            }
        }
        if let Some(once) = self.attempts.get_mut(1) {
            *once += taken;
        }
        self.resent += taken;
    }
}
