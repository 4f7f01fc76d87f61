//! AWS: events of End User Messaging, and delivery logs of SNS.

use super::{Format, Meaning, PLAIN, Shape};
use crate::logs::row::{Failure, Status};
use crate::logs::status::Words;

/// SUCCESSFUL, the carrier has it, and DELIVERED stand for each other.
const STATUSES: Words<Status> = &[
    ("queued", Status::Pending),
    ("sent", Status::Pending),
    ("carrier_unreachable", Status::Undelivered),
    ("unreachable", Status::Undelivered),
    ("blocked", Status::Rejected),
    ("carrier_blocked", Status::Rejected),
    ("invalid", Status::Rejected),
    ("invalid_message", Status::Rejected),
    ("spam", Status::Rejected),
    ("ttl_expired", Status::Expired),
];

/// The states are the codes, too.
const CODES: Words<Failure> = &[
    ("carrier_unreachable", Failure::Transient),
    ("unreachable", Failure::Absent),
    ("blocked", Failure::OptedOut),
    ("carrier_blocked", Failure::Filtered),
    ("spam", Failure::Filtered),
    ("invalid", Failure::UnknownSubscriber),
    ("invalid_message", Failure::Permanent),
    ("ttl_expired", Failure::Timeout),
    ("protect_blocked", Failure::Filtered),
    ("unknown", Failure::Other),
];

pub(super) const EVENTS: Shape = Shape {
    format: Format::AwsEvents,
    name: "aws-events",
    title: "AWS End User Messaging events",
    marks: &[&["eventtype", "messageid", "messagerequesttimestamp"]],
    fields: &[
        ("messageid", Meaning::Id),
        ("messagerequesttimestamp", Meaning::Submitted),
        ("eventtimestamp", Meaning::Done),
        ("messagestatus", Meaning::Status),
        ("messagestatus", Meaning::Error),
        ("isfinal", Meaning::Final),
        ("carriername", Meaning::Carrier),
        ("mcc", Meaning::Mcc),
        ("mnc", Meaning::Mnc),
        ("originationphonenumber", Meaning::Sender),
        ("destinationphonenumber", Meaning::Recipient),
        ("totalmessageparts", Meaning::Segments),
        ("totalmessageprice", Meaning::Price),
    ],
    statuses: STATUSES,
    codes: CODES,
    utc: true,
    joined: true,
    note: Some("SUCCESSFUL (the carrier has it) and DELIVERED are both taken as delivered"),
    ..PLAIN
};

/// Sentences of SNS about the provider's answer.
const RESPONSES: Words<Failure> = &[
    ("blocked as spam by phone carrier", Failure::Filtered),
    ("destination is on a blocked list", Failure::OptedOut),
    ("phone number is opted out", Failure::OptedOut),
    ("invalid phone number", Failure::UnknownSubscriber),
    ("message body is invalid", Failure::Permanent),
    ("phone carrier has blocked this message", Failure::Filtered),
    ("phone carrier is currently unreachable/unavailable", Failure::Transient),
    ("phone has blocked sms", Failure::OptedOut),
    ("phone is on a blocked list", Failure::OptedOut),
    ("phone is currently unreachable/unavailable", Failure::Absent),
    ("rate exceeded.", Failure::Throttled),
    ("no quota left for account", Failure::Permanent),
    ("this delivery would exceed max price", Failure::Permanent),
    ("unknown error attempting to reach phone", Failure::Other),
];

pub(super) const SNS: Shape = Shape {
    format: Format::AwsSns,
    name: "aws-sns",
    title: "AWS SNS delivery logs",
    marks: &[&["notification.messageid", "notification.timestamp"]],
    fields: &[
        ("notification.messageid", Meaning::Id),
        ("notification.timestamp", Meaning::Submitted),
        ("delivery.dwelltimems", Meaning::SentAfterMs),
        ("delivery.dwelltimemsuntildeviceack", Meaning::DoneAfterMs),
        ("status", Meaning::Status),
        ("delivery.providerresponse", Meaning::Error),
        ("delivery.phonecarrier", Meaning::Carrier),
        ("delivery.mcc", Meaning::Mcc),
        ("delivery.mnc", Meaning::Mnc),
        ("delivery.destination", Meaning::Recipient),
        ("delivery.numberofmessageparts", Meaning::Segments),
        ("delivery.priceinusd", Meaning::Price),
    ],
    codes: RESPONSES,
    utc: true,
    note: Some(
        "a delivery is as late as `dwellTimeMsUntilDeviceAck` says; without it, it has no time",
    ),
    ..PLAIN
};
