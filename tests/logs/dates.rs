//! Dates as spreadsheets and people write them.

use smschain::logs::{Dates, Meaning, Options, Reason};

use crate::{balanced, read_bytes};

fn ordered(dates: &[(Option<Meaning>, Dates)]) -> Options {
    Options { dates: dates.to_vec(), ..Options::default() }
}

#[test]
fn times_are_read_however_a_spreadsheet_writes_them() {
    let log = "submitted;done;status\n\
               20.1.2026 9:05;20.1.2026 9:06;delivered\n\
               2026/01/20 09:05:00;2026/1/20 9:05:04,123;delivered\n\
               Jan 20, 2026 9:05:00 AM;20-Jan-2026 09:05:04;delivered\n\
               \"2026-01-20 09:05:00,123\";2026-01-20 9:05:04.5 PM;delivered\n\
               20.1.2026 9.05;20.1.2026 9:06;delivered\n";
    let (account, rows) = read_bytes(log.as_bytes(), &Options::default());
    let account = account.unwrap();
    assert_eq!(
        rows,
        [
            "Delivered submitted=2026-01-20T09:05:00Z done=2026-01-20T09:06:00Z",
            "Delivered submitted=2026-01-20T09:05:00Z done=2026-01-20T09:05:04.123Z",
            "Delivered submitted=2026-01-20T09:05:00Z done=2026-01-20T09:05:04Z",
            "Delivered submitted=2026-01-20T09:05:00.123Z done=2026-01-20T21:05:04.5Z",
        ]
    );
    assert_eq!((account.rejected[0].reason, account.rejected[0].line), (Reason::BadTime, 6));
    assert!(account.rejected[0].told().contains("`20.1.2026 9.05`"));
    balanced(&account);
}

