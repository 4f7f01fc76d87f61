//! Vonage: reports as CSV or JSON, and receipts as they are pushed.

use super::{Format, Meaning, PLAIN, Shape};
use crate::logs::row::Failure;
use crate::logs::status::Words;

/// `err-code` of receipts.
const CODES: Words<Failure> = &[
    ("1", Failure::Other),
    ("2", Failure::Absent),
    ("3", Failure::UnknownSubscriber),
    ("4", Failure::OptedOut),
    ("5", Failure::Permanent),
    ("6", Failure::Filtered),
    ("7", Failure::Absent),
    ("8", Failure::Transient),
    ("9", Failure::OptedOut),
    ("10", Failure::Permanent),
    ("11", Failure::Permanent),
    ("12", Failure::Permanent),
    ("13", Failure::Filtered),
    ("14", Failure::Permanent),
    ("15", Failure::Permanent),
    ("16", Failure::Throttled),
    ("50", Failure::Permanent),
    ("51", Failure::Permanent),
    ("52", Failure::Filtered),
    ("53", Failure::OptedOut),
    ("54", Failure::Permanent),
    ("99", Failure::Other),
];

pub(super) const REPORTS: Shape = Shape {
    format: Format::VonageReports,
    name: "vonage-reports",
    title: "Vonage reports CSV",
    marks: &[&["messageid", "datereceived", "datefinalized"]],
    fields: &[
        ("messageid", Meaning::Id),
        ("datereceived", Meaning::Submitted),
        ("datefinalized", Meaning::Done),
        ("status", Meaning::Status),
        ("errorcode", Meaning::Error),
        ("networkname", Meaning::Carrier),
        ("network", Meaning::Carrier),
        ("from", Meaning::Sender),
        ("to", Meaning::Recipient),
        ("messagebody", Meaning::Body),
        ("direction", Meaning::Direction),
        ("totalprice", Meaning::Price),
    ],
    codes: CODES,
    utc: true,
    ..PLAIN
};

pub(super) const RECEIPTS: Shape = Shape {
    format: Format::VonageReceipts,
    name: "vonage-receipts",
    title: "Vonage receipts",
    marks: &[&["messageid", "scts"], &["messageid", "errcode", "messagetimestamp"]],
    fields: &[
        ("messageid", Meaning::Id),
        ("messagetimestamp", Meaning::Done),
        ("scts", Meaning::Done),
        ("status", Meaning::Status),
        ("errcode", Meaning::Error),
        ("networkcode", Meaning::Carrier),
        ("to", Meaning::Sender),
        ("msisdn", Meaning::Recipient),
        ("price", Meaning::Price),
    ],
    codes: CODES,
    utc: true,
    joined: true,
    note: Some(
        "receipts have no time of submission: no latency can be found from them; \
         `message-timestamp`, when the receipt was pushed, is taken before `scts`, which has minutes",
    ),
    ..PLAIN
};
