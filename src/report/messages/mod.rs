//! `--messages`: a row an accepted message, as a CSV or a Parquet file.

mod behind;
mod csv;
#[cfg(feature = "parquet")]
mod parquet;

use std::io;

pub use self::behind::Behind;
pub use self::csv::MessageLog;
#[cfg(feature = "parquet")]
pub use self::parquet::MessageTable;
use crate::chain::spec::Spec;
use crate::chain::{Completed, Observer};

/// Writes each message as it ends.
pub trait MessageRows: Observer {
    /// What it is written to.
    type Out;

    /// The next rows are of this replication.
    fn set_replication(&mut self, number: u64);

    /// Writes what is left; how many rows there are.
    ///
    /// # Errors
    /// The first write that failed.
    fn finish(self) -> io::Result<(Self::Out, u64)>;
}

/// What a message's indices stand for.
struct Names<'spec> {
    traffic: &'spec str,
    carrier: &'spec str,
    /// The route's id.
    route: Option<u64>,
    /// The route's provider.
    provider: Option<&'spec str>,
}

impl<'spec> Names<'spec> {
    fn of(spec: &'spec Spec, message: &Completed<'_>) -> Names<'spec> {
        let route = spec.routes.get(message.route);
        let provider = route.and_then(|route| spec.providers.get(route.provider));
        Names {
            traffic: spec.traffic.get(message.traffic).map_or("", |traffic| &traffic.name),
            carrier: spec.carriers.get(message.carrier).map_or("", |carrier| &carrier.name),
            route: route.map(|route| route.id),
            provider: provider.map(|provider| provider.name.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::{Observed, Truth};
    use crate::random::Key;

    pub(super) fn message(sender: &str) -> Completed<'_> {
        Completed {
            order_id: 1042,
            message_id: 0x00ab_cdef_0123_4567,
            request: 1,
            birth: 0,
            root: Key(1),
            counted: true,
            traffic: 0,
            sender,
            sender_number: 0,
            carrier: 0,
            route: 1,
            segments: 2,
            requested: 1_500_000_000,
            accepted: 1_540_000_000,
            handed_off: Some(2_000_000_000),
            delivered: None,
            attempts: 3,
            copies: 1,
            truth: Truth::FilteredSilent,
            observed: Observed::Delivered,
            cost: 0,
            cause: "northwind/spam",
            place: 5,
        }
    }
}
