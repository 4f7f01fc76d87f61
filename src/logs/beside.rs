//! Reading on a thread of its own, so that what is done with rows is done beside it.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use super::row::{Failure, Row, Status, Time};
use super::{Account, Error, Options, read};

/// Rows that are handed over at once; three names of each must have numbers below [`APART`].
const BATCH: usize = 1024;
/// Batches that wait, at most.
const WAITING: usize = 4;
/// Names that are handed over once; further ones go with each of their rows.
const NAMES: usize = 1 << 12;
/// Names of a column that are looked for one after the other.
const FIRST: usize = 8;
/// The bit of the numbers of those that go with their rows.
const APART: u16 = 1 << 15;

/// Rows without texts, the names that are new in them, and those that go with them alone.
#[derive(Default)]
struct Batch {
    rows: Vec<Packed>,
    /// Of rows whose receipt came, the times at which it did.
    received: Vec<Time>,
    names: Vec<Box<str>>,
    apart: Vec<Box<str>>,
}

/// A row in 64 bytes, a line of the processor's cache: all of them go from one's to the other's.
#[derive(Clone, Copy)]
struct Packed {
    /// Of submission, acceptance and the last state; [`NO_TIME`] where there is none.
    times: [i64; 3],
    recipient: u64,
    /// No number where there is none.
    price: f64,
    /// 0 where there are none.
    segments: u32,
    attempts: u32,
    /// One more than there are; 0 where that isn't known.
    chars: u32,
    /// Numbers of provider, carrier and sender from 1.
    names: [u16; 3],
    status: Status,
    failure: Option<Failure>,
    has_recipient: bool,
    unasked: bool,
    receipt: Receipt,
}

/// Knowledge of a message's receipt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Receipt {
    Untold,
    /// It came at the next of the batch's times of receipts.
    Came,
    Never,
}

const NO_TIME: i64 = i64::MIN;

impl Packed {
    fn of(row: &Row<'_>, names: [u16; 3]) -> Packed {
        let time = |time: Option<Time>| time.map_or(NO_TIME, |time| time.0);
        Packed {
            times: [time(row.submitted), time(row.sent), time(row.done)],
            recipient: row.recipient.unwrap_or(0),
            price: row.price.unwrap_or(f64::NAN),
            segments: row.segments.unwrap_or(0),
            attempts: row.attempts.unwrap_or(0),
            chars: row.chars.map_or(0, |chars| chars.saturating_add(1)),
            names,
            status: row.status,
            failure: row.failure,
            has_recipient: row.recipient.is_some(),
            unasked: row.unasked,
            receipt: match row.received {
                Some(_) => Receipt::Came,
                None if row.unreceived => Receipt::Never,
                None => Receipt::Untold,
            },
        }
    }

    /// The row without its texts.
    fn row(&self) -> Row<'static> {
        let [submitted, sent, done] =
            self.times.map(|time| (time != NO_TIME).then_some(Time(time)));
        let counted = |count: u32| Some(count).filter(|count| *count > 0);
        Row {
            submitted,
            sent,
            done,
            unreceived: self.receipt == Receipt::Never,
            status: self.status,
            failure: self.failure,
            recipient: self.has_recipient.then_some(self.recipient),
            segments: counted(self.segments),
            chars: self.chars.checked_sub(1),
            price: Some(self.price).filter(|price| !price.is_nan()),
            attempts: counted(self.attempts),
            unasked: self.unasked,
            ..Row::default()
        }
    }
}

