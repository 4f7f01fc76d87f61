//! What a user may say of a log, what is said of one that can't be read, and what is never said.

use std::cell::RefCell;
use std::io::Read as _;

use jiff::tz::TimeZone;
use smschain::logs::{Format, Meaning, Options, Reason, Row, Status, Zone, read};

use crate::{balanced, fixture, folder, instant, read_bytes};

fn mapped(columns: &[(&str, Meaning)]) -> Options {
    let columns = columns.iter().map(|(name, own)| ((*name).to_owned(), *own)).collect();
    Options { columns, ..Options::default() }
}

#[test]
fn columns_mean_what_the_user_says() {
    let log = "Nr;Angelegt am;Fertig am;Zustand;Netz;status\n\
               1;2026-01-31 09:00:00;2026-01-31 09:00:05;delivered;northwind;x\n";
    let options = mapped(&[
        ("Angelegt am", Meaning::Submitted),
        ("fertig_AM", Meaning::Done),
        ("Zustand", Meaning::Status),
        ("Netz", Meaning::Carrier),
    ]);
    let (account, rows) = read_bytes(log.as_bytes(), &options);
    let account = account.unwrap();
    assert_eq!(
        rows,
        ["Delivered submitted=2026-01-31T09:00:00Z done=2026-01-31T09:00:05Z carrier=northwind"]
    );
    assert_eq!(account.ignored, ["Nr", "status"]);
    assert_eq!(account.understood[0], ("Angelegt am".to_owned(), "submitted"));
    assert_eq!(account.zone, Zone::AssumedUtc);
    // Of an object too, by its path.
    let log = "{\"when\":{\"asked\":1769850000123},\"created_at\":1,\"state\":\"sent\"}\n";
    let (account, rows) =
        read_bytes(log.as_bytes(), &mapped(&[("when.asked", Meaning::Submitted)]));
    assert_eq!(rows, ["Pending submitted=2026-01-31T09:00:00.123Z"], "{account:?}");
}

#[test]
fn words_for_states_mean_what_the_user_says() {
    let log = "submitted,status\n\
               1769850000,Zugestellt\n1769850001,Nicht zugestellt\n1769850002,ZUGESTELLT\n\
               1769850003,4\n1769850004,received\n1769850005,sent\n1769850006,Nicht zugestellt\n";
    let (account, rows) = read_bytes(log.as_bytes(), &Options::default());
    let account = account.unwrap();
    let unknown = &account.rejected[0];
    assert_eq!((rows.len(), unknown.reason, unknown.count), (1, Reason::UnknownStatus, 5));
    let told = unknown.told();
    let words = "column `status` has `Zugestellt`, `Nicht zugestellt`, `ZUGESTELLT`, `4`. Expected";
    assert!(told.contains(words) && told.contains("`--state WORD=delivered`"), "{told}");
    let states = [
        ("zugestellt", Status::Delivered),
        ("Nicht zugestellt", Status::Undelivered),
        ("4", Status::Expired),
        // What else would say that a message came in, and what is another state by itself.
        ("received", Status::Delivered),
        ("sent", Status::Failed),
        ("weg", Status::Failed),
    ];
    let states = states.map(|(word, state)| (word.to_owned(), state)).to_vec();
    let options = Options { states, ..Options::default() };
    let (account, rows) = read_bytes(log.as_bytes(), &options);
    let first = |row: &String| row.split(' ').next().unwrap().to_owned();
    let read: Vec<String> = rows.iter().map(first).collect();
    let wanted =
        ["Delivered", "Undelivered", "Delivered", "Expired", "Delivered", "Failed", "Undelivered"];
    assert_eq!(read, wanted);
    let said = "`--state weg=failed` has no effect: no row has that word";
    assert_eq!(account.unwrap().notes, [said]);
}

#[test]
fn a_zone_is_that_of_times_without_one() {
    let log = "submitted,done,status\n\
               2026-03-29 01:59:59,2026-03-29 03:00:04,delivered\n\
               2026-03-29 02:30:00,,sent\n\
               2026-10-25 02:30:00,,sent\n\
               2026-01-31T09:00:00Z,2026-01-31T10:00:09+01:00,delivered\n";
    let zones = vec![(None, TimeZone::get("Europe/Berlin").unwrap())];
    let (account, rows) = read_bytes(log.as_bytes(), &Options { zones, ..Options::default() });
    let account = account.unwrap();
    assert_eq!(
        rows,
        [
            "Delivered submitted=2026-03-29T00:59:59Z done=2026-03-29T01:00:04Z",
            "Delivered submitted=2026-01-31T09:00:00Z done=2026-01-31T09:00:09Z",
        ]
    );
    let reasons: Vec<_> = account.rejected.iter().map(|own| (own.reason, own.line)).collect();
    assert_eq!(reasons, [(Reason::SkippedTime, 3), (Reason::DoubledTime, 4)]);
    assert_eq!(account.zone, Zone::Given("Europe/Berlin".to_owned()));
    assert_eq!(instant(account.from.unwrap().0), "2026-01-31T09:00:00Z");
    balanced(&account);
}

