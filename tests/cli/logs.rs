//! Logs that are not quite traces: they are read, with one warning of what was done.

use super::session::{LOGGED, Session};

/// A session with a log.
fn session(name: &str, log: &str) -> Session {
    let session = Session::new(name);
    session.file("replay.toml", LOGGED);
    session.file("log.csv", log);
    session
}

/// The requests' times and senders, by the list of messages, and what was warned of.
fn read(session: &Session, rest: &str) -> (Vec<(f64, String)>, String) {
    let run = format!("run replay.toml --no-files --format json --messages out.csv {rest}");
    let warned = session.run(&run).with(0).err;
    let list = session.read("out.csv");
    let column = |name: &str| list.lines().next().unwrap().split(',').position(|own| own == name);
    let (time, sender) = (column("requested_s").unwrap(), column("sender").unwrap());
    let mut rows: Vec<(f64, String)> = list
        .lines()
        .skip(1)
        .map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            (cells[time].parse().unwrap(), cells[sender].to_owned())
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    (rows, warned.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn warnings(text: &str) -> usize {
    text.matches("warning: ").count()
}

#[test]
fn a_trace_is_read_without_a_word() {
    let session = session("log-sound", "time_s,sender\n2.5,b\n1,a\n");
    let (rows, warned) = read(&session, "");
    assert_eq!(rows, [(1.0, "a".to_owned()), (2.5, "b".to_owned())]);
    assert_eq!(warnings(&warned), 0, "{warned}");
}

#[test]
fn what_is_not_quite_a_trace_is_read_with_one_warning() {
    let sound = [(0.0, "a".to_owned()), (1.5, "b".to_owned())];
    for (name, log, said) in [
        ("column", "time_s,sender,status\n0,a,ok\n1.5,b,ok\n", "column left out: `status`"),
        ("cell", "time_s,sender\n0,a,x\n1.5,b\n", "1 row has more cells than the header"),
        ("semicolon", "time_s;sender\n0;a\n1,5;b\n", "cells are separated by `;`"),
        ("tab", "time_s\tsender\n0\ta\n1.5\tb\n", "cells are separated by tabs"),
        (
            "iso",
            "time_s,sender\n2026-01-31T09:00:01.5Z,b\n2026-01-31T10:00:00+01:00,a\n",
            "dates and times with their offset from UTC: the first is t = 0",
        ),
        (
            "blank",
            "timestamp,sender\n2026-01-31 09:00:00,a\n2026-01-31 09:00:01.500,b\n",
            "column `timestamp`, dates and times without an offset: the first is t = 0",
        ),
        (
            "epoch",
            "created_at,sender\n1769850000,a\n1769850001.5,b\n",
            "column `created_at`, seconds since 1970: the first is t = 0",
        ),
        (
            "millis",
            "ts;from;sender\n1769850000000;x;a\n1769850001500;x;b\n",
            "separated by `;`; times are those of column `ts`, milliseconds since 1970: the first \
             is t = 0; column left out: `from`",
        ),
    ] {
        let session = session(&format!("log-{name}"), log);
        let (rows, warned) = read(&session, "");
        assert_eq!(rows, sound, "{name}");
        assert!(warnings(&warned) == 1 && warned.contains(said), "{name}: {warned}");
        assert!(session.run("check replay.toml --strict").with(2).err.contains("log.csv"));
    }
}

#[test]
fn a_header_alone_is_a_warning() {
    for log in ["time_s,sender\n", "time_s,sender"] {
        let session = session("log-empty", log);
        let (rows, warned) = read(&session, "");
        assert_eq!(rows, []);
        assert!(warned.contains("`log.csv` has no rows"), "{warned}");
        assert_eq!(warnings(&warned), 1, "{warned}");
    }
}

#[test]
fn a_list_of_messages_is_a_log() {
    let session = session("log-own", "time_s\n");
    session.run("run small.toml --no-files -q --messages log.csv -n 2").with(0);
    let list = session.read("log.csv");
    let first: Vec<&str> = list.lines().filter(|row| row.ends_with(",0")).collect();
    let (rows, warned) = read(&session, "");
    assert_eq!((rows.len(), warnings(&warned)), (first.len(), 1), "{warned}");
    assert!(warned.contains("it is a list of messages (`run --messages`)"), "{warned}");
    assert!(warned.contains("rows of further replications are left out"), "{warned}");
    // Times, senders and segments are the list's.
    let cells = |row: &str, index: usize| row.split(',').nth(index).unwrap().to_owned();
    let mut times: Vec<f64> = first.iter().map(|row| cells(row, 8).parse().unwrap()).collect();
    times.sort_by(f64::total_cmp);
    assert!(rows.iter().map(|(time, _)| *time).eq(times));
    assert!(rows.iter().all(|(_, sender)| sender == "12345"));
    let three = "bx_message_id,requested_s,segments\nBX-1-0,1,3\nBX-2-0,2,1\n";
    session.file("log.csv", three);
    let report = session.run("run replay.toml --no-files --format json").with(0).out;
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["segments"]["sent"], 4);
}

#[test]
fn the_scenario_may_say_what_t_0_is() {
    let log = "time_s,sender\n2026-01-31T09:00:00Z,a\n2026-01-31T09:10:00Z,b\n";
    let session = session("log-origin", log);
    let origin = |at: &str| format!("--set traffic.log.arrivals.trace.origin={at}");
    let (rows, warned) = read(&session, &origin("2026-01-31T08:59:00Z"));
    assert_eq!(rows, [(60.0, "a".to_owned()), (660.0, "b".to_owned())]);
    assert_eq!(warnings(&warned), 0, "{warned}");
    let (rows, warned) = read(&session, &origin("2026-01-31T10:05:00+01:00"));
    assert_eq!(rows, [(300.0, "b".to_owned())]);
    assert!(warned.contains("1 row before `origin` is left out"), "{warned}");
    let check = |at: &str| session.run(&format!("check replay.toml {}", origin(at))).with(2).err;
    assert!(check("yesterday").contains("is not a point in time"));
    session.file("log.csv", "time_s\n5\n");
    let relative = check("2026-01-31T09:00:00Z");
    assert!(relative.contains("count from t = 0 already"), "{relative}");
}

#[test]
fn a_stranger_s_data_is_not_shown() {
    let session = session("log-strange", "447700900123,hello Bob\n447700900124,x\n");
    let wrong = session.run("check replay.toml").with(2).err;
    assert!(wrong.contains("the file has no column of times"), "{wrong}");
    assert!(!wrong.contains("4477009") && !wrong.contains("Bob"), "{wrong}");
    session.file("log.csv", "time_s,+447700900123\n1,x\n");
    let warned = session.run("check replay.toml").with(0).err;
    assert!(warned.contains("column left out: 1 without a plain name"), "{warned}");
    assert!(!warned.contains("4477009"), "{warned}");
    session.file("log.csv", "time_s,carier\n1,northwind\n");
    assert!(session.run("check replay.toml").with(2).err.contains("did you mean `carrier`?"));
    session.file("log.csv", "time_s\n2026-01-31T09:00:00Z\n1769850000\n");
    let mixed = session.run("check replay.toml").with(2).err;
    assert!(mixed.contains("log.csv:3:1") && mixed.contains("as before it"), "{mixed}");
}

/// The fixture of a format, as the log of a session.
fn fixture(name: &str) -> Session {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logs");
    let session = Session::new(&format!("log-{name}"));
    session.file("replay.toml", LOGGED);
    std::fs::copy(folder.join(name), session.folder.join("log.csv")).unwrap();
    session
}

#[test]
fn logs_of_providers_are_demand() {
    for (name, times, said) in [
        ("twilio-api.json", &[0.0, 2.0, 9.0, 12.0][..], "a log (Twilio API JSON) of 4 requests"),
        ("twilio-bulk.json.gz", &[0.0, 2.0], "a log (Twilio bulk export) of 2 requests"),
        (
            "twilio-console.csv",
            &[0.0, 7.0, 90.0],
            "rows left out: 1 because the message came in, the first in line 6",
        ),
        (
            "kannel-access.log",
            &[0.0, 1.0, 2.0, 39.0, 40.0],
            "its times taken as UTC; rows left out: 1 because the message came in, the first in line 5",
        ),
        (
            "vonage-reports.csv",
            &[0.0, 1.0, 3.0],
            "its carriers are left out, for none is one of the scenario's: northwind-uk, acme-mobile",
        ),
    ] {
        let session = fixture(name);
        let (rows, warned) = read(&session, "");
        let read: Vec<f64> = rows.iter().map(|row| row.0).collect();
        assert_eq!(read, times, "{name}");
        assert!(warnings(&warned) == 1 && warned.contains(said), "{name}: {warned}");
        assert!(!warned.contains("7700") && !warned.contains("Your code"), "{name}: {warned}");
    }
}

#[test]
fn a_log_of_each_format_is_a_trace() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logs");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "plain.csv" {
            // A table with common names is a trace itself, in which no time may be wrong.
            continue;
        }
        let session = fixture(name);
        session.file("replay.toml", &format!("{LOGGED}[[carrier]]\nname = \"acme\"\n"));
        let inputs = [(name.to_owned(), std::fs::File::open(&path))];
        let mut requests = 0;
        let options = smschain::logs::Options::default();
        let mut count = |row: &smschain::logs::Row<'_>| {
            // Receipts alone don't say when a message was asked for, and that is said.
            requests += usize::from(row.submitted.or(row.sent).is_some());
        };
        smschain::logs::read(inputs, &options, &mut count).unwrap();
        let (rows, warned) = read(&session, "");
        assert_eq!(rows.len(), requests, "{name}");
        assert!(requests > 0 || warned.contains("nothing says when"), "{name}: {warned}");
    }
}

#[test]
fn a_log_s_carriers_are_those_of_the_scenario() {
    let session = fixture("messagebird.json");
    let error = session.run("run replay.toml --no-files").with(2).err;
    assert!(error.contains("there is no carrier `acme`"), "{error}");
    session.file("replay.toml", &format!("{LOGGED}[[carrier]]\nname = \"acme\"\n"));
    let json = "run replay.toml --format json --messages out.csv -o out";
    session.run(json).with(0);
    let list = session.read("out.csv");
    let carriers = list.lines().skip(1).filter(|row| row.contains(",acme,")).count();
    assert!(list.lines().count() == 4 && carriers >= 1, "{list}");
    // What goes with the results has no body and no number.
    let copy = session.read("out/data/log.csv");
    assert!(copy.contains("ACME,northwind,19,false,r1") && !copy.contains("7700"), "{copy}");
    assert!(!copy.contains("Your code"));
}
