//! Rows written behind the run: the run only copies its messages, another thread puts them into
//! words. The bytes are the same, and so is their order.

use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::MessageRows;
use crate::chain::{Completed, InOrder, Numbered, Observer, Texts, Wants, When};

/// Rows that are handed over at once.
const ROWS: usize = 1 << 11;
/// The time that the run may be ahead.
const HANDOVERS: usize = 2;

/// A message, and when it ends, if that was known before.
type Ended = (Option<When>, Numbered);

/// A batch that is handed over.
#[derive(Debug, Default)]
struct Handover {
    /// The replication that begins with it.
    replication: Option<u64>,
    rows: Vec<Ended>,
    /// The arrival of what was fast-forwarded.
    all_have_come: bool,
    /// Texts that they are the first to have.
    senders: Vec<(usize, String)>,
    causes: Vec<(usize, String)>,
}

/// Texts that have been handed over, by number.
#[derive(Debug, Default)]
struct Known(Vec<bool>);

impl Known {
    /// True if this one has been. From now on it has.
    #[inline]
    fn meets(&mut self, number: usize) -> bool {
        if number >= self.0.len() {
            self.0.resize(number + 1, false);
        }
        std::mem::replace(&mut self.0[number], true)
    }
}

/// Lists messages by way of a thread that has the rows.
pub struct Behind<'scope, R> {
    next: Handover,
    senders: Known,
    causes: Known,
    to: SyncSender<Handover>,
    /// Memory of what was written.
    emptied: Receiver<Vec<Ended>>,
    writer: ScopedJoinHandle<'scope, R>,
}

impl<'scope, R: MessageRows + Send + 'scope> Behind<'scope, R> {
    /// Gives the rows to a thread of the scope.
    pub fn new(scope: &'scope Scope<'scope, '_>, mut rows: R) -> Behind<'scope, R> {
        let (to, from) = sync_channel::<Handover>(HANDOVERS);
        let (give_back, emptied) = channel();
        let writer = scope.spawn(move || {
            let (mut texts, mut order) = (Texts::default(), InOrder::default());
            for mut next in from {
                if let Some(number) = next.replication {
                    rows.set_replication(number);
                }
                next.senders.iter().for_each(|(number, text)| texts.learn_sender(*number, text));
                next.causes.iter().for_each(|(place, text)| texts.learn_cause(*place, text));
                let mut write = |row: &Numbered| rows.completed(&texts.restore(row));
                for (when, row) in &next.rows {
                    match when {
                        Some(when) => order.ended(when, row, &mut write),
                        None => write(row),
                    }
                }
                if next.all_have_come {
                    order.all_come(&mut write);
                }
                next.rows.clear();
                // At the end nobody takes it.
                let _ = give_back.send(next.rows);
            }
            rows
        });
        let (senders, causes) = (Known::default(), Known::default());
        Behind { next: Handover::default(), senders, causes, to, emptied, writer }
    }

    fn hand_over(&mut self) {
        let rows = self.emptied.try_recv().unwrap_or_default();
        let full = std::mem::replace(&mut self.next, Handover { rows, ..Handover::default() });
        // A thread that panicked takes nothing; it is joined in the end.
        let _ = self.to.send(full);
    }

    /// The next rows are of this replication.
    pub fn set_replication(&mut self, number: u64) {
        self.hand_over();
        self.next.replication = Some(number);
    }

    /// Waits until all has been written, and gives the rows back.
    pub fn join(mut self) -> R {
        self.hand_over();
        drop(self.to);
        self.writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl<'scope, R: MessageRows + Send + 'scope> Observer for Behind<'scope, R> {
    fn wants(&self) -> Wants {
        Wants::Ends
    }

    fn ended(&mut self, when: &When, message: &Completed<'_>) {
        self.take(Some(*when), message);
    }

    fn all_have_come(&mut self) {
        self.next.all_have_come = true;
        self.hand_over();
    }

    fn completed(&mut self, message: &Completed<'_>) {
        self.take(None, message);
    }
}

impl<'scope, R: MessageRows + Send + 'scope> Behind<'scope, R> {
    fn take(&mut self, when: Option<When>, message: &Completed<'_>) {
        if !self.senders.meets(message.sender_number) {
            self.next.senders.push((message.sender_number, message.sender.to_owned()));
        }
        if !self.causes.meets(message.place) {
            self.next.causes.push((message.place, message.cause.to_owned()));
        }
        self.next.rows.push((when, message.by_numbers()));
        if self.next.rows.len() == ROWS {
            self.hand_over();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;
    use crate::report::messages::MessageLog;
    use crate::report::messages::tests::message;

    /// More messages than are handed over at once, of several senders and causes.
    fn messages() -> impl Iterator<Item = Completed<'static>> {
        let senders = ["12345", "a,b", "BRAND"];
        let causes = ["", "main", "northwind/spam"];
        (0..5 * ROWS + 7).map(move |number| {
            let (sender_number, place) = (number * number % 7 % 3, number / 3000 % 3);
            Completed {
                order_id: number as u64,
                sender: senders[sender_number],
                sender_number: 2 - sender_number,
                cause: causes[place],
                place,
                ..message("")
            }
        })
    }

    #[test]
    fn a_thread_writes_the_same_rows() {
        let spec = sample::spec();
        let mut log = MessageLog::new(&spec, Vec::new(), 3);
        for replication in 0..3 {
            log.set_replication(replication);
            messages().for_each(|message| log.completed(&message));
        }
        let behind = std::thread::scope(|scope| {
            let mut behind = Behind::new(scope, MessageLog::new(&spec, Vec::new(), 3));
            for replication in 0..3 {
                behind.set_replication(replication);
                messages().for_each(|message| behind.completed(&message));
            }
            behind.join()
        });
        assert!(behind.finish().unwrap() == log.finish().unwrap());
    }
}
