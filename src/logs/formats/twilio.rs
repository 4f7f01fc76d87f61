//! Twilio: the console's CSV, the API's JSON and the bulk export.

use super::{Format, Meaning, PLAIN, Shape};
use crate::logs::row::Failure;
use crate::logs::status::Words;

/// Error codes of messages.
const CODES: Words<Failure> = &[
    ("30001", Failure::QueueFull),
    ("30002", Failure::Permanent),
    ("30003", Failure::Absent),
    ("30004", Failure::OptedOut),
    ("30005", Failure::UnknownSubscriber),
    ("30006", Failure::UnknownSubscriber),
    ("30007", Failure::Filtered),
    ("30008", Failure::Other),
    ("30009", Failure::Transient),
    ("30010", Failure::Permanent),
    ("30022", Failure::Throttled),
    ("30023", Failure::Throttled),
    ("30027", Failure::Throttled),
    ("30032", Failure::Filtered),
    ("30034", Failure::Filtered),
    ("30036", Failure::Timeout),
    ("30410", Failure::Timeout),
    ("20429", Failure::Throttled),
    ("21211", Failure::UnknownSubscriber),
    ("21610", Failure::OptedOut),
    ("21611", Failure::QueueFull),
    ("21614", Failure::UnknownSubscriber),
];

pub(super) const CONSOLE: Shape = Shape {
    format: Format::TwilioConsole,
    name: "twilio-console",
    title: "Twilio console CSV",
    marks: &[&["sid", "sentdate", "numsegments", "accountsid"]],
    fields: &[
        ("sid", Meaning::Id),
        ("sentdate", Meaning::Submitted),
        ("status", Meaning::Status),
        ("errorcode", Meaning::Error),
        ("from", Meaning::Sender),
        ("to", Meaning::Recipient),
        ("numsegments", Meaning::Segments),
        ("body", Meaning::Body),
        ("direction", Meaning::Direction),
        ("price", Meaning::Price),
    ],
    codes: CODES,
    utc: true,
    note: Some("it has one time a message: no latency can be found from it"),
    ..PLAIN
};

const FIELDS: &[(&str, Meaning)] = &[
    ("sid", Meaning::Id),
    ("datecreated", Meaning::Submitted),
    ("datesent", Meaning::Sent),
    ("dateupdated", Meaning::Done),
    ("status", Meaning::Status),
    ("errorcode", Meaning::Error),
    ("messagingservicesid", Meaning::Route),
    ("from", Meaning::Sender),
    ("to", Meaning::Recipient),
    ("numsegments", Meaning::Segments),
    ("body", Meaning::Body),
    ("direction", Meaning::Direction),
    ("price", Meaning::Price),
];
const NOTE: &str = "it has no time of delivery: `date_updated`, the last change, stands for it";

/// Messages with `uri`, `api_version` and the like, which the bulk export lacks.
pub(super) const API: Shape = Shape {
    format: Format::TwilioApi,
    name: "twilio-api",
    title: "Twilio API JSON",
    marks: &[&["sid", "dateupdated", "apiversion"], &["sid", "dateupdated", "uri"]],
    fields: FIELDS,
    codes: CODES,
    utc: true,
    note: Some(NOTE),
    ..PLAIN
};

pub(super) const BULK: Shape = Shape {
    format: Format::TwilioBulk,
    name: "twilio-bulk",
    title: "Twilio bulk export",
    marks: &[&["sid", "dateupdated", "accountsid"]],
    ..API
};
