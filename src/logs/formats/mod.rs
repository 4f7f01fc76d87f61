//! The formats, a file each: what their columns mean, their words for states, their codes.

mod aws;
mod infobip;
mod jasmin;
mod kannel;
mod messagebird;
mod plain;
mod plivo;
mod receipts;
mod sinch;
mod smschain;
mod telnyx;
mod twilio;
mod vonage;

use super::account::Reason;
use super::meaning::{Meaning, Owned};
use super::row::{Failure, Status};
use super::status::Words;

/// A format of logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// A table whose columns go by the common names.
    Csv,
    /// The list of messages of `run --messages`.
    Smschain,
    /// The export of Twilio's console.
    TwilioConsole,
    /// Messages of Twilio's API.
    TwilioApi,
    /// Twilio's bulk export.
    TwilioBulk,
    /// Vonage's reports.
    VonageReports,
    /// Vonage's receipts.
    VonageReceipts,
    /// Events of AWS End User Messaging.
    AwsEvents,
    /// Delivery logs of AWS SNS.
    AwsSns,
    /// Infobip's reports and logs.
    Infobip,
    /// Sinch's receipts.
    Sinch,
    /// Telnyx's detail records.
    Telnyx,
    /// Plivo's detail records.
    Plivo,
    /// Messages of MessageBird's API.
    MessageBird,
    /// Kannel's access log.
    Kannel,
    /// Kannel's table of sent messages.
    KannelSqlbox,
    /// Kannel's table of receipts that are waited for.
    KannelDlr,
    /// Jasmin's log of messages.
    Jasmin,
    /// Jasmin's table of submits.
    JasminSubmits,
    /// Texts of SMPP receipts, a line each.
    Receipts,
}

/// Description of a format.
pub(super) struct Shape {
    pub(super) format: Format,
    /// Name for `--format`.
    pub(super) name: &'static str,
    /// The product or company that it is of, for people.
    pub(super) title: &'static str,
    /// Sets of columns: a log that has all of one is of this format.
    pub(super) marks: &'static [&'static [&'static str]],
    /// Columns by their names without case, blanks, `_` and `-`, of JSON with the dots of its paths;
    /// of several with one meaning the first counts.
    pub(super) fields: &'static [(&'static str, Meaning)],
    /// Words for states, besides the common ones.
    pub(super) statuses: Words<Status>,
    /// Codes of failures.
    pub(super) codes: Words<Failure>,
    /// `true` if times without an offset are UTC, as its documentation says.
    pub(super) utc: bool,
    /// `true` if several rows may tell of one message.
    pub(super) joined: bool,
    /// `true` if an id is that of a batch, whose messages are told apart by their recipients.
    pub(super) by_recipient: bool,
    /// `true` if times are seconds from t = 0.
    pub(super) relative: bool,
    /// The array in a record whose elements are a message each.
    pub(super) each: Option<&'static str>,
    /// Reader of a line of text, of a format that is no table.
    pub(super) line: Option<ReadLine>,
    /// Assumptions of the format.
    pub(super) note: Option<&'static str>,
}

/// Reads a line into the texts of a record.
pub(super) type ReadLine = fn(&str, &mut Owned) -> Line;

/// Meaning of a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A message, or an attempt at it that ended it.
    Message,
    /// An attempt that failed and is made again.
    Retried,
    /// An attempt, after which another may follow unless it was delivered.
    Attempt,
    /// A receipt of a message.
    Receipt,
    /// Nothing about a message.
    Other,
    /// Something that isn't used.
    Not(Reason),
}

/// A shape in which nothing is special.
const PLAIN: Shape = Shape {
    format: Format::Csv,
    name: "",
    title: "",
    marks: &[],
    fields: &[],
    statuses: &[],
    codes: &[],
    utc: false,
    joined: false,
    by_recipient: false,
    relative: false,
    each: None,
    line: None,
    note: None,
};

/// All shapes, those that are recognised first before others.
pub(super) const SHAPES: [&Shape; 20] = [
    &smschain::SHAPE,
    &twilio::CONSOLE,
    &twilio::API,
    &twilio::BULK,
    &vonage::REPORTS,
    &vonage::RECEIPTS,
    &aws::EVENTS,
    &aws::SNS,
    &infobip::SHAPE,
    &sinch::SHAPE,
    &telnyx::SHAPE,
    &plivo::SHAPE,
    &messagebird::SHAPE,
    &kannel::ACCESS,
    &kannel::SQLBOX,
    &kannel::DLR,
    &jasmin::MESSAGES,
    &jasmin::SUBMITS,
    &receipts::SHAPE,
    &plain::SHAPE,
];

impl Format {
    /// All formats.
    pub fn all() -> impl Iterator<Item = Format> {
        SHAPES.iter().map(|shape| shape.format)
    }

    /// The format that `--format` calls so.
    pub fn named(name: &str) -> Option<Format> {
        SHAPES.iter().find(|shape| shape.name == name).map(|shape| shape.format)
    }

    /// Name for `--format`.
    pub fn name(self) -> &'static str {
        self.shape().name
    }

    /// The product or company that it is of.
    pub fn title(self) -> &'static str {
        self.shape().title
    }

    pub(super) fn shape(self) -> &'static Shape {
        let found = SHAPES.iter().find(|shape| shape.format == self);
        found.copied().unwrap_or(&plain::SHAPE)
    }
}

impl Shape {
    /// The meanings of a column, and how soon it counts among those of each.
    pub(super) fn meanings(&self, normal: &str) -> impl Iterator<Item = (usize, Meaning)> {
        let fields = self.fields.iter().enumerate();
        fields
            .filter(move |(_, (name, _))| *name == normal)
            .map(|(at, (_, meaning))| (at, *meaning))
    }

    /// `true` if columns, by their normal names, are those of this format.
    pub(super) fn is_marked_by(&self, names: &[String]) -> bool {
        let has = |mark: &&str| names.iter().any(|name| name == mark);
        self.marks.iter().any(|marks| marks.iter().all(has))
    }
}
