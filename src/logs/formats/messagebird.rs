//! MessageBird, now Bird: messages of the API, with a list of recipients each, and its CSV.

use super::{Format, Meaning, PLAIN, Shape};
use crate::logs::row::Failure;
use crate::logs::status::Words;

/// Error codes of states.
const CODES: Words<Failure> = &[
    ("1", Failure::UnknownSubscriber),
    ("5", Failure::UnknownSubscriber),
    ("6", Failure::Absent),
    ("7", Failure::Permanent),
    ("8", Failure::Permanent),
    ("9", Failure::UnknownSubscriber),
    ("10", Failure::Permanent),
    ("11", Failure::Permanent),
    ("12", Failure::Permanent),
    ("13", Failure::OptedOut),
    ("21", Failure::Permanent),
    ("27", Failure::Absent),
    ("31", Failure::Absent),
    ("32", Failure::Transient),
    ("33", Failure::QueueFull),
    ("34", Failure::Transient),
    ("35", Failure::Transient),
    ("36", Failure::Transient),
    ("51", Failure::Transient),
    ("71", Failure::Permanent),
    ("72", Failure::Absent),
    ("101", Failure::OptedOut),
    ("103", Failure::OptedOut),
    ("104", Failure::Filtered),
    ("105", Failure::Filtered),
    ("106", Failure::Filtered),
    ("107", Failure::Filtered),
    ("108", Failure::Filtered),
    ("110", Failure::Filtered),
];

pub(super) const SHAPE: Shape = Shape {
    format: Format::MessageBird,
    name: "messagebird",
    title: "MessageBird messages",
    marks: &[
        &["id", "originator", "createddatetime"],
        &["id", "originator", "statusdatetime"],
        &["id", "statusdatetime", "recipient"],
    ],
    fields: &[
        // A message has a state a recipient.
        ("id", Meaning::Id),
        ("createddatetime", Meaning::Submitted),
        ("statusdatetime", Meaning::Done),
        ("status", Meaning::Status),
        ("statuserrorcode", Meaning::Error),
        ("failure.source.code", Meaning::Error),
        ("recipientoperator", Meaning::Carrier),
        ("mccmnc", Meaning::Carrier),
        ("mcc", Meaning::Mcc),
        ("mnc", Meaning::Mnc),
        ("originator", Meaning::Sender),
        ("recipient", Meaning::Recipient),
        ("messagepartcount", Meaning::Segments),
        ("messagelength", Meaning::Chars),
        ("body", Meaning::Body),
        ("gateway", Meaning::Route),
        ("price.amount", Meaning::Price),
        ("direction", Meaning::Direction),
        ("type", Meaning::Kind),
    ],
    codes: CODES,
    by_recipient: true,
    each: Some("recipients.items"),
    ..PLAIN
};
