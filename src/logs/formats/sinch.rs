//! Sinch: receipts of recipients.

use super::{Format, Meaning, PLAIN, Shape};
use crate::logs::row::Failure;
use crate::logs::status::Words;

/// Codes of receipts.
const CODES: Words<Failure> = &[
    ("402", Failure::Other),
    ("403", Failure::Permanent),
    ("404", Failure::Permanent),
    ("405", Failure::UnknownSubscriber),
    ("406", Failure::Timeout),
    ("407", Failure::Transient),
    ("408", Failure::Filtered),
    ("410", Failure::UnknownSubscriber),
    ("411", Failure::OptedOut),
    ("412", Failure::Permanent),
    ("413", Failure::Permanent),
    ("414", Failure::Throttled),
    ("415", Failure::Permanent),
    ("416", Failure::Permanent),
    ("417", Failure::Permanent),
    ("418", Failure::Filtered),
];

pub(super) const SHAPE: Shape = Shape {
    format: Format::Sinch,
    name: "sinch",
    title: "Sinch delivery reports",
    marks: &[&["batchid", "recipient", "code", "at"]],
    fields: &[
        // A batch has a receipt a recipient.
        ("batchid", Meaning::Id),
        ("createdat", Meaning::Submitted),
        ("at", Meaning::Done),
        ("status", Meaning::Status),
        ("code", Meaning::Error),
        ("operator", Meaning::Carrier),
        ("appliedoriginator", Meaning::Sender),
        ("recipient", Meaning::Recipient),
        ("numberofmessageparts", Meaning::Segments),
        ("clientreference", Meaning::Route),
    ],
    codes: CODES,
    by_recipient: true,
    utc: true,
    joined: true,
    note: Some(
        "receipts have no time of submission: the first one of a message that isn't final (`Queued`, \
         `Dispatched`) tells when it was sent; `at`, of one clock, is taken before `operator_status_at`",
    ),
    ..PLAIN
};
