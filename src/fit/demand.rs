//! The demand of a span of a log, to be asked for again: the rows of a trace.

use std::collections::BTreeMap;

use super::compose::name;
use super::gather::{Gathered, OTHERS};
use crate::kernel::SECOND;
use crate::logs::Row;

/// Messages of a span, at most.
pub const MOST_OF_A_SPAN: usize = 2_000_000;

/// The demand of a span. People are numbered in the order in which they come: nothing of a number is
/// kept.
#[derive(Default)]
pub struct Demand {
    /// The span, ns since 1970.
    from: i64,
    to: i64,
    asked: Vec<Asked>,
    people: BTreeMap<u64, u32>,
    /// `true` if there were more than are kept.
    too_many: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    at: i64,
    sender: u16,
    carrier: u16,
    chars: u32,
    /// From 1; 0: not told.
    person: u32,
}

impl Demand {
    /// None of a span yet.
    #[must_use]
    pub fn new(from: i64, to: i64) -> Demand {
        Demand { from, to, ..Demand::default() }
    }

    /// Adds a row that was gathered, if it lies in the span.
    pub fn add(&mut self, row: &Row<'_>, log: &mut Gathered) {
        let at = row.submitted.or(row.sent).or(row.done).map(|time| time.0);
        let Some(at) = at.filter(|at| (self.from..self.to).contains(at)) else { return };
        if self.asked.len() >= MOST_OF_A_SPAN {
            self.too_many = true;
            return;
        }
        let person = row.recipient.map_or(0, |hash| {
            let next = self.people.len() as u32 + 1;
            *self.people.entry(hash).or_insert(next)
        });
        let (_, sender, carrier) = log.numbers(row);
        let segments = row.segments.unwrap_or(1).max(1);
        let chars = row.chars.unwrap_or(if segments == 1 { 70 } else { 153 * segments - 20 });
        self.asked.push(Asked { at, sender, carrier, chars, person });
    }

    /// The number of requests.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.asked.len()
    }

    /// `true` if there were more than are kept.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.too_many
    }

    /// The span.
    #[must_use]
    pub fn span(&self) -> (i64, i64) {
        (self.from, self.to)
    }

    /// The trace.
    #[must_use]
    pub fn csv(mut self, log: &Gathered) -> String {
        self.asked.sort_unstable();
        let with_people = !self.people.is_empty();
        let mut csv = String::from("time_s,sender,carrier,chars");
        csv.push_str(if with_people { ",recipient\n" } else { "\n" });
        for own in &self.asked {
            let ns = own.at - self.from;
            let (whole, rest) = (ns / SECOND as i64, ns % SECOND as i64);
            let sender = log.senders.get(own.sender);
            let sender = if sender == OTHERS { OTHERS.to_owned() } else { plain(sender) };
            let carrier = name(log.carriers.get(own.carrier));
            csv.push_str(&format!("{whole}.{rest:09},{sender},{carrier},{}", own.chars));
            if with_people {
                let person = if own.person > 0 { own.person.to_string() } else { String::new() };
                csv.push_str(&format!(",{person}"));
            }
            csv.push('\n');
        }
        csv
    }
}

/// A sender as a cell of CSV.
fn plain(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
