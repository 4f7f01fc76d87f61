//! Things that a log doesn't tell at all, so that a fitted scenario has something else in their place, and no
//! figure of them is compared; and names that only its last part has.

use std::collections::BTreeMap;

use super::gather::{Gathered, Names, Slice};
use crate::logs::Status;

/// A thing that a log doesn't tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untold {
    /// The end that messages came to: it has no states.
    Ends,
    /// The same: it has states, but none says of any message that it was delivered.
    Deliveries,
    /// The time at which messages were delivered.
    Times,
}

impl Untold {
    /// The thing in words, with what stands for it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Untold::Ends => {
                "the log has no states, and nothing else says which messages were delivered: all are taken \
                 as delivered"
            }
            Untold::Deliveries => {
                "no row of the log says that a message was delivered: whatever has no other end is taken as \
                 delivered"
            }
            Untold::Times => {
                "the log doesn't say when messages were delivered: all are taken as delivered at once"
            }
        }
    }

    /// True if a figure would only compare what was put in its place.
    pub(crate) fn hides(self, figure: &str) -> bool {
        let is_of_deliveries = figure == "delivered" || figure.ends_with(".delivered");
        let is_of_times = figure.starts_with("within.") || figure.ends_with("_s");
        match self {
            Untold::Ends => is_of_deliveries || is_open(figure),
            Untold::Deliveries => is_of_deliveries || is_open(figure) || is_of_times,
            Untold::Times => is_of_times,
        }
    }
}

/// True of the share of messages without a final state.
fn is_open(figure: &str) -> bool {
    matches!(figure, "states.pending" | "states.unknown")
}

/// The things that a log doesn't tell.
#[must_use]
pub fn untold(log: &Gathered) -> Vec<Untold> {
    let all = log.over(i64::MIN / 2, i64::MAX / 2, &[]).of(None, None);
    let (rows, delivered) = (all.rows(), all.status(Status::Delivered));
    let open = all.status(Status::Pending) + all.status(Status::Unknown);
    let ends = match delivered {
        0 if !log.states => Some(Untold::Ends),
        0 if 2 * open >= rows => Some(Untold::Deliveries),
        all if all == rows && !log.states => Some(Untold::Ends),
        _ => None,
    };
    let times = (all.cycle.count() == 0).then_some(Untold::Times);
    ends.into_iter().chain(times).collect()
}

/// Carriers and providers of at least a fiftieth of the part kept out that are in no row before it.
pub(crate) fn unknown(log: &Gathered, hidden: &Slice, before: &Slice) -> Vec<String> {
    let rows = hidden.rows();
    let new = |what: &str, names: &Names, of: &dyn Fn(&(u16, u16)) -> u16| {
        let mut now: BTreeMap<u16, u64> = BTreeMap::new();
        for (pair, cell) in &hidden.cells {
            *now.entry(of(pair)).or_default() += cell.rows();
        }
        let known = |number: u16| before.cells.keys().any(|pair| of(pair) == number);
        let many = now.into_iter().filter(|&(number, count)| !known(number) && 50 * count >= rows);
        let told = many.map(|(number, count)| {
            format!(
                "{} of {rows} messages kept out are of the {what} {}, which the fitted part doesn't have",
                count,
                names.get(number)
            )
        });
        told.collect::<Vec<String>>()
    };
    let mut told = new("carrier", &log.carriers, &|pair| pair.1);
    told.extend(new("provider", &log.providers, &|pair| pair.0));
    told
}
