//! Telnyx: detail records as JSON or CSV, messages of the API and of its webhooks.

use super::{Format, Meaning, PLAIN, Shape};
use crate::logs::row::Failure;
use crate::logs::status::Words;

/// Codes of failures.
const CODES: Words<Failure> = &[
    ("40001", Failure::UnknownSubscriber),
    ("40002", Failure::Filtered),
    ("40003", Failure::Filtered),
    ("40004", Failure::Other),
    ("40005", Failure::Timeout),
    ("40006", Failure::Transient),
    ("40008", Failure::Other),
    ("40009", Failure::Permanent),
    ("40010", Failure::Filtered),
    ("40011", Failure::Throttled),
    ("40012", Failure::UnknownSubscriber),
    ("40013", Failure::Permanent),
    ("40014", Failure::Timeout),
    ("40015", Failure::Filtered),
    ("40016", Failure::Throttled),
    ("40017", Failure::Filtered),
    ("40018", Failure::Throttled),
    ("40300", Failure::OptedOut),
    ("40301", Failure::OptedOut),
    ("40318", Failure::QueueFull),
];

pub(super) const SHAPE: Shape = Shape {
    format: Format::Telnyx,
    name: "telnyx",
    title: "Telnyx detail records",
    marks: &[
        &["uuid", "completedat", "cld"],
        &["uuid", "createdat", "sentat", "completedat"],
        &["recordtype", "messagingprofileid"],
    ],
    fields: &[
        ("uuid", Meaning::Id),
        ("id", Meaning::Id),
        ("createdat", Meaning::Submitted),
        ("receivedat", Meaning::Submitted),
        ("sentat", Meaning::Sent),
        ("completedat", Meaning::Done),
        // `delivery_status` of a detail record is about the webhook.
        ("to.status", Meaning::Status),
        ("status", Meaning::Status),
        ("errors.code", Meaning::Error),
        ("errors", Meaning::Error),
        ("carrier", Meaning::Carrier),
        ("to.carrier", Meaning::Carrier),
        ("mcc", Meaning::Mcc),
        ("mnc", Meaning::Mnc),
        ("cli", Meaning::Sender),
        ("from.phonenumber", Meaning::Sender),
        ("from", Meaning::Sender),
        ("cld", Meaning::Recipient),
        ("to.phonenumber", Meaning::Recipient),
        ("to", Meaning::Recipient),
        ("parts", Meaning::Segments),
        ("text", Meaning::Body),
        ("cost.amount", Meaning::Price),
        ("cost", Meaning::Price),
        ("profilename", Meaning::Route),
        ("messagingprofileid", Meaning::Route),
        ("direction", Meaning::Direction),
        ("messagetype", Meaning::Kind),
        ("type", Meaning::Kind),
    ],
    codes: CODES,
    utc: true,
    ..PLAIN
};
