//! Reading on a thread of its own, so that what is done with rows is done beside it.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use super::row::{Failure, Row, Status, Time};
use super::{Account, Error, Options, read};

/// Rows that are handed over at once.
const BATCH: usize = 1024;
/// Batches that wait, at most.
const WAITING: usize = 4;
/// Names that are handed over once; further ones go with each of their rows.
const NAMES: usize = 1 << 12;
/// The bit of the numbers of those.
const APART: u32 = 1 << 31;

/// Rows without texts, the names that are new in them, and those that go with them alone.
#[derive(Default)]
struct Batch {
    rows: Vec<Packed>,
    names: Vec<Box<str>>,
    apart: Vec<Box<str>>,
}

/// A row, its names by their numbers from 1: half as long as with texts, and all of it goes from one
/// processor's cache to the other's.
#[derive(Clone, Copy)]
struct Packed {
    submitted: Option<Time>,
    sent: Option<Time>,
    done: Option<Time>,
    recipient: Option<u64>,
    price: Option<f64>,
    segments: Option<u32>,
    chars: Option<u32>,
    attempts: Option<u32>,
    provider: u32,
    carrier: u32,
    sender: u32,
    status: Status,
    failure: Option<Failure>,
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
            for &row in &batch.rows {
                let Packed { submitted, sent, done, recipient, price, segments, .. } = row;
                let Packed { chars, attempts, status, failure, .. } = row;
                let name = |number: u32| {
                    let (list, number) =
                        if number < APART { (&names, number) } else { (&apart, number - APART) };
                    list.get(number.checked_sub(1)? as usize).map(|name| &**name)
                };
                each(&Row {
                    submitted,
                    sent,
                    done,
                    status,
                    failure,
                    provider: name(row.provider),
                    carrier: name(row.carrier),
                    sender: name(row.sender),
                    recipient,
                    segments,
                    chars,
                    price,
                    attempts,
                    ..Row::default()
                });
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
    numbers: BTreeMap<Box<str>, u32>,
    /// The last names of provider, carrier and sender, with their numbers from 1: most logs have few.
    last: [(String, u32); 3],
}

impl Packer {
    fn new(to: SyncSender<Batch>) -> Packer {
        let last = [const { (String::new(), 0) }; 3];
        Packer { to, batch: Batch::default(), numbers: BTreeMap::new(), last }
    }

    fn take(&mut self, row: &Row<'_>) {
        let [provider, carrier, sender] =
            [self.number(0, row.provider), self.number(1, row.carrier), self.number(2, row.sender)];
        let Row { submitted, sent, done, status, failure, recipient, .. } = *row;
        let Row { segments, chars, price, attempts, .. } = *row;
        self.batch.rows.push(Packed {
            submitted,
            sent,
            done,
            recipient,
            price,
            segments,
            chars,
            attempts,
            provider,
            carrier,
            sender,
            status,
            failure,
        });
        if self.batch.rows.len() >= BATCH {
            self.hand_over();
        }
    }

    /// A name's number from 1; 0 of none.
    fn number(&mut self, column: usize, name: Option<&str>) -> u32 {
        let Some(name) = name else { return 0 };
        let (last, number) = &mut self.last[column];
        if *number > 0 && last == name {
            return *number;
        }
        let found = match self.numbers.get(name) {
            Some(found) => *found,
            None if self.numbers.len() >= NAMES => {
                self.batch.apart.push(name.into());
                return APART + self.batch.apart.len() as u32;
            }
            None => {
                let next = self.numbers.len() as u32 + 1;
                self.numbers.insert(name.into(), next);
                self.batch.names.push(name.into());
                next
            }
        };
        *number = found;
        last.clear();
        last.push_str(name);
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
        let mut log = String::from("id,submitted,done,status,carrier,sender\n");
        for n in 0..12_000_u32 {
            let carrier = if n % 2 == 0 { n % 7 } else { n };
            let (minute, second) = (n / 60 % 60, n % 60);
            log += &format!(
                "m{n},2026-01-31T09:{minute:02}:{second:02}Z,,sent,c{carrier},S{}\n",
                n % 3
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