#[test]
fn a_time_may_stand_before_each_object() {
    let log = std::fs::read_to_string(folder().join("aws-sns.json")).unwrap();
    let stamped: String =
        log.lines().map(|line| format!("2026-01-31T09:00:05.123Z {line}\n")).collect();
    let (account, rows) = read_bytes(stamped.as_bytes(), &Options::default());
    assert_eq!(rows, fixture("aws-sns.json", &Options::default()).1);
    balanced(&account.unwrap());
}

#[test]
fn prices_are_amounts_however_they_are_written() {
    let log = "time;price\n1769850000;-0,0079\n1769850001;0.0079 EUR\n1769850002;$0.0079\n\
               1769850003;free\n1769850004;1.234,5\n1769850005;1,234.5\n";
    let (account, mut rows) = read_bytes(log.as_bytes(), &Options::default());
    assert!(rows.drain(3..).all(|row| row.ends_with("price=1234.5")));
    assert!(rows.len() == 3 && rows.iter().all(|row| row.ends_with("price=0.0079")), "{rows:?}");
    assert_eq!(account.unwrap().rejected[0].reason, Reason::BadNumber);
}

#[test]
fn attempts_that_have_a_row_each_are_one_message() {
    let log = "id,attempt,submitted,sent,done,status\n\
               a,1,2026-01-31T10:00:00Z,,,failed\n\
               b,1,2026-01-31T10:00:01Z,2026-01-31T10:00:02Z,2026-01-31T10:00:05Z,delivered\n\
               a,2,2026-01-31T10:00:30Z,,,failed\n\
               c,2,2026-01-31T10:01:02Z,,,failed\n\
               c,1,2026-01-31T10:00:02Z,,,undelivered\n\
               a,3,2026-01-31T10:01:00Z,2026-01-31T10:01:01Z,2026-01-31T10:01:04Z,delivered\n\
               b,2,2026-01-31T10:02:00Z,,,failed\n";
    let mut told = Vec::new();
    let input = [("log.csv".to_owned(), Ok(log.as_bytes()))];
    let account = read(input, &Options::default(), &mut |row: &Row<'_>| {
        let id = row.id.unwrap().to_owned();
        let took =
            row.done.zip(row.submitted).map(|(done, from)| (done.0 - from.0) / 1_000_000_000);
        told.push((id, row.attempts, row.status, took));
    });
    let account = account.unwrap();
    let wanted = [
        ("b".to_owned(), Some(1), Status::Delivered, Some(4)),
        ("a".to_owned(), Some(3), Status::Delivered, Some(64)),
        ("c".to_owned(), Some(2), Status::Failed, None),
    ];
    assert_eq!(told, wanted);
    assert_eq!((account.rows, account.used, account.joined), (7, 3, 3));
    // A message that had been delivered isn't tried again.
    assert_eq!(account.rejected[0].reason, Reason::AfterTheEnd);
    balanced(&account);
}

#[test]
fn several_inputs_are_one_log() {
    let plain = std::fs::read(folder().join("plain.csv")).unwrap();
    let text = String::from_utf8(plain).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let crlf = format!("\u{feff}{header}\r\n{}\r\n", rows.lines().nth(1).unwrap());
    let inputs = [
        ("a.csv".to_owned(), Ok(text.as_bytes())),
        ("empty.csv".to_owned(), Ok(&b"\n"[..])),
        ("b.csv".to_owned(), Ok(crlf.as_bytes())),
    ];
    let mut count = 0;
    let account = read(inputs, &Options::default(), &mut |_| count += 1).unwrap();
    // The row of the second file was in the first.
    assert_eq!((count, account.used, account.rows), (4, 4, 10));
    let duplicates = account.rejected.iter().find(|own| own.reason == Reason::DuplicateId).unwrap();
    assert_eq!((duplicates.count, duplicates.file, duplicates.line), (2, 0, 6));
    balanced(&account);
    let other = std::fs::read(folder().join("telnyx.json")).unwrap();
    let inputs = [("a.csv".to_owned(), Ok(text.as_bytes())), ("b".to_owned(), Ok(&other[..]))];
    let error = read(inputs, &Options::default(), &mut |_| {}).unwrap_err().to_string();
    assert_eq!(error, "`b` is of format telnyx, and those before it of csv: read them apart");
}

