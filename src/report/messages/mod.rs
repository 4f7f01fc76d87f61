//! `--messages`: a row an accepted message, as a CSV or a Parquet file, or in memory for a program.

#[cfg(feature = "python")]
mod arrow;
mod behind;
mod csv;
#[cfg(feature = "parquet")]
mod parquet;

use std::io;

#[cfg(feature = "python")]
pub use self::arrow::{Listed, MessageBatches};
pub use self::behind::Behind;
pub use self::csv::MessageLog;
#[cfg(feature = "parquet")]
pub use self::parquet::MessageTable;
use crate::chain::Observer;

/// Writes each message as it ends.
pub trait MessageRows: Observer {
    /// The writer it is written to.
    type Out;

    /// The next rows are of this replication.
    fn set_replication(&mut self, number: u64);

    /// Writes what is left; how many rows there are.
    ///
    /// # Errors
    /// The first write that failed.
    fn finish(self) -> io::Result<(Self::Out, u64)>;
}

#[cfg(test)]
mod tests {
    use crate::chain::{Completed, Observed, Truth};
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
