//! The texts of a record, as a row.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use super::Options;
use super::account::Reason;
use super::clock::Clock;
use super::formats::Shape;
use super::meaning::{Cells, Meaning};
use super::names::{Senders, is_telephone};
use super::receipt::Receipt;
use super::row::{Failure, Row, Status, Time};
use super::status::{self, Known};

/// The highest count, and that of attempts.
const MOST_OF_A_COUNT: u32 = 1_000_000;
pub(crate) const MOST_ATTEMPTS: u32 = 1_000;
/// The highest price of a message, in whatever currency.
const MOST_OF_A_PRICE: f64 = 1e5;
/// Requests with their ends from which on the shortest time between them tells something.
const ENOUGH: u64 = 100;
/// Ways in which a message comes in.
const INBOUND: [&str; 6] = ["inbound", "in", "mo", "incoming", "received", "receiving"];
/// Kinds of messages that are no texts.
const NOT_SMS: [&str; 8] =
    ["mms", "voice", "whatsapp", "viber", "rcs", "fax", "email", "messenger"];

/// Makes rows of texts; knows the log's clocks and what it was told before.
pub(super) struct Rows<'a> {
    shape: &'static Shape,
    /// `true` if the log has a column of states, and if it has one of times when messages were done.
    pub(super) has_status: bool,
    pub(super) has_done: bool,
    /// `true` if it has one of times when receipts came; and if the dates that receipts have are by the log's clock.
    pub(super) has_received: bool,
    is_dated: bool,
    pub(super) submitted: Clock<'a>,
    pub(super) sent: Clock<'a>,
    pub(super) done: Clock<'a>,
    pub(super) received: Clock<'a>,
    /// Times of receipts that can't be read.
    pub(super) unread: u64,
    statuses: Known<Option<Status>>,
    options: &'a Options,
    /// True for each word that was given for a state, if the log has it.
    has_words: Vec<bool>,
    codes: Known<Option<Failure>>,
    /// The key of the recipients' hashes: of this process alone.
    key: RandomState,
    senders: Senders,
    /// Country and network, put together.
    carrier: String,
    /// Requests with their ends, and the shortest time from one to the other, ns.
    taken: u64,
    least_taken: i64,
    /// The earliest time and the latest.
    pub(super) from: Option<Time>,
    pub(super) to: Option<Time>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(shape: &'static Shape, is_dated: bool, options: &'a Options) -> Self {
        let clock =
            |of| Clock::new(options.zone(of), options.resolution(of)).ordered_by(options.dates(of));
        Rows {
            shape,
            has_status: true,
            has_done: true,
            has_received: false,
            is_dated,
            submitted: clock(Meaning::Submitted),
            sent: clock(Meaning::Sent),
            done: clock(Meaning::Done),
            received: clock(Meaning::Received),
            unread: 0,
            statuses: Known::new(),
            options,
            has_words: vec![false; options.states.len()],
            codes: Known::new(),
            key: RandomState::new(),
            senders: Senders::default(),
            carrier: String::new(),
            taken: 0,
            least_taken: i64::MAX,
            from: None,
            to: None,
        }
    }

    pub(super) fn is_relative(&self) -> bool {
        self.shape.relative
    }

    /// The clock of a column of times.
    pub(super) fn clock(&self, of: Meaning) -> &Clock<'a> {
        match of {
            Meaning::Sent => &self.sent,
            Meaning::Done => &self.done,
            Meaning::Received => &self.received,
            _ => &self.submitted,
        }
    }

    /// The same, to be set.
    pub(super) fn clock_mut(&mut self, of: Meaning) -> &mut Clock<'a> {
        match of {
            Meaning::Sent => &mut self.sent,
            Meaning::Done => &mut self.done,
            Meaning::Received => &mut self.received,
            _ => &mut self.submitted,
        }
    }

    /// The shortest time from a request to its end, of a hundred or more, ns.
    pub(super) fn least_taken(&self) -> Option<i64> {
        Some(self.least_taken).filter(|_| self.taken >= ENOUGH)
    }

    /// The row that a record's texts are.
    pub(super) fn row<'r>(&'r mut self, cells: &Cells<'r>) -> Result<Row<'r>, Reason> {
        let is_given = |word: &str| self.options.state(word).is_some();
        select(cells, &is_given)?;
        let receipt = cells.get(Meaning::Receipt).and_then(Receipt::read);
        let state = receipt.as_ref().map(|receipt| receipt.state);
        let word = state.or_else(|| cells.get(Meaning::Status));
        let mut told = word.map(|word| self.state(word)).transpose()?;
        if told.is_none() {
            told = cells.get(Meaning::Mask).and_then(mask);
        }
        let undated;
        let mut cells = cells;
        if self.is_done_by_receipt(cells, told) {
            undated = cells.by_receipt();
            cells = &undated;
        }
        let [submitted, sent, done] = self.times(cells)?;
        let (done, received) = self.received(cells, done);
        if submitted.is_none() && sent.is_none() && done.is_none() {
            return Err(Reason::NoTime);
        }
        let mut status = match told {
            Some(status) => status,
            None if done.is_none() && (self.has_status || self.has_done) => Status::Pending,
            // It tells of demand alone.
            None if done.is_none() => Status::Unknown,
            None if self.has_status => return Err(Reason::NoStatus),
            // Without states, what is done is delivered.
            None => Status::Delivered,
        };
        if cells.get(Meaning::Final).is_some_and(|last| last.eq_ignore_ascii_case("false")) {
            status = Status::Pending;
        }
        let unasked = told.is_none() && cells.get(Meaning::Asked) == Some("no");
        if unasked {
            status = Status::Unknown;
        }
        let unreceived = done.is_some() && received.is_none() && self.is_unreceived(status);
        // The list of a run has the truth of what the sender never saw.
        let is_known = !self.shape.relative || status == Status::Delivered || unreceived;
        let done = done.filter(|_| is_known);
        if let (Some(submitted), Some(done)) = (submitted.or(sent), done) {
            if done.0 + self.done.unit() <= submitted.0 {
                return Err(Reason::DoneBeforeSubmitted);
            }
            self.taken += 1;
            self.least_taken = self.least_taken.min(done.0 - submitted.0);
        }
        let code = cells.get(Meaning::Error);
        let failure = self.failure(status, code, cells);
        let code = code.or(cells.get(Meaning::NetworkError));
        let code = code.or(receipt.and_then(|receipt| receipt.error));
        if let Some(mcc) = cells.get(Meaning::Mcc).filter(|_| cells.get(Meaning::Carrier).is_none())
        {
            self.carrier.clear();
            self.carrier.push_str(mcc);
            if let Some(mnc) = cells.get(Meaning::Mnc) {
                self.carrier.push('-');
                self.carrier.push_str(mnc);
            }
        }
        let sender = cells.get(Meaning::Sender).map(|sender| self.senders.place(sender));
        let mut number = |of| {
            let name = cells.get(of).filter(|name| is_telephone(name));
            name.map(|name| self.senders.place(name))
        };
        let (provider, carrier) = (number(Meaning::Provider), number(Meaning::Carrier));
        let segments = count(cells, Meaning::Segments)?.filter(|segments| *segments > 0);
        let chars = match count(cells, Meaning::Chars)? {
            Some(chars) => Some(chars),
            None => cells.get(Meaning::Body).map(|body| body.chars().count() as u32),
        };
        let attempts = count(cells, Meaning::Attempts)?.or(count(cells, Meaning::Attempt)?);
        let attempts = attempts.filter(|attempts| *attempts > 0);
        let price = cells.get(Meaning::Price).map(price).transpose()?;
        for time in [submitted, sent, done, received].into_iter().flatten() {
            self.from = Some(self.from.map_or(time, |from| from.min(time)));
            self.to = Some(self.to.map_or(time, |to| to.max(time)));
        }
        let recipient = cells.get(Meaning::Recipient).map(|number| self.hash(number));
        let own_carrier = cells.get(Meaning::Mcc).map(|_| self.carrier.as_str());
        let own = |place: Option<usize>| place.map(|place| self.senders.name(place));
        Ok(Row {
            id: cells.get(Meaning::Id),
            submitted,
            sent,
            done,
            received,
            unreceived,
            status,
            failure,
            code,
            provider: own(provider).or(cells.get(Meaning::Provider)),
            carrier: own(carrier).or(cells.get(Meaning::Carrier)).or(own_carrier),
            sender: own(sender),
            route: cells.get(Meaning::Route),
            recipient,
            segments,
            chars,
            price,
            attempts,
            unasked,
        })
    }

    /// Notes on words that were given for states, and that no row has.
    pub(super) fn unused_words(&self) -> impl Iterator<Item = String> {
        let words = self.options.states.iter().zip(&self.has_words);
        words.filter(|(_, has)| !**has).map(|((word, state), _)| {
            format!("`--state {word}={}` has no effect: no row has that word", state.name())
        })
    }

    /// `true` if a receipt's line is of a message that is taken as done when it came.
    fn is_done_by_receipt(&self, cells: &Cells<'_>, told: Option<Status>) -> bool {
        let is_final = told.is_some_and(|status| status != Status::Pending);
        let is_dated = self.is_dated && is_final && cells.get(Meaning::Done).is_some();
        self.shape.line.is_some() && cells.get(Meaning::Received).is_some() && !is_dated
    }

    /// The time when a message was done, and that when its receipt came; one that can't be read is none.
    fn received(&mut self, cells: &Cells<'_>, done: Option<Time>) -> (Option<Time>, Option<Time>) {
        let Some(text) = cells.get(Meaning::Received) else { return (done, None) };
        self.has_received |= self.shape.line.is_none();
        let Ok(received) = self.received.read(text) else {
            self.unread += 1;
            return (done, None);
        };
        // A date after its receipt is of another clock.
        let is_later = self.shape.line.is_some() && done > received;
        if is_later { (received, None) } else { (done, received) }
    }

    /// `true` if a message that has an end and no receipt is one whose receipt never came.
    fn is_unreceived(&self, status: Status) -> bool {
        if self.shape.relative {
            return matches!(status, Status::Pending | Status::Unknown);
        }
        self.has_received && self.shape.line.is_none() && status == Status::Delivered
    }

    /// The clocks of requests, acceptances and final states.
    pub(super) fn clocks(&self) -> [&Clock<'a>; 3] {
        [&self.submitted, &self.sent, &self.done]
    }

    fn state(&mut self, word: &str) -> Result<Status, Reason> {
        let Rows { shape, options, has_words, .. } = self;
        let find = || match options.state(word) {
            Some(place) => {
                has_words[place] = true;
                Some(options.states[place].1)
            }
            None => status::status(word, shape.statuses),
        };
        self.statuses.get(word, find).ok_or(Reason::UnknownStatus)
    }

    /// The text of the time of the request; one of a time of day with that of its day.
    pub(super) fn submitted_text<'c>(cells: &Cells<'c>) -> Option<Cow<'c, str>> {
        let is_clock = |text: &str| text.bytes().take(3).any(|byte| byte == b':');
        match (cells.get(Meaning::Submitted), cells.get(Meaning::Day)) {
            (Some(time), Some(day)) if is_clock(time) => Some(format!("{day} {time}").into()),
            (time, day) => time.or(day).map(Cow::Borrowed),
        }
    }

    fn times(&mut self, cells: &Cells<'_>) -> Result<[Option<Time>; 3], Reason> {
        let relative = self.shape.relative;
        let read = |clock: &mut Clock<'_>, text: Option<&str>| match text {
            None => Ok(None),
            Some(text) if relative => clock.seconds(text),
            Some(text) => clock.read(text),
        };
        let submitted = read(&mut self.submitted, Self::submitted_text(cells).as_deref())?;
        let mut sent = read(&mut self.sent, cells.get(Meaning::Sent))?;
        let mut done = read(&mut self.done, cells.get(Meaning::Done))?;
        if let Some(start) = submitted {
            if let Some(ms) = cells.get(Meaning::SentAfterMs) {
                sent = self.sent.after(start, ms)?;
            }
            if let Some(ms) = cells.get(Meaning::DoneAfterMs) {
                done = self.done.after(start, ms)?;
            }
        }
        Ok([submitted, sent, done])
    }

    fn failure(
        &mut self,
        status: Status,
        code: Option<&str>,
        cells: &Cells<'_>,
    ) -> Option<Failure> {
        if matches!(status, Status::Delivered | Status::Pending) {
            return None;
        }
        let table = self.shape.codes;
        let found = code.and_then(|code| self.codes.get(code, || status::failure(code, table)));
        match cells.get(Meaning::Permanent) {
            Some("true") if matches!(found, None | Some(Failure::Other)) => {
                Some(Failure::Permanent)
            }
            Some("false") if matches!(found, None | Some(Failure::Other)) => {
                Some(Failure::Transient)
            }
            _ => found,
        }
    }

    /// A hash of a number, whatever it is written with; equal numbers have equal hashes.
    fn hash(&self, number: &str) -> u64 {
        let mut digits = [0_u8; 32];
        let mut length = 0;
        for byte in number.bytes().filter(u8::is_ascii_alphanumeric) {
            if length < digits.len() {
                digits[length] = byte;
                length += 1;
            }
        }
        self.key.hash_one(&digits[..length])
    }
}

