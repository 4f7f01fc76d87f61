//! A log's rows, repeated or thinned by the scale.

use crate::chain::draws::site;
use crate::chain::spec::TraceRow;
use crate::kernel::Nanos;
use crate::random::{DrawSource, Key, open01};

/// The rows of a trace, and how far it has been told.
#[derive(Debug)]
pub(super) struct Rows {
    /// The time of each, and its number in the log.
    times: Vec<(Nanos, u64)>,
    next: usize,
    repeat: u32,
}

impl Rows {
    pub(super) fn new(rows: &[TraceRow]) -> Rows {
        let times = rows.iter().map(|row| (row.time, row.row)).collect();
        Rows { times, next: 0, repeat: 0 }
    }

    /// The next row: when it comes, its number in the log and its place here, and which repeat it is. Row r appears ⌊scale⌋ times, and once more if its draw
    /// is below what is left of the scale.
    pub(super) fn next(
        &mut self,
        stream: Key,
        scale: f64,
        chance: &impl DrawSource,
    ) -> Option<(Nanos, u64, usize, u32)> {
        let whole = scale.floor();
        loop {
            let &(time, number) = self.times.get(self.next)?;
            let (row, which) = (self.next, self.repeat);
            let again = if f64::from(which) < whole {
                true
            } else {
                let part = scale - whole;
                let block = chance.block(site::row_repeat(stream.child(number)));
                f64::from(which) == whole && part > 0.0 && open01(block.second()) < part
            };
            if again {
                self.repeat += 1;
                return Some((time, number, row, which));
            }
            self.next += 1;
            self.repeat = 0;
        }
    }
}