#[test]
fn utf_16_of_a_spreadsheet_is_read_as_utf_8_is() {
    let log = "id\tsubmitted\tstatus\tnetwork\r\n1\t31.01.2026 09:00:00\tdelivered\tTélécom\r\n";
    let plain = read_bytes(log.as_bytes(), &Options::default());
    assert_eq!(plain.1.len(), 1);
    let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{log}").encode_utf16().flat_map(bytes).collect()
    };
    for bytes in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        let read = read_bytes(&bytes, &Options::default());
        assert_eq!((read.0.unwrap(), read.1), (plain.0.as_ref().unwrap().clone(), plain.1.clone()));
    }
}

#[test]
fn what_cannot_be_read_is_said_with_the_way_out() {
    let said = |log: &[u8], options: &Options| read_bytes(log, options).0.unwrap_err().to_string();
    let none = Options::default();
    assert_eq!(said(b" \n", &none), "`log` is empty: expected a delivery log");
    // Without a mark of the byte order, and of four bytes.
    assert!(said(b"i\0d\0,\0", &none).contains("UTF-16 with its byte order mark"));
    assert!(said(b"\xff\xfe\0\0i\0\0\0", &none).contains("UTF-16 with its byte order mark"));
    let unknown = said(b"sqlid,beta\n1,2\n", &none);
    assert!(unknown.contains("(it has sqlid, beta)") && unknown.contains("--map"), "{unknown}");
    assert!(unknown.contains("twilio-console") && unknown.contains("submitted"), "{unknown}");
    let times = said(b"id,status\n1,delivered\n", &none);
    assert!(times.contains("no column of times") && times.contains("COLUMN=submitted"), "{times}");
    let column = said(b"id,time\n1,2\n", &mapped(&[("tme", Meaning::Submitted)]));
    assert_eq!(column, "`log` has no column `tme` (it has id, time)");
    // A log without a header is somebody's data.
    let data = said(b"+447700900123,Your code is 111111\n+447700900124,Hi\n", &none);
    assert!(!data.contains("4477") && !data.contains("code is"), "{data}");
}

#[test]
fn nothing_of_a_body_or_a_number_leaves_a_row() {
    for file in std::fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let (account, rows) = fixture(name, &Options::default());
        let told = format!("{account:?} {rows:?}");
        for secret in ["77009001", "5005550", "Your", "111111", "STOP", "Hello"] {
            assert!(!told.contains(secret), "{name}: {secret} in {told}");
        }
    }
}

#[test]
fn recipients_can_only_be_compared() {
    let log = "submitted,to\n2026-01-31 09:00:00,+44 7700 900123\n2026-01-31 09:00:01,447700900123\n\
               2026-01-31 09:00:02,447700900124\n";
    let hashes = || {
        let hashes = RefCell::new(Vec::new());
        let inputs = [("log".to_owned(), Ok(log.as_bytes()))];
        read(inputs, &Options::default(), &mut |row| {
            assert_eq!(row.status, Status::Unknown, "it tells of demand alone");
            hashes.borrow_mut().push(row.recipient.unwrap());
        })
        .unwrap();
        hashes.into_inner()
    };
    let (first, again) = (hashes(), hashes());
    assert!(first[0] == first[1] && first[1] != first[2]);
    assert_ne!(first[0], again[0], "the key is another one each time");
}

#[test]
fn a_zipped_log_may_be_broken_off() {
    let mut log = String::from("id,submitted,status\n");
    for number in 0..20_000_u32 {
        let scattered = number.wrapping_mul(2_654_435_761);
        log += &format!("{scattered:x},{},delivered\n", 1_769_850_000 + number / 7);
    }
    let mut zipped = Vec::new();
    flate2::bufread::GzEncoder::new(log.as_bytes(), flate2::Compression::fast())
        .read_to_end(&mut zipped)
        .unwrap();
    let (account, rows) = read_bytes(&zipped, &Options::default());
    assert_eq!((account.unwrap().used, rows.len()), (20_000, 20_000));
    let (account, rows) = read_bytes(&zipped[..zipped.len() * 3 / 4], &Options::default());
    let account = account.unwrap();
    assert!(rows.len() > 5_000 && rows.len() < 20_000, "{}", rows.len());
    assert!(account.notes.iter().any(|note| note.contains("broken off")), "{account:?}");
}