/// Refuses what is no message to someone.
fn select(cells: &Cells<'_>, is_given: &dyn Fn(&str) -> bool) -> Result<(), Reason> {
    let is = |words: &[&str], text: &str| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if cells.get(Meaning::Replication).is_some_and(|replication| replication != "0") {
        return Err(Reason::OtherReplication);
    }
    let direction = cells.get(Meaning::Direction);
    if direction.is_some_and(|way| is(&INBOUND, way))
        || cells.get(Meaning::Status).is_some_and(|word| is(&INBOUND[4..], word) && !is_given(word))
    {
        return Err(Reason::Inbound);
    }
    // Receipts in a table of messages.
    if direction.is_some_and(|way| way.eq_ignore_ascii_case("dlr")) {
        return Err(Reason::Receipt);
    }
    if cells.get(Meaning::Kind).is_some_and(|kind| is(&NOT_SMS, kind)) {
        return Err(Reason::NotSms);
    }
    Ok(())
}

pub(super) fn count(cells: &Cells<'_>, meaning: Meaning) -> Result<Option<u32>, Reason> {
    let Some(text) = cells.get(meaning) else { return Ok(None) };
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let is_of_attempts = matches!(meaning, Meaning::Attempts | Meaning::Attempt);
    let most = if is_of_attempts { MOST_ATTEMPTS } else { MOST_OF_A_COUNT };
    match whole.parse::<u32>() {
        Ok(count) if count <= most => Ok(Some(count)),
        _ => Err(Reason::BadNumber),
    }
}