/// As [`read`], with the reading on a thread of its own: `each` is called with the same rows in the same
/// order, but that they have no id, code and route.
///
/// # Errors
/// As of [`read`].
pub fn read_beside<R: Read>(
    inputs: impl IntoIterator<Item = (String, io::Result<R>)> + Send,
    options: &Options,
    each: &mut dyn FnMut(&Row<'_>),
) -> Result<Account, Error> {
    let (to, from) = sync_channel::<Batch>(WAITING);
    thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let mut packer = Packer::new(to);
            let account = read(inputs, options, &mut |row| packer.take(row));
            packer.hand_over();
            account
        });
        let mut names: Vec<Box<str>> = Vec::new();
        for batch in from {
            names.extend(batch.names);
            let apart = batch.apart;
            let mut received = batch.received.into_iter();
            for packed in &batch.rows {
                let name = |number: u16| {
                    let (list, number) =
                        if number < APART { (&names, number) } else { (&apart, number - APART) };
                    list.get(usize::from(number.checked_sub(1)?)).map(|name| &**name)
                };
                let [provider, carrier, sender] = packed.names.map(name);
                let came = packed.receipt == Receipt::Came;
                let received = if came { received.next() } else { None };
                each(&Row { provider, carrier, sender, received, ..packed.row() });
            }
        }
        match reading.join() {
            Ok(account) => account,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Puts rows into batches.
struct Packer {
    to: SyncSender<Batch>,
    batch: Batch,
    numbers: BTreeMap<Box<str>, u16>,
    /// The first names of providers, carriers and senders, with their numbers from 1: most logs have few.
    first: [Vec<(Box<str>, u16)>; 3],
}

impl Packer {
    fn new(to: SyncSender<Batch>) -> Packer {
        let first = [const { Vec::new() }; 3];
        Packer { to, batch: Batch::default(), numbers: BTreeMap::new(), first }
    }

    fn take(&mut self, row: &Row<'_>) {
        let names =
            [self.number(0, row.provider), self.number(1, row.carrier), self.number(2, row.sender)];
        self.batch.rows.push(Packed::of(row, names));
        self.batch.received.extend(row.received);
        if self.batch.rows.len() >= BATCH {
            self.hand_over();
        }
    }

    /// A name's number from 1; 0 of none.
    fn number(&mut self, column: usize, name: Option<&str>) -> u16 {
        let Some(name) = name else { return 0 };
        let first = &mut self.first[column];
        if let Some((_, number)) = first.iter().find(|(own, _)| **own == *name) {
            return *number;
        }
        let found = match self.numbers.get(name) {
            Some(found) => *found,
            None if self.numbers.len() >= NAMES => {
                self.batch.apart.push(name.into());
                return APART + self.batch.apart.len() as u16;
            }
            None => {
                let next = self.numbers.len() as u16 + 1;
                self.numbers.insert(name.into(), next);
                self.batch.names.push(name.into());
                next
            }
        };
        if first.len() < FIRST {
            first.push((name.into(), found));
        }
        found
    }

    fn hand_over(&mut self) {
        let next = Batch { rows: Vec::with_capacity(BATCH), ..Batch::default() };
        // Nobody takes it where the other thread has failed.
        let _nobody = self.to.send(std::mem::replace(&mut self.batch, next));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines told of each row, but for its id, code and route.
    fn told(read: impl Fn(&mut dyn FnMut(&Row<'_>)) -> Result<Account, Error>) -> Vec<String> {
        let mut all = Vec::new();
        let account = read(&mut |row| {
            all.push(format!("{:?}", Row { id: None, code: None, route: None, ..*row }));
        });
        all.push(format!("{:?}", account.unwrap().rejected));
        all
    }

    #[test]
    fn rows_are_the_same_in_the_same_order() {
        let mut log =
            String::from("id,submitted,done,status,carrier,sender,segments,price,attempts,chars\n");
        for n in 0..12_000_u32 {
            let carrier = if n % 2 == 0 { n % 7 } else { n };
            let (minute, second) = (n / 60 % 60, n % 60);
            log += &format!(
                "m{n},2026-01-31T09:{minute:02}:{second:02}Z,,sent,c{carrier},S{},{},{},{},{}\n",
                n % 3,
                if n % 5 == 0 { "" } else { "2" },
                if n % 7 == 0 { "" } else { "0.0079" },
                if n % 9 == 0 { "" } else { "3" },
                if n % 11 == 0 { String::new() } else { (n % 4 * 20).to_string() },
            );
        }
        let options = Options::default();
        let inputs = || [("log.csv".to_owned(), Ok(log.as_bytes()))];
        let alone = told(|each| read(inputs(), &options, each));
        let beside = told(|each| read_beside(inputs(), &options, each));
        assert_eq!(alone.len(), 12_001);
        assert!(alone == beside, "more names than are kept, and more rows than a batch has");
    }
}
