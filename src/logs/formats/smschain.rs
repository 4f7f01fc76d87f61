//! The list of messages that `run --messages` writes: what the sender saw of them.

use super::{Format, Meaning, PLAIN, Shape};

pub(super) const SHAPE: Shape = Shape {
    format: Format::Smschain,
    name: "smschain",
    title: "smschain `run --messages`",
    marks: &[&["bxmessageid", "requesteds"]],
    fields: &[
        ("bxmessageid", Meaning::Id),
        ("requesteds", Meaning::Submitted),
        ("handedoffs", Meaning::Sent),
        ("delivereds", Meaning::Done),
        ("observed", Meaning::Status),
        ("provider", Meaning::Provider),
        ("carrier", Meaning::Carrier),
        ("sender", Meaning::Sender),
        ("segments", Meaning::Segments),
        ("routeid", Meaning::Route),
        ("attempts", Meaning::Attempts),
        ("replication", Meaning::Replication),
    ],
    relative: true,
    note: Some(
        "states are what the sender saw; a delivery is at the time of the handset, not of its receipt",
    ),
    ..PLAIN
};