/// A price; some write what is charged as a negative amount, with a currency, with a decimal comma.
pub(super) fn price(text: &str) -> Result<f64, Reason> {
    let number = text.trim_matches(|c: char| c.is_alphabetic() || " $€£".contains(c));
    let price = match (number.find('.'), number.find(',')) {
        (None, Some(_)) => number.replace(',', ".").parse(),
        // Of two marks the first stands between thousands.
        (Some(point), Some(comma)) if point < comma => {
            number.replace('.', "").replace(',', ".").parse()
        }
        (Some(_), Some(_)) => number.replace(',', "").parse(),
        _ => number.parse(),
    };
    let price: f64 = price.map_err(|_| Reason::BadNumber)?;
    // What is beyond is no price, but somebody's number, perhaps.
    if price.abs() <= MOST_OF_A_PRICE { Ok(price.abs()) } else { Err(Reason::BadNumber) }
}

/// State by Kannel's bits.
fn mask(text: &str) -> Option<Status> {
    let bits: u32 = text.parse().ok()?;
    [
        (1, Status::Delivered),
        (2, Status::Undelivered),
        (16, Status::Rejected),
        (4 | 8 | 32, Status::Pending),
    ]
    .into_iter()
    .find(|(own, _)| bits & own != 0)
    .map(|(_, status)| status)
}
