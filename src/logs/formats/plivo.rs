//! Plivo: detail records as JSON or CSV.

use super::{Format, Meaning, PLAIN, Shape};
use crate::logs::row::Failure;
use crate::logs::status::Words;

/// Error codes; 000 is a success.
const CODES: Words<Failure> = &[
    ("10", Failure::Permanent),
    ("20", Failure::Transient),
    ("30", Failure::UnknownSubscriber),
    ("40", Failure::Absent),
    ("50", Failure::UnknownSubscriber),
    ("60", Failure::Permanent),
    ("70", Failure::UnknownSubscriber),
    ("80", Failure::Absent),
    ("90", Failure::Permanent),
    ("100", Failure::Permanent),
    ("110", Failure::Filtered),
    ("120", Failure::Throttled),
    ("200", Failure::OptedOut),
    ("300", Failure::Transient),
    ("420", Failure::Timeout),
    ("450", Failure::Filtered),
    ("900", Failure::Permanent),
    ("910", Failure::QueueFull),
    ("950", Failure::Filtered),
    ("960", Failure::Throttled),
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
