//! Plivo: detail records as JSON or CSV.

use super::{Format, Meaning, PLAIN, Shape};
use crate::logs::row::Failure;
use crate::logs::status::Words;

/// Error codes; 000 is a success.
const CODES: Words<Failure> = &[
    ("10", Failure::Permanent),
    ("20", Failure::Transient),
    ("30", Failure::Filtered),
    ("40", Failure::Permanent),
    ("50", Failure::UnknownSubscriber),
    ("60", Failure::Permanent),
    ("70", Failure::UnknownSubscriber),
    ("80", Failure::Absent),
    ("90", Failure::Permanent),
    ("100", Failure::Permanent),
    ("110", Failure::Permanent),
    ("200", Failure::OptedOut),
    ("201", Failure::Permanent),
    ("300", Failure::Transient),
    ("420", Failure::Timeout),
    ("450", Failure::Permanent),
    ("900", Failure::Permanent),
    ("910", Failure::Permanent),
    ("1000", Failure::Other),
];

pub(super) const SHAPE: Shape = Shape {
    format: Format::Plivo,
    name: "plivo",
    title: "Plivo detail records",
    marks: &[&["messageuuid", "messagetime", "messagestate"]],
    fields: &[
        ("messageuuid", Meaning::Id),
        ("messagetime", Meaning::Submitted),
        ("messagestate", Meaning::Status),
        ("errorcode", Meaning::Error),
        ("fromnumber", Meaning::Sender),
        ("tonumber", Meaning::Recipient),
        ("destinationnetwork", Meaning::Carrier),
        ("carrier", Meaning::Carrier),
        ("mcc", Meaning::Mcc),
        ("mnc", Meaning::Mnc),
        ("units", Meaning::Segments),
        ("totalamount", Meaning::Price),
        ("powerpackuuid", Meaning::Route),
        ("messagedirection", Meaning::Direction),
        ("messagetype", Meaning::Kind),
    ],
    codes: CODES,
    utc: true,
    note: Some("it has one time a message: no latency can be found from it"),
    ..PLAIN
};
