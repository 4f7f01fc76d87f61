//! Ends of messages, put in order.
//!
//! A message's end may be known before it comes (`fast_forward`). Told at once, ends come in the order
//! in which they are known; here they wait until everything before them has come.

use crate::chain::records::id::Id;
use crate::chain::records::slab::Slab;
use crate::chain::trace::completed::{Completed, Numbered};
use crate::chain::trace::observer::When;
use crate::kernel::{EventSet, Nanos};

/// Puts ends that are told as soon as they are known in the order in which they come, that of
/// [`Observer::completed`](crate::chain::Observer::completed). Holds those that are still to come.
#[derive(Debug, Default)]
pub struct InOrder {
    rows: Slab<Numbered>,
    /// By when they come.
    waiting: EventSet<Id<Numbered>>,
    /// Those that the present event has brought about: what it ends itself comes before them.
    fresh: Vec<(Nanos, u64, Id<Numbered>)>,
    event: u64,
    /// Times that those that come next have been read.
    read: u64,
}

impl InOrder {
    /// A message's end is known. `comes` is told, in order, of all that have come.
    #[inline]
    pub fn ended(&mut self, when: &When, message: &Numbered, mut comes: impl FnMut(&Numbered)) {
        if when.event != self.event {
            self.event = when.event;
            self.fresh_wait();
            let (time, rank) = when.reached;
            while let Some((_, row)) = self.waiting.take_before(time, rank) {
                if self.waiting.opened() != self.read {
                    self.read_ahead();
                }
                comes(&self.rows[row]);
                self.rows.release(row);
            }
        }
        match when.fast_forwarded {
            None => comes(message),
            Some((time, rank)) => {
                let row = self.rows.insert(*message);
                self.fresh.push((time, rank, row));
            }
        }
    }

    /// Fetches the rows that come next, all at once: one by one each would be waited for, having been in
    /// memory since it was fast-forwarded.
    #[inline(never)]
    fn read_ahead(&mut self) {
        self.read = self.waiting.opened();
        self.waiting.coming_up().for_each(|row| self.rows[row].fetch());
    }

    fn fresh_wait(&mut self) {
        for (time, rank, row) in self.fresh.drain(..) {
            self.waiting.schedule(time, rank, row);
        }
    }

    /// All that were fast-forwarded come: the run is over, and another may begin.
    pub fn all_come(&mut self, mut comes: impl FnMut(&Numbered)) {
        self.fresh_wait();
        while let Some((_, row)) = self.waiting.take(Nanos::MAX) {
            comes(&self.rows[row]);
        }
        *self = InOrder::default();
    }
}

/// The texts of rows that were handed on without them.
#[derive(Debug, Default)]
pub struct Texts {
    senders: Vec<String>,
    causes: Vec<String>,
}

impl Texts {
    /// Keeps a row's texts.
    pub fn learn(&mut self, row: &Completed<'_>) {
        self.learn_sender(row.sender_number, row.sender);
        self.learn_cause(row.place, row.cause);
    }

    /// Keeps a sender by its number.
    pub fn learn_sender(&mut self, number: usize, sender: &str) {
        keep(&mut self.senders, number, sender);
    }

    /// Keeps a cause by the number of its place.
    pub fn learn_cause(&mut self, place: usize, cause: &str) {
        keep(&mut self.causes, place, cause);
    }

    /// The row with its texts, if they were learnt.
    #[must_use]
    #[inline]
    pub fn restore(&self, row: &Numbered) -> Completed<'_> {
        row.named(text(&self.senders, row.sender()), text(&self.causes, row.place()))
    }
}

fn text(texts: &[String], number: usize) -> &str {
    texts.get(number).map_or("", String::as_str)
}

/// Keeps a text by its number, if it is new.
#[inline]
fn keep(texts: &mut Vec<String>, number: usize, text: &str) {
    if number >= texts.len() {
        texts.resize(number + 1, String::new());
    }
    if texts[number].is_empty() {
        texts[number].push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::records::outcome::{Observed, Truth};
    use crate::random::Key;

    fn row(number: u32) -> Completed<'static> {
        Completed {
            order_id: u64::from(number),
            message_id: 0,
            request: 0,
            birth: 0,
            root: Key(0),
            counted: true,
            traffic: 0,
            sender: "",
            sender_number: 0,
            carrier: 0,
            route: 0,
            segments: 1,
            requested: 0,
            accepted: 0,
            handed_off: None,
            delivered: None,
            attempts: 0,
            copies: 0,
            truth: Truth::Unresolved,
            observed: Observed::Queued,
            cost: 0,
            cause: "",
            place: 0,
        }
    }

    #[test]
    fn fast_forwarded_ends_come_in_their_turn() {
        let mut order = InOrder::default();
        let (mut came, texts) = (Vec::new(), Texts::default());
        let mut comes = |row: &Numbered| came.push(texts.restore(row).order_id);
        // (what was reached, number of the event, fast-forwarded to, row)
        let ends = [
            ((10, 5), 1, Some((30, 1)), 1),
            ((10, 5), 1, Some((20, 9)), 2),
            // An event's own ends come before what it brings about at its instant.
            ((12, 7), 2, Some((12, 3)), 3),
            ((12, 7), 2, None, 4),
            // The next event of that instant, whose rank is lower, comes before that.
            ((12, 2), 3, None, 5),
            ((20, 8), 4, None, 6),
            ((20, 10), 5, None, 7),
            ((25, 0), 6, Some((40, 0)), 8),
        ];
        for (reached, event, fast_forwarded, number) in ends {
            let when = When { event, reached, fast_forwarded };
            order.ended(&when, &row(number).by_numbers(), &mut comes);
        }
        order.all_come(&mut comes);
        assert_eq!(came, [4, 5, 3, 6, 2, 7, 1, 8]);
    }

    #[test]
    fn texts_are_restored() {
        let mut texts = Texts::default();
        let told =
            Completed { sender: "BANK", sender_number: 3, cause: "k/spam", place: 2, ..row(1) };
        texts.learn(&told);
        assert_eq!(texts.restore(&told.by_numbers()), told);
    }
}