#[test]
fn providers_tables_are_known_as_their_objects_are() {
    for (log, format, row) in [
        (
            "uuid,created_at,sent_at,completed_at,cld,cli,status,errors,carrier,parts,cost\n\
             t-1,2026-01-31T09:00:00.125Z,2026-01-31T09:00:00.5Z,2026-01-31T09:00:03.402Z,\
             +447700900123,ACME,delivery_failed,40001,Northwind,1,0.004\n",
            Format::Telnyx,
            "Undelivered id=t-1 submitted=2026-01-31T09:00:00.125Z sent=2026-01-31T09:00:00.5Z \
             done=2026-01-31T09:00:03.402Z failure=UnknownSubscriber code=40001 carrier=Northwind \
             sender=ACME recipient=hashed segments=1 price=0.004",
        ),
        (
            "Message UUID,Message Time,Message State,Error Code,From Number,To Number,Units\n\
             p-1,2026-01-31 09:00:00+00:00,undelivered,040,12345,447700900123,1\n",
            Format::Plivo,
            "Undelivered id=p-1 submitted=2026-01-31T09:00:00Z failure=Permanent code=040 sender=12345 \
             recipient=hashed segments=1",
        ),
        (
            "Message Id;From;To;Send At;Done At;Status;SMS Count;Text\n\
             i-1;ACME;447700900123;2026-01-31 09:00:00;2026-01-31 09:00:04;Delivered;1;Hello\n",
            Format::Infobip,
            "Delivered id=i-1 submitted=2026-01-31T09:00:00Z done=2026-01-31T09:00:04Z sender=ACME \
             recipient=hashed segments=1 chars=5",
        ),
        (
            "id,originator,recipient,status,statusDatetime,createdDatetime,mccmnc\n\
             m-1,ACME,447700900123,delivered,2026-01-31T09:00:04+00:00,2026-01-31T09:00:00+00:00,23415\n",
            Format::MessageBird,
            "Delivered id=m-1 submitted=2026-01-31T09:00:00Z done=2026-01-31T09:00:04Z carrier=23415 \
             sender=ACME recipient=hashed",
        ),
    ] {
        let (account, rows) = read_bytes(log.as_bytes(), &Options::default());
        assert_eq!(account.unwrap().format, format);
        assert_eq!(rows, [row]);
    }
}

#[test]
fn messages_without_an_end_are_let_go_in_their_order() {
    let mut log = String::new();
    for number in 0..101_000 {
        log += &format!(
            "2026-01-31 09:00:00 Sent SMS [SMSC:alpha] [FID:{number:x}] [flags:-1:0:-1:0:31] [msg:1:x]\n"
        );
    }
    // The first were let go, a later one wasn't.
    for number in [0x10, 0x18000] {
        log += &format!(
            "2026-01-31 09:00:09 Receive DLR [SMSC:alpha] [FID:{number:x}] [flags:-1:-1:-1:-1:1]\n"
        );
    }
    let (account, rows) = read_bytes(log.as_bytes(), &Options::default());
    let account = account.unwrap();
    balanced(&account);
    assert_eq!((account.used, account.joined), (101_000, 1));
    assert!(rows[0].contains("id=0 ") && rows[999].contains("id=3e7 "), "{}", rows[0]);
    assert!(rows[1000].starts_with("Delivered id=18000 "), "{}", rows[1000]);
    assert_eq!(account.rejected[0].reason, Reason::AfterTheEnd);
    assert!(account.notes.iter().any(|note| note.starts_with("1000 messages")), "{account:?}");
}

#[test]
fn a_table_without_a_header_is_told_what_it_lacks() {
    for log in [
        "m-1,2026-01-31T09:00:00Z,2026-01-31T09:00:04Z,delivered\nm-2,2026-01-31T09:00:01Z,,sent\n",
        "447700900123;1769850000;DELIVRD\n447700900124;1769850001;DELIVRD\n",
    ] {
        let mapped = Options {
            columns: vec![("when".to_owned(), Meaning::Submitted)],
            ..Options::default()
        };
        let csv = Options { format: Some(Format::Csv), ..Options::default() };
        for options in [Options::default(), csv, mapped] {
            let told = read_bytes(log.as_bytes(), &options).0.unwrap_err().to_string();
            assert!(
                told.contains("has no header") && told.contains("id,submitted,done,status"),
                "{told}"
            );
            assert!(told.contains("--map COLUMN=NAME") && told.contains("recipient"), "{told}");
            assert!(!told.contains("4477") && !told.contains("2026-01"), "{told}");
        }
    }
    // A header with names that nobody knows is one.
    let told = read_bytes(b"a,b,c\n1,2,3\n", &Options::default()).0.unwrap_err().to_string();
    assert!(!told.contains("has no header"), "{told}");
}
