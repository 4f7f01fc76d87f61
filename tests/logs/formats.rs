//! A fixture for each format: invented data in its true shape.

use smschain::logs::{Account, Format, Options, Reason, Zone, resolution};

use crate::{balanced, fixture, folder};

/// What is expected of a fixture: its format, rows put together, rows rejected with the first of each
/// kind, the resolutions of its times, and the rows.
struct Expected {
    name: &'static str,
    format: Format,
    joined: u64,
    rejected: &'static [(Reason, u64, u64)],
    resolutions: [&'static str; 3],
    zone: Zone,
    rows: &'static [&'static str],
}

#[test]
fn each_format_says_what_its_log_says() {
    for expected in EXPECTED {
        let name = expected.name;
        let (account, rows) = fixture(name, &Options::default());
        assert_eq!(account.format, expected.format, "{name}");
        let found: Vec<_> =
            account.rejected.iter().map(|own| (own.reason, own.count, own.line)).collect();
        assert_eq!(found, expected.rejected, "{name}");
        assert_eq!(resolutions(&account), expected.resolutions, "{name}");
        assert_eq!(account.zone, expected.zone, "{name}");
        assert_eq!(rows, expected.rows, "{name}");
        assert_eq!((account.joined, account.used), (expected.joined, rows.len() as u64), "{name}");
        balanced(&account);
        // By name it is the same.
        let named = Options { format: Format::named(account.format.name()), ..Options::default() };
        assert_eq!(fixture(name, &named), (account, rows), "{name}");
    }
}

#[test]
fn each_format_has_a_fixture_and_each_fixture_a_test() {
    for format in Format::all() {
        assert!(EXPECTED.iter().any(|expected| expected.format == format), "{format:?}");
        assert_eq!(Format::named(format.name()), Some(format));
    }
    for file in std::fs::read_dir(folder()).unwrap() {
        let name = file.unwrap().file_name();
        assert!(EXPECTED.iter().any(|expected| *expected.name == *name), "{name:?}");
    }
}

