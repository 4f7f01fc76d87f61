//! Infobip: reports and logs of the API, and the CSV of its portal.

use super::{Format, Meaning, PLAIN, Shape};
use crate::logs::row::{Failure, Status};
use crate::logs::status::Words;

/// Groups of states. `DELIVERED_TO_OPERATOR` is in the group of the delivered.
const STATUSES: Words<Status> = &[
    ("pending", Status::Pending),
    ("undeliverable", Status::Undelivered),
    ("delivered", Status::Delivered),
    ("expired", Status::Expired),
    ("rejected", Status::Rejected),
];

/// Names of errors, and of the groups of those that have no entry.
const CODES: Words<Failure> = &[
    ("no_error", Failure::Other),
    ("ec_unknown_subscriber", Failure::UnknownSubscriber),
    ("ec_unidentified_subscriber", Failure::UnknownSubscriber),
    ("ec_absent_subscriber", Failure::Absent),
    ("ec_absent_subscriber_sm", Failure::Absent),
    ("ec_illegal_subscriber", Failure::Permanent),
    ("ec_illegal_equipment", Failure::Permanent),
    ("ec_call_barred", Failure::OptedOut),
    ("ec_subscriber_busy_for_mt_sms", Failure::Transient),
    ("ec_message_waiting_list_full", Failure::QueueFull),
    ("ec_system_failure", Failure::Transient),
    ("ec_resource_limitation", Failure::Throttled),
    ("ec_timeout", Failure::Timeout),
    ("ec_imsi_blacklisted", Failure::OptedOut),
    ("ec_dest_address_blacklisted", Failure::OptedOut),
    ("ec_source_address_blacklisted", Failure::Filtered),
    ("ec_text_blacklisted", Failure::Filtered),
    ("ec_message_validity_expired", Failure::Timeout),
    ("handset_errors", Failure::Other),
    ("user_errors", Failure::Permanent),
    ("operator_errors", Failure::Other),
];

pub(super) const SHAPE: Shape = Shape {
    format: Format::Infobip,
    name: "infobip",
    title: "Infobip reports and logs",
    marks: &[
        &["messageid", "sentat", "doneat"],
        &["messageid", "sentat", "status.groupname"],
        &["messageid", "sendat", "doneat"],
    ],
    fields: &[
        ("messageid", Meaning::Id),
        ("sentat", Meaning::Submitted),
        ("sendat", Meaning::Submitted),
        ("doneat", Meaning::Done),
        ("status.groupname", Meaning::Status),
        ("statusgroupname", Meaning::Status),
        ("status", Meaning::Status),
        ("error.name", Meaning::Error),
        ("error.groupname", Meaning::Error),
        ("errorname", Meaning::Error),
        ("error.permanent", Meaning::Permanent),
        ("mccmnc", Meaning::Carrier),
        ("networkname", Meaning::Carrier),
        ("sender", Meaning::Sender),
        ("from", Meaning::Sender),
        ("to", Meaning::Recipient),
        ("destination", Meaning::Recipient),
        ("messagecount", Meaning::Segments),
        ("smscount", Meaning::Segments),
        ("text", Meaning::Body),
        ("content.text", Meaning::Body),
    ],
    statuses: STATUSES,
    codes: CODES,
    utc: true,
    joined: true,
    note: Some(
        "`sentAt` stands for the submission; prices are of a segment and are left out; a delivery to \
         the operator counts as delivered",
    ),
    ..PLAIN
};
