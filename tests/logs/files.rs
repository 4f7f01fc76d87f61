//! Files as people hand them over: with lines above the header, archives, pages, tables of other programs.

use smschain::logs::{Format, Options, Reason};

use crate::{balanced, read_bytes};

const ROWS: &str =
    "id,submitted,status\n1,2026-01-31 09:00:00,delivered\n2,2026-01-31 09:00:01,sent\n";

#[test]
fn lines_above_the_header_are_no_part_of_the_log() {
    let semicolons = ROWS.replace(',', ";");
    for (log, lines) in [
        (
            format!("Delivery report\nCreated 2026-01-31, 10:00\n\n{ROWS}"),
            "2 lines above the header are",
        ),
        (format!("sep=;\r\n{}", semicolons.replace('\n', "\r\n")), "1 line above the header is"),
        (format!("\"Report, \"\"daily\"\"\",,\n{ROWS}"), "1 line above the header is"),
    ] {
        let (account, rows) = read_bytes(log.as_bytes(), &Options::default());
        let account = account.unwrap();
        assert_eq!((rows.len(), account.rows, account.format), (2, 2, Format::Csv), "{log}");
        assert_eq!(account.notes, [format!("{lines} no part of the log")]);
        balanced(&account);
    }
    // By `--format`, too.
    let console = "Export of 2026-01-31\nFrom,To,Body,Status,SentDate\nACME,447700900123,Hi,delivered,2026-01-31T09:00:00Z\n";
    let options = Options { format: Some(Format::TwilioConsole), ..Options::default() };
    assert_eq!(read_bytes(console.as_bytes(), &options).1.len(), 1);
    // A header that is the first line stays it, whatever the rows are; and old Macs' lines are lines.
    let odd = "time,other\n2026-01-31 09:00:00,x\nsubmitted,status\n";
    let (account, rows) = read_bytes(odd.as_bytes(), &Options::default());
    assert_eq!((rows.len(), account.unwrap().rejected[0].reason), (1, Reason::BadTime));
    let mac = ROWS.replace('\n', "\r");
    assert_eq!(read_bytes(mac.as_bytes(), &Options::default()).1.len(), 2);
}

#[test]
fn a_table_drawn_by_a_database_is_read() {
    let line = "+----+---------------------+-----------+\n";
    let log = format!(
        "{line}| id | submitted           | status    |\n{line}| 1  | 2026-01-31 09:00:00 | delivered |\n{line}"
    );
    let (account, rows) = read_bytes(log.as_bytes(), &Options::default());
    assert_eq!(rows, ["Delivered id=1 submitted=2026-01-31T09:00:00Z"]);
    let account = account.unwrap();
    assert_eq!((account.rows, account.ignored.len()), (1, 0));
    balanced(&account);
    let plain = " id |      submitted      | status\n----+---------------------+--------\n  1 | 2026-01-31 09:00:00 | sent\n";
    let (account, rows) = read_bytes(plain.as_bytes(), &Options::default());
    assert_eq!((rows.len(), account.unwrap().rows), (1, 1));
}

#[test]
fn what_is_no_text_is_called_by_its_name_with_the_way_out() {
    let said = |log: &[u8]| read_bytes(log, &Options::default()).0.unwrap_err().to_string();
    let mut tar = vec![b'a'; 512];
    tar[257..262].copy_from_slice(b"ustar");
    // Stored, so that the log in it is legible: all the same it is none.
    let zip = [b"PK\x03\x04\x0a\0\0\0\0\0log.csv", ROWS.as_bytes()].concat();
    let files: [(&[u8], &str, &str); 8] = [
        (&zip, "a zip archive", "`unzip -p FILE | smschain fit -`"),
        (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml", "a spreadsheet", "save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a spreadsheet", "save the sheet as CSV"),
        (b"\x28\xb5\x2f\xfd\0", "compressed by zstd", "`zstd -dc FILE | smschain fit -`"),
        (b"PAR1\x15\x04", "a Parquet file", "write its table as CSV"),
        (&tar, "a tar archive", "`tar -xOf FILE"),
        (b"\n<!DOCTYPE html><html>", "a web page", "download the log itself"),
        (b"<?xml version=\"1.0\"?>", "XML", "export the log as CSV or JSON"),
    ];
    for (bytes, what, way_out) in files {
        let told = said(bytes);
        assert!(told.contains(what) && told.contains(way_out), "{told}");
    }
    let headless = said(ROWS.split_once('\n').unwrap().1.as_bytes());
    assert!(headless.contains("has no header"), "{headless}");
}

#[test]
fn cells_of_nothing_are_empty_whoever_wrote_them() {
    for nothing in ["", "NA", "NaN", "nan", "NaT", "<NA>", "#N/A", "(null)", "NULL", "\\N", "--"] {
        let log = format!(
            "submitted,done,status,carrier,segments\n2026-01-31 09:00:00,{nothing},sent,{nothing},{nothing}\n"
        );
        let (_, rows) = read_bytes(log.as_bytes(), &Options::default());
        assert_eq!(rows, ["Pending submitted=2026-01-31T09:00:00Z"], "{nothing}");
    }
}
