//! Sinch: receipts of recipients.

use super::{Format, Meaning, PLAIN, Shape};
use crate::logs::row::Failure;
use crate::logs::status::Words;

/// Codes of receipts.
const CODES: Words<Failure> = &[
    ("402", Failure::Permanent),
    ("403", Failure::Other),
    ("404", Failure::Transient),
    ("405", Failure::Permanent),
    ("406", Failure::Timeout),
    ("407", Failure::Other),
    ("408", Failure::Permanent),
    ("410", Failure::Permanent),
    ("411", Failure::Permanent),
    ("412", Failure::Permanent),
    ("413", Failure::Permanent),
    ("414", Failure::Permanent),
    ("415", Failure::Permanent),
    ("416", Failure::Permanent),
    ("417", Failure::Absent),
    ("418", Failure::Permanent),
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
