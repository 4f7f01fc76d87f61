//! Things that a log doesn't tell at all, so that a fitted scenario has something else in their place, and no
//! figure of them is compared.

use super::gather::Gathered;
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
        match self {
            Untold::Ends | Untold::Deliveries => {
                matches!(figure, "delivered" | "states.pending" | "states.unknown")
                    || self == Untold::Deliveries && figure.starts_with("within.")
            }
            Untold::Times => figure.starts_with("within.") || figure.starts_with("latency."),
        }
    }
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
