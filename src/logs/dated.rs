//! Dates of receipts: whether those of the SMSC, by which a message was done, are by the clock of the log, which
//! notes when a receipt came.

use std::io::Read;

use super::clock::Clock;
use super::formats::{Format, Line, ReadLine, Shape};
use super::lines::Lines;
use super::meaning::{Meaning, Owned};
use super::stamp::{MINUTE, SECOND};
use super::{Error, Options, account};

/// Bytes that are looked at first, and at most: where messages come fast, so do many of them before the first receipt.
const LOOKED: (usize, usize) = (1 << 16, 1 << 22);
/// Receipts without which it isn't told.
const FEWEST: u64 = 20;
/// The share of them that must have a date that may be by the log's clock.
const SHARE: f64 = 0.95;
/// Longest time from the SMSC's date to the receipt, of all but a few, ns: zones lie so far apart.
const LONGEST: i64 = 15 * MINUTE;

/// Finding on the dates of receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dates {
    /// There are no receipts.
    None,
    /// Too few have one.
    Few,
    /// They tell less than seconds.
    Coarse,
    /// They are after the receipts, or long before.
    Apart,
    /// They tell when messages were done.
    Told,
}

impl Dates {
    /// Looks at the first receipts of a log.
    pub(super) fn of<R: Read>(lines: &mut Lines<R>, shape: &Shape, options: &Options) -> Dates {
        // Receipts alone have no other clock beside their own.
        let read = shape.line.filter(|_| shape.format != Format::Receipts);
        let Some(read) = read else { return Dates::None };
        let mut bytes = LOOKED.0;
        loop {
            let has_more = lines.ahead(bytes);
            let found = Dates::among(lines.rest(), read, options);
            let is_told = !matches!(found, Dates::None | Dates::Few);
            if is_told || !has_more || bytes >= LOOKED.1 {
                return found;
            }
            bytes *= 4;
        }
    }

    fn among(head: &[u8], read: ReadLine, options: &Options) -> Dates {
        let clock = |of| Clock::new(options.zone(of), None);
        let (mut came, mut done) = (clock(Meaning::Received), clock(Meaning::Done));
        let (mut receipts, mut dated, mut near) = (0_u64, 0_u64, 0_u64);
        let mut texts = Owned::default();
        for line in String::from_utf8_lossy(head).lines() {
            texts.clear();
            if read(line, &mut texts) != Line::Receipt {
                continue;
            }
            receipts += 1;
            let cells = texts.cells();
            let at = |clock: &mut Clock<'_>, of| clock.read(cells.get(of)?).ok().flatten();
            let received = at(&mut came, Meaning::Received);
            if let (Some(received), Some(done)) = (received, at(&mut done, Meaning::Done)) {
                dated += 1;
                near += u64::from((0..=LONGEST).contains(&(received.0 - done.0)));
            }
        }
        let most = |count: u64| count as f64 >= SHARE * receipts as f64;
        if receipts == 0 {
            Dates::None
        } else if receipts < FEWEST || !most(dated) {
            Dates::Few
        } else if done.resolution().is_none_or(|step| step > SECOND) {
            Dates::Coarse
        } else if !most(near) {
            Dates::Apart
        } else {
            Dates::Told
        }
    }

    /// Sentence on what that means for when a message is done.
    pub(super) fn note(self) -> Option<&'static str> {
        match self {
            Dates::None => None,
            Dates::Few => Some("a message is done when its receipt came"),
            Dates::Coarse => Some(
                "a message is done when its receipt came: the dates in receipts tell less than seconds",
            ),
            Dates::Apart => Some(
                "a message is done when its receipt came: the dates in receipts are of another clock or \
                 zone than the log's; `--zone done=…` names their zone",
            ),
            Dates::Told => Some(
                "a message is done at the date in its receipt, which is taken as by the log's clock; its \
                 receipt came when the log has it",
            ),
        }
    }
}

/// The resolution of the times of receipts, ns: what the user says, else what they show.
pub(super) fn resolution(clock: &Clock<'_>) -> Result<Option<i64>, Error> {
    let (given, found) = (clock.given(), clock.resolution());
    let (Some(given), Some(found)) = (given, found) else { return Ok(found) };
    if clock.is_off {
        let [given, shown] = [given, found].map(account::resolution);
        let (column, times) = ("received", "times of receipts");
        return Err(Error::Resolution { column, times, given: given.replace(' ', ""), shown });
    }
    Ok(Some(given))
}
