//! The age at which messages expire, as far as a log tells it.

use std::collections::BTreeSet;

use super::absent::{Told, given_up};
use super::parameter::Assumption;
use super::text::{round, rounded_up, span};
use crate::fit::gather::{Clocks, Slice};
use crate::logs::Status;

/// A validity that is as sensible as the least one, over that.
const LONGER: f64 = 4.0;

/// The age at which messages expire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Validity {
    /// That at which they did.
    Seen(f64),
    /// Not told by the log: not before the longest that one took to come.
    AtLeast(f64),
    /// Of none that expired; as long as the longest that one took to come isn't ruled out, either.
    Never(f64),
}

impl Validity {
    /// `None` where no message was ever waited for; `clocks` are those of times from the request on.
    pub(super) fn of(all: &Slice, clocks: Clocks) -> Option<Validity> {
        let cell = all.of(None, None);
        let carriers: BTreeSet<u16> = all.cells.keys().map(|key| key.1).collect();
        let (mut ends, mut told) = (cell.expiry.clone(), Told::default());
        for carrier in carriers {
            let own = all.of(None, Some(carrier));
            given_up(&own, clocks).iter().for_each(|own| ends.merge(own));
            let Told { at_once, late } = Told::of(&own, clocks);
            told = Told { at_once: told.at_once + at_once, late: told.late + late };
        }
        let longest = cell.cycle.quantile(1.0).map(rounded_up);
        match (ends.quantile(0.5), cell.status(Status::Expired) + told.late) {
            (Some(age), _) if age > 0.0 => Some(Validity::Seen(round(age, 0.02 * age))),
            (_, 0) if told.at_once == 0 => None,
            (_, 0) => longest.map(Validity::Never),
            _ => longest.map(Validity::AtLeast),
        }
    }

    /// The validity that the scenario has, s.
    pub(super) fn set(self) -> Option<f64> {
        match self {
            Validity::Seen(age) | Validity::AtLeast(age) => Some(age),
            Validity::Never(_) => None,
        }
    }

    /// The comment beside it.
    pub(super) fn comment(self) -> &'static str {
        match self {
            Validity::Seen(_) => "the age at which messages expired",
            Validity::AtLeast(_) | Validity::Never(_) => {
                "the longest that one took to come; an assumption"
            }
        }
    }

    /// The assumption on what isn't known of it, for streams of those names.
    pub(super) fn doubt(self, streams: &[String]) -> Option<Assumption> {
        let (why, value, other) = match self {
            Validity::Seen(_) => return None,
            Validity::AtLeast(age) => (
                "messages expired, and the log doesn't say after how long: not before the longest that one \
                 took to come",
                span(age),
                LONGER * age,
            ),
            Validity::Never(age) => (
                "no message expired: after how long nobody tries any more can't be told, but not before the \
                 longest that one took to come; what waits in a line does so for ever",
                "none".to_owned(),
                age,
            ),
        };
        let other = streams.iter().map(|own| format!("traffic.{own}.validity={}", span(other)));
        Some(Assumption {
            path: "traffic.validity".to_owned(),
            why: why.to_owned(),
            value,
            other: other.collect(),
            sensitivity: None,
        })
    }
}