#[test]
fn the_page_on_logs_names_each_format() {
    let page = std::fs::read_to_string(folder().join("../../../docs/logs.md")).unwrap();
    for format in Format::all() {
        let head = format!("| {} | `{}` |", format.title(), format.name());
        assert!(page.contains(&head), "{head}");
    }
    for (name, _) in smschain::logs::Meaning::NAMED {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

fn resolutions(account: &Account) -> [String; 3] {
    [account.submitted, account.sent, account.done]
        .map(|found| found.map_or_else(|| "-".to_owned(), resolution))
}

const EXPECTED: &[Expected] = &[
    Expected {
        name: "aws-events.json",
        format: Format::AwsEvents,
        joined: 3,
        rejected: &[(Reason::AfterTheEnd, 1, 6)],
        resolutions: ["1 ms", "1 ms", "1 ms"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=e1 submitted=2026-01-31T09:00:00.125Z sent=2026-01-31T09:00:00.14Z done=2026-01-31T09:00:03.402Z code=DELIVERED carrier=Northwind UK sender=number-1 recipient=hashed segments=1 price=0.0383",
            "Rejected id=e2 submitted=2026-01-31T09:00:00.501Z sent=2026-01-31T09:00:00.533Z done=2026-01-31T09:00:09.001Z failure=Filtered code=CARRIER_BLOCKED carrier=Northwind UK sender=number-1 recipient=hashed segments=1 price=0.0383",
            "Pending id=e3 submitted=2026-01-31T09:00:09.777Z sent=2026-01-31T09:00:09.812Z done=2026-01-31T09:00:09.812Z code=SENT carrier=Northwind UK sender=number-1 recipient=hashed segments=1 price=0.0383",
        ],
    },
    Expected {
        name: "aws-sns.json",
        format: Format::AwsSns,
        joined: 0,
        rejected: &[],
        resolutions: ["1 ms", "1 ms", "1 ms"],
        zone: Zone::Format,
        rows: &[
            "Delivered id=s1 submitted=2026-01-31T09:00:00.558Z sent=2026-01-31T09:00:01.157Z done=2026-01-31T09:00:01.902Z code=Message has been accepted by phone carrier=Northwind UK recipient=hashed segments=1 price=0.0383",
            "Failed id=s2 submitted=2026-01-31T09:00:03.101Z sent=2026-01-31T09:00:04.521Z done=2026-01-31T09:01:03.318Z failure=Filtered code=Blocked as spam by phone carrier carrier=234-10 recipient=hashed segments=2 price=0.0383",
        ],
    },
    Expected {
        name: "infobip.json",
        format: Format::Infobip,
        joined: 0,
        rejected: &[],
        resolutions: ["1 ms", "1 ms", "1 ms"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=i1 submitted=2026-01-31T09:00:00.125Z done=2026-01-31T09:00:03.402Z code=NO_ERROR carrier=23415 sender=ACME recipient=hashed segments=1",
            "Undelivered id=i2 submitted=2026-01-31T09:00:01.007Z done=2026-01-31T09:00:08.123Z failure=UnknownSubscriber code=EC_UNKNOWN_SUBSCRIBER carrier=23415 sender=ACME recipient=hashed segments=1",
            "Undelivered id=i3 submitted=2026-01-31T09:00:02.419Z done=2026-01-31T09:04:08.555Z failure=Transient code=EC_SOMETHING_NEW carrier=23415 sender=ACME recipient=hashed segments=1",
            "Pending id=i4 submitted=2026-01-31T09:00:03.333Z sent=2026-01-31T09:00:03.999Z done=2026-01-31T09:00:03.999Z code=NO_ERROR carrier=23415 sender=ACME recipient=hashed segments=1",
        ],
    },
    Expected {
        name: "jasmin-messages.log",
        format: Format::Jasmin,
        joined: 3,
        rejected: &[(Reason::NotARecord, 1, 8)],
        resolutions: ["1 s", "1 s", "1 s"],
        zone: Zone::AssumedUtc,
        rows: &[
            "Failed submitted=2026-01-31T09:00:02Z done=2026-01-31T09:00:02Z failure=UnknownSubscriber code=ERROR/ESME_RINVDSTADR provider=alpha sender=ACME recipient=hashed chars=19 attempts=1",
            "Delivered id=5e01 submitted=2026-01-31T09:00:00Z sent=2026-01-31T09:00:00Z done=2026-01-31T09:00:06Z code=000 provider=alpha sender=ACME recipient=hashed chars=19 attempts=1",
            "Expired id=5e02 submitted=2026-01-31T09:00:01Z sent=2026-01-31T09:00:31Z done=2026-01-31T09:00:36Z code=005 provider=alpha sender=ACME recipient=hashed chars=19 attempts=2",
            "Unknown id=5e03 submitted=2026-01-31T09:00:37Z sent=2026-01-31T09:00:37Z provider=alpha sender=ACME recipient=hashed chars=5 attempts=1",
        ],
    },
    Expected {
        name: "jasmin-submits.csv",
        format: Format::JasminSubmits,
        joined: 0,
        rejected: &[],
        resolutions: ["1 s", "1 s", "-"],
        zone: Zone::AssumedUtc,
        rows: &[
            "Unknown id=q-1 submitted=2026-01-31T09:00:00Z sent=2026-01-31T09:00:01Z code=ESME_ROK provider=alpha sender=ACME route=codes recipient=hashed segments=1 chars=19 price=0.0079 attempts=1",
            "Failed id=q-2 submitted=2026-01-31T09:00:03Z sent=2026-01-31T09:09:03Z failure=QueueFull code=ESME_RMSGQFUL provider=alpha sender=ACME route=codes recipient=hashed segments=2 chars=19 price=0.0079 attempts=3",
        ],
    },
    Expected {
        name: "kannel-access.log",
        format: Format::Kannel,
        joined: 2,
        rejected: &[(Reason::Inbound, 1, 5), (Reason::NoPartner, 1, 8)],
        resolutions: ["1 s", "1 s", "1 s"],
        zone: Zone::AssumedUtc,
        rows: &[
            "Failed submitted=2026-01-31T09:00:03Z done=2026-01-31T09:00:03Z provider=alpha sender=ACME route=codes recipient=hashed chars=19",
            "Delivered id=3F2A submitted=2026-01-31T09:00:01Z sent=2026-01-31T09:00:01Z done=2026-01-31T09:00:05Z code=000 provider=alpha sender=ACME route=codes recipient=hashed chars=27",
            "Undelivered id=00003F2B submitted=2026-01-31T09:00:02Z sent=2026-01-31T09:00:02Z done=2026-01-31T09:00:31Z code=001 provider=alpha sender=ACME route=codes recipient=hashed chars=19",
            "Unknown id=9 submitted=2026-01-31T09:00:40Z sent=2026-01-31T09:00:40Z provider=beta sender=12345 route=news recipient=hashed chars=5",
            "Pending id=3F2C submitted=2026-01-31T09:00:41Z sent=2026-01-31T09:00:41Z provider=alpha sender=ACME route=codes recipient=hashed chars=19",
        ],
    },
    Expected {
        name: "kannel-dlr.csv",
        format: Format::KannelDlr,
        joined: 0,
        rejected: &[],
        resolutions: ["1 s", "-", "-"],
        zone: Zone::AssumedUtc,
        rows: &[
            "Pending id=3F2A submitted=2026-01-31T09:00:01Z provider=alpha sender=ACME route=codes recipient=hashed",
            "Pending id=3F2B submitted=2026-01-31T09:00:03Z provider=alpha sender=ACME route=codes recipient=hashed",
        ],
    },
    Expected {
        name: "kannel-sqlbox.csv",
        format: Format::KannelSqlbox,
        joined: 0,
        rejected: &[(Reason::Inbound, 1, 4), (Reason::Receipt, 1, 5)],
        resolutions: ["1 s", "-", "-"],
        zone: Zone::InData,
        rows: &[
            "Unknown submitted=2026-01-31T09:00:00Z provider=alpha sender=ACME route=codes recipient=hashed chars=9",
            "Unknown submitted=2026-01-31T09:00:03Z provider=alpha sender=ACME route=codes recipient=hashed chars=9",
        ],
    },
    Expected {
        name: "messagebird.json",
        format: Format::MessageBird,
        joined: 0,
        rejected: &[],
        resolutions: ["1 s", "-", "1 s"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=mb-1 submitted=2026-01-31T09:00:00Z done=2026-01-31T09:00:04Z carrier=Northwind sender=ACME route=10 recipient=hashed segments=1 chars=19",
            "Undelivered id=mb-1 submitted=2026-01-31T09:00:00Z done=2026-01-31T09:00:09Z failure=UnknownSubscriber code=1 carrier=Acme sender=ACME route=10 recipient=hashed segments=1 chars=19",
            "Pending id=mb-2 submitted=2026-01-31T09:00:11Z done=2026-01-31T09:00:12Z sender=ACME route=10 recipient=hashed segments=1 chars=5",
        ],
    },
    Expected {
        name: "plain.csv",
        format: Format::Csv,
        joined: 0,
        rejected: &[
            (Reason::DuplicateId, 1, 6),
            (Reason::BadTime, 1, 7),
            (Reason::DoneBeforeSubmitted, 1, 8),
            (Reason::UnknownStatus, 1, 9),
            (Reason::WrongCells, 1, 10),
        ],
        resolutions: ["1 ms", "1 ms", "1 ms"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=m-1 submitted=2026-01-31T09:00:00.125Z sent=2026-01-31T09:00:00.25Z done=2026-01-31T09:00:03.417Z provider=alpha carrier=northwind sender=ACME route=5 recipient=hashed segments=1 chars=70 price=0.0079 attempts=1",
            "Undelivered id=m-2 submitted=2026-01-31T09:00:01.5Z sent=2026-01-31T09:00:02.001Z done=2026-01-31T09:00:09.25Z failure=UnknownSubscriber code=0x0000000B provider=alpha carrier=acme sender=ACME route=5 recipient=hashed segments=2 chars=200 price=0.0158 attempts=1",
            "Failed id=m-3 submitted=2026-01-31T09:00:02.003Z done=2026-01-31T09:00:32.003Z failure=Throttled code=ESME_RTHROTTLED provider=beta carrier=acme sender=12345 route=6 recipient=hashed segments=1 chars=70 price=0 attempts=5",
            "Pending id=m-4 submitted=2026-01-31T09:00:03.75Z sent=2026-01-31T09:00:03.9Z provider=alpha carrier=northwind sender=number-1 route=5 recipient=hashed segments=1 chars=70 price=0.0079 attempts=1",
        ],
    },
    Expected {
        name: "plivo.json",
        format: Format::Plivo,
        joined: 0,
        rejected: &[(Reason::Inbound, 1, 4)],
        resolutions: ["1 s", "-", "-"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=p-1 submitted=2026-01-31T09:00:00Z code=000 sender=number-1 recipient=hashed segments=1 price=0.005",
            "Undelivered id=p-2 submitted=2026-01-31T09:00:07Z failure=Filtered code=30 sender=number-1 recipient=hashed segments=2 price=0.01",
        ],
    },
    Expected {
        name: "receipts.txt",
        format: Format::Receipts,
        joined: 0,
        rejected: &[(Reason::NotARecord, 1, 6)],
        resolutions: ["1 s", "1 s", "1 s"],
        zone: Zone::AssumedUtc,
        rows: &[
            "Delivered id=0000000001 submitted=2026-01-31T09:00:00Z done=2026-01-31T09:01:00Z code=000",
            "Undelivered id=0000000002 submitted=2026-01-31T09:00:07Z done=2026-01-31T09:01:12Z code=1",
            "Expired id=0000000003 submitted=2026-01-31T09:00:09Z done=2026-01-31T09:30:09Z code=005",
            "Rejected submitted=2026-01-31T09:03:00Z done=2026-01-31T09:03:00Z code=0c2",
            "Pending id=0000000005 submitted=2026-01-31T09:04:00Z sent=2026-01-31T09:05:00Z done=2026-01-31T09:05:00Z code=000",
        ],
    },
    Expected {
        name: "sinch.json",
        format: Format::Sinch,
        joined: 2,
        rejected: &[],
        resolutions: ["-", "1 ms", "1 ms"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=01AAAAAAAAAAAAAAAAAAAAAAAA sent=2026-01-31T09:00:00.512Z done=2026-01-31T09:00:04.148Z code=0 carrier=23415 recipient=hashed segments=1",
            "Expired id=01AAAAAAAAAAAAAAAAAAAAAAAA sent=2026-01-31T09:00:00.519Z done=2026-01-31T09:10:04.951Z failure=Timeout code=406 carrier=23410 recipient=hashed segments=1",
        ],
    },
    Expected {
        name: "smschain.csv",
        format: Format::Smschain,
        joined: 0,
        rejected: &[],
        resolutions: ["1 ms", "1 ms", "1 ns"],
        zone: Zone::Relative,
        rows: &[
            "Delivered id=00000000000000a1 submitted=1970-01-01T00:00:00.021Z sent=1970-01-01T00:00:00.151Z done=1970-01-01T00:00:03.4021Z provider=alpha carrier=northwind sender=12345 route=5 segments=1 attempts=1",
            "Delivered id=00000000000000a2 submitted=1970-01-01T00:00:00.5Z sent=1970-01-01T00:00:02.75Z provider=alpha carrier=acme sender=12345 route=5 segments=2 attempts=3",
            "Pending id=00000000000000a3 submitted=1970-01-01T00:00:01.25Z sent=1970-01-01T00:00:01.4Z done=1970-01-01T00:00:05.123456789Z unreceived=true provider=alpha carrier=northwind sender=12345 route=5 segments=1 attempts=1",
            "Failed id=00000000000000a4 submitted=1970-01-01T00:00:02Z provider=beta carrier=acme sender=12345 route=6 segments=1 attempts=2",
            "Expired id=00000000000000a5 submitted=1970-01-01T00:00:03.125Z sent=1970-01-01T00:00:03.4Z provider=beta carrier=acme sender=12345 route=6 segments=1 attempts=1",
        ],
    },
    Expected {
        name: "telnyx.json",
        format: Format::Telnyx,
        joined: 0,
        rejected: &[(Reason::NotSms, 1, 4)],
        resolutions: ["1 ms", "1 ms", "1 ms"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=t-1 submitted=2026-01-31T09:00:00.125Z sent=2026-01-31T09:00:00.502Z done=2026-01-31T09:00:03.402Z carrier=Northwind sender=number-1 route=codes recipient=hashed segments=1 price=0.004",
            "Undelivered id=t-2 submitted=2026-01-31T09:00:01.125Z sent=2026-01-31T09:00:01.777Z done=2026-01-31T09:00:06.043Z failure=Filtered code=40002 carrier=Acme sender=number-1 route=codes recipient=hashed segments=2 price=0.008",
        ],
    },
    Expected {
        name: "twilio-api.json",
        format: Format::TwilioApi,
        joined: 0,
        rejected: &[],
        resolutions: ["1 s", "1 s", "1 s"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=SM00000000000000000000000000000001 submitted=2026-01-31T09:00:00Z sent=2026-01-31T09:00:01Z done=2026-01-31T09:00:04Z sender=number-1 route=MG00000000000000000000000000000007 recipient=hashed segments=1 chars=19 price=0.0079",
            "Undelivered id=SM00000000000000000000000000000002 submitted=2026-01-31T09:00:02Z sent=2026-01-31T09:00:02Z done=2026-01-31T09:00:41Z failure=UnknownSubscriber code=30005 sender=number-1 route=MG00000000000000000000000000000007 recipient=hashed segments=1 chars=19 price=0.0079",
            "Pending id=SM00000000000000000000000000000003 submitted=2026-01-31T09:00:09Z sent=2026-01-31T09:00:10Z done=2026-01-31T09:00:10Z sender=number-1 route=MG00000000000000000000000000000007 recipient=hashed segments=1 chars=19 price=0.0079",
            "Failed id=SM00000000000000000000000000000004 submitted=2026-01-31T09:00:12Z done=2026-01-31T09:00:12Z failure=Timeout code=30036 sender=number-1 route=MG00000000000000000000000000000007 recipient=hashed segments=1 chars=19 price=0.0079",
        ],
    },
    Expected {
        name: "twilio-bulk.json.gz",
        format: Format::TwilioBulk,
        joined: 0,
        rejected: &[],
        resolutions: ["1 s", "1 s", "1 s"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=SM00000000000000000000000000000001 submitted=2026-01-31T09:00:00Z sent=2026-01-31T09:00:01Z done=2026-01-31T09:00:04Z sender=number-1 route=MG00000000000000000000000000000007 recipient=hashed segments=1 chars=19 price=0.0079",
            "Undelivered id=SM00000000000000000000000000000002 submitted=2026-01-31T09:00:02Z sent=2026-01-31T09:00:02Z done=2026-01-31T09:00:41Z failure=Absent code=30003 sender=number-1 route=MG00000000000000000000000000000007 recipient=hashed segments=1 chars=19 price=0.0079",
        ],
    },
    Expected {
        name: "twilio-console.csv",
        format: Format::TwilioConsole,
        joined: 0,
        rejected: &[(Reason::Inbound, 1, 6)],
        resolutions: ["1 s", "-", "-"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=SM00000000000000000000000000000001 submitted=2026-01-31T09:00:00Z sender=number-1 recipient=hashed segments=1 chars=35 price=0.0079",
            "Undelivered id=SM00000000000000000000000000000002 submitted=2026-01-31T09:00:07Z failure=Absent code=30003 sender=number-1 recipient=hashed segments=1 chars=9 price=0.0079",
            "Failed id=SM00000000000000000000000000000003 submitted=2026-01-31T09:01:30Z failure=Filtered code=30007 sender=12345 recipient=hashed segments=2 chars=5",
        ],
    },
    Expected {
        name: "vonage-receipts.json",
        format: Format::VonageReceipts,
        joined: 1,
        rejected: &[],
        resolutions: ["-", "1 s", "1 s"],
        zone: Zone::Format,
        rows: &[
            "Delivered id=0A00000000000001 sent=2026-01-31T15:30:02Z done=2026-01-31T15:30:07Z code=0 carrier=23415 sender=ACME recipient=hashed price=0.0412",
            "Failed id=0A00000000000002 done=2026-01-31T15:31:09Z failure=Filtered code=6 carrier=23410 sender=ACME recipient=hashed price=0.0412",
        ],
    },
    Expected {
        name: "vonage-receipts.txt",
        format: Format::VonageReceipts,
        joined: 0,
        rejected: &[],
        resolutions: ["-", "-", "1 s"],
        zone: Zone::Format,
        rows: &[
            "Delivered id=0A00000000000001 done=2026-01-31T15:30:07Z code=0 carrier=23415 sender=ACME recipient=hashed price=0.0412",
            "Expired id=0A00000000000002 done=2026-01-31T15:31:09Z failure=UnknownSubscriber code=3 carrier=23410 sender=ACME recipient=hashed price=0.0412",
        ],
    },
    Expected {
        name: "vonage-reports.csv",
        format: Format::VonageReports,
        joined: 0,
        rejected: &[(Reason::Inbound, 1, 4)],
        resolutions: ["1 s", "-", "1 s"],
        zone: Zone::InData,
        rows: &[
            "Delivered id=aaaa0001 submitted=2026-01-31T15:30:00Z done=2026-01-31T15:30:04Z code=0 carrier=Northwind UK sender=ACME recipient=hashed chars=19 price=0.0412",
            "Failed id=aaaa0002 submitted=2026-01-31T15:30:01Z done=2026-01-31T15:31:13Z failure=Absent code=2 carrier=Acme Mobile sender=ACME recipient=hashed chars=19 price=0.0412",
            "Pending id=aaaa0004 submitted=2026-01-31T15:30:03Z carrier=Acme Mobile sender=ACME recipient=hashed chars=19 price=0.0412",
        ],
    },
];

/// A code of a provider's public list in the shape of its log, and the kind it is.
#[test]
fn codes_are_those_of_the_providers_lists() {
    let plivo = |code: &str| {
        format!(
            "{{\"objects\":[{{\"error_code\":\"{code}\",\"message_direction\":\"outbound\",\
             \"message_state\":\"undelivered\",\"message_time\":\"2026-01-31 09:00:07+00:00\",\
             \"message_uuid\":\"p-2\",\"to_number\":\"447700900123\",\"units\":1}}]}}"
        )
    };
    let sinch = |code: &str| {
        format!(
            "{{\"batch_id\":\"01A\",\"recipient\":\"447700900123\",\"code\":{code},\
             \"status\":\"Failed\",\"at\":\"2026-01-31T09:00:00.512Z\"}}"
        )
    };
    let vonage = |code: &str| {
        format!(
            "message_id,date_received,date_finalized,status,error_code\n\
             a1,2026-01-31T15:30:00+0000,2026-01-31T15:30:04+0000,failed,{code}\n"
        )
    };
    let telnyx = |code: &str| {
        format!(
            "{{\"record_type\":\"message_detail_record\",\"uuid\":\"t-1\",\
             \"created_at\":\"2026-01-31T09:00:00.125Z\",\"sent_at\":\"2026-01-31T09:00:00.502Z\",\
             \"completed_at\":\"2026-01-31T09:00:03.402Z\",\"cld\":\"+447700900123\",\
             \"status\":\"delivery_failed\",\"errors\":\"{code}\"}}"
        )
    };
    let bird = |code: &str| {
        format!(
            "{{\"id\":\"mb-1\",\"originator\":\"ACME\",\"createdDatetime\":\"2026-01-31T09:00:00+00:00\",\
             \"recipients\":{{\"items\":[{{\"recipient\":447700900123,\"status\":\"delivery_failed\",\
             \"statusDatetime\":\"2026-01-31T09:00:04+00:00\",\"statusErrorCode\":{code}}}]}}}}"
        )
    };
    type Shape<'a> = &'a dyn Fn(&str) -> String;
    let cases: [(Shape<'_>, &[(&str, &str)]); 5] = [
        (
            &plivo,
            &[("30", "Filtered"), ("40", "Permanent"), ("80", "Absent"), ("910", "Permanent")],
        ),
        (
            &sinch,
            &[("404", "Transient"), ("405", "Permanent"), ("411", "Permanent"), ("417", "Absent")],
        ),
        (
            &vonage,
            &[("3", "UnknownSubscriber"), ("7", "Absent"), ("8", "Transient"), ("9", "OptedOut")],
        ),
        (&telnyx, &[("40012", "UnknownSubscriber"), ("40301", "OptedOut"), ("40018", "Throttled")]),
        (&bird, &[("32", "Transient"), ("33", "QueueFull"), ("71", "Permanent"), ("27", "Absent")]),
    ];
    for (shape, codes) in cases {
        for (code, kind) in codes {
            let log = shape(code);
            let (account, rows) = crate::read_bytes(log.as_bytes(), &Options::default());
            account.unwrap_or_else(|error| panic!("{error}\n{log}"));
            assert!(rows[0].contains(&format!(" failure={kind} ")), "{code}: {rows:?}");
        }
    }
}