#[test]
fn a_day_above_twelve_among_the_first_rows_shows_the_order_of_its_column() {
    let american = "sent_date,done,status\n\
                    2/3/2026 3:30:01 PM,2/3/2026 3:30 PM,delivered\n\
                    1/31/2026 11:59:00 PM,2/1/2026 12:00 AM,delivered\n";
    let (account, rows) = read_bytes(american.as_bytes(), &Options::default());
    let account = account.unwrap();
    // The other column shows nothing of itself.
    assert_eq!((rows.len(), account.rejected[0].reason), (0, Reason::UnclearDate));
    let told = account.rejected[0].told();
    for said in ["column `done` has `2/3/2026 3:30 PM`", "`--dates dmy`", "`--dates mdy`"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let note = "the month stands first in the dates of `sent_date`, as days above 12 show; `--dates dmy` would say \
                otherwise";
    assert_eq!(account.notes, [note]);
    let (account, rows) =
        read_bytes(american.as_bytes(), &ordered(&[(Some(Meaning::Done), Dates::Mdy)]));
    assert_eq!(
        rows,
        [
            "Delivered sent=2026-02-03T15:30:01Z done=2026-02-03T15:30:00Z",
            "Delivered sent=2026-01-31T23:59:00Z done=2026-02-01T00:00:00Z",
        ],
        "{account:?}"
    );
    // Of a day and a month that fit, one row shows the order for all before it.
    let british = "submitted\n02/03/2026 15:30:00\n31/03/2026 15:30:00\n";
    let (_, rows) = read_bytes(british.as_bytes(), &Options::default());
    assert_eq!(
        rows,
        ["Unknown submitted=2026-03-02T15:30:00Z", "Unknown submitted=2026-03-31T15:30:00Z"]
    );
}

#[test]
fn dates_that_show_nothing_are_read_as_they_are_said_to_be_and_else_left_out() {
    let log = "submitted,status\n02/03/2026 9:00,sent\n02-03-2026 9:00,sent\n02/03/26 9:00,sent\n";
    let (account, rows) = read_bytes(log.as_bytes(), &Options::default());
    let account = account.unwrap();
    assert_eq!((rows.len(), account.rejected.len()), (0, 1));
    assert_eq!((account.rejected[0].reason, account.rejected[0].count), (Reason::UnclearDate, 3));
    for (dates, day) in [(Dates::Dmy, "03-02"), (Dates::Mdy, "02-03")] {
        let (account, rows) = read_bytes(log.as_bytes(), &ordered(&[(None, dates)]));
        let row = format!("Pending submitted=2026-{day}T09:00:00Z");
        assert!(rows.len() == 3 && rows.iter().all(|own| *own == row), "{rows:?}");
        assert!(account.unwrap().notes.is_empty());
    }
    // Rows that contradict each other show nothing.
    let both = "submitted\n31/01/2026 9:00\n1/31/2026 9:00\n";
    let (account, rows) = read_bytes(both.as_bytes(), &Options::default());
    assert_eq!((rows.len(), account.unwrap().rejected[0].count), (0, 2));
    // What is said goes before what they show, and is said to be of no use where it is.
    let (account, rows) = read_bytes(both.as_bytes(), &ordered(&[(None, Dates::Mdy)]));
    assert_eq!(rows, ["Unknown submitted=2026-01-31T09:00:00Z"]);
    let rejected = &account.unwrap().rejected[0];
    assert!(rejected.reason == Reason::BadTime && rejected.told().contains("`--dates`"));
    let iso = b"submitted\n2026-01-31 09:00\n";
    let (account, _) =
        read_bytes(iso, &ordered(&[(None, Dates::Mdy), (Some(Meaning::Done), Dates::Dmy)]));
    let notes = account.unwrap().notes;
    assert_eq!(notes.len(), 2);
    assert!(notes[1].starts_with("`--dates done=dmy` has no effect"), "{notes:?}");
}

#[test]
fn a_day_and_a_time_of_day_may_have_a_column_each() {
    let head = "date,time,status\n";
    for (cells, dates) in [
        ("2026-01-31,09:00:00", None),
        ("31.1.2026,9:00 AM", None),
        ("31/01/2026,9:00", None),
        ("1/31/2026,09:00:00.000", Some(Dates::Mdy)),
        // A time that has its day needs no other.
        ("2026-05-05,2026-01-31T09:00:00Z", None),
    ] {
        let options = ordered(&dates.map(|own| (None, own)).into_iter().collect::<Vec<_>>());
        let (account, rows) = read_bytes(format!("{head}{cells},sent\n").as_bytes(), &options);
        assert_eq!(rows, ["Pending submitted=2026-01-31T09:00:00Z"], "{cells}: {account:?}");
    }
    let (account, _) =
        read_bytes(format!("{head}32.1.2026,9:00,sent\n").as_bytes(), &Options::default());
    let told = account.unwrap().rejected[0].told();
    assert!(told.contains("column `date` has `32.1.2026`, column `time` has `9:00`"), "{told}");
    let day = "Datum;Uhrzeit;status\n31.01.2026;09:00;sent\n";
    let columns = [("Datum", Meaning::Day), ("Uhrzeit", Meaning::Submitted)];
    let columns = columns.map(|(name, own)| (name.to_owned(), own)).to_vec();
    let (_, rows) = read_bytes(day.as_bytes(), &Options { columns, ..Options::default() });
    assert_eq!(rows, ["Pending submitted=2026-01-31T09:00:00Z"]);
    // Alone it is the time, and beside another column of times it is of no use.
    let (_, rows) = read_bytes(b"date,status\n2026-01-31 09:00,sent\n", &Options::default());
    assert_eq!(rows, ["Pending submitted=2026-01-31T09:00:00Z"]);
    let both = b"date,created_at,status\n2026-05-05,2026-01-31 09:00,sent\n";
    let (account, rows) = read_bytes(both, &Options::default());
    assert_eq!(rows, ["Pending submitted=2026-01-31T09:00:00Z"]);
    assert_eq!(account.unwrap().ignored, ["date"]);
}
